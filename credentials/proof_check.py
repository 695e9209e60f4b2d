"""One proof of a credential, checked: its key, signature, coverage and time; whose key it is; when that could sign."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from credentials import data_integrity, jwt_times
from credentials.checks import Check, Outcome, Verification
from credentials.claims import without_proof
from credentials.credential import Credential
from credentials.errors import CredentialError, LimitExceeded, ProofInvalid
from credentials.identifiers import check_nodes_apart
from credentials.jws import CompactJws, verify_compact
from credentials.jwt_times import CLOCK_SKEW as CLOCK_SKEW
from credentials.members import items, texts
from credentials.shape import Contents
from credentials.verification_material import (
    IssuerKey,
    VerificationMaterial,
    check_binding,
    check_signing_time,
    jws_key,
    proof_key,
)

STEPS: Final = ("key", "signature", "coverage", "proof_time", "key_validity", "issuer_binding")
MAX_PROOFS: Final = 10

# Nothing is known to be wrong with the credential, but it cannot be relied on now.
INDETERMINATE: Final = frozenset(
    {
        "key_unavailable",
        "signing_time_unproven",
        "schema_unavailable",
        "not_disclosed",
        "status_unavailable",
        "status_unverified",
        "status_stale",
        "status_recursion",
        "status_type_unsupported",
    }
)

# The issuer's keys do not hold this one; where they could not be had, that says nothing.
_NOT_AT_HAND: Final = frozenset({"unknown_key", "untrusted_key_hint"})

Proof = Mapping[str, Any] | CompactJws


@dataclass(frozen=True, slots=True)
class Case:
    """A credential to be verified with what was gathered: at which time, and when it was first seen in the log."""

    credential: Credential
    contents: Contents
    material: VerificationMaterial
    at: datetime
    first_seen: datetime | None


@dataclass(frozen=True, slots=True)
class CheckedProof:
    """The checks of one proof, in the order of STEPS up to the first that failed; its key, where one was found."""

    proof: Proof
    verification: Verification
    key: IssuerKey | None = None

    @property
    def signer(self) -> str | None:
        """Whose proof it is, if it holds apart from being the issuer's."""
        failed = {check.name for check in self.verification.checks if check.outcome is not Outcome.PASSED}
        return self.key.controller if self.key and failed <= {"issuer_binding"} else None


def proofs(credential: Credential) -> tuple[Proof, ...]:
    """The credential's proofs. A JWS may hold embedded ones, which it covers (Open Badges 3.0, verification, step 2).

    Raises ProofInvalid `no_proof`, `malformed_proof` where something else stands beside proofs; LimitExceeded
    `too_complex` for more than ten.
    """
    if credential.jws:
        return (credential.jws,)
    found = credential.proofs
    if not found:
        raise ProofInvalid("no_proof")
    if len(found) != len(items(credential.document, "proof")):
        raise ProofInvalid("malformed_proof", member="proof")
    if len(found) > MAX_PROOFS:
        raise LimitExceeded("too_complex", limit=MAX_PROOFS, unit="proofs")
    return found


def attempt(name: str, step: Callable[[], object]) -> Check:
    """The check that running a step answers: passed, failed or not checkable by the code it raises."""
    try:
        step()
    except CredentialError as error:
        outcome = Outcome.COULD_NOT_BE_CHECKED if error.code in INDETERMINATE else Outcome.FAILED
        return Check.from_error(name, error, outcome)
    return Check.passed(name)


def check_proof(case: Case, proof: Proof) -> CheckedProof:
    """Check one proof; a step that fails ends it, since the later ones would rest on it."""
    try:
        key = _key(case, proof)
    except CredentialError as error:
        outcome = Outcome.COULD_NOT_BE_CHECKED if error.code in INDETERMINATE else Outcome.FAILED
        return CheckedProof(proof, Verification().with_check(Check.from_error("key", error, outcome)))
    checks = [Check.passed("key")]
    steps: dict[str, Callable[[], object]] = {
        "signature": lambda: _check_signature(case, proof, key),
        "coverage": lambda: _check_coverage(case.credential, proof),
        "proof_time": lambda: _check_time(proof, case.at),
        "key_validity": lambda: check_signing_time(key, signed_at(case, proof), case.first_seen),
        "issuer_binding": lambda: check_binding(key, case.contents.issuer_id),
    }
    for name, step in steps.items():
        checks.append(attempt(name, step))
        if checks[-1].outcome is Outcome.FAILED:
            break
    return CheckedProof(proof, Verification().with_checks(checks), key)


def covered_by(case: Case, proof: Proof) -> Mapping[str, Any]:
    """What a proof that holds has signed: the document without proofs, under the contexts that it was signed under.

    A proof over canonical JSON names its own contexts, and the document may have further ones (Data Integrity EdDSA
    Cryptosuites 1.0, 3.3.2).
    """
    signed = without_proof(case.credential.document)
    if isinstance(proof, CompactJws) or not data_integrity.suite_of(proof).context_in_proof:
        return signed
    return {**signed, "@context": proof.get("@context", signed["@context"])}


def signed_at(case: Case, proof: Proof) -> datetime:
    """When the signer says that it signed: `iat` or `created`, else the start of validity, else now."""
    stated = _stated_time(proof)
    return stated or case.contents.valid_from or case.at


def _stated_time(proof: Proof) -> datetime | None:
    if not isinstance(proof, CompactJws):
        return data_integrity.proof_times(proof)[0]
    return jwt_times.issued_at(proof)


def _key(case: Case, proof: Proof) -> IssuerKey:
    issuer_id = case.contents.issuer_id
    try:
        if isinstance(proof, CompactJws):
            return jws_key(case.material, issuer_id, proof.header)
        return proof_key(case.material, issuer_id, proof.get("verificationMethod"))
    except ProofInvalid as error:
        if error.code in _NOT_AT_HAND and issuer_id in case.material.unreachable:
            raise ProofInvalid("key_unavailable", "The issuer's keys could not be had.") from None
        raise


def _check_signature(case: Case, proof: Proof, key: IssuerKey) -> None:
    if isinstance(proof, CompactJws):
        verify_compact(proof, key.key)
        return
    links = _links(case, proof)
    data_integrity.verify(case.credential.document, proof, key.key, contexts=case.material.contexts)
    for link in links:
        _check_link(case, link)


def _links(case: Case, proof: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Every proof that this one builds on, and those that they build on: each must hold (Data Integrity 1.0, 4.4).

    Raises ProofInvalid `proof_chain` when one is not there, or builds on this one.
    """
    by_id = {item["id"]: item for item in case.credential.proofs if isinstance(item.get("id"), str)}
    pending, found = list(texts(proof, "previousProof")), dict[str, Mapping[str, Any]]()
    while pending:
        name = pending.pop()
        if name not in by_id or by_id[name] is proof:
            raise ProofInvalid("proof_chain")
        if name not in found:
            found[name] = by_id[name]
            pending.extend(texts(by_id[name], "previousProof"))
    return list(found.values())


def _check_link(case: Case, proof: Mapping[str, Any]) -> None:
    """A previous proof holds by itself: its signature, its times, and its key at that time."""
    try:
        key = _key(case, proof)
        data_integrity.verify(case.credential.document, proof, key.key, contexts=case.material.contexts)
        _check_time(proof, case.at)
        check_signing_time(key, signed_at(case, proof), case.first_seen)
    except CredentialError as error:
        if error.code in INDETERMINATE:
            raise
        raise ProofInvalid("proof_chain") from None


def _check_coverage(credential: Credential, proof: Proof) -> None:
    """What is read is what was signed: a JWS and canonical JSON cover the JSON, RDF only what becomes of it there."""
    if not isinstance(proof, CompactJws) and data_integrity.suite_of(proof).over_rdf:
        check_nodes_apart(without_proof(credential.document))


def _check_time(proof: Proof, at: datetime) -> None:
    """Not made later than now, five minutes of clock skew allowed, and not expired; else `proof_time`."""
    if not isinstance(proof, CompactJws):
        data_integrity.check_times(proof, at)
        return
    jwt_times.check_times(proof, at)
