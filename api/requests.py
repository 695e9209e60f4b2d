"""What routes read from a request beside its body: the Idempotency-Key, and the place in a list."""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Query, Request
from pydantic import BaseModel

from api.auth import Known
from api.errors import ValueRefused
from api.services import Desk, Services
from credentials.canonical import jcs
from credentials.errors import CredentialError
from credentials.strict_json import loads
from creditbank.administration import Administration
from creditbank.bank import Bank
from creditbank.lookups import After
from creditbank.once import KeyedBank
from creditbank.store.requests import RequestKey

CREATED, DONE = 201, 200
_KEY = re.compile(r"[!-~]{1,200}", re.ASCII)
MAX_CURSOR = 2_000


async def _body(request: Request) -> bytes:
    return await request.body()


RawBody = Annotated[bytes, Depends(_body)]


async def idempotency_key(
    value: Annotated[
        str | None,
        Header(alias="Idempotency-Key", description="The same key and request again: the same answer, done once."),
    ] = None,
) -> str | None:
    """The key, if one is given. Raises ValueRefused `malformed_idempotency_key`."""
    if value is not None and not _KEY.fullmatch(value):
        raise ValueRefused("malformed_idempotency_key")
    return value


IdempotencyKey = Annotated[str | None, Depends(idempotency_key)]


@dataclass(frozen=True, slots=True)
class OneRequest:
    """The bank for one request: with an Idempotency-Key, its first change is made once and its answer kept."""

    services: Services
    key: RequestKey | None

    def bank(self, view: Callable[[Any], BaseModel], status: int = CREATED) -> Bank:
        """A bank that keeps `view` of the first change's result as the answer."""
        if self.key is None:
            return self.services.bank
        return KeyedBank(self.services.bank, self.key, lambda done: _answer(view(done), status)).recall()

    def administration(self, view: Callable[[Any], BaseModel], status: int = CREATED) -> Administration:
        """The registry's use cases over that bank."""
        return Administration(self.bank(view, status))


def _answer(body: BaseModel, status: int) -> dict[str, Any]:
    return {"status": status, "body": body.model_dump(mode="json")}


async def _one_request(
    request: Request, caller: Known, services: Desk, key: IdempotencyKey, body: RawBody
) -> OneRequest:
    if key is None:
        return OneRequest(services, None)
    return OneRequest(services, RequestKey(caller.client_id, key, question(request, body)))


def question(request: Request, body: bytes) -> bytes:
    """SHA-256 of what is asked: method, address and body."""
    return hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + body).digest()


Once = Annotated[OneRequest, Depends(_one_request)]

Limit = Annotated[int, Query(ge=1, le=200, description="Most items on a page.")]
Cursor = Annotated[str | None, Query(max_length=MAX_CURSOR, description="`next` of the page before.")]


def cursor_of(*place: str) -> str:
    """A place in a list as an opaque text. It tells nothing that the page did not, and grants nothing."""
    return base64.urlsafe_b64encode(jcs(list(place))).decode().rstrip("=")


def place_of(cursor: str | None, parts: int = 1) -> tuple[str, ...] | None:
    """The place that a cursor stands for; None at the beginning. Raises ValueRefused `malformed_cursor`."""
    if cursor is None:
        return None
    try:
        place = loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
    except (CredentialError, ValueError):
        raise ValueRefused("malformed_cursor") from None
    if not isinstance(place, list) or len(place) != parts:
        raise ValueRefused("malformed_cursor")
    return tuple(_text(part) for part in place)


def _text(part: object) -> str:
    if not isinstance(part, str):
        raise ValueRefused("malformed_cursor")
    return part


def after_of(cursor: str | None) -> After | None:
    """The place in a list of deposits. Raises ValueRefused `malformed_cursor`."""
    place = place_of(cursor, 2)
    if place is None:
        return None
    try:
        at, deposit = datetime.fromisoformat(place[0]), UUID(place[1])
    except ValueError:
        raise ValueRefused("malformed_cursor") from None
    if at.utcoffset() is None or not 1900 <= at.year <= 2999:
        raise ValueRefused("malformed_cursor")
    return at, deposit
