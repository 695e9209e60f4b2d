"""What a cryptosuite decides: which keys it takes, which bytes its signatures cover, how a proof value is written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from credentials import multibase
from credentials.contexts import ContextSet
from credentials.errors import CredentialError, ProofInvalid
from credentials.keys import Algorithm, PublicKey, Signer

Document = Mapping[str, Any]

HashData = Callable[[Document, Document, Algorithm, ContextSet], bytes]


@dataclass(frozen=True, slots=True)
class Covered:
    """What a proof covers: the document without its proof, the proof without its value, and the contexts allowed."""

    document: Document
    options: Document
    contexts: ContextSet


class Cryptosuite(Protocol):
    """One cryptosuite (Data Integrity 1.0, 3.1), or one proof type from before there were cryptosuites.

    `algorithms` are those of the keys it takes. `context_in_proof`: whether the document's `@context` is written into
    the proof. `over_rdf`: whether it covers what becomes of the document in RDF, rather than its JSON.
    """

    @property
    def name(self) -> str:
        """The cryptosuite's identifier."""

    @property
    def algorithms(self) -> frozenset[Algorithm]:
        """The algorithms of the keys it takes."""

    @property
    def context_in_proof(self) -> bool:
        """Whether the proof carries the contexts that it was made under."""

    @property
    def over_rdf(self) -> bool:
        """Whether RDF is signed instead of JSON."""

    def prove(self, covered: Covered, signer: Signer, mandatory_pointers: Sequence[str]) -> str:
        """The `proofValue`. Only a suite with selective disclosure takes mandatory pointers."""

    def check(self, covered: Covered, proof_value: object, key: PublicKey) -> None:
        """Refuse a `proofValue` that does not hold: ProofInvalid, and what reading the document raises."""


@dataclass(frozen=True, slots=True)
class HashingCryptosuite:
    """A cryptosuite with one signature over one hash.

    `hash_data(document, options, algorithm, contexts)` gives the bytes to sign; the value is base58btc multibase.
    """

    name: str
    algorithms: frozenset[Algorithm]
    hash_data: HashData
    context_in_proof: bool
    over_rdf: bool

    def prove(self, covered: Covered, signer: Signer, mandatory_pointers: Sequence[str]) -> str:
        """Sign the hash. Raises ProofInvalid `malformed_proof` for mandatory pointers, which have no meaning here."""
        if mandatory_pointers:
            raise ProofInvalid("malformed_proof", member="mandatory pointers")
        return multibase.encode(signer.sign(self._bytes(covered, signer.public_key)))

    def check(self, covered: Covered, proof_value: object, key: PublicKey) -> None:
        """Verify the signature over the hash; it is read first, so that no work is spent on what is none."""
        signature = base58_value(proof_value)
        key.verify(signature, self._bytes(covered, key))

    def _bytes(self, covered: Covered, key: PublicKey) -> bytes:
        return self.hash_data(covered.document, covered.options, key.algorithm, covered.contexts)


def base58_value(value: object) -> bytes:
    """The bytes of a `proofValue` in base58btc. Raises ProofInvalid `malformed_proof`, LimitExceeded `too_long`."""
    if not isinstance(value, str):
        raise ProofInvalid("malformed_proof", member="proofValue")
    try:
        return multibase.decode(value)
    except CredentialError as error:
        if error.code == "too_long":
            raise
        raise ProofInvalid("malformed_proof", member="proofValue") from None
