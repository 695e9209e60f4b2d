"""What the learner did before may stand in the way, or must be there; awards that failed are part of the history."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.award import Grade
from recognition_rules.errors import PackInvalid
from tests.recognition_rules.gates import SCHEMES, answer, gate

Make = Callable[..., Any]

FAILED = '{ no_other = { same = "achievement", where = { not = { passed = true } } } }'
EXAM_ONLY = 'when = { source = ["exam"] }'


def graded(make_award: Make, award_id: str, grade: str | None, **told: Any) -> Any:
    told = {"achievement": "algebra", **told}
    return make_award(award_id, grade=Grade("us-letter", grade) if grade else None, **told)


BARRED = ["not_counted", "HISTORY_BARS"]
TWINS = [("F", BARRED), ("W", BARRED), ("D", ["counted"]), (None, ["undetermined", "FACT_MISSING"])]


@pytest.mark.parametrize(("grade", "said"), TWINS)
def test_a_failed_course_bars_the_examination_in_it(
    make_pack: Make, make_award: Make, decide: Make, grade: str | None, said: list[str]
) -> None:
    pack = make_pack(SCHEMES + gate(FAILED, EXAM_ONLY))
    exam, course = make_award("a", source="exam", achievement="algebra"), graded(make_award, "course", grade)
    assert answer(decide([exam, course], pack)) == said
    assert answer(decide([exam, graded(make_award, "course", grade, achievement="logic")], pack)) == ["counted"]


def test_no_second_award_for_a_course_already_passed_with_c(make_pack: Make, make_award: Make, decide: Make) -> None:
    rule = (
        '{ no_earlier = { same = "achievement", where = { grade_at_least = { scheme = "us-letter", value = "C" } } } }'
    )
    pack = make_pack(SCHEMES + gate(rule, EXAM_ONLY))
    exam = make_award("a", source="exam", achievement="algebra", ended_on=date(2025, 6, 20))
    early, late = date(2024, 6, 20), date(2025, 12, 20)
    said = {
        (grade, day): answer(decide([exam, graded(make_award, "b", grade, ended_on=day)], pack))[0]
        for grade in ("C", "D")
        for day in (early, late)
    }
    assert said == {
        ("C", early): "not_counted",
        ("C", late): "counted",
        ("D", early): "counted",
        ("D", late): "counted",
    }


# The earlier attempt, the later one, whether three months have passed.
WAITS = [
    (date(2025, 1, 10), date(2025, 4, 9), "not_counted"),
    (date(2025, 1, 10), date(2025, 4, 10), "counted"),
    (date(2024, 11, 30), date(2025, 2, 27), "not_counted"),
    (date(2024, 11, 30), date(2025, 2, 28), "counted"),
]


@pytest.mark.parametrize(("first", "second", "status"), WAITS)
def test_the_waiting_time_before_another_attempt(
    make_pack: Make, make_award: Make, decide: Make, first: date, second: date, status: str
) -> None:
    pack = make_pack(SCHEMES + gate('{ no_earlier = { same = "achievement", within = { months = 3 } } }'))
    awards = [graded(make_award, "b", "F", ended_on=first), graded(make_award, "a", "B", ended_on=second)]
    assert decide(awards, pack).decision("a").status == status
    assert decide(awards, pack).decision("b").status == "counted"


def test_a_waiting_time_names_the_day_on_which_it_is_over(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(SCHEMES + gate('{ no_earlier = { same = "achievement", within = { months = 3 } } }'))
    awards = [
        graded(make_award, "b", "F", ended_on=date(2025, 1, 10)),
        graded(make_award, "a", "B", ended_on=date(2025, 2, 1)),
    ]
    found = decide(awards, pack, verify_counterfactuals=True).decision("a").counterfactual
    assert [(edit.do, dict(edit.details)) for edit in found.edits] == [("end_on_or_after", {"day": "2025-04-10"})]
    assert found.verified


@pytest.mark.parametrize(
    ("option", "sequences", "status"),
    [("", (None, None), "counted"), ("", (1, 2), "not_counted"), ("", (2, 1), "counted"),
     (', same_day = "earlier"', (None, None), "not_counted")],
)  # fmt: skip
def test_of_two_on_one_day_the_sequence_tells_which_came_first(
    make_pack: Make, make_award: Make, decide: Make, option: str, sequences: tuple[int | None, int | None], status: str
) -> None:
    pack = make_pack(SCHEMES + gate(f'{{ no_earlier = {{ same = "achievement"{option} }} }}', EXAM_ONLY))
    other = graded(make_award, "b", "F", sequence=sequences[0])
    exam = make_award("a", source="exam", achievement="algebra", sequence=sequences[1])
    assert decide([other, exam], pack).decision("a").status == status


def test_what_was_revoked_never_happened(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(SCHEMES + gate(FAILED, EXAM_ONLY))
    awards = [make_award("a", source="exam", achievement="algebra"), graded(make_award, "b", "F", revoked=True)]
    assert answer(decide(awards, pack)) == ["counted"]


def test_a_prerequisite_must_have_been_passed_and_an_exemption_is_none(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    rule = (
        '{ has_other = { where = { all = [{ fact = { name = "course", among = ["math-1"] } }, { score_at_least = 50 },'
        ' { not = { fact = { name = "exempt", among = [true] } } }] }, before = "ended_on" } }'
    )
    pack = make_pack(gate(rule, 'when = { fact = { name = "course", among = ["math-2"] } }'))
    second = make_award("a", facts={"course": "math-2"}, ended_on=date(2025, 6, 20))

    def first(score: int, *, exempt: bool = False, day: date = date(2024, 6, 20)) -> Any:
        return make_award("b", facts={"course": "math-1", "exempt": exempt}, score=Fraction(score), ended_on=day)

    assert answer(decide([second, first(50)], pack)) == ["counted"]
    assert answer(decide([second, first(49)], pack)) == ["not_counted", "HISTORY_BARS"]
    assert answer(decide([second, first(90, exempt=True)], pack)) == ["not_counted", "HISTORY_BARS"]
    assert answer(decide([second, first(90, day=date(2025, 6, 21))], pack)) == ["not_counted", "HISTORY_BARS"]
    assert answer(decide([second], pack)) == ["not_counted", "HISTORY_BARS"]


def test_history_is_the_same_in_any_order_and_needs_to_know_what_is_the_same(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    pack = make_pack(SCHEMES + gate(FAILED, EXAM_ONLY))
    awards = [
        make_award("a", source="exam", achievement="algebra"),
        graded(make_award, "b", "F"),
        graded(make_award, "c", "F"),
    ]
    assert decide(awards, pack).id == decide(awards[::-1], pack).id
    assert answer(decide([make_award("a", source="exam")], pack)) == ["undetermined", "FACT_MISSING"]


def test_a_history_that_names_nothing_is_refused(make_pack: Make) -> None:
    with pytest.raises(PackInvalid) as refused:
        make_pack(gate("{ no_other = { } }"))
    assert "which other awards" in refused.value.problem


def test_giving_up_an_award_does_not_undo_what_happened(make_pack: Make, make_award: Make, decide: Make) -> None:
    """A failed attempt stays in the learner's history, whether it is offered for recognition or not."""
    gate = """
[[eligibility]]
id = "no-failed-twin"
title = { en = "No failed twin" }
require = { no_other = { same = "achievement", where = { fact = { name = "passed", among = [false] } } } }
TERMS
[[limit]]
id = "four"
title = { en = "Four" }
at_most = 4
TERMS
"""
    failed = make_award("f", achievement="urn:a", facts={"passed": False}, course_class="free")
    awards = [failed, make_award("b", achievement="urn:b"), make_award("x", achievement="urn:a")]
    found = decide(awards, make_pack(gate), verify_counterfactuals=True)
    assert found.decision("x").reasons[0].code == "HISTORY_BARS"
    assert found.decision("x").counterfactual.none
