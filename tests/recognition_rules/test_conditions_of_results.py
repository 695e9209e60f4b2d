"""How well, how much, what part, and with what: grades, outcomes, levels, whole modules, excluded parts, one band."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.award import Grade, LearningOutcome
from recognition_rules.errors import PackInvalid
from recognition_rules.levels import Level
from tests.recognition_rules.gates import SCHEMES, answer, gate

Make = Callable[..., Any]

OPEN = ["undetermined", "FACT_MISSING"]
LOW = "THRESHOLD_OUTCOME"

B = gate('{ grade_at_least = { scheme = "us-letter", value = "B" } }')
GRADES = [("A", "counted"), ("B", "counted"), ("B-", "not_counted"), ("F", "not_counted"), ("W", "not_counted"),
          ("P", "undetermined"), ("17", "undetermined")]  # fmt: skip


@pytest.mark.parametrize(("grade", "status"), GRADES)
def test_a_grade_stands_in_an_order_and_a_mere_pass_in_none(
    make_pack: Make, make_award: Make, decide: Make, grade: str, status: str
) -> None:
    found = decide([make_award("a", grade=Grade("us-letter", grade))], make_pack(SCHEMES + B))
    assert found.decision("a").status == status


def test_grades_of_another_scheme_say_nothing(make_pack: Make, make_award: Make, decide: Make) -> None:
    found = decide([make_award("a", grade=Grade("kr-letter", "A")), make_award("b")], make_pack(SCHEMES + B))
    assert [each.status for each in found.decisions] == ["undetermined", "undetermined"]


@pytest.mark.parametrize(
    ("require", "score", "grade", "said"),
    [("60", None, "P", OPEN), ("60", "59.99", None, ["not_counted", "THRESHOLD_SCORE"]),
     ("{ value = 60, pass_counts = true }", None, "P", ["counted"]),
     ("{ value = 60, pass_counts = true }", None, "W", ["not_counted", "THRESHOLD_GRADE"]),
     ("{ value = 60, pass_counts = true }", "59", "P", ["not_counted", "THRESHOLD_SCORE"]),
     ("{ value = 60, pass_counts = true }", None, None, OPEN)],
)  # fmt: skip
def test_a_scale_of_pass_and_fail_has_no_score(
    make_pack: Make, make_award: Make, decide: Make, require: str, score: str | None, grade: str | None, said: list[str]
) -> None:
    pack = make_pack(SCHEMES + gate(f"{{ score_at_least = {require} }}"))
    award = make_award(
        "a", score=None if score is None else Fraction(score), grade=Grade("us-letter", grade) if grade else None
    )
    assert answer(decide([award], pack)) == said


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [([("a", "50", None), ("b", "50", None)], ["counted"]),
     ([("a", "100", None), ("b", "49.9", None)], ["not_counted", LOW]),
     ([("a", "49", None), ("b", None, False), ("c", "51", None)], ["not_counted", LOW, LOW]),
     ([("a", "60", None), ("b", None, True)], OPEN), ([], OPEN)],
)  # fmt: skip
def test_each_outcome_for_itself_and_not_their_mean(
    make_pack: Make,
    make_award: Make,
    decide: Make,
    outcomes: list[tuple[str, str | None, bool | None]],
    said: list[str],
) -> None:
    told = tuple(LearningOutcome(name, Fraction(score) if score else None, passed) for name, score, passed in outcomes)
    assert answer(decide([make_award("a", outcomes=told)], make_pack(gate('{ outcomes_at_least = "50%" }')))) == said


PASSES = [((True, True), "counted"), ((True, False), "not_counted"), ((True, None), "undetermined")]


@pytest.mark.parametrize(("passed", "status"), PASSES)
def test_outcomes_that_are_only_passed_or_not(
    make_pack: Make, make_award: Make, decide: Make, passed: tuple[bool | None, ...], status: str
) -> None:
    outcomes = tuple(LearningOutcome(f"o{n}", passed=each) for n, each in enumerate(passed))
    pack = make_pack(gate("{ outcomes_passed = true }"))
    assert decide([make_award("a", outcomes=outcomes)], pack).decision("a").status == status


@pytest.mark.parametrize(
    ("atom", "level", "said"),
    [("level_at_most", "2", ["counted"]), ("level_at_most", "3", ["not_counted", "SOURCE_NOT_ELIGIBLE"]),
     ("level_is", "2", ["counted"]), ("level_is", "3", ["not_counted", "SOURCE_NOT_ELIGIBLE"]),
     ("level_is", "1", ["not_counted", "LEVEL_BELOW"]), ("level_is", None, OPEN)],
)  # fmt: skip
def test_a_highest_level_and_an_exact_one(
    make_pack: Make, make_award: Make, decide: Make, atom: str, level: str | None, said: list[str]
) -> None:
    pack = make_pack(gate(f'{{ {atom} = {{ framework = "hk-qf", value = 2 }} }}'))
    award = make_award("a", level=Level("hk-qf", Fraction(level)) if level else None)
    assert answer(decide([award], pack)) == said


@pytest.mark.parametrize(
    ("facts", "said"),
    [({"whole": True}, ["counted"]), ({"whole": False}, ["not_counted", "NOT_WHOLE"]), ({}, OPEN),
     ({"module_credits": 3}, ["counted"]), ({"module_credits": "7/2"}, ["not_counted", "NOT_WHOLE"]),
     ({"module_credits": "many"}, OPEN)],
)  # fmt: skip
def test_only_whole_modules(
    make_pack: Make, make_award: Make, decide: Make, facts: dict[str, Any], said: list[str]
) -> None:
    assert answer(decide([make_award("a", facts=facts)], make_pack(gate("{ whole = true }")))) == said


THESIS = gate(
    '{ not = { fact = { name = "component", among = ["thesis", "remedial"] } } }',
    'when = { known = "component" }\nreason = "COMPONENT_EXCLUDED"',
)


def test_a_part_that_is_never_transferred_and_that_nothing_would_change(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    awards = [
        make_award("a", facts={"component": "thesis"}),
        make_award("b", facts={"component": "lecture"}),
        make_award("c"),
    ]
    found = decide(awards, make_pack(THESIS), verify_counterfactuals=True)
    assert [each.status for each in found.decisions] == ["not_counted", "counted", "counted"]
    assert answer(found) == ["not_counted", "COMPONENT_EXCLUDED"]
    assert found.decision("a").reasons[0].facts["component"] == "thesis"
    assert found.decision("a").counterfactual.none


def test_a_declared_reason_leaves_exact_ones_alone(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(gate('{ score_at_least = 60, source = ["exam"] }', 'reason = "COMPONENT_EXCLUDED"'))
    assert answer(decide([make_award("a", score=Fraction(50))], pack)) == [
        "not_counted",
        "THRESHOLD_SCORE",
        "COMPONENT_EXCLUDED",
    ]


def test_a_reason_of_one_s_own_is_refused(make_pack: Make) -> None:
    with pytest.raises(PackInvalid) as refused:
        make_pack(gate("{ score_at_least = 60 }", 'reason = "BECAUSE"'))
    assert "must be one of" in refused.value.problem


def band(keep: str) -> str:
    return f"""
[[compatibility]]
id = "one-band"
code = "BAND"
title = {{ en = "Credits of one band" }}
where = {{ source = ["course"] }}
same = "fact:band"
keep = {keep}
TERMS
"""


@pytest.fixture
def bands(make_award: Make) -> list[Any]:
    """Three credits in band 1, then seven and two in band 2, an examination, and one of no known band."""
    rows = [("a", "3", 1, {"band": "1"}), ("b", "7", 2, {"band": "2"}), ("c", "2", 3, {"band": "2"})]
    awards = [make_award(name, amount, ended_on=date(2025, 6, day), facts=facts) for name, amount, day, facts in rows]
    return [*awards, make_award("d", source="exam", facts={"band": "9"}), make_award("e", ended_on=date(2025, 6, 9))]


@pytest.mark.parametrize(
    ("keep", "learner", "counted", "open_"),
    [('"first"', {}, "ad", "e"), ('"largest"', {}, "bcd", "e"), ('{ learner = "band" }', {"band": "2"}, "bcd", "e"),
     ('{ learner = "band" }', {"band": "3"}, "d", "e"), ('{ learner = "band" }', {}, "d", "abce")],
)  # fmt: skip
def test_only_credits_of_one_band_add_up(
    make_pack: Make, decide: Make, bands: list[Any], keep: str, learner: dict[str, str], counted: str, open_: str
) -> None:
    for awards in (bands, bands[::-1]):
        found = decide(awards, make_pack(band(keep)), learner=learner)
        said = {
            status: "".join(sorted(each.award for each in found.decisions if each.status == status))
            for status in ("counted", "undetermined")
        }
        assert said == {"counted": counted, "undetermined": open_}


def test_what_another_band_keeps_out_says_which_and_how_to_change_it(
    make_pack: Make, decide: Make, bands: list[Any]
) -> None:
    found = decide(bands, make_pack(band('"first"')), verify_counterfactuals=True)
    reason = found.decision("b").reasons[0]
    assert (reason.label, dict(reason.facts)) == ("BAND", {"band": "2", "kept": "1", "with": ["a"]})
    assert [(edit.do, dict(edit.details)) for edit in found.decision("b").counterfactual.edits] == [
        ("give_up", {"award": "a"})
    ]


def test_of_equally_large_bands_the_first_is_kept(make_pack: Make, make_award: Make, decide: Make) -> None:
    awards = [make_award(name, facts={"band": name}, ended_on=date(2025, 6, day)) for day, name in ((2, "x"), (1, "y"))]
    found = decide(awards, make_pack(band('"largest"')))
    assert (answer(found, "y"), answer(found, "x")) == (["counted"], ["not_counted", "SOURCE_NOT_ELIGIBLE"])
