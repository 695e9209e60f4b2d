"""RDF datasets at random whose blank nodes are hard to tell apart, and three opinions on their canonical form."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from random import Random
from typing import Any

import pyoxigraph

from credentials.errors import LimitExceeded
from credentials.rdf import Quad, iri, literal
from credentials.rdf_canonicalization import Canonical, HashName, canonicalize
from tests.interop.javascript import ask

PREDICATES = [iri(f"urn:p{number}") for number in range(3)]
ALGORITHMS: dict[HashName, pyoxigraph.CanonicalizationAlgorithm] = {
    "sha256": pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0_SHA_256,
    "sha384": pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0_SHA_384,
}
GROUND = [
    "<urn:a>",
    "<urn:b>",
    literal("a"),
    literal("a", language="en"),
    literal("1", "urn:t"),
    literal('"\\\n\t\x7f'),
]
Quads = list[Quad]


class Datasets:
    """The datasets of one seed: one shape, or several beside one another."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.made = 0

    def dataset(self) -> Quads:
        """One dataset, shuffled, its blank nodes renamed, and now and then spoilt in one place."""
        shapes = [self.ring, self.clique, self.copies, self.graphs, self.graph_ring, self.tree, self.loose]
        quads = [quad for _ in range(self.random.randint(1, 2)) for quad in self.random.choice(shapes)()]
        if self.random.random() < 0.3:
            place = self.random.randrange(len(quads))
            quads[place] = quads[place]._replace(predicate=self.predicate())
        return renamed(quads, self.random)

    def nodes(self, least: int, most: int) -> list[str]:
        first, self.made = self.made, self.made + self.random.randint(least, most)
        return [f"_:n{number}" for number in range(first, self.made)]

    def predicate(self) -> str:
        return self.random.choice(PREDICATES)

    def ring(self) -> Quads:
        """A cycle, with a chord perhaps, perhaps walked both ways."""
        nodes, predicate = self.nodes(1, 9), self.predicate()
        quads = [Quad(node, predicate, nodes[number - 1]) for number, node in enumerate(nodes)]
        if self.random.random() < 0.3:
            quads += [Quad(quad.object, predicate, quad.subject) for quad in quads]
        if self.random.random() < 0.3:
            quads.append(Quad(self.random.choice(nodes), predicate, self.random.choice(nodes)))
        return quads

    def clique(self) -> Quads:
        nodes, predicate = self.nodes(2, self.random.choice((3, 4, 5, 6))), self.predicate()
        return [Quad(one, predicate, other) for one, other in permutations(nodes, 2)]

    def copies(self) -> Quads:
        """The same small pattern several times over: every node has its doubles."""
        pattern, count = [self.loose_quad(["_:x", "_:y", "_:z"]) for _ in range(4)], self.random.randint(2, 3)
        return [quad for _ in range(count) for quad in self.instance(pattern)]

    def instance(self, pattern: Quads) -> Quads:
        names = dict(zip(("_:x", "_:y", "_:z"), self.nodes(3, 3), strict=True))
        return [Quad(*(names.get(term, term) for term in quad)) for quad in pattern]

    def graphs(self) -> Quads:
        """Graphs named by blank nodes that hold nearly the same: proofs of embedded credentials are such."""
        quads = []
        for number in range(self.random.randint(2, 4)):
            graph, node, holder = self.nodes(3, 3)
            quads += [Quad(holder, PREDICATES[0], graph), Quad(node, PREDICATES[1], holder, graph)]
            if self.random.random() < 0.5:
                quads.append(Quad(holder, PREDICATES[2], literal(str(number % 2))))
        return quads

    def graph_ring(self) -> Quads:
        nodes = self.nodes(2, 5)
        return [Quad("<urn:s>", PREDICATES[0], node, nodes[number - 1]) for number, node in enumerate(nodes)]

    def tree(self) -> Quads:
        """Every node points to one made before it."""
        nodes, predicate = self.nodes(2, 9), self.predicate()
        return [
            Quad(node, predicate, nodes[self.random.randrange(number)]) for number, node in enumerate(nodes) if number
        ] or [Quad(nodes[0], predicate, "<urn:a>")]

    def loose(self) -> Quads:
        nodes = self.nodes(1, 5)
        return [self.loose_quad(nodes) for _ in range(self.random.randint(1, 9))]

    def loose_quad(self, nodes: list[str]) -> Quad:
        subject = self.random.choice([*nodes, *nodes, "<urn:s>"])
        value = self.random.choice([*nodes, *nodes, *GROUND])
        graph = self.random.choice([*nodes, "<urn:g>", *[""] * (3 * len(nodes))])
        return Quad(subject, self.predicate(), value, graph)


def renamed(quads: Quads, random: Random) -> Quads:
    """The dataset in another order, its blank nodes under other names."""
    blank = sorted({term for quad in quads for term in quad if term.startswith("_:")})
    names = dict(zip(blank, random.sample([f"_:b{number}" for number in range(len(blank))], len(blank)), strict=True))
    shuffled = [Quad(*(names.get(term, term) for term in quad)) for quad in quads]
    random.shuffle(shuffled)
    return shuffled


@dataclass(frozen=True)
class Opinion:
    """What we make of one dataset."""

    seed: int
    hash_name: HashName
    quads: Quads
    ours: Canonical

    def disputes(self) -> Iterator[str]:
        """What another naming, the labels that are told, and Oxigraph have to say against it."""
        if canonicalize(renamed(self.quads, Random(self.seed)), hash_name=self.hash_name).nquads != self.ours.nquads:
            yield "another naming of its nodes has another form"
        if relabelled(self.quads, self.ours.labels) != self.ours.nquads:
            yield "the labels are not those of the form"
        if not any(quad.graph.startswith("_:") for quad in self.quads) and self.oxigraph() != self.ours.nquads:
            yield "Oxigraph disagrees"

    def oxigraph(self) -> str:
        """Oxigraph's form. It labels graphs that are named by blank nodes of equal hash wrongly (0.5)."""
        dataset = pyoxigraph.Dataset(pyoxigraph.parse(self.text().encode(), format=pyoxigraph.RdfFormat.N_QUADS))
        dataset.canonicalize(ALGORITHMS[self.hash_name])
        written = pyoxigraph.serialize(dataset, format=pyoxigraph.RdfFormat.N_QUADS).decode()
        return "".join(sorted(written.splitlines(keepends=True)))

    def text(self) -> str:
        return "".join(quad.line() for quad in self.quads)


def relabelled(quads: Quads, labels: Any) -> str:
    """The dataset under these labels, sorted."""
    lines = {
        Quad(*(f"_:{labels[term[2:]]}" if term.startswith("_:") else term for term in quad)).line() for quad in quads
    }
    return "".join(sorted(lines))


def disagreements(seeds: range, *, ask_javascript: bool) -> tuple[Counter[str], list[str]]:
    """How many of these datasets were labelled or refused as too complex, and who disputes which form."""
    counted, found, opinions = Counter[str](), list[str](), list[Opinion]()
    for seed in seeds:
        hash_name: HashName = "sha384" if seed % 3 == 0 else "sha256"
        quads = Datasets(seed).dataset()
        try:
            opinions.append(Opinion(seed, hash_name, quads, canonicalize(quads, hash_name=hash_name)))
        except LimitExceeded:
            counted["datasets refused"] += 1
    counted["datasets labelled"] = len(opinions)
    for opinion in opinions:
        found += [f"dataset {opinion.seed}: {dispute}" for dispute in opinion.disputes()]
    if ask_javascript:
        found += _javascript_disputes(opinions, counted)
    return counted, found


def _javascript_disputes(opinions: list[Opinion], counted: Counter[str]) -> list[str]:
    found = []
    for hash_name in ALGORITHMS:
        asked = [opinion for opinion in opinions if opinion.hash_name == hash_name]
        answers = ask("dataset", datasets=[opinion.text() for opinion in asked], hash=hash_name)
        for opinion, answer in zip(asked, answers, strict=True):
            counted["datasets compared with rdf-canonize"] += "error" not in answer
            if "error" not in answer and answer["nquads"] != opinion.ours.nquads:
                found.append(f"dataset {opinion.seed}: rdf-canonize disagrees")
            elif "error" in answer and "iterations" not in answer["error"]:
                found.append(f"dataset {opinion.seed}: rdf-canonize refuses it: {answer['error']}")
    return found
