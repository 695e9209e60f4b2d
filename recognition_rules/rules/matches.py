"""Articulations: which awards stand together for which courses of the target, and what is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead


@dataclass(frozen=True, slots=True)
class Match:
    """One [[match]] of a pack."""

    head: RuleHead


def read_matches(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[Match, ...]:  # noqa: ARG001
    """The [[match]] tables; raises `PackInvalid`."""
    for node in nodes:
        raise node.fail("[[match]] is not carried out by this version.", code="not_carried_out")
    return ()
