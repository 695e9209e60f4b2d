"""Ed25519Signature2020 (Data Integrity EdDSA Cryptosuites 1.0): a proof type of its own, only verified here."""

from typing import Final

from credentials.contexts import ContextSet
from credentials.data_integrity import over_rdf
from credentials.data_integrity.cryptosuite import Document, HashingCryptosuite
from credentials.keys import Algorithm

CONTEXT: Final = "https://w3id.org/security/suites/ed25519-2020/v1"


def hash_data(document: Document, options: Document, algorithm: Algorithm, contexts: ContextSet) -> bytes:
    """As eddsa-rdfc-2022, once the suite's context stands last in the document's, if it was not among them.

    Data Integrity 1.0, 2.4.1: without it the proof's terms would have no meaning.
    """
    named = document["@context"]
    injected = document if CONTEXT in named else {**document, "@context": [*named, CONTEXT]}
    return over_rdf.hash_data(injected, options, algorithm, contexts)


SUITE: Final = HashingCryptosuite(
    "Ed25519Signature2020", frozenset({"EdDSA"}), hash_data, context_in_proof=False, over_rdf=True
)
