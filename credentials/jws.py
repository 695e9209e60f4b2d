"""Compact JWS (RFC 7515), strictly: one spelling a token, one algorithm a key, no keys from strangers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from credentials.canonical import jcs
from credentials.curves import names_algorithm
from credentials.errors import (
    CredentialError,
    LimitExceeded,
    MalformedCredential,
    ProofInvalid,
    UnsupportedFormat,
)
from credentials.keys import ALGORITHMS, PublicKey, Signer
from credentials.multibase import base64url_decode, base64url_encode
from credentials.strict_json import loads

MAX_TOKEN_BYTES: Final = 131_072
_KEPT_LENGTH: Final = 512
_KEY_ADDRESSES: Final = ("jku", "x5u", "x5c")
_REGISTERED_HEADERS: Final = frozenset(
    {"alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"}
)
# Types of credentials and presentations by their whole names, to be read as the short ones (RFC 7515, 4.1.9).
_SHORT_TYPES: Final = {
    f"application/{name}": name for name in ("vc+jwt", "vc+sd-jwt", "dc+sd-jwt", "vp+jwt", "vp+sd-jwt")
}

Document: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CompactJws:
    """A compact JWS taken apart, not yet verified. `signing_input` is what the signature covers."""

    header: Mapping[str, Any]
    payload: Document
    signing_input: bytes
    signature: bytes
    token: str


@dataclass(frozen=True, slots=True)
class JwsParts:
    """The three parts of a compact JWS: the checked header, and payload and signature as bytes."""

    header: Mapping[str, Any]
    payload: bytes
    signing_input: bytes
    signature: bytes


def read_compact(token: str) -> CompactJws:
    """Take a compact JWS with a JSON object as payload apart. Nothing is verified yet.

    Raises LimitExceeded `too_large` over 128 kB; MalformedCredential `malformed_jws`, `malformed_header` and
    those of `strict_json.loads`; ProofInvalid `alg_not_allowed`, `untrusted_key_hint`; UnsupportedFormat
    `unsupported_critical`.
    """
    parts = split_compact(token)
    payload = loads(parts.payload)
    if not isinstance(payload, dict):
        raise MalformedCredential("malformed_jws", reason="payload is not a JSON object")
    return CompactJws(parts.header, payload, parts.signing_input, parts.signature, token)


def split_compact(token: str) -> JwsParts:
    """The parts of a compact JWS with an acceptable header, whatever its payload. Raises as `read_compact`."""
    if len(token) > MAX_TOKEN_BYTES:
        raise LimitExceeded("too_large", limit=MAX_TOKEN_BYTES)
    segments = token.split(".")
    if len(segments) != 3:
        raise MalformedCredential("malformed_jws", reason="not three parts")
    header = _header(segments[0])
    signature = _part(segments[2])
    if not signature:
        raise MalformedCredential("malformed_jws", reason="no signature")
    return JwsParts(header, _part(segments[1]), f"{segments[0]}.{segments[1]}".encode(), signature)


def verify_compact(jws: CompactJws | JwsParts, key: PublicKey) -> None:
    """Check the signature under the key, by the key's own algorithm.

    Raises ProofInvalid: `alg_key_mismatch` when the header names another algorithm, `bad_signature`,
    `small_order_r`.
    """
    if not names_algorithm(jws.header.get("alg"), key.algorithm):
        raise ProofInvalid("alg_key_mismatch", key_algorithm=key.algorithm)
    key.verify(jws.signature, jws.signing_input)


def sign_compact(payload: Document, signer: Signer, header: Mapping[str, Any]) -> str:
    """The payload as a compact JWS; `alg` is the signer's. Header and payload are written in canonical JSON.

    Raises ProofInvalid `alg_key_mismatch` when the header names another algorithm, and what `read_compact`
    would raise for this header: a token that one's own reader refuses is not issued.
    """
    return sign_octets(jcs(payload), signer, header)


def sign_octets(payload: bytes, signer: Signer, header: Mapping[str, Any]) -> str:
    """A payload that is written already as a compact JWS; else as `sign_compact`."""
    algorithm = signer.public_key.algorithm
    if header.get("alg", algorithm) != algorithm:
        raise ProofInvalid("alg_key_mismatch", key_algorithm=algorithm)
    signing_input = f"{_header_segment({**header, 'alg': algorithm})}.{base64url_encode(payload)}"
    token = f"{signing_input}.{base64url_encode(signer.sign(signing_input.encode()))}"
    if len(token) > MAX_TOKEN_BYTES:
        raise LimitExceeded("too_large", limit=MAX_TOKEN_BYTES)
    return token


def _header_segment(header: Mapping[str, Any]) -> str:
    """A header written for a token; those of texts alone are kept, since an issuer's tokens share theirs."""
    if all(type(value) is str and len(value) <= _KEPT_LENGTH for value in header.values()):
        return _text_header_segment(tuple(header.items()))
    _check_header(header)
    return base64url_encode(jcs(header))


@lru_cache(maxsize=256)
def _text_header_segment(members: tuple[tuple[str, str], ...]) -> str:
    header = dict(members)
    _check_header(header)
    return base64url_encode(jcs(header))


def _part(segment: str) -> bytes:
    try:
        return base64url_decode(segment)
    except MalformedCredential:
        raise MalformedCredential("malformed_jws", reason="not unpadded base64url") from None


def _header(segment: str) -> Mapping[str, Any]:
    """The header of a token. An issuer's tokens share it, so short ones without objects and lists inside are kept."""
    kept = _flat_header(segment) if len(segment) <= _KEPT_LENGTH else None
    return _read_header(segment) if kept is None else dict(kept)


@lru_cache(maxsize=1024)
def _flat_header(segment: str) -> tuple[tuple[str, Any], ...] | None:
    header = _read_header(segment)
    return None if any(isinstance(value, dict | list) for value in header.values()) else tuple(header.items())


def _read_header(segment: str) -> Mapping[str, Any]:
    try:
        header = loads(_part(segment))
    except CredentialError as error:
        if error.code == "malformed_json":
            raise MalformedCredential("malformed_header", reason="not JSON") from None
        raise
    if not isinstance(header, dict):
        raise MalformedCredential("malformed_header", reason="not a JSON object")
    _check_header(header)
    typ = header.get("typ")
    return {**header, "typ": _SHORT_TYPES[typ]} if isinstance(typ, str) and typ in _SHORT_TYPES else header


def _check_header(header: Mapping[str, Any]) -> None:
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or not any(names_algorithm(algorithm, known) for known in ALGORITHMS):
        raise ProofInvalid("alg_not_allowed", allowed=", ".join(ALGORITHMS))
    for member in _KEY_ADDRESSES:
        if member in header:
            raise ProofInvalid("untrusted_key_hint", member=member)
    for member, kind in (("kid", str), ("typ", str), ("cty", str), ("jwk", dict)):
        if not isinstance(header.get(member, kind()), kind):
            raise MalformedCredential("malformed_header", reason=f"{member} has the wrong type")
    _check_critical(header)


def _check_critical(header: Mapping[str, Any]) -> None:
    """No extension is supported: `crit` is refused, and what it says decides how (RFC 7515, 4.1.11)."""
    names = header.get("crit")
    if "crit" not in header:
        if "b64" in header:
            raise MalformedCredential("malformed_header", reason="b64 is not marked critical")
        return
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise MalformedCredential("malformed_header", reason="crit is not a list of names")
    if _REGISTERED_HEADERS & set(names) or len(set(names)) != len(names) or not set(names) <= header.keys():
        raise MalformedCredential("malformed_header", reason="crit names what it must not")
    if "b64" in names and header["b64"] is not False:
        raise MalformedCredential("malformed_header", reason="b64 is not false")
    raise UnsupportedFormat("unsupported_critical")
