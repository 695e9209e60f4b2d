"""Exit awards on the way: a certificate after a year, a diploma after two; each with requirements of its own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recognition_rules.programme import Group
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.requirement_tree import read_tree
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead, read_head


@dataclass(frozen=True, slots=True)
class Exit:
    """An award that a learner may leave with: its `total` is what `exit_award.total` refers to.

    Where it is the one sought, `require` takes the place of the programme's requirements.
    """

    head: RuleHead
    total: Fraction
    require: Group


def read_exits(nodes: Sequence[Node], vocabulary: Vocabulary, programmes: Collection[str]) -> tuple[Exit, ...]:
    """The [[exit]] tables, in the order of the pack; none is called like a programme. Raises `PackInvalid`."""
    exits = tuple(_exit(node, vocabulary) for node in nodes)
    for node, found in zip(nodes, exits, strict=True):
        if found.head.id in programmes:
            problem = f"'{found.head.id}' is a programme: who asks for it could not say which is meant."
            raise node.fail(problem, "id", "duplicate_id")
    return exits


def _exit(node: Node, vocabulary: Vocabulary) -> Exit:
    total = node.number("total")
    head = read_head(node, vocabulary.references)
    parts = {"exit_award.total": total}
    tree = read_tree(node.child("require"), vocabulary, parts)
    node.done()
    return Exit(head, total, tree)
