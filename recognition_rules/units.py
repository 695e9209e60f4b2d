"""Credit units: what one credit stands for in each system, and which ratios two systems agree on.

Everything is dated and sourced. A system may know its notional hours exactly (UK CATS: 10), as a range (ECTS:
25 to 30, fixed by country), or not at all; continuing education units are no academic credit and never convert.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, Protocol, TypeVar

from recognition_rules.errors import UnknownUnit
from recognition_rules.interval import Amount
from recognition_rules.language import LanguageMap

Kind = Literal["credit", "non-credit"]
Basis = Literal["definition", "regulation", "agreement", "convention", "bank-policy"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a term comes from and from when to when it holds.

    `valid_from` None means since ever, `valid_until` None means still; both days are included. `source` is a key
    of the pack's SOURCES.md; `confirmed` is false where nobody has checked it against the text of the rule.
    """

    valid_from: date | None
    valid_until: date | None
    source: str
    confirmed: bool
    basis: Basis

    def applies(self, on: date | None) -> bool:
        """Does the term hold on that day? Of no day (None): is it the one that holds without an end?"""
        if on is None:
            return self.valid_until is None
        return (self.valid_from or on) <= on <= (self.valid_until or on)


class _Dated(Protocol):
    @property
    def provenance(self) -> Provenance: ...


@dataclass(frozen=True, slots=True)
class HoursTerms:
    """Notional hours of learning for one credit, exact or a range, between two dates."""

    hours: Amount
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class RatioTerms:
    """`amounts[0]` credits of the first unit equal `amounts[1]` of the second, between two dates."""

    amounts: tuple[Fraction, Fraction]
    provenance: Provenance

    def factor(self, *, forward: bool) -> Fraction:
        """What an amount of the first unit is multiplied by to get the second, or the other way round."""
        first, second = self.amounts
        return second / first if forward else first / second


@dataclass(frozen=True, slots=True)
class CreditUnit:
    """One system's unit with its names, kind, hours, and the hours of countries that fix them more narrowly."""

    id: str
    name: LanguageMap
    kind: Kind
    terms: tuple[HoursTerms, ...]
    countries: Mapping[str, tuple[HoursTerms, ...]]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio between two units, with its terms one after the other; it works both ways."""

    units: tuple[str, str]
    terms: tuple[RatioTerms, ...]

    @property
    def id(self) -> str:
        """The rule id that a trace names, such as `ratio:uk-cats:ects`."""
        return f"ratio:{self.units[0]}:{self.units[1]}"


_Term = TypeVar("_Term", bound=_Dated)


@dataclass(frozen=True, slots=True)
class UnitTable:
    """A units pack, parsed and linted: `units` by id, `ratios` by ordered pair, both directions present."""

    id: str
    version: str
    title: LanguageMap
    digest: str
    units: Mapping[str, CreditUnit]
    ratios: Mapping[tuple[str, str], Ratio]

    def unit(self, unit_id: str) -> CreditUnit:
        """The unit; raises `UnknownUnit`."""
        if unit_id not in self.units:
            raise UnknownUnit(unit=unit_id)
        return self.units[unit_id]

    def hours(self, unit_id: str, country: str | None = None, on: date | None = None) -> HoursTerms | None:
        """The hours of one credit on a day, by the country (ISO 3166-1 alpha-2) where that one fixes them."""
        unit = self.unit(unit_id)
        local = _in_force(unit.countries.get(country or "", ()), on)
        return local or _in_force(unit.terms, on)

    def ratio(self, source: str, target: str, on: date | None = None) -> tuple[Ratio, RatioTerms, Fraction] | None:
        """The ratio in force between two units on a day, its terms, and the factor from `source` to `target`."""
        ratio = self.ratios.get((source, target))
        terms = _in_force(ratio.terms, on) if ratio else None
        if ratio is None or terms is None:
            return None
        return ratio, terms, terms.factor(forward=ratio.units == (source, target))


def _in_force(terms: Sequence[_Term], on: date | None) -> _Term | None:
    return next((each for each in terms if each.provenance.applies(on)), None)
