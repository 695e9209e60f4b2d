"""A pack written as JSON: days as texts, everything else as it is, so that the digest is the same."""

import json
from collections.abc import Mapping
from datetime import date


def to_json(raw: Mapping[str, object]) -> str:
    """The JSON text of a parsed pack, indented for people, ending in a line break."""
    return json.dumps(raw, ensure_ascii=False, indent=2, default=_day) + "\n"


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of a pack")


def with_days(raw: Mapping[str, object], days: frozenset[tuple[str | int, ...]]) -> dict[str, object]:
    """The parsed form with the texts at these paths as days, as TOML and tables have them."""
    return {key: _dated(value, (key,), days) for key, value in raw.items()}


def _dated(value: object, path: tuple[str | int, ...], days: frozenset[tuple[str | int, ...]]) -> object:
    if isinstance(value, Mapping):
        return {key: _dated(each, (*path, key), days) for key, each in value.items()}
    if isinstance(value, list):
        return [_dated(each, (*path, number), days) for number, each in enumerate(value)]
    return date.fromisoformat(value) if isinstance(value, str) and path in days else value
