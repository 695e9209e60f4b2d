"""Names for the blank nodes of a document that hold in each of its parts (Data Integrity ECDSA 1.0, 3.4.5 to 3.4.9).

The specification expands the document, gives every node without an identifier one, and compacts it again. Here the
compact document itself gets them; that it still means the same is checked afterwards by comparing canonical forms.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials.contexts import ContextSet
from credentials.data_integrity.cryptosuite import Document
from credentials.errors import MalformedCredential
from credentials.jsonld import to_quads
from credentials.profile import leaves
from credentials.rdf import Quad, is_blank
from credentials.rdf_canonicalization import canonicalize

_PREFIX: Final = "urn:bnid:"
_START: Final = f"<{_PREFIX}"
# Members that RDF takes as they are (`@type: @json` in the pinned contexts): what is inside them is no node.
_OPAQUE: Final = frozenset({"@context", "jsonSchema", "_sd", "jwk"})


@dataclass(frozen=True, slots=True)
class Skolemized:
    """A document with an identifier for each node that had none; its dataset as `blank_quads` has it, and the canonical
    labels of its nodes.
    """

    document: Mapping[str, Any]
    quads: frozenset[Quad]
    labels: Mapping[str, str]


def skolemized(document: Document, contexts: ContextSet) -> Skolemized:
    """The document with names for its nodes.

    Raises MalformedCredential `not_canonical_shape` where this would change its meaning.
    """
    if any(isinstance(leaf, str) and leaf.startswith(_PREFIX) for leaf in leaves(document)):
        raise MalformedCredential("not_canonical_shape")
    named: dict[str, Any] = _Namer().node(dict(document))
    quads = blank_quads(named, contexts)
    canonical = canonicalize(quads)
    if canonical.nquads != canonicalize(to_quads(document, contexts)).nquads:
        raise MalformedCredential("not_canonical_shape")
    return Skolemized(named, quads, canonical.labels)


def blank_quads(document: Document, contexts: ContextSet) -> frozenset[Quad]:
    """The dataset of a skolemized document or a part of it, its nodes blank again, labelled the same in each part."""
    quads = to_quads(document, contexts)
    inner = _inner_names(quads)
    return frozenset(_blank_quad(quad, inner) for quad in quads)


class _Namer:
    def __init__(self) -> None:
        self._count = 0

    def node(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.node(item) for item in value]
        if not isinstance(value, dict) or "@value" in value:
            return value
        inside = {name: item if name in _OPAQUE else self.node(item) for name, item in value.items()}
        if "id" in inside:
            return inside
        self._count += 1
        return {"id": f"{_PREFIX}b{self._count}", **inside}


def _blank_quad(quad: Quad, inner: dict[str, str]) -> Quad:
    """The quad with its nodes blank; a predicate is none."""
    subject, predicate, value, graph = quad
    return Quad(_blank(subject, inner), predicate, _blank(value, inner), _blank(graph, inner) if graph else "")


def _blank(term: str, inner: dict[str, str]) -> str:
    if term.startswith(_START):
        return f"_:{term[len(_PREFIX) + 1 : -1]}"
    return inner.get(term, term)


def _inner_names(quads: frozenset[Quad]) -> dict[str, str]:
    """Labels for the blank nodes that have no object of their own in JSON: named graphs and cells of lists.

    Each hangs on one quad; the way up to a named node, and the first node of a graph, tell it from all others.
    """
    inner = {term for quad in quads for term in quad if is_blank(term)}
    if not inner:
        return {}
    owners: dict[str, list[Quad]] = {term: [] for term in inner}
    for quad in quads:
        if quad.object in inner:
            owners[quad.object].append(quad)
    if any(len(owning) != 1 for owning in owners.values()):
        raise MalformedCredential("not_canonical_shape")
    roots = {term: _root(quad for quad in quads if quad.graph == term) for term in inner}
    names = {term: _label(term, {term: owning[0] for term, owning in owners.items()}, roots) for term in inner}
    if len(set(names.values())) != len(names):
        raise MalformedCredential("not_canonical_shape")
    return names


def _label(term: str, owner: dict[str, Quad], roots: dict[str, str]) -> str:
    way: list[str] = []
    while term in owner and len(way) <= 2 * len(owner):
        way += [owner[term].predicate, roots[term]]
        term = owner[term].subject
    return "_:x" + hashlib.sha256(" ".join([term, *way]).encode()).hexdigest()


def _root(graph: Iterable[Quad]) -> str:
    """The node of a graph that no other one leads to; empty for what is no graph."""
    quads = list(graph)
    roots = {quad.subject for quad in quads} - {quad.object for quad in quads}
    if quads and len(roots) != 1:
        raise MalformedCredential("not_canonical_shape")
    return next(iter(roots), "")
