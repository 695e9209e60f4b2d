"""Courses of the target programme, for which awards may stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead


@dataclass(frozen=True, slots=True)
class Course:
    """One [[course]] of a pack."""

    head: RuleHead


def read_courses(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[Course, ...]:  # noqa: ARG001
    """The [[course]] tables; raises `PackInvalid`."""
    for node in nodes:
        raise node.fail("[[course]] is not carried out by this version.", code="not_carried_out")
    return ()
