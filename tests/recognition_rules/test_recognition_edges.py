"""Corners of the engine where a wrong answer, or none, would be easy, and rules that are not in force."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.input_errors import AwardMalformed
from recognition_rules.programme import Syllabus

Make = Callable[..., Any]

KNOWN_AND_PASSED = """
[[eligibility]]
id = "listed"
title = { en = "Listed, and passed" }
require = { known = "gazette_code", score_at_least = 60 }
TERMS
"""

TWINS = """
[[equivalence]]
id = "same"
title = { en = "Same course" }
where = { source = ["course"] }
kind = "exclusive"
key = "title-core"
blocks = "counted"
TERMS
"""

WINDOW = """
[[programme]]
id = "degree"
title = { en = "Degree" }
TERMS
require.all = [{ test = "total", title = { en = "Total" }, at_least = 3 }]
[programme.attach_window]
id = "cut-off"
title = { en = "Cut-off" }
date = "ended_on"
by = "award_session"
until = { february = "01-15", august = "07-15" }
terms = [{ from = 2028-01-01, legal_basis = "example", source = "S0", confirmed = true }]
"""

SUBJECTS = """
[[programme]]
id = "degree"
title = { en = "Degree" }
TERMS
require.all = [{ test = "subjects", title = { en = "Subjects" }, all_of = "syllabus:required" }]
"""


def test_what_fails_without_a_finding_fails_beside_the_unknown(make_pack: Make, make_award: Make, decide: Make) -> None:
    found = decide([make_award("a")], make_pack(KNOWN_AND_PASSED)).decision("a")
    assert found.status == "not_counted"
    assert {each.code for each in found.reasons} == {"SOURCE_NOT_ELIGIBLE", "FACT_MISSING"}
    assert sum(each.amount for each in found.reasons) == 3


def test_only_what_a_rule_compares_has_twins(make_pack: Make, make_award: Make, decide: Make) -> None:
    title = {"title": {"ko": "통계학"}}
    awards = [make_award("a", **title), make_award("b", source="exam", **title), make_award("c", **title)]
    found = decide(awards, make_pack(TWINS))
    assert [each.status for each in found.decisions] == ["counted", "counted", "not_counted"]


@pytest.mark.parametrize(("on", "status"), [(date(2027, 12, 31), "counted"), (date(2028, 1, 1), "not_counted")])
def test_a_cut_off_binds_from_the_day_it_is_in_force(
    make_pack: Make, make_award: Make, decide: Make, on: date, status: str
) -> None:
    award = make_award("a", ended_on=date(2027, 1, 16))
    found = decide([award], make_pack(programme=WINDOW), session="2027-02", on=on)
    assert found.decision("a").status == status


def test_a_subject_without_a_title_is_no_required_subject(make_pack: Make, make_award: Make, decide: Make) -> None:
    syllabus = Syllabus("s", "1", ({"ko": "통계학"}, {}))
    awards = [make_award("a", title={}), make_award("b", title={"ko": "통계학"})]
    found = decide(awards, make_pack(programme=SUBJECTS), syllabus=syllabus)
    assert found.requirement("subjects").satisfied == "no"
    assert found.requirement("subjects").have == 1


def test_a_moment_is_no_day(make_award: Make) -> None:
    with pytest.raises(AwardMalformed) as refusal:
        make_award("a", ended_on=datetime(2026, 1, 1, tzinfo=UTC))
    assert refusal.value.facts["field"] == "ended_on"
    assert make_award("a", ended_on=date(2026, 1, 1)).amount.amount == Fraction(3)
