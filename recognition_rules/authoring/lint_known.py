"""Checks of names that stand in tables outside the pack: frameworks, their levels, units, and schemes of grades.

The engine compares such names as they stand, so a misspelt one is no mistake to it: every award is then merely unknown.
A pack that means a name no table knows declares it, as [[framework]], [[unit]] or [[grade_scheme]].
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount
from recognition_rules.authoring.lint_draft import Check, Draft, Found, walk
from recognition_rules.errors import PackInvalid
from recognition_rules.levels import Framework
from recognition_rules.reading.own_words import read_frameworks
from recognition_rules.reading.pack_reader import Node, exact
from recognition_rules.reading.toml_lines import Path
from recognition_rules.units import UnitTable

_LEVEL_KEYS = ("value", "from", "to")
_LEVEL_COLUMNS = ("level_from", "level_until", "level_below")
_MISSPELT = 0.88
"""So alike are a unit of a pack's own and one of the table where it must be a slip: uk-cat, not cn-credit."""
_STEPS = {Fraction(1): "", Fraction(1, 2): " by halves"}


def _said(draft: Draft, value: object) -> Iterator[object]:
    """What stands there: the value itself, or every value that its parameter may have; each member of a list."""
    if isinstance(value, Mapping) and set(value) == {"parameter"}:
        for _, each in draft.tables("parameter"):
            if each.get("id") == value["parameter"]:
                others = each.get("others")
                yield from _members([each.get("value"), *(others if isinstance(others, list) else ())])
    else:
        yield from _members(value)


def _members(value: object) -> Iterator[object]:
    if isinstance(value, list):
        for each in value:
            yield from _members(each)
    else:
        yield value


def _texts(draft: Draft, value: object) -> Iterator[str]:
    return (each for each in _said(draft, value) if isinstance(each, str))


def _own(draft: Draft, key: str) -> dict[str, Mapping[str, object]]:
    return {str(each.get("id")): each for _, each in draft.tables(key)}


def meant(name: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """A sentence that names what was probably meant, the nearest first; empty where nothing is near."""
    bare = {each.replace("-", ""): each for each in sorted(known)}
    near = [bare[each] for each in get_close_matches(name.lower().replace("-", ""), list(bare), 3, likeness)]
    return f" Did you mean {' or '.join(repr(each) for each in near)}?" if near else ""


def _frameworks(draft: Draft) -> dict[str, Framework]:
    try:
        own = read_frameworks(Node(draft.raw, (), draft.document.source).children("framework"))
    except PackInvalid:  # the reader of packs says what is wrong with them
        own = {}
    return {**own, **(draft.levels.frameworks if draft.levels else {})}


def _framework_names(draft: Draft) -> Iterator[tuple[Path, str]]:
    """Where a framework is named: by a condition, a course, a table, a title rule, or the weights of a measure."""
    for path, table in walk(draft.raw):
        weight = len(path) == 4 and path[0] == "measure" and path[2] == "weights"
        key = "level" if weight else "framework"
        for name in _texts(draft, table.get(key)):
            yield (*path, key), name


def _unknown_frameworks(draft: Draft) -> Iterator[Found]:
    if draft.levels is None:
        return
    known = {*draft.levels.frameworks, *_own(draft, "framework")}
    for path, name in _framework_names(draft):
        if name not in known:
            yield path, f"No table of levels knows the framework '{name}'.{meant(name, known)}"


def _level_numbers(draft: Draft) -> Iterator[tuple[Path, str, Fraction]]:
    for path, table in walk(draft.raw):
        names = list(_texts(draft, table.get("framework")))
        for below, keys, each in ((), _LEVEL_KEYS, table), *(_rows(table) if names else ()):
            numbers = ((key, exact(value)) for key in keys for value in _said(draft, each.get(key)))
            told = [(key, number) for key, number in numbers if number is not None]
            yield from (((*path, *below, key), name, number) for name in names for key, number in told)


def _rows(table: Mapping[str, object]) -> Iterator[tuple[Path, tuple[str, ...], Mapping[str, object]]]:
    rows = table.get("rows")
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict):
            yield ("rows", number), _LEVEL_COLUMNS, row


def _unknown_levels(draft: Draft) -> Iterator[Found]:
    known = _frameworks(draft)
    for path, name, value in _level_numbers(draft):
        framework = known.get(name)
        if framework is not None and not framework.has(value) and not _ends_above(path, framework, value):
            yield path, f"'{name}' has no level {text_of_amount(value)}: {_bounds(framework)}"


def _ends_above(path: Path, framework: Framework, value: Fraction) -> bool:
    """The end of an open interval may stand one step above the highest level."""
    return path[-1] == "level_below" and value == framework.highest + framework.step


def _bounds(framework: Framework) -> str:
    lowest, highest = text_of_amount(framework.lowest), text_of_amount(framework.highest)
    return f"its levels are {lowest} to {highest}{_STEPS[framework.step]}."


def _unit_names(draft: Draft) -> Iterator[tuple[Path, str]]:
    """Where a unit is named that must be known: of the pack's own ratios, in conditions, tables and title rules."""
    for path, table in walk(draft.raw):
        if len(path) == 2 and path[0] == "ratio":
            yield from (((*path, "from"), name) for name in _texts(draft, table.get("from")))
        if path and path != ("pack",):
            yield from (((*path, "unit"), name) for name in _texts(draft, table.get("unit")))


def _declared_units(draft: Draft) -> set[str]:
    """Units that the pack itself brings in: declared, its own, and those in which hours of contact are told."""
    hours = {name for _, each in draft.tables("contact_hours") for name in _texts(draft, each.get("from"))}
    return {*_own(draft, "unit"), *hours, *_pack_unit(draft)}


def _pack_unit(draft: Draft) -> list[str]:
    head = draft.raw.get("pack")
    return list(_texts(draft, head.get("unit"))) if isinstance(head, Mapping) else []


def _unknown_units(draft: Draft) -> Iterator[Found]:
    if draft.units is None:
        return
    known = {*draft.units.units, *_declared_units(draft)}
    for path, name in _unit_names(draft):
        if name not in known:
            yield path, f"No table of units knows '{name}'.{meant(name, known)}"
    for name in set(_pack_unit(draft)) - set(draft.units.units) - set(_own(draft, "unit")):
        near = meant(name, draft.units.units, _MISSPELT)
        if near:
            yield ("pack", "unit"), f"No table of units knows '{name}', the unit of the pack.{near}"


def _own_unit(draft: Draft) -> Iterator[Found]:
    units = draft.units.units if draft.units else {}
    for name in _pack_unit(draft) if units else ():
        if name not in {*units, *_own(draft, "unit")} and not meant(name, units, _MISSPELT):
            told = f"No table of units knows '{name}', the unit of the pack"
            only = "other credits become such credits only by a [[ratio]] of the pack, or by its hours"
            yield ("pack", "unit"), f"{told}: {only}."


def _never_converts(draft: Draft) -> Iterator[Found]:
    units, target = draft.units, next(iter(_pack_unit(draft)), None)
    if units is None or target is None:
        return
    for path, rule in draft.tables("conversion"):
        for place, name in enumerate(_texts(draft, rule.get("from"))):
            own = name if "hours_per_credit" in rule else target  # the rule says the hours of the pack's own unit
            reason = _why_not(units, name, own)
            if reason:
                yield (*path, "from", place), f"'{name}' never becomes '{target}' here: {reason}"


def _why_not(units: UnitTable, source: str, target: str) -> str | None:
    """Why the units table can never convert one unit into another; None where it may on some day."""
    for name in (source, target):
        if name not in units.units:
            return f"no table of units knows '{name}'.{meant(name, units.units)}"
        if units.units[name].kind != "credit":
            return f"'{name}' is no unit of credit."
    by_hours = all(units.units[name].terms or units.units[name].countries for name in (source, target))
    if source == target or by_hours or (source, target) in units.ratios:
        return None
    return "the table has no ratio between them, and not the hours of both."


def _scheme_names(draft: Draft) -> Iterator[tuple[Path, str]]:
    for path, table in walk(draft.raw):
        weight = len(path) == 4 and path[0] == "measure" and path[2] == "weights"
        for key in ("grade",) if weight else ("scheme", "grade_scheme"):
            yield from (((*path, key), name) for name in _texts(draft, table.get(key)))


def _unknown_schemes(draft: Draft) -> Iterator[Found]:
    known: Collection[str] = _own(draft, "grade_scheme")
    for path, name in _scheme_names(draft):
        if name not in known:
            told = f"No [[grade_scheme]] of this pack says which grades '{name}' has."
            yield path, f"{told}{meant(name, known)}"


CHECKS = (
    Check("framework_unknown", "error", "frameworks that no table of levels knows",
          "Write the framework's id as the table has it, or declare a [[framework]] of your own.", _unknown_frameworks),
    Check("level_unknown", "error", "levels that the framework does not have", "Ask for one of its levels.",
          _unknown_levels),
    Check("unit_unknown", "error", "units that no table knows and the pack does not declare",
          "Write the unit's id as the table has it, or declare a [[unit]] of your own.", _unknown_units),
    Check("never_converts", "error", "conversions of units that can never be converted",
          "Leave the unit out, or give the pack a [[ratio]] for it.", _never_converts),
    Check("unit_own", "note", "a unit of the pack that no table knows",
          "Nothing, where it is meant; a [[unit]] with its title says so.", _own_unit),
    Check("scheme_unknown", "error", "schemes of grades that the pack does not declare",
          "Add a [[grade_scheme]]: its grades, the best first, and which of them fail.", _unknown_schemes),
)  # fmt: skip
CERTAIN = ("level_unknown", "never_converts")
"""What is wrong whatever the awards say: `rules check` refuses a pack for it."""
