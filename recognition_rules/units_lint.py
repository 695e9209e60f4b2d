"""What is wrong with a units pack: gaps and overlaps of terms, circles that mint credits, disagreements.

Ratio-only circles whose product is not one are errors: going round them mints or loses credits. A ratio that
disagrees with the notional hours of the same pair is only reported, because ECTS hours are a range and nearly
every agreed ratio does.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from recognition_rules.interval import Amount, divided, ends
from recognition_rules.units import Provenance, Ratio, UnitTable


def sequence_problem(terms: Sequence[Provenance]) -> str | None:
    """Why these terms do not follow one another day by day, as a sentence; None where they do."""
    for each in terms:
        if each.valid_from and each.valid_until and each.valid_until < each.valid_from:
            return "a term ends before it begins."
    for earlier, later in pairwise(terms):
        if earlier.valid_until is None or later.valid_from is None:
            return "of several terms only the last may be without an end, and only the first without a beginning."
        if later.valid_from != earlier.valid_until + timedelta(days=1):
            return f"the term from {later.valid_from} must begin on the day after the one before it ends."
    return None


def amplifying_cycle(ratios: Collection[Ratio]) -> tuple[str, ...] | None:
    """The units of a circle of ratios, in force on one day, that does not multiply to one; None where all do."""
    for on in _days_of_change(ratios):
        circle = _circle_on(ratios, on)
        if circle:
            return circle
    return None


def disagreements(table: UnitTable) -> list[tuple[Ratio, Fraction, Amount]]:
    """Each ratio that holds now and lies outside what hours give: the ratio, its factor, the factor by hours."""
    found = []
    for (source, target), ratio in table.ratios.items():
        now = table.ratio(source, target)
        hours = table.hours(source), table.hours(target)
        if ratio.units != (source, target) or not now or not hours[0] or not hours[1]:
            continue
        by_hours = divided(hours[0].hours, hours[1].hours)
        if not ends(by_hours)[0] <= now[2] <= ends(by_hours)[1]:
            found.append((ratio, now[2], by_hours))
    return found


def _days_of_change(ratios: Collection[Ratio]) -> list[date]:
    starts = {each.provenance.valid_from for ratio in ratios for each in ratio.terms}
    return sorted({start for start in starts if start} | {date.min})


def _circle_on(ratios: Collection[Ratio], on: date) -> tuple[str, ...] | None:
    """Give each unit a worth along a spanning tree; a ratio that contradicts the worths closes a bad circle."""
    edges = _edges_on(ratios, on)
    worth: dict[str, Fraction] = {}
    path: dict[str, tuple[str, ...]] = {}
    circles = (_span(start, edges, worth, path) for start in edges if start not in worth)
    return next((circle for circle in circles if circle), None)


def _span(
    start: str,
    edges: Mapping[str, list[tuple[str, Fraction]]],
    worth: dict[str, Fraction],
    path: dict[str, tuple[str, ...]],
) -> tuple[str, ...] | None:
    """Grow the tree from one unit; the first circle that contradicts it, or None."""
    worth[start], path[start], waiting = Fraction(1), (start,), [start]
    while waiting:
        unit = waiting.pop()
        for other, factor in edges[unit]:
            if other not in worth:
                worth[other], path[other] = worth[unit] * factor, (*path[unit], other)
                waiting.append(other)
            elif worth[other] != worth[unit] * factor:
                return _circle(path[unit], path[other])
    return None


def _edges_on(ratios: Collection[Ratio], on: date) -> dict[str, list[tuple[str, Fraction]]]:
    """From each unit to its neighbours, with what an amount of the unit is multiplied by to get the neighbour's."""
    edges: dict[str, list[tuple[str, Fraction]]] = {}
    for ratio in ratios:
        first, second = ratio.units
        for terms in ratio.terms:
            if terms.provenance.applies(on):
                edges.setdefault(first, []).append((second, terms.factor(forward=True)))
                edges.setdefault(second, []).append((first, terms.factor(forward=False)))
    return edges


def _circle(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    shared = sum(1 for a, b in zip(one, other, strict=False) if a == b)
    return (*one[shared - 1 :], *reversed(other[shared:]), one[shared - 1])
