"""Scenarios written from the catalogue alone (R02, R07, R10, R11, and units): degrees, milestones, exact sums."""

import json
import random
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.award import Award, Use
from recognition_rules.canonical import canonical
from recognition_rules.programme import Syllabus
from recognition_rules.recognition import Recognition
from tests.recognition_rules.korean_awards import PACK, certificate, codes, course, decided, former

SUBJECTS = tuple({"ko": title} for title in ("회계원리", "재무관리", "인사관리"))
BUSINESS = Syllabus("business", "2026", SUBJECTS, Fraction(9))
PUPIL = {"high_school_graduate": True}


def spread(name: str, total: int, course_class: str, **told: Any) -> list[Award]:
    """Courses of 3 credits (the last takes the rest) over many years, so that no cap binds."""
    sizes = [3] * (total // 3) + ([total % 3] if total % 3 else [])
    return [
        course(
            f"{name}{n:02}",
            f"{1990 + n}-06-10",
            size,
            course_class=course_class,
            **{"issuer": f"school-{n % 3}", **told},
        )
        for n, size in enumerate(sizes)
    ]


def degree(major: int, liberal: int, general: int, **told: Any) -> list[Award]:
    """As many credits of each class, of which nine are in required subjects."""
    required = [
        course(f"R{n}", f"198{n}-06-10", 3, title=title["ko"], course_class="major-required", **told)
        for n, title in enumerate(SUBJECTS)
    ]
    rest = [("M", major - 9, "major-elective"), ("L", liberal, "liberal"), ("G", general, "general")]
    return required + [award for name, total, place in rest for award in spread(name, total, place, **told)]


def missing(found: Recognition) -> dict[str, Fraction]:
    return {each.id: each.shortfall for each in found.requirements if each.satisfied == "no"}


DEGREES: dict[str, tuple[list[Award], str, str, dict[str, int]]] = {
    "exactly 140, 60 and 30": (degree(60, 30, 50), "bachelor", "granted", {}),
    "one short in all": (degree(60, 30, 49), "bachelor", "short", {"total": 1}),
    "one short in the major": (degree(59, 30, 51), "bachelor", "short", {"major": 1}),
    "29 of 30, and a surplus certificate does not spill": (
        [*degree(60, 29, 31), certificate("Z", "2020-05-05")], "bachelor", "short", {"liberal": 1}),
    "exactly 80, 45 and 15": (degree(45, 15, 20), "associate-2", "granted", {}),
    "14 of 15": (degree(45, 14, 21), "associate-2", "short", {"liberal": 1}),
    "exactly 120, 54 and 21": (degree(54, 21, 45), "associate-3", "granted", {}),
    "119 of 120": (degree(54, 21, 44), "associate-3", "short", {"total": 1}),
    "a part-time course anchors as well": (degree(60, 30, 50, source="part-time"), "bachelor", "granted", {}),
    "self-study alone is not anchored": (
        degree(60, 30, 50, source="self-study-exam"), "bachelor", "short", {"anchored": 18}),
    "17 anchored credits are one too few": (
        [*degree(60, 30, 33, source="self-study-exam"), *spread("P", 17, "general")], "bachelor", "short",
        {"anchored": 1}),
    "18 are enough": (
        [*degree(60, 30, 32, source="self-study-exam"), *spread("P", 18, "general")], "bachelor", "granted", {}),
}  # fmt: skip


@pytest.mark.parametrize("story", DEGREES)
def test_a_degree_needs_every_part(story: str) -> None:
    awards, programme, status, expected = DEGREES[story]
    found = decided(awards, programme, learner=PUPIL, syllabus=BUSINESS)
    assert found.status == status
    assert missing(found) == expected


REQUIRED: dict[str, tuple[list[tuple[str, int]], str, str, str]] = {
    "all subjects at 2 credits": ([("회계원리", 2), ("재무관리", 2), ("인사관리", 2)], "yes", "no", "yes"),
    "nine credits without one subject": ([("회계원리", 5), ("재무관리", 4)], "no", "yes", "yes"),
    "neither": ([("회계원리", 4), ("재무관리", 4)], "no", "no", "no"),
    "the same subject twice is one": ([("회계원리", 5), ("회계 원리", 5)], "no", "no", "no"),
}


@pytest.mark.parametrize("story", REQUIRED)
def test_the_required_major_by_subjects_or_by_credits(story: str) -> None:
    subjects, by_subjects, by_credits, either = REQUIRED[story]
    awards = [
        course(f"A{n}", f"202{n}-06-20", size, title=title, course_class="major-required")
        for n, (title, size) in enumerate(subjects)
    ]
    found = decided(awards, learner=PUPIL, syllabus=BUSINESS)
    answers = [
        found.requirement(name).satisfied for name in ("required-subjects", "required-credits", "required-major")
    ]
    assert answers == [by_subjects, by_credits, either]


def test_what_is_undetermined_leaves_open_only_the_subject_that_it_is() -> None:
    required: dict[str, Any] = {"course_class": "major-required"}
    done = [
        course("A", "2021-06-20", title="회계원리", **required),
        course("B", "2022-06-20", title="재무관리", **required),
    ]
    for title, answer in (("인사관리", "undetermined"), ("통계학", "no")):
        pending = course("C", "2023-06-20", title=title, score=None, **required)
        found = decided([*done, pending], syllabus=BUSINESS)
        assert found.requirement("required-subjects").satisfied == answer


FIRST = date(2020, 2, 20)


@pytest.mark.parametrize(("ended", "status"), [("2020-02-20", "not_counted"), ("2020-02-21", "counted")])
def test_a_second_degree_takes_only_what_came_after_the_first(ended: str, status: str) -> None:
    found = decided([course("A", ended)], "second-major", learner={"first_degree_on": FIRST})
    assert found.decision("A").status == status
    assert decided([course("A", ended)], "second-major").decision("A").status == "undetermined"


def after_degree(anchored: int, others: int, liberal: int = 0) -> list[Award]:
    dated = [
        *spread("A", anchored, "major-elective"),
        *spread("E", others, "major-elective", source="self-study-exam"),
        *spread("L", liberal, "liberal"),
    ]
    return [course_after(award, n) for n, award in enumerate(dated)]


def course_after(award: Award, number: int) -> Award:
    form = {**award.to_json(), "ended_on": (FIRST + timedelta(days=1 + 90 * number)).isoformat()}
    return Award.from_json(form)


@pytest.mark.parametrize(
    ("programme", "anchored", "others", "liberal", "status"),
    [
        ("second-major", 18, 30, 0, "granted"),
        ("second-major", 18, 29, 3, "short"),
        ("second-major", 17, 31, 3, "short"),
        ("second-major-associate-2", 18, 18, 0, "granted"),
        ("second-major-associate-2", 18, 17, 0, "short"),
        ("second-major-associate-3", 18, 24, 0, "granted"),
        ("second-major-associate-3", 18, 23, 0, "short"),
    ],
)
def test_a_second_degree_needs_18_anchored_in_the_major(
    programme: str, anchored: int, others: int, liberal: int, status: str
) -> None:
    found = decided(after_degree(anchored, others, liberal), programme, learner={"first_degree_on": FIRST})
    assert found.status == status


@pytest.mark.parametrize(
    ("last_day", "credits_", "on", "status"),
    [
        ("2015-09-27", 35, "2026-09-01", "granted"),
        ("2015-09-28", 35, "2026-09-01", "short"),
        ("2015-09-27", 34, "2026-09-01", "short"),
        ("2015-09-27", 35, "2015-09-27", "granted"),
        ("2015-09-28", 48, "2026-09-01", "granted"),
    ],
)
def test_who_met_the_old_criteria_in_time_keeps_them(last_day: str, credits_: int, on: str, status: str) -> None:
    awards = former("F", 1, last_day, credits_)
    if credits_ == 48:
        awards = [*former("F", 1, last_day, 30), *(course(f"A{n}", last_day, 3) for n in range(6))]
        awards[0] = course("F", last_day, 30, source="self-study-exam")
    found = decided(awards, "second-major", learner={"first_degree_on": date(2010, 2, 20)}, on=on)
    assert found.status == status


def test_a_cancelled_course_takes_the_old_criteria_away_too() -> None:
    awards = [former("F", 1, "2015-09-27", 32)[0], course("A", "2015-09-27", 3, revoked=True)]
    learner = {"first_degree_on": date(2010, 2, 20)}
    found = decided(awards, "second-major", learner=learner, granted=True)
    assert found.status == "at_risk"
    assert found.requirement("major").needed == 48


@pytest.mark.parametrize(("total", "held", "status"), [(41, (), "open"), (40, (), "not_open"), (40, True, "lost")])
def test_41_credits_open_an_examination(total: int, held: object, status: str) -> None:
    kept = ["R11-expected-graduate"] if held else []
    found = decided(spread("A", total, "general"), held=kept)
    assert [(each.id, each.status) for each in found.entitlements] == [("R11-expected-graduate", status)]


UNITS_IN = [
    ("5", "ects", "5/2"), ("7", "uk-cats", "7/4"), ("1", "scqf", "2/9"), ("10", "us-quarter", "20/3"),
    ("3", "us-semester", "3"), ("12", "hk-qf", "8/3"), ("4", "in-ncrf", "8/3"), ("3", "my-mqa", "8/3"),
    ("0.001", "nz-nzqcf", "1/4500"),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "unit", "worth"), UNITS_IN)
def test_other_units_are_worth_exactly_so_much(amount: str, unit: str, worth: str) -> None:
    found = decided([course("A", "2025-06-20", amount, unit=unit)])
    assert found.totals["counted"] == Fraction(worth)
    assert found.decision("A").source_amount.unit == unit


def test_sums_of_many_units_are_exact_and_ceu_adds_nothing() -> None:
    awards = [course(f"A{n}", f"{2010 + n}-06-20", amount, unit=unit) for n, (amount, unit, _) in enumerate(UNITS_IN)]
    found = decided([*awards, course("Z", "2024-06-20", 30, unit="us-ceu")])
    assert found.totals["counted"] == sum(Fraction(worth) for _, _, worth in UNITS_IN)
    assert codes(found, "Z") == ["UNIT_NOT_CONVERTIBLE"]
    assert found.decision("Z").amount == 0


def test_a_converted_course_meets_the_cap_in_the_programmes_unit() -> None:
    awards = [course(f"A{n}", "2025-06-20", 12, unit="ects") for n in range(4)]
    found = decided([*awards, course("B", "2025-06-21", "0.01")])
    assert found.totals["counted"] == 24
    assert codes(found, "B") == ["LIMIT_PERIOD"]


def mixed() -> list[Award]:
    return [
        *degree(60, 29, 31),
        certificate("Z1", "2020-05-05"),
        certificate("Z2", "2020-05-06", "general"),
        certificate("Z3", "2020-05-07", "general"),
        course("T1", "2020-05-05", title="회계 원리"),
        course("T2", "2020-05-05", score=None),
        course("T3", "2020-05-05", "1/3", unit="in-ncrf", revoked=True),
        course("T4", "2020-05-05", 2, unit="us-ceu"),
        course("T5", None, 2),
        *former("F", 9, "2020-05-05", 4),
    ]


def plain(value: object) -> bool:
    """Only dict, list, text, whole number, true, false and null, all the way down; no class that merely acts so."""
    if type(value) is dict:
        return all(type(key) is str and plain(each) for key, each in value.items())
    if type(value) is list:
        return all(map(plain, value))
    return value is None or type(value) in (str, int, bool)


def test_the_answer_is_plain_json_all_the_way_down() -> None:
    told: dict[str, Any] = {"learner": PUPIL, "syllabus": BUSINESS, "session": "2026-08", "used": [Use("M00", "d")]}
    for verify in (False, True):
        found = decided(mixed(), verify_counterfactuals=verify, **told)
        form = found.to_json()
        assert plain(form)
        assert json.loads(json.dumps(form)) == form
        assert json.loads(canonical(form)) == form
        assert form["id"] == found.id
    for award in mixed():
        assert plain(award.to_json())
        assert Award.from_json(json.loads(canonical(award.to_json()))) == award


def test_no_order_of_the_awards_changes_the_answer_or_its_id() -> None:
    awards = mixed()
    first = decided(awards, learner=PUPIL, syllabus=BUSINESS)
    for seed in range(12):
        shuffled = list(awards)
        random.Random(seed).shuffle(shuffled)
        again = decided(shuffled, learner=PUPIL, syllabus=BUSINESS)
        assert again.id == first.id
        assert again == first
    assert decided(awards, learner=PUPIL, syllabus=BUSINESS, on="2030-09-02").id != first.id
    assert (
        decided(awards, learner=PUPIL, syllabus=BUSINESS, pack=PACK.with_parameters({"r08-blocks": "eligible"}))
        != first
    )


def test_every_part_of_every_amount_has_a_reason() -> None:
    found = decided(mixed(), learner=PUPIL, syllabus=BUSINESS)
    for each in found.decisions:
        assert each.amount == each.counted + each.conditional + sum(reason.amount for reason in each.reasons)
        assert all(reason.amount >= 0 for reason in each.reasons)
    totals = dict(found.totals)
    assert totals.pop("submitted") == sum(totals.values()) == sum(each.amount for each in found.decisions)
    in_slots = {each.id: each.have for each in found.requirements if each.kind == "slot"}
    assert sum(in_slots.values()) == totals["counted"]
