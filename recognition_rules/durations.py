"""Lengths of time in years, months and days, and the day on which one that began on a given day runs out."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from recognition_rules.reading.pack_reader import Node

Rollover = Literal["28-february", "1-march"]
"""Where the day does not exist in the last month: its last day (28 February), or the day after it (1 March)."""

ROLLOVERS: tuple[Rollover, ...] = ("28-february", "1-march")
_ISO = re.compile(r"P(?=\d)(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<days>\d{1,5})D)?")
_WORDS = re.compile(r"(?P<number>\d{1,5}) ?(?P<unit>year|month|day)s?")
_LATEST = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Duration:
    """Months (a year is twelve) and days; both from 0, not both 0."""

    months: int
    days: int = 0

    def after(self, start: date, rollover: Rollover = "28-february") -> date:
        """The day this long after `start`: 29 February 2024 and a year are 28 February 2025, or 1 March."""
        years, month = divmod(start.month - 1 + self.months, 12)
        if start.year + years >= _LATEST.year:
            return _LATEST
        last = calendar.monthrange(start.year + years, month + 1)[1]
        found = date(start.year + years, month + 1, min(start.day, last))
        over = 1 if start.day > last and rollover == "1-march" else 0
        return found + timedelta(days=self.days + over)

    def earliest_start(self, reached: date, rollover: Rollover = "28-february") -> date | None:
        """The first day from which it reaches `reached`; None before the calendar of awards begins (1900)."""
        back, month = divmod(reached.month - 1 - self.months, 12)
        if reached.year + back <= 1900:
            return None
        first = date(reached.year + back, month + 1, 1) - timedelta(days=self.days + 31)
        while self.after(first, rollover) < reached:
            first += timedelta(days=1)
        return first

    def __str__(self) -> str:
        years, months = divmod(self.months, 12)
        parts = ((years, "year"), (months, "month"), (self.days, "day"))
        return " ".join(f"{number} {unit}{'s' if number != 1 else ''}" for number, unit in parts if number)


def parse_duration(text: str) -> Duration | None:
    """`5 years`, `18 months`, `90 days`, `P5Y`, `P1Y6M`; None where the text is no length of time above nothing."""
    found = _WORDS.fullmatch(text.strip())
    if found:
        number = int(found["number"])
        days = number if found["unit"] == "day" else 0
        duration = Duration(0 if days else number * (12 if found["unit"] == "year" else 1), days)
    else:
        iso = _ISO.fullmatch(text.strip())
        if iso is None:
            return None
        years, months, days = (int(iso[name] or 0) for name in ("years", "months", "days"))
        duration = Duration(12 * years + months, days)
    good = (duration.months or duration.days) and duration.months <= 12_000 and duration.days <= 99_999
    return duration if good else None


def of_years(years: Fraction) -> Duration | None:
    """A figure in years as a length of time; None where it is not a whole number of months above 0."""
    months = years * 12
    return Duration(int(months)) if months.denominator == 1 and 0 < months <= 12_000 else None


def read_duration(node: Node) -> Duration:
    """`years`, `months` or `days` of a table, or several that are added; raises `PackInvalid` on none or nothing."""
    numbers = {key: node.whole(key) if node.has(key) else 0 for key in ("years", "months", "days")}
    for key in numbers:
        node.raw(key)
    duration = Duration(12 * numbers["years"] + numbers["months"], numbers["days"])
    if not 0 < duration.months + duration.days <= 99_999 or duration.months > 12_000:
        raise node.fail("A length of time is given in years, months or days, and is longer than nothing.")
    return duration
