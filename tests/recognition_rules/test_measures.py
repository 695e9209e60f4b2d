"""Points and averages: credits times level (R18, W5), times experience; grades without what is excluded (R32)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.award import Award, Grade
from recognition_rules.errors import PackInvalid
from recognition_rules.levels import Level
from recognition_rules.pack import Pack
from recognition_rules.recognition import MeasureResult
from tests.recognition_rules import requirement_packs as packs

Make = Callable[..., Any]
LEVEL = '{ level = "in-ncrf", by_year = "credits_by_level" }'
EXPERIENCE = (
    '{ fact = "experience_years", steps = [{ from = 0, weight = 1 }, { from = 1, weight = "4/3" }, '
    '{ from = 4, weight = "5/3" }, { from = 7, weight = 2 }] }'
)
GRADES = '{ grade = "us-letter", values = { A = 4, A- = "37/10", B = 3, C = 2, F = 0 } }'


def measure(*weights: str, rest: str = "") -> str:
    listed = ", ".join(weights)
    return f'[[measure]]\nid = "points"\ntitle = {{ en = "Points" }}\nweights = [{listed}]\n{rest}\nTERMS\n'


@pytest.fixture
def pack(make_pack: Make) -> Callable[..., Pack]:
    def build(rules: str) -> Pack:
        made: Pack = make_pack(rules, packs.programme(packs.TOTAL), packs.HEAD)
        return made

    return build


@pytest.fixture
def course(make_award: Make) -> Callable[..., Award]:
    def build(name: str, credits_: str, level: str | None = None, **fields: Any) -> Award:
        told = None if level is None else Level("in-ncrf", Fraction(level))
        award: Award = make_award(name, credits_, "us-semester", **{"source": "own", "level": told, **fields})
        return award

    return build


@pytest.fixture
def points(decide: Make) -> Callable[..., MeasureResult]:
    return lambda awards, pack: decide(awards, pack).measures[0]


@pytest.mark.parametrize(
    ("credits_", "level", "amount"),
    [("15", "4.5", "135/2"), ("40", "4.5", "180"), ("40", "5", "200"), ("40", "5.5", "220"), ("40", "6", "240"),
     ("40", "6.5", "260"), ("20/3", "4.5", "30")],
)  # fmt: skip
def test_points_are_credits_times_level(
    pack: Make, course: Make, points: Make, credits_: str, level: str, amount: str
) -> None:
    assert str(points([course("a", credits_, level)], pack(measure(LEVEL))).amount) == amount


def test_three_years_make_600_points_not_120_times_the_last_level(pack: Make, course: Make, decide: Make) -> None:
    years = [course("y1", "40", "4.5"), course("y2", "40", "5"), course("y3", "40", "5.5")]
    found = decide(years, pack(measure(LEVEL)))
    assert (found.measures[0].amount, found.totals["counted"]) == (600, 120)
    step = next(step for step in found.steps if step.rule == "points")
    assert step.arithmetic == "40 × 4.5 + 40 × 5 + 40 × 5.5 = 600"


@pytest.mark.parametrize(
    ("weight", "told", "amount"),
    [
        (LEVEL, "40@4.5, 40@5, 40@5.5", 600),
        (LEVEL.replace("}", ', multi_year = "exit-level" }'), "40@4.5, 40@5, 40@5.5", 660),
        (LEVEL, "40@4.5, 40@5", None),
        (LEVEL, "three years", None),
    ],
)
def test_an_award_of_several_years_says_how_many_credits_each_year_had(
    pack: Make, course: Make, points: Make, weight: str, told: str, amount: int | None
) -> None:
    degree = course("degree", "120", "5.5", facts={"credits_by_level": told})
    assert points([degree], pack(measure(weight))).amount == amount


@pytest.mark.parametrize(("years", "amount"), [(0, "45"), (1, "60"), (3, "60"), (4, "75"), (7, "90"), (30, "90")])
def test_experience_multiplies_points_by_exact_thirds(
    pack: Make, course: Make, points: Make, years: int, amount: str
) -> None:
    award = course("a", "10", "4.5", facts={"experience_years": years})
    assert str(points([award], pack(measure(LEVEL, EXPERIENCE))).amount) == amount


def test_points_are_no_credits_and_show_a_display_form(pack: Make, course: Make, decide: Make) -> None:
    shown = decide([course("a", "1/3", "5")], pack(measure(LEVEL))).to_json()
    assert shown["measures"] == [{"id": "points", "amount": "5/3", "display": "1.67", "by": [], "lacking": []}]
    assert shown["totals"]["counted"] == "1/3"


def test_without_a_level_there_are_no_points_unless_it_is_left_out(pack: Make, course: Make, points: Make) -> None:
    awards = [course("a", "10", "5"), course("b", "10"), course("c", "10")]
    found = points(awards, pack(measure(LEVEL)))
    assert (found.amount, found.lacking) == (None, ("b", "c"))
    assert points(awards, pack(measure(LEVEL, rest='unweighted = "left-out"'))).amount == 50


def test_a_level_of_another_framework_is_not_read_as_one_of_this(pack: Make, course: Make, points: Make) -> None:
    foreign = replace(course("a", "10"), level=Level("eqf", Fraction(6)))
    assert points([foreign, course("b", "10", "5")], pack(measure(LEVEL))).lacking == ("a",)


def test_what_may_still_count_leaves_points_open_and_what_does_not_count_brings_none(
    pack: Make, course: Make, points: Make
) -> None:
    gate = '[[eligibility]]\nid = "mark"\ntitle = { en = "Mark" }\nwhen = { source = ["transfer"] }\nTERMS\n'
    gate += "[eligibility.require]\nscore_at_least = 50\n"
    one = course("a", "10", "5")
    rules = pack(gate + measure(LEVEL))
    assert points([one, course("b", "10", "5", source="transfer", score=Fraction(40))], rules).amount == 50
    assert points([one, course("b", "10", "5", source="transfer")], rules).lacking == ("b",)


def test_points_are_added_up_by_year_too(pack: Make, course: Make, points: Make) -> None:
    rules = pack(measure(LEVEL, rest='per = { calendar = "semester" }'))
    awards = [
        course("a", "10", "5", ended_on=date(2025, 6, 1)),
        course("b", "4", "5", ended_on=date(2025, 7, 1)),
        course("c", "10", "6", ended_on=date(2025, 9, 1)),
    ]
    assert points(awards, rules).by == (("2025-1", 70), ("2025-2", 60))
    assert points([*awards, course("d", "1", "5", ended_on=None)], rules).amount is None


GPA = measure(GRADES, rest='kind = "mean"\nexcluded_as = "gpa"')


def test_an_average_weighs_grades_by_credits(pack: Make, course: Make, points: Make) -> None:
    graded = [course("a", "4", grade=Grade("us-letter", "A")), course("b", "2", grade=Grade("us-letter", "C"))]
    assert points(graded, pack(GPA)).amount == Fraction(10, 3)
    assert points([], pack(GPA)).amount is None, "there is nothing to average"
    odd = [*graded, course("c", "2", grade=Grade("us-letter", "Z"))]
    assert points(odd, pack(GPA)).lacking == ("c",)


def test_what_an_outcome_excludes_from_the_average_is_not_in_it(pack: Make, course: Make, points: Make) -> None:
    """R32, R47: transferred and examination credit counts, and stays out of the grade point average."""
    outcome = (
        '[[outcome]]\nid = "transfer"\ntitle = { en = "Transfer" }\nwhere = { source = ["transfer"] }\n'
        'excluded_from = ["gpa", "residency"]\nTERMS\n'
    )
    graded = [
        course("a", "4", grade=Grade("us-letter", "B")),
        course("b", "4", source="transfer", grade=Grade("us-letter", "A")),
        course("c", "4", source="transfer"),
    ]
    assert points(graded, pack(outcome + GPA)).amount == 3


CASES = '{ cases = [{ where = { class = ["major"] }, weight = 2 }], otherwise = 1 }'


def test_weights_may_go_by_cases(pack: Make, course: Make, points: Make) -> None:
    awards = [course("a", "3"), course("b", "3", course_class="free")]
    assert points(awards, pack(measure(CASES))).amount == 9
    strict = pack(measure(CASES.replace(", otherwise = 1", "")))
    assert points(awards, strict).lacking == ("b",)


@pytest.mark.parametrize(
    ("weights", "word"),
    [
        ((), "weights"),
        (('{ level = "in-ncrf", grade = "x" }',), "exactly one"),
        (('{ fact = "years", steps = [{ from = 2, weight = 1 }, { from = 1, weight = 2 }] }',), "from"),
        (('{ grade = "us-letter", values = {} }',), "grade"),
        (("{ cases = [] }",), "cases"),
        (('{ level = "in-ncrf", multi_year = "mean" }',), "one of"),
    ],
)
def test_a_measure_that_cannot_be_read_is_refused(pack: Make, weights: tuple[str, ...], word: str) -> None:
    with pytest.raises(PackInvalid, match=word):
        pack(measure(*weights))
