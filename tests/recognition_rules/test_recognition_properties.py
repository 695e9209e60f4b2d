"""What must hold for any set of awards: no order, no cap exceeded, nothing lost, nothing rounded."""

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_rules.award import Award
from recognition_rules.canonical import canonical
from recognition_rules.credits import Credits, parse_amount
from recognition_rules.decision import Decision
from recognition_rules.pack import parse
from recognition_rules.packs import builtin
from recognition_rules.recognise import recognise
from recognition_rules.recognition import Recognition
from recognition_rules.units_pack import parse as parse_units

PACK = parse(builtin("kr-acbs"))
UNITS = parse_units(builtin("units"))
TITLES = ["통계학", "통계학 Ⅱ", "경영학개론", "경영학원론", "English", "ENGLISH", "회계원리", "논리학"]
UNIT_IDS = ["kr-credit", "kr-credit", "kr-credit", "ects", "uk-cats", "hk-qf", "in-ncrf", "us-ceu"]

AWARDS = st.builds(
    Award,
    id=st.text("abcdef", min_size=1, max_size=3),
    issuer=st.sampled_from(["north", "south"]),
    amount=st.builds(Credits, st.fractions(0, 30, max_denominator=6), st.sampled_from(UNIT_IDS)),
    title=st.sampled_from(TITLES).map(lambda title: {"ko": title}),
    source=st.sampled_from(["accredited-course", "part-time", "former-university", "self-study-exam", None]),
    course_class=st.sampled_from(["major-required", "major-elective", "liberal", "general", None]),
    score=st.none() | st.integers(50, 100).map(Fraction),
    attendance=st.none() | st.integers(75, 100).map(lambda percent: Fraction(percent, 100)),
    ended_on=st.none() | st.dates(date(2024, 1, 1), date(2025, 12, 31)),
    issuer_accredited=st.sampled_from([True, True, None, False]),
    revoked=st.sampled_from([False, False, False, True]),
)
SETS = st.lists(AWARDS, max_size=14, unique_by=lambda award: award.id)


def recognition(awards: list[Award]) -> Recognition:
    return recognise(awards, "bachelor", PACK, None, date(2026, 9, 1), units=UNITS, session="2026-08")


@settings(max_examples=60, deadline=None)
@given(awards=SETS, mix=st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_no_byte(awards: list[Award], mix: object) -> None:
    shuffled = list(awards)
    mix.shuffle(shuffled)
    assert canonical(recognition(awards).to_json()) == canonical(recognition(shuffled).to_json())


@settings(max_examples=80, deadline=None)
@given(awards=SETS)
def test_every_part_of_every_amount_is_accounted_for(awards: list[Award]) -> None:
    found = json.loads(canonical(recognition(awards).to_json()))
    assert len(found["decisions"]) == len(awards)
    for decision in found["decisions"]:
        parts = [decision["counted"], decision["conditional"], *(reason["amount"] for reason in decision["reasons"])]
        assert parse_amount(decision["amount"]) == sum(map(parse_amount, parts))
        assert decision["status"] == "counted" or decision["reasons"]
    totals = {name: parse_amount(text) for name, text in found["totals"].items()}
    submitted = totals.pop("submitted")
    assert submitted == sum(totals.values())


@settings(max_examples=80, deadline=None)
@given(awards=SETS)
def test_no_limit_is_ever_exceeded(awards: list[Award]) -> None:
    by_id = {award.id: award for award in awards}
    semester, year, provider = defaultdict(Fraction), defaultdict(Fraction), defaultdict(Fraction)
    for decision in recognition(awards).decisions:
        award = by_id[decision.award]
        provider[award.provider] += decision.counted
        if award.source in ("accredited-course", "part-time") and award.ended_on:
            begun = award.ended_on - timedelta(days=59)  # the year begins on 1 March, give or take a leap day
            if award.ended_on.month in range(3, 9):
                semester[award.ended_on.year] += decision.counted
            if award.ended_on.month > 2:
                year[begun.year] += decision.counted
    assert all(used <= 24 for used in semester.values())
    assert all(used <= 42 for used in year.values())
    assert all(used <= 105 for used in provider.values())


@settings(max_examples=60, deadline=None)
@given(awards=SETS)
def test_duplicates_never_both_count(awards: list[Award]) -> None:
    titles = {award.id: award.title["ko"].casefold() for award in awards}
    counted = [titles[each.award] for each in recognition(awards).decisions if each.counted]
    assert len(counted) == len(set(counted))


@settings(max_examples=40, deadline=None)
@given(awards=SETS)
def test_canonical_bytes_are_those_of_rfc_8785(awards: list[Award]) -> None:
    form = recognition(awards).to_json()
    assert canonical(form) == rfc8785.dumps(form)


@settings(max_examples=100, deadline=None)
@given(award=AWARDS)
def test_an_award_survives_its_json(award: Award) -> None:
    assert Award.from_json(json.loads(canonical(award.to_json()))) == award


def test_amounts_that_no_decimal_holds_stay_exact(make_award: Callable[..., Award]) -> None:
    awards = [make_award(f"a{n}", "4", "in-ncrf", source="self-study-exam", course_class="general") for n in range(9)]
    found = recognition(awards)
    assert found.totals["counted"] == 24  # nine times 8/3, neither 24.03 nor 18
    assert found.to_json()["totals"]["counted"] == "24"
    assert {each.to_json()["counted"] for each in found.decisions} == {"8/3"}


def test_a_decision_whose_parts_do_not_add_up_cannot_be_made() -> None:
    three = Fraction(3)
    with pytest.raises(AssertionError):
        Decision("a", "counted", Credits(three, "ects"), three, Fraction(2), Fraction(0), None, None, (), None, ())
