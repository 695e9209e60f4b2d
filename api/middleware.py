"""What holds for every request: its id, its headers, and that nothing ever leaves without an answer."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.door import media_type
from api.errors import BodyTooLarge

REQUEST_ID = "creditbank.request_id"
HEADER = "Request-Id"
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""Given to every answer that does not say otherwise: what is not known to be public is never kept by anybody."""


class RequestIdentity:
    """Takes a well-formed `Request-Id` over or makes one, and gives every answer its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope[REQUEST_ID] = request_id

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers[HEADER] = request_id
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class BodyLimit:
    """Refuses a body that is too long: by its announced length before a byte is read, else where it passes the limit.

    PDF documents may be twice as long: by default the 8 MiB that are read of one. What is raised while the body is
    being read is answered like every other refusal of a request.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app, self.limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        seen, limit = 0, self.limit * 2 if _is_pdf(scope) else self.limit

        async def counted() -> Message:
            nonlocal seen
            if _announced(scope) > limit:
                raise BodyTooLarge("too_large", limit=limit)
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise BodyTooLarge("too_large", limit=limit)
            return message

        await self.app(scope, counted if scope["type"] == "http" else receive, send)


class Faults:
    """A fault of our own is answered and logged here, and goes no further."""

    def __init__(self, app: ASGIApp, on_fault: Callable[[str, Exception], dict[str, Any]]) -> None:
        self.app, self.on_fault = app, on_fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noting_start)
        except Exception as error:
            problem = self.on_fault(scope.get(REQUEST_ID, ""), error)
            if started:
                raise
            await JSONResponse(problem, problem["status"], media_type="application/problem+json")(scope, receive, send)


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get(HEADER, "")
    return given if _WELL_FORMED.fullmatch(given) else str(uuid4())


def _is_pdf(scope: Scope) -> bool:
    return scope["type"] == "http" and media_type(Headers(scope=scope)) == "application/pdf"


def _announced(scope: Scope) -> int:
    given = Headers(scope=scope).get("content-length", "0")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 20 else 0
