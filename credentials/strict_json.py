"""JSON as it arrives from strangers: parsed once, strictly, at the door (RFC 8259, RFC 7493).

The standard library's scanner does the parsing; its hooks refuse what it would let through: a member named
twice (also by escapes), NaN, Infinity and numbers that overflow, integers that a double cannot hold, lone
surrogates, NUL. Size and depth are checked before it starts, because it recurses.
"""

import json
import math
import re
from typing import Final, TypeAlias

from credentials.errors import LimitExceeded, MalformedCredential

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

MAX_BYTES: Final = 1_048_576
MAX_DEPTH: Final = 32
MAX_INTEGER: Final = 2**53 - 1
_MAX_NUMBER_LENGTH: Final = 64

_ESCAPE: Final = re.compile(r"\\.", re.DOTALL)
_NO_MARKS: Final = bytes(set(range(256)) - set(b'"[]{}'))


def loads(data: bytes | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Json:
    """The value of one JSON text. Integers stay `int`, numbers with a fraction or exponent become `float`.

    Raises LimitExceeded (`too_large` over `max_bytes`, `too_deep` over `max_depth` nested containers) or
    MalformedCredential (`malformed_json`, `duplicate_json_key`, `malformed_number`, `out_of_range`).
    """
    text = _text(data, max_bytes)
    _check_depth(text, max_depth)
    try:
        value: Json = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise MalformedCredential("malformed_json", position=error.pos, reason="syntax") from None
    if "\\u" in text:
        _check_escaped_text(value)
    return value


def _text(data: bytes | str, max_bytes: int) -> str:
    """The text in UTF-8, within its limit; a BOM stays in and is refused by the parser."""
    if len(data) > max_bytes:
        raise LimitExceeded("too_large", limit=max_bytes)
    try:
        octets = data.encode() if isinstance(data, str) else data
        text = octets.decode("utf-8")
    except UnicodeError as error:
        position = getattr(error, "start", 0)
        raise MalformedCredential("malformed_json", position=position, reason="not UTF-8") from None
    if len(octets) > max_bytes:
        raise LimitExceeded("too_large", limit=max_bytes)
    if text.startswith("\ufeff"):
        raise MalformedCredential("malformed_json", position=0, reason="byte order mark")
    return text


def _check_depth(text: str, max_depth: int) -> None:
    """Refuse brackets nested too deep; a text with few brackets cannot nest them deep, wherever they stand."""
    if text.count("[") + text.count("{") <= max_depth:
        return
    depth = 0
    for bracket in _outside_strings(text):
        depth += 1 if bracket in b"[{" else -1
        if depth > max_depth:
            raise LimitExceeded("too_deep", limit=max_depth)


def _outside_strings(text: str) -> bytes:
    """The brackets between the strings. Up to the first fault in a text that is no JSON, this is exact as well.

    Two quotes with nothing between them go first: whether a bracket is inside a string depends on how many quotes
    precede it, odd or even, and most strings hold no bracket.
    """
    unescaped = _ESCAPE.sub("", text) if "\\" in text else text
    marks = unescaped.encode(errors="replace").translate(None, _NO_MARKS).replace(b'""', b"")
    return b"".join(marks.split(b'"')[::2])


def _members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedCredential("duplicate_json_key")
    return members


def _integer(literal: str) -> int:
    value = int(literal) if len(literal) <= _MAX_NUMBER_LENGTH else MAX_INTEGER + 1
    if abs(value) > MAX_INTEGER:
        raise MalformedCredential("out_of_range")
    return value


def _number(literal: str) -> float:
    if len(literal) > _MAX_NUMBER_LENGTH:
        raise MalformedCredential("out_of_range")
    value = float(literal)
    if math.isinf(value):
        raise MalformedCredential("malformed_number")
    if value == 0.0 and literal.lower().partition("e")[0].strip("-0."):
        raise MalformedCredential("out_of_range")  # it was not zero: an underflow would change what was written
    return value


def _constant(_: str) -> float:
    raise MalformedCredential("malformed_number")


def _check_escaped_text(value: Json) -> None:
    """Refuse lone surrogates and NUL, which only an escape can bring in and which no text store can hold."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            _check_string(item)
        elif isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, dict):
            pending.extend(item.keys())
            pending.extend(item.values())


def _check_string(text: str) -> None:
    if "\0" in text:
        raise MalformedCredential("malformed_json", position=0, reason="NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise MalformedCredential("malformed_json", position=0, reason="lone surrogate") from None


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_integer, parse_float=_number, parse_constant=_constant
)
