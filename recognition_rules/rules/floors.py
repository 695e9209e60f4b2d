"""Minimum grants: what must be given at least, and which rules that beats."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead


@dataclass(frozen=True, slots=True)
class Floor:
    """One [[floor]] of a pack."""

    head: RuleHead


def read_floors(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[Floor, ...]:  # noqa: ARG001
    """The [[floor]] tables; raises `PackInvalid`."""
    for node in nodes:
        raise node.fail("[[floor]] is not carried out by this version.", code="not_carried_out")
    return ()
