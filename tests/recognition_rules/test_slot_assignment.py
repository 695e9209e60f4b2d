"""Slots: an award that could sit in several goes where least is missing, exactly, and the first such choice."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_rules.award import Award
from recognition_rules.input_errors import OptimumNotProven
from recognition_rules.pack import Pack
from recognition_rules.stages import slots

Make = Callable[..., Any]

PROGRAMME = """
[[programme]]
id = "degree"
title = { en = "Degree" }
TERMS
require.all = [
  { slot = "arts", title = { en = "Arts" }, where = { area = ["arts", "both", "all"] }, at_least = 9 },
  { slot = "science", title = { en = "Science" }, where = { area = ["science", "both", "all"] }, at_least = 7 },
  { slot = "law", title = { en = "Law" }, where = { area = ["law", "all"] }, measure = "items", at_least = 2 },
  { slot = "rest", title = { en = "Rest" }, rest = true },
]
"""
NEEDS = {"arts": 9, "science": 7, "law": 2}
MAY = {"arts": ["arts"], "science": ["science"], "law": ["law"], "both": ["arts", "science"], "none": ["rest"]}
MAY["all"] = ["arts", "science", "law"]


def shortfall(areas: list[tuple[str, Fraction]], seats: tuple[str, ...]) -> Fraction:
    have = dict.fromkeys([*NEEDS, "rest"], Fraction(0))
    for (_, amount), seat in zip(areas, seats, strict=True):
        have[seat] += 1 if seat == "law" else amount
    return sum((max(need - have[slot], Fraction(0)) for slot, need in NEEDS.items()), Fraction(0))


@pytest.fixture(scope="module")
def pack(make_pack: Make) -> Pack:
    found: Pack = make_pack(programme=PROGRAMME)
    return found


@settings(max_examples=60, deadline=None)
@given(
    areas=st.lists(
        st.tuples(st.sampled_from(sorted(MAY)), st.fractions(1, 5, max_denominator=3)), min_size=1, max_size=6
    )
)
def test_the_seats_are_the_first_of_the_best_of_all_seatings(
    pack: Pack, make_award: Make, decide: Make, areas: list[tuple[str, Fraction]]
) -> None:
    awards = [make_award(f"a{n}", str(amount), area=area) for n, (area, amount) in enumerate(areas)]
    found = decide(awards, pack)
    seats = tuple(str(decision.slot) for decision in found.decisions)
    seatings = list(product(*(MAY[area] for area, _ in areas)))
    least = min(shortfall(areas, seating) for seating in seatings)
    assert found.objectives[0].value == least
    assert seats == next(seating for seating in seatings if shortfall(areas, seating) == least)


def test_a_course_moves_only_where_that_helps(pack: Pack, make_award: Make, decide: Make) -> None:
    awards: list[Award] = [make_award("a", "9", area="arts"), make_award("b", "7", area="both")]
    found = decide(awards, pack)
    assert [each.slot for each in found.decisions] == ["arts", "science"]
    assert found.method == "dynamic"
    assert decide(awards[:1], pack).method == "in-order"


def test_the_surplus_of_a_slot_stays_there(pack: Pack, make_award: Make, decide: Make) -> None:
    result = decide([make_award("a", "12", area="arts")], pack).requirement("arts")
    assert (result.have, result.surplus, result.shortfall) == (12, 3, 0)


def test_what_cannot_be_proven_is_an_error_and_no_second_best(
    pack: Pack, make_award: Make, decide: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "MAX_STATES", 5)
    awards = [make_award(f"a{n}", str(Fraction(1, 7)), area="all") for n in range(6)]
    with pytest.raises(OptimumNotProven):
        decide(awards, pack)
