"""RDF Dataset Canonicalization, RDFC-1.0 (W3C Recommendation, 2024), with a work budget.

The numbers in the comments are the steps of the specification's sections 4.4 to 4.8. Two datasets have the
same canonical form exactly when they differ in nothing but the names of their blank nodes. Where the quads of
each blank node alone tell it from all others, as in nearly every credential, step 5 finds nothing to do.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations
from typing import Final, Literal

from credentials.errors import LimitExceeded
from credentials.rdf import Quad, is_blank
from credentials.rdf_lines import masked_lines

HashName = Literal["sha256", "sha384"]
DIGESTS: Final = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}

# One unit is one related blank node looked at. Real credentials need a few hundred; the worst solvable graph
# of the published vectors some thousands, and the ten-node clique would need millions.
DEFAULT_BUDGET: Final = 20_000
MAX_DEPTH: Final = 100  # three calls each: well inside the interpreter's stack


@dataclass(frozen=True, slots=True)
class Canonical:
    """The canonical N-Quads document, and the canonical label of each blank node (without `_:`)."""

    nquads: str
    labels: Mapping[str, str]

    def hash(self, name: HashName = "sha256") -> bytes:
        """The digest of the canonical document: 32 or 48 bytes."""
        return DIGESTS[name](self.nquads.encode()).digest()


def canonicalize(quads: Iterable[Quad], *, hash_name: HashName = "sha256", budget: int = DEFAULT_BUDGET) -> Canonical:
    """The canonical form of a dataset (4.4.3).

    Raises LimitExceeded `too_complex` when telling the blank nodes apart takes more than `budget` steps.
    """
    dataset = quads if isinstance(quads, frozenset) else frozenset(quads)
    lines = masked_lines(dataset)
    digest = DIGESTS[hash_name]
    hashes = {node: digest("".join(sorted(own)).encode()).hexdigest() for node, own in lines.masked.items()}  # 3
    if len(set(hashes.values())) == len(hashes):
        in_order = sorted(hashes, key=hashes.__getitem__)  # 4; nothing is left for 5
        issued = {node: f"c14n{number}" for number, node in enumerate(in_order)}
    else:
        issued = _label_all(_State(dataset, hash_name, budget, hashes))
    labels = {node[2:]: label for node, label in issued.items()}
    return Canonical(lines.labelled(issued), labels)


def _label_all(state: "_State") -> dict[str, str]:
    """The canonical labels where some nodes share a first degree hash (4.4.3, steps 4 and 5)."""
    by_hash: dict[str, list[str]] = {}
    for node, node_hash in state.first_degree.items():
        by_hash.setdefault(node_hash, []).append(node)
    shared = []
    for node_hash, nodes in sorted(by_hash.items()):  # 4
        if len(nodes) == 1:
            state.canonical.issue(nodes[0])
        else:
            shared.append((node_hash, nodes))
    for _, nodes in shared:  # 5
        _label_ties(state, nodes)
    return state.canonical.issued


@dataclass(slots=True)
class _Issuer:
    """An identifier issuer (4.5): the same label for the same node, in order of first asking."""

    prefix: str
    issued: dict[str, str] = field(default_factory=dict)

    def issue(self, node: str) -> str:
        return self.issued.setdefault(node, f"{self.prefix}{len(self.issued)}")

    def copy(self) -> "_Issuer":
        return _Issuer(self.prefix, dict(self.issued))


@dataclass(slots=True)
class _State:
    """The canonicalization state (4.2): quads by blank node, hashes so far, canonical labels, and what may be
    spent.
    """

    quads: frozenset[Quad]
    hash_name: HashName
    budget: int
    first_degree: Mapping[str, str]
    quads_of: dict[str, list[Quad]] = field(default_factory=dict)
    canonical: _Issuer = field(default_factory=lambda: _Issuer("c14n"))
    spent: int = 0
    depth: int = 0

    def __post_init__(self) -> None:
        for quad in self.quads:  # 2
            for node in {term for term in quad if is_blank(term)}:
                self.quads_of.setdefault(node, []).append(quad)

    def digest(self, text: str) -> str:
        return DIGESTS[self.hash_name](text.encode()).hexdigest()

    def spend(self, steps: int = 1) -> None:
        self.spent += steps
        if self.spent > self.budget:
            raise LimitExceeded("too_complex", limit=self.budget, unit="canonicalisation steps")


def _label_ties(state: _State, nodes: list[str]) -> None:
    """Label nodes that share a first degree hash, in the order of their n-degree hashes (4.4.3, step 5)."""
    results = []
    for node in nodes:
        if node not in state.canonical.issued:
            issuer = _Issuer("b")
            issuer.issue(node)
            results.append(_hash_n_degree(state, node, issuer))
    for _, issuer in sorted(results, key=lambda result: result[0]):
        for node in issuer.issued:
            state.canonical.issue(node)


def _hash_n_degree(state: _State, node: str, issuer: _Issuer) -> tuple[str, _Issuer]:
    """Hash N-Degree Quads (4.8): the hash of all that hangs together with the node, and the labels given on
    the way.
    """
    state.depth += 1
    if state.depth > MAX_DEPTH:
        raise LimitExceeded("too_complex", limit=MAX_DEPTH, unit="blank nodes in a row")
    data = []
    for related_hash, related in sorted(_related(state, node, issuer).items()):  # 3, 5
        path, issuer = _shortest_path(state, related, issuer)
        data.append(related_hash + path)
    state.depth -= 1
    return state.digest("".join(data)), issuer


def _related(state: _State, node: str, issuer: _Issuer) -> dict[str, list[str]]:
    """The blank nodes that share a quad with this one, by Hash Related Blank Node (4.8, step 3)."""
    related: dict[str, list[str]] = {}
    for quad in state.quads_of[node]:
        for position, term in (("s", quad.subject), ("o", quad.object), ("g", quad.graph)):
            if is_blank(term) and term != node:
                state.spend()
                related.setdefault(_related_hash(state, term, quad, position, issuer), []).append(term)
    return related


def _related_hash(state: _State, node: str, quad: Quad, position: str, issuer: _Issuer) -> str:
    """Hash Related Blank Node (4.7)."""
    label = state.canonical.issued.get(node) or issuer.issued.get(node)
    name = f"_:{label}" if label else state.first_degree[node]
    predicate = "" if position == "g" else quad.predicate
    return state.digest(position + predicate + name)


def _shortest_path(state: _State, related: list[str], issuer: _Issuer) -> tuple[str, _Issuer]:
    """The least path over all orders of equally related nodes, and the labels it gives (4.8, step 5.4)."""
    chosen: tuple[str, _Issuer] | None = None
    for order in _orders(related):
        state.spend(len(order))
        candidate = _path(state, order, issuer.copy(), chosen[0] if chosen else "")
        if candidate and (chosen is None or candidate[0] < chosen[0]):
            chosen = candidate
    if chosen is None:
        raise AssertionError("the first order always yields a path")
    return chosen


def _orders(related: list[str]) -> Iterator[tuple[str, ...]]:
    """Every order of the nodes, each once. A graph is there as often as it has quads with the node: seven such make
    one order, not the 5,040 that differ in nothing.
    """
    counts = Counter(related)
    if len(counts) == len(related):
        yield from permutations(related)
    elif len(counts) == 1:
        yield tuple(related)
    else:
        for first in counts:
            rest = list((counts - Counter((first,))).elements())
            yield from ((first, *order) for order in _orders(rest))


def _path(state: _State, order: Iterable[str], issuer: _Issuer, best: str) -> tuple[str, _Issuer] | None:
    """The path of one order (4.8, steps 5.4.1 to 5.4.5), or None as soon as it is sure to lose against
    `best`.
    """
    path, recursion = "", []
    for node in order:
        label = state.canonical.issued.get(node)
        if label is None:
            if node not in issuer.issued:
                recursion.append(node)
            label = issuer.issue(node)
        path += f"_:{label}"
        if _loses(path, best):
            return None
    for node in recursion:
        node_hash, deeper = _hash_n_degree(state, node, issuer)
        path += f"_:{issuer.issue(node)}<{node_hash}>"
        issuer = deeper
        if _loses(path, best):
            return None
    return path, issuer


def _loses(path: str, best: str) -> bool:
    return bool(best) and len(path) >= len(best) and path > best
