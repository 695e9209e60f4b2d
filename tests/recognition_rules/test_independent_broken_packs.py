"""The Korean pack broken in many ways: each is refused with its line, and none is quietly taken for something else."""

import pytest

from recognition_rules.errors import PackInvalid
from recognition_rules.pack import parse
from recognition_rules.packs import builtin
from recognition_rules.units_pack import parse as parse_units

TEXT = builtin("kr-acbs")
TERMS = 'terms = [{ legal_basis = "x", source = "S4", confirmed = false }]'
CUT = "at_most = 42\n"
RANGE = 'legal_basis = "not checked", source = "S9", confirmed = false }]\n\n# --- The same'
SECOND = ', until = 2020-01-01 },\n { from = 2020-01-01, legal_basis = "x", source = "S9", confirmed = false }]\n'
WINDOW = 'until = { february = "01-15", august = "07-15" }'
TABLE = 'table = { key = "award", bachelor = 105, associate-2 = 60, associate-3 = 90 }'
R09 = 'source = "S8", confirmed = true }]'

# what stands in the pack, what is written instead, the code, a word of the sentence
BROKEN = {
    "a float": (CUT, "at_most = 42.0\n", "pack_invalid", "not exact"),
    "a power": (CUT, "at_most = 4e1\n", "pack_invalid", "not exact"),
    "not a number": (CUT, "at_most = nan\n", "pack_invalid", "not exact"),
    "negative": (CUT, "at_most = -42\n", "pack_invalid", "exact number"),
    "negative text": (CUT, 'at_most = "-42"\n', "pack_invalid", "exact number"),
    "true for a number": (CUT, "at_most = true\n", "pack_invalid", "exact number"),
    "a percentage for credits": (CUT, 'at_most = "42%"\n', "pack_invalid", "exact number"),
    "other digits": (CUT, 'at_most = "٤٢"\n', "pack_invalid", "exact number"),
    "too large for other readers": (CUT, "at_most = 9007199254740993\n", "pack_invalid", "too large"),
    "a key twice": (CUT, CUT + CUT, "pack_invalid", "not TOML"),
    "an unknown key": (CUT, CUT + "mood = 1\n", "unknown_key", "not known here"),
    "a set nobody made": ('on = "class-credit-year"', 'on = "class-credits"', "pack_invalid", "one of"),
    "limits within each other": ('on = "class-credit-year"', 'on = "class-credit-year"\nwithin = "R03-semester"',
                                 "pack_invalid", "never lead back"),
    "a share of more than all": ("at_least = 30", 'at_least = { share = "101%", of = "programme.total" }',
                                 "pack_invalid", "at most all"),
    "attendance of 80": ('"80%"', "80", "pack_invalid", "at most all"),
    "terms that overlap": (RANGE, RANGE.replace(" }]\n", SECOND), "pack_invalid", "gap or overlap"),
    "versions with a gap": ("until = 2015-09-27", "until = 2015-09-26", "pack_invalid", "gap or overlap"),
    "a time of day": ("from = 2015-09-28", "from = 2015-09-28T00:00:00", "pack_invalid", "time of day"),
    "a day in quotes": ("from = 2015-09-28", 'from = "2015-09-28"', "pack_invalid", "without quotes"),
    "a figure that nothing reads, in a gate": (R09, R09.replace("source", "value = 70, source"), "pack_invalid",
                                               "change nothing"),
    "or beside a table": (TABLE + "\nterms = [{", TABLE + "\nterms = [{ value = 1,", "pack_invalid", "change nothing"),
    "a selector that nothing carries out": (CUT, CUT + 'selector = "award"\n', "pack_invalid", "one of"),
    "a rule for a programme there is not": ('programmes = ["second-major",', 'programmes = ["second-mayor",',
                                            "pack_invalid", "no programme"),
    "a bound for a programme there is not": (TABLE, TABLE.replace("bachelor", "batchelor"), "pack_invalid",
                                             "no programme"),
    "a table without bounds": (TABLE, 'table = { key = "award" }', "pack_invalid", "at least one"),
    "a use that is switched off": ('purpose = "degree"', 'purpose = "degree"\nenabled = false', "unknown_key",
                                   "not known here"),
    "an empty condition": ("require = { issuer_accredited = true }", "require = { all = [] }", "pack_invalid",
                           "at least one"),
    "a duplicate as coarse as a substitute": ('key = "title-core"', 'key = "title-family"', "pack_invalid", "finer"),
    "substitutes that stay where they are": ('others_become = "major-elective"', 'others_become = "major-required"',
                                             "pack_invalid", "another class"),
    "a label for all years": ('label = "{Y}-1"', 'label = "spring"', "pack_invalid", "{Y}"),
    "one label for two periods": ('label = "{Y}-2"', 'label = "{Y}-1"', "duplicate_id", "same label"),
    "two periods from one day": ("month = 9, day = 1", "month = 3, day = 1", "pack_invalid", "same day"),
    "a period from 29 February": ("month = 9, day = 1", "month = 2, day = 29", "pack_invalid", "every year"),
    "a window without days": (WINDOW, "until = {}", "pack_invalid", "at least one month"),
    "a code of the gazette twice": ('code = "sql-developer"', 'code = "network-administrator-2"', "duplicate_id",
                                    "twice"),
    "a parameter nobody declared": ('blocks = { parameter = "r08-blocks" }', 'blocks = { parameter = "r8" }',
                                    "unknown_parameter", "no parameter"),
    "an objective that is not carried out": ('"shortfall", "counted", "canonical"]', '"prettiest", "canonical"]',
                                             "policy_not_carried_out", "objectives"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_pack_is_refused_where_it_is_broken(name: str) -> None:
    right, wrong, code, word = BROKEN[name]
    assert right in TEXT
    with pytest.raises(PackInvalid) as refusal:
        parse(TEXT.replace(right, wrong, 1), name="broken.toml")
    found = refusal.value
    assert (found.problem_code, found.file) == (code, "broken.toml")
    assert word in found.problem
    at = TEXT[: TEXT.index(right)].count("\n") + 1
    assert found.line is not None
    assert abs(found.line - at) <= 12


DUPLICATES = {
    "set": '[[set]]\nid = "major"\nwhere = { class = ["liberal"] }',
    "calendar": '[[calendar]]\nid = "acbs-year"\nstarts = [{ label = "{Y}", month = 1, day = 1 }]',
    "register": '[[register]]\nid = "gazette"\nkey = "certificate"\ntitle = { en = "x" }',
    "parameter": '[[parameter]]\nid = "r08-blocks"\nvalue = "eligible"\nothers = ["counted"]\ntitle = { en = "x" }',
    "reference": '[[reference]]\nid = "S4"\ntitle = "x"\nstanding = "weak"',
    "limit": f'[[limit]]\nid = "R05"\ntitle = {{ en = "x" }}\nat_most = 1\n{TERMS}',
    "limit with the name of a gate": f'[[limit]]\nid = "R09"\ntitle = {{ en = "x" }}\nat_most = 1\n{TERMS}',
    "limit with the name of the revocation": f'[[limit]]\nid = "R11b"\ntitle = {{ en = "x" }}\nat_most = 1\n{TERMS}',
    "milestone": f'[[milestone]]\nid = "R11-engineer"\ntitle = {{ en = "x" }}\nat_least = 1\n{TERMS}',
}


@pytest.mark.parametrize("name", DUPLICATES)
def test_nothing_is_there_twice(name: str) -> None:
    with pytest.raises(PackInvalid) as refusal:
        parse(f"{TEXT}\n{DUPLICATES[name]}\n")
    assert refusal.value.problem_code == "duplicate_id"
    assert refusal.value.line is not None
    assert refusal.value.line > TEXT.count("\n")


DEEP = {
    "arrays": "[x]\na = " + "[" * 10_000 + "]" * 10_000,
    "tables": "[x]\na = " + "{a=" * 10_000 + "1" + "}" * 10_000,
    "a header": "[" + ".".join("a" * 10_000) + "]\nb = 1",
    "a key": "[x]\n" + ".".join("a" * 10_000) + " = 1",
    "a modest key": "[x]\n" + ".".join("a" * 300) + " = 1",
    "arrays that the parser bears": "[x]\na = " + "[" * 150 + "]" * 150,
}


@pytest.mark.parametrize("name", DEEP)
def test_what_nests_too_deep_is_refused_and_breaks_nothing(name: str) -> None:
    with pytest.raises(PackInvalid):
        parse(f"{TEXT}\n{DEEP[name]}\n")


def test_ratios_in_a_circle_that_mints_credits_are_refused() -> None:
    units = builtin("units")
    circle = units.replace('between = ["us-semester", "kr-credit"]\n[[ratio.terms]]\namounts = [1, 1]',
                           'between = ["us-semester", "kr-credit"]\n[[ratio.terms]]\namounts = [1, 2]')  # fmt: skip
    assert circle != units
    with pytest.raises(PackInvalid) as refusal:
        parse_units(circle)
    assert refusal.value.problem_code == "amplifying_cycle"
