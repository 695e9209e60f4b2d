"""What a counted award carries: a grade, and what it stays out of (R32, R47)."""

from collections.abc import Callable
from typing import Any

import pytest

from recognition_rules.errors import PackInvalid

Make = Callable[..., Any]


def outcome(body: str, name: str = "exam-credit") -> str:
    return f'[[outcome]]\nid = "{name}"\ntitle = {{ en = "{name}" }}\n{body}\nTERMS\n'


EXAMS = outcome('where = { source = ["exam"] }\ngrade = "K"\nexcluded_from = ["gpa", "residency"]')

RESIDENCY = """
[[programme]]
id = "degree"
title = { en = "Degree" }
TERMS
require.all = [
  { test = "total", title = { en = "Total" }, at_least = 6 },
  { test = "residency", title = { en = "Residency" }, where = { not = { excluded_from = "residency" } }, at_least = 4 },
]
"""


def test_exam_credit_counts_and_is_no_residency(make_pack: Make, make_award: Make, decide: Make) -> None:
    found = decide([make_award("a"), make_award("b", source="exam")], make_pack(EXAMS, RESIDENCY))
    assert found.decision("b").outcome.to_json() == {
        "kind": "credit",
        "grade": "K",
        "excluded_from": ["gpa", "residency"],
    }
    assert found.decision("a").outcome.to_json() == {"kind": "credit", "grade": None, "excluded_from": []}
    assert [(each.satisfied, each.have) for each in found.requirements] == [("yes", 6), ("no", 3)]


def test_credit_without_a_grade(make_pack: Make, make_award: Make, decide: Make) -> None:
    found = decide([make_award("a")], make_pack(outcome("without_grade = true")))
    assert found.decision("a").outcome.kind == "credit-without-grade"


def test_two_outcomes_are_joined_and_two_grades_leave_it_open(make_pack: Make, make_award: Make, decide: Make) -> None:
    joined = make_pack(EXAMS + outcome('excluded_from = ["honours"]', "transfer"))
    assert decide([make_award("a", source="exam")], joined).decision("a").outcome.excluded_from == (
        "gpa", "honours", "residency",
    )  # fmt: skip
    split = make_pack(EXAMS + outcome('grade = "P"', "pass"))
    found = decide([make_award("a", source="exam")], split).decision("a")
    assert (found.status, found.reasons[0].facts) == ("undetermined", {"grade": ["K", "P"]})


def test_what_is_not_known_leaves_the_outcome_open(make_pack: Make, make_award: Make, decide: Make) -> None:
    rules = outcome('where = { fact = { name = "remote", among = [true] } }\nexcluded_from = ["residency"]')
    assert decide([make_award("a")], make_pack(rules)).decision("a").status == "undetermined"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "An outcome says something"),
        ('grade = "K"\nwithout_grade = true', "not both"),
        ('excluded_from = ["fees"]', "'fees' is not one of: gpa, residency, honours, points"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(make_pack: Make, body: str, sentence: str) -> None:
    with pytest.raises(PackInvalid, match=sentence):
        make_pack(outcome(body))
