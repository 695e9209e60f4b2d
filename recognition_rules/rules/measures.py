"""Sums over counted credits that are no credits: points, grade averages."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead


@dataclass(frozen=True, slots=True)
class WeightedSum:
    """One [[measure]] of a pack."""

    head: RuleHead


def read_measures(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[WeightedSum, ...]:  # noqa: ARG001
    """The [[measure]] tables; raises `PackInvalid`."""
    for node in nodes:
        raise node.fail("[[measure]] is not carried out by this version.", code="not_carried_out")
    return ()
