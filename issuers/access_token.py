"""The bank's own access tokens: short-lived, scoped, ``at+jwt`` (RFC 9068), signed with a key of their own — pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from credentials.errors import ProofInvalid
from credentials.jose import CompactJws, sign_compact, verify_compact
from credentials.keys import PublicKey, Signer
from issuers.errors import TokenError
from issuers.tokens import check_audience, read_token, text_claim, time_claim

TYPE = "at+jwt"
"""The only ``typ`` of an access token; no credential and no client assertion has it (SECURITY S25)."""
LIFETIME = timedelta(minutes=10)
"""How long an access token lives."""

# One or more scope tokens of RFC 6749 section 3.3, a space between them; the empty text is no scope at all.
_SCOPES = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+(?: [\x21\x23-\x5B\x5D-\x7E]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A verified access token: which client, with which scopes, until when; ``token_id`` is its ``jti``."""

    client_id: str
    scopes: frozenset[str]
    token_id: str
    issued_at: datetime
    expires_at: datetime

    def require(self, scope: str) -> None:
        """Refuse if the token does not carry ``scope``, by its whole name; errors: ``insufficient_scope``."""
        if scope not in self.scopes:
            raise TokenError("insufficient_scope", scope=scope)


def issue_access_token(
    signer: Signer,
    *,
    issuer: str,
    audience: str,
    client_id: str,
    scopes: Collection[str],
    token_id: str,
    at: datetime,
) -> str:
    """An access token for ``client_id``, ten minutes from ``at`` (RFC 9068 section 2.2); ``kid`` is the thumbprint."""
    issued = int(at.timestamp())
    claims = {
        "iss": issuer,
        "aud": audience,
        "sub": client_id,
        "client_id": client_id,
        "scope": _scope_claim(scopes),
        "jti": token_id,
        "iat": issued,
        "exp": issued + int(LIFETIME.total_seconds()),
    }
    return sign_compact(claims, signer, {"typ": TYPE, "kid": signer.public_key.thumbprint()})


def verify_access_token(
    token: str, keys: Mapping[str, PublicKey], *, issuer: str, audience: str, at: datetime
) -> AccessToken:
    """The token, if one of ``keys`` signed it and it is alive at ``at``.

    ``keys`` are the present key and those rotated out in the last ten minutes, by thumbprint.

    1. A strict compact JWS with ``typ`` ``at+jwt``.
    2. The key by ``kid``, the signature by that key's algorithm.
    3. ``iss`` and ``aud`` exact.
    4. ``iat`` ≤ ``at`` < ``exp``, at most ten minutes apart.
    5. ``sub``, ``client_id``, ``scope`` and ``jti`` of the right form. Errors: ``TokenError``.
    """
    jws = read_token(token, {TYPE})
    _check_signature(jws, keys)
    claims = jws.payload
    if text_claim(claims, "iss") != issuer:
        raise TokenError("wrong_issuer")
    check_audience(claims, {audience})
    issued_at, expires_at = time_claim(claims, "iat"), time_claim(claims, "exp")
    _check_times(issued_at, expires_at, at)
    client_id = text_claim(claims, "client_id")
    if text_claim(claims, "sub") != client_id:
        raise TokenError("client_mismatch")
    return AccessToken(client_id, _scopes(claims), text_claim(claims, "jti"), issued_at, expires_at)


def _check_signature(jws: CompactJws, keys: Mapping[str, PublicKey]) -> None:
    key = keys.get(jws.header.get("kid", ""))
    if key is None:
        raise TokenError("unknown_key")
    try:
        verify_compact(jws, key)
    except ProofInvalid as error:
        code = "alg_key_mismatch" if error.code == "alg_key_mismatch" else "bad_signature"
        raise TokenError(code) from error


def _check_times(issued_at: datetime, expires_at: datetime, at: datetime) -> None:
    if expires_at <= at:
        raise TokenError("expired")
    if issued_at > at:
        raise TokenError("not_yet_valid")
    if expires_at - issued_at > LIFETIME:
        raise TokenError("lifetime_too_long", seconds=int(LIFETIME.total_seconds()))


def _scope_claim(scopes: Collection[str]) -> str:
    text = " ".join(sorted(scopes))
    if any(" " in scope for scope in scopes) or _SCOPES.fullmatch(text) is None:
        raise TokenError("malformed_claim", claim="scope")
    return text


def _scopes(claims: Mapping[str, object]) -> frozenset[str]:
    text = claims.get("scope")
    if not isinstance(text, str) or _SCOPES.fullmatch(text) is None:
        raise TokenError("malformed_claim", claim="scope")
    return frozenset(text.split(" "))
