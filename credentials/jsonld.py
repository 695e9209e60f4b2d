"""JSON-LD to RDF under a strict profile: what is signed is all that can be read, or the document is refused.

There are two ways, and they always answer alike. Contexts are compiled once into plain look-ups, and a document of
ordinary shape is written as quads in one walk (`compiled_quads`); whatever that walk does not know, and everything that
it would refuse, goes to the general way, which expands with PyLD (`expansion`) and says what is wrong.
"""

from collections.abc import Mapping
from typing import Any

from credentials.compiled_check import is_compiled
from credentials.compiled_quads import compiled_quads
from credentials.contexts import PINNED, ContextSet
from credentials.expansion import expanded_quads
from credentials.rdf import Quad


def to_quads(document: Mapping[str, Any], contexts: ContextSet = PINNED) -> frozenset[Quad]:
    """The RDF dataset of a document, with the base IRI null (JSON-LD 1.1 API, 8), if all of it is covered.

    Raises ContextRefused (`context_not_allowed`, `keyword_not_allowed`, `data_loss_detected`,
    `malformed_iri`, `relative_iri`, `malformed_language_tag`), MalformedCredential `not_canonical_shape`,
    LimitExceeded (`too_deep`, `too_complex`).
    """
    quads = compiled_quads(document, contexts)
    return frozenset(quads) if quads is not None else expanded_quads(document, contexts)


def check(document: Mapping[str, Any], contexts: ContextSet = PINNED) -> bool:
    """Refuse a document that a signature over RDF would not cover entirely. Raises as `to_quads`.

    True where it is of ordinary shape, hence plain JSON that needs no further look before it is written.
    """
    if is_compiled(document, contexts):
        return True
    expanded_quads(document, contexts)
    return False
