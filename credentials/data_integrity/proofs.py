"""Add and verify Data Integrity proofs (Data Integrity 1.0, 4.2 and 4.4), whatever the cryptosuite.

One proof is checked at a time against one key. Whether the key is the issuer's, and which of several proofs
must hold, is for the caller.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from credentials import jsonld, multibase
from credentials.contexts import PINNED, ContextSet
from credentials.data_integrity.cryptosuite import Cryptosuite
from credentials.data_integrity.times import proof_times
from credentials.dates import timestamp
from credentials.errors import CredentialError, ProofInvalid, UnsupportedFormat
from credentials.iris import check_iri
from credentials.keys import PublicKey, Signer
from credentials.profile import check_shape

_PROOF_TYPE: Final = "DataIntegrityProof"
# Where the schema of the standard wants an array of proofs; a generic credential has one as an object.
_PROOFS_IN_ARRAY: Final = frozenset(
    {"OpenBadgeCredential", "AchievementCredential", "EndorsementCredential", "ClrCredential"}
)


@dataclass(frozen=True, slots=True)
class Prover:
    """Signs and verifies with a closed set of cryptosuites."""

    suites: Mapping[str, Cryptosuite]

    def sign(
        self,
        document: Mapping[str, Any],
        signer: Signer,
        *,
        cryptosuite: str,
        verification_method: str,
        created: datetime,
        proof_purpose: str = "assertionMethod",
        previous_proof: str | list[str] | None = None,
        contexts: ContextSet = PINNED,
    ) -> dict[str, Any]:
        """A new document with a proof added; the one given is left as it is.

        A proof beside proofs makes a set, one with `previous_proof` (the ids of others) a chain. The document
        is refused unless all of it would be covered by its contexts, whatever the cryptosuite: see
        `jsonld.check`. Raises UnsupportedFormat `unsupported_cryptosuite`, ProofInvalid `alg_key_mismatch`,
        `malformed_proof`, `proof_chain`.
        """
        options: dict[str, Any] = {
            "type": _PROOF_TYPE,
            "cryptosuite": cryptosuite,
            "created": timestamp(created),
            "verificationMethod": verification_method,
            "proofPurpose": proof_purpose,
        }
        if previous_proof is not None:
            options["previousProof"] = previous_proof
        if self._suite(cryptosuite).context_in_proof:
            options["@context"] = document.get("@context")
        secured = _secured(document, options)
        jsonld.check(secured, contexts)
        hash_data = self._hash_data(secured, options, signer.public_key, contexts)
        proof = {**options, "proofValue": multibase.encode(signer.sign(hash_data))}
        return {**document, "proof": _beside(document, proof)}

    def verify(
        self,
        document: Mapping[str, Any],
        proof: Mapping[str, Any],
        key: PublicKey,
        *,
        proof_purpose: str = "assertionMethod",
        contexts: ContextSet = PINNED,
    ) -> None:
        """Check one proof of a document (with or without its `proof` member) under one key.

        1. The document keeps the strict profile (`profile.check_shape`; RDF suites check coverage as well).
        2. The proof's type, cryptosuite, purpose, verification method and times are well formed. 3. The key's
        algorithm is the cryptosuite's. 4. The proofs that this one builds on are there; they are secured with
        the document, and verified separately. 5. The signature holds.

        Raises UnsupportedFormat `unsupported_cryptosuite`; ProofInvalid `malformed_proof`,
        `proof_purpose_mismatch`, `alg_key_mismatch`, `proof_chain`, `bad_signature`, `small_order_r`;
        LimitExceeded `too_long`; and what the profile raises.
        """
        check_shape({name: value for name, value in document.items() if name != "proof"}, contexts)
        if proof.get("proofPurpose") != proof_purpose:
            raise ProofInvalid("proof_purpose_mismatch", expected=proof_purpose)
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        signature = _signature(proof.get("proofValue"))
        hash_data = self._hash_data(_secured(document, options), options, key, contexts)
        key.verify(signature, hash_data)

    def _hash_data(
        self, secured: Mapping[str, Any], options: Mapping[str, Any], key: PublicKey, contexts: ContextSet
    ) -> bytes:
        """The bytes to sign, once the options and the key fit."""
        if options.get("type") != _PROOF_TYPE:
            raise UnsupportedFormat("unsupported_cryptosuite", supported=", ".join(self.suites))
        suite = self._suite(options.get("cryptosuite"))
        _check_options(options)
        if key.algorithm not in suite.algorithms:
            raise ProofInvalid("alg_key_mismatch", key_algorithm=key.algorithm)
        return suite.hash_data(secured, options, key.algorithm, contexts)

    def _suite(self, name: object) -> Cryptosuite:
        if not isinstance(name, str) or name not in self.suites:
            raise UnsupportedFormat("unsupported_cryptosuite", supported=", ".join(self.suites))
        return self.suites[name]


def _check_options(options: Mapping[str, Any]) -> None:
    for member, default in (("verificationMethod", None), ("id", "")):
        if not isinstance(options.get(member, default), str):
            raise ProofInvalid("malformed_proof", member=member)
    try:
        check_iri(options["verificationMethod"], "/proof/verificationMethod")
        proof_times(options)
    except CredentialError as error:
        member = "verificationMethod" if "pointer" in error.facts else "created or expires"
        raise ProofInvalid("malformed_proof", member=member) from None


def _signature(value: object) -> bytes:
    if not isinstance(value, str):
        raise ProofInvalid("malformed_proof", member="proofValue")
    try:
        return multibase.decode(value)
    except CredentialError as error:
        if error.code == "too_long":
            raise
        raise ProofInvalid("malformed_proof", member="proofValue") from None


def _secured(document: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """The document as the proof secures it: without proofs, but for those that this one names as previous
    (4.2).
    """
    secured = {name: value for name, value in document.items() if name != "proof"}
    if "previousProof" in options:
        secured["proof"] = _previous(document.get("proof", []), options["previousProof"])
    return secured


def _previous(proofs: object, names: object) -> list[Any]:
    wanted = [names] if isinstance(names, str) else names
    if not isinstance(wanted, list) or not wanted or not all(isinstance(name, str) for name in wanted):
        raise ProofInvalid("proof_chain")
    candidates = proofs if isinstance(proofs, list) else [proofs]
    named = [proof for proof in candidates if isinstance(proof, dict) and isinstance(proof.get("id"), str)]
    by_id = {proof["id"]: proof for proof in named}
    if len(set(wanted)) != len(wanted) or not set(wanted) <= by_id.keys():
        raise ProofInvalid("proof_chain")
    return [by_id[name] for name in wanted]


def _beside(document: Mapping[str, Any], proof: dict[str, Any]) -> dict[str, Any] | list[Any]:
    """The document's `proof` with one more: an array where there are several or the standard's schema wants
    one.
    """
    present = document.get("proof", [])
    proofs = [*present, proof] if isinstance(present, list) else [present, proof]
    types = document.get("type", [])
    names = set(types) if isinstance(types, list) else {types}
    return proofs if len(proofs) > 1 or names & _PROOFS_IN_ARRAY else proof
