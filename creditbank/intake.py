"""Before any transaction: admitting and claiming a verified credential, so that the counter only books."""

import hashlib
from dataclasses import dataclass
from typing import Any

from credentials.checks import Verification
from credentials.claims import SecuredClaims
from creditbank import badge_facts, issuance_rules
from creditbank.caller import Caller
from creditbank.claim import Claim, IssuerFacts, claim, earned_on
from creditbank.errors import Refused
from creditbank.foreign_lists import BADGE_LIST
from creditbank.identity import PlainIdentifier, identifiers_of
from creditbank.office import Office
from creditbank.store.requests import RequestKey
from creditbank.transactions.prepared import PreparedDeposit

HOLDABLE = frozenset(
    {
        "status_unavailable", "status_unverified", "status_stale", "status_recursion", "status_type_unsupported",
        "signing_time_unproven", "schema_unavailable", "not_disclosed",
    }
)  # fmt: skip
"""What could not be checked now and may be checked later: such a deposit is held, never counted."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A credential as it was handed in: the bytes, by whom, with which plain identifiers, under which request key.

    `kept` is what lies in the learner's book instead of the bytes: a badge that the bank signed, with its base proof.
    """

    data: bytes
    media_type: str | None
    caller: Caller
    identifiers: tuple[PlainIdentifier, ...] = ()
    idempotency_key: str | None = None
    issued_by: str | None = None
    kept: bytes | None = None

    def request(self) -> RequestKey | None:
        """The request's key and the digest of all that was asked."""
        if self.idempotency_key is None:
            return None
        digest = hashlib.sha256(self.data)
        for item in self.identifiers:
            digest.update(f"\x00{item.type}\x00{item.value}".encode())
        return RequestKey(self.caller.client_id, self.idempotency_key, digest.digest())


def admissible(verification: Verification) -> SecuredClaims:
    """The claims, if this may be deposited at all: verified, or verified but for what can be checked later.

    Raises Refused with the check's own code and sentence.
    """
    claims = verification.claims
    if verification.verdict == "valid":
        if claims is None:
            raise Refused("no_achievement", "This credential is genuine, but it states no achievement to be credited.")
        return claims
    if verification.verdict == "indeterminate" and verification.code in HOLDABLE and claims:
        return claims
    decisive = next((check for check in verification.checks if check.code == verification.code), None)
    message = decisive.message if decisive else "The credential was not verified."
    raise Refused(verification.code or "not_verified", message)


def prepare(
    posted: Posted,
    verification: Verification,
    issuer: IssuerFacts | None,
    office: Office,
    issuance: issuance_rules.Published,
) -> PreparedDeposit:
    """From a verification to what the counter books. Raises Refused; nothing has been booked, logged or fetched.

    `issuance` are the bank's own rules of issuance that the credential names.
    """
    claims = admissible(verification)
    deposit_id = office.new_id()
    claimed = claim(claims, issuer, str(deposit_id), office.today())
    if verification.verdict != "valid":
        claimed = Claim(None, verification.code)
    speaks = posted.caller.issuer_id is not None and issuer is not None and posted.caller.issuer_id == issuer.issuer_id
    return PreparedDeposit(
        deposit_id=deposit_id,
        new_book=office.new_id(),
        issuer_did=claims.issuer_id,
        credential_id=claims.credential_id or f"urn:sha256:{claims.content_digest.hex()}",
        content_digest=claims.content_digest,
        valid_from=claims.valid_from,
        earned_on=earned_on(claims),
        identifiers=identifiers_of(office.vault, claims, posted.identifiers, issuer_speaks=speaks),
        document=posted.kept or posted.data,
        claim=claimed,
        facts=_facts(claims, claimed, issuance),
        key_thumbprint=claims.key_thumbprint,
        signed_at=claims.signed_at,
        actor=posted.caller.client_id,
        confined_to=posted.caller.book_id,
        discreet=posted.caller.role == "issuer" and not speaks,
        issued_by=posted.issued_by,
        request=posted.request(),
    )


def _facts(claims: SecuredClaims, claimed: Claim, issuance: issuance_rules.Published) -> dict[str, Any]:
    """What the record shows of a deposit whether or not it could be credited; nothing personal."""
    achievement = claims.achievement
    return {
        "title": dict(achievement.name) if achievement else {},
        "achievement": achievement.id if achievement else None,
        "earned_on": earned_on(claims).isoformat(),
        "detail": claimed.detail,
        **_revocation_list(claims),
        **issuance_rules.flags(claims, issuance),
        **badge_facts.not_taken(claims),
    }


def _revocation_list(claims: SecuredClaims) -> dict[str, str]:
    """Where an Open Badges 2.0 issuer revokes: only its profile says so, and the sweep has to know."""
    badge = claims.document.get("badge")
    issuer = badge.get("issuer") if isinstance(badge, dict) else None
    url = issuer.get("revocationList") if isinstance(issuer, dict) else None
    return {BADGE_LIST: url} if isinstance(url, str) else {}
