"""Open Badges 2.0 and 1.x: what an assertion says, and which documents it leads to. Nothing here is verified.

An assertion names a badge class, that names its issuer's profile, and that its keys and revocation list: documents of
their own, each at its own address. A hosted assertion is vouched for by the address that serves it, a signed one by a
JWS (Open Badges 2.0, sections 3 and 5; Open Badges 1.1, verification).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from credentials.credential import Credential
from credentials.dates import instant
from credentials.errors import CredentialError, MalformedCredential
from credentials.members import Object, items, required_text, single, text, texts, wrong
from credentials.strict_json import Json, loads

CONTEXT: Final = "https://w3id.org/openbadges/v2"
CONTEXTS: Final = (
    "https://w3id.org/openbadges/v2",
    "https://w3id.org/openbadges/v1",
    "http://w3id.org/openbadges/v2",
    "http://w3id.org/openbadges/v1",
)
MAX_DOCUMENTS: Final = 6
MAX_KEY_BYTES: Final = 16_384
_MAX_ADDRESS: Final = 2048
_ODD: Final = frozenset("\\# ")
_HOSTED: Final = frozenset({"hosted", "HostedBadge"})
_SIGNED: Final = frozenset({"signed", "SignedBadge"})
_PEM: Final = "-----BEGIN "
_FIRST_VERSION: Final = ("uid", "recipient", "badge", "verify")


@dataclass(frozen=True, slots=True)
class Assertion:
    """What an assertion says. `id` is its address, URN or (1.x) `uid`; `address` where it is hosted, None if signed.

    `key_address` is where the key of a signed one is said to be. `badge` is the badge class's address, or itself.
    """

    id: str
    address: str | None
    key_address: str | None
    badge: str | Object
    recipient: Object
    issued_on: datetime
    expires: datetime | None


def is_assertion(document: Mapping[str, Any]) -> bool:
    """Whether the document is of Open Badges 2.0 or older, going by its context or, in version 1.0, its members."""
    if any(item in CONTEXTS for item in _values(document.get("@context"))):
        return True
    return "@context" not in document and all(member in document for member in _FIRST_VERSION)


def is_reference(credential: Credential) -> bool:
    """Whether all that was found is the address of an assertion, as older images hold it."""
    return credential.document.keys() == {"id"}


def without_nulls(value: Any) -> Any:
    """The JSON without members and elements that are null: JSON-LD takes them for absent, and many hosts write them."""
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    return [without_nulls(item) for item in value if item is not None] if isinstance(value, list) else value


def document_of(body: bytes) -> Json:
    """What an address of a badge answered: JSON, or as a string the PEM text of a key that version 1.x names.

    Raises as `strict_json.loads`.
    """
    if body.startswith(_PEM.encode()) and len(body) <= MAX_KEY_BYTES and body.isascii():
        return body.decode()
    return loads(body)


def wanted_documents(credential: Credential, documents: Mapping[str, Any]) -> list[str]:
    """The addresses (https, no fragment) of what is to be fetched next: those that are known and not yet at hand.

    Call again with the answers until the list is empty: assertion, badge class, issuer, then key and revocation list,
    never more than six in all. Put what an address answered under that address by `document_of`, and
    `{"id": address, "revoked": true}` for one that says 410 Gone.
    """
    wanted: list[str] = []
    try:
        for address in _addresses(credential, documents):
            place = address.partition("#")[0]
            wanted += [place] if is_fetchable(place) and place not in documents else []
    except CredentialError as error:
        if error.code != "document_unavailable":
            return []  # the verification will say what is wrong with them
    return list(dict.fromkeys(wanted))


def is_fetchable(address: str) -> bool:
    """Whether the address can vouch for what it serves: https, a host, nothing that two readers see differently."""
    if len(address) > _MAX_ADDRESS or not address.isascii() or not address.isprintable() or _ODD & set(address):
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    segments = parts.path.lower().replace("%2e", ".").split("/")
    names_a_host = bool(parts.hostname) and port != 0 and "@" not in parts.netloc
    return parts.scheme == "https" and names_a_host and not {".", ".."} & set(segments)


def at(documents: Mapping[str, Any], address: str) -> Any:
    """The document at an address. Raises MalformedCredential `document_unavailable`."""
    place = address.partition("#")[0]
    if not is_fetchable(place) or place not in documents:
        raise MalformedCredential("document_unavailable")
    return documents[place]


def hosted_address(document: Object) -> str | None:
    """Where a hosted assertion is served: its `id`, in version 1.0 `verify.url`; None for a signed one."""
    if document.keys() == {"id"}:
        return text(document, "id")
    kind, verification = _verification(document)
    if kind == "signed":
        return None
    return text(document, "id") or required_text(verification, "url")


def assertion(document: Object) -> Assertion:
    """The typed view of an assertion. Raises MalformedCredential: `malformed_credential`, `cardinality`, …"""
    if "type" in document and "Assertion" not in texts(document, "type"):
        raise wrong("type", "does not name Assertion")
    kind, verification = _verification(document)
    address = hosted_address(document)
    recipient = single(document, "recipient")
    if recipient is None:
        raise wrong("recipient", "is missing")
    issued_on = _instant(document, "issuedOn")
    if issued_on is None:
        raise wrong("issuedOn", "is missing")
    return Assertion(
        id=text(document, "id") or address or required_text(document, "uid"),
        address=address,
        key_address=(text(verification, "creator") or text(verification, "url")) if kind == "signed" else None,
        badge=_linked(document, "badge"),
        recipient=recipient,
        issued_on=issued_on,
        expires=_instant(document, "expires"),
    )


def badge_class(found: Assertion, documents: Mapping[str, Any]) -> Object:
    """The badge class: the one inside the assertion, else that at its address, which must be its `id`."""
    return found.badge if isinstance(found.badge, Mapping) else _own(documents, found.badge, "BadgeClass")


def issuer_address(badge: Object) -> str:
    """The issuer's address. A profile inside a badge class is nothing but a claim, so only its `id` is read."""
    issuer = _linked(badge, "issuer")
    return issuer if isinstance(issuer, str) else required_text(issuer, "id")


def profile(badge: Object, documents: Mapping[str, Any]) -> Object:
    """The issuer's profile, from its own address. Raises `document_unavailable`, `malformed_credential`."""
    address = issuer_address(badge)
    return {**_own(documents, address, "Profile", "Issuer", "IssuerOrg"), "id": address}


def issuer_of(credential: Credential, documents: Mapping[str, Any]) -> str | None:
    """Whom the documents at hand name as the issuer (a claim, before verification); None where they do not yet."""
    try:
        return issuer_address(badge_class(assertion(presented(credential, documents)), documents))
    except CredentialError:
        return None


def presented(credential: Credential, documents: Mapping[str, Any]) -> Object:
    """The assertion as handed in, or where that is only an address, as served there."""
    if not is_reference(credential):
        return credential.document
    return hosted(credential.document["id"], documents)


def hosted(address: str, documents: Mapping[str, Any]) -> Object:
    """The assertion that its address serves. Raises `document_unavailable`, `malformed_credential`."""
    found = at(documents, address)
    if not isinstance(found, dict):
        raise wrong("assertion", "is not an object")
    said: Object = without_nulls(found)
    return said


def key_entries(issuer: Object) -> Mapping[str, Object | None]:
    """The keys that a profile names, by their id: itself where it stands in the profile, else None."""
    named = [(item, None) if isinstance(item, str) else (_key_id(item), item) for item in items(issuer, "publicKey")]
    return dict(named)


def _key_id(item: object) -> str:
    if not isinstance(item, dict):
        raise wrong("publicKey", "is neither an address nor a key")
    return required_text(item, "id")


def _addresses(credential: Credential, documents: Mapping[str, Any]) -> Iterator[str]:
    """Every address that the assertion leads to, as far as the documents at hand show."""
    place = hosted_address(credential.document)
    if place is not None:
        yield place
    source = credential.document if place is None else without_nulls(documents.get(place))
    if not isinstance(source, Mapping) or (source.get("revoked") and "badge" not in source):
        return
    found = assertion(source)
    if isinstance(found.badge, str):
        yield found.badge
    badge = badge_class(found, documents)
    yield issuer_address(badge)
    if place is None:
        yield from _of_signature(found, profile(badge, documents))


def _of_signature(found: Assertion, issuer: Object) -> Iterator[str]:
    keys = key_entries(issuer)
    name = found.key_address or next(iter(keys), "")
    if keys.get(name, None) is None and (name in keys or not keys):
        yield name
    if "revocationList" in issuer:
        yield required_text(issuer, "revocationList")


def _own(documents: Mapping[str, Any], address: str, *types: str) -> Object:
    """The object that an address serves as its own: `id` is the address, `type` one of these; version 1.0 has neither.

    Raises MalformedCredential `document_unavailable`, `malformed_credential`.
    """
    found = without_nulls(at(documents, address))
    if not isinstance(found, dict):
        raise wrong(types[0], "is not an object")
    if found.get("id", address) != address:
        raise wrong("id", "is not the address that the document came from")
    if "type" in found and not set(types) & set(texts(found, "type")):
        raise wrong("type", f"does not name {types[0]}")
    return found


def _verification(document: Object) -> tuple[str, Object]:
    """`hosted` or `signed`, and the object that says so (`verify` in version 1.x)."""
    found = single(document, "verification") or single(document, "verify")
    if found is None:
        raise wrong("verification", "is missing")
    named = set(texts(found, "type"))
    if not named & (_HOSTED | _SIGNED) or (named & _HOSTED and named & _SIGNED):
        raise wrong("verification.type", "is neither HostedBadge nor SignedBadge")
    return "hosted" if named & _HOSTED else "signed", found


def _linked(source: Object, member: str) -> str | Object:
    """The member as an address or as the object itself."""
    value = source.get(member)
    if isinstance(value, dict):
        return value
    return required_text(source, member)


def _instant(source: Object, member: str) -> datetime | None:
    """A date-time; version 1.x also writes seconds since 1970 and plain days, and an offset is often left out: UTC."""
    value = source.get(member)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 253_402_300_800:
        return datetime.fromtimestamp(value, UTC)
    if not isinstance(value, str):
        raise wrong(member, "is not a date")
    return instant(_with_offset(value), member)


def _with_offset(value: str) -> str:
    if len(value) == len("2018-01-01"):
        return f"{value}T00:00:00Z"
    clock = value[len("2018-01-01T") :]
    if clock[-5:-4] in ("+", "-") and clock[-4:].isdigit():
        return f"{value[:-2]}:{value[-2:]}"
    return value if clock.endswith("Z") or "+" in clock or "-" in clock else f"{value}Z"


def _values(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
