"""Packs of India and Malaysia, and of a community: their cases hold, and what nobody confirmed is off or marked."""

import re
from datetime import date
from typing import Any

import pytest

from recognition_rules import cases
from recognition_rules.authoring.forms import read_files
from recognition_rules.authoring.lint import lint
from recognition_rules.authoring.published import check_lock, shipped_lock
from recognition_rules.award import Award
from recognition_rules.cases import CaseResult, run_cases
from recognition_rules.decision import Decision
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.pack import Pack, parse
from recognition_rules.packs import builtin, builtin_ids
from recognition_rules.reading.strict_toml import loads
from recognition_rules.recognise import recognise
from recognition_rules.recognition import Recognition
from recognition_rules.units_pack import parse as parse_units

PACKS = ("in-ncrf", "my-apel", "community-learning", "community-credits")
RULES = {
    "in-ncrf": {"W5", "W6", "R12", "R13", "R14", "R15", "R16", "R17", "R18", "R18b"},
    "my-apel": {"R38", "R39", "W6"},
}
LANGUAGES = {"in-ncrf": {"en", "hi"}, "my-apel": {"en", "ms"}}
COMMUNITY = {"en", "ko", "zh"}
ON = date(2026, 9, 1)
UNITS = parse_units(builtin("units"))
LEVELS = parse_levels(builtin("levels"))
SHIPPED = {pack: parse(builtin(pack)) for pack in PACKS}
RESULTS = [
    pytest.param(result, id=f"{pack}/{result.id}")
    for pack in PACKS
    for result in run_cases(SHIPPED[pack], builtin(pack, "cases.toml"), levels=LEVELS)
]


@pytest.fixture(params=PACKS)
def pack(request: pytest.FixtureRequest) -> Pack:
    return SHIPPED[request.param]


@pytest.mark.parametrize("result", RESULTS)
def test_the_pack_answers_its_case(result: CaseResult) -> None:
    assert result.differences == ()


def test_its_answers_depend_on_no_order_and_on_no_trace(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(awards: list[Award], *rest: Any, **options: Any) -> Recognition:
        found = recognise(awards, *rest, **options)
        assert recognise(awards[::-1], *rest, **options).to_json() == found.to_json()
        bare = recognise(awards[1:] + awards[:1], *rest, **{**options, "trace": False, "verify_counterfactuals": False})
        assert [_told(each) for each in bare.decisions] == [_told(each) for each in found.decisions]
        return found

    monkeypatch.setattr(cases, "recognise", twice)
    assert all(each.passed for each in run_cases(pack, builtin(pack.id, "cases.toml"), levels=LEVELS))


def _told(decision: Decision) -> tuple[object, ...]:
    reasons = [(each.code, each.label, each.amount) for each in decision.reasons]
    return decision.award, decision.status, decision.counted, decision.slot, reasons


def test_it_comes_with_the_program_and_its_version_is_locked(pack: Pack) -> None:
    assert pack.id in builtin_ids("rules")
    assert shipped_lock()[pack.id][pack.version] == pack.digest
    check_lock(pack.id, pack.version, pack.digest, shipped_lock())


def test_the_cases_cover_its_rules(pack: Pack) -> None:
    told = {str(case["id"]).split("-")[0] for case in loads(builtin(pack.id, "cases.toml"))["case"]}  # type: ignore[attr-defined]  # a list of tables
    assert RULES.get(pack.id, set()) <= told


def test_every_other_value_of_a_point_of_silence_can_be_read(pack: Pack) -> None:
    for parameter in pack.parameters.values():
        for value in parameter.others:
            assert pack.with_parameters({parameter.id: value}).digest != pack.digest


def test_every_point_of_silence_is_explained(pack: Pack) -> None:
    text = builtin(pack.id, "SOURCES.md")
    assert [each for each in pack.parameters if f"`{each}" not in text] == []


def test_every_source_is_explained(pack: Pack) -> None:
    rows = [row for row in builtin(pack.id, "SOURCES.md").splitlines() if row.startswith("| ")]
    explained = {key.strip() for row in rows for key in row.split("|")[1].split(",")}
    text = builtin(pack.id)
    used = {key.strip() for listed in re.findall(r'source = "([^"]+)", confirmed', text) for key in listed.split(",")}
    assert used <= explained


def test_what_is_weak_or_remembered_never_claims_to_be_confirmed(pack: Pack) -> None:
    weak = {each.id for each in pack.references.values() if each.standing != "confirmed"}
    for head in pack.rules().values():
        for terms in head.terms:
            sources = {key.strip() for key in terms.source.split(",")}
            assert not (sources & weak and terms.confirmed), head.id


def test_what_comes_from_memory_is_switched_off(pack: Pack) -> None:
    assert [head.id for head in pack.rules().values() if head.terms[0].source == "m" and head.enabled] == []


def test_every_text_a_person_reads_is_in_the_languages_of_the_country(pack: Pack) -> None:
    titles = [head.title for head in pack.rules().values()]
    titles += [programme.title for programme in pack.programmes.values()]
    titles += [*pack.sources.values(), *pack.classes.values(), pack.title]
    titles += [parameter.title for parameter in pack.parameters.values()]
    assert all(LANGUAGES.get(pack.id, COMMUNITY) <= set(title) for title in titles)


def test_lint_finds_no_error_and_only_warnings_about_unconfirmed_terms(pack: Pack) -> None:
    document = read_files({"pack.toml": builtin(pack.id).encode()})
    found = lint(document, on=ON, cases=loads(builtin(pack.id, "cases.toml")), units=UNITS)
    dated = {"term_expired"} if pack.id == "in-ncrf" else set()  # R13 changes on 22 November 2026
    assert {each.check for each in found if each.severity != "note"} <= {"term_unconfirmed"} | dated


def test_experience_is_recorded_without_a_grade_and_outside_averages_and_a_transferred_course_is_not() -> None:
    results = run_cases(SHIPPED["my-apel"], builtin("my-apel", "cases.toml"), levels=LEVELS)
    found = next(each.recognition for each in results if each.id == "R38-beside-transfer")
    assert found is not None
    assessed, transferred = found.decision("A1").outcome, found.decision("T1").outcome
    assert (assessed.kind, assessed.grade, assessed.excluded_from) == ("credit-without-grade", None, ("gpa",))
    assert transferred.excluded_from == ()


POINTS = """
[[case]]
id = "points"
title = { en = "Points are no credits" }
programme = "bachelor"
on = 2026-09-01
awards = [{ id = "a", issuer = "library", unit = "UNIT", credits = 30, ended = 2026-05-15, AWARD }]
[case.expect]
counted = 0
awards.a = { status = "not_counted", reasons = ["UNIT_NOT_CONVERTIBLE"] }
"""


@pytest.mark.parametrize("unit", ["community-point", "attendance-hour"])
@pytest.mark.parametrize(
    ("into", "award"),
    [
        ("kr-acbs", 'source = "self-study-exam", class = "liberal"'),
        ("in-ncrf", 'source = "experience"'),
        ("my-apel", 'source = "transfer", class = "course"'),
    ],
)
def test_points_of_a_community_account_are_credits_nowhere_else(unit: str, into: str, award: str) -> None:
    story = POINTS.replace("UNIT", unit, 1).replace("AWARD", award)
    assert run_cases(parse(builtin(into)), story, levels=LEVELS)[0].differences == ()
