"""Rounding of what a bucket or the whole comes to; never fed back into the awards."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead


@dataclass(frozen=True, slots=True)
class RoundingRule:
    """One [[rounding]] of a pack."""

    head: RuleHead


def read_roundings(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[RoundingRule, ...]:  # noqa: ARG001
    """The [[rounding]] tables; raises `PackInvalid`."""
    for node in nodes:
        raise node.fail("[[rounding]] is not carried out by this version.", code="not_carried_out")
    return ()
