"""A document as statements that can be disclosed one by one (Data Integrity ECDSA Cryptosuites 1.0, 3.4.14 to 3.4.17).

A statement is one line of canonical N-Quads, its blank nodes labelled so that a label says nothing of what is withheld.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from credentials.contexts import ContextSet
from credentials.data_integrity.cryptosuite import Document
from credentials.data_integrity.selection import select
from credentials.data_integrity.skolem import blank_quads, skolemized
from credentials.errors import MalformedCredential
from credentials.multibase import base64url_encode
from credentials.rdf import Quad, is_blank


@dataclass(frozen=True, slots=True)
class Statements:
    """All statements of a document in order; `digests` are the HMACs by which its blank nodes are labelled."""

    lines: tuple[str, ...]
    digests: Mapping[str, bytes]
    skolemized: Document
    contexts: ContextSet

    def selected(self, pointers: Sequence[str]) -> frozenset[int]:
        """The places of the statements that the pointers select, and of those on the way to them.

        Raises MalformedCredential `unknown_pointer`, also where a part (of a list, say) has no meaning by itself.
        """
        lines = frozenset(labelled(self.quads_of(pointers), labels(self.digests)))
        if not lines <= frozenset(self.lines):
            raise MalformedCredential("unknown_pointer", place=len(pointers))
        return frozenset(place for place, line in enumerate(self.lines) if line in lines)

    def quads_of(self, pointers: Sequence[str]) -> frozenset[Quad]:
        """The dataset of the part that the pointers select."""
        part = select(self.skolemized, pointers)
        return frozenset() if part is None else blank_quads(part, self.contexts)


def statements(document: Document, hmac_key: bytes, contexts: ContextSet) -> Statements:
    """The statements of a document, its blank nodes labelled by the HMAC of their canonical labels."""
    named = skolemized(document, contexts)
    digests = {node: hmac.digest(hmac_key, label.encode(), hashlib.sha256) for node, label in named.labels.items()}
    return Statements(tuple(sorted(labelled(named.quads, labels(digests)))), digests, named.document, contexts)


def labels(digests: Mapping[str, bytes]) -> dict[str, str]:
    """Blank node labels that digests are written as (3.4.4)."""
    return {node: f"u{base64url_encode(digest)}" for node, digest in digests.items()}


def labelled(quads: Iterable[Quad], names: Mapping[str, str]) -> list[str]:
    """The quads as lines with other labels for their blank nodes, in no order. Raises KeyError for one without."""
    return [Quad(*(f"_:{names[term[2:]]}" if is_blank(term) else term for term in quad)).line() for quad in quads]
