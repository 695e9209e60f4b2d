"""Verification for anybody: every check by name, without an account."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from api.door import StrictRoute
from api.handed_in import RAW_BODY, HandedIn, handed_in
from api.schemas.common import Level
from api.schemas.credentials import CheckResult, Recorded, RegisteredIssuer, Secured, VerificationResult
from api.schemas.deposits import Credits
from api.services import Desk, Services
from credentials.checks import Check, Outcome
from credentials.claims import SecuredClaims
from credentials.errors import CredentialError
from creditbank.store.deposits import StoredDeposit
from creditbank.verdict import Verified
from recognition_rules.credits import render_amount

router = APIRouter(route_class=StrictRoute, tags=["Verification"])


@router.post(
    "/verify", operation_id="verifyCredential", summary="Verify a credential in any format", openapi_extra=RAW_BODY
)
async def verify(request: Request, desk: Desk) -> VerificationResult:
    """No account is needed and nothing is kept. 200 with the verdict, for what is forged or broken too."""
    given = await handed_in(request)
    return await run_in_threadpool(_verified, desk, given)


def _verified(desk: Services, given: HandedIn) -> VerificationResult:
    try:
        found = desk.bank.verify(given.data, given.media_type)
    except CredentialError as error:
        return _unreadable(error)
    verification = found.verification
    return VerificationResult(
        verdict=verification.verdict,
        code=verification.code,
        checks=[_check(check) for check in verification.checks],
        claimed_issuer=found.credential.issuer_id,
        registered_issuer=_registered(desk, found),
        secured=_secured(verification.claims) if verification.claims else None,
        record=_record(found.deposit) if found.deposit else None,
    )


def _unreadable(error: CredentialError) -> VerificationResult:
    """Bytes that are no credential at all are as invalid as any."""
    check = Check.from_error("form", error, Outcome.FAILED)
    return VerificationResult(
        verdict="invalid", code=error.code, checks=[_check(check)], claimed_issuer=None, registered_issuer=None,
        secured=None, record=None,
    )  # fmt: skip


def _check(check: Check) -> CheckResult:
    return CheckResult(
        number=max(check.number, 1), name=check.name, outcome=check.outcome.value, code=check.code,
        message=check.message,
    )  # fmt: skip


def _registered(desk: Services, found: Verified) -> RegisteredIssuer | None:
    if found.issuer is None:
        return None
    row = desk.administration.issuer(found.issuer.issuer_id)
    return RegisteredIssuer(id=row.issuer_id, did=row.did, name=row.name, kind=row.kind, country=row.country)


def _secured(claims: SecuredClaims) -> Secured:
    achievement, amount = claims.achievement, claims.credits_earned
    unit = achievement.unit or "unknown"
    return Secured(
        issuer=claims.issuer_id,
        credential_id=claims.credential_id,
        types=list(claims.types),
        learner=claims.subject_id,
        title=dict(achievement.name),
        achievement=achievement.id,
        credits=None if amount is None else Credits(amount=render_amount(amount), unit=unit),
        levels=[Level.model_construct(framework=framework, value=value) for framework, value in achievement.levels],
        activity_start=claims.activity_start,
        activity_end=claims.activity_end,
        valid_from=claims.valid_from,
        valid_until=claims.valid_until,
        signed_at=claims.signed_at,
    )


def _record(stored: StoredDeposit) -> Recorded:
    return Recorded(
        state=stored.state, reason=stored.reason, since=stored.since, received_at=stored.received_at,
        version=stored.version,
    )  # fmt: skip
