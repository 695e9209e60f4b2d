"""The proof values of ecdsa-sd-2023: one spelling each, and no work for what is none."""

from collections.abc import Callable
from typing import Any

import cbor2
import pytest

from credentials import multibase
from credentials.data_integrity import derive
from credentials.data_integrity.disclosure_values import read_base
from credentials.errors import CredentialError
from tests.credential_samples import with_achievement
from tests.credentials.selective_samples import (
    Document,
    base,
    parts_of,
    proof_of,
    refused,
    shown,
    with_value,
    written,
)

MALFORMED: dict[str, Callable[[list[Any]], Any]] = {
    "not an array": lambda parts: dict(enumerate(parts)),
    "four parts": lambda parts: parts[:4],
    "six parts": lambda parts: [*parts, []],
    "a short signature": lambda parts: [parts[0][:63], *parts[1:]],
    "a signature as text": lambda parts: [parts[0].hex(), *parts[1:]],
    "a key of another curve": lambda parts: [parts[0], b"\x81\x24" + parts[1][2:], *parts[2:]],
    "a long key": lambda parts: [parts[0], parts[1] + b"\0", *parts[2:]],
    "signatures as one": lambda parts: [*parts[:2], b"".join(parts[2]), *parts[3:]],
    "a statement's signature short": lambda parts: [*parts[:2], [parts[2][0][:-1], *parts[2][1:]], *parts[3:]],
    "labels as an array": lambda parts: [*parts[:3], list(parts[3].values()), parts[4]],
    "labels by text": lambda parts: [*parts[:3], {f"c14n{key}": value for key, value in parts[3].items()}, parts[4]],
    "a short label": lambda parts: [*parts[:3], {key: value[:-1] for key, value in parts[3].items()}, parts[4]],
    "one label for all": lambda parts: [*parts[:3], dict.fromkeys(parts[3], bytes(32)), parts[4]],
    "a label too many": lambda parts: [*parts[:3], {**parts[3], 99: bytes(32)}, parts[4]],
    "a label missing": lambda parts: [*parts[:3], dict(list(parts[3].items())[1:]), parts[4]],
    "a negative label": lambda parts: [*parts[:3], {**parts[3], -1: bytes(32)}, parts[4]],
    "a truth for a label": lambda parts: [
        *parts[:3],
        {True if key == 1 else key: value for key, value in parts[3].items()},
        parts[4],
    ],
    "places as text": lambda parts: [*parts[:4], [str(place) for place in parts[4]]],
    "places as truths": lambda parts: [*parts[:4], [True]],
    "a place twice": lambda parts: [*parts[:4], [*parts[4], parts[4][0]]],
    "a place too far": lambda parts: [*parts[:4], [*parts[4], 999]],
    "a tagged part": lambda parts: [cbor2.CBORTag(64, parts[0]), *parts[1:]],
    "a bignum": lambda parts: [*parts[:4], [*parts[4], 2**70]],
    "deep arrays": lambda parts: [*parts[:4], [[[[[[]]]]]]],
}


@pytest.mark.parametrize("change", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_proof_values(badge: Document, change: Callable[[list[Any]], Any]) -> None:
    unnamed = with_achievement(badge, id=badge["credentialSubject"]["achievement"]["id"])
    derived = shown(unnamed, "/credentialSubject/achievement/criteria", "/credentialSubject/achievement/alignment")
    assert refused(with_value(derived, written(change(parts_of(derived))))) == "malformed_proof"


def test_values_in_another_spelling_of_cbor(badge: Document) -> None:
    derived = shown(badge, "/name")
    data = multibase.base64url_decode(proof_of(derived)["proofValue"][1:])
    indefinite = data[:3] + b"\x9f" + data[4:] + b"\xff"
    longer = data[:3] + b"\x98\x05" + data[4:]
    spelt = {
        "trailing": data + b"\0",
        "indefinite": indefinite,
        "longer": longer,
        "another tag": b"\xd9\x5d\x02" + data[3:],
        "no tag": data[3:],
        "empty": data[:3],
        "huge": data[:3] + b"\x85\x5b" + b"\xff" * 8,
        "bigfloat": data[:3] + bytes.fromhex("c5821a7fffffff01"),
    }
    for value in spelt.values():
        assert refused(with_value(derived, "u" + multibase.base64url_encode(value))) == "malformed_proof"
    for text in (multibase.encode(data), "u" + proof_of(derived)["proofValue"][1:] + "=", "u", "", "uAAA!"):
        assert refused(with_value(derived, text)) == "malformed_proof"
    assert refused(with_value(derived, "u" + "A" * 200_001)) == "too_long"


def test_base_values_are_read_as_strictly(badge: Document) -> None:
    document = base(badge, "/issuer")
    data = multibase.base64url_decode(proof_of(document)["proofValue"][1:])
    parts = list(cbor2.loads(data[3:]))
    changes: list[list[Any]] = [
        [*parts[:2], parts[2][:-1], *parts[3:]],
        [*parts[:4], "/issuer"],
        [*parts[:4], [5]],
        [*parts[:4], ["issuer"]],
        parts[:4],
    ]
    for change in changes:
        with pytest.raises(CredentialError) as refusal:
            read_base(written(change, "d95d00"))
        assert refusal.value.code == "malformed_proof"
    with pytest.raises(CredentialError) as refusal:
        derive(with_value(document, written([*parts[:3], parts[3][1:], parts[4]], "d95d00")), ["/name"])
    assert refusal.value.code == "malformed_proof"
