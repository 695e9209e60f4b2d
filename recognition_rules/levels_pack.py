"""Reading a levels pack: TOML to `LevelTable`, with complaints that name the file, the line and what to write."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from recognition_rules.credits import is_id, parse_amount
from recognition_rules.errors import AmountMalformed
from recognition_rules.levels import HIGHEST, Framework, LevelMap, LevelTable
from recognition_rules.reading.strict_toml import loads
from recognition_rules.reading.toml_table import TomlTable
from recognition_rules.units_lint import sequence_problem
from recognition_rules.units_pack import PROVENANCE, digest_of, provenance


def parse(text: str, *, name: str = "levels/pack.toml") -> LevelTable:
    """The table of a levels pack's TOML text; raises `PackInvalid`."""
    values = loads(text, name=name)
    root = TomlTable(values, name, None, "The pack")
    root.allow({"pack", "framework", "map"})
    heads = root.top_tables("pack", text)
    if len(heads) != 1:
        root.refuse("it needs one [pack] table with id, version and title.")
    head = heads[0]
    head.allow({"id", "version", "title"})
    frameworks = _frameworks(root.top_tables("framework", text))
    maps = _maps(root.top_tables("map", text), frameworks)
    identity = head.text("id"), head.text("version"), head.language_map("title")
    return LevelTable(*identity, digest_of(values), frameworks, maps)


def _frameworks(tables: list[TomlTable]) -> dict[str, Framework]:
    frameworks: dict[str, Framework] = {}
    for table in tables:
        framework = _framework(table)
        if framework.id in frameworks:
            table.refuse("this framework is defined twice.", "duplicate_id")
        frameworks[framework.id] = framework
    return frameworks


def _framework(table: TomlTable) -> Framework:
    table.allow({"id", "name", "lowest", "highest", "step"})
    if not is_id(table.text("id")):
        table.refuse("id must be lower-case letters, digits and single hyphens.")
    lowest, highest, step = (table.positive(table.values.get(key), key) for key in ("lowest", "highest", "step"))
    if step not in (1, Fraction(1, 2)) or lowest.denominator > 2 or not lowest <= highest <= HIGHEST:
        table.refuse(f'levels run from lowest to highest, at most {HIGHEST}, by a step of 1 or "1/2".')
    return Framework(table.text("id"), table.language_map("name"), lowest, highest, step)


def _maps(tables: list[TomlTable], frameworks: Mapping[str, Framework]) -> dict[tuple[str, str], LevelMap]:
    maps: dict[tuple[str, str], LevelMap] = {}
    for table in tables:
        found = _map(table, frameworks)
        if (found.source, found.target) in maps:
            table.refuse("there is a map in this direction already.", "duplicate_id")
        maps[found.source, found.target] = found
    return maps


def _map(table: TomlTable, frameworks: Mapping[str, Framework]) -> LevelMap:
    table.allow(PROVENANCE | {"levels_of", "are_levels_of", "rows"})
    source, target = (_known(table, key, frameworks) for key in ("levels_of", "are_levels_of"))
    if source is target:
        table.refuse("a map is between two different frameworks.")
    terms = provenance(table)
    problem = sequence_problem([terms])
    if problem:
        table.refuse(problem, "terms_gap_or_overlap")
    return LevelMap(source.id, target.id, _rows(table, source, target), terms)


def _known(table: TomlTable, key: str, frameworks: Mapping[str, Framework]) -> Framework:
    name = table.text(key)
    if name not in frameworks:
        table.refuse(f"{key} must be a framework of this pack.", "unknown_framework")
    return frameworks[name]


def _rows(table: TomlTable, source: Framework, target: Framework) -> dict[Fraction, frozenset[Fraction]]:
    raw = table.values.get("rows")
    if not isinstance(raw, dict) or not raw:
        table.refuse('rows must give for each level a list of levels, such as { "9" = ["6"] }.')
    rows: dict[Fraction, frozenset[Fraction]] = {}
    for key, values in raw.items():
        if not isinstance(values, list) or not values:
            table.refuse(f'the row "{key}" must be a list of levels in quotes.')
        rows[_level(table, key, source)] = frozenset(_level(table, value, target) for value in values)
    _refuse_falling(table, rows)
    return rows


def _level(table: TomlTable, text: object, framework: Framework) -> Fraction:
    try:
        value = parse_amount(text) if isinstance(text, str) else None
    except AmountMalformed:
        value = None
    if value is None or not framework.has(value):
        table.refuse(f'a level of {framework.id} is written in quotes, such as "{framework.lowest}".', "unknown_level")
    return value


def _refuse_falling(table: TomlTable, rows: Mapping[Fraction, frozenset[Fraction]]) -> None:
    """A higher level may never map lower: both ends of the sets must rise or stay."""
    ordered = [rows[key] for key in sorted(rows)]
    for lower, higher in pairwise(ordered):
        if min(higher) < min(lower) or max(higher) < max(lower):
            table.refuse("a higher level maps to a lower one than the level below it does.", "falling_map")
