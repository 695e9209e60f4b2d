"""A pack written as TOML: the same parsed form, so the same digest. Comments of the original are not carried over."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_WIDTH = 110
_OWN_LINES = ("terms", "rows", "all", "any", "of", "others", "starts")
"""Lists that are read line by line."""


def to_toml(raw: Mapping[str, object]) -> str:
    """The TOML text of a parsed pack: its single tables, then its lists of tables, in the order they are given in."""
    loose = {key: value for key, value in raw.items() if not _is_table(value) and not _is_tables(value)}
    parts = ["".join(_pairs(loose))] if loose else []
    for key, value in raw.items():
        if _is_table(value):
            parts.append(f"[{_key(key)}]\n" + "".join(_pairs(value)))  # type: ignore[arg-type]  # _is_table checks
        elif _is_tables(value):
            parts += [f"[[{_key(key)}]]\n" + "".join(_pairs(each)) for each in value]  # type: ignore[attr-defined]
    return "\n".join(parts)


def inline(value: object) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return (
            "{ " + ", ".join(f"{_key(key)} = {inline(each)}" for key, each in value.items()) + " }" if value else "{}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(inline, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) else _quoted(str(value))


def _pairs(table: Mapping[str, object]) -> Iterator[str]:
    for key, value in table.items():
        yield f"{_key(key)} = {_value(key, value, 0)}\n"


def _value(key: str, value: object, depth: int) -> str:
    """One line where it fits; lists of tables a member a line."""
    line = inline(value)
    many = isinstance(value, list) and len(value) > 1 and (key in _OWN_LINES or len(line) > _WIDTH)
    if not many or not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        return line
    margin = "  " * (depth + 1)
    return "[\n" + "".join(f"{margin}{inline(each)},\n" for each in value) + "  " * depth + "]"


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _quoted(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return f"\\u{ord(character):04X}" if ord(character) < 32 or ord(character) == 127 else character
