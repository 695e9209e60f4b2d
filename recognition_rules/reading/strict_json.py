"""JSON for rules, as strict as the TOML: exact numbers, no key twice, no null, and the line of what is wrong."""

import json
from collections.abc import Mapping
from typing import NoReturn

from recognition_rules.errors import PackInvalid
from recognition_rules.reading.json_lines import number_line, repeated_key
from recognition_rules.reading.pack_source import Raw

MAX_CHARACTERS = 8_000_000
"""A table of 5,000 rows repeats its column names in JSON, so that a pack is longer here than in TOML."""
MAX_INTEGER = 2**53 - 1
MAX_DIGITS = 40


class _Refused(Exception):
    """A token that no pack may hold: the token, and the sentence."""

    def __init__(self, token: str, problem: str) -> None:
        super().__init__(problem)
        self.token, self.problem = token, problem


def loads(text: str, *, name: str = "pack.json") -> Raw:
    """The parsed JSON of a pack; raises `PackInvalid` with file, line and a sentence."""
    if len(text) > MAX_CHARACTERS:
        raise PackInvalid(file=name, line=None, problem="The file is longer than eight million characters.")
    found = _parse(text, name)
    if not isinstance(found, dict):
        raise PackInvalid(file=name, line=1, problem="A pack in JSON is one object: it begins with { and ends with }.")
    _refuse_null(found, text, name)
    return found


def _parse(text: str, name: str) -> object:
    try:
        return json.loads(
            text, parse_float=_inexact, parse_int=_whole, parse_constant=_inexact, object_pairs_hook=_members
        )
    except _Refused as found:
        raise PackInvalid(file=name, line=number_line(text, found.token), problem=found.problem) from None
    except _TwiceFound:
        key, line = repeated_key(text) or ("", 1)
        problem = f"'{key[:60]}' is there twice."
        raise PackInvalid(file=name, line=line, problem=problem, problem_code="duplicate_key") from None
    except json.JSONDecodeError as error:
        problem = f"This is not JSON: {_IN_WORDS.get(error.msg, 'a comma, bracket or quotation mark is missing')}."
        raise PackInvalid(file=name, line=error.lineno, problem=problem) from None
    except RecursionError:
        raise PackInvalid(file=name, line=None, problem="The file nests too deep.", problem_code="too_deep") from None


_IN_WORDS = {
    "Extra data": "something stands after the closing bracket",
    "Expecting property name enclosed in double quotes": "a key in double quotes is expected here",
    "Illegal trailing comma before end of object": "a comma stands before a closing bracket",
    "Illegal trailing comma before end of array": "a comma stands before a closing bracket",
    "Expecting ':' delimiter": "a colon is missing after a key",
    "Expecting ',' delimiter": "a comma is missing",
    "Expecting value": "a value is missing",
    "Unterminated string starting at": "a text has no closing quotation mark",
    "Invalid control character at": "a text goes on over the end of the line",
}


class _TwiceFound(Exception):
    """An object names a key twice."""


def _members(pairs: list[tuple[str, object]]) -> Raw:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _TwiceFound
    return members


def _inexact(literal: str) -> NoReturn:
    raise _Refused(literal, f'The number {literal[:40]} is not exact: write it in quotes, such as "9/2" or "4.5".')


def _whole(literal: str) -> int:
    if len(literal) > MAX_DIGITS or abs(int(literal)) > MAX_INTEGER:
        raise _Refused(literal, "A whole number here is too large.")
    return int(literal)


def _refuse_null(value: object, text: str, name: str) -> None:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if each is None:
            line = number_line(text, "null")
            raise PackInvalid(file=name, line=line, problem="What is not known is left out: there is no null here.")
        waiting += each.values() if isinstance(each, Mapping) else each if isinstance(each, list) else ()
