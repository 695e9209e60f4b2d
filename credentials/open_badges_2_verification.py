"""Verify Open Badges 2.0 and 1.x by checks of the same names as every other credential's. Nothing is fetched.

A hosted assertion holds because its issuer serves it: what is read is what the address served, never the copy that was
handed in. A signed one holds by its JWS under a key that the issuer's own profile names (Open Badges 2.0, section 5).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from credentials.checks import Check, Outcome, Verification
from credentials.claims import SecuredClaims, content_digest, sealed
from credentials.credential import Credential
from credentials.errors import ContextRefused, CredentialError, MalformedCredential, ProofInvalid, StatusInvalid
from credentials.iris import check_iri
from credentials.jws import verify_compact
from credentials.members import Object, items, text
from credentials.open_badges_2 import (
    CONTEXTS,
    Assertion,
    assertion,
    badge_class,
    hosted,
    hosted_address,
    is_fetchable,
    is_reference,
    presented,
    profile,
)
from credentials.open_badges_2_keys import check_hosted_scope, signing_key
from credentials.open_badges_2_revocation import check_not_listed, check_not_withdrawn, is_withdrawn
from credentials.open_badges_2_subject import has_weak_hash, subject
from credentials.proof_check import attempt
from credentials.secured import NAMES as SECURED_NAMES
from credentials.shape import has_deceptive_text
from credentials.verification_material import VerificationMaterial, check_signing_time

_CLOCK_SKEW: Final = timedelta(minutes=5)
_FRESH_FOR: Final = timedelta(hours=24)
"""For how long what an address served says that a badge is not withdrawn: neither it nor the standard says so."""
NAMES: Final = (*SECURED_NAMES, "validity_period", "status", "schema")
_NOT_COMPARED: Final = frozenset(
    {"@context", "id", "type", "image", "verification", "verify", "revoked", "revocationReason"}
)


@dataclass(frozen=True, slots=True)
class _Case:
    """An assertion to be verified with what was gathered: at which time, and when it was first seen in the log."""

    credential: Credential
    material: VerificationMaterial
    at: datetime
    first_seen: datetime | None

    @property
    def documents(self) -> Mapping[str, Any]:
        return self.material.documents

    @property
    def address(self) -> str | None:
        """Where a hosted assertion is served; None for a signed one."""
        return hosted_address(self.credential.document)

    def document(self) -> Object:
        """The assertion that holds if the checks do: as served for a hosted one, else the payload of the JWS."""
        return self.credential.document if self.address is None else hosted(self.address, self.documents)

    def assertion(self) -> Assertion:
        return assertion(self.document())

    def badge(self) -> Object:
        return badge_class(self.assertion(), self.documents)

    def issuer(self) -> Object:
        return profile(self.badge(), self.documents)


def verify(
    credential: Credential, material: VerificationMaterial, at: datetime, first_seen: datetime | None = None
) -> Verification:
    """Every check by name, as `credentials.verify.verify`; never raises on a bad assertion.

    Documents are looked up in `material.documents` by their addresses; what is not there makes the answer
    `could_not_be_checked`, `document_unavailable`; one fetched over 24 hours before `at`
    (`material.documents_fetched_at`) no longer tells that the badge was not withdrawn: `status_stale`. For a hosted
    badge `key`, `key_validity` and `coverage` have nothing to check, `signature` says that its address serves it, and
    `issuer_binding` that its issuer publishes there. Of the claims `credits_earned` is always None: Open Badges 2.0 has
    no member for it.
    """
    case = _Case(credential, material, at, first_seen)
    verification = Verification()
    if _is_withdrawn(case):
        return _ended(verification.with_check(Check.from_error("status", StatusInvalid("revoked"))))
    for name, step in _steps(case).items():
        verification = verification.with_check(_attempt(name, partial(step, case)))
        if verification.verdict != "valid":
            return _ended(verification)
    for check in _after_proof(case):
        verification = verification.with_check(check)
    return Verification(verification.checks, _claims(case))


def _attempt(name: str, step: Callable[[], object]) -> Check:
    """As `attempt`: a document that is not at hand says nothing against the badge."""
    check = attempt(name, step)
    return replace(check, outcome=Outcome.COULD_NOT_BE_CHECKED) if check.code == "document_unavailable" else check


def _steps(case: _Case) -> Mapping[str, Callable[[_Case], object]]:
    """Checks 1 to 10, each resting on those before it."""
    is_hosted = case.credential.jws is None or _says_hosted(case)
    return {
        "shape": _check_shape,
        "contexts": _check_contexts,
        "identifiers": _check_identifiers,
        "proof": _check_proof,
        "key": _no_key if is_hosted else _key,
        "signature": _check_served if is_hosted else _check_signature,
        "coverage": _check_readable,
        "proof_time": _check_issued_on,
        "key_validity": _no_key if is_hosted else _check_key_validity,
        "issuer_binding": _check_scope if is_hosted else _check_owner,
    }


def _says_hosted(case: _Case) -> bool:
    try:
        return case.address is not None
    except CredentialError:
        return False  # the shape is wrong, and check 1 says so


def _check_shape(case: _Case) -> None:
    assertion(_presented(case))


def _presented(case: _Case) -> Object:
    """What was handed in, or what its address served where that is all there is."""
    return presented(case.credential, case.documents)


def _check_contexts(case: _Case) -> None:
    """An Open Badges context, and no definitions of one's own; version 1.0 knew no contexts."""
    document = _presented(case)
    named = items(document, "@context")
    if "@context" in document and not any(name in CONTEXTS for name in named):
        raise ContextRefused("context_not_allowed", reason="no Open Badges context")
    if not all(isinstance(name, str) for name in named):
        raise ContextRefused("context_not_allowed", reason="definitions of its own")


def _check_identifiers(case: _Case) -> None:
    found = assertion(_presented(case))
    if found.address is not None and not is_fetchable(found.address):
        raise ContextRefused("malformed_iri", pointer="/id")
    if "id" in _presented(case):
        check_iri(found.id, "/id")


def _check_proof(case: _Case) -> None:
    if case.address is None and case.credential.jws is None:
        raise ProofInvalid("no_proof")


def _no_key(_: _Case) -> None:
    """A hosted assertion has no key."""


def _check_readable(case: _Case) -> None:
    """A JWS, and an address, stand for the whole of the JSON; learner and badge class can be read from it."""
    subject(case.assertion(), case.badge())
    content_digest(case.document())  # a document that somebody gathered without reading it strictly has none


def _key(case: _Case) -> None:
    signing_key(case.assertion(), case.issuer(), case.material)


def _check_signature(case: _Case) -> None:
    if case.credential.jws is None:
        raise ProofInvalid("no_proof")
    verify_compact(case.credential.jws, signing_key(case.assertion(), case.issuer(), case.material).key)


def _check_served(case: _Case) -> None:
    """The address serves this assertion as its own, and the copy handed in says nothing else."""
    served, address = case.document(), case.address
    if served.get("id", address) != address:
        raise ProofInvalid("hosted_mismatch", member="id")
    if is_reference(case.credential):
        return
    mine, other = assertion(case.credential.document), assertion(served)
    if other.address != address:
        raise ProofInvalid("hosted_mismatch", member="verification")
    if (mine.issued_on, mine.expires) != (other.issued_on, other.expires):
        raise ProofInvalid("hosted_mismatch", member="dates")
    for member in case.credential.document.keys() - _NOT_COMPARED - {"issuedOn", "expires"}:
        if not _same(case.credential.document[member], served.get(member)):
            raise ProofInvalid("hosted_mismatch", member="another member")


def _same(mine: object, other: object) -> bool:
    """Whether two values say the same; an object may stand for its address and the other way round."""
    if isinstance(mine, dict) and isinstance(other, str):
        return mine.get("id") == other
    if isinstance(other, dict) and isinstance(mine, str):
        return other.get("id") == mine
    return mine == other and isinstance(mine, bool) == isinstance(other, bool)


def _is_withdrawn(case: _Case) -> bool:
    """Whether the address says that the assertion is revoked and no more, as it may (Open Badges 2.0, `revoked`)."""
    try:
        served = {} if case.address is None else case.document()
    except CredentialError:
        return False
    return is_withdrawn(served) and "badge" not in served


def _check_issued_on(case: _Case) -> None:
    if case.assertion().issued_on > case.at + _CLOCK_SKEW:
        raise ProofInvalid("proof_time", reason="issued in the future")


def _check_key_validity(case: _Case) -> None:
    key = signing_key(case.assertion(), case.issuer(), case.material)
    check_signing_time(key, case.assertion().issued_on, case.first_seen)


def _check_scope(case: _Case) -> None:
    found = case.assertion()
    check_hosted_scope(found.address or found.id, case.issuer())


def _check_owner(case: _Case) -> None:
    """The key's owner is the issuer, whose profile names it: `signing_key` gives no other."""
    if signing_key(case.assertion(), case.issuer(), case.material).controller != case.issuer()["id"]:
        raise ProofInvalid("key_issuer_mismatch")


def _after_proof(case: _Case) -> Iterator[Check]:
    """Checks 12 to 15, each on its own."""
    yield attempt("validity_period", partial(_check_period, case))
    yield _status(case)
    yield Check.passed("schema", "The badge asks for no JSON Schema.")
    if has_deceptive_text({"assertion": case.document(), "badge": case.badge()}):
        message = "A text holds invisible or direction-changing characters; show it isolated."
        yield Check(0, "text", Outcome.WARNING, "deceptive_text", message)
    if has_weak_hash(case.assertion()):
        yield Check.from_error("recipient", MalformedCredential("weak_identity_hash"), Outcome.WARNING)


def _check_period(case: _Case) -> None:
    expires = case.assertion().expires
    if expires is not None and case.at > expires:
        raise MalformedCredential("expired")


def _status(case: _Case) -> Check:
    if case.address is None and "revocationList" not in case.issuer():
        return Check.from_error("status", StatusInvalid("no_revocation_list"), Outcome.WARNING)
    return attempt("status", partial(_check_status, case))


def _check_status(case: _Case) -> None:
    """Not revoked: by its address if hosted, by the issuer's revocation list if signed, which must be at hand then.

    A withdrawal stands however long ago it was fetched; that there is none is believed for a day.
    """
    check_not_withdrawn(case.document())
    issuer, names = case.issuer(), {case.assertion().id, case.document().get("uid")}
    address = text(issuer, "revocationList")
    if address is not None and (case.address is None or address in case.documents):
        check_not_listed(address, issuer["id"], names, case.documents)
    _check_fresh(case, case.address or address)


def _check_fresh(case: _Case, address: str | None) -> None:
    """What decided was fetched within a day before; where nobody says when, it was fetched for this verification."""
    fetched_at = case.material.documents_fetched_at.get(address or "")
    if fetched_at is not None and case.at - fetched_at > _FRESH_FOR:
        raise StatusInvalid("status_stale")


def _claims(case: _Case) -> SecuredClaims:
    """What the issuer vouches for. The document shows the badge class and the issuer where they were only named."""
    found, badge, issuer, document = case.assertion(), case.badge(), case.issuer(), case.document()
    key = None if case.address is not None else signing_key(found, issuer, case.material)
    return sealed(
        issuer_id=issuer["id"],
        credential_id=found.id,
        types=("Assertion",),
        valid_from=found.issued_on,
        valid_until=found.expires,
        subject=subject(found, badge),
        verification_method=key.verification_method if key else found.id,
        key_thumbprint=key.key.thumbprint() if key else "",
        signed_at=found.issued_on,
        status_entries=(),
        document={**document, "badge": {**badge, "issuer": issuer}},
    )


def _ended(verification: Verification) -> Verification:
    """The verification with the checks that an earlier failure left undone, and without claims."""
    done = {check.name for check in verification.checks}
    for name in NAMES:
        if name not in done:
            verification = verification.with_check(Check.not_reached(name))
    return verification
