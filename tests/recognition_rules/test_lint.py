"""Lint: each check finds what it is for, at its line, and is silent about the sound pack beside it."""

import re
from datetime import date
from pathlib import Path

import pytest

from recognition_rules.authoring.forms import read_files
from recognition_rules.authoring.lint import CHECKS, has_errors, lint, lint_units
from recognition_rules.authoring.lint_draft import Finding
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.packs import builtin
from recognition_rules.reading.strict_toml import loads
from recognition_rules.units_pack import parse as parse_units

WHOLE = (Path(__file__).parent / "broken_packs" / "whole.toml").read_text("utf-8")
DOCUMENT = Path(__file__).parents[2] / "docs" / "rules" / "authoring.md"
TERMS = 'terms = [{ source = "S1", legal_basis = "x", confirmed = true }]'
ON = date(2026, 10, 1)
UNITS, LEVELS = parse_units(builtin("units")), parse_levels(builtin("levels"))


def found_in(text: str, **options: object) -> dict[str, Finding]:
    document = read_files({"pack.toml": text.encode()})
    findings = lint(document, on=ON, units=UNITS, levels=LEVELS, **options)  # type: ignore[arg-type]
    return {finding.check: finding for finding in reversed(findings)}


def limit(rest: str) -> str:
    return f'\n[[limit]]\nid = "extra"\ntitle = {{ en = "E", de = "E" }}\n{rest}\n{TERMS}\n'


def ratio(factor: str) -> str:
    return f'\n[[ratio]]\nid = "r"\ntitle = {{ en = "R", de = "R" }}\nfrom = "uk-cats"\nfactor = "{factor}"\n{TERMS}\n'


CONVERSION = f"""
[[conversion]]
id = "c"
title = {{ en = "C", de = "C" }}
from = ["UNIT"]
method = "units-table"
{TERMS}
"""
CASES = """
[[case]]
on = 2026-08-31
awards = [{ ended = 2026-08-31 }]
[[case]]
on = 2026-09-01
awards = [{ ended = 2026-09-01 }]
"""

# the check, what stands there, what is written instead (None: appended), a word of the sentence
FINDS = [
    ("refused", "at_most = 20\nper", "at_most = 20\nmood = 1\nper", "mood"),
    ("terms_gap", "from = 2026-09-01", "from = 2026-09-03", "from 2026-09-01 until 2026-09-02"),
    ("terms_overlap", "from = 2026-09-01", "from = 2026-08-01", "same day"),
    ("terms_backwards", "from = 2026-09-01", "from = 2026-09-01, until = 2026-01-01", "before they begin"),
    ("term_expired", "from = 2026-09-01", "from = 2026-09-01, until = 2026-09-30", "ended on 2026-09-30"),
    ("term_unconfirmed", 'section 11", confirmed = true', 'section 11", confirmed = false', "'half'"),
    ("source_missing", 'source = "S1", legal_basis = "section 11"', 'legal_basis = "section 11"', "'half'"),
    ("source_unlisted", 'source = "S1", legal_basis = "section 11"', 'source = "S7", legal_basis = "section 11"', "S7"),
    ("reference_unused", "[choose]", '[[reference]]\nid = "S2"\ntitle = "x"\nstanding = "weak"\n[choose]', "S2"),
    ("minimum_above_cap", None, limit('where = { class = ["core"] }\nat_most = 11'), "needs 12"),
    ("minimum_above_cap", None, limit("at_most = 29"), "'total'"),
    ("slots_above_total", None, limit("at_most = 11"), "together"),
    ("filter_contradicts", None, limit('where = { all = [{ class = ["core"] }, { class = ["free"] }] }\nat_most = 9'),
     "contradicts"),
    ("class_never_produced", '"mathematics", class = "core"', '"mathematics", class = "free"', "core"),
    ("keys_not_finer", 'key = "title-core"', 'key = "title-family"', "no finer"),
    ("share_of_counted_in_order", None, limit('at_most = { share = "25%", of = "counted" }'), "in order"),
    ("limit_never_binds", None, limit('at_most = 21\nper = { calendar = "year", date = "ended_on" }'), "'yearly'"),
    ("milestone_unreachable", None, limit("at_most = 14"), "opens at 15"),
    ("rule_switched_off", None, limit("at_most = 9\nenabled = false"), "switched off"),
    ("rows_overlap", 'area = "music", score_from', 'area = "mathematics", score_from', "fit the same award"),
    ("first_match_without_overlap", 'gives = ["class"]', 'gives = ["class"]\nfirst_match = true', "No two rows"),
    ("row_never_reached", 'gives = ["class"]\nrows = [', 'gives = ["class"]\nfirst_match = true\nrows = [\n'
     '  { source = "course", class = "free" },', "never reached"),
    ("amplifying_cycle", None, ratio("3/4"), "from nothing"),
    ("ratio_loses", None, ratio("1/4"), "another ratio"),
    ("ratio_against_hours", None, ratio("1/2"), "By hours"),
    ("framework_unknown", "score_at_least = 60", 'level_at_least = { framework = "egf", value = 6 }', "mean 'eqf'"),
    ("level_unknown", "score_at_least = 60", 'level_at_least = { framework = "eqf", value = 12 }', "are 1 to 8."),
    ("unit_unknown", None, limit('where = { unit = ["florin"] }\nat_most = 9'), "'florin'"),
    ("never_converts", None, CONVERSION.replace("UNIT", "uk-cat"), "Did you mean 'uk-cats'"),
    ("unit_own", 'unit = "ects"', 'unit = "florin"', "only by a [[ratio]]"),
    ("scheme_unknown", "score_at_least = 60", 'grade_among = { scheme = "de-1-6", values = ["1"] }', "'de-1-6'"),
    ("set_unused", "[[parameter]]", '[[set]]\nid = "idle"\nwhere = { class = ["free"] }\n[[parameter]]', "idle"),
    ("calendar_unused", 'calendar = "year"', 'calendar = "other"', "'year'"),
    ("register_unused", None, '\n[[register]]\nid = "list"\nkey = "code"\ntitle = { en = "L", de = "L" }\n'
     '[[register.edition]]\ncomplete = true\nsource = "S1"\nconfirmed = true\nrows = [{ code = "a" }]\n', "'list'"),
    ("parameter_unused", '{ parameter = "twin" }', '"counted"', "'twin'"),
    ("class_unused", "[classes]", '[classes]\nidle = { en = "i", de = "i" }', "idle"),
    ("source_word_unused", "[sources]", '[sources]\nidle = { en = "i", de = "i" }', "idle"),
    ("language_missing", 'title = { en = "Half way", de = "Halbzeit" }', 'title = { en = "Half way" }', "de"),
    ("label_repeated", 'id = "yearly"', 'id = "yearly"\ncode = "CAP_PROVIDER"', "CAP_PROVIDER"),
    ("not_monotone", "", "", "in order"),
]  # fmt: skip
ALWAYS = {"not_monotone"}


@pytest.mark.parametrize(("check", "right", "wrong", "word"), FINDS, ids=lambda each: str(each)[:28])
def test_a_check_finds_what_it_is_for(check: str, right: str | None, wrong: str, word: str) -> None:
    assert right is None or right in WHOLE
    text = WHOLE + wrong if right is None else WHOLE.replace(right, wrong, 1)
    found = found_in(text)
    assert check in found, sorted(found)
    assert word in found[check].problem
    assert found[check].line is not None
    assert check in ALWAYS or check not in found_in(WHOLE)


def test_every_check_is_tried_here() -> None:
    tried = {check for check, *_ in FINDS} | {"edge_without_case"}
    assert tried == {check.id for check in CHECKS}


def test_a_date_without_a_case_on_both_sides_is_named() -> None:
    assert "edge_without_case" not in found_in(WHOLE, cases=loads(CASES))
    late = CASES.replace("2026-08-31", "2026-12-01")
    found = found_in(WHOLE, cases=loads(late))["edge_without_case"]
    assert "'pass-mark' changes on 2026-09-01, and no case lies before 2026-09-01" in found.problem


def test_a_pack_that_cannot_be_read_is_looked_at_further() -> None:
    source = 'source = "S1", legal_basis = "section 9"'
    text = WHOLE.replace("from = 2026-09-01", "from = 2026-09-03").replace(source, source.replace("S1", "S9"))
    found = found_in(text)
    assert {"terms_gap", "source_unlisted"} <= set(found)


def test_a_sound_pack_has_no_errors_and_the_korean_one_neither() -> None:
    for text in (WHOLE, builtin("kr-acbs")):
        assert not has_errors(lint(read_files({"pack.toml": text.encode()}), on=ON, units=UNITS, levels=LEVELS))


def test_a_units_table_that_mints_is_an_error_and_hours_only_a_warning() -> None:
    assert {finding.severity for finding in lint_units(builtin("units"))} == {"warning"}
    agreed = 'between = ["uk-cats", "ects"]\n[[ratio.terms]]\namounts = [2, 1]'
    circle = builtin("units").replace(agreed, agreed.replace("2", "3"))
    assert [finding.check for finding in lint_units(circle)] == ["amplifying_cycle"]


def test_the_document_lists_every_check_with_its_severity() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \| (error|warning|note) \|", DOCUMENT.read_text("utf-8"), flags=re.MULTILINE)
    assert rows == [(check.id, check.severity) for check in CHECKS]


def test_a_rule_that_a_parameter_switches_off_is_not_told_as_applied() -> None:
    switch = '[[parameter]]\nid = "extra-on"\nvalue = VALUE\nothers = [OTHER]\ntitle = { en = "E", de = "E" }\n'
    text = WHOLE + limit('at_most = 9\nenabled = { parameter = "extra-on" }').replace("true }]", "false }]")
    off = switch.replace("VALUE", "false").replace("OTHER", "true")
    on = switch.replace("VALUE", "true").replace("OTHER", "false")
    assert "term_unconfirmed" not in found_in(text + off)
    assert "'extra'" in found_in(text + on)["term_unconfirmed"].problem
