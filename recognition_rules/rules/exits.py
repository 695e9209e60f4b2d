"""Exit awards on the way, and what they debit."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead


@dataclass(frozen=True, slots=True)
class Exit:
    """One [[exit]] of a pack."""

    head: RuleHead


def read_exits(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[Exit, ...]:  # noqa: ARG001
    """The [[exit]] tables; raises `PackInvalid`."""
    for node in nodes:
        raise node.fail("[[exit]] is not carried out by this version.", code="not_carried_out")
    return ()
