"""What the door lets in: one strict reading of JSON (SECURITY N01, N02, N04, N10, N11, N14, S23, P25)."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.errors import CredentialError, LimitExceeded, MalformedCredential
from credentials.strict_json import MAX_INTEGER, loads

REFUSED = {
    "N01 the same member twice": ('{"a":1,"a":2}', "duplicate_json_key"),
    "N01 the same member through an escape": ('{"a":1,"\\u0061":2}', "duplicate_json_key"),
    "N01 the same member deep inside": ('[{"b":{"c":1,"c":1}}]', "duplicate_json_key"),
    "P34 two ids in one issuer": ('{"issuer":{"id":"did:a:1","id":"did:a:2"}}', "duplicate_json_key"),
    "S23 two algorithms": ('{"alg":"none","alg":"ES256"}', "duplicate_json_key"),
    "N02 NaN": ('{"credits":NaN}', "malformed_number"),
    "N02 Infinity": ("[Infinity]", "malformed_number"),
    "N02 minus Infinity": ("[-Infinity]", "malformed_number"),
    "N02 a number that overflows": ("[1e400]", "malformed_number"),
    "N02 a number that vanishes": ("[1e-400]", "out_of_range"),
    "N04 2^53": (str(2**53), "out_of_range"),
    "N04 2^63": (str(2**63), "out_of_range"),
    "N04 minus 2^64": (str(-(2**64)), "out_of_range"),
    "N04 4,000 digits": ("9" * 4000, "out_of_range"),
    "N04 5,000 digits": ("9" * 5000, "out_of_range"),
    "N04 5,000 decimals": ("0." + "1" * 5000, "out_of_range"),
    "N10 100,000 arrays": ("[" * 100_000, "too_deep"),
    "N10 100,000 arrays, closed": ("[" * 100_000 + "]" * 100_000, "too_deep"),
    "P25 300 objects": ('{"a":' * 300 + "1" + "}" * 300, "too_deep"),
    "P25 33 objects": ('{"a":' * 33 + "1" + "}" * 33, "too_deep"),
    "N11 byte order mark": (b"\xef\xbb\xbf{}", "malformed_json"),
    "N11 byte order mark as text": ("\ufeff{}", "malformed_json"),
    "N11 UTF-16": ('{"a":1}'.encode("utf-16"), "malformed_json"),
    "N11 UTF-16 without mark": ('{"a":1}'.encode("utf-16-le"), "malformed_json"),
    "N11 UTF-32": ('{"a":1}'.encode("utf-32-be"), "malformed_json"),
    "N11 Latin-1": ('"Müller"'.encode("latin-1"), "malformed_json"),
    "overlong UTF-8": (b'"\xc0\xaf"', "malformed_json"),
    "a surrogate in UTF-8": (b'"\xed\xa0\x80"', "malformed_json"),
    "a lone surrogate by escape": ('"\\ud800"', "malformed_json"),
    "a lone surrogate as member name": ('{"\\udc00":1}', "malformed_json"),
    "NUL by escape": ('"a\\u0000b"', "malformed_json"),
    "N14 a line feed inside a string": ('"did:key:z6Mk\n"', "malformed_json"),
    "trailing comma": ("[1,]", "malformed_json"),
    "two values": ("1 2", "malformed_json"),
    "a leading zero": ("012", "malformed_json"),
    "Arabic digits": ("٩", "malformed_json"),
    "a comment": ("{} // hello", "malformed_json"),
    "nothing": ("", "malformed_json"),
    "an open string": ('"abc', "malformed_json"),
}


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(data: bytes | str, code: str) -> None:
    started = time.perf_counter()
    with pytest.raises(CredentialError) as refusal:
        loads(data)
    assert refusal.value.code == code
    assert time.perf_counter() - started < 0.5


def test_no_refusal_repeats_the_input() -> None:
    for data, _ in REFUSED.values():
        with pytest.raises(CredentialError) as refusal:
            loads(data)
        assert "z6Mk" not in refusal.value.message
        assert not any("z6Mk" in str(fact) for fact in refusal.value.facts.values())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9007199254740991", MAX_INTEGER),
        ("-9007199254740991", -MAX_INTEGER),
        ("4.5", 4.5),
        ("1e2", 100.0),
        ("0e5", 0.0),
        ("0.000", 0.0),
        (' {"a" : [true, null, "[{\\"]"]} \n', {"a": [True, None, '[{"]']}),
        ('"\\ud83d\\ude00"', "😀"),
        (b'"M\xc3\xbcller"', "Müller"),
        ("[" * 32 + "]" * 32, json.loads("[" * 32 + "]" * 32)),
    ],
)
def test_reads(text: bytes | str, value: object) -> None:
    read = loads(text)
    assert read == value
    assert type(read) is type(value)


def test_brackets_inside_strings_are_not_depth() -> None:
    assert loads(json.dumps({"narrative": "[{" * 1000 + '\\"' * 10})) is not None


def test_size_is_checked_before_anything_else() -> None:
    with pytest.raises(LimitExceeded) as refusal:
        loads(b"[" * 11, max_bytes=10)
    assert refusal.value.code == "too_large"
    with pytest.raises(LimitExceeded):
        loads("ü" * 6, max_bytes=10)  # six characters, twelve bytes


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None)
@given(JSON, st.booleans())
def test_reads_whatever_json_writes(value: object, escaped: bool) -> None:
    assert loads(json.dumps(value, ensure_ascii=escaped).encode()) == value


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60))
def test_answers_with_a_value_or_a_refusal(data: bytes | str) -> None:
    try:
        loads(data)
    except (LimitExceeded, MalformedCredential) as refusal:
        assert refusal.code


@settings(max_examples=100, deadline=None)
@given(st.recursive(st.text(alphabet='a"\\[]{}', max_size=5), lambda inner: st.lists(inner, min_size=1, max_size=3)))
def test_only_brackets_outside_strings_nest(value: object) -> None:
    def depth(item: object) -> int:
        return 1 + max(map(depth, item)) if isinstance(item, list) else 0

    text = json.dumps(value)
    assert loads(text, max_depth=depth(value)) == value
    if depth(value):
        with pytest.raises(LimitExceeded):
            loads(text, max_depth=depth(value) - 1)
