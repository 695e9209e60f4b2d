"""How long a credit may be used: the earliest of several ends, seen from the target."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead


@dataclass(frozen=True, slots=True)
class Validity:
    """One [[validity]] of a pack."""

    head: RuleHead


def read_validity(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[Validity, ...]:  # noqa: ARG001
    """The [[validity]] tables; raises `PackInvalid`."""
    for node in nodes:
        raise node.fail("[[validity]] is not carried out by this version.", code="not_carried_out")
    return ()
