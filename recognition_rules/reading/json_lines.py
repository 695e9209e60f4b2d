"""Where in a JSON text each key and each element stands, so that a complaint can name the line.

This scan assumes a text that `json` has accepted; it looks at tokens only and evaluates nothing but keys.
"""

import json
import re
from collections.abc import Iterator, Mapping

from recognition_rules.reading.toml_lines import Path

_PARTS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|\n')


def json_lines(text: str) -> Mapping[Path, int]:
    """The line (from 1) of each path: `("limit", 0, "at_most")` is that key of the first member of `limit`."""
    return _scan(text)[0]


def repeated_key(text: str) -> tuple[str, int] | None:
    """The first key that stands twice in one object, and the line of the second."""
    return _scan(text)[1]


def number_line(text: str, literal: str) -> int | None:
    """The line of the first number written this way; a text in quotes that holds the same characters is none."""
    return next((line for part, line in _parts(text) if part == literal), None)


def _parts(text: str) -> Iterator[tuple[str, int]]:
    line = 1
    for part in _PARTS.findall(text):
        if part == "\n":
            line += 1
        else:
            yield part, line


def _scan(text: str) -> tuple[dict[Path, int], tuple[str, int] | None]:
    found: dict[Path, int] = {}
    twice: list[tuple[str, int]] = []
    path: list[str | int] = []
    before = ""
    for part, line in _parts(text):
        if part in "}]" and path:
            path.pop()
        elif part == "," and isinstance(path[-1], int):
            path[-1] += 1
        elif part == ":":
            key = str(json.loads(before))
            path[-1] = key
            if tuple(path) in found:
                twice.append((key, line))
        elif part not in ",}]":
            _note(found, path, line)
        if part in "{[":
            path.append("" if part == "{" else 0)
        before = part
    return found, twice[0] if twice else None


def _note(found: dict[Path, int], path: list[str | int], line: int) -> None:
    """A value stands here: note its path, unless it is a key that is still to be named."""
    if path and path[-1] != "":
        found.setdefault(tuple(path), line)
