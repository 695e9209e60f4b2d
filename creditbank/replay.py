"""A decision made again from what it rested on, by anybody: no database, no network, and the same byte for byte.

A bundle is one JSON document that holds all of it: the recognition as it was recorded, the question, the awards and
uses as they stood, and the text of the pack and of the tables of units and levels.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from creditbank.errors import Refused
from creditbank.replay_form import check_read, read_document
from creditbank.replay_inputs import MOST_BYTES, Inputs
from creditbank.transactions.recognition_request import RecognitionRequest
from creditbank.transactions.recognitions import apply
from recognition_rules.canonical import canonical
from recognition_rules.errors import RuleError
from recognition_rules.levels import LevelTable
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.pack import Pack
from recognition_rules.pack import parse as parse_pack
from recognition_rules.recognition import Recognition
from recognition_rules.units import UnitTable
from recognition_rules.units_pack import parse as parse_units

TYPE, VERSION = "RecognitionBundle", 1
_SHOWN = 20
"""How many differences are named; the first tells most."""


@dataclass(frozen=True, slots=True)
class ReadTables:
    """Units and levels, read."""

    units: UnitTable
    levels: LevelTable


@dataclass(frozen=True, slots=True)
class Bundle:
    """A decision with all that it rested on. `about` says which decision of whose record; it decides nothing."""

    recognition: Mapping[str, Any]
    request: Mapping[str, Any]
    inputs: Inputs
    pack: str
    units: str
    levels: str
    about: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The bundle as a document."""
        return {
            "type": TYPE,
            "version": VERSION,
            "about": dict(self.about),
            "recognition": self.recognition,
            "request": self.request,
            "inputs": self.inputs.to_json(),
            "pack": self.pack,
            "units": self.units,
            "levels": self.levels,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Bundle":
        """The bundle of a document. Raises Refused `bundle_malformed`, `inputs_malformed`."""
        if not isinstance(value, Mapping) or (value.get("type"), value.get("version")) != (TYPE, VERSION):
            raise Refused("bundle_malformed", f"This is no replay bundle of version {VERSION}.")
        try:
            pack, units, levels = (str(value[name]) for name in ("pack", "units", "levels"))
            about, recognition, request = (dict(value[name]) for name in ("about", "recognition", "request"))
            return cls(recognition, request, Inputs.from_json(value["inputs"]), pack, units, levels, about)
        except (KeyError, TypeError, ValueError) as error:
            raise Refused("bundle_malformed", "A part of the replay bundle is missing.") from error


def read_bundle(data: bytes) -> Bundle:
    """The bundle of a file, which says nothing beside what is read. Raises Refused `bundle_malformed`."""
    if len(data) > MOST_BYTES:
        raise Refused("bundle_malformed", "A replay bundle is not as large as this.")
    document = read_document(data)
    found = Bundle.from_json(document)
    check_read(document["inputs"], found.inputs.to_json())
    return found


@dataclass(frozen=True, slots=True)
class Replayed:
    """Whether a decision made again is the one that was recorded; where not, in which places, first first."""

    recorded: str
    found: str | None
    differences: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """The same canonical bytes."""
        return not self.differences


def result_digest(result: Mapping[str, Any]) -> str:
    """SHA-256 of a result's canonical bytes in hexadecimal: what the entry and the log's leaf name."""
    return hashlib.sha256(canonical(result)).hexdigest()


def replay(bundle: Bundle) -> Replayed:
    """Decides again and compares byte for byte; what the rules refuse now is a difference, not an error."""
    recorded = result_digest(bundle.recognition)
    sealed = bundle.about.get("result")
    differences = [] if sealed in (None, recorded) else ["the recorded result is not the one that was sealed"]
    differences += _other_pack(bundle)
    try:
        found = decided(bundle)
    except (RuleError, Refused) as refused:
        return Replayed(recorded, None, (*differences, f"decided again it is refused: {refused.code}"))
    digest = result_digest(found)
    if digest != recorded:
        differences += list(places(bundle.recognition, found))[:_SHOWN] or ["the whole: other bytes"]
    return Replayed(recorded, digest, tuple(differences))


def _other_pack(bundle: Bundle) -> list[str]:
    """Where the question names another pack than the one that decides."""
    asked, recorded = bundle.request, bundle.recognition.get("pack")
    decides = recorded if isinstance(recorded, Mapping) else {}
    pairs = (("pack_id", "id"), ("pack_version", "version"))
    return [f"request.{name}: not the pack of the result" for name, of in pairs if asked[name] != decides.get(of)]


def decided(bundle: Bundle) -> dict[str, Any]:
    """The result, with its whole trace, of the bundle's question over its inputs under its pack."""
    return json.loads(canonical(decided_again(bundle).to_json()))  # type: ignore[no-any-return]  # the shape of `to_json`


def decided_again(bundle: Bundle) -> Recognition:
    """The same, as a value."""
    request = _question(bundle)
    tables = ReadTables(_units(bundle.units), _levels(bundle.levels))
    return apply(tables, pack_of(bundle), request, bundle.inputs.awards, bundle.inputs.used)


def _question(bundle: Bundle) -> RecognitionRequest:
    try:
        return RecognitionRequest.from_json(bundle.request)
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("bundle_malformed", "The question of this decision cannot be read.") from error


def pack_of(bundle: Bundle) -> Pack:
    """The pack that decides."""
    return _pack(bundle.pack)


def places(recorded: Any, found: Any, place: str = "") -> Iterator[str]:
    """Where two JSON values differ, as paths with both values."""
    if isinstance(recorded, Mapping) and isinstance(found, Mapping):
        for name in sorted({*recorded, *found}):
            inner = f"{place}.{name}" if place else name
            if name in recorded and name in found:
                yield from places(recorded[name], found[name], inner)
            else:
                yield f"{inner}: only {'recorded' if name in recorded else 'found'}"
    elif _both_lists(recorded, found):
        if len(recorded) != len(found):
            yield f"{place}: {len(recorded)} recorded, {len(found)} found"
        for number, (one, other) in enumerate(zip(recorded, found, strict=False)):
            yield from places(one, other, f"{place}[{number}]")
    elif canonical(recorded) != canonical(found):
        yield f"{place}: {_short(recorded)} recorded, {_short(found)} found"


def _both_lists(recorded: Any, found: Any) -> bool:
    return all(isinstance(each, Sequence) and not isinstance(each, str) for each in (recorded, found))


def _short(value: Any) -> str:
    text = canonical(value).decode()
    return text if len(text) <= 80 else text[:77] + "…"


@lru_cache(maxsize=64)
def _pack(text: str) -> Pack:
    return parse_pack(text)


@lru_cache(maxsize=8)
def _units(text: str) -> UnitTable:
    return parse_units(text)


@lru_cache(maxsize=8)
def _levels(text: str) -> LevelTable:
    return parse_levels(text)
