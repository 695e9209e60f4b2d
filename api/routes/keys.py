"""Institutions' keys: made by the bank or their own; rotated, retired, declared compromised; published for others."""

from typing import Annotated

from fastapi import APIRouter, Response

from api.auth import Known, holding
from api.door import StrictRoute
from api.requests import CREATED, DONE, Once
from api.routes.issuers import IssuerPath, hosted_did
from api.schemas.common import Page
from api.schemas.registry import Compromise, Compromised, Key, NewKey, Retirement
from api.services import Desk, Services
from credentials.canonical import jcs
from credentials.keys import PublicKey
from creditbank.administration import Administration
from creditbank.caller import Caller
from creditbank.errors import NotFound
from creditbank.store import rows
from issuers.did import build_did_document, build_jwks

router = APIRouter(route_class=StrictRoute, tags=["Keys"])
public_router = APIRouter(route_class=StrictRoute, tags=["Public documents"])
KeyHolder = Annotated[Caller, holding("keys:write")]
PUBLISHED = {"Cache-Control": "public, max-age=300"}


@router.post(
    "/issuers/{issuer_id}/keys", status_code=CREATED, operation_id="addKey", summary="Add a key, or rotate to it"
)
def add_key(issuer_id: IssuerPath, body: NewKey, caller: KeyHolder, desk: Desk, once: Once) -> Key:
    """Hosted by the bank (`algorithm`), or the institution's own (`public_jwk`). `replaces` retires another key."""
    return Key.of(_add(once.administration(Key.of), caller, issuer_id, body, desk))


def _add(
    administration: Administration, caller: Caller, issuer_id: str, body: NewKey, desk: Services
) -> rows.IssuerKey:
    active_from = body.active_from or desk.bank.office.clock()
    if body.algorithm is not None:
        return administration.create_key(caller, issuer_id, body.algorithm, active_from, body.replaces)
    key = PublicKey.from_jwk(body.public_jwk or {})
    return administration.register_key(caller, issuer_id, key, active_from, body.replaces)


@router.get("/issuers/{issuer_id}/keys", operation_id="listKeys", summary="An institution's keys, oldest first")
def list_keys(issuer_id: IssuerPath, caller: Known, desk: Desk) -> Page[Key]:
    """Retired and compromised ones too, with their instants."""
    caller.confine_to_issuer(issuer_id)
    return Page(items=[Key.of(row) for row in desk.administration.keys(issuer_id)[1]])


@router.post("/issuers/{issuer_id}/keys/retirement", operation_id="retireKey", summary="Retire a key")
def retire(issuer_id: IssuerPath, body: Retirement, caller: KeyHolder, desk: Desk, once: Once) -> Key:
    """It signs no more; what it signed before stays valid."""
    at = body.at or desk.bank.office.clock()
    return Key.of(once.administration(Key.of, DONE).retire_key(caller, issuer_id, body.key, at))


@router.post("/issuers/{issuer_id}/keys/compromise", operation_id="compromiseKey", summary="Declare a key compromised")
def compromise(issuer_id: IssuerPath, body: Compromise, caller: KeyHolder, desk: Desk) -> Compromised:
    """Credits that rest on signatures not logged before that instant are taken back. Asking again takes up the rest."""
    row, taken_back = desk.administration.compromise_key(caller, issuer_id, body.key, body.since)
    return Compromised(key=Key.of(row), taken_back=[deposit.deposit_id for deposit in taken_back])


@public_router.get(
    "/issuers/{issuer_id}/did.json", operation_id="readDidDocument", summary="The DID document of a hosted institution"
)
def did_document(issuer_id: IssuerPath, desk: Desk) -> Response:
    """As did:web resolves it. Retired keys stay in it; compromised ones do not."""
    issuer = desk.administration.issuer(issuer_id)
    if issuer.did != hosted_did(desk.public_url, issuer_id):
        raise NotFound("issuer")
    document = build_did_document(issuer.did, desk.lookups.key_records(issuer.did), desk.bank.office.clock())
    return Response(jcs(document), headers=PUBLISHED, media_type="application/did+json")


@public_router.get(
    "/issuers/{issuer_id}/jwks.json", operation_id="readIssuerJwks", summary="An institution's keys as a JWK Set"
)
def jwks(issuer_id: IssuerPath, desk: Desk) -> Response:
    """The same keys; `kid` is the verification method, as in the headers of credentials."""
    issuer = desk.administration.issuer(issuer_id)
    keys = build_jwks(issuer.did, desk.lookups.key_records(issuer.did), desk.bank.office.clock())
    return Response(jcs(keys), headers=PUBLISHED, media_type="application/jwk-set+json")
