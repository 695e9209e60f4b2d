"""RDFC-1.0 against the W3C's vectors, and where they have gaps (SECURITY P26, P32, P41)."""

import json
import random
import re
import time
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from credentials.errors import LimitExceeded
from credentials.rdf import Quad, iri, literal
from credentials.rdf_canonicalization import canonicalize

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "rdf-canon"
MANIFEST = VECTORS / "manifest.jsonld"
ENTRIES: list[dict[str, Any]] = json.loads(MANIFEST.read_bytes())["entries"] if MANIFEST.is_file() else []
needs_vectors = pytest.mark.skipif(
    not ENTRIES, reason="the RDFC-1.0 vectors are not beside the project (../shared/vectors/rdf-canon)"
)

_TERM = re.compile(r'\s*(?:<([^>]*)>|(_:\S+)|"((?:[^"\\]|\\.)*)"(?:\^\^<([^>]*)>|@([A-Za-z0-9-]+))?)')
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_SHORT = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def unescape(text: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _SHORT.get(m[3], m[3]), text)


def terms(line: str) -> Iterator[str]:
    position = 0
    while match := _TERM.match(line, position):
        position = match.end()
        name, blank, text, datatype, language = match.groups()
        if name is not None:
            yield iri(unescape(name))
        elif blank is not None:
            yield blank
        elif language:
            yield literal(unescape(text), language=language)
        else:
            yield literal(unescape(text), unescape(datatype)) if datatype else literal(unescape(text))


def parse(nquads: str) -> list[Quad]:
    lines = (line.strip() for line in nquads.split("\n"))
    return [Quad(*terms(line)) for line in lines if line and not line.startswith("#")]


def entries(kind: str) -> list[Any]:
    return [pytest.param(entry, id=entry["id"]) for entry in ENTRIES if entry["type"] == f"rdfc:{kind}"]


def run(entry: dict[str, Any]) -> Any:
    name = "sha384" if entry.get("hashAlgorithm") == "SHA384" else "sha256"
    return canonicalize(parse((VECTORS / entry["action"]).read_text(encoding="utf-8")), hash_name=name)


@needs_vectors
def test_no_vector_is_left_out() -> None:
    counts = [len(entries(kind)) for kind in ("RDFC10EvalTest", "RDFC10MapTest", "RDFC10NegativeEvalTest")]
    assert counts == [64, 21, 1]


@needs_vectors
@pytest.mark.parametrize("entry", entries("RDFC10EvalTest"))
def test_canonical_form(entry: dict[str, Any]) -> None:
    assert run(entry).nquads.encode() == (VECTORS / entry["result"]).read_bytes()


@needs_vectors
@pytest.mark.parametrize("entry", entries("RDFC10MapTest"))
def test_canonical_labels(entry: dict[str, Any]) -> None:
    assert run(entry).labels == json.loads((VECTORS / entry["result"]).read_bytes())


@needs_vectors
@pytest.mark.parametrize("entry", entries("RDFC10NegativeEvalTest"))
def test_poison_is_refused_at_once(entry: dict[str, Any]) -> None:
    started = time.perf_counter()
    with pytest.raises(LimitExceeded) as refusal:
        run(entry)
    assert refusal.value.code == "too_complex"
    assert time.perf_counter() - started < 1


def renamed(quads: list[Quad], names: dict[str, str]) -> list[Quad]:
    return [Quad(*(names.get(term, term) for term in quad)) for quad in quads]


def endorsements(count: int) -> list[Quad]:
    """Embedded endorsements, each with a proof in a graph named by a blank node, told apart by one link only."""
    proof, value, by = iri("https://w3id.org/security#proof"), iri("urn:value"), iri("urn:by")
    quads = []
    for number in range(count):
        endorsement, graph, node, person = (f"_:{name}{number}" for name in ("e", "g", "p", "i"))
        quads += [
            Quad("<urn:badge>", iri("urn:endorsement"), endorsement),
            Quad(endorsement, proof, graph),
            Quad(node, value, literal("the same words"), graph),
            Quad(node, by, person, graph),
            Quad(person, iri("urn:name"), literal(f"Issuer {number}")),
        ]
    return quads


@pytest.mark.parametrize("count", [2, 3])
def test_graphs_of_equal_hash_get_the_same_labels_under_every_naming(count: int) -> None:
    """The gap in the vectors: several embedded proofs, whose graph names have one first degree hash."""
    quads = endorsements(count)
    blanks = sorted({term for quad in quads for term in quad if term.startswith("_:")})
    expected = canonicalize(quads).nquads
    assert expected.count("Issuer") == count
    for order in permutations(range(count)):
        names = {blank: f"_:x{order[int(blank[-1])]}{blank[2]}" for blank in blanks}
        shuffled = renamed(quads, names)
        random.Random(count).shuffle(shuffled)
        assert canonicalize(shuffled).nquads == expected


def test_graphs_that_differ_only_in_who_is_in_which_are_told_apart() -> None:
    """Swapping who stands in which graph changes nothing; putting two into one graph does."""
    quads = endorsements(3)
    merged = renamed(quads, {"_:g1": "_:g0"})
    assert canonicalize(merged).nquads != canonicalize(quads).nquads


def test_four_equal_graphs_in_a_ring_have_one_form() -> None:
    """Blank graphs that point at one another in a ring, all of one first degree hash: any rotation is the same."""
    ring = [Quad("<urn:s>", iri("urn:p"), f"_:n{number}", f"_:n{(number + 1) % 4}") for number in range(4)]
    expected = canonicalize(ring).nquads
    for shift in range(4):
        names = {f"_:n{number}": f"_:m{(number * 3 + shift) % 4}" for number in range(4)}
        assert canonicalize(renamed(ring, names)).nquads == expected


def test_p41_a_dataset_is_a_set() -> None:
    quad = Quad("_:a", iri("urn:when"), literal("true", "http://www.w3.org/2001/XMLSchema#dateTime"))
    assert canonicalize([quad, quad]).nquads == canonicalize([quad]).nquads
    assert canonicalize([quad, quad]).nquads.count("\n") == 1


def test_p32_line_separators_stay_inside_their_literal() -> None:
    quads = [Quad("<urn:a>", iri("urn:p"), literal(text)) for text in ("b\u2028c", "a\u0085", "z\x0b\x1c")]
    assert canonicalize(quads).nquads == (
        '<urn:a> <urn:p> "a\u0085" .\n<urn:a> <urn:p> "b\u2028c" .\n<urn:a> <urn:p> "z\\u000B\\u001C" .\n'
    )


def test_literals_are_escaped_as_the_canonical_form_says() -> None:
    """RDFC-1.0, 5: seven short escapes, other control characters by number, everything else as it is."""
    assert literal('\b\t\n\f\r"\\\x00\x7f\x80é😀') == '"\\b\\t\\n\\f\\r\\"\\\\\\u0000\\u007F\x80é😀"'
    assert literal("a", language="en") == '"a"@en'
    assert literal("1", "http://www.w3.org/2001/XMLSchema#integer") == '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'


def test_four_thousand_nodes_alike_are_refused_quickly() -> None:
    quads = [Quad(f"_:a{number}", iri("urn:p"), f"_:a{(number + 1) % 4000}") for number in range(4000)]
    started = time.perf_counter()
    with pytest.raises(LimitExceeded):
        canonicalize(quads)
    assert time.perf_counter() - started < 5
