"""Credentials as JWTs: 1EdTech's profile (Open Badges 3.0, 8.2), W3C's `vc+jwt`, and VCDM 1.1's `vc` claim.

The claims `iss`, `jti`, `sub`, `nbf` and `exp` repeat members of the credential. They are written when
signing, and on reading each one that is present must say the same as the credential; otherwise one reader
would believe the claim and another the credential.
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from credentials import jsonld
from credentials.contexts import PINNED, ContextSet
from credentials.dates import instant, timestamp
from credentials.errors import MalformedCredential
from credentials.jws import CompactJws, Document, sign_compact
from credentials.keys import Signer

CLAIMS: Final = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf", "nonce"})

# What makes a payload a credential to a reader that does not know the `vc` claim.
_MEMBERS: Final = frozenset(
    {"@context", "id", "type", "issuer", "credentialSubject", "credentialStatus", "credentialSchema", "proof"}
    | {"validFrom", "validUntil", "issuanceDate", "expirationDate"}
)

_TEXT_CLAIMS: Final = ("iss", "sub", "jti")
_TIME_CLAIMS: Final = ("nbf", "exp", "iat")
_EARLIEST: Final = -62_135_596_800  # 0001-01-01T00:00:00Z
_LATEST: Final = 253_402_300_799  # 9999-12-31T23:59:59Z


def to_vc_jwt(document: Document, signer: Signer, *, key_id: str, contexts: ContextSet = PINNED) -> str:
    """The credential as a compact JWS in 1EdTech's profile: `typ: JWT`, `kid`, and claims beside the credential.

    The signature would cover any JSON, but what the contexts leave undefined is not signed here either: raises as
    `jsonld.check`, and MalformedCredential `malformed_claim` for a document with a member named like a claim.
    """
    for name in sorted(CLAIMS & document.keys()):
        raise MalformedCredential("malformed_claim", claim=name)
    jsonld.check(document, contexts)
    payload = {**document, **_claims(document)}
    return sign_compact(payload, signer, {"typ": "JWT", "kid": key_id})


def from_vc_jwt(jws: CompactJws) -> Document:
    """The credential inside a JWS (verified or not), without the JWT's own claims.

    With `typ: vc+jwt` the payload is the credential and a `vc` claim is refused; otherwise a `vc` claim (VCDM
    1.1) is completed from the JWT claims. A token of presentations (`vp`) is no credential. Raises
    MalformedCredential `malformed_claim` (wrong type or place), `out_of_range` (a time that no calendar has) or
    `claim_mismatch`.
    """
    _check_types(jws.payload)
    if "vp" in jws.payload:
        raise MalformedCredential("malformed_claim", claim="vp")
    if "vc" in jws.payload:
        document = _from_vc_claim(jws)
    else:
        document = {name: value for name, value in jws.payload.items() if name not in CLAIMS}
    _check_agreement(jws.payload, document)
    return document


def _claims(document: Mapping[str, Any]) -> dict[str, Any]:
    """The claims that repeat the credential; times are whole seconds, fractions cut off."""
    claims = {
        "iss": _identifier(document.get("issuer")),
        "jti": document.get("id"),
        "sub": _identifier(document.get("credentialSubject")),
        "nbf": _seconds(document, "validFrom", "issuanceDate"),
        "exp": _seconds(document, "validUntil", "expirationDate"),
    }
    return {name: value for name, value in claims.items() if value is not None}


def _identifier(value: object) -> object:
    """The id of a node that is written as a string or as an object; None where it has none."""
    return value.get("id") if isinstance(value, dict) else value if isinstance(value, str) else None


def _seconds(document: Mapping[str, Any], *members: str) -> int | None:
    """The first of the dates that is there, in seconds since 1970."""
    for member in members:
        if member in document:
            return math.floor(instant(document[member], member).timestamp())
    return None


def _check_types(payload: Mapping[str, Any]) -> None:
    for name in _TEXT_CLAIMS:
        if not isinstance(payload.get(name, ""), str):
            raise MalformedCredential("malformed_claim", claim=name)
    for name in _TIME_CLAIMS:
        value = payload.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise MalformedCredential("malformed_claim", claim=name)
        if not _EARLIEST <= value <= _LATEST:
            raise MalformedCredential("out_of_range")


def _check_agreement(payload: Mapping[str, Any], document: Document) -> None:
    expected = _claims(document)
    for name, member in (("iss", "issuer"), ("jti", "id"), ("sub", "credentialSubject")):
        if name in payload and payload[name] != expected.get(name):
            raise MalformedCredential("claim_mismatch", claim=name, member=member)
    for name, member in (("nbf", "validFrom"), ("exp", "validUntil")):
        if name in payload and math.floor(payload[name]) != expected.get(name):
            raise MalformedCredential("claim_mismatch", claim=name, member=member)


def _from_vc_claim(jws: CompactJws) -> Document:
    """The credential of a `vc` claim, completed from the claims that VCDM 1.1 (6.3.1) lets stand for its
    members.
    """
    claim = jws.payload["vc"]
    if not isinstance(claim, dict) or jws.header.get("typ") == "vc+jwt":
        raise MalformedCredential("malformed_claim", claim="vc")
    _check_members_beside(jws.payload, claim)
    payload, document = jws.payload, dict(claim)
    if "jti" in payload:
        document.setdefault("id", payload["jti"])
    for name, member in (("iss", "issuer"), ("sub", "credentialSubject")):
        if name in payload:
            document[member] = _with_identifier(document.get(member), payload[name])
    for name, member in (("nbf", "issuanceDate"), ("exp", "expirationDate")):
        if name in payload and member not in document and _modern(member) not in document:
            document[member] = timestamp(datetime.fromtimestamp(math.floor(payload[name]), UTC))
    return document


def _check_members_beside(payload: Mapping[str, Any], claim: Mapping[str, Any]) -> None:
    """No member of a credential stands beside the `vc` claim and differs: other readers would take that one."""
    for member in _MEMBERS & payload.keys():
        if payload[member] != claim.get(member):
            raise MalformedCredential("claim_mismatch", claim="vc", member=member)


def _with_identifier(node: object, identifier: str) -> object:
    """The node with this id, unless it has its own (which `_check_agreement` then compares)."""
    if node is None:
        return identifier
    return {"id": identifier, **node} if isinstance(node, dict) else node


def _modern(member: str) -> str:
    return {"issuanceDate": "validFrom", "expirationDate": "validUntil"}[member]
