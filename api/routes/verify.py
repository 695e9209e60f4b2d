"""Verification for anybody: every check by name, without an account."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.door import StrictRoute
from api.handed_in import RAW_BODY, HandedIn, handed_in
from api.schemas.common import Level
from api.schemas.credentials import CheckResult, Recorded, RegisteredIssuer, Secured, VerificationResult
from api.schemas.deposits import Credits
from api.schemas.verification import ReportView
from api.services import Desk, Services
from credentials.checks import Check, Verification
from credentials.claims import SecuredClaims
from credentials.errors import CredentialError, UnsupportedFormat
from credentials.report import Report, report, unreadable
from credentials.report_sentences import accepted_languages, choose_language
from creditbank.offline.presented import presented
from creditbank.store.deposits import StoredDeposit
from creditbank.verdict import Verified
from creditbank.verification_receipt import Verifier, issue_receipt
from recognition_rules.credits import render_amount

router = APIRouter(route_class=StrictRoute, tags=["Verification"])


@router.post(
    "/verify", operation_id="verifyCredential", summary="Verify a credential in any format", openapi_extra=RAW_BODY
)
async def verify(
    request: Request,
    response: Response,
    desk: Desk,
    receipt: Annotated[bool, Query(description="Ask for a signed receipt of the verification.")] = False,
    accept_language: Annotated[str | None, Header(description="The report's language: en, zh-Hans, ko, hi.")] = None,
) -> VerificationResult:
    """No account is needed and nothing is kept. 200 with the verdict, for what is forged or broken too.

    The receipt is a compact JWS of the type `verification-receipt+jwt` under a key of `/.well-known/jwks.json`; it is
    about the SHA-256 of the credential's bytes as handed in, and of the report's canonical form (RFC 8785).
    """
    given = await handed_in(request)
    language = choose_language(accepted_languages(accept_language))
    response.headers.update({"Content-Language": language, "Vary": "Accept-Language"})
    return await run_in_threadpool(_verified, desk, given, language, receipt)


def _verified(desk: Services, given: HandedIn, language: str, receipt: bool) -> VerificationResult:
    found, verification = _examined(desk, given)
    registered = _registered(desk, found) if found and _is_secured(verification) else None
    told = report(verification, desk.bank.office.clock(), language, found.names if found else {})
    return VerificationResult(
        verdict=verification.verdict,
        code=verification.code,
        checks=[_check(check) for check in verification.checks],
        claimed_issuer=found.credential.issuer_id if found and _is_secured(verification) else None,
        registered_issuer=registered,
        secured=_secured(verification.claims) if verification.claims else None,
        record=_record(found.deposit) if found and found.deposit else None,
        report=ReportView.model_validate(told.to_json()),
        receipt=_receipt(desk, given, verification, told) if receipt else None,
    )


def _examined(desk: Services, given: HandedIn) -> tuple[Verified | None, Verification]:
    """Bytes that are no credential at all are as invalid as any."""
    try:
        found = desk.bank.verify(given.data, given.media_type)
    except CredentialError as error:
        return None, unreadable(_pointing_on(error, given.data))
    return found, found.verification


def _pointing_on(error: CredentialError, data: bytes) -> CredentialError:
    """The refusal of what is no credential; that of a presentation says where those are verified."""
    if presented(data) is None:
        return error
    said = "This is a presentation of credentials, not a credential: `POST /presentations/verify` verifies it."
    return UnsupportedFormat("unsupported_format", said)


def _is_secured(verification: Verification) -> bool:
    """Whether a signature holds, so that who the credential is from may be told."""
    return verification.claims is not None or verification.verdict == "valid"


def _receipt(desk: Services, given: HandedIn, verification: Verification, told: Report) -> str:
    office, bank = desk.bank.office, desk.bank
    verifier = Verifier(desk.public_url, office.vault.statement_key, bank.checkpoint())
    return issue_receipt(verifier, office.new_id(), office.clock(), given.data, verification, told)


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
