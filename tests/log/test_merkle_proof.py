"""Proofs: planned, fetched from what a store keeps, assembled, and checked; and the published vectors."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creditbank.log.errors import ConsistencyProofInvalid, InclusionProofInvalid, MalformedTree, MissingHash
from creditbank.log.proof import (
    Plan,
    Span,
    assemble,
    assemble_all,
    plan_consistency,
    plan_frontier,
    plan_inclusion,
    spans,
    verify_consistency,
    verify_inclusion,
)
from creditbank.log.tree import Frontier, leaf_hash, node_hash

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "merkle"


class StoredLog:
    """A log as the database keeps it: leaf hashes, every 256th level's hashes, the root at each size."""

    def __init__(self, size: int) -> None:
        self.hashes: dict[tuple[int, int], bytes] = {}
        self.roots = [Frontier().root()]
        frontier = Frontier()
        for index in range(size):
            self.hashes[0, index] = leaf_hash(index.to_bytes(3))
            frontier, completed = frontier.append([self.hashes[0, index]])
            self.hashes |= {(s.level, s.position): s.hash for s in completed}
            self.roots.append(frontier.root())

    def fetch(self, wanted: tuple[Span, ...]) -> dict[tuple[int, int], bytes]:
        """What one query a span would give, no more; a hash that is not there yet is an error."""
        return {(level, at): self.hashes[level, at] for level, start, end in wanted for at in range(start, end)}

    def prove(self, plan: Plan) -> list[bytes]:
        return assemble(plan, self.fetch(plan.spans))


LOG = StoredLog(1_400)


def naive_root(begin: int, end: int) -> bytes:
    if end - begin == 1:
        return LOG.hashes[0, begin]
    split = 1
    while split * 2 < end - begin:
        split *= 2
    return node_hash(naive_root(begin, begin + split), naive_root(begin + split, end))


def naive_path(index: int, begin: int, end: int) -> list[bytes]:
    """RFC 6962 section 2.1.1, PATH(m, D[n])."""
    if end - begin == 1:
        return []
    split = 1
    while split * 2 < end - begin:
        split *= 2
    if index < begin + split:
        return [*naive_path(index, begin, begin + split), naive_root(begin + split, end)]
    return [*naive_path(index, begin + split, end), naive_root(begin, begin + split)]


def naive_subproof(older: int, begin: int, end: int, *, known: bool) -> list[bytes]:
    """RFC 6962 section 2.1.2, SUBPROOF(m, D[n], b)."""
    if older == end:
        return [] if known else [naive_root(begin, end)]
    split = 1
    while split * 2 < end - begin:
        split *= 2
    if older <= begin + split:
        return [*naive_subproof(older, begin, begin + split, known=known), naive_root(begin + split, end)]
    return [*naive_subproof(older, begin + split, end, known=False), naive_root(begin, begin + split)]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_planned_inclusion_proof_is_the_naive_one_and_holds(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 600))
    index = data.draw(st.integers(0, size - 1))
    proof = LOG.prove(plan_inclusion(index, size))
    assert proof == naive_path(index, 0, size)
    verify_inclusion(index, size, LOG.hashes[0, index], proof, LOG.roots[size])


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_planned_consistency_proof_is_the_naive_one_and_holds(data: st.DataObject) -> None:
    newer = data.draw(st.integers(1, 600))
    older = data.draw(st.integers(1, newer))
    proof = LOG.prove(plan_consistency(older, newer))
    assert proof == naive_subproof(older, 0, newer, known=True)
    verify_consistency(older, newer, LOG.roots[older], LOG.roots[newer], proof)


def test_every_leaf_and_every_pair_of_sizes_to_40_is_proved() -> None:
    for size in range(1, 41):
        for other in range(size):
            path = LOG.prove(plan_inclusion(other, size))
            verify_inclusion(other, size, LOG.hashes[0, other], path, LOG.roots[size])
            proof = LOG.prove(plan_consistency(other + 1, size))
            verify_consistency(other + 1, size, LOG.roots[other + 1], LOG.roots[size], proof)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 513, 1_023, 1_024, 1_025, 1_399, 1_400])
def test_proofs_hold_across_tile_borders(size: int) -> None:
    for index in {0, size // 2, size - 1, min(255, size - 1), min(256, size - 1)}:
        path = LOG.prove(plan_inclusion(index, size))
        verify_inclusion(index, size, LOG.hashes[0, index], path, LOG.roots[size])
        proof = LOG.prove(plan_consistency(index + 1, size))
        verify_consistency(index + 1, size, LOG.roots[index + 1], LOG.roots[size], proof)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1_400))
def test_the_frontier_of_any_older_tree_comes_back_from_the_store(size: int) -> None:
    assert Frontier.from_list(size, LOG.prove(plan_frontier(size))).root() == LOG.roots[size]


def test_a_plan_asks_for_few_short_ranges_at_stored_levels() -> None:
    wanted = plan_inclusion(70_000, 100_000_000_000).spans
    assert all(span.level % 8 == 0 and span.start < span.end for span in wanted)
    assert len(wanted) <= 12
    assert sum(span.end - span.start for span in wanted) <= 256 * 2 * 5


def test_plans_of_one_group_share_their_ranges_and_hashes() -> None:
    plans = [plan_inclusion(index, 1_400) for index in range(1_336, 1_400)]
    together = spans(plans)
    assert together == tuple(sorted(together))
    assert len(together) < 6
    proofs = assemble_all(plans, LOG.fetch(together))
    assert proofs == [LOG.prove(plan) for plan in plans]


def test_a_hash_that_was_not_fetched_is_named() -> None:
    plan = plan_inclusion(3, 1_400)
    fetched = LOG.fetch(plan.spans)
    del fetched[8, 2]
    with pytest.raises(MissingHash) as refusal:
        assemble(plan, fetched)
    assert (refusal.value.code, dict(refusal.value.facts)) == ("missing_hash", {"level": 8, "position": 2})


@pytest.mark.parametrize("bad", [(-1, 5), (5, 5), (0, 0), (0, 2**63)])
def test_there_is_no_inclusion_plan_outside_the_tree(bad: tuple[int, int]) -> None:
    with pytest.raises(MalformedTree):
        plan_inclusion(*bad)


@pytest.mark.parametrize("bad", [(0, 5), (6, 5), (-1, 5), (1, 2**63)])
def test_there_is_no_consistency_plan_from_the_empty_or_a_larger_tree(bad: tuple[int, int]) -> None:
    with pytest.raises(MalformedTree):
        plan_consistency(*bad)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 599), st.integers(0, 10_000), st.integers(0, 255))
def test_any_flipped_bit_in_a_proof_is_found(index: int, which: int, bit: int) -> None:
    proof = LOG.prove(plan_inclusion(index, 600))
    at = which % len(proof)
    flipped = int.from_bytes(proof[at]) ^ (1 << bit)
    forged = [*proof[:at], flipped.to_bytes(32), *proof[at + 1 :]]
    with pytest.raises(InclusionProofInvalid):
        verify_inclusion(index, 600, LOG.hashes[0, index], forged, LOG.roots[600])


def test_hashes_cut_at_another_place_are_refused() -> None:
    left, right = LOG.hashes[0, 0], LOG.hashes[0, 1]
    root = node_hash(left, right)
    verify_inclusion(0, 2, left, [right], root)
    with pytest.raises(InclusionProofInvalid):
        verify_inclusion(0, 2, left + right[:1], [right[1:]], root)


def vectors(kind: str) -> list[Any]:
    files = sorted((VECTORS / kind).rglob("*.json"))
    if not files:
        reason = f"the published Merkle vectors are not at {VECTORS / kind}"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason))]
    return [pytest.param(json.loads(f.read_text()), id=f.relative_to(VECTORS).as_posix()) for f in files]


def decoded(vector: dict[str, Any], *names: str) -> list[bytes]:
    return [b64decode(vector[name] or "") for name in names]


def proof_of(vector: dict[str, Any]) -> list[bytes]:
    return [b64decode(text or "") for text in vector["proof"] or []]


@pytest.mark.parametrize("vector", vectors("inclusion"))
def test_inclusion_vectors_of_transparency_dev(vector: dict[str, Any]) -> None:
    leaf, root = decoded(vector, "leafHash", "root")
    arguments = (vector["leafIdx"], vector["treeSize"], leaf, proof_of(vector), root)
    if not vector["wantErr"]:
        verify_inclusion(*arguments)
        return
    with pytest.raises(InclusionProofInvalid):
        verify_inclusion(*arguments)


@pytest.mark.parametrize("vector", vectors("consistency"))
def test_consistency_vectors_of_transparency_dev(vector: dict[str, Any]) -> None:
    older, newer = decoded(vector, "root1", "root2")
    arguments = (vector["size1"], vector["size2"], older, newer, proof_of(vector))
    if not vector["wantErr"]:
        verify_consistency(*arguments)
        return
    with pytest.raises(ConsistencyProofInvalid):
        verify_consistency(*arguments)
