"""Institutions and their accreditations: registered by one administrator, accredited by two."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote, urlsplit
from uuid import UUID

from fastapi import APIRouter, Path

from api.auth import Known, holding
from api.door import StrictRoute
from api.requests import CREATED, Cursor, Limit, Once, cursor_of, place_of
from api.schemas.common import IssuerId, Page
from api.schemas.registry import Accreditation, Issuer, NewAccreditation, NewIssuer, Withdrawal
from api.services import Desk, Services
from creditbank.caller import Caller
from creditbank.errors import Refused
from creditbank.store import rows
from issuers.issuer import Issuer as IssuerValue
from issuers.issuer import Kind
from issuers.resolve import check_issuer_id

router = APIRouter(route_class=StrictRoute, tags=["Issuers"])
Registrar = Annotated[Caller, holding("registry:write")]
IssuerPath = Annotated[IssuerId, Path(description="The institution's id at this bank.")]


@router.post("/issuers", status_code=CREATED, operation_id="registerIssuer", summary="Register an institution")
def register(body: NewIssuer, caller: Registrar, desk: Desk, once: Once) -> Issuer:
    """For administrators. Without a DID the institution gets a did:web that this bank serves."""
    row = _row(body, desk)
    return Issuer.of(once.administration(Issuer.of).register_issuer(caller, row))


def _row(body: NewIssuer, desk: Services) -> rows.Issuer:
    hosted = hosted_did(desk.public_url, body.id)
    did, root = body.did or hosted, body.provider_root or body.id
    if did != hosted and did.startswith(hosted_did(desk.public_url, "")):
        raise Refused("did_of_another", "This DID is the one that this bank would serve for another institution.")
    check_issuer_id(did)
    if root != body.id:
        desk.administration.issuer(root)
    at = desk.bank.office.clock()
    value = IssuerValue(body.id, did, Kind(body.kind), body.name, body.country, body.url, at, root)
    return rows.Issuer(
        issuer_id=value.id, did=value.did, kind=value.kind.value, name=dict(value.name), country=value.country,
        url=value.url, provider_root=root, registered_at=at,
    )  # fmt: skip


def hosted_did(public_url: str, issuer_id: str) -> str:
    """The did:web of an institution whose document this bank serves at `/issuers/<id>/did.json`."""
    parts = urlsplit(public_url)
    path = "".join(f":{segment}" for segment in parts.path.split("/") if segment)
    return f"did:web:{quote(parts.netloc.lower(), safe='')}{path}:issuers:{issuer_id}"


@router.get("/issuers", operation_id="listIssuers", summary="Institutions, in the order of their ids")
def list_issuers(caller: Known, desk: Desk, limit: Limit = 50, cursor: Cursor = None) -> Page[Issuer]:
    """For administrators all of them; an institution sees itself."""
    if caller.role == "issuer" and caller.issuer_id is not None:
        return Page(items=[Issuer.of(desk.administration.issuer(caller.issuer_id))])
    caller.need_administrator()
    place = place_of(cursor)
    found = desk.administration.issuers(place[0] if place else "", limit + 1)
    following = cursor_of(found[limit - 1].issuer_id) if len(found) > limit else None
    return Page(items=[Issuer.of(row) for row in found[:limit]], next=following)


@router.get("/issuers/{issuer_id}", operation_id="readIssuer", summary="One institution")
def read_issuer(issuer_id: IssuerPath, caller: Known, desk: Desk) -> Issuer:
    """As registered."""
    caller.confine_to_issuer(issuer_id)
    return Issuer.of(desk.administration.issuer(issuer_id))


@router.post(
    "/issuers/{issuer_id}/accreditations",
    status_code=CREATED,
    operation_id="proposeAccreditation",
    summary="Propose an accreditation",
)
def propose(issuer_id: IssuerPath, body: NewAccreditation, caller: Registrar, desk: Desk, once: Once) -> Accreditation:
    """For administrators. It counts for nothing until another administrator approves it."""
    office = desk.bank.office
    levels = None if body.levels is None else [[level.framework, level.value] for level in body.levels]
    row = rows.Accreditation(
        accreditation_id=office.new_id(), issuer_id=issuer_id, authority=body.authority, reference=body.reference,
        achievements=body.achievements, levels=levels, units=body.units, valid_from=body.valid_from,
        valid_until=body.valid_until, proposed_by=caller.client_id, proposed_at=office.clock(),
    )  # fmt: skip
    return Accreditation.of(once.administration(Accreditation.of).propose_accreditation(caller, row))


@router.get(
    "/issuers/{issuer_id}/accreditations",
    operation_id="listAccreditations",
    summary="An institution's accreditations, oldest first",
)
def list_accreditations(issuer_id: IssuerPath, caller: Known, desk: Desk) -> Page[Accreditation]:
    """Those that await approval and those withdrawn too."""
    caller.confine_to_issuer(issuer_id)
    found: Sequence[rows.Accreditation] = desk.administration.accreditations(issuer_id)
    return Page(items=[Accreditation.of(row) for row in found])


@router.post(
    "/accreditations/{accreditation_id}/approval",
    operation_id="approveAccreditation",
    summary="Approve an accreditation that somebody else proposed",
)
def approve(accreditation_id: UUID, caller: Registrar, desk: Desk) -> Accreditation:
    """For a second administrator. What was held for want of it is looked at again at once."""
    return Accreditation.of(desk.administration.approve_accreditation(caller, accreditation_id))


@router.post(
    "/accreditations/{accreditation_id}/withdrawal",
    operation_id="withdrawAccreditation",
    summary="Withdraw an accreditation from a day on",
)
def withdraw(accreditation_id: UUID, body: Withdrawal, caller: Registrar, desk: Desk) -> Accreditation:
    """For administrators. What was awarded before stays."""
    return Accreditation.of(desk.administration.withdraw_accreditation(caller, accreditation_id, body.on))
