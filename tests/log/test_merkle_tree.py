"""The tree against the recursion that RFC 6962 writes down."""

import itertools
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creditbank.log.errors import MalformedLeaf, MalformedTree
from creditbank.log.leaf import Opening, commitment
from creditbank.log.tree import EMPTY_ROOT, Frontier, leaf_hash, node_hash

LEAVES = [leaf_hash(number.to_bytes(2)) for number in range(1_200)]


def naive_root(hashes: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"").digest()
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(naive_root(hashes[:split]), naive_root(hashes[split:]))


def test_the_empty_tree_and_one_leaf_have_the_roots_of_the_published_vectors() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert Frontier().root() == EMPTY_ROOT


def test_the_frontier_has_the_naive_root_at_every_size_to_600() -> None:
    frontier = Frontier()
    for size in range(1, 601):
        frontier, _ = frontier.append([LEAVES[size - 1]])
        assert (frontier.size, frontier.root()) == (size, naive_root(LEAVES[:size]))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1200), st.integers(0, 1200), st.integers(0, 1200))
def test_appending_in_any_batches_gives_one_tree(first: int, second: int, third: int) -> None:
    cuts = sorted([first, second, third])
    frontier, completed = Frontier().append(LEAVES[: cuts[0]])
    for start, end in itertools.pairwise(cuts):
        frontier, more = frontier.append(LEAVES[start:end])
        completed += more
    assert (frontier, completed) == Frontier().append(LEAVES[: cuts[-1]])


def test_completed_subtrees_are_the_tiles_above_level_0() -> None:
    leaves = [leaf_hash(number.to_bytes(3)) for number in range(66_000)]
    _, completed = Frontier().append(leaves)
    assert [(s.level, s.position) for s in completed if s.level == 8] == [(8, n) for n in range(66_000 // 256)]
    assert [(s.level, s.position) for s in completed if s.level != 8] == [(16, 0)]
    by_place = {(s.level, s.position): s.hash for s in completed}
    assert by_place[8, 3] == naive_root(leaves[768:1024])
    assert by_place[16, 0] == naive_root([by_place[8, n] for n in range(256)])


def test_a_frontier_survives_the_store() -> None:
    frontier, _ = Frontier().append(LEAVES[:333])
    assert len(frontier.to_list()) == (333).bit_count()
    assert Frontier.from_list(333, frontier.to_list()) == frontier


@pytest.mark.parametrize(
    ("size", "hashes"), [(1, []), (0, [LEAVES[0]]), (2, LEAVES[:2]), (1, [b"short"]), (-1, []), (2**63, [LEAVES[0]])]
)
def test_a_frontier_that_no_tree_has_is_refused(size: int, hashes: list[bytes]) -> None:
    with pytest.raises(MalformedTree) as refusal:
        Frontier.from_list(size, hashes)
    assert refusal.value.code == "malformed_tree"


def test_a_leaf_commits_to_version_salt_and_entry() -> None:
    salt = bytes(range(16))
    opening = Opening(salt, b'{"entry":1}')
    assert opening.commitment() == sha256(b"\x01" + salt + b'{"entry":1}').digest()
    assert opening.leaf_hash() == sha256(b"\x00" + opening.commitment()).digest()
    others = [Opening(bytes(16), opening.entry), Opening(salt, b'{"entry":2}')]
    assert len({opening.commitment(), *(o.commitment() for o in others)}) == 3


@pytest.mark.parametrize(
    ("version", "salt"), [(0, bytes(16)), (2, bytes(16)), (1, bytes(15)), (1, bytes(17)), (1, b"")]
)
def test_a_leaf_of_unknown_version_or_with_another_salt_is_refused(version: int, salt: bytes) -> None:
    with pytest.raises(MalformedLeaf):
        commitment(version, salt, b"entry")
    with pytest.raises(MalformedLeaf):
        Opening(salt, b"entry", version)


def test_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)
