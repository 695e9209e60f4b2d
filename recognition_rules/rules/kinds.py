"""Kinds of recognition: credit, credit on condition of an examination, a waiver that owes other credits."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead


@dataclass(frozen=True, slots=True)
class Kind:
    """One [[kind]] of a pack."""

    head: RuleHead


def read_kinds(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[Kind, ...]:  # noqa: ARG001
    """The [[kind]] tables; raises `PackInvalid`."""
    for node in nodes:
        raise node.fail("[[kind]] is not carried out by this version.", code="not_carried_out")
    return ()
