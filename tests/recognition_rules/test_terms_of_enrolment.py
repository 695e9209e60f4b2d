"""Rules of which the terms of the day of enrolment hold: duplicates, conversions, milestones."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.errors import PackInvalid
from recognition_rules.recognition import Recognition
from tests.recognition_rules.conftest import HEAD
from tests.recognition_rules.trace_checker import complaints

Make = Callable[..., Any]

DATED = 'terms = [{ from = 2024-03-01, legal_basis = "new", source = "S0", confirmed = true }]\n'
TWO = """terms = [
  { until = 2024-02-29, value = OLD, legal_basis = "old", source = "S0", confirmed = true },
  { from = 2024-03-01, value = NEW, legal_basis = "new", source = "S0", confirmed = true },
]
"""
BY = 'selector = "enrolment"\n'
TWINS = '[[equivalence]]\nid = "twins"\ntitle = { en = "Twins" }\nkind = "exclusive"\nkey = "achievement"\n'
TWINS += 'blocks = "counted"\n' + BY + DATED
RATIO = '[[ratio]]\nid = "hours"\ntitle = { en = "Hours" }\nfrom = "hour"\nfactor = "1/15"\n' + BY
RATIO += TWO.replace("OLD", '"1/20"').replace("NEW", '"1/15"')
OPENS = '[[milestone]]\nid = "third"\ntitle = { en = "Third" }\nat_least = 9\n' + BY
OPENS += TWO.replace("OLD", "6").replace("NEW", "9")

OLD, NEW = {"enrolled_on": date(2024, 2, 29)}, {"enrolled_on": date(2024, 3, 1)}


def told(found: Recognition) -> list[str]:
    assert complaints(found.to_json()) == []
    return [each.status for each in found.decisions]


def test_duplicates_are_those_of_the_rules_on_the_day_of_enrolment(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    pack = make_pack(TWINS)
    awards = [make_award("a", achievement="urn:x"), make_award("b", achievement="urn:x")]
    assert told(decide(awards, pack, learner=OLD)) == ["counted", "counted"]
    found = decide(awards, pack, learner=NEW)
    assert told(found) == ["counted", "not_counted"]
    step = next(each for each in found.steps if each.rule == "twins")
    assert step.terms is not None
    assert step.terms.to_json()["from"] == "2024-03-01"


@pytest.mark.parametrize(("items", "first"), [("in-order", "counted"), ("best", "undetermined")])
def test_without_the_day_twins_wait_for_it(
    items: str, first: str, make_pack: Make, make_award: Make, decide: Make
) -> None:
    pack = make_pack(TWINS, head=HEAD.replace("in-order", items))
    awards = [make_award("a", achievement="urn:x"), make_award("b", achievement="urn:x"), make_award("c")]
    found = decide(awards, pack)
    assert told(found) == [first, "undetermined", "counted"]
    assert found.decision("b").reasons[0].facts == {"fact": "enrolled_on"}
    assert told(decide([awards[0], awards[2]], pack)) == ["counted", "counted"]


@pytest.mark.parametrize(("learner", "counted"), [(OLD, 3), (NEW, 4)])
def test_credits_are_converted_by_the_ratio_of_the_day_of_enrolment(
    learner: dict[str, date], counted: int, make_pack: Make, make_award: Make, decide: Make
) -> None:
    found = decide([make_award("a", "60", unit="hour")], make_pack(RATIO), learner=learner)
    assert found.totals["counted"] == counted
    assert told(found) == ["counted"]


def test_without_the_day_an_amount_is_open_unless_all_terms_say_the_same(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    award = make_award("a", "60", unit="hour")
    found = decide([award], make_pack(RATIO))
    assert told(found) == ["undetermined"]
    assert [each.facts for each in found.decision("a").reasons] == [{"fact": "enrolled_on"}]
    same = RATIO.replace('"1/20"', '"1/15"')
    assert decide([award], make_pack(same)).totals["counted"] == 4


def test_what_may_not_be_converted_at_all_is_open_without_the_day(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    rule = '[[conversion]]\nid = "ects"\ntitle = { en = "ECTS" }\nmethod = "units-table"\n'
    rule += 'from = ["ects"]\n' + BY + DATED
    pack, award = make_pack(rule), make_award("a", "60", unit="ects")
    assert [told(decide([award], pack, learner=each)) for each in (OLD, {}, NEW)] == [
        ["not_counted"], ["undetermined"], ["counted"],
    ]  # fmt: skip


@pytest.mark.parametrize(("learner", "status"), [(OLD, "open"), (NEW, "not_open"), ({}, "undetermined")])
def test_a_milestone_opens_by_the_terms_of_the_day_of_enrolment(
    learner: dict[str, date], status: str, make_pack: Make, make_award: Make, decide: Make
) -> None:
    found = decide([make_award("a"), make_award("b")], make_pack(OPENS), learner=learner)
    assert [each.status for each in found.entitlements] == [status]
    held = decide([make_award("a"), make_award("b")], make_pack(OPENS), learner=learner, held=["third"])
    assert [each.status for each in held.entitlements] == ["lost" if status == "not_open" else status]
    assert found.entitlements[0].have == Fraction(6)
    assert told(found) == ["counted", "counted"]


def test_terms_that_always_hold_need_no_day(make_pack: Make, make_award: Make, decide: Make) -> None:
    rule = TWINS.replace(DATED, "TERMS\n")
    awards = [make_award("a", achievement="urn:x"), make_award("b", achievement="urn:x")]
    assert told(decide(awards, make_pack(rule))) == ["counted", "not_counted"]


def test_two_learners_of_one_pack_keep_their_own_terms(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(TWINS)
    awards = [make_award("a", achievement="urn:x"), make_award("b", achievement="urn:x")]
    ways = [decide(awards, pack, learner=each) for each in (OLD, NEW, OLD, NEW)]
    assert [each.to_json() for each in ways[:2]] == [each.to_json() for each in ways[2:]]
    assert {str(each.pack["digest"]) for each in ways} == {pack.digest}


def test_another_day_than_those_that_are_carried_out_is_refused(make_pack: Make) -> None:
    with pytest.raises(PackInvalid, match="selector"):
        make_pack(TWINS.replace('"enrolment"', '"award"'))
