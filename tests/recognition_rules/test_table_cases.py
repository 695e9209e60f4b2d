"""Cases of the tables of units and levels: the shipped ones hold, and one that does not says what differs."""

import pytest

from recognition_rules.errors import PackInvalid
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.packs import builtin
from recognition_rules.table_cases import run_level_cases, run_unit_cases
from recognition_rules.units_pack import parse as parse_units

UNITS, LEVELS = parse_units(builtin("units")), parse_levels(builtin("levels"))


def test_the_shipped_cases_hold() -> None:
    for found in (run_unit_cases(UNITS, builtin("units", "cases.toml")), run_level_cases(LEVELS, builtin("levels", "cases.toml"))):  # fmt: skip  # noqa: E501
        assert len(found) > 20
        assert [each.id for each in found if not each.passed] == []


UNIT = '[[case]]\nid = "t"\ntitle = "t"\namount = "20"\nfrom = "uk-cats"\nto = "ects"\n'
UNIT_CASES = [
    ('method = "ratio"\nis = "9"', "amount: expected 9, found 10"),
    ('method = "hours"\nis = "10"', "method: expected hours, found ratio"),
    ('method = "ratio"\nis = "10"\narithmetic = "x"', "arithmetic: expected x, found 20 × 1/2 = 10"),
    ('refused = "unit_not_convertible"', "refused: expected unit_not_convertible, found none"),
]
LEVEL = '[[case]]\nid = "t"\ntitle = "t"\nlevel = { framework = "eqf", value = 6 }\n'
LEVEL_CASES = [
    ('into = "scqf"\nis = ["9"]', "eqf 6 in scqf: expected ['9'], found ['9', '10']"),
    ('at_least = { framework = "scqf", value = 10 }\nanswer = "yes"', "answer: expected yes, found unknown"),
    ('at_least = { framework = "scqf", value = 11 }\nanswer = "no"\nreason = "LEVEL_STRADDLES"',
     "reason: expected LEVEL_STRADDLES, found LEVEL_BELOW"),
]  # fmt: skip


@pytest.mark.parametrize(("rest", "told"), UNIT_CASES)
def test_a_conversion_that_differs_is_told(rest: str, told: str) -> None:
    assert told in run_unit_cases(UNITS, UNIT + rest)[0].differences


@pytest.mark.parametrize(("rest", "told"), LEVEL_CASES)
def test_a_level_that_is_read_otherwise_is_told(rest: str, told: str) -> None:
    assert told in run_level_cases(LEVELS, LEVEL + rest)[0].differences


@pytest.mark.parametrize("text", ["", UNIT + 'method = "ratio"\nis = "10"\nmood = 1', UNIT + 'method = "ratio"'])
def test_cases_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(PackInvalid):
        run_unit_cases(UNITS, text)
