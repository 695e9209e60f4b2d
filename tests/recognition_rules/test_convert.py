"""Conversion is one exact hop: a ratio beats hours, a range stays a range, and round trips lose nothing."""

from datetime import date
from fractions import Fraction
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_rules.convert import Conversion, convert
from recognition_rules.credits import to_grains
from recognition_rules.errors import UnitNotConvertible, UnknownUnit
from recognition_rules.interval import Interval, between, divided, ends, times
from recognition_rules.units_pack import parse

PACK = (files("recognition_rules") / "packs/units/pack.toml").read_text("utf-8")
TABLE = parse(PACK)
CREDIT_UNITS = sorted(unit.id for unit in TABLE.units.values() if unit.kind == "credit")
RATIOS = sorted(TABLE.ratios)
amounts = st.fractions(min_value=0, max_value=400, max_denominator=6)


def test_a_ratio_beats_hours_and_says_so() -> None:
    """W6: with both known, 20 CATS are 10 ECTS, and the trace says what the hours would have given."""
    result = convert(Fraction(20), "uk-cats", "ects", TABLE)
    assert (result.method, exact(result), result.rule) == ("ratio", Fraction(10), "ratio:uk-cats:ects")
    assert result.arithmetic == "20 × 1/2 = 10"
    assert result.overridden == Interval(Fraction(20, 3), Fraction(8))
    assert (result.confirmed, result.source_ref) == (True, "S41b, S42")


@pytest.mark.parametrize(("country", "hours", "expected"), [("AT", 25, Fraction(8)), ("DE", 30, Fraction(20, 3))])
def test_without_the_ratio_the_same_credits_go_by_hours(country: str, hours: int, expected: Fraction) -> None:
    start = PACK.index('[[ratio]]\nbetween = ["uk-cats", "ects"]')
    end = PACK.index("[[ratio]]", start + 1)
    result = convert(Fraction(20), "uk-cats", "ects", parse(PACK[:start] + PACK[end:]), country=country)
    assert (result.method, result.amount, result.overridden) == ("hours", expected, None)
    assert result.arithmetic.startswith(f"20 × 10 h ÷ {hours} h = ")


def test_a_whole_round_trip_by_ratios_is_the_identity() -> None:
    """W6: 20 CATS, 10 ECTS, 5 semester, 7.5 quarter units, and all the way back."""
    way = ["uk-cats", "ects", "us-semester", "us-quarter", "us-semester", "ects", "uk-cats"]
    amount, seen = Fraction(20), []
    for source, target in pairwise(way):
        amount = exact(convert(amount, source, target, TABLE))
        seen.append(amount)
    assert seen == [10, 5, Fraction(15, 2), 5, 10, 20]


@settings(max_examples=100)
@given(amounts, st.sampled_from(RATIOS))
def test_every_ratio_undoes_itself_exactly(amount: Fraction, pair: tuple[str, str]) -> None:
    there = exact(convert(amount, *pair, TABLE))
    assert exact(convert(there, pair[1], pair[0], TABLE)) == amount


@settings(max_examples=100)
@given(amounts, st.sampled_from(CREDIT_UNITS), st.sampled_from(CREDIT_UNITS), st.sampled_from([None, "DE", "FI"]))
def test_every_pair_converts_and_a_range_brackets_the_way_back(
    amount: Fraction, source: str, target: str, country: str | None
) -> None:
    there = convert(amount, source, target, TABLE, country=country)
    low, high = ends(there.amount)
    back = [convert(end, target, source, TABLE, country=country).amount for end in (low, high)]
    assert min(ends(each)[0] for each in back) <= amount <= max(ends(each)[1] for each in back)
    assert low <= high


@settings(max_examples=60)
@given(st.lists(amounts, max_size=8), st.sampled_from(CREDIT_UNITS), st.sampled_from(CREDIT_UNITS))
def test_converting_a_sum_is_summing_the_conversions(parts: list[Fraction], source: str, target: str) -> None:
    """Splitting a course into parts neither mints nor loses a credit."""
    each = [ends(convert(part, source, target, TABLE).amount) for part in parts]
    whole = ends(convert(sum(parts, Fraction(0)), source, target, TABLE).amount)
    assert (sum(low for low, _ in each), sum(high for _, high in each)) == whole


@pytest.mark.parametrize("country", ["DE", "NL", "AT", "IT", "FI"])
def test_where_a_country_fixes_the_hours_the_answer_is_exact(country: str) -> None:
    assert convert(Fraction(10), "ects", "hk-qf", TABLE, country=country).is_exact


def test_a_range_of_hours_is_never_a_false_exact_number() -> None:
    result = convert(Fraction(10), "ects", "hk-qf", TABLE)
    assert not result.is_exact
    assert result.amount == Interval(Fraction(25), Fraction(30))
    assert result.arithmetic == "10 × (25 to 30) h ÷ 10 h = 25 to 30"


def test_what_one_hop_from_a_whole_credit_gives_is_whole_grains() -> None:
    for source in CREDIT_UNITS:
        for target in CREDIT_UNITS:
            for end in ends(convert(Fraction(1), source, target, TABLE).amount):
                assert to_grains(end) >= 0


def test_continuing_education_units_are_refused_with_the_reason() -> None:
    with pytest.raises(UnitNotConvertible, match="us-ceu is not academic credit") as refusal:
        convert(Fraction(1), "us-ceu", "ects", TABLE)
    assert refusal.value.code == "unit_not_convertible"


def test_an_unknown_unit_is_a_kind_of_not_convertible() -> None:
    with pytest.raises(UnitNotConvertible) as refusal:
        convert(Fraction(1), "ects", "moon-credit", TABLE)
    assert isinstance(refusal.value, UnknownUnit)
    assert dict(refusal.value.facts) == {"unit": "moon-credit"}


def test_the_same_unit_needs_no_rule() -> None:
    result = convert(Fraction(20, 3), "moon-credit", "moon-credit", TABLE)
    assert (result.method, result.amount, result.confirmed) == ("same", Fraction(20, 3), True)


def test_the_banks_own_ratios_are_marked_as_such() -> None:
    result = convert(Fraction(6), "ects", "kr-credit", TABLE)
    assert (exact(result), result.is_bank_policy, result.confirmed) == (Fraction(3), True, False)
    assert not convert(Fraction(6), "ects", "uk-cats", TABLE).is_bank_policy


def test_the_day_picks_the_terms() -> None:
    """A ratio that changed: the old one holds to its last day, the new one from the next, None means today's."""
    old = '[[ratio.terms]]\namounts = [2, 1]\nsource = "S41b, S42"\n'
    assert old in PACK
    ended = old.replace("[2, 1]", "[3, 1]") + 'until = 2019-07-31\nconfirmed = true\nbasis = "agreement"\n'
    table = parse(PACK.replace(old, ended + old + "from = 2019-08-01\n").replace(BANKS_CATS_RATIO, ""))
    on = [date(2019, 7, 31), date(2019, 8, 1), None]
    assert [convert(Fraction(6), "uk-cats", "ects", table, on=day).amount for day in on] == [2, 3, 3]


def test_intervals_multiply_and_divide_over_all_their_values() -> None:
    hours = Interval(Fraction(25), Fraction(30))
    assert times(Fraction(-1), hours) == Interval(Fraction(-30), Fraction(-25))
    assert divided(hours, hours) == Interval(Fraction(5, 6), Fraction(6, 5))
    assert between(Fraction(2), Fraction(2)) == 2
    with pytest.raises(ValueError, match="positive"):
        divided(Fraction(1), Interval(Fraction(0), Fraction(1)))
    with pytest.raises(ValueError, match="lower to a higher"):
        Interval(Fraction(1), Fraction(1))


def exact(result: Conversion) -> Fraction:
    assert not isinstance(result.amount, Interval)
    return result.amount


# The bank's CATS ratio closes a circle with the agreed one, so a test that changes the one leaves out the other.
BANKS_CATS_RATIO = PACK[PACK.index('[[ratio]]\nbetween = ["uk-cats", "kr-credit"]') :]
