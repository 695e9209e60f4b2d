"""For each award that does not count: the smallest change after which it would, or that nothing within three would."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest

from recognition_rules.award import Award, Grade
from recognition_rules.credits import Credits
from recognition_rules.decision import Counterfactual
from recognition_rules.pack import parse
from recognition_rules.packs import builtin
from recognition_rules.recognise import recognise
from recognition_rules.recognition import Recognition
from recognition_rules.units_pack import parse as parse_units

PACK = parse(builtin("kr-acbs"))
UNITS = parse_units(builtin("units"))


def course(name: str, amount: int = 3, **changes: object) -> Award:
    award = Award(
        id=name,
        issuer="school",
        amount=Credits(Fraction(amount), "kr-credit"),
        title={"ko": f"{name}번 과목"},
        source="accredited-course",
        course_class="major-elective",
        score=Fraction(80),
        attendance=Fraction(1),
        ended_on=date(2025, 6, 20),
        issuer_accredited=True,
    )
    return replace(award, **changes)  # type: ignore[arg-type]  # fields of an award


def settled(*awards: Award) -> Recognition:
    on = date(2026, 9, 1)
    return recognise(awards, "bachelor", PACK, None, on, units=UNITS, verify_counterfactuals=True)


def change(found: Recognition, award: str) -> Counterfactual:
    counterfactual = found.decision(award).counterfactual
    assert counterfactual is not None
    assert counterfactual.verified
    return counterfactual


def edits(found: Recognition, award: str) -> list[str]:
    return [edit.do for edit in change(found, award).edits]


def test_one_threshold_is_one_edit_with_the_value_needed() -> None:
    found = settled(course("a", score=Fraction(59)))
    [edit] = change(found, "a").edits
    assert (edit.do, edit.details["fact"], edit.details["value"]) == ("reach", "score", "60")
    assert change(found, "a").gain == 3


def test_every_failing_threshold_is_part_of_the_answer() -> None:
    found = settled(course("a", score=Fraction(59), attendance=Fraction("79.99") / 100))
    assert sorted(str(edit.details["fact"]) for edit in change(found, "a").edits) == ["attendance", "score"]


def test_what_stands_behind_the_first_obstacle_is_found_by_running_again() -> None:
    """The failed course would, once passed, find the semester full."""
    full = [course(f"a{n}") for n in range(8)]
    found = settled(*full, course("late", score=Fraction(10), attendance=Fraction(1, 2), ended_on=date(2025, 6, 21)))
    assert sorted(edits(found, "late")) == ["end_in_period", "reach", "reach"]
    assert change(found, "late").displaces == ()
    assert change(found, "late").gain == 3


def test_beyond_three_edits_nothing_small_would_do_and_the_answer_says_so() -> None:
    """Twenty-four awards of one credit fill the semester, the year is full too, and the course failed both ways."""
    first = [course(f"a{n:02}", 1, ended_on=date(2025, 6, 20)) for n in range(24)]
    rest = [course(f"{year}{n:02}", 3, ended_on=date(year, 12, 20)) for year in (2025, 2026) for n in range(6)]
    more = [course(f"b{year}{n:02}", 3, ended_on=date(year, 5, 20)) for year in (2026, 2027, 2028) for n in range(8)]
    last = [course(f"c{year}{n:02}", 3, ended_on=date(year, 12, 10)) for year in (2027, 2028) for n in range(6)]
    big = course("big", 20, score=Fraction(10), attendance=Fraction(1, 2), ended_on=date(2025, 6, 21))
    found = settled(*first, *rest, *more, *last, big)
    counterfactual = change(found, "big")
    assert counterfactual.none
    assert counterfactual.to_json()["code"] == "NO_SMALL_CHANGE"


def test_giving_up_the_twin_counts_it_and_the_total_does_not_rise() -> None:
    found = settled(course("a", title={"ko": "통계학"}), course("b", title={"ko": "통계학"}))
    assert edits(found, "b") == ["give_up"]
    assert change(found, "b").gain == 0
    assert change(found, "b").displaces == ("a",)


def test_nothing_would_change_a_revocation() -> None:
    assert change(settled(course("a", revoked=True)), "a").none


@pytest.mark.parametrize("amount", [3, 4, 6])
def test_what_is_answered_is_the_smallest(amount: int) -> None:
    """The semester holds six awards of 4: for one more, ending later is a single edit, whatever its size."""
    found = settled(*[course(f"a{n}", 4) for n in range(6)], course("z", amount))
    assert edits(found, "z") == ["end_in_period"]


def test_a_missing_fact_is_supplied_with_the_value_that_would_do() -> None:
    found = settled(course("a", attendance=None))
    assert found.decision("a").status == "undetermined"
    [edit] = change(found, "a").edits
    assert (edit.do, edit.details["fact"], edit.details["value"]) == ("supply", "attendance", "0.8")


def test_what_no_edit_names_stays_open_and_unverified() -> None:
    """Nobody can say which source the award would have to come from: the proposal is there, and not verified."""
    found = settled(course("a", source=None))
    counterfactual = found.decision("a").counterfactual
    assert counterfactual is None or not counterfactual.verified


def test_the_smallest_change_is_as_small_as_trying_every_removal() -> None:
    """Exhaustively, over which other awards are given up and in which later semester the course ends."""
    awards = [course(f"a{n}", size) for n, size in enumerate((6, 6, 5, 4, 3))]
    wanted = course("z", 9, ended_on=date(2025, 6, 21))
    found = settled(*awards, wanted)
    counterfactual = change(found, "z")
    assert len(counterfactual.edits) == 1
    for size in range(len(awards)):
        if size < len(counterfactual.edits):
            assert not any(_counts(kept, wanted) for kept in combinations(awards, len(awards) - size))
    assert _counts(awards, replace(wanted, ended_on=date(2026, 2, 28)))


def test_without_another_semester_as_many_awards_give_way_as_must() -> None:
    """One institution gives at most 105: two awards of 10 have to go for one of 20 behind eleven of them."""
    held = [course(f"a{n:02}", 10, source="former-university", attendance=None, score=None) for n in range(10)]
    held = [replace(each, grade=Grade("kr-letter", "A0"), ended_on=date(2010, 6, 20)) for each in held]
    wanted = replace(held[0], id="z", title={"ko": "다른 과목"}, amount=Credits(Fraction(20), "kr-credit"))
    found = settled(*held, wanted)
    assert edits(found, "z") == ["give_up", "give_up"]
    assert change(found, "z").gain == 0
    assert not any(_counts(kept, wanted) for kept in combinations(held, 9))


def _counts(others: Sequence[Award], wanted: Award) -> bool:
    found = recognise([*others, wanted], "bachelor", PACK, None, date(2026, 9, 1), units=UNITS)
    return found.decision("z").counted == wanted.amount.amount
