"""The engine's answers: conversions, what stays open, uses, what would change a decision, and what is an error."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.award import Use
from recognition_rules.input_errors import AwardConflict, UnknownProgramme
from recognition_rules.pack import Pack
from recognition_rules.policy import Policy
from tests.recognition_rules.exam_pool import POOL, reasons

Make = Callable[..., Any]


CONVERSION = """
[[conversion]]
id = "foreign"
title = { en = "Foreign credits" }
from = ["scqf", "ects", "hk-qf", "us-ceu"]
method = "units-table"
TERMS
"""


def test_a_range_of_hours_stays_a_range_until_somebody_declares_an_end(
    pack_text: Make, make_award: Make, decide: Make, make_pack: Make
) -> None:
    head = pack_text().split("\n[classification]")[0].replace('unit = "kr-credit"', 'unit = "ects"')
    award = make_award("a", "20", "scqf")
    open_ended = decide([award], make_pack(CONVERSION, head=head)).decision("a")
    assert (open_ended.status, open_ended.reasons[0].code) == ("undetermined", "HOURS_RANGE")
    assert dict(open_ended.reasons[0].facts) == {"low": "20/3", "high": "8"}
    low = CONVERSION.replace("TERMS", 'range = "low"\nTERMS')
    assert decide([award], make_pack(low, head=head)).decision("a").counted == Fraction(20, 3)
    rounded = CONVERSION.replace("TERMS", 'round = { mode = "floor", increment = 6, point = "item" }\nTERMS')
    common = decide([award], make_pack(rounded, head=head)).decision("a")
    assert (common.status, common.counted) == ("partly", 6)
    assert common.reasons[0].code == "ROUNDED_AWAY"


def test_a_declared_rounding_of_items_says_what_it_took_away(make_pack: Make, make_award: Make, decide: Make) -> None:
    floor = CONVERSION.replace("TERMS", 'round = { mode = "floor", increment = "1/2", point = "item" }\nTERMS')
    found = decide([make_award("a", "10", "hk-qf")], make_pack(floor)).decision("a")
    assert (found.amount, found.counted) == (Fraction(20, 9), 2)
    assert [(each.code, each.amount) for each in found.reasons] == [("ROUNDED_AWAY", Fraction(2, 9))]


def test_units_without_a_way_are_refused_and_not_guessed(make_pack: Make, make_award: Make, decide: Make) -> None:
    awards = [make_award("a", unit="us-ceu"), make_award("b", unit="moon-credit"), make_award("c", unit="ects")]
    found = decide(awards, make_pack(CONVERSION))
    assert reasons(found, "a") == [("UNIT_NOT_CONVERTIBLE", "foreign", 0)]
    assert reasons(found, "b") == [("UNIT_NOT_CONVERTIBLE", "NO_CONVERSION", 0)]
    assert found.decision("c").counted == Fraction(3, 2)


def test_n_of_some_requirements_takes_the_cheapest(make_pack: Make, make_award: Make, decide: Make) -> None:
    programme = """
[[programme]]
id = "degree"
title = { en = "Degree" }
TERMS
require.all = [{ id = "two", title = { en = "Two of three" }, at_least = 2, of = [
  { test = "a", title = { en = "A" }, where = { area = ["a"] }, at_least = 3 },
  { test = "b", title = { en = "B" }, where = { area = ["b"] }, at_least = 10 },
  { test = "c", title = { en = "C" }, where = { area = ["c"] }, measure = "items", at_least = 2 },
] }]
"""
    awards = [make_award("1", area="a"), make_award("2", area="c", amount="1"), make_award("3", area="b")]
    found = decide(awards, make_pack(programme=programme))
    assert found.status == "short"
    assert found.requirement("two").have == 1
    assert found.objectives[0].value == 1
    more = decide([*awards, make_award("4", area="c")], make_pack(programme=programme))
    assert more.status == "granted"


def test_an_award_that_may_still_count_leaves_the_requirement_open(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    known, unknown = make_award("a", "50"), make_award("b", "10", course_class=None)
    assert decide([known, unknown], make_pack()).status == "undetermined"
    assert decide([known, make_award("b", "9", course_class=None)], make_pack()).status == "short"


def test_application_order_is_a_fact_and_its_absence_is_undetermined(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    policy = Policy("in-order", "best", ("received_on", "sequence", "award_id"), ("shortfall", "counted", "canonical"))
    first = date(2026, 1, 1)
    awards = [
        make_award("A10", received_on=first, sequence=10),
        make_award("A2", received_on=first, sequence=2),
        make_award("B", received_on=first),
    ]
    found = decide(awards, make_pack(POOL), policy=policy)
    assert [each.award for each in found.decisions] == ["A2", "A10", "B"]
    assert found.decision("B").reasons[0].facts == {"fact": "sequence"}


def test_used_credits_are_used_and_a_release_would_free_them(make_pack: Make, make_award: Make, decide: Make) -> None:
    found = decide([make_award("a")], make_pack(), used=[Use("a", "degree-1")], verify_counterfactuals=True).decision(
        "a"
    )
    assert (found.status, found.reasons[0].code) == ("not_counted", "ALREADY_REDEEMED")
    assert found.counterfactual is not None
    assert found.counterfactual.to_json() == {
        "edits": [{"do": "release", "award": "a", "by": "degree-1"}],
        "gain": {"counted": "3"},
        "displaces": [],
        "verified": True,
    }


def test_more_would_count_only_if_another_gave_way(make_pack: Make, make_award: Make, decide: Make) -> None:
    awards = [make_award("a", "20", source="exam"), make_award("b", "10", source="exam")]
    awards += [make_award("c", "9", source="exam")]
    pool = POOL.split('[[limit]]\nid = "exam-ib"')[0]
    found = decide(awards, make_pack(pool), verify_counterfactuals=True).decision("c").counterfactual
    assert found is not None
    assert (found.displaces, found.gain, found.verified) == (("b",), -1, True)


def test_that_nothing_would_change_it_is_an_answer(make_pack: Make, make_award: Make, decide: Make) -> None:
    awards = [make_award("a", revoked=True)]
    settled = decide(awards, make_pack(), verify_counterfactuals=True).decision("a").counterfactual
    assert settled is not None
    assert settled.to_json()["code"] == "NO_SMALL_CHANGE"
    assert decide(awards, make_pack()).decision("a").counterfactual is None


def test_one_award_twice_is_one_and_two_of_one_id_are_an_error(make_pack: Make, make_award: Make, decide: Make) -> None:
    award = make_award("a")
    assert decide([award, make_award("a")], make_pack()).totals["submitted"] == 3
    with pytest.raises(AwardConflict):
        decide([award, make_award("a", "4")], make_pack())


def test_a_programme_that_the_pack_lacks_is_an_error(make_pack: Callable[..., Pack], decide: Make) -> None:
    with pytest.raises(UnknownProgramme) as refusal:
        decide([], make_pack(), programme="doctorate")
    assert refusal.value.facts["known"] == "degree"


def test_nothing_at_all_is_recognised_as_nothing(make_pack: Make, decide: Make) -> None:
    found = decide([], make_pack())
    assert (found.status, found.totals["submitted"], found.decisions) == ("short", 0, ())
