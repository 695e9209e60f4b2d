"""Credentials of the bank in the forms in which they are shown about: images, and Open Badges 2.0."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from api.auth import holding
from api.door import StrictRoute
from api.problems import GONE
from api.requests import DONE, RawBody
from api.routes.issuers import IssuerPath
from api.schemas.badges import PublishedBadge
from api.schemas.common import Name
from api.services import Desk, Services
from credentials.canonical import jcs
from creditbank.badge_images import DEFAULT, PNG, SVG, baked, media_type
from creditbank.caller import Caller

router = APIRouter(route_class=StrictRoute, tags=["Credentials"])
public_router = APIRouter(route_class=StrictRoute, prefix="/open-badges-2", tags=["Public documents"])
Reader = Annotated[Caller, holding("deposits:read")]
BadgeName = Annotated[str, Path(pattern=r"^[0-9a-f-]{1,80}$")]

FRESH = {"Cache-Control": "public, max-age=60"}
PERSONAL = {"X-Robots-Tag": "noindex"}
"""For an assertion, which is about a person: it is kept by nobody on the way, and found by no search engine."""
LINKED_DATA = "application/ld+json"
_IMAGE: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
IN: dict[str, Any] = {"requestBody": {"required": True, "content": {PNG: _IMAGE, SVG: _IMAGE}}}
DOCUMENT: dict[int | str, dict[str, Any]] = {DONE: {"content": {LINKED_DATA: {"schema": {"type": "object"}}}}}
REVOKED: dict[int | str, dict[str, Any]] = {
    GONE: {"description": "Revoked.", "content": {LINKED_DATA: {"schema": {"type": "object"}}}}
}


def _signed(desk: Services, caller: Caller, credential_id: str) -> bytes:
    return desk.bank.document(desk.lookups.issued(caller, credential_id).deposit_id)


@router.get(
    "/credentials/{credential_id}/badge.svg",
    operation_id="readBadgeImage",
    summary="A credential inside a plain picture",
    response_class=Response,
    responses={DONE: {"content": {SVG: _IMAGE}}},
)
def badge_image(credential_id: Name, caller: Reader, desk: Desk) -> Response:
    """A seal with the credential in it (Open Badges 3.0, 5.3). 422 `format_not_baked` for an SD-JWT."""
    return Response(baked(_signed(desk, caller, credential_id), DEFAULT), media_type=SVG)


@router.post(
    "/credentials/{credential_id}/baked",
    operation_id="bakeCredential",
    summary="A credential inside a picture of yours",
    response_class=Response,
    responses={DONE: {"content": {PNG: _IMAGE, SVG: _IMAGE}}},
    openapi_extra=IN,
)
def bake(credential_id: Name, caller: Reader, desk: Desk, image: RawBody) -> Response:
    """PNG or SVG, at most 2 MiB, redrawn: text, scripts, an older badge do not come through. Nothing is kept."""
    data = baked(_signed(desk, caller, credential_id), image)
    return Response(data, media_type=media_type(data))


@router.post(
    "/credentials/{credential_id}/open-badges-2",
    operation_id="publishOldBadge",
    summary="The address of a credential for readers of Open Badges 2.0",
)
def publish(credential_id: Name, caller: Reader, desk: Desk) -> PublishedBadge:
    """Whoever has the address can read the badge there; its learner is named by a salted hash. Asking again is free."""
    desk.lookups.issued(caller, credential_id)
    found = desk.bank.hosted_badges.publish(credential_id)
    return PublishedBadge(
        assertion=found.assertion_url,
        badge_class=found.badge_class_url,
        issuer=found.profile_url,
        document=found.assertion,
    )


@public_router.get("/badge.svg", operation_id="readOldBadgeImage", summary="The picture of every badge here",
                   response_class=Response, responses={DONE: {"content": {SVG: _IMAGE}}})  # fmt: skip
def picture() -> Response:
    """A plain seal."""
    return Response(DEFAULT, headers=FRESH, media_type=SVG)


@public_router.get("/issuers/{issuer_id}", operation_id="readOldBadgeProfile", summary="An Open Badges 2.0 Profile",
                   response_class=Response, responses=DOCUMENT)  # fmt: skip
def profile(issuer_id: IssuerPath, desk: Desk) -> Response:
    """Who vouches for the assertions below this address."""
    return _served(desk.bank.hosted_badges.profile(issuer_id))


@public_router.get(
    "/issuers/{issuer_id}/assertions/{name}",
    operation_id="readOldBadgeAssertion",
    summary="An Open Badges 2.0 Assertion",
    response_class=Response,
    responses={**DOCUMENT, **REVOKED},
)
def assertion(issuer_id: IssuerPath, name: BadgeName, desk: Desk) -> Response:
    """410 and `revoked` once it is revoked; 409 while it is suspended; 404 where nobody was given the address."""
    found = desk.bank.hosted_badges.assertion(issuer_id, name)
    return Response(jcs(found), GONE if found.get("revoked") else DONE, headers=PERSONAL, media_type=LINKED_DATA)


@public_router.get(
    "/issuers/{issuer_id}/badges/{name}",
    operation_id="readOldBadgeClass",
    summary="An Open Badges 2.0 BadgeClass",
    response_class=Response,
    responses=DOCUMENT,
)
def badge_class(issuer_id: IssuerPath, name: BadgeName, desk: Desk) -> Response:
    """What was achieved: name, description, criteria, levels."""
    return _served(desk.bank.hosted_badges.badge_class(issuer_id, name))


def _served(document: dict[str, Any]) -> Response:
    return Response(jcs(document), headers=FRESH, media_type=LINKED_DATA)
