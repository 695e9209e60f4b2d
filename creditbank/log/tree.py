"""RFC 6962 section 2.1: the Merkle tree's hashes, and its right edge as an immutable value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from creditbank.log.errors import MalformedTree

HASH_SIZE = 32
"""Bytes of a SHA-256 hash."""
TILE_HEIGHT = 8
"""Levels between two stored levels of the tree (C2SP tlog-tiles): 0, 8, 16, …"""
MAX_SIZE = 2**63 - 1
"""Leaves a tree may hold: the largest that the database's BIGINT can count."""
EMPTY_ROOT = sha256(b"").digest()
"""MTH of the empty tree."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf's data, 32 bytes: SHA-256(0x00 ‖ data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node, 32 bytes: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over adjacent complete subtrees, given left to right and each smaller than the one before."""
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


@dataclass(frozen=True, slots=True)
class Subtree:
    """A complete subtree over the leaves `[position << level, (position + 1) << level)`, and its hash."""

    level: int
    position: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Frontier:
    """The tree's right edge: its size, and the hashes of its maximal complete subtrees, largest (left) first.

    It is all that appending and the root need, and it has one hash for each 1 bit of the size.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no tree has; errors: `malformed_tree`."""
        if not 0 <= self.size <= MAX_SIZE:
            raise MalformedTree(reason="the size is out of range")
        if len(self.hashes) != self.size.bit_count() or any(len(h) != HASH_SIZE for h in self.hashes):
            raise MalformedTree(reason="the frontier's hashes do not fit its size")

    @classmethod
    def from_list(cls, size: int, hashes: Iterable[bytes]) -> Self:
        """The frontier as a store keeps it, read back; errors: `malformed_tree`."""
        return cls(size, tuple(bytes(h) for h in hashes))

    def to_list(self) -> list[bytes]:
        """The hashes as a store keeps them, beside the size."""
        return list(self.hashes)

    def root(self) -> bytes:
        """The Merkle tree hash over all leaves, 32 bytes."""
        return fold(self.hashes) if self.hashes else EMPTY_ROOT

    def append(self, leaf_hashes: Iterable[bytes]) -> tuple["Frontier", tuple[Subtree, ...]]:
        """The frontier after these leaf hashes, in order, and what a store keeps besides the leaves.

        The second value holds every subtree completed on the way at a level of 8, 16, 24, …: the hashes of the
        C2SP tiles above level 0.
        """
        edge, size, completed = list(self.hashes), self.size, list[Subtree]()
        for leaf in leaf_hashes:
            completed.extend(_push(edge, size, leaf))
            size += 1
        return Frontier(size, tuple(edge)), tuple(completed)


def _push(edge: list[bytes], index: int, leaf: bytes) -> list[Subtree]:
    """Put leaf number `index` on the edge, merge equals as a binary counter does, tell the stored levels."""
    completed, node, level = list[Subtree](), leaf, 0
    while index >> level & 1:
        node, level = node_hash(edge.pop(), node), level + 1
        if level % TILE_HEIGHT == 0:
            completed.append(Subtree(level, index >> level, node))
    edge.append(node)
    return completed
