"""Awards that add up only with their like: of a set only those that agree in one thing count."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.attributes import read_attribute
from recognition_rules.conditions.compound import read_filter
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead, read_head

Keep = Literal["first", "largest", "chosen"]


@dataclass(frozen=True, slots=True)
class Compatibility:
    """One [[compatibility]]: of the eligible awards that `where` holds for only those of one group may count.

    Awards are of one group where they have the same value under `same`. Which group is kept is declared: that of the
    `first` award in the order of the choice; the `largest` in credits, of equal ones the first; or the one `chosen`,
    whose value is the fact `chosen_by` of the learner.
    """

    head: RuleHead
    where: Condition
    same: str
    keep: Keep
    chosen_by: str | None


def read_compatibilities(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[Compatibility, ...]:
    """The [[compatibility]] tables; raises `PackInvalid`."""
    return tuple(_compatibility(node, vocabulary) for node in nodes)


def _compatibility(node: Node, vocabulary: Vocabulary) -> Compatibility:
    kept = node.child_or_none("keep") if isinstance(node.values.get("keep"), dict) else None
    chosen_by = kept.text("learner") if kept else None
    word = "chosen" if kept else node.choice("keep", ("first", "largest"))
    if kept:
        kept.done()
    rule = Compatibility(
        head=read_head(node, vocabulary.references),
        where=read_filter(node, vocabulary, peers=False),
        same=read_attribute(node, "same"),
        keep="chosen" if word == "chosen" else "first" if word == "first" else "largest",
        chosen_by=chosen_by,
    )
    node.done()
    return rule
