"""Learner-best against its definition: every selection tried, on exact fractions, by rules written down here anew."""

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_rules.award import Award
from recognition_rules.pack import Pack
from recognition_rules.recognition import Recognition
from tests.recognition_rules.conftest import HEAD

Make = Callable[..., Any]

RULES = """
[[set]]
id = "exams"
where = { source = ["exam"] }
[[equivalence]]
id = "twins"
kind = "exclusive"
key = "title-core"
blocks = "counted"
title = { en = "Twins" }
TERMS
[[equivalence]]
id = "stand-ins"
kind = "substitute"
key = "title-family"
keeps = { class = "major", at_most = 1 }
others_become = "free"
title = { en = "Stand-ins" }
TERMS
[[limit]]
id = "year"
where = { source = ["course"] }
at_most = 9
per = { calendar = "year" }
within = "school"
title = { en = "Year" }
TERMS
[[limit]]
id = "school"
at_most = 14
per = { key = "provider_root" }
title = { en = "School" }
TERMS
[[limit]]
id = "exams"
on = "exams"
measure = "items"
at_most = 1
title = { en = "Exams" }
TERMS
"""

PROGRAMME = """
[[programme]]
id = "degree"
title = { en = "Degree" }
TERMS
require.all = [
  { slot = "major", title = { en = "Major" }, where = { class = ["major"] }, at_least = 8 },
  { slot = "arts", title = { en = "Arts" }, where = { area = ["arts"] }, at_least = 6 },
  { slot = "other", title = { en = "Other" }, rest = true },
  { test = "total", title = { en = "Total" }, at_least = 18 },
  { id = "breadth", title = { en = "Breadth" }, any = [
    { test = "exam", title = { en = "Exam" }, on = "exams", at_least = 3 },
    { slot = "free", title = { en = "Free" }, where = { class = ["free"] }, at_least = 5 } ] },
]
"""


class Course(NamedTuple):
    """An award as these tests see it: twins share the whole title, stand-ins its family."""

    amount: Fraction
    source: str
    course_class: str
    area: str
    school: str
    year: int
    title: str
    family: str


class Placed(NamedTuple):
    """What a selection does with a course."""

    amount: Fraction
    course_class: str
    slot: str


TITLES = [("통계학", "a"), ("경영학개론", "b"), ("경영학원론", "b"), ("회계", "c"), ("논리", "d"), ("철학", "e")]
SPLIT = HEAD.replace('"canonical"]', '"canonical"]\nsplit = [{ step = 1, where = { source = ["exam"] } }]', 1)


def courses() -> st.SearchStrategy[Course]:
    return st.builds(
        lambda amount, source, course_class, area, school, year, title: Course(
            amount, source, course_class, area, school, year, *title
        ),
        st.sampled_from([Fraction(1), Fraction(2), Fraction(3), Fraction(4), Fraction(5), Fraction(7, 2)]),
        st.sampled_from(["course", "course", "exam"]),
        st.sampled_from(["major", "major", "free"]),
        st.sampled_from(["arts", "none"]),
        st.sampled_from(["north", "south"]),
        st.sampled_from([2024, 2025]),
        st.sampled_from(TITLES),
    )


def award_of(number: int, course: Course, make_award: Make) -> Award:
    found: Award = make_award(
        f"a{number:02}",
        str(course.amount),
        source=course.source,
        course_class=course.course_class,
        area=course.area,
        issuer=course.school,
        ended_on=date(course.year, 6, 1),
        title={"ko": course.title},
    )
    return found


def choices(course: Course, *, split: bool) -> Iterator[Placed | None]:
    amounts = [course.amount]
    if split and course.source == "exam":
        amounts += [Fraction(step) for step in range(1, 8) if step < course.amount]
    for amount, course_class in product(
        amounts, {course.course_class, "free"} if course.course_class == "major" else {"free"}
    ):
        slots = [
            name
            for name, fits in (
                ("major", course_class == "major"),
                ("arts", course.area == "arts"),
                ("free", course_class == "free"),
            )
            if fits
        ]
        yield from (Placed(amount, course_class, slot) for slot in slots or ["other"])
    yield None


def allowed(courses: list[Course], selection: tuple[Placed | None, ...]) -> bool:
    taken = [(course, placed) for course, placed in zip(courses, selection, strict=True) if placed]
    titles = [course.title for course, _ in taken]
    years: dict[int, Fraction] = {}
    schools: dict[str, Fraction] = {}
    for course, placed in taken:
        schools[course.school] = schools.get(course.school, Fraction(0)) + placed.amount
        if course.source == "course":
            years[course.year] = years.get(course.year, Fraction(0)) + placed.amount
    return (
        len(titles) == len(set(titles))
        and all(used <= 9 for used in years.values())
        and all(used <= 14 for used in schools.values())
        and sum(course.source == "exam" for course, _ in taken) <= 1
        and families_hold(taken)
    )


def families_hold(taken: list[tuple[Course, Placed]]) -> bool:
    for family in {course.family for course, _ in taken}:
        own = [
            (course, placed) for course, placed in taken if course.family == family and course.course_class == "major"
        ]
        kept = sum(placed.course_class == "major" for _, placed in own)
        if kept != min(1, len(own)):
            return False
    return True


def rated(courses: list[Course], selection: tuple[Placed | None, ...], goals: list[str]) -> tuple[Fraction, ...]:
    taken = [(course, placed) for course, placed in zip(courses, selection, strict=True) if placed]

    def have(*holds: bool) -> Fraction:
        return sum((placed.amount for (_, placed), fits in zip(taken, holds, strict=True) if fits), Fraction(0))

    def short(need: int, *holds: bool) -> Fraction:
        return max(need - have(*holds), Fraction(0))

    lacking = short(8, *(placed.slot == "major" for _, placed in taken))
    lacking += short(6, *(placed.slot == "arts" for _, placed in taken)) + short(18, *(True for _ in taken))
    exam = short(3, *(course.source == "exam" for course, _ in taken))
    lacking += min(exam, short(5, *(placed.slot == "free" for _, placed in taken)))
    counted = have(*(True for _ in taken))
    known = {
        "granted": Fraction(lacking > 0),
        "shortfall": lacking,
        "counted": -counted,
        "counted:major": -have(*(placed.course_class == "major" for _, placed in taken)),
        "counted:exams": -have(*(course.source == "exam" for course, _ in taken)),
        "least-used": counted,
    }
    return tuple(known[goal] for goal in goals)


def best(
    courses: list[Course], goals: list[str], *, split: bool
) -> tuple[tuple[Fraction, ...], list[tuple[Fraction, int]]]:
    """The objectives of the best selection, and the canonical one: amounts high first, then classes kept first."""
    found = min(
        (rated(courses, selection, goals), [-amount(placed) for placed in selection], moved(courses, selection))
        for selection in product(*(list(choices(course, split=split)) for course in courses))
        if allowed(courses, selection)
    )
    return found[0], list(zip((-each for each in found[1]), found[2], strict=True))


def amount(placed: Placed | None) -> Fraction:
    return placed.amount if placed else Fraction(-1)


def moved(courses: list[Course], selection: tuple[Placed | None, ...]) -> list[int]:
    return [
        int(placed is not None and placed.course_class != course.course_class)
        for course, placed in zip(courses, selection, strict=True)
    ]


GOALS = [
    ["shortfall", "counted"],
    ["counted", "shortfall"],
    ["shortfall", "counted", "counted:major"],
    ["counted:exams", "counted:major", "shortfall"],
    ["granted", "least-used"],
    ["counted"],
]


@pytest.fixture(scope="module", params=[False, True], ids=["whole", "split"])
def packs(request: pytest.FixtureRequest, make_pack: Make) -> tuple[bool, list[Pack]]:
    head = SPLIT if request.param else HEAD
    texts = ('", "'.join(goals) for goals in GOALS)
    heads = (
        head.replace('"in-order"', '"best"').replace(
            '["shortfall", "counted", "canonical"]', f'["{text}", "canonical"]'
        )
        for text in texts
    )
    return request.param, [make_pack(RULES, PROGRAMME, head=each) for each in heads]


@settings(max_examples=60, deadline=None)
@given(courses=st.lists(courses(), min_size=1, max_size=5), goals=st.integers(0, len(GOALS) - 1))
def test_the_best_of_all_selections_is_found(
    packs: tuple[bool, list[Pack]], make_award: Make, decide: Make, courses: list[Course], goals: int
) -> None:
    split, by_goals = packs
    courses = sorted(courses, key=lambda course: course.year)
    found = decide([award_of(number, course, make_award) for number, course in enumerate(courses)], by_goals[goals])
    values, selection = best(courses, GOALS[goals], split=split)
    assert as_told(found, GOALS[goals]) == values
    assert [each.counted for each in found.decisions] == [max(part, Fraction(0)) for part, _ in selection]
    classes = [each.course_class for each in found.decisions if each.counted]
    assert classes == [
        "free" if other else course.course_class
        for course, (part, other) in zip(courses, selection, strict=True)
        if part > 0
    ]


def as_told(found: Recognition, goals: list[str]) -> tuple[Fraction, ...]:
    values = {each.name: each.value for each in found.objectives}
    signs = {"granted": lambda value: 1 - value, "shortfall": lambda value: value, "least-used": lambda value: value}
    return tuple(signs.get(goal, lambda value: -value)(values[goal]) for goal in goals)
