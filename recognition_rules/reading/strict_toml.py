"""TOML for rules: exact numbers, local dates, and the line on which something is wrong.

A number with a decimal point is refused (write `"9/2"` or `"25%"`), which also stops `inf`, `nan` and
`1e999999999`; so are dates with a time of day, and anything larger than a pack can honestly be.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime, time

from recognition_rules.errors import PackInvalid
from recognition_rules.reading.toml_lines import Path, lines

MAX_CHARACTERS = 1_000_000
MAX_INTEGER = 2**53 - 1
MAX_DOTS = 500
"""Dots in one line that is no comment: dotted keys as deep as that would keep the parser busy for minutes."""

_HUGE = re.compile(r"[0-9_]{300}", re.ASCII)
_AT_LINE = re.compile(r".*\(at line ([0-9]+), column [0-9]+\)", re.ASCII | re.DOTALL)


class _Inexact(str):
    """The text of a number with a point or an exponent, kept until its place is known."""

    __slots__ = ()


_IN_WORDS = {
    "Expected '=' after a key in a key/value pair": "there is no = after a key",
    "Invalid value": "what stands after = is no text in quotes, whole number, day, list or table",
    "Cannot overwrite a value": "this key is there twice",
    "Unclosed array": "a list has no closing ]",
    "Unclosed inline table": "a table has no closing }",
    "Unterminated string": "a text has no closing quotation mark",
    "Expected newline or end of document after a statement": "something stands after the value on this line",
    "Invalid initial character for a key part": "a key is expected here",
    "Invalid statement": "a key, a [header] or a comment is expected here",
    "Expected ']' at the end of a table declaration": "a header has no closing ]",
    "Expected ']]' at the end of an array declaration": "a header has no closing ]]",
}


def loads(text: str, *, name: str = "pack.toml") -> dict[str, object]:
    """The parsed TOML of a pack; raises `PackInvalid` with file, line and a sentence."""
    if len(text) > MAX_CHARACTERS:
        raise PackInvalid(file=name, line=None, problem="The file is longer than a million characters.")
    _refuse_dots(text, name)
    parsed = _parse(text, name)
    _check_values(parsed, text, name)
    return parsed


def table_line(text: str, header: str, index: int = 0) -> int | None:
    """The line (from 1) of the `index`-th `[header]` or `[[header]]`, or None where there is none."""
    pattern = re.compile(rf"\s*\[\[?\s*{re.escape(header)}\s*\]\]?\s*(?:#.*)?")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if pattern.fullmatch(line)]
    return lines[index] if index < len(lines) else None


def _parse(text: str, name: str) -> dict[str, object]:
    try:
        return tomllib.loads(text, parse_float=_Inexact)
    except tomllib.TOMLDecodeError as error:
        reason = str(error).partition(" (at ")[0]
        problem = f"This is not TOML: {_in_words(reason)}."
        raise PackInvalid(file=name, line=_line_of(error, text), problem=problem) from None
    except (RecursionError, ValueError):
        problem = "The file nests too deep or holds a huge number."
        raise PackInvalid(file=name, line=_huge_line(text), problem=problem) from None


def _huge_line(text: str) -> int | None:
    """The line of the first number that is too long to be read at all, or None."""
    found = next(_HUGE.finditer(text), None)
    return None if found is None else text.count("\n", 0, found.start()) + 1


def _in_words(reason: str) -> str:
    twice = "this table or key is there twice, or as something else"
    return _IN_WORDS.get(reason, twice if reason.startswith("Cannot ") else reason)


def _refuse_dots(text: str, name: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if line.count(".") > MAX_DOTS and not line.lstrip().startswith("#"):
            raise PackInvalid(file=name, line=number, problem="This line nests too deep.", problem_code="too_deep")


def _line_of(error: tomllib.TOMLDecodeError, text: str) -> int | None:
    found = _AT_LINE.fullmatch(str(error))
    return int(found[1]) if found else len(text.splitlines()) or None


def _check_values(parsed: object, text: str, name: str) -> None:
    waiting: list[tuple[Path, object]] = [((), parsed)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [((*path, key), each) for key, each in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, number), each) for number, each in enumerate(value)]
        else:
            problem = _problem(value)
            if problem:
                raise PackInvalid(file=name, line=lines(text).get(path), problem=problem)


def _problem(value: object) -> str | None:
    if isinstance(value, _Inexact):
        return f'The number {value[:40]} is not exact: write it in quotes, such as "9/2" or "4.5".'
    if isinstance(value, datetime | time):
        return "A date here is a day, without a time of day."
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        return "A whole number here is too large."
    return None
