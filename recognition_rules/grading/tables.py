"""Grade scales, and tables of how often each passing grade was given in a reference group (ECTS Users' Guide 2015).

A table belongs to an institution, a field of study (ISCED-F 2013), a cycle and two or three years. It holds shares in
per cent, exact, cumulated from the best grade down; what is beyond its end belongs to its last grade.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from recognition_rules.language import LanguageMap
from recognition_rules.reading.cited import Cited
from recognition_rules.terms import Terms

Overlap = Literal["min", "mid", "max", "majority"]
OVERLAPS: tuple[Overlap, ...] = ("min", "mid", "max", "majority")
CYCLES = ("short", "first", "second", "third")
ANY_FIELD = "any"
OBSOLETE = tuple(map(Fraction, (10, 25, 30, 25, 10)))
"""The fixed ECTS scale A to E, given up with the ECTS Users' Guide of 2009."""

_DASHES = str.maketrans(dict.fromkeys("−–‐‑", "-"))


def grade_key(text: str) -> str:
    """A grade as it is compared: compatible forms and dashes made one, blanks around it dropped, case kept."""
    return unicodedata.normalize("NFKC", text.translate(_DASHES)).strip()


@dataclass(frozen=True, slots=True)
class GradeScale:
    """Passing grades from the best down, and the grades that do not pass. A table counts the passing ones only."""

    id: str
    title: LanguageMap
    grades: tuple[str, ...]
    failing: frozenset[str]


@dataclass(frozen=True, slots=True)
class GradeRange:
    """What a grade covers, in per cent from the top: `start` is in it, `end` is not, unless the table ends there."""

    grade: str
    start: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True)
class GradeTable:
    """One distribution. `numbers` are as published, counts or percentages; `years` the first and the last, included."""

    id: str
    title: LanguageMap
    institution: str
    scale: GradeScale
    field: str
    cycle: str
    years: tuple[int, int]
    numbers: Mapping[str, Fraction]
    counted: bool
    cohort: int | None
    warning: LanguageMap
    terms: Terms

    @property
    def whole(self) -> Fraction:
        """What the shares are of: the sum of the counts, or 100 (percentages that add up to 99.9 are not stretched)."""
        return sum(self.numbers.values(), Fraction(0)) if self.counted else Fraction(100)

    def ranges(self) -> Iterator[GradeRange]:
        """The range of each passing grade from the top; empty where nobody was given it."""
        start, whole = Fraction(0), self.whole
        for grade in self.scale.grades:
            end = start + self.numbers.get(grade, Fraction(0)) * 100 / whole
            yield GradeRange(grade, start, end)
            start = end

    def covers(self, institution: str, field: str, cycle: str, on: date) -> bool:
        """Whether the table is of this reference group, or of a wider field, on that day."""
        fits = self.field == ANY_FIELD or field.startswith(self.field)
        return fits and (self.institution, self.cycle) == (institution, cycle) and self.terms.covers(on)

    @property
    def breadth(self) -> int:
        """How much of a field of study the table takes together: 0 for the most detailed of ISCED-F, 4 for any."""
        return 4 if self.field == ANY_FIELD else 4 - len(self.field)


@dataclass(frozen=True, slots=True)
class GradePolicy:
    """What the method leaves open. `tolerance` is in percentage points, `max_age` in years; `minimum_cohort` 0 and
    `max_age` None set no limit.

    `small_cohort` says whether a wider field stands in; `empty_step` what becomes of a grade that nobody was given:
    nothing can be said, or it stands at one point, between the grade above and the one below.
    """

    overlap: Overlap = "majority"
    tie: Literal["lower", "higher"] = "lower"
    tolerance: Fraction = Fraction(1, 2)
    minimum_cohort: int = 0
    small_cohort: Literal["undetermined", "broader"] = "undetermined"
    empty_step: Literal["undetermined", "point"] = "undetermined"
    max_age: int | None = None
    unconfirmed: Literal["off", "on"] = "off"


@dataclass(frozen=True, slots=True)
class GradePack:
    """A pack of scales and tables, parsed. `digest` is over its canonical parsed form."""

    id: str
    version: str
    title: LanguageMap
    digest: str
    warning: LanguageMap
    policy: GradePolicy
    references: Mapping[str, Cited]
    scales: Mapping[str, GradeScale]
    tables: tuple[GradeTable, ...]

    def covering(self, institution: str, field: str, cycle: str, on: date) -> list[GradeTable]:
        """The tables of a reference group on a day, the most detailed field first."""
        found = [table for table in self.tables if table.covers(institution, field, cycle, on)]
        return sorted(found, key=lambda table: table.breadth)
