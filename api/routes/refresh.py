"""A credential's newer version, asked for at its issuer: only on request, and only where the settings allow it."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from api.door import StrictRoute
from api.handed_in import RAW_BODY, HandedIn, handed_in
from api.schemas.refresh import RefreshResult
from api.services import Desk, Services
from creditbank.errors import Refused

router = APIRouter(route_class=StrictRoute, tags=["Verification"])


@router.post(
    "/refresh",
    operation_id="refreshCredential",
    summary="Ask a credential's issuer for its newer version",
    openapi_extra=RAW_BODY,
)
async def refresh(request: Request, desk: Desk) -> RefreshResult:
    """The issuer is asked once, after the proof was checked; what comes back is of the same issuer, id and learner.

    Where none is to be had, the credential stays as it is: `refreshed` is false. Deposit the newer one as any other.
    """
    if not desk.settings.allow_refresh:
        raise Refused("refresh_off", "This bank asks no issuer for newer versions (CREDITBANK_ALLOW_REFRESH).")
    given = await handed_in(request)
    return await run_in_threadpool(_refreshed, desk, given)


def _refreshed(desk: Services, given: HandedIn) -> RefreshResult:
    found = desk.bank.refreshed(given.data, given.media_type)
    if found == given.data:
        return RefreshResult(refreshed=False, credential=None)
    return RefreshResult(refreshed=True, credential=found.decode())
