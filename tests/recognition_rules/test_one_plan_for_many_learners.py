"""What is remembered of a pack from one learner to the next changes nothing for the next."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_rules.award import Award
from recognition_rules.conditions.atoms import AtLeast
from recognition_rules.conditions.compound import All
from recognition_rules.conditions.settled import holding
from recognition_rules.credits import Credits
from recognition_rules.pack import parse
from recognition_rules.situation import Situation
from recognition_rules.truth import Truth
from tests.recognition_rules.random_pack_text import award_of, text_of
from tests.recognition_rules.random_packs import draw

Make = Callable[..., Any]

PASSED = All((AtLeast("score", Fraction(60), "THRESHOLD_SCORE"), AtLeast("attendance", Fraction(4, 5), "THRESHOLD")))
NOBODY = Situation(on=date(2026, 9, 1), learner={}, levels=None)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("trace", [True, False])
def test_learners_decided_one_after_the_other_are_decided_as_if_each_were_alone(
    seed: int, trace: bool, decide: Make
) -> None:
    text = text_of(draw(seed, most=6))
    shared = parse(text)
    for other in range(seed, seed + 4):
        awards = [award_of(each) for each in draw(other, most=6).awards]
        together, alone = (decide(awards, pack, trace=trace).to_json() for pack in (shared, parse(text)))
        assert together == alone


CAP = """[[limit]]
id = "cap"
title = { en = "Cap" }
selector = "enrolment"
at_most = 3
per = { calendar = "year", date = "ended_on" }
terms = [
  { until = 2019-12-31, value = 6, legal_basis = "old", source = "S0", confirmed = true },
  { from = 2020-01-01, value = 9, legal_basis = "new", source = "S0", confirmed = true },
]
"""


def test_a_bound_by_the_day_of_enrolment_is_not_the_next_learners(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    pack = make_pack(CAP)
    awards = [make_award(f"a{number}") for number in range(4)]
    days = (date(2019, 12, 31), date(2020, 1, 1), None, date(2019, 12, 31))
    told = [{} if day is None else {"enrolled_on": day} for day in days]
    found = [decide(awards, pack, trace=False, learner=learner).totals["counted"] for learner in told]
    assert found == [6, 9, 0, 6]


EXITS = "".join(
    f'[[exit]]\nid = "{name}"\ntitle = {{ en = "{name}" }}\ntotal = {total}\nTERMS\n'
    f'require.all = [{{ test = "{name}-total", title = {{ en = "Total" }}, at_least = {total} }}]\n'
    for name, total in (("certificate", 20), ("diploma", 40))
)
TABLE = """[[limit]]
id = "cap"
title = { en = "Cap" }
table = { key = "exit_award", degree = 9, certificate = 3, diploma = 6 }
TERMS
"""


def test_a_bound_by_the_exit_award_is_not_the_next_learners(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(TABLE + EXITS)
    awards = [make_award(f"a{number}") for number in range(4)]
    sought = ("certificate", "diploma", "degree", "certificate")
    found = [decide(awards, pack, trace=False, exit_award=name).totals["counted"] for name in sought]
    assert found == [3, 6, 9, 3]


@settings(max_examples=100, deadline=None)
@given(
    score=st.sampled_from([None, *(Fraction(n, 2) for n in (0, 119, 120, 121, 200))]),
    attendance=st.sampled_from([None, *(Fraction(n, 10) for n in (0, 7, 8, 9, 10))]),
)
def test_the_quick_test_of_thresholds_is_true_of_what_meets_them_and_of_nothing_else(
    score: Fraction | None, attendance: Fraction | None
) -> None:
    three = Credits(Fraction(3), "kr-credit")
    award = Award(id="a", issuer="school", amount=three, title={}, score=score, attendance=attendance)
    quick = holding(PASSED)
    assert quick is not None
    assert quick(award) == (PASSED.judge(award, NOBODY).truth is Truth.YES)
