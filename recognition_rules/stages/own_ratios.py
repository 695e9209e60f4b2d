"""Step 6: the conversions that a pack itself declares, and the amount from which every conversion starts."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount, total
from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.convert import convert
from recognition_rules.credits import Credits, is_id, parse_amount
from recognition_rules.errors import RuleError
from recognition_rules.interval import text_of
from recognition_rules.pack import Pack
from recognition_rules.rules.ratios import ContactHours, PackRatio
from recognition_rules.situation import Situation
from recognition_rules.terms import Terms
from recognition_rules.truth import Edit, Finding, Truth
from recognition_rules.units import UnitTable

AMOUNT, UNIT = "original_amount", "original_unit"
"""Facts of an award that is itself a recognition: what was first earned, and in which unit."""

_CONTACT = "contact_hours:"


@dataclass(frozen=True, slots=True)
class Declared:
    """What a rule of the pack makes of an amount, or why that is not known (`finding`, with at most `high`)."""

    rule: PackRatio | ContactHours
    terms: Terms
    amount: Fraction
    inputs: dict[str, Json]
    arithmetic: str
    finding: Finding | None = None
    high: Fraction = Fraction(0)


def original(award: Award) -> Credits:
    """The amount that was first earned: no conversion starts from what another one made."""
    amount, unit = award.facts.get(AMOUNT), award.facts.get(UNIT)
    if not isinstance(amount, str) or not isinstance(unit, str) or not is_id(unit):
        return award.amount
    try:
        first = parse_amount(amount)
    except RuleError:
        return award.amount
    return Credits(first, unit) if first >= 0 else award.amount


def own_rule(
    award: Award, given: Credits, pack: Pack, programme: str, units: UnitTable, situation: Situation
) -> Declared | None:
    """The pack's ratio for this award; else, where no ratio of the units pack speaks, its contact hours."""
    ratios = list(_ratios(award, given, pack, programme, situation)) if pack.ratios else []
    if ratios:
        return _by_ratio(given, ratios, pack, units, award, situation)
    if not pack.contact_hours or _units_ratio(given, pack, units, situation):
        return None
    return next(_contact(award, given, pack, programme, situation), None)


def _units_ratio(given: Credits, pack: Pack, units: UnitTable, situation: Situation) -> bool:
    return units.ratio(given.unit, pack.unit, situation.on) is not None


def _ratios(
    award: Award, given: Credits, pack: Pack, programme: str, situation: Situation
) -> Iterator[tuple[PackRatio, Terms, Truth]]:
    for ratio in pack.ratios:
        terms = ratio.head.on(situation.on)
        if ratio.source == given.unit and ratio.head.concerns(programme) and terms is not None:
            truth = situation.truth(ratio.where, award)
            if truth is not Truth.NO:
                yield ratio, terms, truth


def _by_ratio(
    given: Credits,
    ratios: list[tuple[PackRatio, Terms, Truth]],
    pack: Pack,
    units: UnitTable,
    award: Award,
    situation: Situation,
) -> Declared:
    """Those with a filter beat the one without; several that disagree, or one that may hold, leave it open."""
    special = [each for each in ratios if not each[0].is_general] or ratios
    fitting = ratios if any(truth is Truth.UNKNOWN for *_, truth in special) else special
    factors = {_factor(ratio, terms) for ratio, terms, _ in fitting}
    ratio, terms, _ = fitting[0]
    factor = _factor(ratio, terms)
    if len(factors) > 1 or all(truth is Truth.UNKNOWN for *_, truth in fitting):
        names: list[Json] = [each.head.id for each, *_ in fitting]
        finding = Finding("FACT_MISSING", {"fact": "ratio", "ratios": names}, Edit("supply", {"fact": "ratio"}))
        return Declared(ratio, terms, Fraction(0), {"ratios": names}, "", finding, given.amount * max(factors))
    amount = given.amount * factor
    inputs: dict[str, Json] = {"method": "pack-ratio", "by": ratio.head.id, "factor": str(factor)}
    if situation.telling:
        inputs["overrides"] = _overridden(given, amount, pack, units, award, situation)
    words = f"{text_of_amount(given.amount)} × {factor} = {text_of_amount(amount)}"
    return Declared(ratio, terms, amount, inputs, words)


def _factor(ratio: PackRatio, terms: Terms) -> Fraction:
    return ratio.factor if terms.value is None else terms.value


def _overridden(
    given: Credits, amount: Fraction, pack: Pack, units: UnitTable, award: Award, situation: Situation
) -> str | None:
    """What the units pack would have made of it, where it speaks of it at all and disagrees."""
    try:
        found = convert(given.amount, given.unit, pack.unit, units, country=award.country, on=situation.on)
    except RuleError:
        return None
    return None if found.amount == amount else text_of(found.amount)


def _contact(award: Award, given: Credits, pack: Pack, programme: str, situation: Situation) -> Iterator[Declared]:
    for rule in pack.contact_hours:
        terms = rule.head.on(situation.on)
        concerned = rule.source == given.unit and rule.head.concerns(programme)
        if concerned and terms is not None and situation.truth(rule.where, award) is Truth.YES:
            yield _by_contact(award, rule, terms)


def _by_contact(award: Award, rule: ContactHours, terms: Terms) -> Declared:
    hours = _hours(award, rule)
    if hours is None:
        finding = Finding("FACT_MISSING", {"fact": "contact_hours"}, Edit("supply", {"fact": "contact_hours"}))
        return Declared(rule, terms, Fraction(0), {}, "", finding)
    learning = total(contact * (1 + rule.self_study[kind]) for kind, contact in hours.items())
    amount = learning / rule.hours_per_credit
    parts = " + ".join(f"{text_of_amount(each)} × (1 + {rule.self_study[kind]})" for kind, each in hours.items())
    words = f"({parts}) h ÷ {text_of_amount(rule.hours_per_credit)} h = {text_of_amount(amount)}"
    shown: dict[str, Json] = {kind: text_of_amount(each) for kind, each in hours.items()}
    return Declared(rule, terms, amount, {"method": "contact-hours", "by": rule.head.id, "contact": shown}, words)


def _hours(award: Award, rule: ContactHours) -> dict[str, Fraction] | None:
    """Hours in class by type; None where a type is not in the rule, or nothing is known."""
    found = {name.removeprefix(_CONTACT): value for name, value in award.facts.items() if name.startswith(_CONTACT)}
    if not found:
        kind = award.facts.get("contact_type")
        known = isinstance(kind, str) and kind in rule.self_study and award.hours is not None
        return {str(kind): award.hours} if known and award.hours is not None else None
    hours = {kind: _number(value) for kind, value in sorted(found.items())}
    whole = {kind: value for kind, value in hours.items() if value is not None and kind in rule.self_study}
    return whole if len(whole) == len(hours) else None


def _number(value: object) -> Fraction | None:
    if isinstance(value, bool):
        return None
    try:
        number = Fraction(value) if isinstance(value, int) else parse_amount(str(value))
    except RuleError:
        return None
    return number if number >= 0 else None
