"""Deposits: one credential, or many in one request, each standing for itself; what is on record; held ones again."""

import asyncio
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api import counter
from api.auth import holding
from api.door import StrictRoute
from api.errors import RequestError, ValueRefused
from api.handed_in import RAW_BODY, handed_in, unwrapped
from api.middleware import REQUEST_ID
from api.problems import as_problem
from api.requests import CREATED, DONE, Cursor, IdempotencyKey, Limit, after_of, cursor_of
from api.schemas.common import Page, Tongue
from api.schemas.deposits import Batch, BatchItem, BatchResult, Deposit, DepositResult, ItemResult
from api.services import Desk, Services
from credentials.errors import CredentialError
from creditbank.caller import Caller
from creditbank.errors import BankError
from creditbank.gather import Acknowledgement
from creditbank.intake import Posted
from creditbank.transactions.prepared import PreparedDeposit
from issuers.errors import IssuerError
from recognition_rules.errors import RuleError

router = APIRouter(route_class=StrictRoute, tags=["Deposits"])
Depositor = Annotated[Caller, holding("deposits:write")]
Reader = Annotated[Caller, holding("deposits:read")]
REFUSALS = (BankError, CredentialError, IssuerError, RuleError, RequestError)
IN_PARTS = 207
ON_RECORD = {
    DONE: {"model": DepositResult, "description": "The same deposit is on record already."},
    IN_PARTS: {"model": BatchResult, "description": "A learner record: one result for each credential inside."},
}


@router.post(
    "/deposits",
    status_code=CREATED,
    response_model=DepositResult,
    responses=ON_RECORD,  # type: ignore[arg-type]
    operation_id="deposit",
    summary="Deposit a signed credential",
    openapi_extra=RAW_BODY,
)
async def deposit(request: Request, caller: Depositor, desk: Desk, key: IdempotencyKey) -> Response:
    """201: credited, or held with the reason. 200: on record already. 422: refused, and nothing was booked.

    207: a learner record (CLR 2.0): one result a credential inside, in order; the record itself is not credited.
    The answer goes out after the commit that holds the posting and its log entry, and carries the receipt.
    """
    posted = (await handed_in(request)).posted(caller, key)
    parts = await run_in_threadpool(desk.bank.prepare_parts, posted)
    if parts is not None:
        return await _in_parts(desk, parts, request.scope[REQUEST_ID])
    item = await run_in_threadpool(desk.bank.prepare, posted)
    return counter.answer(await counter.booked(desk, item))


async def _in_parts(desk: Services, parts: Sequence[Posted], request_id: str) -> Response:
    """Each credential of a record as one item of a batch: what refuses one leaves the others as they are."""
    found = await run_in_threadpool(lambda: [_prepare(desk, one) for one in parts])
    results = await asyncio.gather(*(_booked(desk, item) for item in found))
    body = BatchResult(items=[_result(one, request_id) for one in results])
    return Response(body.model_dump_json(), IN_PARTS, media_type="application/json")


@router.post("/deposits/batch", operation_id="depositBatch", summary="Deposit many credentials in one request")
async def deposit_batch(
    request: Request, body: Batch, caller: Depositor, desk: Desk, key: IdempotencyKey
) -> BatchResult:
    """One result an item, in order. A batch under an Idempotency-Key gives each item a key by its place."""
    limit = desk.settings.max_batch_items
    if len(body.items) > limit:
        raise ValueRefused("too_many_items", limit=limit)
    found = await run_in_threadpool(_prepared, desk, caller, body.items, key)
    results = await asyncio.gather(*(_booked(desk, item) for item in found))
    return BatchResult(items=[_result(one, request.scope[REQUEST_ID]) for one in results])


Attempt = PreparedDeposit | Exception


def _prepared(desk: Services, caller: Caller, items: list[BatchItem], key: str | None) -> list[Attempt]:
    return [_attempt(desk, caller, item, f"{key}#{place}" if key else None) for place, item in enumerate(items)]


def _attempt(desk: Services, caller: Caller, item: BatchItem, key: str | None) -> Attempt:
    try:
        return _prepare(desk, unwrapped(item).posted(caller, item.idempotency_key or key))
    except REFUSALS as error:
        return error


def _prepare(desk: Services, posted: Posted) -> Attempt:
    try:
        return desk.bank.prepare(posted)
    except REFUSALS as error:
        return error


async def _booked(desk: Services, item: Attempt) -> Acknowledgement | Exception:
    if isinstance(item, Exception):
        return item
    try:
        return await counter.booked(desk, item)
    except REFUSALS as error:
        return error


def _result(found: Acknowledgement | Exception, request_id: str) -> ItemResult:
    if isinstance(found, Exception):
        problem = as_problem(found, request_id)
        return ItemResult(status=problem["status"], problem=problem)
    return ItemResult(status=counter.status(found), deposit=counter.result(found))


@router.get("/deposits", operation_id="listDeposits", summary="Deposits in order of arrival")
def list_deposits(caller: Reader, desk: Desk, limit: Limit = 50, cursor: Cursor = None) -> Page[Deposit]:
    """An institution sees its own, a learner hers, an administrator all."""
    found = desk.lookups.deposits(caller, after_of(cursor), limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    following = cursor_of(last.received_at.isoformat(), str(last.deposit_id)) if last else None
    return Page(items=[Deposit.of(stored) for stored in found[:limit]], next=following)


@router.get("/deposits/{deposit_id}", operation_id="readDeposit", summary="One deposit as it stands")
def read_deposit(deposit_id: UUID, caller: Reader, desk: Desk, *, language: Tongue = "en") -> Deposit:
    """Credited, held, suspended, revoked, superseded or reversed, and why."""
    return Deposit.of(desk.lookups.deposit(caller, deposit_id), language)


@router.post("/deposits/{deposit_id}/promotion", operation_id="promoteDeposit", summary="Look again at a held deposit")
def promote(deposit_id: UUID, caller: Depositor, desk: Desk) -> Deposit:
    """Verified anew, it is credited if the reason has gone; else it stays as it is."""
    desk.lookups.deposit(caller, deposit_id)
    return Deposit.of(desk.bank.promote(deposit_id, caller))
