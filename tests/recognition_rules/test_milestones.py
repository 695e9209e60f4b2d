"""What opens on the way: at a number of credits (R11), or by tests of any form; and what is lost again."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from recognition_rules.errors import PackInvalid
from recognition_rules.pack import Pack
from tests.recognition_rules import requirement_packs as packs

Make = Callable[..., Any]

CREDITS = '[[milestone]]\nid = "m"\ntitle = { en = "M" }\nat_least = 41\nTERMS\n'


def by_tests(*tests: str) -> str:
    return (
        '[[milestone]]\nid = "m"\ntitle = { en = "M" }\nTERMS\n[milestone.require]\nall = [\n' + "".join(tests) + "]\n"
    )


MAJOR = packs.test("m-major", 'where = { class = ["major"] }, at_least = 12')
SUBJECT = packs.test("m-subject", 'all_of = [{ en = "Statistics" }]')


@pytest.fixture
def pack(make_pack: Make) -> Callable[..., Pack]:
    def build(rules: str) -> Pack:
        made: Pack = make_pack(rules, packs.programme(packs.TOTAL), packs.HEAD)
        return made

    return build


@pytest.mark.parametrize(("credits_", "status"), [("40", "not_open"), ("41", "open"), ("122/3", "not_open")])
def test_41_credits_make_an_expected_graduate(
    pack: Make, make_award: Make, decide: Make, credits_: str, status: str
) -> None:
    found = decide([make_award("a", credits_, "us-semester", source="own")], pack(CREDITS))
    assert found.entitlements[0].status == status


@pytest.mark.parametrize(
    ("major", "title", "status", "figures"),
    [
        ("12", "Statistics", "open", (2, 2)),
        ("9", "Statistics", "not_open", (2, 1)),
        ("12", "History", "not_open", (2, 1)),
    ],
)
def test_a_milestone_may_ask_for_anything_a_test_can_ask(
    pack: Make, make_award: Make, decide: Make, major: str, title: str, status: str, figures: tuple[int, int]
) -> None:
    awards = [
        make_award("a", major, "us-semester", source="own"),
        make_award("b", "0", "us-semester", source="own"),
        make_award("c", "3", "us-semester", source="own", course_class="free", title={"en": title}),
    ]
    entitlement = decide(awards, pack(by_tests(MAJOR, SUBJECT))).entitlements[0]
    assert (entitlement.status, (entitlement.needed, entitlement.have)) == (status, figures)


def test_a_single_test_shows_its_own_figures(pack: Make, make_award: Make, decide: Make) -> None:
    entitlement = decide([make_award("a", "9", "us-semester", source="own")], pack(by_tests(MAJOR))).entitlements[0]
    assert (entitlement.needed, entitlement.have) == (12, 9)


def test_what_was_held_is_lost_when_a_course_is_revoked(pack: Make, make_award: Make, decide: Make) -> None:
    rules = pack(by_tests(MAJOR))
    award = make_award("a", "12", "us-semester", source="own")
    assert decide([award], rules, held=["m"]).entitlements[0].status == "open"
    revoked = make_award("a", "12", "us-semester", source="own", revoked=True)
    assert decide([revoked], rules, held=["m"]).entitlements[0].status == "lost"


def test_an_unknown_mark_leaves_a_milestone_open(pack: Make, make_award: Make, decide: Make) -> None:
    gate = '[[eligibility]]\nid = "mark"\ntitle = { en = "Mark" }\nTERMS\n[eligibility.require]\nscore_at_least = 50\n'
    found = decide([make_award("a", "12", "us-semester", source="own")], pack(gate + by_tests(MAJOR)))
    assert found.entitlements[0].status == "undetermined"


@pytest.mark.parametrize(
    ("milestone", "word"),
    [
        (CREDITS + "[milestone.require]\nall = [" + MAJOR.strip().rstrip(",") + "]\n", "either"),
        (by_tests(packs.slot("s", 'where = { class = ["major"] }, at_least = 3')), "Only tests"),
        ('[[milestone]]\nid = "m"\ntitle = { en = "M" }\nTERMS\n', "either"),
    ],
)
def test_a_milestone_that_cannot_be_read_is_refused(pack: Make, milestone: str, word: str) -> None:
    with pytest.raises(PackInvalid, match=word):
        pack(milestone)


FORMER = """
[[programme]]
id = "degree"
title = { en = "Degree" }
versions_by = "DAY"
terms = [{ from = 2020-01-01, legal_basis = "new", source = "S0", confirmed = true }]
require.all = [{ test = "total", title = { en = "Total" }, at_least = 12 }]
[[programme.former]]
terms = [{ until = 2019-12-31, legal_basis = "old", source = "S0", confirmed = true }]
require.all = [{ test = "total", title = { en = "Total" }, at_least = 6 }]
"""


@pytest.mark.parametrize(("by", "fact"), [("enrolment", "enrolled_on"), ("application", "applied_on")])
def test_the_version_of_a_programme_goes_by_enrolment_or_application(
    make_pack: Make, make_award: Make, decide: Make, by: str, fact: str
) -> None:
    """R52: who enrolled under the old catalogue is measured by it, whenever the decision is made."""
    rules = make_pack("", FORMER.replace("DAY", by), packs.HEAD)
    awards = [make_award(name, "3", "us-semester", source="own") for name in "ab"]
    assert decide(awards, rules, learner={fact: date(2019, 12, 31)}).status == "granted"
    assert decide(awards, rules, learner={fact: date(2020, 1, 1)}).status == "short"


def test_without_the_day_of_enrolment_nothing_is_settled(make_pack: Make, make_award: Make, decide: Make) -> None:
    rules = make_pack("", FORMER.replace("DAY", "enrolment"), packs.HEAD)
    found = decide([make_award("a", "30", "us-semester", source="own")], rules)
    assert (found.status, found.requirement("total").satisfied) == ("undetermined", "undetermined")
    assert next(step for step in found.steps if step.rule == "total").inputs["missing"] == "enrolled_on"
    by_decision = make_pack("", FORMER.replace("DAY", "decision"), packs.HEAD)
    assert decide([make_award("a", "30", "us-semester", source="own")], by_decision).status == "granted"
