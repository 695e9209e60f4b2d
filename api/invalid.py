"""What was wrong with a request's values, by pointer and kind; the values themselves are never repeated."""

from collections.abc import Iterable, Mapping
from typing import Any

from api.schemas.common import known_names

_SENTENCES = {
    "missing": "It is missing.",
    "extra_forbidden": "There is a member that this request does not have.",
    "string_type": "It must be a text.",
    "int_type": "It must be a whole number.",
    "bool_type": "It must be true or false.",
    "list_type": "It must be a list.",
    "dict_type": "It must be an object.",
    "model_attributes_type": "It must be an object.",
    "model_type": "It must be an object.",
    "string_pattern_mismatch": "It does not have the right form.",
    "above_hundred": "A score is out of 100: from 0 to 100.",
    "above_whole": "A share is from 0 to 1: 95 % is 0.95.",
    "timezone_aware": "It must be an instant with an offset from UTC.",
}
_SAFE = {
    "string_too_short", "string_too_long", "too_short", "too_long", "greater_than", "greater_than_equal", "less_than",
    "less_than_equal", "literal_error", "enum",
}  # fmt: skip
"""Kinds whose own sentence holds only what this service expects, nothing of what came."""


def described(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Each error as `in` (body, query, path, header), `pointer` (RFC 6901), `code` and `detail`."""
    return [_described(error) for error in errors][:20]


def _described(error: Mapping[str, Any]) -> dict[str, str]:
    place, *path = error["loc"] or ("body",)
    if error["type"] == "extra_forbidden":
        path = path[:-1]  # the name of an unknown member is the caller's own text
    return {
        "in": str(place),
        "pointer": "".join(f"/{_shown(part)}" for part in path),
        "code": str(error["type"]),
        "detail": _sentence(error),
    }


def _sentence(error: Mapping[str, Any]) -> str:
    kind = error["type"]
    return str(error["msg"]) if kind in _SAFE else _SENTENCES.get(kind, "It is not of the right form.")


def _shown(part: object) -> str:
    """A step of a pointer that this service knows by name; any other may be somebody's text."""
    return str(part) if isinstance(part, int) or part in known_names() else "*"
