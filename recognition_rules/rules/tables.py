"""Decision tables: columns that are looked up, columns that are answered, one row for each question."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """One [[table]] of a pack."""

    head: RuleHead


def read_tables(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[DecisionTable, ...]:  # noqa: ARG001
    """The [[table]] tables; raises `PackInvalid`."""
    for node in nodes:
        raise node.fail("[[table]] is not carried out by this version.", code="not_carried_out")
    return ()
