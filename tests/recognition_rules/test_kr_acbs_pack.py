"""The Korean pack answers its cases, names a source for every term, and hides nothing that is unconfirmed."""

import json
import re

import pytest

from recognition_rules.cases import CaseResult, run_cases
from recognition_rules.errors import PackInvalid
from recognition_rules.pack import Pack, parse
from recognition_rules.packs import builtin, builtin_ids

CASES = builtin("kr-acbs", "cases.toml")
RESULTS = {result.id: result for result in run_cases(parse(builtin("kr-acbs")), CASES)}


@pytest.mark.parametrize("result", RESULTS.values(), ids=lambda result: result.id)
def test_the_pack_answers_its_case(result: CaseResult) -> None:
    assert result.differences == ()


def test_the_cases_cover_every_rule_of_the_catalogue() -> None:
    rules = {"W1", "W2", "R01", "R02", "R03", "R04", "R05", "R06", "R07", "R08", "R09", "R10", "R11", "R11b"}
    assert rules <= {name.split("-")[0] for name in RESULTS}


def test_a_case_that_expects_something_else_fails(kr_acbs: Pack) -> None:
    text = CASES.replace("counted = 65", "counted = 66").replace('period = "2025-1", with', 'period = "2025-2", with')
    first = run_cases(kr_acbs, text)[0]
    assert first.differences == (
        "totals.counted: expected 66, found 65",
        "A9.period: expected 2025-2, found 2025-1",
    )


def test_a_case_with_a_misspelt_word_is_refused_with_its_line(kr_acbs: Pack) -> None:
    line = CASES.splitlines().index('programme = "bachelor"') + 1
    with pytest.raises(PackInvalid) as refusal:
        run_cases(kr_acbs, CASES.replace('programme = "bachelor"', 'program = "bachelor"', 1))
    assert refusal.value.line is not None
    assert abs(refusal.value.line - line) <= 4


def test_w1_reads_as_it_stands_in_the_catalogue() -> None:
    found = RESULTS["W1"].recognition
    assert found is not None
    assert [str(decision.award) for decision in found.decisions if not decision.counted] == ["A9", "B7"]
    assert found.decision("A9").counterfactual is not None
    later = {each.award: each.counterfactual for each in found.decisions if each.counterfactual}
    assert {award: dict(edit.edits[0].details)["period"] for award, edit in later.items()} == {
        "A9": "2026-1",
        "B7": "2026",
    }
    assert all(each.verified and each.gain == 3 for each in later.values())


def test_every_source_of_the_pack_is_explained() -> None:
    table = {
        key.strip()
        for row in builtin("kr-acbs", "SOURCES.md").splitlines()
        if row.startswith("| ")
        for key in row.split("|")[1].split(",")
    }
    used = {key.strip() for text in re.findall(r'source = "([^"]+)"', builtin("kr-acbs")) for key in text.split(",")}
    assert used <= table


def test_a_weak_or_remembered_source_never_claims_to_be_confirmed(kr_acbs: Pack) -> None:
    weak = {each.id for each in kr_acbs.references.values() if each.standing != "confirmed"}
    for head in kr_acbs.rules().values():
        for terms in head.terms:
            assert not (terms.source in weak and terms.confirmed), head.id


def test_what_comes_from_memory_is_switched_off(kr_acbs: Pack) -> None:
    heads = kr_acbs.rules().values()
    assert [head.id for head in heads if head.terms[0].source == "m" and head.enabled] == []
    assert not kr_acbs.rules()["R11-engineer"].enabled


def test_an_unconfirmed_term_shows_in_every_step_that_uses_it() -> None:
    found = RESULTS["R06-three-of-which-one-general"].recognition
    assert found is not None
    steps = [step.to_json() for step in found.steps if step.rule == "R06"]
    assert steps
    assert all(step["terms"]["confirmed"] is False for step in steps)


def test_every_text_a_person_reads_is_in_korean_and_english(kr_acbs: Pack) -> None:
    titles = [head.title for head in kr_acbs.rules().values()]
    titles += [programme.title for programme in kr_acbs.programmes.values()]
    titles += [*kr_acbs.sources.values(), *kr_acbs.classes.values(), kr_acbs.title]
    titles += [parameter.title for parameter in kr_acbs.parameters.values()]
    assert all({"ko", "en"} <= set(title) for title in titles)


def test_a_point_of_silence_takes_only_the_values_on_offer(kr_acbs: Pack) -> None:
    changed = kr_acbs.with_parameters({"r10-degree-day": "counts"})
    assert changed.digest != kr_acbs.digest
    assert changed.parameters["r10-degree-day"].others == ("refused",)
    for values in ({"r10-degree-day": "maybe"}, {"r99": "x"}):
        with pytest.raises(PackInvalid) as refusal:
            kr_acbs.with_parameters(values)
        assert refusal.value.problem_code.startswith("unknown_parameter")


def test_comments_and_layout_are_not_part_of_the_digest(kr_acbs: Pack) -> None:
    assert parse("# another hand\n\n" + builtin("kr-acbs")).digest == kr_acbs.digest
    assert parse(builtin("kr-acbs").replace("at_most = 42", "at_most = 43")).digest != kr_acbs.digest


def test_the_packs_that_come_with_the_program_can_be_read() -> None:
    assert {"kr-acbs", "levels", "units"} < set(builtin_ids())
    assert list(builtin_ids()) == sorted(builtin_ids())
    assert "kr-acbs" in builtin_ids("rules") and "levels" not in builtin_ids("rules")
    assert all(builtin(pack).startswith("#") for pack in builtin_ids())
    with pytest.raises(KeyError):
        builtin("../units")


def test_a_recognition_has_exactly_the_keys_of_its_shape() -> None:
    found = RESULTS["W1"].recognition
    assert found is not None
    form = json.loads(json.dumps(found.to_json()))
    assert list(form) == [
        "type", "id", "pack", "inputs", "status", "unit", "totals", "requirements", "decisions", "obligations",
        "entitlements", "measures", "objectives", "method", "steps",
    ]  # fmt: skip
    assert set(form["inputs"]) == {"digest", "on", "programme", "exit_award", "session", "policy"}
    assert set(form["totals"]) == {"submitted", "counted", "conditional", "not_counted", "undetermined"}
    assert {frozenset(each) for each in form["decisions"]} == {
        frozenset(
            {"award", "status", "source_amount", "amount", "counted", "conditional", "slot", "class", "outcome"}
            | {"reasons", "counterfactual", "steps"}
        )
    }
    assert {frozenset(each) for each in form["steps"]} == {
        frozenset({"n", "stage", "award", "rule", "version", "terms", "inputs", "arithmetic", "result"})
    }
    assert [step["n"] for step in form["steps"]] == list(range(len(form["steps"])))
    assert form["id"] == found.id
