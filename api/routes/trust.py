"""The bank's trust bundle for anybody: what an offline verifier needs, dated and signed. Public data alone."""

from fastapi import APIRouter, Response

from api.door import StrictRoute
from api.requests import DONE
from api.services import Desk

router = APIRouter(route_class=StrictRoute, tags=["Verification"])
FRESH = {"Cache-Control": "public, max-age=300"}
BUNDLE = {DONE: {"content": {"application/json": {"schema": {"type": "object"}}}}}


@router.get(
    "/trust-bundle",
    operation_id="readTrustBundle",
    summary="What an offline verifier needs to know of this bank",
    response_class=Response,
    responses=BUNDLE,  # type: ignore[arg-type]
)
def trust_bundle(desk: Desk) -> Response:
    """Institutions with keys and accreditations, status lists, the log's checkpoint, all dated; for `creditbank verify
    --trust`. Signed with a key of `/.well-known/jwks.json`, which should be known from somewhere else than here.
    """
    return Response(desk.trust_bundles.latest(), headers=FRESH, media_type="application/json")
