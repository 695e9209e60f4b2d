"""Canonical JSON against the published vectors of RFC 8785 (SECURITY N08)."""

import json
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.canonical import jcs, sha256
from credentials.errors import CredentialError
from credentials.strict_json import loads

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "jcs"
INPUTS = sorted((VECTORS / "input").glob("*.json"))


@pytest.mark.skipif(not INPUTS, reason="the JCS vectors are not beside the project (../shared/vectors/jcs)")
def test_published_vectors() -> None:
    for path in INPUTS:
        expected = (VECTORS / "output" / path.name).read_bytes()
        assert jcs(loads(path.read_bytes())) == expected, path.name
        in_hex = (VECTORS / "outhex" / f"{path.stem}.txt").read_text()
        assert jcs(loads(path.read_bytes())) == bytes.fromhex(in_hex), path.name


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1e21, b"1e+21"),
        (1e-7, b"1e-7"),
        (-0.0, b"0"),
        (0, b"0"),
        (4.5, b"4.5"),
        (5.0, b"5"),
        (1e20, b"100000000000000000000"),
    ],
)
def test_numbers_are_written_as_ecmascript_does(number: float, text: bytes) -> None:
    assert jcs(number) == text


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (2**53, "out_of_range"),
        (float("nan"), "out_of_range"),
        (float("inf"), "out_of_range"),
        ("\ud800", "malformed_json"),
        ({1: 2}, "malformed_json"),
        (object(), "malformed_json"),
        (nested(100_000), "too_deep"),
    ],
    ids=["2^53", "NaN", "infinity", "surrogate", "a member named by a number", "an object", "too deep"],
)
def test_refuses_what_is_not_interoperable_json(value: object, code: str) -> None:
    with pytest.raises(CredentialError) as refusal:
        jcs(value)
    assert refusal.value.code == code


def test_the_order_of_members_does_not_matter() -> None:
    one, other = json.loads('{"b":1,"a":{"d":2,"c":3}}'), json.loads('{"a":{"c":3,"d":2},"b":1}')
    assert sha256(jcs(one)) == sha256(jcs(other))


NUMBERS = st.integers(-(2**53), 2**53) | st.floats() | st.sampled_from([1e-4, 9.9e-5, 1e16, 123456.789, 5e-324])
NAMES = st.text(max_size=4) | st.sampled_from(["\uffff", "\U0001f525", "\ue000", "\ud800", ""])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | NAMES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_the_quick_encoding_is_the_canonical_one(value: object) -> None:
    """Two encoders stand behind one door; the slow one is the measure."""
    try:
        expected = rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError):
        with pytest.raises(CredentialError):
            jcs(value)
    else:
        assert jcs(value) == expected
