"""What anybody may fetch: status lists, the bank's keys, its metadata, its health."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from api.accepted import JSON_CREDENTIAL, named
from api.auth import TOKEN_PATH
from api.door import StrictRoute
from api.requests import DONE
from api.schemas.log import Health
from api.services import Desk
from credentials.canonical import jcs
from creditbank.caller import SCOPES

router = APIRouter(route_class=StrictRoute, tags=["Public documents"])
health_router = APIRouter(route_class=StrictRoute, tags=["Health"])
FRESH = {"Cache-Control": "public, max-age=60"}
STATUS_LIST: dict[int | str, dict[str, Any]] = {
    DONE: {
        "content": {
            **{form: {"schema": {"type": "object"}} for form in JSON_CREDENTIAL},
            "application/vc+jwt": {"schema": {"type": "string"}},
        }
    }
}


@router.get(
    "/status/{list_id}",
    operation_id="readStatusList",
    summary="A signed status list",
    response_class=Response,
    responses=STATUS_LIST,
)
def status_list(list_id: Annotated[str, Path(pattern=r"^[0-9a-f-]{1,64}$")], desk: Desk, request: Request) -> Response:
    """Bitstring Status List 1.0, signed by the institution's key. Asking for it tells nobody about whom."""
    signed = desk.bank.status_lists.signed(list_id)
    is_json = signed.startswith(b"{")
    form = named(request.headers.get("accept", ""), JSON_CREDENTIAL) if is_json else "application/vc+jwt"
    return Response(signed, headers={**FRESH, "Vary": "Accept"}, media_type=form)


@router.get(
    "/.well-known/jwks.json", operation_id="readJwks", summary="The bank's keys for tokens, quotes and statements"
)
def jwks(desk: Desk, response: Response) -> dict[str, Any]:
    """A JWK Set (RFC 7517)."""
    response.headers.update(FRESH)
    vault = desk.bank.office.vault
    keys = [vault.token_key.public_key, vault.quote_key.public_key, vault.statement_key.public_key]
    return {"keys": [{**key.jwk(), "kid": key.thumbprint(), "use": "sig", "alg": key.algorithm} for key in keys]}


@router.get(
    "/.well-known/oauth-authorization-server", operation_id="readOauthMetadata", summary="How to get a token (RFC 8414)"
)
def metadata(desk: Desk) -> Response:
    """Where, by which grant, with which algorithms."""
    url = desk.public_url
    document = {
        "issuer": url,
        "token_endpoint": url + TOKEN_PATH,
        "jwks_uri": f"{url}/.well-known/jwks.json",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["EdDSA", "ES256", "ES384", "RS256"],
        "scopes_supported": sorted(SCOPES["administrator"]),
        "service_documentation": f"{url}/docs",
    }
    return Response(jcs(document), headers=FRESH, media_type="application/json")


@health_router.get("/health/live", operation_id="healthLive", summary="Is the process alive?")
async def live() -> Health:
    """Nothing else is asked."""
    return Health(status="live")


@health_router.get("/health/ready", operation_id="healthReady", summary="Can it serve?")
def ready(desk: Desk) -> Health:
    """503 while the database cannot be reached."""
    return Health(status="ready", log_size=desk.lookups.ready())
