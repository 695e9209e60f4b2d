"""Credentials that the bank signs for institutions: issued and deposited in one go, read, revoked, suspended."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api import counter
from api.auth import holding
from api.door import StrictRoute
from api.handed_in import plain
from api.outcomes import draft
from api.requests import CREATED, DONE, IdempotencyKey, Once, RawBody, question
from api.schemas.common import Name
from api.schemas.credentials import IssuedCredential, NewCredential, StatusResult
from api.schemas.deposits import Reason
from api.services import Desk, Services
from creditbank.caller import Caller
from creditbank.errors import NotFound, Refused
from creditbank.store.deposits import StoredDeposit
from creditbank.store.requests import RequestKey

router = APIRouter(route_class=StrictRoute, tags=["Credentials"])
Signer = Annotated[Caller, holding("credentials:issue")]
StatusHolder = Annotated[Caller, holding("credentials:status")]
Reader = Annotated[Caller, holding("deposits:read")]


@router.post(
    "/credentials",
    status_code=CREATED,
    response_model=IssuedCredential,
    operation_id="issueCredential",
    summary="Sign a learning outcome and deposit it",
)
def issue(
    request: Request, body: NewCredential, caller: Signer, desk: Desk, key: IdempotencyKey, raw: RawBody
) -> Response:
    """With the institution's hosted key. The answer has the signed credential, the deposit and its receipt.

    Under an Idempotency-Key the same request gives the same credential (200), however often it is asked.
    """
    issuer_id = _issuer(body, caller)
    caller.confine_to_issuer(issuer_id)
    given = plain(body.learner.identifiers)
    outcome = draft(desk, issuer_id, body)
    posted = desk.bank.issue(caller, issuer_id, outcome, body.format, given, suspendable=body.suspendable)
    item = desk.bank.prepare(posted)
    if key is not None:
        item = replace(item, request=RequestKey(caller.client_id, key, question(request, raw)))
    acknowledged = desk.gatherer.deposit(item).result()
    answer = IssuedCredential(
        **_document(desk, desk.bank.stored(acknowledged.outcome.deposit_id)), deposit=counter.result(acknowledged)
    )
    return Response(answer.model_dump_json(), counter.status(acknowledged), media_type="application/json")


def _issuer(body: NewCredential, caller: Caller) -> str:
    issuer_id = body.issuer or caller.issuer_id
    if issuer_id is None:
        raise Refused("issuer_missing", "An administrator says for which institution this is issued.")
    return issuer_id


def _document(desk: Services, stored: StoredDeposit) -> dict[str, str]:
    data = desk.bank.document(stored.deposit_id)
    return {"credential_id": stored.credential_id, "media_type": media_type_of(data), "credential": data.decode()}


def media_type_of(data: bytes) -> str:
    """The media type of a credential that the bank signed: a compact JWS, an SD-JWT, or JSON with a proof."""
    if not data.startswith(b"eyJ"):
        return "application/vc"
    return "application/vc+sd-jwt" if b"~" in data else "application/vc+jwt"


@router.get(
    "/credentials/{credential_id}",
    operation_id="readCredential",
    summary="A credential that the bank signed",
    response_class=Response,
    responses={DONE: {"content": {"application/vc+jwt": {}, "application/vc+sd-jwt": {}, "application/vc": {}}}},
)
def read_credential(credential_id: Name, caller: Reader, desk: Desk) -> Response:
    """As signed, for the institution that issued it and the learner whose it is.

    With ecdsa-sd-2023 or as SD-JWT this is the learner's own: what verifiers are shown is derived or chosen from it.
    """
    data = desk.bank.document(desk.lookups.issued(caller, credential_id).deposit_id)
    return Response(data, media_type=media_type_of(data))


def _own(caller: Caller, desk: Services, credential_id: str) -> UUID:
    """The deposit of a credential whose status the caller may change. Raises NotFound `credential_not_found`."""
    if caller.role not in ("administrator", "issuer"):
        raise NotFound("credential")
    return desk.lookups.issued(caller, credential_id).deposit_id


def _view(stored: StoredDeposit) -> StatusResult:
    return StatusResult(
        credential_id=stored.credential_id, deposit_id=stored.deposit_id, state=stored.state, reason=stored.reason
    )


@router.post("/credentials/{credential_id}/revocation", operation_id="revokeCredential", summary="Revoke a credential")
def revoke(credential_id: Name, body: Reason, caller: StatusHolder, desk: Desk, once: Once) -> StatusResult:
    """For good. Its credits are taken back, and what rested on them is decided anew, at once."""
    _own(caller, desk, credential_id)
    bank = once.bank(_view, DONE)
    return _view(bank.set_status(caller, credential_id, "revocation", value=True, reason=body.reason))


@router.post(
    "/credentials/{credential_id}/suspension", operation_id="suspendCredential", summary="Suspend a credential"
)
def suspend(credential_id: Name, body: Reason, caller: StatusHolder, desk: Desk, once: Once) -> StatusResult:
    """Until it is reinstated; meanwhile its credits do not count. Needs one issued as `suspendable`."""
    _own(caller, desk, credential_id)
    bank = once.bank(_view, DONE)
    return _view(bank.set_status(caller, credential_id, "suspension", value=True, reason=body.reason))


@router.post(
    "/credentials/{credential_id}/reinstatement", operation_id="reinstateCredential", summary="Lift a suspension"
)
def reinstate(credential_id: Name, body: Reason, caller: StatusHolder, desk: Desk) -> StatusResult:
    """Verified anew, the credential is credited again. Asked twice, the second finds the status unchanged (409)."""
    _own(caller, desk, credential_id)
    return _view(desk.bank.set_status(caller, credential_id, "suspension", value=False, reason=body.reason))
