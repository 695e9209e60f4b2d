"""What client assertions and access tokens have in common: a strict reading, and claims of the right form — pure.

Claims are checked here and not by a JWT library, because libraries take a string for a date and read the clock
themselves (SECURITY S25, S26).
"""

import math
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from credentials.errors import CredentialError
from credentials.jose import CompactJws, read_compact
from issuers.errors import TokenError

MAX_TOKEN = 8192
"""Characters of a token."""
_MAX_TEXT = 512
_LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z, the last that datetime can hold


def read_token(token: str, types: Collection[str]) -> CompactJws:
    """The token's parts, unverified, if it is a strict compact JWS whose ``typ`` is one of ``types``, exactly.

    Errors: ``too_long``, ``alg_not_allowed``, ``malformed_token``, ``wrong_type``.
    """
    if len(token) > MAX_TOKEN:
        raise TokenError("too_long", limit=MAX_TOKEN)
    try:
        jws = read_compact(token)
    except CredentialError as error:
        code = "alg_not_allowed" if error.code == "alg_not_allowed" else "malformed_token"
        raise TokenError(code) from error
    kind = jws.header.get("typ")
    if not isinstance(kind, str) or kind not in types:
        raise TokenError("wrong_type")
    return jws


def text_claim(claims: Mapping[str, Any], name: str) -> str:
    """A claim that is a text of 1 to 512 characters; errors: ``missing_claim``, ``malformed_claim``."""
    value = _claim(claims, name)
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_TEXT:
        raise TokenError("malformed_claim", claim=name)
    return value


def time_claim(claims: Mapping[str, Any], name: str) -> datetime:
    """A NumericDate (RFC 7519 section 2) as an instant in UTC; errors: ``missing_claim``, ``malformed_claim``."""
    value = _claim(claims, name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenError("malformed_claim", claim=name)
    if not math.isfinite(value) or not 0 <= value <= _LAST_SECOND:
        raise TokenError("malformed_claim", claim=name)
    return datetime.fromtimestamp(value, UTC)


def check_audience(claims: Mapping[str, Any], accepted: Collection[str]) -> None:
    """``aud`` is one accepted name and nothing else, as a text or a list of one (RFC 7519 section 4.1.3).

    Errors: ``missing_claim``, ``malformed_claim``, ``wrong_audience``.
    """
    value = _claim(claims, "aud")
    names = value if isinstance(value, list) else [value]
    if not all(isinstance(name, str) for name in names):
        raise TokenError("malformed_claim", claim="aud")
    if len(names) != 1 or names[0] not in accepted:
        raise TokenError("wrong_audience")


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    if name not in claims:
        raise TokenError("missing_claim", claim=name)
    return claims[name]
