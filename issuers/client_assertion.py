"""How a machine client proves who it is: ``private_key_jwt`` (RFC 7523 section 3, OpenID Connect Core 9) — pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from credentials.jose import CompactJws, sign_compact
from credentials.keys import PublicKey, Signer
from issuers.errors import TokenError
from issuers.tokens import check_audience, read_token, text_claim, time_claim

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
"""The ``client_assertion_type`` of the token request (RFC 7523 section 2.2)."""
TYPES = frozenset({"JWT", "client-authentication+jwt"})
"""The ``typ`` values of an assertion."""
LIFETIME = timedelta(minutes=5)
"""The longest that an assertion may live."""
SKEW = timedelta(seconds=30)
"""By how much a client's clock may be ahead."""

_SIGNATURE_ONLY: Any = {
    "verify_signature": True,
    **{f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")},
}


@dataclass(frozen=True, slots=True)
class ClientAssertion:
    """A verified assertion. Its ``token_id`` (``jti``) must be refused if seen again before ``expires_at``."""

    client_id: str
    token_id: str
    expires_at: datetime


def claimed_client_id(assertion: str) -> str:
    """The client that an assertion claims to come from — unverified, to look up its keys and nothing else.

    Errors: those of ``read_token`` and ``text_claim``.
    """
    return text_claim(read_token(assertion, TYPES).payload, "iss")


def verify_client_assertion(
    assertion: str,
    keys: Mapping[str, PublicKey],
    *,
    client_id: str,
    audiences: Collection[str],
    at: datetime,
) -> ClientAssertion:
    """The assertion, if it is this client's, made for this bank, fresh at ``at``; ``keys`` are the client's, by key id.

    1. A strict compact JWS of at most 8,192 characters, ``typ`` one of ``TYPES``.
    2. The key by ``kid`` (or the client's only key), its algorithm equal to the header's.
    3. The signature, by PyJWT with that one algorithm.
    4. ``iss`` and ``sub`` are the client's id; ``aud`` is one of ``audiences`` alone.
    5. ``exp`` is to come, within five minutes; ``iat`` and ``nbf``, where given, are past. 6. ``jti`` is there.
    The caller then refuses a ``jti`` that it has seen. Errors: ``TokenError``.
    """
    jws = read_token(assertion, TYPES)
    _check_signature(jws, _key(jws, keys))
    if {text_claim(jws.payload, "iss"), text_claim(jws.payload, "sub")} != {client_id}:
        raise TokenError("client_mismatch")
    check_audience(jws.payload, audiences)
    expires_at = _check_times(jws.payload, at)
    return ClientAssertion(client_id, text_claim(jws.payload, "jti"), expires_at)


def make_client_assertion(
    signer: Signer, *, client_id: str, key_id: str, audience: str, token_id: str, at: datetime
) -> str:
    """What a client sends: an assertion that lives one minute from ``at``; ``token_id`` is new each time."""
    issued = int(at.timestamp())
    claims = {"iss": client_id, "sub": client_id, "aud": audience, "jti": token_id, "iat": issued, "exp": issued + 60}
    return sign_compact(claims, signer, {"typ": "client-authentication+jwt", "kid": key_id})


def _key(jws: CompactJws, keys: Mapping[str, PublicKey]) -> PublicKey:
    name = jws.header.get("kid")
    if name is None and len(keys) == 1:
        return next(iter(keys.values()))
    if not isinstance(name, str) or name not in keys:
        raise TokenError("unknown_key")
    return keys[name]


def _check_signature(jws: CompactJws, key: PublicKey) -> None:
    if jws.header["alg"] != key.algorithm:
        raise TokenError("alg_key_mismatch")
    verifier = jwt.PyJWK(dict(key.jwk()), algorithm=key.algorithm)
    try:
        jwt.decode(jws.token, verifier, algorithms=[key.algorithm], options=_SIGNATURE_ONLY)
    except jwt.PyJWTError as error:
        raise TokenError("bad_signature") from error


def _check_times(claims: Mapping[str, Any], at: datetime) -> datetime:
    expires_at = time_claim(claims, "exp")
    if expires_at <= at:
        raise TokenError("expired")
    if expires_at > at + LIFETIME + SKEW:
        raise TokenError("lifetime_too_long", seconds=int(LIFETIME.total_seconds()))
    if any(time_claim(claims, name) > at + SKEW for name in ("iat", "nbf") if name in claims):
        raise TokenError("not_yet_valid")
    return expires_at
