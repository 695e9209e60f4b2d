"""Other institutions' status lists: where a credential's status stands in them, and what a list seems to say of it.

Nothing here decides: what a list *seems* to say only chooses which deposits are verified anew, with everything that a
verification asks of the list itself. So whatever might be a change counts as one.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from credentials.canonical import jcs, sha256
from credentials.credential import Credential, Format
from credentials.errors import CredentialError
from credentials.jws import read_compact
from credentials.members import objects, single, text, texts
from credentials.open_badges_2 import document_of, hosted_address
from credentials.read import read
from credentials.revocation_list import is_revocation_list, list_address
from credentials.sd_jwt_verification import has_status_claim
from credentials.status_entry import status_entries
from credentials.status_list import MAX_BYTES, decode
from credentials.token_status_list import token_status, unpacked, value_in

BITSTRING, TOKEN, REVOCATION_LIST = "bitstring", "token", "revocation_list"
HOSTED, BADGE_LIST = "hosted", "badge_revocation_list"
PURPOSES = ("revocation", "suspension")
_REVOKED = "\x00revoked"
_BETWEEN = "\n"


@dataclass(frozen=True, slots=True)
class Place:
    """One place in somebody else's list: the index in a bitstring, or the id, or ids, to look for in a list of ids."""

    list_url: str
    kind: str
    purpose: str
    place: str


def places(credential: Credential, facts: Mapping[str, Any], is_own: Callable[[str], bool]) -> tuple[Place, ...]:
    """Every place where others may withdraw this credential; the bank's own lists are left out.

    `facts` are the deposit's: an Open Badge 2.0 does not say itself where its issuer's revocation list is.
    """
    of_badge = credential.format is Format.OPEN_BADGES_2
    named = _badge(credential, facts) if of_badge else chain(_entries(credential), _token(credential))
    found = dict.fromkeys(named)
    return tuple(place for place in found if not is_own(place.list_url))


def _entries(credential: Credential) -> Iterator[Place]:
    try:
        bits = status_entries(credential.document)
        others = [item for item in objects(credential.document, "credentialStatus") if is_revocation_list(item)]
        for entry in bits:
            if entry.purpose in PURPOSES and entry.size == 1:
                yield Place(entry.list_url, BITSTRING, entry.purpose, str(entry.index))
        for item in others:
            yield Place(list_address(item), REVOCATION_LIST, "revocation", credential.id or "")
    except CredentialError:
        return


def _token(credential: Credential) -> Iterator[Place]:
    """What a token's own `status` claim names: one value, for revocation and suspension alike."""
    if credential.jws is None or not has_status_claim(credential):
        return
    try:
        found = token_status(credential.jws.payload)
    except CredentialError:
        return
    yield Place(found.uri, TOKEN, "revocation", str(found.index))


def _badge(credential: Credential, facts: Mapping[str, Any]) -> Iterator[Place]:
    """A hosted badge is its own status; for a signed one its issuer keeps a list, which the deposit remembers."""
    try:
        address = hosted_address(credential.document)
    except CredentialError:
        return
    if address is not None:
        yield Place(address, HOSTED, "revocation", address)
    elif facts.get(BADGE_LIST):
        names = (credential.document.get(name) for name in ("id", "uid"))
        found = _BETWEEN.join(name for name in names if isinstance(name, str))
        yield Place(str(facts[BADGE_LIST]), BADGE_LIST, "revocation", found)


@dataclass(frozen=True, slots=True)
class Seen:
    """A list as it was just fetched: its digest, and its bits or its texts. Nothing of it is verified here.

    `final`: its bits are for revocation, so none of them may be cleared again. `size`: the bits of a value in a token's
    list.
    """

    digest: bytes
    bits: bytes | None
    texts: frozenset[str]
    final: bool = False
    size: int = 1

    def says(self, kind: str, place: str) -> bool:
        """Whether the list seems to withdraw what stands at this place."""
        if kind == BITSTRING:
            return self.bits is not None and is_set(self.bits, int(place))
        if kind == TOKEN:
            return self.bits is not None and _is_not_zero(self.size, self.bits, int(place))
        names = {_REVOKED} if kind == HOSTED else set(place.split(_BETWEEN))
        return not names.isdisjoint(self.texts)


def seen(kind: str, body: bytes) -> Seen:
    """A fetched list, taken apart. Raises CredentialError where it is none."""
    if kind == BITSTRING:
        bits, revokes = bits_of(read(body))
        return Seen(sha256(bits), bits, frozenset(), final=revokes)
    if kind == TOKEN:
        size, values = unpacked(read_compact(body.decode("ascii", "replace").strip()).payload.get("status_list"))
        return Seen(sha256(values), values, frozenset(), size=size)
    document = document_of(body)
    marks = {_REVOKED} if isinstance(document, dict) and document.get("revoked") not in (None, False) else set()
    return Seen(sha256(jcs(document)), None, frozenset(_texts(document)) | marks)


def gone(list_url: str) -> Seen:
    """A hosted badge whose address says that it is gone for good (410)."""
    return Seen(sha256(list_url.encode()), None, frozenset({_REVOKED}))


def bits_of(credential: Credential) -> tuple[bytes, bool]:
    """The bits of a list credential, and whether they are for revocation. Raises CredentialError where it has none."""
    subject = single(credential.document, "credentialSubject") or {}
    return decode(text(subject, "encodedList") or ""), "revocation" in texts(subject, "statusPurpose")


def _texts(value: Any) -> Iterator[str]:
    """Every text, and every name of a member: a list of version 1.x is an object of uids and reasons."""
    if isinstance(value, str):
        yield value
    if isinstance(value, Mapping):
        yield from value
    for item in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _texts(item)


def _is_not_zero(size: int, values: bytes, index: int) -> bool:
    try:
        return value_in(size, values, index) != 0
    except CredentialError:
        return False


def is_set(bits: bytes, index: int) -> bool:
    """The bit at `index`, left-most first; outside the list it is not set."""
    return index < len(bits) * 8 and bool(bits[index // 8] >> (7 - index % 8) & 1)


def pack(bits: bytes) -> bytes:
    """Bits as they are kept."""
    return zlib.compress(bits)


def unpack(packed: bytes | None) -> bytes:
    """Bits as they were kept; none where nothing was."""
    return zlib.decompressobj().decompress(packed, MAX_BYTES) if packed else b""


def union(one: bytes, other: bytes) -> bytes:
    """Every bit that is set in either."""
    size = max(len(one), len(other))
    both = int.from_bytes(one.ljust(size, b"\0")) | int.from_bytes(other.ljust(size, b"\0"))
    return both.to_bytes(size)


def taken_back(before: bytes, now: bytes) -> int:
    """How many bits that were set are set no longer."""
    size = max(len(before), len(now))
    gone = int.from_bytes(before.ljust(size, b"\0")) & ~int.from_bytes(now.ljust(size, b"\0"))
    return gone.bit_count()
