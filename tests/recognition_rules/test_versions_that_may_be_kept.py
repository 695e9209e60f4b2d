"""Who met the old criteria in time keeps them; where it is not known whether they were met, nobody is told "short"."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.recognition_rules.conftest import HEAD

Make = Callable[..., Any]

KEPT = """
[[eligibility]]
id = "after"
title = { en = "After the first degree" }
require = { ended_after = { learner = "first_degree_on" } }
TERMS
[[programme]]
id = "degree"
title = { en = "Degree" }
terms = [{ from = 2020-01-01, legal_basis = "example", source = "S0", confirmed = true }]
require.all = [{ test = "total", title = { en = "Total" }, at_least = 48 }]
[[programme.former]]
keep = "criteria-met"
terms = [{ until = 2019-12-31, legal_basis = "example", source = "S0", confirmed = true }]
require.all = [{ test = "total", title = { en = "Total" }, at_least = 35 }]
"""
BY_ID = HEAD.replace('["ended_on", "award_id"]', '["award_id"]')
DAY = date(2010, 1, 1)
EARLY, LATE = date(2019, 12, 31), date(2020, 1, 1)


@pytest.mark.parametrize(
    ("early", "late", "undated", "degree_on", "status"),
    [
        (35, 0, 0, DAY, "granted"),
        (34, 1, 0, DAY, "short"),
        (35, 0, 0, None, "undetermined"),  # after the first degree or before it?
        (34, 0, 0, None, "short"),  # neither version can be met
        (30, 0, 5, DAY, "undetermined"),  # in time or not?
        (29, 0, 5, DAY, "short"),
        (30, 18, 5, DAY, "granted"),  # by either version
        (0, 48, 0, None, "undetermined"),
    ],
)
def test_a_question_that_decides_which_version_holds_leaves_it_open(
    early: int,
    late: int,
    undated: int,
    degree_on: date | None,
    status: str,
    make_pack: Make,
    make_award: Make,
    decide: Make,
) -> None:
    ends = ((early, EARLY), (late, LATE), (undated, None))
    awards = [make_award(f"a{size}{end}", str(size), ended_on=end) for size, end in ends if size]
    learner = {} if degree_on is None else {"first_degree_on": degree_on}
    found = decide(awards, make_pack(programme=KEPT, head=BY_ID), learner=learner)
    assert found.status == status
