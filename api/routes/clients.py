"""The machines that may call: registered by administrators, with at most the scopes of their role."""

from typing import Annotated

from fastapi import APIRouter

from api.auth import holding
from api.door import StrictRoute
from api.requests import CREATED
from api.schemas.registry import Client, NewClient
from api.services import Desk
from credentials.keys import PublicKey
from creditbank.caller import Caller
from creditbank.store import rows

router = APIRouter(route_class=StrictRoute, tags=["Clients"])


@router.post("/clients", status_code=CREATED, operation_id="registerClient", summary="Register a machine client")
def register(body: NewClient, caller: Annotated[Caller, holding("clients:write")], desk: Desk) -> Client:
    """For administrators. The client then gets tokens at `/oauth/token` with an assertion signed by this key."""
    caller.need_administrator()
    if body.issuer is not None:
        desk.administration.issuer(body.issuer)
    home = desk.lookups.home(body.learner) if body.learner is not None else None
    row = rows.Client(
        client_id=body.id, name=body.name, role=body.role, issuer_id=body.issuer, book_id=home,
        public_jwk=PublicKey.from_jwk(body.public_jwk).jwk(), scopes=sorted(set(body.scopes)),
        registered_at=desk.bank.office.clock(),
    )  # fmt: skip
    return Client.of(desk.administration.register_client(caller, row))
