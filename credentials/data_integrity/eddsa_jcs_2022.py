"""eddsa-jcs-2022 (Data Integrity EdDSA Cryptosuites 1.0, 3.3): Ed25519 over two canonical JSON documents."""

from typing import Final

from credentials.canonical import jcs, sha256
from credentials.contexts import ContextSet
from credentials.data_integrity.cryptosuite import Cryptosuite, Document
from credentials.errors import ContextRefused
from credentials.keys import Algorithm


def hash_data(document: Document, options: Document, _: Algorithm, contexts: ContextSet) -> bytes:
    """SHA-256 of the canonical proof configuration, then of the canonical document: 64 bytes (3.3.4).

    The configuration carries its own `@context`; the document's must start with it, and is hashed as the
    proof has it (3.3.2, steps 4 and 5). Raises ContextRefused `context_not_allowed` when it does not.
    """
    return sha256(jcs(options)) + sha256(jcs(covered(document, options, contexts)))


def covered(document: Document, options: Document, contexts: ContextSet) -> Document:
    """The document under the contexts it was signed under; what was appended to them since is not covered."""
    if "@context" not in options:
        return document
    signed = options["@context"]
    contexts.check(signed)
    if document["@context"][: len(signed)] != signed:
        raise ContextRefused("context_not_allowed", reason="the proof was made under other contexts")
    return {**document, "@context": signed}


SUITE: Final = Cryptosuite("eddsa-jcs-2022", frozenset({"EdDSA"}), hash_data, context_in_proof=True)
