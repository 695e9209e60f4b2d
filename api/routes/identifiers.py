"""`/1.0/identifiers/{did}`: DID resolution over HTTP, in the shape of the universal resolver and of W3C's binding."""

from collections.abc import Callable
from typing import Annotated, Any, Final
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import JSONResponse, Response

from api.door import StrictRoute
from api.problems import RESOLUTION_FAULTS, RESOLUTION_OTHERWISE
from issuers.resolution import Resolution, ResolutionOptions

router = APIRouter(route_class=StrictRoute, tags=["DID resolution"])
PREFIX: Final = "/1.0/identifiers/"
RESULT_TYPE: Final = 'application/ld+json;profile="https://w3id.org/did-resolution"'
_DOCUMENT_TYPES: Final = ("application/did+ld+json", "application/did+json", "application/did")

Resolver = Callable[[str, ResolutionOptions], Resolution]


async def _resolver(request: Request) -> Resolver:
    resolver: Resolver = request.app.state.resolver
    return resolver


_FOUND: Final = {"application/did+ld+json": {"schema": {"type": "object"}}, RESULT_TYPE: {"schema": {"type": "object"}}}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": _FOUND},
    **{
        code: {"content": {RESULT_TYPE: {"schema": {"type": "object"}}}}
        for code in (*RESOLUTION_FAULTS.values(), RESOLUTION_OTHERWISE)
    },
}


@router.get(
    PREFIX + "{did:path}",
    operation_id="resolveIdentifier",
    summary="Resolve a DID",
    response_class=Response,
    responses=_ANSWERS,
)
def resolve_identifier(
    did: Annotated[str, Path(max_length=5_000)],
    request: Request,
    resolver: Annotated[Resolver, Depends(_resolver)],
    public_key_format: Annotated[str | None, Query(alias="publicKeyFormat", max_length=100)] = None,
    derive: Annotated[bool, Query(alias="enableEncryptionKeyDerivation")] = False,
) -> Response:
    """A did:key, did:jwk or did:web, or a verification method of one; the document alone where `Accept` asks for it."""
    found = resolver(_as_written(request, did), ResolutionOptions(public_key_format, derive))
    if found.error is not None:
        return JSONResponse(
            found.to_json(), RESOLUTION_FAULTS.get(found.error, RESOLUTION_OTHERWISE), media_type=RESULT_TYPE
        )
    accepted = request.headers.get("accept", "")
    plain = next((one for one in _DOCUMENT_TYPES if one in accepted), None)
    if plain is None or "did-resolution" in accepted:
        return JSONResponse(found.to_json(), media_type=RESULT_TYPE)
    return JSONResponse(dict(found.document), media_type=plain)


def _as_written(request: Request, decoded: str) -> str:
    """The DID URL as the caller means it: encoded as one segment, or as it stands (did:web has `%3A` of its own)."""
    raw = bytes(request.scope.get("raw_path") or b"").partition(b"?")[0].decode("ascii", "replace")
    written = raw.rpartition(PREFIX)[2]
    if not written.startswith("did:") or "%" not in written:
        return decoded
    return "".join(unquote(part) if part in _SEPARATORS else part for part in _split(written))


_SEPARATORS: Final = ("%23", "%2F", "%2f", "%3F", "%3f")


def _split(written: str) -> list[str]:
    """The text in pieces of which each percent-encoded octet is one."""
    pieces = written.split("%")
    return [pieces[0], *(piece for rest in pieces[1:] for piece in (f"%{rest[:2]}", rest[2:]))]
