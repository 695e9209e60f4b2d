"""Levels of one certificate, of which the higher supersedes the lower: primary, intermediate, advanced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recognition_rules.award import Award
from recognition_rules.conditions.attributes import FACT
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead, read_head


@dataclass(frozen=True, slots=True)
class CertificateLadder:
    """One [[certificate_ladder]]: awards with the same fact `same` are one certificate, its rung is the fact `level`.

    `order` lists the rungs, the lowest first. Of one certificate the highest rung stands, the lower ones do not count.
    """

    head: RuleHead
    same: str
    level: str
    order: tuple[str, ...]

    def rung(self, award: Award) -> tuple[str, int] | None:
        """Which certificate the award is, and how high; None where it does not stand on this ladder."""
        name, level = award.facts.get(self.same), award.facts.get(self.level)
        if name is None or level not in self.order:
            return None
        return str(name), self.order.index(str(level))


def at_least_on(ladder: CertificateLadder, rung: str) -> tuple[str, ...]:
    """The rung and those above it."""
    return ladder.order[ladder.order.index(rung) :]


def read_ladders(nodes: Sequence[Node], vocabulary: Vocabulary) -> Mapping[str, CertificateLadder]:
    """The [[certificate_ladder]] tables by id; raises `PackInvalid`."""
    ladders: dict[str, CertificateLadder] = {}
    for node in nodes:
        ladder = _ladder(node, vocabulary)
        if ladder.head.id in ladders:
            raise node.fail(f"'{ladder.head.id}' is there twice.", "id", "duplicate_id")
        ladders[ladder.head.id] = ladder
    return ladders


def _ladder(node: Node, vocabulary: Vocabulary) -> CertificateLadder:
    ladder = CertificateLadder(
        head=read_head(node, vocabulary.references),
        same=_fact(node, "same"),
        level=_fact(node, "level"),
        order=node.words("order"),
    )
    if len(ladder.order) < 2 or len(set(ladder.order)) != len(ladder.order):
        raise node.fail("A ladder lists at least two levels, the lowest first, each once.", "order")
    node.done()
    return ladder


def _fact(node: Node, key: str) -> str:
    """The name of a fact, which may be written as elsewhere: `fact:certificate`."""
    return node.text(key).removeprefix(FACT)
