"""A part of a document, selected by JSON pointers (RFC 6901; Data Integrity ECDSA 1.0, 3.4.10 to 3.4.13)."""

import re
from collections.abc import Sequence
from typing import Any, Final

from credentials.data_integrity.cryptosuite import Document
from credentials.errors import LimitExceeded, MalformedCredential

MAX_POINTERS: Final = 500
MAX_POINTER_LENGTH: Final = 1024
_POINTER: Final = re.compile("(?:/(?:[^/~]|~[01])*)*")
_INDEX: Final = re.compile("0|[1-9][0-9]{0,5}")
_ALWAYS: Final = frozenset({"id", "type"})

Path = tuple[str, ...]


def check_pointers(pointers: Sequence[object]) -> None:
    """Refuse what is no list of JSON pointers.

    Raises MalformedCredential `unknown_pointer`, LimitExceeded `too_complex` (500), `too_long` (1,024 characters).
    """
    if len(pointers) > MAX_POINTERS:
        raise LimitExceeded("too_complex", limit=MAX_POINTERS, unit="JSON pointers")
    for place, pointer in enumerate(pointers, 1):
        _tokens(pointer, place)


def select(document: Document, pointers: Sequence[str]) -> dict[str, Any] | None:
    """The document with what the pointers name, and nothing else but `@context` and, on the way, every `id` and `type`.

    None where there are no pointers. The empty pointer selects everything. Arrays close up over what is left out of
    them. Raises MalformedCredential `unknown_pointer`; what `check_pointers` raises.
    """
    check_pointers(pointers)
    paths = [_tokens(pointer, place) for place, pointer in enumerate(pointers, 1)]
    for place, path in enumerate(paths, 1):
        _check_path(document, path, place)
    if not paths:
        return None
    selected = _selected(document, paths)
    return {"@context": document["@context"], **selected}


def _tokens(pointer: object, place: int) -> Path:
    if isinstance(pointer, str) and len(pointer) > MAX_POINTER_LENGTH:
        raise LimitExceeded("too_long", limit=MAX_POINTER_LENGTH)
    if not isinstance(pointer, str) or not _POINTER.fullmatch(pointer):
        raise MalformedCredential("unknown_pointer", place=place)
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


def _check_path(document: Document, path: Path, place: int) -> None:
    value: Any = document
    for token in path:
        if isinstance(value, list) and _INDEX.fullmatch(token) and int(token) < len(value):
            value = value[int(token)]
        elif isinstance(value, dict) and token in value:
            value = value[token]
        else:
            raise MalformedCredential("unknown_pointer", place=place)


def _selected(value: Any, paths: list[Path]) -> Any:
    """What the paths, each relative to this value, leave of it; every one of them leads somewhere."""
    if () in paths:
        return value
    inner: dict[str, list[Path]] = {}
    for first, *rest in paths:
        inner.setdefault(first, []).append(tuple(rest))
    if isinstance(value, list):
        return [_selected(item, inner[str(index)]) for index, item in enumerate(value) if str(index) in inner]
    kept = {name: item for name, item in value.items() if name in _ALWAYS or name in inner}
    return {name: item if name in _ALWAYS else _selected(item, inner[name]) for name, item in kept.items()}
