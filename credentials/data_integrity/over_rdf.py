"""The bytes that the suites over RDF sign: eddsa-rdfc-2022 and ecdsa-rdfc-2019 differ in nothing else."""

from credentials.contexts import ContextSet
from credentials.data_integrity.cryptosuite import Document
from credentials.jsonld import to_quads
from credentials.keys import Algorithm
from credentials.rdf_canonicalization import HashName, canonicalize


def hash_data(document: Document, options: Document, algorithm: Algorithm, contexts: ContextSet) -> bytes:
    """The hash of the canonical proof configuration, then of the canonical document: 64 bytes, on P-384 96.

    P-384 uses SHA-384 for both, and inside RDFC-1.0 as well (Data Integrity ECDSA Cryptosuites 1.0, 3.2.3).
    """
    name: HashName = "sha384" if algorithm == "ES384" else "sha256"
    return configuration_hash(document, options, contexts, name) + rdf_hash(document, contexts, name)


def configuration_hash(document: Document, options: Document, contexts: ContextSet, name: HashName = "sha256") -> bytes:
    """The hash of the proof configuration.

    It borrows the document's `@context` to be read, without writing it into the proof (Data Integrity EdDSA
    Cryptosuites 1.0, 3.2.5).
    """
    return rdf_hash({**options, "@context": document["@context"]}, contexts, name)


def rdf_hash(document: Document, contexts: ContextSet, name: HashName) -> bytes:
    """The hash of a document's canonical dataset."""
    return canonicalize(to_quads(document, contexts), hash_name=name).hash(name)
