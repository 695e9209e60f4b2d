"""Who is asking: from a bearer token (RFC 6750, RFC 9068) to a Caller with the scopes of its token and its role."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.openapi.models import OAuth2 as OAuth2Model
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase
from starlette.concurrency import run_in_threadpool

from api.errors import NotAuthenticated
from api.services import Desk, Services
from creditbank.caller import SCOPES, Caller
from creditbank.errors import NotFound
from issuers.access_token import verify_access_token

TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path
REMEMBERED = timedelta(seconds=5)
"""How long a token's client is not looked up again: a client that is disabled is out after that."""
_MOST = 1_000


class BankToken(SecurityBase):
    """The bank's own access tokens, as the API's documentation describes them."""

    def __init__(self) -> None:
        scopes = {scope: scope for scope in sorted(SCOPES["administrator"])}
        flow = OAuthFlowClientCredentials(tokenUrl=TOKEN_PATH, scopes=scopes)
        self.model = OAuth2Model(
            flows=OAuthFlows(clientCredentials=flow),
            description="client_credentials with private_key_jwt (RFC 7523).",
        )
        self.scheme_name = "bank"

    async def __call__(self, request: Request) -> str | None:
        """The token of the request, or None."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" and token.strip() else None


bank_token = BankToken()
BearerToken = Annotated[str | None, Depends(bank_token)]


@dataclass(slots=True)
class Callers:
    """Tokens that were verified a moment ago, and whose they are."""

    services: Services
    _seen: OrderedDict[str, tuple[datetime, Caller]] = field(default_factory=OrderedDict)

    async def of(self, token: str) -> Caller:
        """The caller behind a token. Raises TokenError; NotAuthenticated `client_unknown`."""
        now = self.services.bank.office.clock()
        known = self._seen.get(token)
        if known and now < known[0]:
            return known[1]
        caller, expires_at = await run_in_threadpool(self._look_up, token, now)
        self._seen[token] = (min(expires_at, now + REMEMBERED), caller)
        while len(self._seen) > _MOST:
            self._seen.popitem(last=False)
        return caller

    def _look_up(self, token: str, now: datetime) -> tuple[Caller, datetime]:
        services = self.services
        key = services.bank.office.vault.token_key.public_key
        url = services.public_url
        access = verify_access_token(token, {key.thumbprint(): key}, issuer=url, audience=url, at=now)
        try:
            row = services.administration.client(access.client_id)
        except NotFound:
            raise NotAuthenticated("client_unknown") from None
        scopes = access.scopes & frozenset(row.scopes) & SCOPES[row.role]
        caller = Caller(row.client_id, row.role, scopes, row.issuer_id, row.book_id)
        if caller.book_id is not None:
            caller = replace(caller, book_id=services.lookups.home(caller.book_id))
        return caller, access.expires_at


async def _known(request: Request, scopes: SecurityScopes, token: BearerToken) -> Caller:
    if token is None:
        raise NotAuthenticated("token_missing")
    callers: Callers = request.app.state.callers
    caller = await callers.of(token)
    for scope in scopes.scopes:
        caller.need(scope)
    return caller


async def _known_or_nobody(request: Request, token: BearerToken) -> Caller | None:
    callers: Callers = request.app.state.callers
    return await callers.of(token) if token else None


def holding(*scopes: str) -> Any:
    """A dependency: the caller, if its token holds these scopes. Errors: 401; Forbidden `insufficient_scope`."""
    return Security(_known, scopes=scopes)


Known = Annotated[Caller, Security(_known, scopes=[])]
Perhaps = Annotated[Caller | None, Depends(_known_or_nobody)]
__all__ = ["TOKEN_PATH", "BankToken", "Callers", "Desk", "Known", "Perhaps", "holding"]
