"""The seed table of level correspondences (R58): every row both ways, every edge on both sides, and no inverse."""

from fractions import Fraction
from itertools import product

import pytest

from recognition_rules.levels import Level, LevelTable
from recognition_rules.levels_pack import parse
from recognition_rules.packs import builtin
from recognition_rules.truth import Truth

TABLE = parse(builtin("levels"))
SEED = {
    "5": {"rqf": "4 5", "scqf": "7 8", "mqf": "4 5", "hkqf": "4", "nzqcf": "5 6", "aqf": "5 6", "ncrf": "4.5 5"},
    "6": {"rqf": "6", "scqf": "9 10", "mqf": "6", "hkqf": "5", "nzqcf": "7", "aqf": "7 8", "ncrf": "5.5 6"},
    "7": {"rqf": "7", "scqf": "11", "mqf": "7", "hkqf": "6", "nzqcf": "8 9", "aqf": "8 9", "ncrf": "6.5 7"},
    "8": {"rqf": "8", "scqf": "12", "mqf": "8", "hkqf": "7", "nzqcf": "10", "aqf": "10", "ncrf": "8"},
}
"""Each level of the European framework, and what the seed table says it is elsewhere."""
for _eqf, _row in SEED.items():
    _row["isced"] = _eqf
ROWS = [(eqf, framework, codes.split()) for eqf, row in SEED.items() for framework, codes in row.items()]
STRADDLING = {("aqf", "8")}
"""Levels that stand in two rows of the seed table."""


def codes(table: LevelTable, framework: str, code: str, target: str) -> list[str]:
    return [str(each).split()[1] for each in table.mapped(Level.parse(framework, code), target)]


@pytest.mark.parametrize(("eqf", "framework", "wanted"), ROWS, ids=[f"eqf-{eqf}-{name}" for eqf, name, _ in ROWS])
def test_a_row_of_the_seed_table_holds_both_ways(eqf: str, framework: str, wanted: list[str]) -> None:
    assert codes(TABLE, "eqf", eqf, framework) == wanted
    for code in wanted:
        back = codes(TABLE, framework, code, "eqf")
        assert back == ([eqf] if (framework, code) not in STRADDLING else ["6", "7"])


def test_nothing_else_is_declared_and_nothing_is_confirmed() -> None:
    frameworks = set(SEED["5"])
    assert set(TABLE.maps) == {(name, "eqf") for name in frameworks} | {("eqf", name) for name in frameworks}
    assert not any(found.provenance.confirmed for found in TABLE.maps.values())
    declared = {(eqf, name, code) for eqf, name, wanted in ROWS for code in wanted}
    for name in frameworks:
        rows = TABLE.maps[name, "eqf"].rows
        stated = {(str(target), name, code) for code in map(_text, rows) for target in rows[Fraction(code)]}
        assert stated == {(eqf, found, code) for eqf, found, code in declared if found == name}


def _text(value: Fraction) -> str:
    return str(Level("x", value)).split()[1]


@pytest.mark.parametrize(("eqf", "framework", "wanted"), ROWS, ids=[f"eqf-{eqf}-{name}" for eqf, name, _ in ROWS])
def test_a_minimum_is_met_from_the_lowest_possible_level_on_and_failed_above_the_highest(
    eqf: str, framework: str, wanted: list[str]
) -> None:
    held = Level.parse("eqf", eqf)
    lowest, highest = (Level.parse(framework, wanted[end]) for end in (0, -1))
    step = TABLE.frameworks[framework].step
    assert TABLE.meets(held, lowest).truth is Truth.YES
    if lowest < highest:
        assert TABLE.meets(held, highest).truth is Truth.UNKNOWN, "it may be the lower of the two"
    if highest.value + step <= TABLE.frameworks[framework].highest:
        above = TABLE.meets(held, Level(framework, highest.value + step))
        assert (above.truth, above.reason) == (Truth.NO, "LEVEL_BELOW")


@pytest.mark.parametrize(
    ("held", "asked", "truth"),
    [
        ("ncrf 4.5", "eqf 5", Truth.YES),
        ("ncrf 4.5", "eqf 6", Truth.NO),
        ("ncrf 5", "eqf 6", Truth.NO),
        ("ncrf 5.5", "eqf 6", Truth.YES),
        ("ncrf 5.5", "eqf 7", Truth.NO),
        ("ncrf 6", "eqf 7", Truth.NO),
        ("ncrf 6.5", "eqf 7", Truth.YES),
        ("ncrf 4", "eqf 5", Truth.UNKNOWN),
        ("ncrf 7.5", "eqf 7", Truth.UNKNOWN),
        ("aqf 7", "eqf 7", Truth.NO),
        ("aqf 8", "eqf 7", Truth.UNKNOWN),
        ("aqf 9", "eqf 7", Truth.YES),
        ("eqf 6", "aqf 7", Truth.YES),
        ("eqf 6", "aqf 8", Truth.UNKNOWN),
        ("eqf 6", "aqf 9", Truth.NO),
    ],
)
def test_half_levels_and_straddling_ones(held: str, asked: str, truth: Truth) -> None:
    answer = TABLE.meets(Level.parse(*held.split()), Level.parse(*asked.split()))
    assert answer.truth is truth
    assert answer.provenance is None or not answer.provenance.confirmed


def test_no_two_maps_are_chained() -> None:
    """HKQF 5 is EQF 6 and EQF 6 may be SCQF 9; nobody has said what HKQF 5 is in Scotland."""
    others = [name for name in TABLE.frameworks if name != "eqf"]
    for one, other in product(others, others):
        if one != other:
            assert codes(TABLE, one, "5", other) == []


def test_taking_a_map_out_takes_out_one_direction_only() -> None:
    head, *maps = builtin("levels").split("[[map]]")
    left = [each for each in maps if not each.startswith('\nlevels_of = "scqf"')]
    table = parse("[[map]]".join([head, *left]))
    assert codes(table, "scqf", "9", "eqf") == []
    assert codes(table, "eqf", "6", "scqf") == ["9", "10"]
    assert table.digest != TABLE.digest
