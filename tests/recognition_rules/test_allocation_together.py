"""Choosing among awards that stand for courses: several for one, one for several, and some on a condition."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from recognition_rules.cases import CaseResult, run_cases
from recognition_rules.pack import parse
from recognition_rules.recognition import Recognition
from tests.recognition_rules.conftest import HEAD
from tests.recognition_rules.exam_pool import reasons
from tests.recognition_rules.test_articulations import COURIER, TWO_FOR_ONE
from tests.recognition_rules.test_kinds import CASES as KINDS
from tests.recognition_rules.test_kinds import PACKS, UNIVERSITY

Make = Callable[..., Any]

KIND_CASES = (PACKS / "open-university-cases.toml").read_text(encoding="utf-8")
BEST_HEAD = HEAD.replace('"in-order"', '"best"')

FIVE = """
[[limit]]
id = "five"
title = { en = "Five" }
at_most = 5
TERMS
"""


def counting(found: Recognition) -> list[str]:
    return [each.award for each in found.decisions if each.counted]


ONE_CERTIFICATE = """
[[limit]]
id = "one"
title = { en = "One certificate" }
where = { known = "certificate" }
measure = "items"
at_most = 1
TERMS
"""


@pytest.mark.parametrize("head", [HEAD, BEST_HEAD], ids=["in order", "best"])
def test_a_certificate_for_three_courses_is_one_certificate(
    head: str, make_pack: Make, make_award: Make, decide: Make
) -> None:
    pack = make_pack(COURIER + ONE_CERTIFICATE, head=head)
    awards = [make_award(name, "6", facts={"certificate": "courier"}) for name in "ab"]
    for found in (decide(awards[:1], pack), decide(awards, pack)):
        assert found.totals["counted"] == 8
        assert counting(found)[:1] == ["a"]


def test_awards_that_stand_for_a_course_together_count_together_or_not_at_all(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    pack = make_pack(TWO_FOR_ONE + FIVE)
    other = make_award("c", "2", ended_on=date(2025, 6, 19))
    both = [make_award("a", "3", achievement="urn:m1"), make_award("b", "2", achievement="urn:m2")]
    assert counting(decide([*both, make_award("c", "1")], pack)) == ["a", "b", "c"]
    plain = decide([other, *both], pack)
    assert counting(plain) == ["c"]
    assert plain.decision("a").reasons[0].code == plain.decision("b").reasons[0].code == "LIMIT_TOTAL"
    found = decide([other, *both], pack, policy=replace(pack.choose, items="best"))
    assert counting(found) == ["a", "b"]
    assert reasons(found, "c") == [("LIMIT_TOTAL", "five", 2)]
    heavier = decide([other, make_award("d", "3"), *both], pack, policy=replace(pack.choose, items="best"))
    assert counting(heavier) == ["c", "d"]
    assert {heavier.decision(name).status for name in "ab"} == {"not_counted"}
    assert heavier.decision("a").reasons[0].facts["together"] == "b"


@pytest.mark.parametrize("case", KINDS, ids=lambda case: case.id)
def test_conditional_credits_take_room_under_best_too(case: CaseResult) -> None:
    pack = parse(UNIVERSITY.replace('items = "in-order"', 'items = "best"'))
    again = {each.id: each for each in run_cases(pack, KIND_CASES)}[case.id]
    assert again.recognition is not None and case.recognition is not None
    assert dict(again.recognition.totals) == dict(case.recognition.totals)
    assert again.recognition.inputs.policy.items == "best"
