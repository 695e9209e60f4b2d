"""Add and verify Data Integrity proofs (Data Integrity 1.0, 4.2 and 4.4), whatever the cryptosuite.

One proof is checked at a time against one key. Whether the key is the issuer's, and which of several proofs
must hold, is for the caller.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credentials import jsonld
from credentials.contexts import PINNED, ContextSet
from credentials.data_integrity.cryptosuite import Covered, Cryptosuite
from credentials.data_integrity.options import PROOF_TYPE, check_audience, check_options
from credentials.data_integrity.proof_sets import beside, secured
from credentials.dates import timestamp
from credentials.errors import ProofInvalid, UnsupportedFormat
from credentials.keys import PublicKey, Signer
from credentials.profile import check_shape

Audience = str | list[str]


@dataclass(frozen=True, slots=True)
class Prover:
    """Signs with a closed set of cryptosuites; verifies with these and with some proof types of their own."""

    suites: Mapping[str, Cryptosuite]
    verified_types: Mapping[str, Cryptosuite]

    def sign(
        self,
        document: Mapping[str, Any],
        signer: Signer,
        *,
        cryptosuite: str,
        verification_method: str,
        created: datetime,
        expires: datetime | None = None,
        proof_purpose: str = "assertionMethod",
        challenge: str | None = None,
        domain: Audience | None = None,
        proof_id: str | None = None,
        previous_proof: str | list[str] | None = None,
        mandatory_pointers: Sequence[str] = (),
        contexts: ContextSet = PINNED,
    ) -> dict[str, Any]:
        """A new document with a proof added; the one given is left as it is.

        A proof beside proofs makes a set, one with `previous_proof` (the ids of others) a chain. The document
        is refused unless all of it would be covered by its contexts, whatever the cryptosuite: see
        `jsonld.check`. `mandatory_pointers` (RFC 6901) name what a holder cannot withhold; only ecdsa-sd-2023 takes
        them, and its proof is a base proof, for the holder to `derive` from. Raises UnsupportedFormat
        `unsupported_cryptosuite`, ProofInvalid `alg_key_mismatch`, `malformed_proof`, `proof_chain`,
        MalformedCredential `unknown_pointer`.
        """
        suite = self._named(cryptosuite)
        stated = {
            "id": proof_id,
            "type": PROOF_TYPE,
            "cryptosuite": cryptosuite,
            "created": timestamp(created),
            "expires": timestamp(expires) if expires else None,
            "verificationMethod": verification_method,
            "proofPurpose": proof_purpose,
            "challenge": challenge,
            "domain": domain,
            "previousProof": previous_proof,
            "@context": document.get("@context") if suite.context_in_proof else None,
        }
        options = {name: value for name, value in stated.items() if value is not None}
        covered = Covered(secured(document, options), options, contexts)
        jsonld.check(covered.document, contexts)
        _check_fit(suite, options, signer.public_key)
        proof = {**options, "proofValue": suite.prove(covered, signer, mandatory_pointers)}
        return {**document, "proof": beside(document, proof)}

    def verify(
        self,
        document: Mapping[str, Any],
        proof: Mapping[str, Any],
        key: PublicKey,
        *,
        proof_purpose: str = "assertionMethod",
        challenge: str | None = None,
        domain: Audience | None = None,
        contexts: ContextSet = PINNED,
    ) -> None:
        """Check one proof of a document (with or without its `proof` member) under one key.

        1. The document keeps the strict profile (`profile.check_shape`; RDF suites check coverage as well).
        2. The proof's type, cryptosuite, purpose, verification method and times are well formed. 3. The challenge and
        domain that are expected, if any, are the proof's. 4. The key's algorithm is the cryptosuite's. 5. The proofs
        that this one builds on are there; they are secured with the document, and verified separately. 6. The
        signature holds.

        Raises UnsupportedFormat `unsupported_cryptosuite`; ProofInvalid `malformed_proof`,
        `proof_purpose_mismatch`, `challenge_mismatch`, `domain_mismatch`, `alg_key_mismatch`, `proof_chain`,
        `base_proof`, `bad_signature`, `small_order_r`; LimitExceeded `too_long`; and what the profile raises.
        """
        check_shape({name: value for name, value in document.items() if name != "proof"}, contexts)
        if proof.get("proofPurpose") != proof_purpose:
            raise ProofInvalid("proof_purpose_mismatch", expected=proof_purpose)
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        suite = self.suite_of(options)
        _check_fit(suite, options, key)
        check_audience(options, challenge, domain)
        suite.check(Covered(secured(document, options), options, contexts), proof.get("proofValue"), key)

    def suite_of(self, proof: Mapping[str, Any]) -> Cryptosuite:
        """What a proof says it was made with. Raises UnsupportedFormat `unsupported_cryptosuite`."""
        kind = proof.get("type")
        if kind == PROOF_TYPE:
            return self._named(proof.get("cryptosuite"))
        if not isinstance(kind, str) or kind not in self.verified_types:
            raise self._unsupported()
        return self.verified_types[kind]

    def _named(self, name: object) -> Cryptosuite:
        if not isinstance(name, str) or name not in self.suites:
            raise self._unsupported()
        return self.suites[name]

    def _unsupported(self) -> UnsupportedFormat:
        return UnsupportedFormat("unsupported_cryptosuite", supported=", ".join((*self.suites, *self.verified_types)))


def _check_fit(suite: Cryptosuite, options: Mapping[str, Any], key: PublicKey) -> None:
    check_options(options)
    if key.algorithm not in suite.algorithms:
        raise ProofInvalid("alg_key_mismatch", key_algorithm=key.algorithm)
