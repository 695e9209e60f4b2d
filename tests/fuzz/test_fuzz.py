"""A short form of the fuzz, from fixed seeds; a long one: ./run python -m tests.fuzz --minutes 10."""

import random
from collections import Counter
from typing import Any

import pytest

from credentials.errors import LimitExceeded
from credentials.rdf import Quad
from credentials.rdf_canonicalization import Canonical
from credentials.verify import Verification
from tests.fuzz import datasets, readers
from tests.fuzz.mutations import of_json
from tests.interop.javascript import is_there, needs_node

BY_NAME = {one.name: one for one in readers.all_inputs()}


@pytest.mark.parametrize("first", range(0, 1200, 300))
def test_whatever_is_handed_in_is_answered_and_nothing_is_gained(first: int) -> None:
    counted, found = readers.failures(range(first, first + 300))
    assert found == []
    assert len(counted) >= len(BY_NAME)


@pytest.mark.parametrize("name", BY_NAME)
def test_what_is_made_wrong_was_right(name: str) -> None:
    """Otherwise nothing could be gained, and the fuzz would look away."""
    assert readers.honest(BY_NAME[name])


def test_datasets_have_one_form() -> None:
    counted, found = datasets.disagreements(range(300), ask_javascript=False)
    assert found == []
    assert counted["datasets labelled"] >= 280


@needs_node
def test_rdf_canonize_gives_the_same_forms() -> None:
    counted, found = datasets.disagreements(range(1000, 1200), ask_javascript=is_there())
    assert found == []
    assert counted["datasets compared with rdf-canonize"] >= 170


@pytest.mark.parametrize(
    ("door", "complaint"),
    [
        (lambda data: [{"id": "urn:never:signed"}], "believed what was never signed"),
        (lambda data: {}[data], "KeyError"),
        (lambda data: Verification().check("none"), "Error"),
    ],
    ids=["believes anything", "fails on bytes", "fails on a check"],
)
def test_the_fuzz_bites_at_a_door(door: Any, complaint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = BY_NAME["VC-JWT, W3C"]
    assert readers.complaint(one, one.data, signed=False) is None
    monkeypatch.setitem(readers.DOORS, "credential", door)
    told = readers.complaint(one, one.data, signed=False)
    assert told is not None
    assert complaint in told


def careless(quads: Any, **options: Any) -> Canonical:
    """Labels in the order in which the nodes stand there."""
    blank = list(dict.fromkeys(term for quad in quads for term in quad if term.startswith("_:")))
    labels = {term[2:]: f"c14n{number}" for number, term in enumerate(blank)}
    return Canonical(datasets.relabelled(list(quads), labels), labels)


def test_the_fuzz_bites_at_the_canonical_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "canonicalize", careless)
    _, found = datasets.disagreements(range(50), ask_javascript=False)
    assert len(found) > 25


def test_a_dataset_that_is_too_complex_is_counted_and_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(quads: list[Quad], **options: Any) -> Canonical:
        raise LimitExceeded("too_complex", limit=0, unit="steps")

    monkeypatch.setattr(datasets, "canonicalize", refuse)
    counted, found = datasets.disagreements(range(10), ask_javascript=False)
    assert (counted, found) == (Counter({"datasets refused": 10, "datasets labelled": 0}), [])


def test_the_same_seed_gives_the_same_input() -> None:
    document = {"id": "urn:x", "list": [1, {"a": "b"}], "c": {"d": ["e"]}}
    for seed in range(50):
        assert of_json(random.Random(seed), document) is not None
        assert repr(of_json(random.Random(seed), document)) == repr(of_json(random.Random(seed), document))
        assert datasets.Datasets(seed).dataset() == datasets.Datasets(seed).dataset()
