"""Issue Open Badges 2.0, for readers that know nothing newer: the documents of an outcome, hosted or signed.

What Open Badges 2.0 has no member for (credits, results, levels) is told in words only; nothing is counted from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from credentials.achievement import IdentityObject
from credentials.dates import timestamp
from credentials.iris import check_iri
from credentials.jws import sign_compact
from credentials.keys import PublicKey, Signer
from credentials.language import UNDETERMINED, LanguageMap, language_tag, primary
from credentials.members import wrong
from credentials.open_badges import OutcomeDraft, credits_number
from credentials.open_badges_2 import CONTEXT, is_fetchable
from credentials.open_badges_2_keys import pem_of_key
from credentials.open_badges_2_subject import IDENTITY_TYPES

Document = dict[str, Any]

_PROPERTIES: Final = {identity_type: name for name, identity_type in IDENTITY_TYPES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """An issuer's addresses: its profile (`id`) and site, and for signed badges those of its key and revocation list.

    `badges` is below what address its hosted assertions stand; nothing that is served elsewhere is believed.
    """

    id: str
    name: LanguageMap
    url: str
    badges: str
    email: str | None = None
    key_address: str | None = None
    revocation_list: str | None = None


def profile(publisher: Publisher) -> Document:
    """The issuer's `Profile`, to be served at its `id`. Raises MalformedCredential for an address that is not https."""
    for address in (publisher.id, publisher.badges, publisher.key_address, publisher.revocation_list):
        _check_address(address)
    return _without_none(
        {
            "@context": CONTEXT,
            "id": publisher.id,
            "type": "Profile",
            "name": _first(publisher.name),
            "url": publisher.url,
            "email": publisher.email,
            "publicKey": publisher.key_address,
            "revocationList": publisher.revocation_list,
            "verification": {"type": "VerificationObject", "startsWith": publisher.badges},
        }
    )


def cryptographic_key(publisher: Publisher, key: PublicKey) -> Document:
    """The `CryptographicKey` to be served at the publisher's `key_address`."""
    if publisher.key_address is None:
        raise wrong("publicKey", "has no address")
    return {
        "@context": CONTEXT,
        "id": publisher.key_address,
        "type": "CryptographicKey",
        "owner": publisher.id,
        "publicKeyPem": pem_of_key(key),
    }


def badge_class(outcome: OutcomeDraft, publisher: Publisher, *, image: str) -> Document:
    """The `BadgeClass` to be served at the outcome's achievement id; `image` is the address of its picture.

    Raises MalformedCredential where a text or an address is missing.
    """
    _check_address(outcome.achievement_id)
    tag = primary(outcome.name, outcome.language) if outcome.name else UNDETERMINED
    return _without_none(
        {
            "@context": CONTEXT,
            "id": outcome.achievement_id,
            "type": "BadgeClass",
            "@language": None if tag == UNDETERMINED else language_tag(tag, "name"),
            "name": _first(outcome.name, tag),
            "description": _first(outcome.description, tag),
            "criteria": {"narrative": _first(outcome.criteria, tag)},
            "image": image,
            "issuer": publisher.id,
            "alignment": [_level(framework, code) for framework, code in outcome.levels] or None,
        }
    )


def assertion(
    outcome: OutcomeDraft, publisher: Publisher, *, credential_id: str, issued_on: datetime, signed: bool = False
) -> Document:
    """The `Assertion` of an outcome: hosted, to be served at `credential_id`, or to be signed by `sign`.

    Raises MalformedCredential, ContextRefused.
    """
    if signed and publisher.key_address is None:
        raise wrong("publicKey", "has no address")
    if not signed:
        _check_address(credential_id)
    check_iri(credential_id, "/id")
    verification = {"type": "SignedBadge", "creator": publisher.key_address} if signed else {"type": "HostedBadge"}
    return _without_none(
        {
            "@context": CONTEXT,
            "id": credential_id,
            "type": "Assertion",
            "recipient": _recipient(outcome),
            "badge": outcome.achievement_id,
            "verification": verification,
            "issuedOn": timestamp(issued_on),
            "expires": timestamp(outcome.valid_until) if outcome.valid_until else None,
            "narrative": f"Credits: {credits_number(outcome.credits)} {outcome.unit}",
        }
    )


def sign(document: Document, signer: Signer) -> str:
    """A signed assertion as a compact JWS, its payload the assertion itself (Open Badges 2.0, section 5.2)."""
    if document.get("verification", {}).get("type") != "SignedBadge":
        raise wrong("verification", "is not SignedBadge")
    return sign_compact(document, signer, {})


def revocation_list(publisher: Publisher, revoked: Iterable[str]) -> Document:
    """The `RevocationList` to be served at the publisher's address for it: the ids of the revoked assertions."""
    if publisher.revocation_list is None:
        raise wrong("revocationList", "has no address")
    return {
        "@context": CONTEXT,
        "id": publisher.revocation_list,
        "type": "RevocationList",
        "issuer": publisher.id,
        "revokedAssertions": sorted(revoked),
    }


def _recipient(outcome: OutcomeDraft) -> Document:
    """The one recipient that Open Badges 2.0 knows: by e-mail where there is one, else by another identifier or id."""
    known = [item for item in outcome.identifiers if item.identity_type in _PROPERTIES]
    if known:
        return _identity(min(known, key=lambda item: item.identity_type != "emailAddress"))
    if outcome.subject_id is None:
        raise wrong("recipient", "is missing")
    return {"type": "id", "identity": outcome.subject_id, "hashed": False}


def _identity(item: IdentityObject) -> Document:
    kind = _PROPERTIES[item.identity_type]
    return _without_none({"type": kind, "identity": item.identity_hash, "hashed": item.hashed, "salt": item.salt})


def _level(framework: str, code: str) -> Document:
    return {
        "targetName": f"{framework} {code}",
        "targetUrl": f"urn:creditbank:level:{framework}:{code}",
        "targetFramework": framework,
        "targetCode": code,
    }


def _first(texts: LanguageMap, preferred: str | None = None) -> str:
    if not texts:
        raise wrong("name", "is missing")
    return texts[primary(texts, preferred)]


def _check_address(address: str | None) -> None:
    if address is not None and not is_fetchable(address):
        raise wrong("id", "is not an https address")


def _without_none(document: Document) -> Document:
    return {name: value for name, value in document.items() if value is not None}
