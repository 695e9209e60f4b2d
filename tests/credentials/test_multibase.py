"""One spelling for each key and signature: base58btc and base64url (SECURITY P22, S14)."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials import multibase
from credentials.errors import CredentialError, LimitExceeded


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=100))
def test_round_trips(data: bytes) -> None:
    assert multibase.base58_decode("1" + multibase.base58_encode(data)) == b"\0" + data
    assert multibase.base64url_decode(multibase.base64url_encode(data)) == data


@pytest.mark.parametrize(
    ("text", "data"),
    [
        # draft-msporny-base58, section 5
        ("2NEpo7TZRRrLZSi2U", b"Hello World!"),
        (
            "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
            b"The quick brown fox jumps over the lazy dog.",
        ),
        ("11233QC4", bytes.fromhex("0000287fb4cd")),
    ],
)
def test_base58_as_its_draft_gives_it(text: str, data: bytes) -> None:
    assert multibase.base58_encode(data) == text
    assert multibase.base58_decode(text) == data


def test_a_long_value_is_refused_before_quadratic_work() -> None:
    started = time.perf_counter()
    with pytest.raises(LimitExceeded) as refusal:
        multibase.decode("z" + "2" * 50_000)
    assert refusal.value.code == "too_long"
    assert time.perf_counter() - started < 0.1


@pytest.mark.parametrize("text", ["", "z", "z0", "zO", "zl", "z abc", "zabc\n", "uAAAA", "Zabc", "zäbc", "z٢"])
def test_refuses_other_base58(text: str) -> None:
    with pytest.raises(CredentialError) as refusal:
        multibase.decode(text)
    assert refusal.value.code == "malformed_multibase"


@pytest.mark.parametrize("text", ["AA==", "AA=", "A", "AAAAA", "AB", "AAB", "A+", "A/", "AA\n", " AA", "AA ", "AÄ"])
def test_refuses_padding_trailing_bits_and_other_alphabets(text: str) -> None:
    with pytest.raises(CredentialError) as refusal:
        multibase.base64url_decode(text)
    assert refusal.value.code == "malformed_multibase"


def test_varints_put_the_low_bits_first() -> None:
    assert multibase.varint_encode(0xED) == b"\xed\x01"
    assert multibase.varint_encode(0x1200) == b"\x80\x24"
    assert multibase.varint_encode(0x7F) == b"\x7f"


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ABCDwxyz0189-_+/= \n\0é", max_size=12))
def test_base64url_has_one_spelling(text: str) -> None:
    """Whatever is accepted is what its bytes are written as."""
    try:
        data = multibase.base64url_decode(text)
    except CredentialError as refusal:
        assert refusal.code == "malformed_multibase"
    else:
        assert multibase.base64url_encode(data) == text
