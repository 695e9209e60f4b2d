"""What the packs of tables and of issuance rules have in common: an id, a version, and the sources they cite."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from recognition_rules.credits import is_id
from recognition_rules.reading.pack_reader import Node

STANDINGS = ("confirmed", "weak", "memory", "policy", "example")
"""How well a source was checked; `example` is data that was made up to show how the rules work."""


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_HasId)


@dataclass(frozen=True, slots=True)
class Cited:
    """A source that terms may name: its title, and how well it was checked (one of `STANDINGS`)."""

    id: str
    title: str
    standing: str


def read_cited(root: Node) -> dict[str, Cited]:
    """The `[[reference]]` tables of a pack."""
    found = []
    for node in root.children("reference"):
        found.append((node, Cited(node.text("id"), node.text("title"), node.choice("standing", STANDINGS))))
        node.done()
    return by_id(found)


def by_id(read: Sequence[tuple[Node, T]]) -> dict[str, T]:
    """Things by their ids; raises `PackInvalid` (`duplicate_id`) at the second of two with one id."""
    found: dict[str, T] = {}
    for node, thing in read:
        if thing.id in found:
            raise node.fail(f"'{thing.id}' is there twice.", "id", "duplicate_id")
        found[thing.id] = thing
    return found


def read_id(node: Node) -> str:
    """An id: lower-case words and single hyphens."""
    found = node.text("id")
    if not is_id(found):
        raise node.fail("'id' must be lower-case letters, digits and single hyphens, beginning with a letter.", "id")
    return found
