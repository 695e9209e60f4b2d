"""Conversion of credits between units: one hop, from the award's original amount, by ratio before hours.

A ratio agreed between two systems beats conversion through notional hours, and the result says which was used and
what it overrode. Where only a range of hours is known the result is a range. There is no chain of conversions:
20 CATS are 10 ECTS by their ratio, and it is always the 20 CATS that are converted next.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from recognition_rules.credits import render_amount
from recognition_rules.errors import UnitNotConvertible
from recognition_rules.interval import Amount, Interval, divided, text_of, times
from recognition_rules.units import HoursTerms, Provenance, UnitTable

Method = Literal["same", "ratio", "hours"]


@dataclass(frozen=True, slots=True)
class Conversion:
    """How an amount became an amount in another unit.

    `amount` is exact, or an `Interval` where only a range of hours is known. `provenance` holds the terms that
    decided: none for the same unit, one for a ratio, two (source, target) for hours. `hours` are the notional
    hours of both units where both are known: those used, or those that a ratio overrode.
    """

    method: Method
    source: str
    target: str
    source_amount: Fraction
    factor: Amount
    amount: Amount
    rule: str
    provenance: tuple[Provenance, ...]
    hours: tuple[Amount, Amount] | None

    @property
    def is_exact(self) -> bool:
        """False where the amount is a range."""
        return not isinstance(self.amount, Interval)

    @property
    def confirmed(self) -> bool:
        """True where every term used has been checked against its source."""
        return all(each.confirmed for each in self.provenance)

    @property
    def source_ref(self) -> str:
        """The keys of the pack's sources, joined by commas; empty for the same unit."""
        return ", ".join(dict.fromkeys(each.source for each in self.provenance))

    @property
    def is_bank_policy(self) -> bool:
        """True where a term used is the bank's own choice, not a rule of the systems concerned."""
        return any(each.basis == "bank-policy" for each in self.provenance)

    @property
    def overridden(self) -> Amount | None:
        """What the hours would have given where a ratio beat them and they disagree; else None."""
        if self.method != "ratio" or self.hours is None:
            return None
        by_hours = times(self.source_amount, divided(*self.hours))
        return by_hours if by_hours != self.amount else None

    @property
    def arithmetic(self) -> str:
        """The calculation as text: `20 × 1/2 = 10`, `20 × 10 h ÷ 25 h = 8`; amounts as exact text."""
        given, result = render_amount(self.source_amount), text_of(self.amount)
        if self.method == "same":
            return f"{given} = {result}"
        if self.method == "ratio" or self.hours is None:
            return f"{given} × {_ratio_text(self.factor)} = {result}"
        source_hours, target_hours = map(_bracketed, self.hours)
        return f"{given} × {source_hours} h ÷ {target_hours} h = {result}"


def convert(
    amount: Fraction,
    source: str,
    target: str,
    table: UnitTable,
    *,
    country: str | None = None,
    on: date | None = None,
    target_hours: HoursTerms | None = None,
) -> Conversion:
    """Convert an original amount from one unit into another, in one hop.

    `country` (ISO 3166-1 alpha-2) says whose hours are meant for a unit whose hours each country fixes, such as
    ECTS; `on` picks the terms in force that day, None those that hold without an end. `target_hours`, where somebody
    else than the table says them, are those of the target, which the table then need not know. Raises `UnknownUnit`, or
    `UnitNotConvertible` where there is neither ratio nor hours or a unit is no academic credit.
    """
    if source == target:
        return _same(amount, source)
    own = target_hours is not None and target not in table.units
    _require_credit(source, source if own else target, table)
    hours = table.hours(source, country, on), target_hours or table.hours(target, country, on)
    return _by_ratio(amount, source, target, table, hours, on) or _by_hours(amount, source, target, hours)


_Hours = tuple[HoursTerms | None, HoursTerms | None]


def _same(amount: Fraction, unit: str) -> Conversion:
    return Conversion("same", unit, unit, amount, Fraction(1), amount, f"same:{unit}", (), None)


def _require_credit(source: str, target: str, table: UnitTable) -> None:
    for unit_id in (source, target):
        if table.unit(unit_id).kind != "credit":
            raise UnitNotConvertible(source=source, target=target, because=f"{unit_id} is not academic credit")


def _by_ratio(
    amount: Fraction, source: str, target: str, table: UnitTable, hours: _Hours, on: date | None
) -> Conversion | None:
    found = table.ratio(source, target, on)
    if found is None:
        return None
    ratio, terms, factor = found
    known = _known(hours)
    return Conversion("ratio", source, target, amount, factor, amount * factor, ratio.id, (terms.provenance,), known)


def _by_hours(amount: Fraction, source: str, target: str, hours: _Hours) -> Conversion:
    first, second = hours
    if first is None or second is None:
        because = "there is no ratio in force between them and no hours are known for both"
        raise UnitNotConvertible(source=source, target=target, because=because)
    factor = _hours_factor(first.hours, second.hours)
    provenance = (first.provenance, second.provenance)
    rule = f"hours:{source}:{target}"
    both = (first.hours, second.hours)
    return Conversion("hours", source, target, amount, factor, times(amount, factor), rule, provenance, both)


@lru_cache(maxsize=1024)
def _hours_factor(source_hours: Amount, target_hours: Amount) -> Amount:
    # A pack knows a handful of pairs and every award asks for one: a division of ranges costs more than the rest.
    return divided(source_hours, target_hours)


def _known(hours: _Hours) -> tuple[Amount, Amount] | None:
    first, second = hours
    return (first.hours, second.hours) if first and second else None


def _ratio_text(factor: Amount) -> str:
    # A ratio reads as a fraction, 1/2 and not 0.5: that is how it was agreed.
    return str(factor)


def _bracketed(hours: Amount) -> str:
    return f"({text_of(hours)})" if isinstance(hours, Interval) else text_of(hours)
