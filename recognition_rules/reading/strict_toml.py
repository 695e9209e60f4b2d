"""TOML for rules: exact numbers, local dates, and the line on which something is wrong.

A number with a decimal point is refused (write `"9/2"` or `"25%"`), which also stops `inf`, `nan` and
`1e999999999`; so are dates with a time of day, and anything larger than a pack can honestly be.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime, time
from typing import NoReturn

from recognition_rules.errors import PackInvalid

MAX_CHARACTERS = 1_000_000
MAX_INTEGER = 2**53 - 1
MAX_DOTS = 500
"""Dots in one line that is no comment: dotted keys as deep as that would keep the parser busy for minutes."""

_AT_LINE = re.compile(r".*\(at line ([0-9]+), column [0-9]+\)", re.ASCII | re.DOTALL)


class _FloatFound(Exception):
    """The text of a number with a point or an exponent."""


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


def word_line(text: str, word: str, *, whole: bool = True) -> int | None:
    """The first line that holds `word` (or, unless `whole`, begins a word with it) outside a comment, or None."""
    end = r"(?![\w.-])" if whole else ""
    pattern = re.compile(rf"[^#]*(?<![\w.-]){re.escape(word)}{end}.*")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.fullmatch(line)), None)


def _parse(text: str, name: str) -> dict[str, object]:
    try:
        return tomllib.loads(text, parse_float=_refuse_float)
    except _FloatFound as found:
        literal = str(found)
        problem = f'The number {literal[:40]} is not exact: write it in quotes, such as "9/2" or "4.5".'
        raise PackInvalid(file=name, line=word_line(text, literal), problem=problem) from None
    except tomllib.TOMLDecodeError as error:
        problem = f"This is not TOML: {str(error).partition(' (at ')[0]}."
        raise PackInvalid(file=name, line=_line_of(error), problem=problem) from None
    except (RecursionError, ValueError):
        raise PackInvalid(file=name, line=None, problem="The file nests too deep or holds a huge number.") from None


def _refuse_dots(text: str, name: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if line.count(".") > MAX_DOTS and not line.lstrip().startswith("#"):
            raise PackInvalid(file=name, line=number, problem="This line nests too deep.", problem_code="too_deep")


def _refuse_float(literal: str) -> NoReturn:
    raise _FloatFound(literal)


def _line_of(error: tomllib.TOMLDecodeError) -> int | None:
    found = _AT_LINE.fullmatch(str(error))
    return int(found[1]) if found else None


def _check_values(parsed: object, text: str, name: str) -> None:
    waiting = [parsed]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        else:
            _check_value(value, text, name)


def _check_value(value: object, text: str, name: str) -> None:
    if isinstance(value, datetime | time):
        line = word_line(text, str(value)[:10], whole=False)
        raise PackInvalid(file=name, line=line, problem="A date here is a day, without a time of day.")
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise PackInvalid(file=name, line=word_line(text, str(value)), problem="A whole number here is too large.")
