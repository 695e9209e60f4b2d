"""Years of experience, an age, the lowest mark that passes, a share that was judged: compared exactly or not at all."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.award import Grade
from recognition_rules.errors import RuleError
from recognition_rules.judgement import Judgement
from recognition_rules.pack import parse
from tests.recognition_rules.trace_checker import complaints

Make = Callable[..., Any]

YEARS = """
[[eligibility]]
id = "years"
title = { en = "Three to ten years of experience" }
require = { fact = { name = "years", at_least = 3, at_most = "21/2" } }
TERMS
"""

AGE = """
[[programme]]
id = "degree"
title = { en = "Degree" }
TERMS
[programme.require]
all = [
  { test = "total", title = { en = "Total" }, at_least = 3 },
  { test = "age", title = { en = "22 years old" }, learner = { fact = "age", at_least = 22 } },
]
"""


@pytest.mark.parametrize(
    ("years", "status"),
    [
        (3, "counted"),
        ("3", "counted"),
        ("29/10", "not_counted"),
        ("10.5", "counted"),
        ("10.51", "not_counted"),
        (11, "not_counted"),
        ("three", "undetermined"),
        (True, "undetermined"),
        (None, "undetermined"),
    ],
)
def test_a_fact_lies_within_bounds_or_is_not_known(
    years: object, status: str, make_pack: Make, make_award: Make, decide: Make
) -> None:
    facts = {} if years is None else {"years": years}
    found = decide([make_award("a", facts=facts)], make_pack(YEARS), verify_counterfactuals=True)
    assert found.decision("a").status == status
    assert complaints(found.to_json()) == []
    if status == "not_counted":
        edit = found.decision("a").counterfactual.edits[0]
        assert edit.details == {"fact": "years", "value": 3 if years == "29/10" else "10.5"}


@pytest.mark.parametrize(
    ("age", "status"), [(22, "granted"), (21, "refused"), ("21.99", "refused"), ("old", "undetermined")]
)
def test_an_age_is_asked_of_the_learner(
    age: object, status: str, make_pack: Make, make_award: Make, decide: Make
) -> None:
    found = decide([make_award("a")], make_pack(programme=AGE), learner={"age": age})
    assert found.status == status


@pytest.mark.parametrize("bounds", ['at_least = 5, at_most = 4, name = "x"', "at_least = 5", 'name = "x"'])
def test_bounds_that_say_nothing_are_refused(bounds: str, pack_text: Make) -> None:
    with pytest.raises(RuleError):
        parse(pack_text(YEARS.replace('name = "years", at_least = 3, at_most = "21/2"', bounds)))


GRADES = """
[[grade_scheme]]
id = "us"
order = ["A", "B", "C", "D", "F"]
fails = ["F", "W"]
passes = ["P"]
[[eligibility]]
id = "grade"
title = { en = "Grade" }
require = { grade_at_least = { scheme = "us", value = "VALUE" } }
TERMS
"""


@pytest.mark.parametrize(
    ("grade", "at_d", "at_c"),
    [("D", "counted", "not_counted"), ("P", "counted", "undetermined"), ("W", "not_counted", "not_counted")],
)
def test_a_pass_is_at_least_the_lowest_grade_that_passes(
    grade: str, at_d: str, at_c: str, make_pack: Make, make_award: Make, decide: Make
) -> None:
    for value, status in (("D", at_d), ("C", at_c)):
        found = decide([make_award("a", grade=Grade("us", grade))], make_pack(GRADES.replace("VALUE", value)))
        assert found.decision("a").status == status


JUDGED = """
[[eligibility]]
id = "overlap"
title = { en = "Overlap" }
require = { judged = { question = "overlap", at_least = "80%" } }
TERMS
"""


@pytest.mark.parametrize(
    ("answer", "status"),
    [("4/5", "counted"), ("1", "counted"), ("799/1000", "not_counted"), ("85", "undetermined"), ("8", "undetermined")],
)
def test_85_is_no_share_and_settles_nothing(
    answer: str, status: str, make_pack: Make, make_award: Make, decide: Make
) -> None:
    signed = Judgement(
        question="overlap", award="a", answer=Fraction(answer), signer="dean", signed_on=date(2026, 1, 1)
    )
    found = decide([make_award("a")], make_pack(JUDGED), judgements=[signed])
    assert found.decision("a").status == status


ROUNDED = """
[[ratio]]
id = "thirds"
title = { en = "Three quarters are one" }
from = "us-quarter"
factor = "1/3"
round = { point = "item", mode = "floor", increment = 1 }
TERMS
"""


def test_what_is_rounded_down_to_nothing_does_not_count(make_pack: Make, make_award: Make, decide: Make) -> None:
    found = decide([make_award("a", "2", "us-quarter"), make_award("b", "4", "us-quarter")], make_pack(ROUNDED))
    assert [(each.status, each.counted) for each in found.decisions] == [("not_counted", 0), ("partly", 1)]
    assert found.decision("a").reasons[0].code == "ROUNDED_AWAY"
    assert complaints(found.to_json()) == []


ALL_OF_A_PART = """
[[limit]]
id = "electives"
title = { en = "Free credits fill the electives" }
where = { class = ["free"] }
at_most = { ref = "programme.electives" }
TERMS
[[programme]]
id = "degree"
title = { en = "Degree" }
total = 60
parts = { electives = 6 }
TERMS
require.all = [{ test = "total", title = { en = "Total" }, at_least = 60 }]
"""


def test_a_limit_refers_to_a_part_as_a_need_does(make_pack: Make, make_award: Make, decide: Make) -> None:
    awards = [make_award(each, course_class="free") for each in "abc"]
    found = decide(awards, make_pack(programme=ALL_OF_A_PART))
    assert [each.counted for each in found.decisions] == [3, 3, 0]
    assert found.decision("c").reasons[0].code == "LIMIT_SHARE"


def test_what_would_have_to_be_judged_is_said_as_a_share(make_pack: Make, make_award: Make, decide: Make) -> None:
    found = decide([make_award("a")], make_pack(JUDGED), verify_counterfactuals=True)
    (edit,) = found.decision("a").counterfactual.edits
    assert edit.details["answer"] == "80%"


BY_CLASS = """
[[grade_scheme]]
id = "us"
order = ["A", "B", "C", "D", "F"]
fails = ["F"]
[[eligibility]]
id = "by-class"
title = { en = "C in the major, D elsewhere" }
require = { any = [
  { all = [{ class = ["major"] }, { grade_at_least = { scheme = "us", value = "C" } }] },
  { all = [{ not = { class = ["major"] } }, { grade_at_least = { scheme = "us", value = "D" } }] },
] }
TERMS
"""


@pytest.mark.parametrize(("course_class", "asked"), [("major", "C"), ("free", "D")])
def test_no_more_is_asked_than_the_way_that_is_open_needs(
    course_class: str, asked: str, make_pack: Make, make_award: Make, decide: Make
) -> None:
    award = make_award("a", grade=Grade("us", "F"), course_class=course_class)
    found = decide([award], make_pack(BY_CLASS), verify_counterfactuals=True)
    (edit,) = found.decision("a").counterfactual.edits
    assert edit.details == {"fact": "grade", "value": asked}
