"""The credential inside an SD-JWT: W3C's `vc+sd-jwt`, and SD-JWT VC with the members of Open Badges as claims.

- `vc+sd-jwt` with `@context`: the payload is the credential (VC-JOSE-COSE, 3.2).
- `dc+sd-jwt`, or `vc+sd-jwt` as its earlier name, with `vct`: an SD-JWT VC. Where it carries linked data, in `ld`
  (SD-JWT VCLD: OpenID4VP 1.0, B.3.7) or beside its claims, that is the credential, and `iss`, `sub`, `nbf` and `exp`
  stand for its issuer, subject and validity.
- Any other SD-JWT VC is a plain one: it is verified as what it is, and makes no claims that a bank reads.
"""

from collections.abc import Mapping
from typing import Any, Final

from credentials.canonical import jcs, sha256
from credentials.contexts import CREDENTIALS_V1
from credentials.dates import timestamp
from credentials.errors import MalformedCredential
from credentials.jws import CompactJws, Document
from credentials.multibase import base64url_encode
from credentials.sd_jwt import SdJwt, escaped
from credentials.vc_jwt import CLAIMS, check_agreement, check_claims, claimed_time, from_vc_jwt, with_identifier

VC_TYPES: Final = ("dc+sd-jwt", "vc+sd-jwt")
_OWN_CLAIMS: Final = CLAIMS | {"vct", "vct#integrity", "aka_vcts", "status"}
# What a holder could hide to make a credential look better than it is: all of these, or that they are there at all.
_WHOLE: Final = ("@context", "type", "credentialStatus")
_DATES: Final = ("validFrom", "validUntil")
_OF_DATA_MODEL: Final = frozenset(
    {"credentialSubject", "credentialStatus", "validFrom", "validUntil", "expirationDate"}
)
_OLD_DATES: Final = ("issuanceDate", "expirationDate")


def issuer_jws(sd_jwt: SdJwt) -> CompactJws:
    """The issuer's JWS, to be verified as it was signed, with the payload that the disclosures give.

    An array of which nothing is shown is left out: to be empty and to be withheld are two things.
    """
    issued = sd_jwt.issued
    payload = _shown(sd_jwt.payload, "", sd_jwt.withheld)
    return CompactJws(issued.header, payload, issued.signing_input, issued.signature, issued.token)


def _shown(value: Any, pointer: str, withheld: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_shown(item, f"{pointer}/{index}", withheld) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    places = {name: f"{pointer}/{escaped(name)}" for name in value}
    return {
        name: _shown(item, places[name], withheld)
        for name, item in value.items()
        if item != [] or places[name] not in withheld
    }


def from_sd_jwt(sd_jwt: SdJwt) -> Document:
    """The credential inside an SD-JWT (verified or not), as far as it is disclosed.

    A plain SD-JWT VC is its claims, with `iss` as its `issuer`. Raises MalformedCredential `wrong_type`,
    `malformed_claim`, `out_of_range`, `claim_mismatch`.
    """
    jws = issuer_jws(sd_jwt)
    if jws.header.get("typ") not in VC_TYPES:
        raise MalformedCredential("wrong_type")
    if not is_sd_jwt_vc(sd_jwt):
        return from_vc_jwt(jws)
    check_claims(jws)
    _check_types(jws.payload)
    document = _linked_data(jws.payload)
    if document is None:
        return _plain(jws.payload)
    return _completed(jws, document)


def is_sd_jwt_vc(sd_jwt: SdJwt) -> bool:
    """Whether the rules of SD-JWT VC apply: always to `dc+sd-jwt`; to `vc+sd-jwt` where it is not W3C's."""
    return sd_jwt.issued.header.get("typ") == "dc+sd-jwt" or "@context" not in sd_jwt.payload


def is_plain(sd_jwt: SdJwt) -> bool:
    """Whether it is an SD-JWT VC without linked data."""
    return is_sd_jwt_vc(sd_jwt) and _linked_data(sd_jwt.payload) is None


def payload_digest(sd_jwt: SdJwt) -> bytes:
    """SHA-256 over the canonical JSON of the payload as its issuer signed it: the same whatever is disclosed."""
    return sha256(jcs(sd_jwt.issued.payload))


def identity(sd_jwt: SdJwt, credential_id: str | None) -> str | None:
    """What the credential is told from others by: its id, or its payload's digest (`ni:` URI, RFC 6920) without one.

    None where an id may have been held back: one credential must not have two identities.
    """
    if credential_id is not None:
        return credential_id
    return None if hidden(sd_jwt, "id") else f"ni:///sha-256;{base64url_encode(payload_digest(sd_jwt))}"


def hidden(sd_jwt: SdJwt, member: str) -> bool:
    """Whether the whole member may have been held back by the holder: it is absent, and something is withheld there."""
    document, root = _root(sd_jwt)
    return member not in document and bool({"", root} & sd_jwt.withheld)


def hidden_essentials(sd_jwt: SdJwt) -> tuple[str, ...]:
    """The members that the verdict rests on, and that may have been held back, whole or in part.

    None of a plain SD-JWT VC: what it rests on is `NEVER_DISCLOSABLE`; unless it only looks like one, its contexts held
    back. Nor where a claim stands for the member.
    """
    if is_plain(sd_jwt):
        return _hidden_context(sd_jwt)
    document, root = _root(sd_jwt)
    context = document.get("@context")
    dates = _OLD_DATES if isinstance(context, list) and CREDENTIALS_V1 in context else _DATES
    claims = {"validFrom": "nbf", "validUntil": "exp"} if is_sd_jwt_vc(sd_jwt) else {}
    absent = [name for name in (*dates, "credentialStatus") if claims.get(name) not in sd_jwt.payload]
    partly = [name for name in _WHOLE if any(_is_inside(pointer, f"{root}/{name}") for pointer in sd_jwt.withheld)]
    return tuple(dict.fromkeys([name for name in absent if hidden(sd_jwt, name)] + partly))


def _hidden_context(sd_jwt: SdJwt) -> tuple[str, ...]:
    """The contexts, where members of W3C's data model stand without them: with them their dates and status count."""
    shown = _OF_DATA_MODEL & sd_jwt.payload.keys()
    return ("@context",) if shown and "" in sd_jwt.withheld else ()


def _is_inside(pointer: str, place: str) -> bool:
    return pointer == place or pointer.startswith(f"{place}/")


def _root(sd_jwt: SdJwt) -> tuple[Mapping[str, Any], str]:
    """The credential in the payload, and the pointer to it."""
    nested = sd_jwt.payload.get("ld")
    return (nested, "/ld") if is_sd_jwt_vc(sd_jwt) and isinstance(nested, dict) else (sd_jwt.payload, "")


def _check_types(payload: Mapping[str, Any]) -> None:
    for name in ("vct", "iss"):
        if not isinstance(payload.get(name), str) or not payload[name]:
            raise MalformedCredential("malformed_claim", claim=name)
    if not isinstance(payload.get("status", {}), dict):
        raise MalformedCredential("malformed_claim", claim="status")


def _linked_data(payload: Mapping[str, Any]) -> Document | None:
    """The linked data of an SD-JWT VC, if there is any; never in both places at once."""
    beside = {name: value for name, value in payload.items() if name not in _OWN_CLAIMS}
    if "ld" in payload:
        if "@context" in beside or not isinstance(payload["ld"], dict):
            raise MalformedCredential("malformed_claim", claim="ld")
        return dict(payload["ld"])
    return beside if "@context" in beside else None


def _completed(jws: CompactJws, document: Document) -> Document:
    """The linked data with what SD-JWT VC writes as claims; where it says so itself, both must agree."""
    document["issuer"] = with_identifier(document.get("issuer"), jws.payload["iss"])
    if "sub" in jws.payload:
        document["credentialSubject"] = with_identifier(document.get("credentialSubject"), jws.payload["sub"])
    for claim, member in (("nbf", "validFrom"), ("exp", "validUntil")):
        moment = claimed_time(jws, claim)
        if moment is not None:
            document.setdefault(member, timestamp(moment))
    check_agreement({**jws.payload}, document, with_times=True)
    return document


def _plain(payload: Mapping[str, Any]) -> Document:
    document = {name: value for name, value in payload.items() if name not in _OWN_CLAIMS}
    if document.get("issuer", payload["iss"]) != payload["iss"]:
        raise MalformedCredential("claim_mismatch", claim="iss", member="issuer")
    return {**document, "issuer": payload["iss"]}
