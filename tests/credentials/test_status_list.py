"""Bitstring Status List: MSB first, bounded, one gzip member; an index never reaches another's bit."""

import gzip
import time
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.errors import CredentialError
from credentials.multibase import base64url_encode
from credentials.status_list import (
    MAX_ENCODED,
    MIN_BYTES,
    MIN_ENTRIES,
    bit,
    check,
    decode,
    encode,
    status_entries,
    with_bit,
)
from tests.credential_samples import LIST_URL, School, revocable

compress = partial(gzip.compress, mtime=0)  # no clock in what names a test: workers must collect the same

EMPTY = bytes(MIN_BYTES)
# Bitstring Status List 1.0, section 3.3, example: an empty list of the least length.
SPECIFICATION_LIST = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"


def refusal(action: Any) -> str:
    with pytest.raises(CredentialError) as refused:
        action()
    return refused.value.code


def packed(data: bytes) -> str:
    return "u" + base64url_encode(data)


def test_the_specifications_own_list_is_read() -> None:
    assert decode(SPECIFICATION_LIST) == EMPTY


def test_the_leftmost_bit_is_index_zero() -> None:
    assert with_bit(EMPTY, 0, value=True)[0] == 0b1000_0000
    assert with_bit(EMPTY, 7, value=True)[0] == 0b0000_0001
    assert with_bit(EMPTY, 127, value=True)[15] == 0b0000_0001


@given(index=st.integers(0, MIN_ENTRIES - 1), other=st.integers(0, MIN_ENTRIES - 1))
@settings(max_examples=50, deadline=None)
def test_a_bit_set_is_the_only_bit_set(index: int, other: int) -> None:
    bits = decode(encode(with_bit(EMPTY, index, value=True)))
    assert bit(bits, index)
    assert bit(bits, other) == (other == index)
    assert with_bit(bits, index, value=False) == EMPTY


def test_the_same_bits_give_the_same_text() -> None:
    assert encode(EMPTY) == encode(bytes(MIN_BYTES))


@pytest.mark.parametrize("index", [-1, -128, MIN_ENTRIES])
def test_an_index_outside_the_list_is_refused(index: int) -> None:
    assert refusal(lambda: bit(EMPTY, index)) == "range_error"
    assert refusal(lambda: with_bit(EMPTY, index, value=True)) == "range_error"


def test_a_list_shorter_than_herd_privacy_asks_is_refused() -> None:
    assert refusal(lambda: encode(bytes(MIN_BYTES - 1))) == "range_error"
    assert refusal(lambda: decode(packed(compress(bytes(100))))) == "range_error"


@pytest.mark.parametrize(
    ("encoded", "code"),
    [
        (packed(compress(EMPTY) + compress(b"x")), "status_unverified"),
        (packed(compress(EMPTY) + b"trailing"), "status_unverified"),
        (packed(compress(EMPTY)[:-4]), "status_unverified"),
        (packed(b"not gzip"), "status_unverified"),
        (packed(b""), "status_unverified"),
        ("z" + encode(EMPTY)[1:], "malformed_multibase"),
        (encode(EMPTY) + "=", "malformed_multibase"),
        ("u" * (MAX_ENCODED + 1), "too_large"),
    ],
    ids=["two members", "trailing", "cut off", "not gzip", "empty", "base58", "padding", "long"],
)
def test_packed_data_of_another_form_are_refused(encoded: str, code: str) -> None:
    assert refusal(lambda: decode(encoded)) == code


def test_a_gzip_bomb_is_not_inflated() -> None:
    bomb = packed(compress(bytes(512 * 1_048_576), compresslevel=1)[: 700 * 1024])
    started = time.process_time()
    assert refusal(lambda: decode(bomb)) == "too_large"
    assert time.process_time() - started < 1


ENTRY = revocable().document()


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, 1),
        ({"statusListIndex": "-1"}, 0),
        ({"statusListIndex": "-128"}, 0),
        ({"statusListIndex": "007"}, 0),
        ({"statusListIndex": "7\n"}, 0),
        ({"statusListIndex": "٧"}, 0),
        ({"statusListIndex": 7}, 0),
        ({"type": "1EdTechRevocationList"}, 0),
        ({"statusSize": 2}, 0),
    ],
)
def test_only_entries_in_their_one_form_can_be_followed(changes: dict[str, Any], count: int) -> None:
    assert len(status_entries({"credentialStatus": [{**ENTRY, **changes}]})) == count


def test_an_entry_reads_back_as_it_was_written() -> None:
    assert status_entries({"credentialStatus": ENTRY}) == (revocable(),)


SCHOOL = School()
LIST = SCHOOL.status_list(94_567).document


def test_a_bit_is_looked_up_in_the_list_of_the_same_issuer_and_purpose() -> None:
    assert check(revocable(), LIST, SCHOOL.id)
    assert not check(revocable(index=94_568), LIST, SCHOOL.id)


@pytest.mark.parametrize(
    ("changes", "issuer", "purpose", "code"),
    [
        ({}, "did:web:other.example", "revocation", "status_list_issuer_mismatch"),
        ({}, SCHOOL.id, "suspension", "status_purpose_mismatch"),
        ({"id": "https://bank.example/status/2"}, SCHOOL.id, "revocation", "status_unverified"),
        ({"type": ["VerifiableCredential"]}, SCHOOL.id, "revocation", "status_unverified"),
        ({"credentialSubject": {"type": "Person"}}, SCHOOL.id, "revocation", "status_unverified"),
        ({"credentialStatus": ENTRY}, SCHOOL.id, "revocation", "status_recursion"),
    ],
)
def test_a_list_that_is_not_the_entrys_own_is_refused(
    changes: dict[str, Any], issuer: str, purpose: str, code: str
) -> None:
    assert LIST["id"] == LIST_URL
    assert refusal(lambda: check(revocable(purpose), {**LIST, **changes}, issuer)) == code
