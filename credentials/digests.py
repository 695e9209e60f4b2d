"""Digests of what a credential refers to: `digestSRI` and `digestMultibase` (VC Data Model 2.0, 5.3).

A digest says that what lies at an address is still what the issuer saw. It is compared with bytes at hand: a data URI,
a pinned context, or what the caller supplies; nothing is fetched.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from credentials import multibase
from credentials.checks import Check
from credentials.contexts import CONTEXTS, known_digests
from credentials.errors import CredentialError, MalformedCredential
from credentials.members import Object, objects, text, wrong
from credentials.proof_check import attempt

NAME: Final = "related_resources"
MEMBERS: Final = ("relatedResource", "evidence", "credentialSchema", "termsOfUse")
DIGESTS: Final = ("digestSRI", "digestMultibase")
_FUNCTIONS: Final = ("sha256", "sha384", "sha512")
_BY_LENGTH: Final = {32: "sha256", 48: "sha384", 64: "sha512"}
_MULTIHASH: Final = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}
_MAX_TEXT: Final = 1_024
_MAX_DATA_URI: Final = 1_048_576

Digest = tuple[str, bytes]


def digest_checks(document: Mapping[str, Any], resources: Mapping[str, bytes]) -> Iterator[Check]:
    """One check for all digests that the credential states; none where it states none.

    `resources` are the bytes at hand, by address. Failed: `digest_mismatch`, `malformed_credential` for a digest that
    is none. Warning: `digest_unverified`, where the bytes are not at hand.
    """
    stated = [item for member in MEMBERS for item in objects(document, member) if _states(item)]
    if not stated:
        return
    answer = attempt(NAME, lambda: None)
    missing = 0
    for item in stated:
        checked = attempt(NAME, partial(_check, item, resources))
        missing += checked.code == "digest_unverified"
        answer = checked if checked.code not in (None, "digest_unverified") and answer.code is None else answer
    yield Check.warning(NAME, "digest_unverified", count=missing) if missing and answer.code is None else answer


def _check(item: Object, resources: Mapping[str, bytes]) -> None:
    """Every digest of a function that is known fits the bytes; where one cannot be compared, that is said."""
    address = text(item, "id") or ""
    groups, data = list(_stated(item)), _at_hand(address, resources)
    if data is None:
        raise MalformedCredential("digest_unverified", count=1)
    known = known_digests(address)
    if not all(any(_is_digest_of(digest, data, known) for digest in group) for group in groups if group):
        raise MalformedCredential("digest_mismatch")
    if not all(groups):
        raise MalformedCredential("digest_unverified", count=1)


def _states(item: Object) -> bool:
    return any(member in item for member in DIGESTS)


def _at_hand(address: str, resources: Mapping[str, bytes]) -> bytes | None:
    if address in CONTEXTS:
        return CONTEXTS[address].load()
    return resources[address] if address in resources else _data_of(address)


def _data_of(address: str) -> bytes | None:
    """The bytes inside a base64 data URI (RFC 2397)."""
    head, comma, body = address.partition(",")
    if not head.startswith("data:") or not head.endswith(";base64") or not comma or len(body) > _MAX_DATA_URI:
        return None
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return None


def _is_digest_of(digest: Digest, data: bytes, known: frozenset[bytes]) -> bool:
    name, value = digest
    return value in known or hashlib.new(name, data).digest() == value


def _stated(item: Object) -> Iterator[list[Digest]]:
    """The digests of each member that states some; of each group one must fit. Empty: made by an unknown function."""
    if "digestSRI" in item:
        yield _integrity(_text_of(item, "digestSRI"))
    if "digestMultibase" in item:
        yield _multibase(_text_of(item, "digestMultibase"))


def _text_of(item: Object, member: str) -> str:
    value = text(item, member)
    if not value or len(value) > _MAX_TEXT:
        raise wrong(member, "is not a digest")
    return value


def _integrity(value: str) -> list[Digest]:
    """Integrity metadata (Subresource Integrity, 3.5): of several digests those of the strongest function count."""
    found = [digest for part in value.split() for digest in _one_integrity(part.partition("?")[0])]
    strongest = max((name for name, _ in found), default="")
    return [digest for digest in found if digest[0] == strongest]


def _one_integrity(value: str) -> list[Digest]:
    name, hyphen, encoded = value.partition("-")
    if not hyphen:
        raise wrong("digestSRI", "is not a digest")
    if name not in _FUNCTIONS:
        return []
    try:
        digest = base64.b64decode(encoded.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raise wrong("digestSRI", "is not a digest") from None
    if _BY_LENGTH.get(len(digest)) != name:
        raise wrong("digestSRI", "is not a digest")
    return [(name, digest)]


def _multibase(value: str) -> list[Digest]:
    """A digest as base64url (`u`) or base58btc (`z`), with a multihash header or without: both occur."""
    try:
        data = multibase.base64url_decode(value[1:]) if value[0] == "u" else multibase.decode(value)
    except CredentialError:
        raise wrong("digestMultibase", "is not a digest") from None
    name = _MULTIHASH.get(data[:2])
    if name and _BY_LENGTH.get(len(data) - 2) == name:
        return [(name, data[2:])]
    return [(_BY_LENGTH[len(data)], data)] if len(data) in _BY_LENGTH else []
