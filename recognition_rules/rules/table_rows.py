"""The rows of a decision table: what each fits, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, TypeAlias

from recognition_rules.amount_text import Exact, whole
from recognition_rules.normalisers import title_key
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary

Answer: TypeAlias = str | Fraction
Point: TypeAlias = Exact | date

RECORDS: Final = ("target", "source", "minimum")
SEPARATOR: Final = "|"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table by what is done with them; levels are read in the `framework`."""

    keys: tuple[str, ...]
    any_of: tuple[str, ...]
    between: tuple[str, ...]
    gives: tuple[str, ...]
    framework: str | None

    def looked_up(self) -> tuple[str, ...]:
        """All columns that are looked up."""
        return (*self.keys, *self.any_of, *self.between)


@dataclass(frozen=True, slots=True)
class Span:
    """An interval from `start` (included) to `end`, which is included unless it is `open`; None is without end."""

    start: Point | None
    end: Point | None
    open: bool

    def holds(self, value: Point) -> bool:
        """Whether the value lies in it."""
        if self.start is not None and value < self.start:  # type: ignore[operator]  # a column holds one type
            return False
        return self.end is None or value < self.end or (value == self.end and not self.open)  # type: ignore[operator]

    def ends_before(self, other: "Span") -> bool:
        """Whether it ends before the other begins."""
        if self.end is None or other.start is None:
            return False
        return self.end < other.start or (self.end == other.start and self.open)  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class Row:
    """One row. A cell of `equal` (keys, then any_of: the values it may have) or of `spans` that is None fits all."""

    number: int
    name: str
    equal: tuple[tuple[str, ...] | None, ...]
    spans: tuple[Span | None, ...]
    answers: Mapping[str, Answer]

    def meets(self, other: "Row") -> bool:
        """Whether some values lie in the intervals of both."""
        pairs = zip(self.spans, other.spans, strict=True)
        return not any(one and two and (one.ends_before(two) or two.ends_before(one)) for one, two in pairs)


def text_of_cell(value: object) -> str:
    """How a value is compared with a cell: as text; true and false as such, a day as in 2026-09-01."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def read_row(node: Node, number: int, columns: Columns, vocabulary: Vocabulary) -> Row:
    """One row of a table; raises `PackInvalid`."""
    keys = tuple(_equal(node, column, vocabulary) for column in columns.keys)
    sets = tuple(_any_of(node, column, vocabulary) for column in columns.any_of)
    row = Row(
        number=number,
        name=node.text("id") if _filled(node, "id") else str(number),
        equal=(*keys, *sets),
        spans=tuple(_span(node, column) for column in columns.between),
        answers={column: _answer(node, column, vocabulary) for column in columns.gives if _filled(node, column)},
    )
    if not row.answers:
        raise node.fail(f"A row answers at least one of: {', '.join(columns.gives)}.")
    node.done()
    return row


def _filled(node: Node, column: str) -> bool:
    """Whether the cell says something: in a sheet an empty cell is an empty text."""
    value = node.raw(column)
    return value is not None and not (isinstance(value, str) and not value.strip())


def _cell(node: Node, column: str) -> str | None:
    if not _filled(node, column):
        return None
    value = node.values[column]
    if not isinstance(value, str | int | date):
        raise node.fail("A cell holds a text, a whole number or a day.", column)
    return text_of_cell(value).strip()


def _equal(node: Node, column: str, vocabulary: Vocabulary) -> tuple[str, ...] | None:
    text = _cell(node, column)
    return None if text is None else (_normal(node, column, text, vocabulary),)


def _any_of(node: Node, column: str, vocabulary: Vocabulary) -> tuple[str, ...] | None:
    text = _cell(node, column)
    if text is None:
        return None
    parts = text.split(SEPARATOR)
    return tuple(dict.fromkeys(_normal(node, column, each.strip(), vocabulary) for each in parts))


def _normal(node: Node, column: str, text: str, vocabulary: Vocabulary) -> str:
    if not text:
        raise node.fail(f"Between two '{SEPARATOR}' there must be a value.", column)
    if column != "title":
        return text
    key = title_key({"und": text}, vocabulary.title_keys[0])
    if key is None:
        raise node.fail("This title has no letters to compare.", column)
    return key


def _span(node: Node, column: str) -> Span | None:
    start, until, below = (_point(node, column, f"{column}_{end}") for end in ("from", "until", "below"))
    if until is not None and below is not None:
        problem = f"Give '{column}_until' (included) or '{column}_below' (excluded), not both."
        raise node.fail(problem, f"{column}_below")
    end = until if below is None else below
    if start is None and end is None:
        return None
    empty = start is not None and end is not None and (start > end or (start == end and below is not None))  # type: ignore[operator]
    if empty:
        raise node.fail(f"Nothing lies between '{column}_from' and its end.", f"{column}_from")
    return Span(start, end, open=below is not None)


def _point(node: Node, column: str, key: str) -> Point | None:
    if not _filled(node, key):
        return None
    if column.endswith("_on") or column.startswith("learner:"):
        return node.day(key)
    return whole(node.share(key) if column == "attendance" else node.number(key))


def _answer(node: Node, column: str, vocabulary: Vocabulary) -> Answer:
    if column == "credits":
        return node.number(column)
    text = _cell(node, column) or ""
    parts = [each.strip() for each in text.split(SEPARATOR)] if column == "course" else [text]
    known = _known(column, vocabulary)
    for part in parts:
        if known is not None and part not in known:
            raise node.fail(f"'{part}' is not one of: {', '.join(sorted(known)) or 'none'}.", column)
    return f" {SEPARATOR} ".join(parts)


def _known(column: str, vocabulary: Vocabulary) -> frozenset[str] | None:
    named = {
        "source": vocabulary.sources,
        "class": vocabulary.classes,
        "kind": vocabulary.kinds,
        "course": vocabulary.courses,
        "record": RECORDS,
    }
    return frozenset(named[column]) if column in named else None
