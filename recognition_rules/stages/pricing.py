"""Step 6: what an award is worth in the programme's unit, from its original amount, in one hop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from recognition_rules.amount_text import Exact, text_of_amount, whole
from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.convert import Conversion, convert
from recognition_rules.errors import UnitNotConvertible
from recognition_rules.interval import Interval, ends, text_of
from recognition_rules.pack import ConversionRule, Pack
from recognition_rules.rules.ratios import ContactHours, PackRatio
from recognition_rules.situation import Situation
from recognition_rules.stages.own_ratios import Declared, original, own_rule
from recognition_rules.terms import Terms
from recognition_rules.truth import Finding, Truth
from recognition_rules.units import HoursTerms, Provenance, UnitTable

_ZERO = Fraction(0)
_NOTHING: Mapping[str, Json] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Price:
    """`amount` in the programme's unit, `high` its upper end, `rounded` what a declared rounding takes away, so that
    the award is `worth` the rest, `exact` as a whole number where it is one.

    `finding` says why there is no amount; `rule` and `terms` allowed the conversion; None where none was needed.
    """

    amount: Fraction
    high: Fraction
    rounded: Fraction
    truth: Truth
    finding: Finding | None
    rule: ConversionRule | PackRatio | ContactHours | None
    terms: Terms | None
    inputs: Mapping[str, Json]
    arithmetic: str
    worth: Fraction = field(init=False)
    exact: Exact = field(init=False)

    def __post_init__(self) -> None:
        worth = self.amount - self.rounded if self.rounded else self.amount
        object.__setattr__(self, "worth", worth)
        object.__setattr__(self, "exact", whole(worth))


def price(award: Award, pack: Pack, programme: str, units: UnitTable, situation: Situation) -> Price:
    """The award's worth; an amount that cannot be told is unknown or refused, never guessed.

    It starts from the award's original amount. A ratio of the pack comes first, then one of the units pack, then
    contact hours, then notional hours.
    """
    given, on = original(award) if award.facts else award.amount, situation.on
    if given.unit == pack.unit:
        return _own(given.amount.numerator, given.amount.denominator)
    declared = own_rule(award, given, pack, programme, units, situation)
    if declared is not None:
        return _declared(declared)
    rule, terms = _rule(pack, given.unit, programme, on)
    if rule is None:
        because = "no rule of this pack recognises credits in this unit"
        return _refused(given.unit, pack, because, None, None)
    try:
        own = _own_hours(rule, terms)
        found = convert(given.amount, given.unit, pack.unit, units, country=award.country, on=on, target_hours=own)
    except UnitNotConvertible as error:
        return _refused(given.unit, pack, str(error.facts.get("because", "the unit is not known")), rule, terms)
    return _converted(found, rule, terms)


@lru_cache(maxsize=4096)
def _own(numerator: int, denominator: int) -> Price:
    """An amount that is in the programme's unit already; the same few come again and again."""
    amount = Fraction(numerator, denominator)
    return Price(amount, amount, _ZERO, Truth.YES, None, None, None, _NOTHING, "")


def _declared(found: Declared) -> Price:
    """What a ratio or contact hours of the pack say; a rounding up is the amount itself."""
    if found.finding is not None:
        return Price(_ZERO, found.high, _ZERO, Truth.UNKNOWN, found.finding, found.rule, found.terms, found.inputs, "")
    rounded = found.rule.rounding.apply(found.amount)
    amount = max(found.amount, rounded)
    words = found.arithmetic
    if rounded != found.amount:
        words += f", rounded to {text_of_amount(rounded)}"
    lost = amount - rounded
    return Price(amount, amount, lost, Truth.YES, None, found.rule, found.terms, found.inputs, words)


def _rule(pack: Pack, unit: str, programme: str, on: date) -> tuple[ConversionRule | None, Terms | None]:
    for rule in pack.conversions:
        terms = rule.head.on(on)
        if unit in rule.units and rule.head.concerns(programme) and terms is not None:
            return rule, terms
    return None, None


def _own_hours(rule: ConversionRule, terms: Terms | None) -> HoursTerms | None:
    """The hours of a credit of the pack, where the rule says them."""
    if rule.hours_per_credit is None or terms is None:
        return None
    origin = Provenance(terms.start, terms.until, terms.source, terms.confirmed, "regulation")
    return HoursTerms(rule.hours_per_credit, origin)


def _refused(unit: str, pack: Pack, because: str, rule: ConversionRule | None, terms: Terms | None) -> Price:
    zero = Fraction(0)
    facts: dict[str, Json] = {"unit": unit, "into": pack.unit, "because": because}
    finding = Finding("UNIT_NOT_CONVERTIBLE", facts)
    return Price(zero, zero, zero, Truth.NO, finding, rule, terms, facts, "")


def _converted(found: Conversion, rule: ConversionRule, terms: Terms | None) -> Price:
    low, high = ends(found.amount)
    whole_low, whole_high = rule.rounding.apply(low), rule.rounding.apply(high)
    inputs: dict[str, Json] = {
        "method": found.method,
        "by": found.rule,
        "source": found.source_ref,
        "confirmed": found.confirmed,
        "bank_policy": found.is_bank_policy,
        "overrides": None if found.overridden is None else text_of(found.overridden),
    }
    if whole_low != whole_high and rule.range_end == "undetermined":
        facts: dict[str, Json] = {"low": text_of_amount(whole_low), "high": text_of_amount(whole_high)}
        finding = Finding("HOURS_RANGE", facts)
        return Price(whole_low, whole_high, Fraction(0), Truth.UNKNOWN, finding, rule, terms, inputs, found.arithmetic)
    # Rounding down leaves a part that did not count, with a reason; rounding up is the amount itself.
    amount = max(low, whole_low)
    words = _words(found, whole_low, low)
    return Price(amount, amount, amount - whole_low, Truth.YES, None, rule, terms, inputs, words)


def _words(found: Conversion, rounded: Fraction, exact: Fraction) -> str:
    words = found.arithmetic
    if isinstance(found.amount, Interval):
        words += f", of which the low end {text_of_amount(exact)}"
    return words if rounded == exact else f"{words}, rounded to {text_of_amount(rounded)}"
