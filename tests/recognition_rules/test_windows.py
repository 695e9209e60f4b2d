"""The last credits of a learner: 30 of the last 60 from the own institution (R42), lined up before the choice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from recognition_rules.award import Award
from recognition_rules.errors import PackInvalid
from recognition_rules.pack import Pack
from recognition_rules.recognition import RequirementResult
from tests.recognition_rules import requirement_packs as packs

Make = Callable[..., Any]
LAST = '{ last = 60, by = ["ended_on", "award_id"], among = "eligible", straddling = "whole" }'
OWN = 'where = { source = ["own"] }, at_least = 30'
FIRST_DAY = date(2020, 3, 1)


@pytest.fixture
def pack(make_pack: Make) -> Callable[..., Pack]:
    def build(window: str = LAST, own: str = OWN, rules: str = "", head: str = packs.HEAD) -> Pack:
        tree = packs.test("last-60", f"{own}, window = {window}")
        made: Pack = make_pack(rules, packs.programme(tree), head)
        return made

    return build


@pytest.fixture
def in_turn(make_award: Make) -> Callable[..., list[Award]]:
    """Courses one after the other: `o12 t6` are an own one of 12 and a transferred one of 6."""

    def build(text: str) -> list[Award]:
        sources = {"o": "own", "t": "transfer"}
        words = enumerate(text.split())
        return [
            make_award(
                f"{n:02d}", word[1:], "us-semester", source=sources[word[0]], ended_on=FIRST_DAY + timedelta(90 * n)
            )
            for n, word in words
        ]

    return build


@pytest.fixture
def read(decide: Make) -> Callable[..., RequirementResult]:
    return lambda awards, pack: decide(awards, pack).requirement("last-60")


@pytest.mark.parametrize(
    ("courses", "have", "satisfied"),
    [
        ("o60 t30 o30", "30", "yes"),
        ("o60 t31 o29", "29", "no"),
        ("o30 t60", "0", "no"),
        ("t60 o30 t30", "30", "yes"),
        ("o30", "30", "yes"),
    ],
)
def test_thirty_of_the_last_sixty_are_own(
    pack: Make, in_turn: Make, read: Make, courses: str, have: str, satisfied: str
) -> None:
    found = read(in_turn(courses), pack())
    assert (str(found.have), found.satisfied) == (have, satisfied)


@pytest.mark.parametrize(("straddling", "have"), [("whole", "33"), ("pro-rata", "31"), ("excluded", "30")])
def test_the_course_on_the_edge_counts_as_declared(
    pack: Make, in_turn: Make, read: Make, straddling: str, have: str
) -> None:
    """59 credits follow an own course of 3: one credit of it lies in the window."""
    found = read(in_turn("t60 o3 t29 o30"), pack(LAST.replace("whole", straddling)))
    assert str(found.have) == have


def test_two_courses_of_one_day_stand_in_the_order_of_their_ids(pack: Make, make_award: Make, read: Make) -> None:
    one_day = [
        make_award("a", "30", "us-semester", source="own"),
        make_award("b", "30", "us-semester", source="transfer"),
        make_award("c", "30", "us-semester", source="transfer"),
    ]
    for awards in (one_day, one_day[::-1]):
        assert read(awards, pack()).satisfied == "no"


def test_the_window_is_filled_before_the_choice(pack: Make, in_turn: Make, decide: Make) -> None:
    """A course that finds no room holds its place in the last 60 all the same."""
    limit = '[[limit]]\nid = "cap"\ntitle = { en = "Cap" }\nwhere = { source = ["transfer"] }\nat_most = 0\nTERMS\n'
    found = decide(in_turn("o30 t31 o29"), pack(rules=limit))
    assert found.totals["counted"] == 59
    assert found.requirement("last-60").have == 29


def test_without_a_day_nothing_is_known_of_the_last_sixty(pack: Make, in_turn: Make, read: Make) -> None:
    by_id = pack(head=packs.HEAD.replace('order = ["ended_on", "award_id"]', 'order = ["award_id"]'))
    first, *others = in_turn("o30 t31 o29")
    undated = replace(first, ended_on=None)
    assert read([undated, *others], by_id).satisfied == "undetermined"
    assert read([undated, *others[1:]], by_id).satisfied == "yes", "all of them fit"


GATE = '[[eligibility]]\nid = "mark"\ntitle = { en = "Mark" }\nwhen = { source = ["transfer"] }\nTERMS\n'
GATE += "[eligibility.require]\nscore_at_least = 50\n"


def test_an_undetermined_course_may_still_push_own_ones_out(pack: Make, in_turn: Make, read: Make) -> None:
    """Its mark is not known: were it eligible, the last 60 would hold 25 own credits only."""
    found = read(in_turn("o5 t30 o25 t5"), pack(rules=GATE))
    assert found.satisfied == "undetermined"


def test_a_window_may_hold_the_last_awards_instead(pack: Make, in_turn: Make, read: Make) -> None:
    last_two = LAST.replace("last = 60", 'last = 2, measure = "items"')
    own = 'where = { source = ["own"] }, measure = "items", at_least = 1'
    assert read(in_turn("o30 t3 t3"), pack(last_two, own)).satisfied == "no"
    assert read(in_turn("t30 o3 t3"), pack(last_two, own)).satisfied == "yes"


def test_a_window_that_is_short_says_so(pack: Make, in_turn: Make, decide: Make) -> None:
    steps = decide(in_turn("o60 t31 o29"), pack()).steps
    step = next(step for step in steps if step.rule == "last-60")
    assert (step.result, step.arithmetic) == ("WINDOW_SHORT", "29 < 30")


@pytest.mark.parametrize(
    ("window", "word"),
    [
        (LAST.replace(', straddling = "whole"', ""), "straddling"),
        (LAST.replace('"ended_on", "award_id"', '"ended_on"'), "award_id"),
        (LAST.replace("60", "0"), "above zero"),
        (LAST.replace('"eligible"', '"counted"'), "eligible"),
        (LAST.replace("last = 60, ", ""), "last"),
    ],
)
def test_a_window_that_could_be_read_in_two_ways_is_refused(pack: Make, window: str, word: str) -> None:
    with pytest.raises(PackInvalid, match=word):
        pack(window)
