"""Local rules: an institution's departures from a pack of the bank, put in place before anybody decides by them.

What is handed in is short: a [pack] with id and version, [[reference]] and [[override]]. It becomes a whole pack, the
bank's with the departures in it, and is checked as one: a departure that the higher authority does not allow is refused
here, at its file and line. So a decision rests on one digest, as any other (decision 51).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from recognition_rules.authoring.forms import write_files
from recognition_rules.reading.pack_parser import parse_document
from recognition_rules.reading.pack_source import Document, Place, Raw, inside
from recognition_rules.reading.pack_text import read_text
from recognition_rules.reading.toml_lines import Path

_HEAD: Final = ("id", "version", "title", "description")
_LISTS: Final = ("reference", "override")
_AUTHORITIES: Final = ("institution", "programme")
FILE = "local.toml"
"""What the short form is called in complaints."""


def composed(base: str, local: str, institution: str) -> str:
    """The whole pack as TOML, an institution's departures in place. Raises PackInvalid, at the line in `local`."""
    over, short = read_text(base, name="pack.toml"), read_text(local, name=FILE)
    _check(short, institution)
    raw, cells = dict(over.raw), dict[Path, Place]()
    raw["pack"] = {**_table(over.raw, "pack"), **_table(short.raw, "pack")}
    cells.update(_places(short, ("pack",), ("pack",)))
    for kind in _LISTS:
        before, added = _tables(over.raw, kind), _tables(short.raw, kind)
        raw[kind] = [*before, *(_confined(each, institution) if kind == "override" else each for each in added)]
        for number in range(len(added)):
            cells.update(_places(short, (kind, number), (kind, len(before) + number)))
    over.source.cells = cells
    whole = Document(raw, over.source)
    parse_document(whole, {})
    return write_files(whole, "toml")["pack.toml"].decode()


def _check(short: Document, institution: str) -> None:
    """Only departures, their sources and a name; in the institution's own authority, and for itself."""
    source = short.source
    for kind in short.raw:
        if kind not in ("pack", *_LISTS):
            raise source.invalid((kind,), f"Local rules hold [[override]] and [[reference]]; '{kind}' is the bank's.")
    for name in _table(short.raw, "pack"):
        if name not in _HEAD:
            raise source.invalid(("pack", name), f"'{name}' is said by the pack that these rules depart from.")
    if not _tables(short.raw, "override"):
        raise source.invalid((), "Local rules depart from something: at least one [[override]].")
    for number, override in enumerate(_tables(short.raw, "override")):
        _check_override(short, ("override", number), override, institution)


def _check_override(short: Document, path: Path, override: Mapping[str, Any], institution: str) -> None:
    if override.get("institutions", [institution]) != [institution]:
        raise short.source.invalid((*path, "institutions"), f"These rules hold at {institution} alone.")
    for number, terms in enumerate(_tables(override, "terms")):
        if terms.get("authority") not in _AUTHORITIES:
            problem = "An institution departs in its own authority: 'institution' or 'programme'."
            raise short.source.invalid((*path, "terms", number, "authority"), problem)


def _confined(override: Mapping[str, Any], institution: str) -> dict[str, Any]:
    return {**override, "institutions": [institution]}


def _places(short: Document, path: Path, there: Path) -> Iterator[tuple[Path, Place]]:
    """Where everything below a path of the short form stands, by its path in the whole pack."""
    waiting: list[tuple[Path, object]] = [((), _at(short.raw, path))]
    while waiting:
        below, value = waiting.pop()
        file, line, _ = short.source.place((*path, *below))
        if line is not None:
            yield (*there, *below), Place(file, line, "")
        waiting += [((*below, key), each) for key, each in inside(value)]


def _at(raw: Raw, path: Path) -> object:
    found: Any = raw
    for step in path:
        found = found[step] if step in found or isinstance(step, int) else {}
    return found


def _table(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = raw.get(name)
    return found if isinstance(found, dict) else {}


def _tables(raw: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    found = raw.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
