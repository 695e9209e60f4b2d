"""What a counted award carries: its grade, and what it stays out of."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.compound import read_filter
from recognition_rules.conditions.targets import EXCLUSIONS
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead, read_head


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """One [[outcome]] of a pack: the grade recorded for the awards `where` holds for, and what they stay out of."""

    head: RuleHead
    where: Condition
    grade: str | None
    without_grade: bool
    excluded_from: tuple[str, ...]


def read_outcomes(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[OutcomeRule, ...]:
    """The [[outcome]] tables; raises `PackInvalid`."""
    return tuple(_outcome(node, vocabulary) for node in nodes)


def _outcome(node: Node, vocabulary: Vocabulary) -> OutcomeRule:
    rule = OutcomeRule(
        head=read_head(node, vocabulary.references),
        where=read_filter(node, vocabulary),
        grade=node.text_or_none("grade"),
        without_grade=node.flag("without_grade", default=False),
        excluded_from=node.words("excluded_from", EXCLUSIONS) if node.has("excluded_from") else (),
    )
    if rule.grade is not None and rule.without_grade:
        raise node.fail("Give a grade or without_grade = true, not both.", "without_grade")
    if rule.grade is None and not rule.without_grade and not rule.excluded_from:
        raise node.fail("An outcome says something: a grade, without_grade = true, or excluded_from.")
    node.raw("excluded_from")
    node.done()
    return rule
