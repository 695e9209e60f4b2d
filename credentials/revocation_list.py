"""1EdTech Revocation List Status Method 1.0: a plain JSON list of revoked credentials, which nobody signs.

Only where it was had from tells whose it is. So it counts only from the issuer's own origin, and even then the check
ends with a warning, never as passed.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from credentials.errors import StatusInvalid
from credentials.members import Object, required_text

REVOCATION_LIST: Final = "1EdTechRevocationList"
_MEMBERS: Final = ("revokedCredential", "revokedCredentials")
_MAX_REVOKED: Final = 100_000
_PORTS: Final = {"https": 443}


def is_revocation_list(source: Object) -> bool:
    """Whether an entry of `credentialStatus` names such a list."""
    return source.get("type") in (REVOCATION_LIST, [REVOCATION_LIST])


def list_address(source: Object) -> str:
    """Where the list is: the entry's `id`. Raises MalformedCredential when there is none."""
    return required_text(source, "id")


def check_not_revoked(source: Object, credential_id: str | None, issuer_id: str, documents: Mapping[str, Any]) -> None:
    """The list that the entry names is the issuer's own and does not hold the credential.

    `documents` are strict JSON by the address they were had from. Raises StatusInvalid: `status_unavailable`,
    `status_unverified` for a list from another origin than the issuer's or that is none,
    `status_list_issuer_mismatch`, `revoked`; MalformedCredential for a credential without an id, which no list names.
    """
    address = list_address(source)
    if credential_id is None:
        raise StatusInvalid("status_unverified", "The revocation list names credentials by id, and this one has none.")
    found = documents.get(address)
    if found is None:
        raise StatusInvalid("status_unavailable")
    if not is_own_origin(address, issuer_id):
        raise StatusInvalid("status_unverified", "The revocation list is unsigned and not from the issuer's own site.")
    if credential_id in _revoked(found, address, issuer_id):
        raise StatusInvalid("revoked")


def is_own_origin(address: str, issuer_id: str) -> bool:
    """Whether an https address lies at the site that the issuer's id stands for: an https URL, or a did:web."""
    site = origin(_site(issuer_id))
    return site is not None and origin(address) == site


def origin(address: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an https address (RFC 6454); None for any other, or one that hides who is asked."""
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or "\\" in address:
        return None
    return parts.scheme, parts.hostname, port


def _site(issuer_id: str) -> str:
    if not issuer_id.startswith("did:web:"):
        return issuer_id
    return "https://" + unquote(issuer_id.removeprefix("did:web:").partition("#")[0].split(":")[0])


def _revoked(found: Any, address: str, issuer_id: str) -> frozenset[str]:
    """The ids that the list calls revoked. An entry may say that it is not, after all."""
    if not isinstance(found, dict) or not any(member in found for member in ("issuer", *_MEMBERS)):
        raise StatusInvalid("status_unverified", "The data at the list's address are no revocation list.")
    if found.get("id", address) != address:
        raise StatusInvalid("status_unverified", "The revocation list says that it belongs to another address.")
    issuer = found.get("issuer", issuer_id)
    if (issuer.get("id") if isinstance(issuer, dict) else issuer) != issuer_id:
        raise StatusInvalid("status_list_issuer_mismatch")
    return frozenset(filter(None, map(_revoked_id, _entries(found))))


def _entries(found: Mapping[str, Any]) -> list[Any]:
    listed = [entry for member in _MEMBERS for entry in _listed(found, member)]
    if len(listed) > _MAX_REVOKED:
        raise StatusInvalid("status_unverified", "The revocation list is longer than what is read.")
    return listed


def _listed(found: Mapping[str, Any], member: str) -> list[Any]:
    value = found.get(member, [])
    return value if isinstance(value, list) else [value]


def _revoked_id(entry: Any) -> str | None:
    if isinstance(entry, str):
        return entry
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise StatusInvalid("status_unverified", "The revocation list has an entry without an id.")
    return None if entry.get("revoked", True) is False else str(entry["id"])
