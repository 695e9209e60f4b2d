"""Which authority may depart from which rule, in which direction, within which bounds."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead


@dataclass(frozen=True, slots=True)
class Override:
    """One [[override]] of a pack."""

    head: RuleHead


def read_authority(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[Override, ...]:  # noqa: ARG001
    """The [[override]] tables; raises `PackInvalid`."""
    for node in nodes:
        raise node.fail("[[override]] is not carried out by this version.", code="not_carried_out")
    return ()
