"""What the conditions of a pack may name: its sources, classes, calendars, sets, and dated lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from recognition_rules.calendars import Calendar
from recognition_rules.canonical import Json
from recognition_rules.normalisers import TITLE_KEYS
from recognition_rules.reading.pack_reader import Node

if TYPE_CHECKING:
    from recognition_rules.conditions.atoms import Condition


@dataclass(frozen=True, slots=True)
class Edition:
    """A published list as it stood between two days: the codes on it and the credits each is worth (or None).

    A list that is not `complete` says nothing about a code that it does not hold.
    """

    start: date | None
    until: date | None
    complete: bool
    source: str
    confirmed: bool
    rows: Mapping[str, Fraction | None]

    def covers(self, day: date) -> bool:
        """Whether this edition was in force that day."""
        return (self.start or day) <= day <= (self.until or day)


@dataclass(frozen=True, slots=True)
class Register:
    """A list that is published anew from time to time, such as the gazette of recognised certificates."""

    id: str
    key: str
    editions: tuple[Edition, ...]

    def on(self, day: date) -> Edition | None:
        """The edition in force that day."""
        return next((edition for edition in self.editions if edition.covers(day)), None)


@dataclass(frozen=True, slots=True)
class GradeScheme:
    """The grades of a scheme, the best first, of which `fails` do not pass.

    `passes` are marks that say only that it was passed, such as P; a mark among `fails` need not be in the order.
    """

    id: str
    order: tuple[str, ...]
    fails: frozenset[str]
    passes: frozenset[str]

    @property
    def lowest_pass(self) -> str | None:
        """The last grade in the order that passes."""
        return next((grade for grade in reversed(self.order) if grade not in self.fails), None)

    def passed(self, grade: str) -> bool | None:
        """Whether the grade passes; None where the scheme does not know it."""
        if grade in self.fails:
            return False
        return True if grade in self.order or grade in self.passes else None


@dataclass(slots=True)
class Vocabulary:
    """The names a pack has declared so far, in the order of the file."""

    sources: Mapping[str, Json]
    classes: Mapping[str, Json]
    references: frozenset[str]
    calendars: dict[str, Calendar] = field(default_factory=dict)
    registers: dict[str, Register] = field(default_factory=dict)
    grade_schemes: dict[str, GradeScheme] = field(default_factory=dict)
    sets: "dict[str, Condition]" = field(default_factory=dict)
    courses: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    normaliser: str = "kr-title"

    @property
    def title_keys(self) -> tuple[str, ...]:
        """The keys by which the pack's normaliser compares titles, the finest first."""
        return TITLE_KEYS[self.normaliser]


def read_register(node: Node, references: frozenset[str]) -> Register:
    """A dated list; raises `PackInvalid` where two editions overlap."""
    register = Register(
        node.text("id"), node.text("key"), tuple(_edition(each, references) for each in node.children("edition"))
    )
    for child, before, after in zip(
        node.children("edition")[1:], register.editions, register.editions[1:], strict=False
    ):
        if before.until is None or after.start is None or after.start <= before.until:
            raise child.fail("Editions must not overlap: the earliest comes first and ends before the next begins.")
    if not register.editions:
        raise node.fail("A list needs at least one [[register.edition]]: since when, and what stands on it.")
    node.language_map("title")
    node.done()
    return register


def read_grade_scheme(node: Node) -> GradeScheme:
    """A scheme of grades; raises `PackInvalid` where one grade has two places."""
    order = node.words("order")
    fails = node.words("fails") if node.has("fails") else ()
    passes = node.words("passes") if node.has("passes") else ()
    node.raw("fails")
    node.raw("passes")
    if len(set(order)) != len(order):
        raise node.fail("A grade is there twice.", "order", "duplicate_id")
    if set(passes) & {*order, *fails}:
        raise node.fail("A mark that only says 'passed' has no place in the order and is no fail.", "passes")
    scheme = GradeScheme(node.text("id"), order, frozenset(fails), frozenset(passes))
    node.language_map("title", needed=False)
    node.done()
    return scheme


def _edition(node: Node, references: frozenset[str]) -> Edition:
    edition = Edition(
        start=node.day("from"),
        until=node.day("until"),
        complete=node.flag("complete"),
        source=node.choice("source", references),
        confirmed=node.flag("confirmed"),
        rows=dict(map(_row, node.children("rows"))),
    )
    if edition.start and edition.until and edition.until < edition.start:
        raise node.fail("'until' lies before 'from'.", "until")
    if len(edition.rows) != len(node.children("rows")):
        raise node.fail("A code is there twice.", "rows", "duplicate_id")
    node.done()
    return edition


def _row(node: Node) -> tuple[str, Fraction | None]:
    code, amount = node.text("code"), node.number("amount") if node.has("amount") else None
    node.language_map("title", needed=False)
    node.done()
    return code, amount
