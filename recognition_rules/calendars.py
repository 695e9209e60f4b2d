"""Calendars of periods, defined by their first days only, so that every day falls in exactly one period."""

from dataclasses import dataclass, field
from datetime import date

from recognition_rules.reading.pack_reader import Node


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A period by its first day and its label, such as 2025-09-01 and `2025-2`."""

    start: date
    label: str


@dataclass(frozen=True, slots=True)
class Start:
    """The first day of a period in every year; `{Y}` in the label is the year of that first day."""

    month: int
    day: int
    label: str

    def in_year(self, year: int) -> Period:
        """The period that begins in this year."""
        return Period(date(year, self.month, self.day), self.label.replace("{Y}", str(year)))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Periods of the year by their first days; 29 February always has a home."""

    id: str
    starts: tuple[Start, ...]
    _known: dict[date, Period] = field(default_factory=dict, compare=False, repr=False)
    _next: dict[Period, Period] = field(default_factory=dict, compare=False, repr=False)

    def period(self, day: date) -> Period:
        """The period in which a day falls."""
        if day not in self._known:
            self._known[day] = self._find(day)
        return self._known[day]

    def _find(self, day: date) -> Period:
        years = (day.year - 1, day.year) if day.year > date.min.year else (day.year,)
        begun = [start.in_year(year) for year in years for start in self.starts]
        return max(period for period in begun if period.start <= day)

    def after(self, period: Period) -> Period:
        """The period that follows."""
        if period not in self._next:
            self._next[period] = self._following(period.start)
        return self._next[period]

    def _following(self, first: date) -> Period:
        return min(
            later
            for year in (first.year, first.year + 1)
            for later in (start.in_year(year) for start in self.starts)
            if later.start > first
        )


def read_calendar(node: Node) -> Calendar:
    """A calendar; raises `PackInvalid` where a first day does not exist in every year."""
    calendar = Calendar(node.text("id"), tuple(map(_start, node.children("starts"))))
    if not calendar.starts:
        raise node.fail("A calendar needs starts = [{ label, month, day }].")
    for child, start in zip(node.children("starts"), calendar.starts, strict=True):
        _check_start(child, start, calendar)
    node.done()
    return calendar


def _check_start(node: Node, start: Start, calendar: Calendar) -> None:
    """Two periods that cannot be told apart would share one limit without a word."""
    if "{Y}" not in start.label:
        raise node.fail("A label must hold {Y}, or the periods of all years would be one.", "label")
    if sum(each.label == start.label for each in calendar.starts) > 1:
        raise node.fail("Two periods of a year have the same label.", "label", "duplicate_id")
    if sum((each.month, each.day) == (start.month, start.day) for each in calendar.starts) > 1:
        raise node.fail("Two periods begin on the same day.", "day")


def _start(node: Node) -> Start:
    start = Start(node.whole("month"), node.whole("day"), node.text("label"))
    try:
        start.in_year(2025)
    except ValueError:
        raise node.fail("A period must begin on a day that exists in every year.") from None
    node.done()
    return start
