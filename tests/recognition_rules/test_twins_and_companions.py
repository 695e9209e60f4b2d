"""Where twins block each other before the choice, and awards count only together: the same answer in order and best."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import pytest

from recognition_rules.recognition import Recognition
from tests.recognition_rules.test_articulations import TWO_FOR_ONE

Make = Callable[..., Any]
Items = Literal["in-order", "best"]

TWINS = """
[[equivalence]]
id = "twins"
kind = "exclusive"
key = "title-core"
blocks = "eligible"
title = { en = "Twins" }
TERMS
"""

THREE = """
[[limit]]
id = "three"
title = { en = "Three" }
at_most = 3
TERMS
"""


def pair(make_award: Make, late_title: str) -> list[Any]:
    """`a` and `b` stand for a course together; `b` ends last and has the title `late_title`."""
    return [
        make_award("a", "3", achievement="urn:m1", ended_on=date(2025, 3, 1)),
        make_award("b", "2", achievement="urn:m2", ended_on=date(2025, 9, 1), title={"ko": late_title}),
    ]


def amounts(found: Recognition) -> dict[str, int]:
    return {each.award: int(each.counted) for each in found.decisions}


def reasons(found: Recognition, award: str) -> list[tuple[str, object]]:
    return [(each.code, each.facts.get("with") or each.facts.get("together")) for each in found.decision(award).reasons]


@pytest.fixture(params=["in-order", "best"])
def items(request: pytest.FixtureRequest) -> Items:
    chosen: Items = request.param
    return chosen


def test_the_first_eligible_twin_is_the_first_by_its_own_day_not_by_its_companions(
    items: Items, make_pack: Make, make_award: Make, decide: Make
) -> None:
    pack = make_pack(TWO_FOR_ONE + TWINS)
    awards = [*pair(make_award, "헌법"), make_award("c", "1", title={"ko": "헌법"}, ended_on=date(2025, 6, 1))]
    found = decide(awards, pack, policy=replace(pack.choose, items=items))
    assert amounts(found) == {"a": 0, "c": 1, "b": 0}
    assert reasons(found, "b") == [("DUPLICATE_OF", ["c"])]
    assert reasons(found, "a")[0] == ("DUPLICATE_OF", ["c"])
    assert found.decision("a").reasons[0].facts["together"] == "b"


def test_an_eligible_twin_keeps_its_place_though_its_companion_finds_no_room(
    items: Items, make_pack: Make, make_award: Make, decide: Make
) -> None:
    pack = make_pack(TWO_FOR_ONE + TWINS + THREE)
    awards = [*pair(make_award, "헌법"), make_award("d", "1", title={"ko": "헌법"}, ended_on=date(2026, 1, 1))]
    found = decide(awards, pack, policy=replace(pack.choose, items=items))
    assert amounts(found) == {"a": 0, "b": 0, "d": 0}
    assert reasons(found, "d") == [("DUPLICATE_OF", ["b"])]


def test_an_award_does_not_count_without_its_companion_that_was_used_up_as_a_twin(
    items: Items, make_pack: Make, make_award: Make, decide: Make
) -> None:
    pack = make_pack(TWO_FOR_ONE + TWINS)
    early = make_award("e", "5", title={"ko": "헌법"}, ended_on=date(2024, 6, 1))
    found = decide([early, *pair(make_award, "헌법")], pack, policy=replace(pack.choose, items=items))
    assert amounts(found) == {"e": 5, "a": 0, "b": 0}


SHARED = """
[[limit]]
id = "half"
title = { en = "Half" }
where = { source = ["exam"] }
at_most = { share = "50%", of = "registered" }
TERMS
"""


def test_the_whole_answer_is_that_of_plain_order_where_that_is_best(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    pack = make_pack(SHARED)
    awards = [make_award("a", "3"), make_award("b", "3", source="exam"), make_award("c", "3", source="exam")]
    plain, best = (decide(awards, pack, policy=replace(pack.choose, items=each)) for each in ("in-order", "best"))
    assert best.method == "in-order-proved"
    assert [each.to_json() for each in best.steps] == [each.to_json() for each in plain.steps]
    assert [each.to_json() for each in best.decisions] == [each.to_json() for each in plain.decisions]


def test_giving_up_a_companion_lets_an_award_count_by_itself(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(TWO_FOR_ONE.replace('otherwise = "refused"', "") + THREE)
    found = decide(pair(make_award, "헌법"), pack, verify_counterfactuals=True)
    assert amounts(found) == {"a": 0, "b": 0}
    changes = [each.counterfactual.to_json() for each in found.decisions]
    assert [each["edits"] for each in changes] == [
        [{"do": "give_up", "award": "b"}],
        [{"do": "give_up", "award": "a"}],
    ]


def test_giving_up_an_award_that_came_later_may_be_the_smallest_change(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    """Of five credits of room two awards of 2 and one of 1 take all; without the small one the award of 5 is better."""
    pack = make_pack(THREE.replace("at_most = 3", "at_most = 5"))
    awards = [
        make_award(name, amount, ended_on=date(2025, month, 1))
        for name, amount, month in (("a", "2", 3), ("b", "2", 4), ("large", "5", 5), ("small", "1", 6), ("c", "2", 7))
    ]
    found = decide(awards, pack, policy=replace(pack.choose, items="best"), verify_counterfactuals=True)
    assert amounts(found) == {"a": 2, "b": 2, "large": 0, "small": 1, "c": 0}
    changed = found.decision("large").counterfactual
    assert [edit.details for edit in changed.edits] == [{"award": "small"}]
    assert (changed.displaces, changed.gain) == (("a", "b", "small"), 0)
