"""A credential as a request hands it in: raw under its own media type, or inside a JSON envelope."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api.door import CREDENTIAL_TYPES, JSON, UNTOLD, canonical_bytes, media_type
from api.errors import ValueRefused
from api.schemas.common import Identifier
from api.schemas.deposits import NewDeposit
from credentials.open_badges_2 import is_assertion
from creditbank.caller import Caller
from creditbank.identity import PlainIdentifier
from creditbank.intake import Posted

RAW_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            name: {"schema": {"$ref": "#/components/schemas/NewDeposit"} if name == JSON else {"type": "string"}}
            for name in CREDENTIAL_TYPES
        },
    }
}
"""What the documentation says of a route that takes credentials in every form."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The credential's bytes, the type stated for them if any, and the identifiers given beside it."""

    data: bytes
    media_type: str | None
    identifiers: tuple[PlainIdentifier, ...] = ()

    def posted(self, caller: Caller, idempotency_key: str | None) -> Posted:
        """The same, by whom and under which key."""
        return Posted(self.data, self.media_type, caller, self.identifiers, idempotency_key)


async def handed_in(request: Request) -> HandedIn:
    """What the request's body holds. Raises RequestValidationError; ValueRefused `one_credential`, …"""
    stated = media_type(request.headers)
    if stated != JSON:
        return HandedIn(await request.body(), None if stated in UNTOLD else stated)
    value = await request.json()
    if isinstance(value, dict) and ("@context" in value or is_assertion(value)):
        return HandedIn(await request.body(), JSON)
    return unwrapped(_envelope(value))


def unwrapped(envelope: NewDeposit) -> HandedIn:
    """What a JSON envelope holds. Raises ValueRefused `one_credential`, `malformed_base64`."""
    text, encoded = envelope.credential, envelope.credential_base64
    if (text is None) == (encoded is None):
        raise ValueRefused("one_credential")
    identifiers = plain(envelope.identifiers)
    if encoded is not None:
        return HandedIn(_decoded(encoded), None, identifiers)
    return HandedIn(text.encode() if isinstance(text, str) else canonical_bytes(text), None, identifiers)


def plain(identifiers: Sequence[Identifier]) -> tuple[PlainIdentifier, ...]:
    """Identifiers as the bank takes them."""
    return tuple(PlainIdentifier(item.type, item.value) for item in identifiers)


def _envelope(value: Any) -> NewDeposit:
    try:
        return NewDeposit.model_validate(value)
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from None


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise ValueRefused("malformed_base64") from None
