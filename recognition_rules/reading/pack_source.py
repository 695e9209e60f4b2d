"""Where a pack was read from: one text, or several files and sheets, and the place of each key in them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from recognition_rules.errors import PackInvalid
from recognition_rules.reading.json_lines import json_lines
from recognition_rules.reading.plain_text import hidden_in
from recognition_rules.reading.toml_lines import Path, lines

_LINES: Mapping[str, Callable[[str], Mapping[Path, int]]] = {"toml": lines, "json": json_lines}

Raw: TypeAlias = dict[str, object]
"""A pack as parsed, before anything in it is understood: texts, whole numbers, days, true and false, lists, tables."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: the file (with the sheet), the row (from 1), and what its column is called."""

    file: str
    line: int
    column: str


@dataclass(slots=True)
class Source:
    """The text that a pack was read from; the lines are looked up only when something is wrong.

    `form` is `toml` or `json`: in JSON a day is a text such as "2026-09-01", so reading one notes its path in `days`.
    `cells` holds the places of what came from tables beside the text.
    """

    name: str
    text: str
    form: str = "toml"
    cells: Mapping[Path, Place] = field(default_factory=dict)
    days: set[Path] = field(default_factory=set)
    _lines: Mapping[Path, int] | None = field(default=None, compare=False, repr=False)

    @property
    def days_are_texts(self) -> bool:
        """Whether this form has no days of its own."""
        return self.form == "json"

    def place(self, path: Path) -> tuple[str, int | None, str]:
        """File, line and column name (or "") of the nearest key that can be found for the path."""
        if self._lines is None:
            self._lines = _LINES[self.form](self.text) if self.form in _LINES else {}
        found = self._lines
        for length in range(len(path), 0, -1):
            cell = self.cells.get(path[:length])
            if cell is not None:
                return cell.file, cell.line, cell.column
            if path[:length] in found:
                return self.name, found[path[:length]], ""
        return self.name, None, ""

    def invalid(self, path: Path, problem: str, code: str = "pack_invalid") -> PackInvalid:
        """The complaint, at the nearest line that can be found for the path."""
        file, line, column = self.place(path)
        told = f"column '{column}': {problem}" if column else problem
        return PackInvalid(file=file, line=line, problem=told, problem_code=code)


@dataclass(frozen=True, slots=True)
class Document:
    """A pack in its one parsed form, whatever it was written in, and where each key stands."""

    raw: Raw
    source: Source


def inside(value: object) -> Iterable[tuple[str | int, object]]:
    """The members of a table by key, of a list by place; of anything else none."""
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def refuse_hidden(raw: object, source: Source) -> None:
    """What a person does not see must not make two names of one, or turn a line of a title round: `PackInvalid`."""
    waiting: list[tuple[Path, object]] = [((), raw)]
    while waiting:
        path, value = waiting.pop()
        below = [((*path, key), each) for key, each in inside(value)]
        waiting += below
        _refuse_texts([(path, value), *((place, place[-1]) for place, _ in below)], source)


def _refuse_texts(placed: list[tuple[Path, object]], source: Source) -> None:
    for place, text in placed:
        problem = hidden_in(text) if isinstance(text, str) else None
        if problem:
            raise source.invalid(place, problem)
