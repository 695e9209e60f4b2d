"""Minimum grants: what must be given at least, and which rules that beats."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.compound import read_filter
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead, read_head


@dataclass(frozen=True, slots=True)
class Floor:
    """One [[floor]] of a pack: the awards `where` holds for are worth `at_least` so many credits (None: what they
    are), and the rules `beats` do not apply to them. With `fact` each award
    names its own minimum in that fact. Duplicates are never beaten."""

    head: RuleHead
    where: Condition
    at_least: Fraction | None
    beats: frozenset[str]
    fact: str | None = None


def read_floors(nodes: Sequence[Node], vocabulary: Vocabulary, beatable: Collection[str]) -> tuple[Floor, ...]:
    """The [[floor]] tables; `beatable` are the ids of gates and limits. Raises `PackInvalid`."""
    return tuple(_floor(node, vocabulary, beatable) for node in nodes)


def _floor(node: Node, vocabulary: Vocabulary, beatable: Collection[str]) -> Floor:
    beats = node.words("beats") if node.has("beats") else ()
    for index, rule in enumerate(beats):
        if rule not in beatable:
            problem = f"'{rule}' is no [[eligibility]] or [[limit]] of this pack: a minimum grant beats nothing else."
            raise node.source.invalid((*node.path, "beats", index), problem)
    fact = _fact(node)
    floor = Floor(
        head=read_head(node, vocabulary.references, value="amount"),
        where=read_filter(node, vocabulary, peers=False),
        at_least=None if fact or not node.has("at_least") else node.number("at_least"),
        beats=frozenset(beats),
        fact=fact,
    )
    node.raw("at_least")
    node.raw("beats")
    if floor.at_least is None and fact is None and not beats and all(terms.value is None for terms in floor.head.terms):
        raise node.fail("A minimum grant says how much (at_least) or what it beats (beats).")
    node.choice("unless", ("duplicate",), "duplicate")
    node.done()
    return floor


def _fact(node: Node) -> str | None:
    """`at_least = { fact = "listed_minimum" }`: every award says its own minimum, such as that of an official list."""
    if not isinstance(node.raw("at_least"), dict):
        return None
    child = node.child("at_least")
    name = child.text("fact")
    child.done()
    return name
