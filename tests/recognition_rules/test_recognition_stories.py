"""The engine beyond Korea: nested pools, shares, levels, dated terms, parts of awards, and what stays unknown."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.award import Award, Grade, LearningOutcome
from recognition_rules.levels import Level
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.packs import builtin
from tests.recognition_rules.exam_pool import POOL, reasons

Make = Callable[..., Any]


SPLIT = 'objectives = ["shortfall", "counted", "canonical"]\nsplit = [{ step = 1, where = { source = ["exam"] } }]\n'


def test_the_innermost_limit_without_room_is_named(make_pack: Make, make_award: Make, decide: Make) -> None:
    awards = [
        make_award("a", "20", source="exam", area="ib"),
        make_award("b", "6", source="exam", area="ib"),
        make_award("c", "10", source="exam", area="ap"),
        make_award("d", "1", source="exam", area="ap"),
    ]
    found = decide(awards, make_pack(POOL))
    assert found.totals["counted"] == 30
    assert reasons(found, "b") == [("LIMIT_TOTAL", "CAP_IB_24", 6)]
    assert reasons(found, "d") == [("LIMIT_TOTAL", "CAP_EXAM_POOL_30", 1)]


def test_credit_that_may_be_split_counts_as_far_as_it_fits(
    pack_text: Make, make_pack: Make, make_award: Make, decide: Make
) -> None:
    head = pack_text().split("[sources]")[0].replace('objectives = ["shortfall", "counted", "canonical"]\n', SPLIT)
    head += "[sources]" + pack_text().split("[sources]")[1].split("\n[classification]")[0]
    awards = [
        make_award("a", "28", source="exam", area="ap"),
        make_award("b", "26", source="exam", area="ib"),
        make_award("c", "5", source="exam", area="ap"),
    ]
    found = decide(awards, make_pack(POOL, head=head))
    second = found.decision("b")
    assert (second.status, second.counted) == ("partly", 2)
    assert reasons(found, "b") == [("LIMIT_TOTAL", "CAP_IB_24", 2), ("LIMIT_TOTAL", "CAP_EXAM_POOL_30", 22)]
    assert reasons(found, "c") == [("LIMIT_TOTAL", "CAP_EXAM_POOL_30", 5)]


def test_a_share_is_of_this_programmes_own_total(make_pack: Make, make_award: Make, decide: Make) -> None:
    rule = """
[[limit]]
id = "prior-learning"
title = { en = "Prior learning" }
where = { source = ["exam"] }
at_most = { share = "1/3", of = "programme.total" }
TERMS
"""
    awards = [make_award("a", "20", source="exam"), make_award("b", "1", source="exam")]
    found = decide(awards, make_pack(rule))
    assert found.decision("a").status == "counted"
    assert reasons(found, "b") == [("LIMIT_SHARE", "prior-learning", 1)]


def test_a_limit_for_each_area_counts_courses_and_exams_together(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    rule = """
[[limit]]
id = "area-10"
title = { en = "Ten an area" }
at_most = 10
per = { key = "area" }
TERMS
"""
    awards = [
        make_award("a", "8", area="arts"),
        make_award("b", "3", area="arts", source="exam"),
        make_award("c", "9", area="science"),
        make_award("d", "1"),
    ]
    found = decide(awards, make_pack(rule))
    assert reasons(found, "b") == [("LIMIT_AREA", "area-10", 3)]
    assert found.decision("d").status == "undetermined"
    assert reasons(found, "d") == [("FACT_MISSING", "area-10", 1)]
    assert found.totals["counted"] == 17


DATED = """
[[limit]]
id = "year-cap"
title = { en = "Year" }
at_most = 24
per = { calendar = "year" }
terms = [
  { from = 2010-03-01, until = 2020-02-29, value = 6, legal_basis = "old", source = "S0", confirmed = true },
  { from = 2020-03-01, value = 9, legal_basis = "new", source = "S0", confirmed = false },
]
"""


@pytest.mark.parametrize(
    ("ended", "counted", "version"),
    [
        (date(2010, 2, 28), 12, None),
        (date(2010, 3, 1), 6, "1"),
        (date(2020, 2, 29), 6, "1"),
        (date(2020, 3, 1), 9, "2"),
    ],
)
def test_the_terms_of_a_period_are_those_of_its_first_day(
    make_pack: Make, make_award: Make, decide: Make, ended: date, counted: int, version: str | None
) -> None:
    awards = [make_award(name, ended_on=ended) for name in "abcd"]
    found = decide(awards, make_pack(DATED))
    assert found.totals["counted"] == counted
    versions = {step.terms.version for step in found.steps if step.rule == "year-cap" and step.terms}
    assert versions == ({version} if version else set())


def test_a_gate_uses_the_terms_of_the_day_the_course_ended(make_pack: Make, make_award: Make, decide: Make) -> None:
    rule = """
[[eligibility]]
id = "score"
title = { en = "Score" }
require = { score_at_least = 70 }
terms = [{ from = 2020-03-01, legal_basis = "x", source = "S0", confirmed = true }]
"""
    awards = [
        make_award("before", score=Fraction(60), ended_on=date(2020, 2, 29)),
        make_award("after", score=Fraction(60), ended_on=date(2020, 3, 1)),
    ]
    found = decide(awards, make_pack(rule))
    assert found.decision("before").status == "counted"
    assert reasons(found, "after") == [("THRESHOLD_SCORE", "score", 3)]


LEVEL = """
[[eligibility]]
id = "level"
title = { en = "Level" }
require = { level_at_least = { framework = "scqf", value = 10 } }
TERMS
"""


@pytest.mark.parametrize(
    ("level", "status", "code"),
    [
        (Level("scqf", Fraction(10)), "counted", None),
        (Level("scqf", Fraction(9)), "not_counted", "LEVEL_BELOW"),
        (None, "undetermined", "FACT_MISSING"),
        (Level("nonesuch", Fraction(9)), "undetermined", "FACT_MISSING"),
    ],
)
def test_a_level_is_tested_with_three_answers(
    make_pack: Make, make_award: Make, decide: Make, level: Level | None, status: str, code: str | None
) -> None:
    pack, levels = make_pack(LEVEL), parse_levels(builtin("levels"))
    for table in (None, levels):
        decision = decide([make_award("a", level=level)], pack, levels=table).decision("a")
        assert decision.status == status
        assert [each.code for each in decision.reasons] == ([code] if code else [])


def test_a_mapped_level_that_straddles_the_minimum_asks_for_a_judgement(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    levels = parse_levels(builtin("levels"))
    source = next(
        (framework, value)
        for (framework, target), found in levels.maps.items()
        if target == "scqf"
        for value, row in found.rows.items()
        if min(row) < 10 <= max(row)
    )
    award = make_award("a", level=Level(*source))
    decision = decide([award], make_pack(LEVEL), levels=levels).decision("a")
    assert decision.status == "undetermined"
    assert decision.reasons[0].code == "LEVEL_STRADDLES"
    assert decision.reasons[0].amount == 3


def test_a_minimum_at_a_level_is_a_test_over_the_same_credits(make_pack: Make, make_award: Make, decide: Make) -> None:
    level = """
[[set]]
id = "level-6"
where = { level_at_least = { framework = "rqf", value = 6 } }
[[set]]
id = "own"
where = { issuer = ["school"] }
"""
    programme = """
[[programme]]
id = "degree"
title = { en = "Honours" }
parts = { total = 120 }
TERMS
require.all = [
  { test = "total", title = { en = "Total" }, at_least = { ref = "programme.total" } },
  { test = "level-6", title = { en = "Level 6" }, at_least = 90, on = "level-6" },
  { test = "own", title = { en = "Own" }, on = "own", at_least = { share = "25%", of = "programme.total" } },
  { test = "own-of-counted", title = { en = "Own share" }, on = "own", at_least = { share = "25%", of = "counted" } },
]
"""
    low, high = Level("rqf", Fraction(5)), Level("rqf", Fraction(6))
    awards = [make_award("a", "40", level=low), make_award("b", "80", level=high, issuer="elsewhere")]
    found = decide(awards, make_pack(level, programme=programme))
    answers = {each.id: (each.satisfied, each.needed, each.have) for each in found.requirements}
    assert answers == {
        "total": ("yes", 120, 120),
        "level-6": ("no", 90, 80),
        "own": ("yes", 30, 40),
        "own-of-counted": ("yes", 30, 40),
    }
    codes = {step.rule: step.result for step in found.steps if step.stage == "requirements"}
    assert codes["level-6"] == "SHORT_LEVEL"
    assert found.status == "short"


def test_every_learning_outcome_must_be_reached(make_pack: Make, make_award: Make, decide: Make) -> None:
    rule = """
[[eligibility]]
id = "outcomes"
title = { en = "Outcomes" }
require = { outcomes_at_least = "50%" }
TERMS
"""
    reached = (LearningOutcome("1", Fraction(50)), LearningOutcome("2", Fraction(90)))
    awards = [
        make_award("a", outcomes=reached),
        make_award("b", outcomes=(LearningOutcome("1", Fraction("49.9")), LearningOutcome("2", Fraction(90)))),
        make_award("c", outcomes=(LearningOutcome("1"), LearningOutcome("2", Fraction(90)))),
    ]
    found = decide(awards, make_pack(rule))
    assert [each.status for each in found.decisions] == ["counted", "not_counted", "undetermined"]
    assert found.decision("b").reasons[0].facts["outcome"] == "1"


def test_any_needs_one_and_not_turns_round(make_pack: Make, make_award: Make, decide: Make) -> None:
    rule = """
[[eligibility]]
id = "either"
title = { en = "Either" }
require = { any = [{ grade_among = { scheme = "us-letter", values = ["A", "B"] } }, { score_at_least = 60 }] }
TERMS
[[eligibility]]
id = "not-capstone"
title = { en = "No capstone" }
require = { not = { fact = { name = "component", among = ["capstone"] } } }
when = { known = "component" }
TERMS
"""
    graded, failed = Grade("us-letter", "B"), Grade("us-letter", "F")
    awards = [
        make_award("a", grade=graded, score=Fraction(0)),
        make_award("b", grade=failed, score=Fraction(10)),
        make_award("c", grade=failed),
        make_award("d", grade=graded, facts={"component": "capstone"}),
    ]
    found = decide(awards, make_pack(rule))
    assert [each.status for each in found.decisions] == ["counted", "not_counted", "undetermined", "not_counted"]
    assert [each.code for each in found.decision("b").reasons] == ["THRESHOLD_GRADE", "THRESHOLD_SCORE"]
    assert [each.amount for each in found.decision("b").reasons] == [3, 0]


def test_the_gazette_of_the_right_year_decides(make_pack: Make, make_award: Make, decide: Make) -> None:
    rules = """
[[register]]
id = "gazette"
key = "certificate"
title = { en = "Gazette" }
[[register.edition]]
from = 2024-01-01
until = 2024-12-31
complete = true
source = "S0"
confirmed = true
rows = [{ code = "welder", amount = 10 }, { code = "baker" }]
[[register.edition]]
from = 2025-01-01
complete = true
source = "S0"
confirmed = true
rows = [{ code = "baker" }]
[[eligibility]]
id = "listed"
title = { en = "Listed" }
require = { listed = { list = "gazette", as_at = "awarded_on" } }
TERMS
"""

    def certificate(name: str, code: str, on: date, amount: str = "10") -> Award:
        award: Award = make_award(name, amount, facts={"certificate": code}, awarded_on=on)
        return award

    awards = [
        certificate("a", "welder", date(2024, 12, 31)),
        certificate("b", "welder", date(2025, 1, 1)),
        certificate("c", "baker", date(2025, 1, 1)),
        certificate("d", "baker", date(2023, 12, 31)),
        certificate("e", "welder", date(2024, 1, 1), "12"),
    ]
    found = decide(awards, make_pack(rules))
    statuses = [each.status for each in found.decisions]
    assert statuses == ["counted", "not_counted", "counted", "undetermined", "not_counted"]
    assert found.decision("d").reasons[0].code == "JUDGEMENT_NEEDED"
    assert found.decision("e").reasons[0].facts["listed"] == "10"
