"""The door: what a body may be, before anything reads it. Type first, then strict JSON, once, for every request."""

import hashlib
import json
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import Headers

from api.errors import BodyRefused, BodyTooLarge, MediaTypeRefused, ValueRefused
from credentials.errors import CredentialError
from credentials.strict_json import Json, loads

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
CREDENTIAL_TYPES: Final = (
    JSON, "application/ld+json", "application/vc", "application/vc+ld+json", "application/jwt", "application/vc+jwt",
    "application/sd-jwt", "application/vc+sd-jwt", "application/dc+sd-jwt", "application/pdf", "text/plain",
    "image/png", "image/svg+xml", "application/octet-stream",
)  # fmt: skip
"""In which types a credential may be handed in; `application/json` may also be an envelope around one."""
UNTOLD: Final = ("", "application/octet-stream")
"""No type, and the type that says nothing (RFC 9110, 8.3): the credential's first bytes tell what it is."""
_READS: Final = ("GET", "HEAD")
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class StrictRequest(Request):
    """A request whose JSON is read strictly: no member twice, no NaN, nothing too deep or too large to hold."""

    async def json(self) -> Json:
        """The body's value. Raises BodyRefused, BodyTooLarge, ValueRefused."""
        if not hasattr(self, "_value"):
            self._value = strict_json(await self.body())
        return self._value


def strict_json(body: bytes) -> Json:
    """The value of a JSON body, with the door's own refusals for what is not one."""
    try:
        return loads(body, max_bytes=max(len(body), 1))  # its length was limited where it was read
    except CredentialError as error:
        if error.code == "out_of_range":
            raise ValueRefused("out_of_range") from None
        code = error.code if error.code in BodyRefused.sentences else "malformed_json"
        raise BodyRefused(code, **error.facts) from None


class StrictRoute(APIRoute):
    """A route that lets in only the types of body it declares, and answers reads conditionally (RFC 9110)."""

    def get_route_handler(self) -> Handler:
        """The framework's handler behind the door."""
        handle = super().get_route_handler()
        accepted = self._accepted()

        async def guarded(received: Request) -> Response:
            request = StrictRequest(received.scope, received.receive)
            if received.method not in _READS:
                await _admit(request, accepted)
                return await handle(request)
            return conditional(request.headers, await handle(request))

        return guarded

    def _accepted(self) -> tuple[str, ...]:
        """The media types of the body, as the route's own documentation states them."""
        declared = (self.openapi_extra or {}).get("requestBody", {}).get("content")
        return tuple(declared) if declared else (JSON,) if self.body_field else ()


async def _admit(request: StrictRequest, accepted: tuple[str, ...]) -> None:
    stated = media_type(request.headers)
    body_follows = await _has_body(request)
    if not accepted:
        if body_follows:
            raise BodyRefused("unexpected_body")
        return
    if stated not in accepted and not (stated in UNTOLD and UNTOLD[-1] in accepted):
        raise MediaTypeRefused("unsupported_media_type", accepted=", ".join(accepted))
    if not body_follows:
        raise BodyRefused("body_missing")
    if stated == JSON:
        await request.json()


async def _has_body(request: Request) -> bool:
    return bool(await request.body())


def media_type(headers: Headers) -> str | None:
    """The stated type without parameters, empty where it is absent; None where it is in another charset than UTF-8."""
    stated, *parameters = [part.strip().lower() for part in headers.get("content-type", "").split(";")]
    charsets = [p.removeprefix("charset=").strip('"') for p in parameters if p.startswith("charset=")]
    return stated if all(charset in ("utf-8", "us-ascii") for charset in charsets) else None


def conditional(headers: Headers, response: Response) -> Response:
    """The response with an ETag of its content; without content where the caller has it already (RFC 9110, 13.1.2)."""
    body = getattr(response, "body", None)
    if response.status_code != 200 or not isinstance(body, bytes):
        return response
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response.headers["ETag"] = tag
    known = {part.strip().removeprefix("W/") for part in headers.get("if-none-match", "").split(",")}
    if tag not in known and "*" not in known:
        return response
    kept = {name: value for name, value in response.headers.items() if name in ("etag", "cache-control", "vary")}
    return Response(status_code=304, headers=kept)


def canonical_bytes(value: Json) -> bytes:
    """A JSON value as bytes again, where a credential came inside another JSON text; numbers keep their value."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


__all__ = [
    "CREDENTIAL_TYPES",
    "FORM",
    "JSON",
    "UNTOLD",
    "BodyTooLarge",
    "StrictRequest",
    "StrictRoute",
    "canonical_bytes",
    "conditional",
    "media_type",
    "strict_json",
]  # fmt: skip
