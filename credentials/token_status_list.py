"""Token Status List (draft-ietf-oauth-status-list-17): what the `status` claim of a token points to.

The list is a signed token of its own; here its signer must be the issuer of the token that points to it. Its values are
packed from the right-most bit of each byte, unlike those of a Bitstring Status List.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from credentials.errors import CredentialError, MalformedCredential, StatusInvalid
from credentials.jws import CompactJws, read_compact, verify_compact
from credentials.multibase import base64url_decode
from credentials.revocation_list import origin
from credentials.status_list import inflated
from credentials.verification_material import VerificationMaterial, check_binding, check_signing_time, jws_key

TYPE: Final = "statuslist+jwt"
_CODES: Final = {1: "revoked", 2: "suspended"}
_SIZES: Final = (1, 2, 4, 8)
_SKEW: Final = timedelta(minutes=5)
_LATEST: Final = 253_402_300_799  # 9999-12-31T23:59:59Z


@dataclass(frozen=True, slots=True)
class TokenStatus:
    """Where to look up the status of a token: the value at `index` in the list at `uri`."""

    uri: str
    index: int


def token_status(payload: Mapping[str, Any]) -> TokenStatus:
    """The reference in a token's `status` claim (section 6.1).

    Raises StatusInvalid `status_type_unsupported` for another mechanism, `range_error` for an index that is no whole
    number from zero; MalformedCredential `malformed_claim`.
    """
    claim = payload.get("status")
    if not isinstance(claim, dict) or set(claim) != {"status_list"}:
        raise StatusInvalid("status_type_unsupported")
    reference = claim["status_list"]
    if not isinstance(reference, dict) or not isinstance(reference.get("uri"), str) or not origin(reference["uri"]):
        raise MalformedCredential("malformed_claim", claim="status")
    index = reference.get("idx")
    if isinstance(index, bool) or not isinstance(index, int) or index < 0:
        raise StatusInvalid("range_error")
    return TokenStatus(reference["uri"], index)


def check_token_status(
    payload: Mapping[str, Any], issuer_id: str, material: VerificationMaterial, at: datetime
) -> None:
    """The value that the `status` claim points to is that of a valid token (section 8.3).

    The list is had from `material.documents` as the text of its token. Raises as `token_status`, and StatusInvalid:
    `revoked`, `suspended`; `status_type_unsupported` for any other value; `status_unavailable`, `status_unverified`,
    `status_stale`; `range_error`.
    """
    reference = token_status(payload)
    token = material.documents.get(reference.uri)
    if token is None:
        raise StatusInvalid("status_unavailable")
    listed = _verified(token, issuer_id, material)
    _check_times(listed, material.documents_fetched_at.get(reference.uri), at)
    if listed.get("sub") != reference.uri:
        raise StatusInvalid("status_unverified", "The status list was published under another address.")
    value = value_at(listed.get("status_list"), reference.index)
    if value:
        raise StatusInvalid(_CODES.get(value, "status_type_unsupported"))


def value_at(status_list: object, index: int) -> int:
    """The value at the index of a `status_list` with its `bits` and `lst` (section 4.1).

    Raises StatusInvalid `status_unverified`, `range_error`; LimitExceeded `too_large` over 16 MiB unpacked.
    """
    return value_in(*unpacked(status_list), index)


def unpacked(status_list: object) -> tuple[int, bytes]:
    """How many bits a value has, and the values. Raises as `value_at`, but for `range_error`."""
    size, packed = _members(status_list)
    return size, inflated(packed, zlib.MAX_WBITS)


def value_in(size: int, values: bytes, index: int) -> int:
    """The value at the index, from the right-most bits of its byte; raises StatusInvalid `range_error` outside."""
    place, shift = divmod(index * size, 8)
    if place >= len(values):
        raise StatusInvalid("range_error")
    return values[place] >> shift & (1 << size) - 1


def _members(status_list: object) -> tuple[int, bytes]:
    found = status_list if isinstance(status_list, dict) else {}
    size, packed = found.get("bits"), found.get("lst")
    if isinstance(size, bool) or size not in _SIZES or not isinstance(packed, str):
        raise StatusInvalid("status_unverified", "The status list has no values of 1, 2, 4 or 8 bits.")
    try:
        return int(size), base64url_decode(packed)
    except CredentialError:
        raise StatusInvalid("status_unverified", "The status list is not in base64url.") from None


def _verified(token: object, issuer_id: str, material: VerificationMaterial) -> Mapping[str, Any]:
    """The claims of the list, signed by the issuer's own key. Whatever is wrong with it: `status_unverified`."""
    try:
        jws = read_compact(str(token))
        if jws.header.get("typ") not in (TYPE, f"application/{TYPE}"):  # the short form of one media type (RFC 7515)
            raise MalformedCredential("wrong_type")
        key = jws_key(material, issuer_id, jws.header)
        check_binding(key, issuer_id)
        verify_compact(jws, key.key)
        check_signing_time(key, _time(jws, "iat"), None)
    except CredentialError:
        raise StatusInvalid("status_unverified") from None
    return jws.payload


def _check_times(listed: Mapping[str, Any], fetched_at: datetime | None, at: datetime) -> None:
    """Made by now, not expired, and not kept for longer than it may be (`ttl`, in seconds since it was fetched)."""
    issued, ends, lifetime = (_seconds(listed, name) for name in ("iat", "exp", "ttl"))
    if issued is None or datetime.fromtimestamp(issued, UTC) > at + _SKEW:
        raise StatusInvalid("status_unverified", "The status list says that it was made in the future.")
    if ends is not None and datetime.fromtimestamp(ends, UTC) <= at:
        raise StatusInvalid("status_stale")
    if fetched_at is not None and lifetime is not None and (at - fetched_at).total_seconds() > lifetime:
        raise StatusInvalid("status_stale")


def _time(jws: CompactJws, claim: str) -> datetime:
    seconds = _seconds(jws.payload, claim)
    if seconds is None:
        raise MalformedCredential("malformed_claim", claim=claim)
    return datetime.fromtimestamp(seconds, UTC)


def _seconds(listed: Mapping[str, Any], claim: str) -> float | None:
    value = listed.get(claim)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LATEST:
        raise StatusInvalid("status_unverified", "The status list has a time that cannot be read.")
    return value
