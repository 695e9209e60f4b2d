"""Reading a units pack: TOML to `UnitTable`, with complaints that name the file, the line and what to write.

Terms of one thing follow each other without gap or overlap; ratios that lead back to the same unit must multiply
to one, or a learner could gain or lose credits by being recognised in a circle (`amplifying_cycle`).
"""

from collections.abc import Mapping, Set
from datetime import date
from typing import TypeVar, get_args

from recognition_rules.canonical import Json, digest
from recognition_rules.credits import Unit
from recognition_rules.errors import UnitMalformed
from recognition_rules.interval import Amount, Interval
from recognition_rules.reading.strict_toml import loads
from recognition_rules.reading.toml_table import TomlTable
from recognition_rules.units import (
    Basis,
    CreditUnit,
    HoursTerms,
    Kind,
    Provenance,
    Ratio,
    RatioTerms,
    UnitTable,
)
from recognition_rules.units_lint import amplifying_cycle, sequence_problem

_Term = TypeVar("_Term", HoursTerms, RatioTerms)
PROVENANCE = frozenset({"from", "until", "source", "confirmed", "basis"})
"""The keys that every dated term of a pack may have beside its value."""


def parse(text: str, *, name: str = "units/pack.toml") -> UnitTable:
    """The table of a units pack's TOML text; raises `PackInvalid`."""
    values = loads(text, name=name)
    root = TomlTable(values, name, None, "The pack")
    root.allow({"pack", "unit", "ratio"})
    heads = root.top_tables("pack", text)
    if len(heads) != 1:
        root.refuse("it needs one [pack] table with id, version and title.")
    units = _units(root.top_tables("unit", text))
    ratios = _ratios(root.top_tables("ratio", text), units)
    return _table(heads[0], digest_of(values), units, ratios)


def digest_of(values: Mapping[str, object]) -> str:
    """`sha256:…` over the canonical JSON of a parsed pack, with days as ISO text; comments have no part in it."""
    return digest(_plain(values))


def _plain(value: object) -> Json:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, str | int | bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a pack")


def _table(
    head: TomlTable, digested: str, units: Mapping[str, CreditUnit], ratios: Mapping[tuple[str, str], Ratio]
) -> UnitTable:
    head.allow({"id", "version", "title"})
    return UnitTable(head.text("id"), head.text("version"), head.language_map("title"), digested, units, ratios)


def _units(tables: list[TomlTable]) -> dict[str, CreditUnit]:
    units: dict[str, CreditUnit] = {}
    for table in tables:
        unit = _unit(table)
        if unit.id in units:
            table.refuse("this unit is defined twice.", "duplicate_id")
        units[unit.id] = unit
    return units


def _unit(table: TomlTable) -> CreditUnit:
    table.allow({"id", "name", "kind", "terms", "country"})
    kind: Kind = "credit" if table.choice("kind", get_args(Kind)) == "credit" else "non-credit"
    terms = _in_sequence(table, [_hours_terms(each) for each in table.tables("terms")])
    return CreditUnit(_unit_id(table), table.language_map("name"), kind, terms, _countries(table))


def _unit_id(table: TomlTable) -> str:
    try:
        return Unit(table.text("id")).id
    except UnitMalformed as error:
        table.refuse(error.message)


def _countries(table: TomlTable) -> dict[str, tuple[HoursTerms, ...]]:
    by_country: dict[str, list[HoursTerms]] = {}
    for each in table.tables("country"):
        code = each.text("code")
        if len(code) != 2 or not (code.isascii() and code.isalpha() and code.isupper()):
            each.refuse("code must be two capital letters (ISO 3166-1), such as DE.")
        by_country.setdefault(code, []).append(_hours_terms(each, frozenset({"code"})))
    return {code: _in_sequence(table, terms) for code, terms in by_country.items()}


def _hours_terms(table: TomlTable, more: Set[str] = frozenset()) -> HoursTerms:
    table.allow(PROVENANCE | {"hours"} | more)
    return HoursTerms(_hours(table), provenance(table))


def _hours(table: TomlTable) -> Amount:
    value = table.values.get("hours")
    if not isinstance(value, dict):
        return table.positive(value, "hours")
    if set(value) != {"low", "high"}:
        table.refuse("a range of hours is written { low = 25, high = 30 }.")
    low, high = (table.positive(value[end], f"hours.{end}") for end in ("low", "high"))
    if low >= high:
        table.refuse("the low end of a range of hours must be below the high end.")
    return Interval(low, high)


def provenance(table: TomlTable) -> Provenance:
    """The dates, source and standing of a term; raises `PackInvalid`."""
    word = table.choice("basis", get_args(Basis))
    basis: Basis = next(each for each in get_args(Basis) if each == word)
    days = table.day("from"), table.day("until")
    return Provenance(*days, table.text("source"), table.flag("confirmed"), basis)


def _ratios(tables: list[TomlTable], units: Mapping[str, CreditUnit]) -> dict[tuple[str, str], Ratio]:
    ratios: dict[tuple[str, str], Ratio] = {}
    for table in tables:
        ratio = _ratio(table, units)
        if ratio.units in ratios:
            table.refuse("these two units have a ratio already; give that one further terms.", "duplicate_id")
        ratios |= {ratio.units: ratio, (ratio.units[1], ratio.units[0]): ratio}
        _refuse_amplifying(table, ratios)
    return ratios


def _refuse_amplifying(table: TomlTable, ratios: Mapping[tuple[str, str], Ratio]) -> None:
    circle = amplifying_cycle([ratio for pair, ratio in ratios.items() if pair == ratio.units])
    if circle:
        way = " to ".join(circle)
        table.refuse(f"going from {way} would change the amount: these ratios disagree.", "amplifying_cycle")


def _ratio(table: TomlTable, units: Mapping[str, CreditUnit]) -> Ratio:
    table.allow({"between", "terms"})
    first, second = table.pair("between", '["uk-cats", "ects"]')
    for unit in (first, second):
        if not isinstance(unit, str) or unit not in units or units[unit].kind != "credit":
            table.refuse("between must name two credit units of this pack.", "unknown_unit")
    if first == second:
        table.refuse("a ratio is between two different units.")
    terms = _in_sequence(table, [_ratio_terms(each) for each in table.tables("terms")])
    if not terms:
        table.refuse("a ratio needs terms: amounts, source, basis, confirmed.")
    return Ratio((str(first), str(second)), terms)


def _ratio_terms(table: TomlTable) -> RatioTerms:
    table.allow(PROVENANCE | {"amounts"})
    first, second = table.pair("amounts", "[2, 1]: 2 of the first unit are 1 of the second")
    amounts = table.positive(first, "amounts"), table.positive(second, "amounts")
    return RatioTerms(amounts, provenance(table))


def _in_sequence(table: TomlTable, terms: list[_Term]) -> tuple[_Term, ...]:
    problem = sequence_problem([each.provenance for each in terms])
    if problem:
        table.refuse(problem, "terms_gap_or_overlap")
    return tuple(terms)
