"""Merkle proofs, planned purely: which stored hashes a proof needs, how they make it, and whether it holds.

Stored are the leaf hashes (level 0) and the complete subtrees at levels 8, 16, 24, …; a plan asks for ranges of
those and nothing else, so the caller fetches them in one query a level and the mathematics never sees a database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from creditbank.log.errors import ConsistencyProofInvalid, InclusionProofInvalid, MalformedTree, MissingHash
from creditbank.log.tree import HASH_SIZE, MAX_SIZE, TILE_HEIGHT, fold, node_hash


class Node(NamedTuple):
    """The place of a complete subtree: it covers the leaves `[position << level, (position + 1) << level)`."""

    level: int
    position: int


class Span(NamedTuple):
    """Stored hashes that a plan needs: those at `level` (0, 8, 16, …) with `start <= position < end`."""

    level: int
    start: int
    end: int


Range = tuple[int, int]
"""Leaves from the first number up to, and without, the second."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The proof's hashes in order, each as the complete subtrees, left to right, that it folds from."""

    elements: tuple[tuple[Node, ...], ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """The stored ranges to fetch: sorted by level and start, disjoint, neighbours joined."""
        return spans([self])


def plan_inclusion(index: int, size: int) -> Plan:
    """The audit path of leaf `index` in the tree of `size` leaves (RFC 6962 section 2.1.1), leaf's sibling first.

    Errors: `malformed_tree` unless 0 <= index < size.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise MalformedTree(reason="the leaf is not in the tree")
    begin, end, siblings = 0, size, list[Range]()
    while end - begin > 1:
        middle = _middle(begin, end)
        left, right = (begin, middle), (middle, end)
        (begin, end), sibling = (left, right) if index < middle else (right, left)
        siblings.append(sibling)
    return _plan(reversed(siblings))


def plan_consistency(older: int, newer: int) -> Plan:
    """The proof that the tree of `newer` leaves extends that of `older` (RFC 6962 section 2.1.2).

    Errors: `malformed_tree` unless 0 < older <= newer.
    """
    if not 0 < older <= newer <= MAX_SIZE:
        raise MalformedTree(reason="the older tree is empty or the larger")
    begin, end, ranges = 0, newer, list[Range]()
    while older != end:
        middle = _middle(begin, end)
        left, right = (begin, middle), (middle, end)
        (begin, end), sibling = (left, right) if older <= middle else (right, left)
        ranges.append(sibling)
    known = [(begin, end)] if begin else []  # a verifier who went left all the way has this hash: the older root
    return _plan([*known, *reversed(ranges)])


def plan_frontier(size: int) -> Plan:
    """The hashes of `Frontier` at `size`, for an audit, or for the root of an older tree.

    Errors: `malformed_tree` for a size out of range.
    """
    if not 0 <= size <= MAX_SIZE:
        raise MalformedTree(reason="the size is out of range")
    return Plan(tuple((node,) for node in _cover(0, size)))


def spans(plans: Iterable[Plan]) -> tuple[Span, ...]:
    """The stored ranges that several plans need together: sorted, disjoint, neighbours joined."""
    joined = list[Span]()
    for span in sorted({_stored(node) for plan in plans for element in plan.elements for node in element}):
        if joined and joined[-1].level == span.level and span.start <= joined[-1].end:
            last = joined.pop()
            span = Span(last.level, last.start, max(last.end, span.end))
        joined.append(span)
    return tuple(joined)


def assemble(plan: Plan, fetched: Mapping[tuple[int, int], bytes]) -> list[bytes]:
    """The proof's hashes from the stored ones, keyed by (level, position); level 0 holds RFC 6962 leaf hashes.

    Errors: `missing_hash`.
    """
    return assemble_all([plan], fetched)[0]


def assemble_all(plans: Iterable[Plan], fetched: Mapping[tuple[int, int], bytes]) -> list[list[bytes]]:
    """The proofs of many plans; inner nodes that they share are hashed once. Errors: `missing_hash`."""
    known = dict(fetched)
    return [[fold([_hash_at(n, known) for n in element]) for element in plan.elements] for plan in plans]


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raise `inclusion_proof_invalid` unless the leaf hash is number `index` under `root` (RFC 9162 2.1.3.2)."""
    try:
        computed = _climb(index, size, leaf, proof)
    except ValueError as error:
        raise InclusionProofInvalid(index=index, size=size, reason=str(error)) from None
    if computed != root:
        raise InclusionProofInvalid(index=index, size=size, reason="it leads to another root")


def verify_consistency(older: int, newer: int, older_root: bytes, newer_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise `consistency_proof_invalid` unless `newer_root` extends `older_root` (RFC 9162 2.1.4.2).

    An older size of zero is refused: every tree extends the empty one, so that a proof would say nothing.
    """
    try:
        computed = _climb_twice(older, newer, older_root, proof)
    except ValueError as error:
        raise ConsistencyProofInvalid(older=older, newer=newer, reason=str(error)) from None
    if computed != (older_root, newer_root):
        raise ConsistencyProofInvalid(older=older, newer=newer, reason="it leads to other roots")


def _middle(begin: int, end: int) -> int:
    """Where RFC 6962 splits a range: after the largest power of two smaller than its length."""
    return begin + (1 << (end - begin - 1).bit_length() - 1)


def _cover(begin: int, end: int) -> tuple[Node, ...]:
    """The maximal complete subtrees of a range that RFC 6962 splits off, left to right, ever smaller."""
    nodes = list[Node]()
    while begin < end:
        level = (end - begin).bit_length() - 1
        nodes.append(Node(level, begin >> level))
        begin += 1 << level
    return tuple(nodes)


def _plan(ranges: Iterable[Range]) -> Plan:
    return Plan(tuple(_cover(*pair) for pair in ranges))


def _stored(node: Node) -> Span:
    """The hashes at the next stored level below, or at, this node that it folds from."""
    above = node.level % TILE_HEIGHT
    return Span(node.level - above, node.position << above, node.position + 1 << above)


def _hash_at(node: Node, known: dict[tuple[int, int], bytes]) -> bytes:
    """The hash of a complete subtree, from the stored hashes below it; remembered for the next proof."""
    if (found := known.get(node)) is not None:
        return found
    if node.level % TILE_HEIGHT == 0:
        raise MissingHash(level=node.level, position=node.position)
    left, right = (Node(node.level - 1, 2 * node.position + side) for side in (0, 1))
    known[node] = node_hash(_hash_at(left, known), _hash_at(right, known))
    return known[node]


def _require_hashes(hashes: Iterable[bytes]) -> None:
    """Hashes of other lengths could be cut and joined into a different pair."""
    if any(len(h) != HASH_SIZE for h in hashes):
        raise ValueError("a hash is not 32 bytes")


def _climb(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    if not 0 <= index < size <= MAX_SIZE:
        raise ValueError("the leaf is not in the tree")
    _require_hashes([leaf, *proof])
    node, last, computed = index, size - 1, leaf
    for sibling in proof:
        node, last, on_right = _step(node, last)
        computed = node_hash(sibling, computed) if on_right else node_hash(computed, sibling)
    if last:
        raise ValueError("it is too short")
    return computed


def _climb_twice(older: int, newer: int, older_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    if not 0 < older <= newer <= MAX_SIZE:
        raise ValueError("the older tree is empty or the larger")
    if older == newer and proof:
        raise ValueError("trees of one size need no hashes")
    if older == newer:
        return older_root, older_root
    return _climb_edge(older, newer, _seeded(older, older_root, proof))


def _seeded(older: int, older_root: bytes, proof: Sequence[bytes]) -> Sequence[bytes]:
    """The path, begun with the older root where that tree is one complete subtree (the proof leaves it out)."""
    path = [older_root, *proof] if older.bit_count() == 1 else proof
    if not proof:
        raise ValueError("it is empty")
    _require_hashes(path)
    return path


def _climb_edge(older: int, newer: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    shared = (older & -older).bit_length() - 1  # levels of the complete subtree at the older tree's right edge
    node, last = older - 1 >> shared, newer - 1 >> shared
    old, new = path[0], path[0]
    for sibling in path[1:]:
        node, last, on_right = _step(node, last)
        old = node_hash(sibling, old) if on_right else old
        new = node_hash(sibling, new) if on_right else node_hash(new, sibling)
    if last:
        raise ValueError("it is too short")
    return old, new


def _step(node: int, last: int) -> tuple[int, int, bool]:
    """One level up, or several along the right edge where a lone node has no sibling; tells the node's side."""
    if not last:
        raise ValueError("it is too long")
    on_right = bool(node & 1) or node == last
    while on_right and node and not node & 1:
        node, last = node >> 1, last >> 1
    return node >> 1, last >> 1, on_right
