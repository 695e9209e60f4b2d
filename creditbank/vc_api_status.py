"""Status lists of the local issuers of a test run: bits in memory, each list signed when somebody asks for it."""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from credentials.keys import PrivateKey
from credentials.status_entry import StatusEntry
from credentials.status_list import MIN_BYTES, MIN_ENTRIES, build, with_bit
from creditbank.errors import NotFound, Unavailable

PURPOSES = ("revocation", "suspension")
_LIST_SUITES = {"EdDSA": "eddsa-rdfc-2022", "ES256": "ecdsa-rdfc-2019", "ES384": "ecdsa-rdfc-2019"}


class ListIssuer(Protocol):
    """Who signs a list: the issuer of the credentials in it."""

    @property
    def did(self) -> str:
        """Its did:key."""

    @property
    def key(self) -> PrivateKey:
        """The key of that."""

    def signed(
        self, document: Mapping[str, Any], at: datetime, cryptosuite: str, pointers: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """The document with its proof."""


@dataclass(slots=True)
class _List:
    issuer: ListIssuer
    purpose: str
    bits: bytes = bytes(MIN_BYTES)
    places: dict[str, int] = field(default_factory=dict)


class StatusBook:
    """The lists by address, and for each credential id its places in them."""

    def __init__(self, base_url: str) -> None:
        self._base = f"{base_url}/status/"
        self._lists: dict[str, _List] = {}
        self._lock = threading.Lock()

    def entry(self, issuer: ListIssuer, purpose: str, credential_id: str) -> StatusEntry:
        """A place for a credential, the same one when asked again. Raises NotFound for another purpose."""
        if purpose not in PURPOSES:
            raise NotFound("status_purpose")
        url = f"{self._base}{issuer.did.removeprefix('did:key:')}/{purpose}"
        with self._lock:
            kept = self._lists.setdefault(url, _List(issuer, purpose))
            return StatusEntry(purpose, url, kept.places.setdefault(credential_id, _free(kept)))

    def set(self, credential_id: str, purpose: str, *, value: bool) -> None:
        """Set or clear every status of this purpose that the credential has. Raises NotFound where it has none."""
        with self._lock:
            found = [one for one in self._lists.values() if one.purpose == purpose and credential_id in one.places]
            for kept in found:
                kept.bits = with_bit(kept.bits, kept.places[credential_id], value=value)
        if not found:
            raise NotFound("credential_status")

    def is_own(self, url: str) -> bool:
        """Whether there is a list at this address."""
        return url in self._lists

    def signed(self, name: str, at: datetime) -> dict[str, Any]:
        """The list of this name (what stands after `/status/`), signed now. Raises NotFound."""
        url = self._base + name
        kept = self._lists.get(url)
        if kept is None:
            raise NotFound("status_list")
        unsigned = build(url, kept.issuer.did, kept.purpose, kept.bits, at.replace(microsecond=0))
        suite = _LIST_SUITES[kept.issuer.key.public_key.algorithm]
        return kept.issuer.signed(unsigned, at, suite)

    def at(self, url: str, at: datetime) -> dict[str, Any]:
        """The list at this address, signed now. Raises NotFound."""
        return self.signed(url.removeprefix(self._base), at)


def _free(kept: _List) -> int:
    """A place that nobody has, at random: neighbours must not give away who was issued after whom."""
    if len(kept.places) >= MIN_ENTRIES // 2:
        raise Unavailable("status_list_full", "The status list of this test run is full; please start it anew.")
    taken = set(kept.places.values())
    while (place := secrets.randbelow(MIN_ENTRIES)) in taken:
        pass
    return place
