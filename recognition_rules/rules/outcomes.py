"""What a counted award carries: its grade, and what it stays out of."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """One [[outcome]] of a pack."""

    head: RuleHead


def read_outcomes(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[OutcomeRule, ...]:  # noqa: ARG001
    """The [[outcome]] tables; raises `PackInvalid`."""
    for node in nodes:
        raise node.fail("[[outcome]] is not carried out by this version.", code="not_carried_out")
    return ()
