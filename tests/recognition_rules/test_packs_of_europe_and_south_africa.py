"""The packs of the UK, Scotland, South Africa and Germany answer their cases and hide nothing that is unconfirmed."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from recognition_rules import cases
from recognition_rules.authoring.lint import lint
from recognition_rules.authoring.published import shipped_lock
from recognition_rules.award import Award
from recognition_rules.cases import CaseResult, run_cases
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.pack import Pack, parse
from recognition_rules.packs import builtin, builtin_ids
from recognition_rules.reading.pack_text import read_text
from recognition_rules.recognise import recognise
from recognition_rules.recognition import Recognition

LANGUAGES = {"de-anrechnung": {"de", "en"}, "scqf": {"en"}, "uk-cats": {"en"}, "za-cat": {"en", "af"}}
RULES = {
    "de-anrechnung": {"R40", "R40b"},
    "scqf": {"R21", "R29", "R34"},
    "uk-cats": {"R20", "R29", "R34", "R35", "R36", "R37", "R37b", "R53"},
    "za-cat": {"R24", "R42b", "R43", "R41"},
}
PACKS = {name: parse(builtin(name)) for name in LANGUAGES}
LEVELS = parse_levels(builtin("levels"))


def _results() -> Iterator[tuple[str, CaseResult]]:
    for name, pack in PACKS.items():
        yield from ((name, each) for each in run_cases(pack, builtin(name, "cases.toml"), levels=LEVELS))


RESULTS = tuple(_results())


@pytest.mark.parametrize(("name", "result"), RESULTS, ids=[f"{name}-{result.id}" for name, result in RESULTS])
def test_each_case_is_answered(name: str, result: CaseResult) -> None:
    assert result.differences == (), name


@pytest.mark.parametrize("name", PACKS)
def test_the_order_of_the_list_and_the_trace_change_no_answer(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(awards: list[Award], *rest: Any, **options: Any) -> Recognition:
        found = recognise(awards, *rest, **options)
        assert recognise(awards[::-1], *rest, **options).to_json() == found.to_json()
        bare = recognise(awards[1:] + awards[:1], *rest, **{**options, "trace": False, "verify_counterfactuals": False})
        assert (bare.status, bare.totals) == (found.status, found.totals)
        assert [each.counted for each in bare.decisions] == [each.counted for each in found.decisions]
        return found

    monkeypatch.setattr(cases, "recognise", twice)
    assert all(each.passed for each in run_cases(PACKS[name], builtin(name, "cases.toml"), levels=LEVELS))


@pytest.mark.parametrize("name", PACKS)
def test_it_comes_with_the_program_and_its_version_is_locked(name: str) -> None:
    pack = PACKS[name]
    assert name in builtin_ids("rules")
    assert shipped_lock()[name][pack.version] == pack.digest


@pytest.mark.parametrize("name", PACKS)
def test_every_point_of_silence_is_explained_and_each_of_its_other_values_can_be_read(name: str) -> None:
    pack, text = PACKS[name], builtin(name, "SOURCES.md")
    for parameter in pack.parameters.values():
        assert f"`{parameter.id}`" in text
        for value in parameter.others:
            assert pack.with_parameters({parameter.id: value}).digest != pack.digest


@pytest.mark.parametrize("name", PACKS)
def test_every_rule_of_the_catalogue_has_cases(name: str) -> None:
    assert RULES[name] <= {result.id.split("-")[0] for pack, result in RESULTS if pack == name}


@pytest.mark.parametrize("name", PACKS)
def test_the_check_of_packs_finds_no_error(name: str) -> None:
    assert [each for each in lint(read_text(builtin(name), name=name)) if each.severity == "error"] == []


@pytest.mark.parametrize("name", PACKS)
def test_every_source_is_explained_and_none_of_policy_or_memory_claims_to_be_confirmed(name: str) -> None:
    rows = [row.split("|")[1] for row in builtin(name, "SOURCES.md").splitlines() if row.startswith("| ")]
    explained = {key.strip() for row in rows for key in row.split(",")}
    doubtful = {each.id for each in PACKS[name].references.values() if each.standing != "confirmed"}
    used = {key.strip() for text in re.findall(r'source = "([^"]+)"', builtin(name)) for key in text.split(",")}
    assert used <= explained
    for head in PACKS[name].rules().values():
        cited = [{key.strip() for key in terms.source.split(",")} for terms in head.terms if terms.confirmed]
        assert not doubtful & set().union(*cited), head.id
        assert not (head.enabled and any("m" in terms.source.split(", ") for terms in head.terms)), head.id


def _titles(pack: Pack) -> Iterator[set[str]]:
    for head in pack.rules().values():
        yield set(head.title)
    for titled in (*pack.programmes.values(), *pack.parameters.values()):
        yield set(titled.title)
    for words in (*pack.sources.values(), *pack.classes.values(), pack.title):
        yield set(words)


@pytest.mark.parametrize("name", PACKS)
def test_every_text_for_people_is_in_the_languages_of_the_country(name: str) -> None:
    assert all(LANGUAGES[name] <= languages for languages in _titles(PACKS[name]))


def test_the_procedure_of_anrechnung_is_written_down_for_the_diploma_supplement() -> None:
    found = next(each.recognition for name, each in RESULTS if (name, each.id) == ("de-anrechnung", "R40-one-pool"))
    assert found is not None
    steps = [step.to_json() for step in found.steps if step.rule == "R40-procedure"]
    assert {step["award"]: step["inputs"]["row"] for step in steps} == {
        "A": "block",
        "B": "individual",
        "C": "individual",
    }
