"""Frameworks, levels, units and grades that nobody defines are found wherever a pack may name them."""

from collections.abc import Callable
from typing import Any

import pytest

from recognition_rules.authoring.lint import certain, lint
from recognition_rules.authoring.lint_draft import Finding
from recognition_rules.authoring.lint_other import lint_other
from recognition_rules.errors import PackInvalid
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.packs import builtin, builtin_ids, kind_of
from recognition_rules.reading.pack_text import read_text
from recognition_rules.units_pack import parse as parse_units

Make = Callable[..., Any]
UNITS, LEVELS = parse_units(builtin("units")), parse_levels(builtin("levels"))
KNOWN = {"framework_unknown", "level_unknown", "unit_unknown", "never_converts", "unit_own", "scheme_unknown"}


@pytest.fixture
def told(make_pack: Make) -> Callable[[str], list[tuple[str, str]]]:
    """What the checks of names say of a small pack with these rules: each check with its sentence."""

    def find(rules: str) -> list[tuple[str, str]]:
        pack = make_pack(rules)
        found = lint(read_text(pack.text, name="pack.toml"), units=UNITS, levels=LEVELS)
        assert all(each.line for each in found if each.check in KNOWN)
        return [(each.check, each.problem) for each in found if each.check in KNOWN]

    return find


def rule(kind: str, body: str) -> str:
    return f'[[{kind}]]\nid = "r"\ntitle = {{ en = "R" }}\n{body}\nTERMS\n'


def gate(require: str) -> str:
    return rule("eligibility", f"require = {require}")


LEVEL_TABLE = (
    'between = ["level"]\nframework = "FRAME"\ngives = ["class"]\nrows = [{ level_from = LOW, class = "major" }]'
)
OWN = '[[framework]]\nid = "pqf"\ntitle = { en = "Philippines" }\nlowest = 1\nhighest = 8\n'
# where it stands, and the check that speaks of it (None: all is known)
PLACES: dict[str, tuple[str, str | None]] = {
    "a level of the table": (gate('{ level_at_least = { framework = "eqf", value = 8 } }'), None),
    "one above its highest": (gate('{ level_at_least = { framework = "eqf", value = 9 } }'), "level_unknown"),
    "one below its lowest": (gate('{ level_is = { framework = "eqf", value = 0 } }'), "level_unknown"),
    "half a level where there is none": (gate('{ level_at_most = { framework = "eqf", value = "5.5" } }'),
                                         "level_unknown"),
    "half a level where there is": (gate('{ level_at_most = { framework = "ncrf", value = "5.5" } }'), None),
    "nowhere": (gate('{ level_at_least = { framework = "nowhere", value = 6 } }'), "framework_unknown"),
    "deep inside": (gate('{ any = [{ not = { level_is = { framework = "nowhere", value = 6 } } }] }'),
                    "framework_unknown"),
    "a framework of one's own": (OWN + gate('{ level_at_least = { framework = "pqf", value = 8 } }'), None),
    "and a level it has not": (OWN + gate('{ level_at_least = { framework = "pqf", value = 9 } }'), "level_unknown"),
    "a course": ('[[course]]\nid = "c"\ntitle = { en = "C" }\ncredits = 3\nlevel = { framework = "eqf", value = 12 }\n',
                 "level_unknown"),
    "a table": (rule("table", LEVEL_TABLE.replace("FRAME", "egf").replace("LOW", "4")), "framework_unknown"),
    "a row of a table": (rule("table", LEVEL_TABLE.replace("FRAME", "eqf").replace("LOW", "11")), "level_unknown"),
    "a sound row": (rule("table", LEVEL_TABLE.replace("FRAME", "eqf").replace("LOW", "4")), None),
    "a measure": (rule("measure", 'weights = [{ level = "in-ncrf" }]'), "framework_unknown"),
    "a sound measure": (rule("measure", 'weights = [{ level = "ncrf" }]'), None),
    "grades in a measure": (rule("measure", 'weights = [{ grade = "us-letter", values = { A = 4 } }]'),
                            "scheme_unknown"),
    "a limit on a unit": (rule("limit", 'where = { unit = ["etcs"] }\nat_most = 5'), "unit_unknown"),
    "a limit on a known unit": (rule("limit", 'where = { unit = ["ects"] }\nat_most = 5'), None),
    "a ratio": (rule("ratio", 'from = "jp-credit"\nfactor = 1'), "unit_unknown"),
    "a ratio of one's own": ('[[unit]]\nid = "jp-credit"\ntitle = { en = "Japan" }\n'
                             + rule("ratio", 'from = "jp-credit"\nfactor = 1'), None),
    "a conversion": (rule("conversion", 'from = ["ects", "jp-credit"]\nmethod = "units-table"'), "never_converts"),
    "a conversion of what is no credit": (rule("conversion", 'from = ["us-ceu"]\nmethod = "units-table"'),
                                          "never_converts"),
    "a sound conversion": (rule("conversion", 'from = ["ects", "uk-cats"]\nmethod = "units-table"'), None),
    "hours of contact bring their unit": (rule("contact_hours", 'from = "contact-hour"\nself_study = { lecture = 2 }\n'
                                               "hours_per_credit = 10"), None),
    "grades nobody defined": (gate('{ grade_among = { scheme = "kr-letter", values = ["A"] } }'), "scheme_unknown"),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_a_name_is_looked_up_wherever_it_stands(told: Callable[[str], list[tuple[str, str]]], place: str) -> None:
    rules, check = PLACES[place]
    assert [name for name, _ in told(rules)] == ([] if check is None else [check])


def test_a_value_that_only_a_parameter_may_have_is_looked_up_too(told: Callable[[str], list[tuple[str, str]]]) -> None:
    parameter = '[[parameter]]\nid = "frame"\nvalue = "eqf"\nothers = ["eqff"]\ntitle = { en = "F" }\n'
    found = told(parameter + gate('{ level_at_least = { framework = { parameter = "frame" }, value = 6 } }'))
    assert found == [("framework_unknown", "No table of levels knows the framework 'eqff'. Did you mean 'eqf'?")]


def test_a_units_name_of_a_slip_is_an_error_and_one_of_its_own_a_note(make_pack: Make) -> None:
    text = make_pack().text
    for unit, check, severity in (("kr-credits", "unit_unknown", "error"), ("florin", "unit_own", "note")):
        document = read_text(text.replace('unit = "kr-credit"', f'unit = "{unit}"'), name="pack.toml")
        found = [each for each in lint(document, units=UNITS, levels=LEVELS) if each.check in KNOWN]
        assert [(each.check, each.severity) for each in found] == [(check, severity)]


def test_what_is_wrong_whatever_the_awards_say_is_told_by_check_too(make_pack: Make) -> None:
    sound, beyond = (f'{{ level_at_least = {{ framework = "eqf", value = {value} }} }}' for value in (8, 9))
    unsure = gate('{ level_at_least = { framework = "nowhere", value = 6 } }')
    found = {rules: checks(certain(read_text(make_pack(rules).text, name="p"), UNITS, LEVELS))
             for rules in (gate(sound), gate(beyond), unsure)}  # fmt: skip
    assert found == {gate(sound): [], gate(beyond): ["level_unknown"], unsure: []}


def checks(found: tuple[Finding, ...]) -> list[str]:
    return [each.check for each in found]


BROKEN_WORDS = [
    ("lowest = 1\nhighest = 21", "at most 20"), ("lowest = 5\nhighest = 4", "lowest to highest"),
    ('lowest = 1\nhighest = 8\nstep = "1/3"', "step of 1"), ("lowest = 1\nhighest = 8\nmood = 1", "mood"),
]  # fmt: skip


@pytest.mark.parametrize(("rest", "word"), BROKEN_WORDS)
def test_a_framework_of_ones_own_is_read_strictly(make_pack: Make, rest: str, word: str) -> None:
    with pytest.raises(PackInvalid, match=word):
        make_pack(f'[[framework]]\nid = "pqf"\ntitle = {{ en = "P" }}\n{rest}\n')


def test_words_of_ones_own_are_declared_once_and_change_no_result(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    unit = '[[unit]]\nid = "jp-credit"\ntitle = { en = "Japan" }\n'
    for twice in (unit + unit, OWN + OWN):
        with pytest.raises(PackInvalid, match="twice"):
            make_pack(twice)
    plain, with_words = (decide([make_award("a")], make_pack(words)) for words in ("", unit + OWN))
    assert plain.decisions == with_words.decisions


@pytest.mark.parametrize("pack", builtin_ids())
def test_no_shipped_pack_has_an_error(pack: str) -> None:
    text, name = builtin(pack), f"{pack}/pack.toml"
    if kind_of(pack) == "rules":
        found = lint(read_text(text, name=name), units=UNITS, levels=LEVELS)
    else:
        found = lint_other(kind_of(pack), text, name=name, units=UNITS, levels=LEVELS)
    assert [each for each in found if each.severity == "error"] == []


BROKEN_TABLES = [
    ("hk-titles", 'framework = "hkqf", from = 4', 'framework = "hk-qf", from = 4', "framework_unknown"),
    ("hk-titles", "from = 4, to = 6", "from = 4, to = 8", "level_unknown"),
    ("hk-titles", 'unit = "hk-qf"', 'unit = "hk-fq"', "unit_unknown"),
    ("nz-microcredential", 'source = "S49"', 'source = "S94"', "source_unlisted"),
    ("levels", 'rows = { "4" = ["5"]', 'rows = { "4" = ["9"]', "refused"),
    ("ects-grades", "[pack]", "[pack]\nmood = 1", "refused"),
    ("units", "hours = 40", "hours = 0", "refused"),
]  # fmt: skip


@pytest.mark.parametrize(("pack", "right", "wrong", "check"), BROKEN_TABLES)
def test_tables_and_rules_of_issuance_are_looked_at_too(pack: str, right: str, wrong: str, check: str) -> None:
    text = builtin(pack)
    assert right in text
    found = lint_other(kind_of(pack), text.replace(right, wrong, 1), name="p", units=UNITS, levels=LEVELS)
    assert check in [each.check for each in found if each.severity == "error"]
