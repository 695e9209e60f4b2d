"""eddsa-rdfc-2022 (Data Integrity EdDSA Cryptosuites 1.0, 3.2): Ed25519 over two RDFC-1.0 datasets."""

from typing import Final

from credentials.contexts import ContextSet
from credentials.data_integrity.cryptosuite import Cryptosuite, Document
from credentials.jsonld import to_quads
from credentials.keys import Algorithm
from credentials.rdf_canonicalization import canonicalize


def hash_data(document: Document, options: Document, _: Algorithm, contexts: ContextSet) -> bytes:
    """SHA-256 of the canonical proof configuration, then of the canonical document: 64 bytes (3.2.4).

    The configuration borrows the document's `@context` to be read, without writing it into the proof (3.2.5).
    """
    configuration = {**options, "@context": document["@context"]}
    return b"".join(canonicalize(to_quads(part, contexts)).hash() for part in (configuration, document))


SUITE: Final = Cryptosuite("eddsa-rdfc-2022", frozenset({"EdDSA"}), hash_data, context_in_proof=False)
