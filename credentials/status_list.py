"""Bitstring Status List 1.0: at least 131,072 entries, the left-most bit first, as `u` + base64url(GZIP)."""

import gzip
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from credentials.dates import timestamp
from credentials.errors import LimitExceeded, MalformedCredential, StatusInvalid
from credentials.members import Object, required_text, single, texts
from credentials.multibase import base64url_decode, base64url_encode
from credentials.status_entry import STATUS_LIST_2021_ENTRY, entry_size, status_messages
from credentials.status_entry import StatusEntry as StatusEntry
from credentials.status_entry import status_entries as status_entries
from credentials.status_entry import status_entry as status_entry

MIN_ENTRIES: Final = 131_072
MIN_BYTES: Final = MIN_ENTRIES // 8
MAX_ENCODED: Final = 1_048_576
MAX_BYTES: Final = 16 * 1_048_576
LIST_CREDENTIAL: Final = "BitstringStatusListCredential"
LIST: Final = "BitstringStatusList"
_LIST_TYPES: Final = (LIST_CREDENTIAL, LIST)
_LIST_TYPES_2021: Final = ("StatusList2021Credential", "StatusList2021")
_GZIP_WINDOW: Final = 31  # zlib's wbits for exactly one gzip member with the largest window


def encode(bits: bytes) -> str:
    """The list as `encodedList`. The same bits always give the same text.

    Raises StatusInvalid `range_error` for fewer than 131,072 entries, LimitExceeded `too_large` over 16 MiB.
    """
    if len(bits) < MIN_BYTES:
        raise StatusInvalid("range_error")
    if len(bits) > MAX_BYTES:
        raise LimitExceeded("too_large", limit=MAX_BYTES)
    return "u" + base64url_encode(gzip.compress(bits, mtime=0))


def decode(encoded: str) -> bytes:
    """The bits of an `encodedList`: one gzip member, nothing after it.

    Raises LimitExceeded `too_large` over 1 MiB packed or 16 MiB unpacked (the rest is never inflated),
    MalformedCredential `malformed_multibase`, StatusInvalid `status_unverified` for broken or appended data,
    `range_error` for fewer than 131,072 entries.
    """
    if len(encoded) > MAX_ENCODED:
        raise LimitExceeded("too_large", limit=MAX_ENCODED)
    if not encoded.startswith("u"):
        raise MalformedCredential("malformed_multibase", encoding="base64url")
    bits = inflated(base64url_decode(encoded[1:]), _GZIP_WINDOW)
    if len(bits) < MIN_BYTES:
        raise StatusInvalid("range_error")
    return bits


def bit(bits: bytes, index: int) -> bool:
    """The entry at `index`, counted from the left-most bit; raises StatusInvalid `range_error` outside the list."""
    return bool(value(bits, index))


def value(bits: bytes, index: int, size: int = 1) -> int:
    """The entry at `index` in a list of entries of `size` bits (1 to 8); `range_error` outside the list."""
    _check_index(bits, index, size)
    first = index * size
    both = int.from_bytes(bits[first // 8 : first // 8 + 2].ljust(2, b"\0"), "big")
    return both >> (16 - size - first % 8) & ((1 << size) - 1)


def with_bit(bits: bytes, index: int, *, value: bool) -> bytes:
    """A copy of the list with one entry set or cleared; raises StatusInvalid `range_error` outside the list."""
    return with_value(bits, index, int(value))


def with_value(bits: bytes, index: int, value: int, size: int = 1) -> bytes:
    """A copy of the list with one entry of `size` bits set; `range_error` outside the list or over the size."""
    _check_index(bits, index, size)
    if not 0 <= value < 2**size:
        raise StatusInvalid("range_error")
    changed = bytearray(bits)
    for offset in range(size):
        place = index * size + offset
        mask = 0x80 >> place % 8
        set_ = value >> (size - 1 - offset) & 1
        changed[place // 8] = changed[place // 8] | mask if set_ else changed[place // 8] & ~mask
    return bytes(changed)


def cleared(before: bytes, after: bytes) -> tuple[int, ...]:
    """Which bits stood in an earlier list and no longer do: of a list for revocation none may ever (section 2.1).

    A later list that is shorter has lost what stood beyond its end.
    """
    gone = int.from_bytes(before, "big") & ~int.from_bytes(after[: len(before)].ljust(len(before), b"\0"), "big")
    text = bin(gone)[2:].zfill(len(before) * 8)
    return tuple(index for index, digit in enumerate(text) if digit == "1") if gone else ()


def build(
    list_id: str,
    issuer_id: str,
    purpose: str | tuple[str, ...],
    bits: bytes,
    valid_from: datetime,
    valid_until: datetime | None = None,
    *,
    ttl: int | None = None,
    size: int = 1,
) -> dict[str, Any]:
    """The unsigned BitstringStatusListCredential that is served at `list_id`. `ttl` is in milliseconds.

    The size of entries and their messages are stated by each entry and not again by the list: the context of
    credentials has no terms for that (`statusSize`, `statusMessages`), so a proof would not cover it. Raises as
    `encode`; StatusInvalid `range_error` where there are fewer than 131,072 entries of that size.
    """
    if len(bits) * 8 < MIN_ENTRIES * size:
        raise StatusInvalid("range_error")
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": list_id,
        "type": ["VerifiableCredential", LIST_CREDENTIAL],
        "issuer": issuer_id,
        "validFrom": timestamp(valid_from),
        **({"validUntil": timestamp(valid_until)} if valid_until else {}),
        "credentialSubject": {
            "id": f"{list_id}#list",
            "type": LIST,
            "statusPurpose": purpose if isinstance(purpose, str) else list(purpose),
            "encodedList": encode(bits),
            **({"ttl": ttl} if ttl is not None else {}),
        },
    }


def check(entry: StatusEntry, list_document: Mapping[str, Any], issuer: str) -> bool:
    """Whether the entry is set in a list whose proof and dates have been verified. Raises as `look_up`."""
    return bool(look_up(entry, list_document, issuer)[0])


def look_up(entry: StatusEntry, list_document: Mapping[str, Any], issuer: str) -> tuple[int, str | None]:
    """The entry's value, and its message where there is one, in a list whose proof and dates have been verified.

    Section 3.2. Raises StatusInvalid: `status_list_issuer_mismatch`, `status_purpose_mismatch`, `range_error`,
    `status_recursion` when the list has a status of its own, `status_unverified` when it is no status list, was
    published under another address or has entries of another size; and what `decode` raises.
    """
    subject = _list_subject(entry, list_document)
    if _issuer_id(list_document) != issuer:
        raise StatusInvalid("status_list_issuer_mismatch")
    if entry.purpose not in texts(subject, "statusPurpose"):
        raise StatusInvalid("status_purpose_mismatch")
    if "statusSize" in subject and entry_size(subject) != entry.size:
        raise StatusInvalid("status_unverified", "The status list has entries of another size.")
    bits = decode(_encoded_list(entry, subject))
    if len(bits) * 8 < MIN_ENTRIES * entry.size:
        raise StatusInvalid("range_error")
    found = value(bits, entry.index, entry.size)
    messages = entry.messages or status_messages(subject, "statusMessages", entry.size)
    return found, dict(messages).get(found)


def _encoded_list(entry: StatusEntry, subject: Object) -> str:
    """The packed list; that of StatusList2021 has no multibase prefix."""
    encoded = required_text(subject, "encodedList")
    return "u" + encoded if entry.type == STATUS_LIST_2021_ENTRY else encoded


def _list_subject(entry: StatusEntry, document: Mapping[str, Any]) -> Object:
    subject = single(document, "credentialSubject") or {}
    outer, inner = _LIST_TYPES_2021 if entry.type == STATUS_LIST_2021_ENTRY else _LIST_TYPES
    if outer not in texts(document, "type") or inner not in texts(subject, "type"):
        raise StatusInvalid("status_unverified")
    if document.get("id", entry.list_url) != entry.list_url:
        raise StatusInvalid("status_unverified")
    if "credentialStatus" in document:
        raise StatusInvalid("status_recursion")
    return subject


def _issuer_id(document: Mapping[str, Any]) -> object:
    issuer = document.get("issuer")
    return issuer.get("id") if isinstance(issuer, dict) else issuer


def _check_index(bits: bytes, index: int, size: int) -> None:
    if not 0 <= index < len(bits) * 8 // size:
        raise StatusInvalid("range_error")


def inflated(packed: bytes, window: int) -> bytes:
    """The list unpacked, in the format that zlib's `wbits` names; one stream, nothing after it.

    Raises StatusInvalid `status_unverified`; LimitExceeded `too_large` over 16 MiB, which are never inflated.
    """
    inflater = zlib.decompressobj(wbits=window)
    try:
        bits = inflater.decompress(packed, MAX_BYTES + 1)
    except zlib.error:
        raise StatusInvalid("status_unverified", "The status list is not packed data.") from None
    if len(bits) > MAX_BYTES:
        raise LimitExceeded("too_large", limit=MAX_BYTES)
    if not inflater.eof or inflater.unused_data:
        raise StatusInvalid("status_unverified", "The status list is cut off or followed by other data.")
    return bits
