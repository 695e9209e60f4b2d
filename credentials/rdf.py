"""RDF terms and quads, written as canonical N-Quads from the start (RDFC-1.0, 5)."""

import re
from typing import Final, NamedTuple

from credentials.errors import MalformedCredential

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_STRING: Final = XSD + "string"
_ESCAPED: Final = re.compile('[\x00-\x1f"\\\\\x7f]')
_SHORT: Final = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}


class Quad(NamedTuple):
    """Four terms in canonical N-Quads syntax; blank nodes start with `_:`, the default graph is the empty
    string.
    """

    subject: str
    predicate: str
    object: str
    graph: str = ""

    def line(self) -> str:
        """The quad as one line of canonical N-Quads, with its line feed."""
        graph = f" {self.graph}" if self.graph else ""
        return f"{self.subject} {self.predicate} {self.object}{graph} .\n"


def iri(text: str) -> str:
    """An IRI as a term. Its grammar has been checked before (`iris.check_iri`)."""
    return f"<{text}>"


def literal(text: str, datatype: str = XSD + "string", language: str = "") -> str:
    """A literal as a term: `xsd:string` is left out, a language tag replaces the datatype."""
    if language:
        return f"{quoted(text)}@{language}"
    return quoted(text) if datatype == _STRING else f"{quoted(text)}^^<{datatype}>"


def quoted(text: str) -> str:
    """A text in quotation marks, escaped as canonical N-Quads ask (RDFC-1.0, 5): the literal of an `xsd:string`.

    Raises MalformedCredential `malformed_json` for a text that has no UTF-8 form; strict JSON never lets one in.
    """
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise MalformedCredential("malformed_json", position=0, reason="lone surrogate")
    return f'"{_ESCAPED.sub(_escape, text)}"'


def is_blank(term: str) -> bool:
    """Whether the term is a blank node."""
    return term.startswith("_:")


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04X}"
