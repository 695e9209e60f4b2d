"""Credentials as JWTs: 1EdTech's profile (Open Badges 3.0, 8.2), W3C's `vc+jwt`, and VCDM 1.1's `vc` claim.

The claims `iss`, `jti` and `sub` repeat members of the credential: each one that is present must say the same as the
credential; otherwise one reader would believe the claim and another the credential. The times differ by profile: in
1EdTech's and in VCDM 1.1 `nbf` and `exp` repeat the credential's validity, in W3C's they bound the signature's.
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from credentials import jsonld
from credentials.canonical import jcs, plain_json
from credentials.contexts import PINNED, ContextSet
from credentials.dates import instant, timestamp
from credentials.errors import MalformedCredential
from credentials.jws import CompactJws, Document, sign_octets
from credentials.keys import Signer

CLAIMS: Final = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf", "nonce"})
W3C_TYPES: Final = frozenset({"vc+jwt", "vc+sd-jwt", "vp+jwt", "vp+sd-jwt"})

# What makes a payload a credential to a reader that does not know the `vc` claim.
_MEMBERS: Final = frozenset(
    {"@context", "id", "type", "issuer", "credentialSubject", "credentialStatus", "credentialSchema", "proof"}
    | {"validFrom", "validUntil", "issuanceDate", "expirationDate"}
)

_CONTENT_TYPES: Final = frozenset({"vc", "application/vc", "vc+ld+json", "application/vc+ld+json"})
_NOT_MEMBERS: Final = CLAIMS | {"vc", "vp"}
_TEXT_CLAIMS: Final = ("iss", "sub", "jti")
_TIME_CLAIMS: Final = ("nbf", "exp", "iat")
_EARLIEST: Final = -62_135_596_800  # 0001-01-01T00:00:00Z
_LATEST: Final = 253_402_300_799  # 9999-12-31T23:59:59Z


class Profile(StrEnum):
    """Which rules a credential as JWT keeps."""

    ONE_EDTECH = "1edtech"
    W3C = "w3c"


def to_vc_jwt(
    document: Document,
    signer: Signer,
    *,
    key_id: str,
    contexts: ContextSet = PINNED,
    profile: Profile = Profile.ONE_EDTECH,
    issued_at: datetime | None = None,
) -> str:
    """The credential as a compact JWS: with `typ: JWT` and claims beside the credential, or W3C's `typ: vc+jwt`,
    where the payload is the credential, with `iss` for those who look for keys by it. `issued_at` becomes `iat`.

    The signature would cover any JSON, but what the contexts leave undefined is not signed here either: raises as
    `jsonld.check`, and MalformedCredential `malformed_claim` for a document with a member named like a claim.
    """
    if not _NOT_MEMBERS.isdisjoint(document):
        raise MalformedCredential("malformed_claim", claim=min(_NOT_MEMBERS & document.keys()))
    write = plain_json if jsonld.check(document, contexts) else jcs
    times = {} if issued_at is None else {"iat": math.floor(issued_at.timestamp())}
    if profile is Profile.W3C:
        payload = write({**document, **issuer_claim(document), **times})
        return sign_octets(payload, signer, _w3c_header(key_id))
    payload = write({**document, **claims_of(document), **times})
    return sign_octets(payload, signer, {"typ": "JWT", "kid": key_id})


def from_vc_jwt(jws: CompactJws) -> Document:
    """The credential inside a JWS (verified or not), without the JWT's own claims.

    With `typ: vc+jwt` the payload is the credential and a `vc` claim is refused; otherwise a `vc` claim (VCDM
    1.1) is completed from the JWT claims. A token of presentations (`vp`) is no credential. Raises
    MalformedCredential `malformed_claim` (wrong type or place), `out_of_range` (a time that no calendar has),
    `wrong_type` (a `cty` of something else) or `claim_mismatch`.
    """
    is_w3c = jws.header.get("typ") in W3C_TYPES
    check_claims(jws)
    if "vp" in jws.payload:
        raise MalformedCredential("malformed_claim", claim="vp")
    if is_w3c and jws.header.get("cty", "vc") not in _CONTENT_TYPES:
        raise MalformedCredential("wrong_type")
    if "vc" in jws.payload:
        document = _from_vc_claim(jws)
    else:
        document = {name: value for name, value in jws.payload.items() if name not in CLAIMS}
    check_agreement(jws.payload, document, with_times=not is_w3c)
    return document


def claims_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The claims that repeat the credential; times are whole seconds, fractions cut off."""
    claims = {
        "iss": _identifier(document.get("issuer")),
        "jti": document.get("id"),
        "sub": _identifier(document.get("credentialSubject")),
        "nbf": _seconds(document, "validFrom", "issuanceDate"),
        "exp": _seconds(document, "validUntil", "expirationDate"),
    }
    return {name: value for name, value in claims.items() if value is not None}


def issuer_claim(document: Mapping[str, Any]) -> dict[str, Any]:
    """The `iss` that repeats the issuer."""
    return {name: value for name, value in claims_of(document).items() if name == "iss"}


def check_claims(jws: CompactJws) -> None:
    """The registered claims have their types (RFC 7519, 4.1): raises `malformed_claim`, `out_of_range`."""
    for name in _TEXT_CLAIMS:
        if not isinstance(jws.payload.get(name, ""), str):
            raise MalformedCredential("malformed_claim", claim=name)
    for name in _TIME_CLAIMS:
        if name in jws.payload:
            claimed_time(jws, name)


def claimed_time(jws: CompactJws, name: str) -> datetime | None:
    """A time claim, None where it is absent: whole seconds since 1970, UTC.

    W3C's own vectors of `vc+jwt` write `iat` as a dateTime: read there, and nowhere else. Raises MalformedCredential
    `malformed_claim`, `out_of_range`.
    """
    if name not in jws.payload:
        return None
    value = jws.payload[name]
    if name == "iat" and isinstance(value, str) and jws.header.get("typ") in W3C_TYPES:
        return _written_out(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedCredential("malformed_claim", claim=name)
    if not _EARLIEST <= value <= _LATEST:
        raise MalformedCredential("out_of_range")
    return datetime.fromtimestamp(math.floor(value), UTC)


def check_agreement(payload: Mapping[str, Any], document: Document, *, with_times: bool) -> None:
    """Each claim that repeats a member of the document says the same; raises MalformedCredential `claim_mismatch`."""
    expected = claims_of(document)
    for name, member in (("iss", "issuer"), ("jti", "id"), ("sub", "credentialSubject")):
        if name in payload and payload[name] != expected.get(name):
            raise MalformedCredential("claim_mismatch", claim=name, member=member)
    for name, member in (("nbf", "validFrom"), ("exp", "validUntil")) if with_times else ():
        if name in payload and math.floor(payload[name]) != expected.get(name):
            raise MalformedCredential("claim_mismatch", claim=name, member=member)


def with_identifier(node: object, identifier: str) -> object:
    """The node with this id, unless it has its own (which `check_agreement` then compares)."""
    if node is None:
        return identifier
    return {"id": identifier, **node} if isinstance(node, dict) else node


def _w3c_header(key_id: str) -> dict[str, str]:
    return {"typ": "vc+jwt", "cty": "vc", "kid": key_id}


def _written_out(value: str) -> datetime:
    try:
        return instant(value, "iat").replace(microsecond=0)
    except MalformedCredential:
        raise MalformedCredential("malformed_claim", claim="iat") from None


def _identifier(value: object) -> object:
    """The id of a node that is written as a string or as an object; None where it has none."""
    return value.get("id") if isinstance(value, dict) else value if isinstance(value, str) else None


def _seconds(document: Mapping[str, Any], *members: str) -> int | None:
    """The first of the dates that is there, in seconds since 1970."""
    for member in members:
        if member in document:
            return math.floor(instant(document[member], member).timestamp())
    return None


def _from_vc_claim(jws: CompactJws) -> Document:
    """The credential of a `vc` claim, completed from the claims that VCDM 1.1 (6.3.1) lets stand for its
    members.
    """
    claim = jws.payload["vc"]
    if not isinstance(claim, dict) or jws.header.get("typ") in W3C_TYPES:
        raise MalformedCredential("malformed_claim", claim="vc")
    _check_members_beside(jws.payload, claim)
    payload, document = jws.payload, dict(claim)
    if "jti" in payload:
        document.setdefault("id", payload["jti"])
    for name, member in (("iss", "issuer"), ("sub", "credentialSubject")):
        if name in payload:
            document[member] = with_identifier(document.get(member), payload[name])
    for name, member in (("nbf", "issuanceDate"), ("exp", "expirationDate")):
        if name in payload and member not in document and _modern(member) not in document:
            document[member] = timestamp(datetime.fromtimestamp(math.floor(payload[name]), UTC))
    return document


def _check_members_beside(payload: Mapping[str, Any], claim: Mapping[str, Any]) -> None:
    """No member of a credential stands beside the `vc` claim and differs: other readers would take that one."""
    for member in _MEMBERS & payload.keys():
        if payload[member] != claim.get(member):
            raise MalformedCredential("claim_mismatch", claim="vc", member=member)


def _modern(member: str) -> str:
    return {"issuanceDate": "validFrom", "expirationDate": "validUntil"}[member]
