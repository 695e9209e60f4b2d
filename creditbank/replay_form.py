"""The form of a replay bundle: what it must say, and that it says nothing else.

What reading would pass over (a member nobody knows, a member twice, a text where a number belongs) is refused: whoever
reads the file must see what was decided upon.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from creditbank.errors import Refused
from recognition_rules.canonical import canonical


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Policy(_Form):
    """What is chosen otherwise than the pack does."""

    items: str | None = None
    slots: str | None = None
    order: list[str] | None = None
    objectives: list[str] | None = None


class _Request(_Form):
    """The question, as `RecognitionRequest.to_json` writes it."""

    pack_id: str
    pack_version: str
    programme: str
    on: str
    session: str | None = None
    learner: dict[str, str | int | bool]
    syllabus: dict[str, Any] | None = None
    granted: bool = False
    held: list[str]
    policy: _Policy | None = None
    judgements: list[dict[str, Any]] = []
    institution: str | None = None
    exit_award: str | None = None
    verify: bool = False
    by: str | None = None
    quote: str | None = None


class _About(_Form):
    """Which decision of whose record it is said to be."""

    recognition: str
    learner: str
    decided_at: str
    replaces: str | None = None
    result: str | None = None


class _Document(_Form):
    """The whole file."""

    type: str
    version: int
    about: _About
    recognition: dict[str, Any]
    request: _Request
    inputs: dict[str, Any]
    pack: str
    units: str
    levels: str


def read_document(data: bytes) -> dict[str, Any]:
    """A bundle's JSON, of the right form. Raises Refused `bundle_malformed`."""
    try:
        found: dict[str, Any] = json.loads(data, object_pairs_hook=_members, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise Refused("bundle_malformed", "A replay bundle is a JSON document, with no member twice.") from error
    try:
        _Document.model_validate(found)
    except ValidationError as error:
        place = ".".join(str(name) for name in error.errors()[0]["loc"])
        raise Refused(
            "bundle_malformed", f"The replay bundle is not as it should be at: {place or 'its root'}."
        ) from error
    return found


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands twice")
    return found


def _constant(name: str) -> float:
    raise ValueError(name)


def check_read(given: Any, read: Any) -> None:
    """That nothing of the inputs was passed over. Raises Refused `bundle_malformed`, with the place."""
    for place in passed_over(given, read, "inputs"):
        raise Refused("bundle_malformed", f"The replay bundle says what nobody reads, at: {place}.")


def passed_over(given: Any, read: Any, place: str) -> Iterator[str]:
    """Where a value says something that its reading does not; what it leaves unsaid may have a default."""
    if isinstance(given, dict) and isinstance(read, Mapping):
        for name in given:
            inner = f"{place}.{name}"
            yield from passed_over(given[name], read[name], inner) if name in read else (inner,)
    elif isinstance(given, list) and isinstance(read, list) and len(given) == len(read):
        for number, (one, other) in enumerate(zip(given, read, strict=True)):
            yield from passed_over(one, other, f"{place}[{number}]")
    elif canonical(given) != canonical(read):
        yield place
