"""The part of verification that every kind of credential shares: is this document secured by its issuer's key?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from credentials.checks import Check, Outcome, Verdict, Verification
from credentials.claims import without_proof
from credentials.contexts import ContextSet, check_contexts
from credentials.credential import Credential
from credentials.data_integrity import Disclosed
from credentials.errors import CredentialError, ProofInvalid
from credentials.identifiers import check_identifiers
from credentials.profile import check_shape
from credentials.proof_check import STEPS, Case, CheckedProof, attempt, check_proof, covered_by, proofs, signed_at
from credentials.sd_jwt_credential import payload_digest
from credentials.shape import Contents
from credentials.verification_material import IssuerKey, VerificationMaterial
from credentials.withheld import chooses_results, disclosed_contents, disclosure_checks, shown_by

_OUTCOMES: Final[Mapping[Verdict, Outcome]] = {
    "valid": Outcome.PASSED,
    "invalid": Outcome.FAILED,
    "indeterminate": Outcome.COULD_NOT_BE_CHECKED,
}
NAMES: Final = ("shape", "contexts", "identifiers", "proof", *STEPS)


@dataclass(frozen=True, slots=True)
class Secured:
    """What the signature of an issuer covers: the document without proofs, and its contents; the key relied on and the
    time it claims to have signed.

    `payload_digest` is given where the holder chose what of the document to disclose: the digest of what the issuer
    signed, the same for each choice (`data_integrity.disclosed`, `sd_jwt_credential.payload_digest`). `list_chosen`:
    the holder may also have chosen which of its results the achievement describes.
    """

    document: Mapping[str, Any]
    contents: Contents
    key: IssuerKey
    signed_at: datetime
    payload_digest: bytes | None = None
    list_chosen: bool = False


def secured(
    credential: Credential, material: VerificationMaterial, at: datetime, first_seen: datetime | None
) -> tuple[Verification, Secured | None]:
    """Checks 1 to 11 of `credentials.verify.verify`, and what is secured unless one of them failed."""
    verification, found = _structure(credential, material.contexts)
    if verification.verdict != "valid" or found is None:
        return verification, None
    case = Case(credential, found, material, at, first_seen)
    checked = [check_proof(case, proof) for proof in proofs(credential)]
    relied_on = min(checked, key=partial(_rank, found.issuer_id))
    shown = shown_by(case, relied_on)
    further = (
        *relied_on.verification.checks,
        *_others(checked, relied_on, all_must_hold=material.all_proofs),
        *_signers(checked, material),
        *disclosure_checks(case, shown),
    )
    verification = verification.with_checks(further)
    if verification.verdict == "invalid" or relied_on.key is None:
        return verification, None
    return verification, _covered(case, relied_on, relied_on.key, shown)


def _covered(case: Case, relied_on: CheckedProof, key: IssuerKey, shown: Disclosed | None) -> Secured:
    proof, sd_jwt = relied_on.proof, case.credential.sd_jwt
    digest = payload_digest(sd_jwt) if sd_jwt else shown.payload if shown else None
    chosen = digest is not None and chooses_results(case, shown)
    return Secured(covered_by(case, proof), case.contents, key, signed_at(case, proof), digest, chosen)


def _structure(credential: Credential, allowed: ContextSet) -> tuple[Verification, Contents | None]:
    """Checks 1 to 4 and the contents; the first check that fails ends them."""
    document = credential.document
    try:
        found = disclosed_contents(credential)
    except CredentialError as error:
        return Verification().with_check(Check.from_error("shape", error)), None
    checks = [Check.passed("shape")]
    steps = {
        "contexts": lambda: check_contexts(document, allowed),
        "identifiers": lambda: _check_nodes(document, allowed),
        "proof": lambda: proofs(credential),
    }
    for name, step in steps.items():
        checks.append(attempt(name, step))
        if checks[-1].outcome is not Outcome.PASSED:
            break
    return Verification().with_checks(checks), found


def _check_nodes(document: Mapping[str, Any], allowed: ContextSet) -> None:
    check_identifiers(document)
    check_shape(without_proof(document), allowed)


def _rank(issuer_id: str, checked: CheckedProof) -> tuple[int, bool, int]:
    """The best verdict first; among refused proofs the issuer's own, and of these the one that got furthest: it says
    most about what is wrong.
    """
    verdict = ("valid", "indeterminate", "invalid").index(checked.verification.verdict)
    foreign = checked.key is None or checked.key.controller != issuer_id
    return verdict, foreign, -len(checked.verification.checks)


def _others(checked: list[CheckedProof], relied_on: CheckedProof, *, all_must_hold: bool) -> Iterator[Check]:
    """A report of each proof that is not relied on: its failure is a warning only, for any one proof suffices, unless
    all of them must hold (Data Integrity 1.0, 4.5).
    """
    for number, other in enumerate(checked, 1):
        if other is relied_on:
            continue
        verdict, code = other.verification.verdict, other.verification.code
        demanded = all_must_hold and not _is_of_another_party(other)
        outcome = _OUTCOMES[verdict] if demanded else Outcome.WARNING if code else Outcome.PASSED
        yield Check(0, f"proof_{number}", outcome, code, "A further proof, which is not relied on.")


def _is_of_another_party(other: CheckedProof) -> bool:
    """Whether the proof holds in every way but for being the issuer's: a witness's, who signs beside the issuer."""
    wrong = [check.name for check in other.verification.checks if check.outcome is not Outcome.PASSED]
    return wrong == ["issuer_binding"]


def _signers(checked: list[CheckedProof], material: VerificationMaterial) -> Iterator[Check]:
    if material.required_signers:
        missing = material.required_signers - {proof.signer for proof in checked}
        yield attempt("required_signers", lambda: _refuse_missing(len(missing)))


def _refuse_missing(count: int) -> None:
    if count:
        raise ProofInvalid("missing_required_signer", "{count} required proofs are missing.", count=count)
