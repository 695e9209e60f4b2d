"""Packs of China and the United States: their cases hold in any order, and what nobody confirmed is off or marked."""

from datetime import date

import pytest

from recognition_rules import cases
from recognition_rules.authoring.lint import lint
from recognition_rules.authoring.published import shipped_lock
from recognition_rules.case_awards import read_awards
from recognition_rules.cases import CaseResult, run_cases
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.pack import Pack, parse
from recognition_rules.packs import builtin, builtin_ids
from recognition_rules.reading.pack_text import read_text
from recognition_rules.reading.strict_toml import loads

PACKS = (
    "cn-1plusx-example",
    "cn-open-university",
    "cn-shanghai-open-university",
    "us-transfer",
    "us-transfer-quarter",
)
RULES = {
    "cn-1plusx-example": {"R51", "R52"},
    "cn-open-university": {"R49", "R53"},
    "cn-shanghai-open-university": {"W10", "R49", "R50"},
    "us-transfer": {"W7", "R28", "R30", "R31", "R41", "R42", "R44", "R45", "R46", "R47", "R48"},
    "us-transfer-quarter": {"W7", "R27", "R31"},
}
LEVELS = parse_levels(builtin("levels"))
SHIPPED = {pack: parse(builtin(pack), name=f"{pack}/pack.toml") for pack in PACKS}


def run(pack: str) -> list[CaseResult]:
    return list(run_cases(SHIPPED[pack], builtin(pack, "cases.toml"), levels=LEVELS))


RESULTS = {pack: run(pack) for pack in PACKS}


@pytest.fixture(params=PACKS)
def pack(request: pytest.FixtureRequest) -> Pack:
    return SHIPPED[request.param]


@pytest.mark.parametrize(
    "result", [pytest.param(each, id=f"{pack}/{each.id}") for pack in PACKS for each in RESULTS[pack]]
)
def test_the_pack_answers_its_case(result: CaseResult) -> None:
    assert result.differences == ()


def test_the_order_of_the_list_means_nothing(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "read_awards", lambda *given: read_awards(*given)[::-1])
    for there, back in zip(RESULTS[pack.id], run(pack.id), strict=True):
        assert there.recognition is not None
        assert back.recognition is not None
        assert there.recognition.to_json() == back.recognition.to_json()


def test_it_comes_with_the_program_and_its_version_is_locked(pack: Pack) -> None:
    assert pack.id in builtin_ids("rules")
    assert shipped_lock()[pack.id][pack.version] == pack.digest


def test_the_cases_cover_its_rules(pack: Pack) -> None:
    assert RULES[pack.id] <= {each.id.split("-")[0] for each in RESULTS[pack.id]}


def test_every_other_value_of_a_point_of_silence_can_be_read_and_is_explained(pack: Pack) -> None:
    text = builtin(pack.id, "SOURCES.md")
    for parameter in pack.parameters.values():
        assert f"`{parameter.id}`" in text
        for value in parameter.others:
            assert pack.with_parameters({parameter.id: value}).digest != pack.digest


def test_every_source_is_explained(pack: Pack) -> None:
    rows = [row for row in builtin(pack.id, "SOURCES.md").splitlines() if row.startswith("| ")]
    explained = {key.strip() for row in rows for key in row.split("|")[1].split(",")}
    assert set(pack.references) <= explained


def test_what_is_from_memory_is_switched_off(pack: Pack) -> None:
    memory = {each.id for each in pack.references.values() if each.standing == "memory"}
    for head in pack.rules().values():
        for terms in head.terms:
            sources = {pack.references[each.strip()].standing for each in terms.source.split(",")}
            assert not memory & set(terms.source.split(",")) or not head.enabled
            assert not terms.confirmed or "confirmed" in sources


def test_lint_finds_no_error_and_no_warning_but_what_is_unconfirmed_or_last_years_edition(pack: Pack) -> None:
    document = read_text(builtin(pack.id), name="pack.toml")
    found = lint(document, on=date(2026, 9, 1), cases=loads(builtin(pack.id, "cases.toml")))
    assert {each.check for each in found if each.severity != "note"} <= {"term_unconfirmed", "term_expired"}
    for head in pack.rules().values():
        for terms in head.terms if head.enabled else ():
            if not terms.confirmed:
                standings = {pack.references[each.strip()].standing for each in terms.source.split(",")}
                assert standings & {"policy", "weak"}
