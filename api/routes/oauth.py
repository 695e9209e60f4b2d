"""The token endpoint: `client_credentials` with `private_key_jwt` (RFC 6749, RFC 7523), and nothing else."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.auth import TOKEN_PATH
from api.door import FORM, StrictRoute
from api.problems import oauth_error
from api.schemas.log import Token
from api.services import Desk, Services
from credentials.errors import CredentialError
from credentials.keys import PublicKey
from creditbank.errors import Conflict, NotFound
from creditbank.store import rows
from issuers.access_token import LIFETIME, issue_access_token
from issuers.client_assertion import ASSERTION_TYPE, claimed_client_id, verify_client_assertion
from issuers.errors import TokenError

router = APIRouter(route_class=StrictRoute, tags=["Tokens"])
_FIELDS = ("grant_type", "client_assertion_type", "client_assertion")
ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["error", "error_description"],
    "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
    "examples": [{"error": "invalid_client", "error_description": "The token's signature does not verify."}],
}
FORM_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": list(_FIELDS),
                    "properties": {
                        "grant_type": {"const": "client_credentials"},
                        "client_assertion_type": {"const": ASSERTION_TYPE},
                        "client_assertion": {"type": "string", "description": "A JWT signed with the client's key."},
                        "client_id": {"type": "string"},
                        "scope": {"type": "string", "description": "Scopes, a space between; all if left out."},
                    },
                }
            }
        },
    },
    "responses": {"default": {"content": {"application/json": {"schema": ERROR}}}},
}


class OauthRefusal(Exception):
    """A token is not given: an error code of RFC 6749, section 5.2, and a sentence."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(code)
        self.code, self.description = code, description


@router.post(
    TOKEN_PATH, operation_id="token", summary="Get an access token", response_model=Token, openapi_extra=FORM_BODY
)
async def token(request: Request, desk: Desk) -> Response:
    """Short-lived and scoped. The assertion's audience is this address; each assertion is good for one token."""
    try:
        form = _form(await request.body())
        granted = await run_in_threadpool(_grant, desk, form)
    except OauthRefusal as refusal:
        return oauth_error(refusal.code, refusal.description)
    return Response(granted.model_dump_json(), media_type="application/json")


def _form(body: bytes) -> Mapping[str, str]:
    """The form's fields, each at most once (RFC 6749, section 3.2)."""
    try:
        pairs = parse_qsl(body.decode("ascii"), strict_parsing=True, max_num_fields=20, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise OauthRefusal("invalid_request", "The body is not a form.") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise OauthRefusal("invalid_request", "A field of the form is there twice.")
    return form


def _grant(desk: Services, form: Mapping[str, str]) -> Token:
    if form.get("grant_type") != "client_credentials":
        raise OauthRefusal("unsupported_grant_type", "Only client_credentials is supported.")
    client = _client(desk, form)
    scopes = _scopes(client, form.get("scope"))
    office = desk.bank.office
    access = issue_access_token(
        office.vault.token_key,
        issuer=desk.public_url,
        audience=desk.public_url,
        client_id=client.client_id,
        scopes=scopes,
        token_id=str(office.new_id()),
        at=office.clock(),
    )
    lifetime = int(LIFETIME.total_seconds())
    return Token(access_token=access, token_type="Bearer", expires_in=lifetime, scope=" ".join(sorted(scopes)))  # noqa: S106


def _client(desk: Services, form: Mapping[str, str]) -> rows.Client:
    """Who the assertion proves to be asking. An unknown client and a wrong key are answered alike."""
    assertion = form.get("client_assertion", "")
    if form.get("client_assertion_type") != ASSERTION_TYPE or not assertion:
        raise OauthRefusal("invalid_client", "A client assertion (private_key_jwt) is needed.")
    try:
        return _proven(desk, assertion, form.get("client_id"))
    except (TokenError, CredentialError) as error:
        raise OauthRefusal("invalid_client", error.message) from None
    except NotFound:
        raise OauthRefusal("invalid_client", TokenError("unknown_key").message) from None
    except Conflict as error:
        raise OauthRefusal("invalid_client", error.message) from None


def _proven(desk: Services, assertion: str, stated: str | None) -> rows.Client:
    client = desk.administration.client(claimed_client_id(assertion))
    if stated not in (None, client.client_id):
        raise TokenError("client_mismatch")
    key = PublicKey.from_jwk(client.public_jwk)
    proven = verify_client_assertion(
        assertion,
        {key.thumbprint(): key},
        client_id=client.client_id,
        audiences={desk.public_url + TOKEN_PATH, desk.public_url},
        at=desk.bank.office.clock(),
    )
    desk.administration.use_assertion(client.client_id, proven.token_id, proven.expires_at)
    return client


def _scopes(client: rows.Client, asked: str | None) -> frozenset[str]:
    allowed = frozenset(client.scopes)
    if asked is None:
        return allowed
    scopes = frozenset(asked.split(" "))
    if not scopes <= allowed:
        raise OauthRefusal("invalid_scope", "A scope was asked for that this client does not have.")
    return scopes
