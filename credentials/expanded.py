"""Expanded JSON-LD to RDF quads (JSON-LD 1.1 API, 8.1 and 8.2), for the shapes that the strict profile
leaves.
"""

import math
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from credentials.canonical import jcs
from credentials.errors import ContextRefused, MalformedCredential
from credentials.iris import check_iri
from credentials.rdf import RDF, XSD, Quad, iri, literal

_DOUBLE_FROM: Final = 1e21  # from here on a number is written as a double (JSON-LD 1.1 API, 8.2.2)
_I18N: Final = "https://www.w3.org/ns/i18n#"
_KEYWORDS: Final = frozenset({"@id", "@type", "@graph"})
# What speaks of another node of the document by its id: a reference; an endorsement, with nothing but a comment;
# criteria that stand at the achievement's own address, with nothing but a narrative.
_OPEN_BADGES: Final = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
_RECORD_SUBJECT: Final = "https://purl.imsglobal.org/spec/vc/clr/vocab.html#ClrSubject"
_LEARNER: Final = {frozenset({_RECORD_SUBJECT}), frozenset({_OPEN_BADGES + "AchievementSubject"})}
_ENDORSED: Final = frozenset({_OPEN_BADGES + "EndorsementSubject"})
_COMMENT: Final = frozenset({"@id", "@type", _OPEN_BADGES + "endorsementComment"})
_REFERENCE: Final = frozenset({"@id", "@type"})
_NARRATIVE: Final = frozenset({"@id", _OPEN_BADGES + "narrative"})

Expanded = list[Any]


def covered_leaves(expanded: object) -> int:
    """How many strings, numbers and booleans of the document the expansion still holds.

    Datatypes stem from the contexts and do not count; neither do the IRIs of properties.
    """
    if isinstance(expanded, list):
        return sum(covered_leaves(item) for item in expanded)
    if not isinstance(expanded, dict):
        return 1
    if "@value" in expanded:
        return _json_leaves(expanded["@value"]) + ("@language" in expanded) + ("@direction" in expanded)
    return sum(covered_leaves(value) for value in expanded.values())


def quads_of(expanded: Expanded, texts: frozenset[str]) -> frozenset[Quad]:
    """The dataset of an expanded document.

    `texts` are the strings that an IRI may be: what the document writes, and what its contexts define. Raises
    ContextRefused `malformed_iri`, `relative_iri`; MalformedCredential `not_canonical_shape` for a number
    that its lexical form does not keep, or for one identifier given to things of different types.
    """
    writer = _Writer(texts)
    for node in expanded:
        writer.node(node, "")
    return frozenset(writer.quads)


@dataclass(slots=True)
class _Writer:
    texts: frozenset[str]
    quads: list[Quad] = field(default_factory=list)
    types: dict[str, frozenset[str]] = field(default_factory=dict)
    labels: Iterator[int] = field(default_factory=count)

    def blank(self) -> str:
        return f"_:b{next(self.labels)}"

    def resource(self, text: str) -> str:
        """The term of an IRI that the document or its contexts write just so: no prefixes, no relative paths."""
        check_iri(text, "(an identifier)")
        if text not in self.texts:
            raise ContextRefused("malformed_iri", pointer="(an identifier)")
        return iri(text)

    def node(self, node: Mapping[str, Any], graph: str) -> str:
        """Write a node object and all below it; its term."""
        subject = self.resource(node["@id"]) if "@id" in node else self.blank()
        types = node.get("@type", [])
        self._check_types(subject, node)
        for name in types:
            check_iri(name, "(a type)")
            self.quads.append(Quad(subject, iri(RDF + "type"), iri(name), graph))
        for inner in node.get("@graph", []):
            if inner.keys() <= {"@id"} and inner:
                raise ContextRefused("data_loss_detected", pointer="(a member)")  # no quad would say it
            self.node(inner, subject)
        for name, values in node.items():
            if name not in _KEYWORDS:
                self._property(subject, name, values, graph)
        return subject

    def _check_types(self, subject: str, node: Mapping[str, Any]) -> None:
        """One identifier is one thing: in RDF two nodes of one name merge, and their members could change
        places.
        """
        types = frozenset(node.get("@type", []))
        if subject.startswith("_:") or speaks_of_another(types, node.keys()):
            return
        if not is_one_thing(self.types.setdefault(subject, types), types):
            raise MalformedCredential("not_canonical_shape")

    def _property(self, subject: str, name: str, values: Expanded, graph: str) -> None:
        if name.startswith("@"):
            raise ContextRefused("keyword_not_allowed", keyword=name)
        check_iri(name, "(a property)")
        for value in values:
            self.quads.append(Quad(subject, iri(name), self._object(value, graph), graph))

    def _object(self, value: Mapping[str, Any], graph: str) -> str:
        if "@value" in value:
            return _literal(value)
        if "@list" in value:
            return self._list(value["@list"], graph)
        return self.node(value, graph)

    def _list(self, items: Expanded, graph: str) -> str:
        """An RDF collection, written from its end so that each cell knows its rest (8.2.3)."""
        rest = iri(RDF + "nil")
        for item in reversed(items):
            cell = self.blank()
            self.quads.append(Quad(cell, iri(RDF + "first"), self._object(item, graph), graph))
            self.quads.append(Quad(cell, iri(RDF + "rest"), rest, graph))
            rest = cell
        return rest


def is_one_thing(types: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two named nodes may be one: of the same types, or the learner of a record and of a credential in it.

    What the bank reads of a learner stands in a badge, where no other node has the learner's name (`identifiers`).
    """
    return types == others or {types, others} == _LEARNER


def speaks_of_another(types: frozenset[str], members: Set[str]) -> bool:
    """Whether a named node with these members only speaks of a node that stands elsewhere in the document."""
    return members <= _REFERENCE or members <= _NARRATIVE or (types == _ENDORSED and members <= _COMMENT)


def _literal(value: Mapping[str, Any]) -> str:
    """A value object as a literal (8.2.2), with `rdfDirection` `i18n-datatype` (VC Data Model 2.0, 11.1)."""
    content, datatype = value["@value"], value.get("@type")
    if datatype == "@json":
        return literal(jcs(content).decode(), RDF + "JSON")
    if isinstance(content, bool):
        return literal("true" if content else "false", datatype or XSD + "boolean")
    if isinstance(content, int | float):
        return number_literal(content, datatype)
    if not isinstance(content, str):
        raise MalformedCredential("not_canonical_shape")
    if "@direction" in value:
        return literal(content, f"{_I18N}{value.get('@language', '').lower()}_{value['@direction']}")
    return literal(content, datatype or XSD + "string", value.get("@language", ""))


def number_literal(number: float, datatype: str | None) -> str:
    """A number in its lexical form: whole numbers in digits, others as canonical doubles of 15 decimals.

    Raises MalformedCredential `malformed_number`; `not_canonical_shape` where that form is another number.
    """
    if not math.isfinite(number):
        raise MalformedCredential("malformed_number")
    if number == int(number) and abs(number) < _DOUBLE_FROM and datatype != XSD + "double":
        return literal(str(int(number)), datatype or XSD + "integer")
    mantissa, exponent = f"{number:.15E}".split("E")
    text = f"{mantissa.rstrip('0')}E{int(exponent)}".replace(".E", ".0E")
    if float(text) != number:
        raise MalformedCredential("not_canonical_shape")
    return literal(text, datatype or XSD + "double")


def _json_leaves(value: object) -> int:
    if isinstance(value, dict):
        return sum(map(_json_leaves, value.values()))
    return sum(map(_json_leaves, value)) if isinstance(value, list) else 1
