"""The bytes that the suites over canonical JSON sign: eddsa-jcs-2022 and ecdsa-jcs-2019 differ in nothing else."""

import hashlib

from credentials.canonical import jcs
from credentials.contexts import ContextSet
from credentials.data_integrity.cryptosuite import Document
from credentials.errors import ContextRefused
from credentials.keys import Algorithm


def hash_data(document: Document, options: Document, algorithm: Algorithm, contexts: ContextSet) -> bytes:
    """The hash of the canonical proof configuration, then of the canonical document: 64 bytes, on P-384 96.

    The configuration carries its own `@context`; the document's must start with it, and is hashed as the
    proof has it (Data Integrity EdDSA Cryptosuites 1.0, 3.3.2, steps 4 and 5; ECDSA, 3.3.2). Raises ContextRefused
    `context_not_allowed` when it does not.
    """
    name = "sha384" if algorithm == "ES384" else "sha256"
    parts = jcs(options), jcs(covered(document, options, contexts))
    return b"".join(hashlib.new(name, part).digest() for part in parts)


def covered(document: Document, options: Document, contexts: ContextSet) -> Document:
    """The document under the contexts it was signed under; what was appended to them since is not covered."""
    if "@context" not in options:
        return document
    signed = options["@context"]
    contexts.check(signed)
    if document["@context"][: len(signed)] != signed:
        raise ContextRefused("context_not_allowed", reason="the proof was made under other contexts")
    return {**document, "@context": signed}
