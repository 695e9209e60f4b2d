"""A gate of which it is not known whether it applies: what it asks is met all the same, or the question is open."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tests.recognition_rules.trace_checker import complaints

Make = Callable[..., Any]

STRICTER = """
[[eligibility]]
id = "stricter"
title = { en = "Of unaccredited schools 80 are asked" }
when = { not = { issuer_accredited = true } }
require = { score_at_least = 80 }
TERMS
"""

BEFORE = """
[[eligibility]]
id = "before"
title = { en = "Courses begun before 2026 need a score of 80" }
selector = "start"
require = { score_at_least = 80 }
terms = [{ until = 2025-12-31, legal_basis = "example", source = "S0", confirmed = true }]
"""


@pytest.mark.parametrize(
    ("accredited", "score", "status"),
    [
        (True, 10, "counted"),
        (False, 80, "counted"),
        (False, 79, "not_counted"),
        (None, 80, "counted"),  # whether it is asked or not: it has them
        (None, 79, "undetermined"),
        (None, None, "undetermined"),
        (True, None, "counted"),
    ],
)
def test_what_meets_the_gate_passes_whether_it_is_asked_or_not(
    accredited: bool | None, score: int | None, status: str, make_pack: Make, make_award: Make, decide: Make
) -> None:
    found = decide(
        [make_award("a", issuer_accredited=accredited, score=None if score is None else Fraction(score))],
        make_pack(STRICTER),
    )
    assert found.decision("a").status == status
    assert complaints(found.to_json()) == []


@pytest.mark.parametrize(
    ("began", "score", "status"),
    [
        (date(2025, 12, 31), 79, "not_counted"),
        (date(2026, 1, 1), 79, "counted"),
        (None, 79, "undetermined"),
        (None, 80, "counted"),
    ],
)
def test_the_day_that_picks_the_terms_is_missed_only_where_it_matters(
    began: date | None, score: int, status: str, make_pack: Make, make_award: Make, decide: Make
) -> None:
    found = decide(
        [make_award("a", started_on=began, ended_on=date(2026, 6, 1), score=Fraction(score))], make_pack(BEFORE)
    )
    assert found.decision("a").status == status
    assert complaints(found.to_json()) == []
