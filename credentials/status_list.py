"""Bitstring Status List 1.0: lists of at least 131,072 bits, the left-most bit first, as `u` + base64url(GZIP)."""

import gzip
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from credentials.dates import timestamp
from credentials.errors import LimitExceeded, MalformedCredential, StatusInvalid
from credentials.members import Object, required_text, single, texts
from credentials.multibase import base64url_decode, base64url_encode
from credentials.status_entry import StatusEntry as StatusEntry
from credentials.status_entry import status_entries as status_entries
from credentials.status_entry import status_entry as status_entry

MIN_ENTRIES: Final = 131_072
MIN_BYTES: Final = MIN_ENTRIES // 8
MAX_ENCODED: Final = 1_048_576
MAX_BYTES: Final = 16 * 1_048_576
LIST_CREDENTIAL: Final = "BitstringStatusListCredential"
LIST: Final = "BitstringStatusList"
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
    bits = _inflate(base64url_decode(encoded[1:]))
    if len(bits) < MIN_BYTES:
        raise StatusInvalid("range_error")
    return bits


def bit(bits: bytes, index: int) -> bool:
    """The entry at `index`, counted from the left-most bit; raises StatusInvalid `range_error` outside the list."""
    _check_index(bits, index)
    return bool(bits[index // 8] >> (7 - index % 8) & 1)


def with_bit(bits: bytes, index: int, *, value: bool) -> bytes:
    """A copy of the list with one entry set or cleared; raises StatusInvalid `range_error` outside the list."""
    _check_index(bits, index)
    mask = 0x80 >> index % 8
    changed = bytearray(bits)
    changed[index // 8] = changed[index // 8] | mask if value else changed[index // 8] & ~mask
    return bytes(changed)


def build(
    list_id: str,
    issuer_id: str,
    purpose: str,
    bits: bytes,
    valid_from: datetime,
    valid_until: datetime | None = None,
) -> dict[str, Any]:
    """The unsigned BitstringStatusListCredential that is served at `list_id`. Raises as `encode`."""
    until = {"validUntil": timestamp(valid_until)} if valid_until else {}
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": list_id,
        "type": ["VerifiableCredential", LIST_CREDENTIAL],
        "issuer": issuer_id,
        "validFrom": timestamp(valid_from),
        **until,
        "credentialSubject": {
            "id": f"{list_id}#list",
            "type": LIST,
            "statusPurpose": purpose,
            "encodedList": encode(bits),
        },
    }


def check(entry: StatusEntry, list_document: Mapping[str, Any], issuer: str) -> bool:
    """Whether the entry's bit is set in a list whose proof and dates have been verified (section 3.2).

    Raises StatusInvalid: `status_list_issuer_mismatch`, `status_purpose_mismatch`, `range_error`,
    `status_recursion` when the list has a status of its own, `status_unverified` when it is no status list or was
    published under another address; and what `decode` raises.
    """
    subject = _list_subject(entry, list_document)
    if _issuer_id(list_document) != issuer:
        raise StatusInvalid("status_list_issuer_mismatch")
    if entry.purpose not in texts(subject, "statusPurpose"):
        raise StatusInvalid("status_purpose_mismatch")
    return bit(decode(required_text(subject, "encodedList")), entry.index)


def _list_subject(entry: StatusEntry, document: Mapping[str, Any]) -> Object:
    subject = single(document, "credentialSubject") or {}
    if LIST_CREDENTIAL not in texts(document, "type") or LIST not in texts(subject, "type"):
        raise StatusInvalid("status_unverified")
    if document.get("id", entry.list_url) != entry.list_url:
        raise StatusInvalid("status_unverified")
    if "credentialStatus" in document:
        raise StatusInvalid("status_recursion")
    return subject


def _issuer_id(document: Mapping[str, Any]) -> object:
    issuer = document.get("issuer")
    return issuer.get("id") if isinstance(issuer, dict) else issuer


def _check_index(bits: bytes, index: int) -> None:
    if not 0 <= index < len(bits) * 8:
        raise StatusInvalid("range_error")


def _inflate(packed: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=_GZIP_WINDOW)
    try:
        bits = inflater.decompress(packed, MAX_BYTES + 1)
    except zlib.error:
        raise StatusInvalid("status_unverified", "The status list is not GZIP data.") from None
    if len(bits) > MAX_BYTES:
        raise LimitExceeded("too_large", limit=MAX_BYTES)
    if not inflater.eof or inflater.unused_data:
        raise StatusInvalid("status_unverified", "The status list is cut off or followed by other data.")
    return bits
