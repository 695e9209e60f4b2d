"""Credits are exact, typed, and whole grains in the books."""

import math
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_rules.credits import (
    GRAINS_PER_CREDIT,
    MAX_CREDITS,
    MAX_GRAINS,
    Credits,
    Rounding,
    Unit,
    display,
    from_grains,
    parse_amount,
    render_amount,
    round_amount,
    to_grains,
    total,
)
from recognition_rules.errors import (
    AmountMalformed,
    AmountOutOfRange,
    NotWholeGrains,
    RuleError,
    UnitMalformed,
    UnitsDiffer,
)

grains = st.integers(-MAX_GRAINS, MAX_GRAINS)
amounts = st.fractions(min_value=-1000, max_value=1000, max_denominator=30)


def test_one_credit_is_the_published_number_of_grains_and_the_bound_fits_a_bigint() -> None:
    assert GRAINS_PER_CREDIT == 11_645_447_814_000
    assert MAX_GRAINS == 100_000 * GRAINS_PER_CREDIT < 2**63


@pytest.mark.parametrize("text", ["1/3", "187/25", "0.001", "8/3", "10/27", "7.48", "1/30"])
def test_amounts_that_one_conversion_produces_are_whole_grains(text: str) -> None:
    assert from_grains(to_grains(parse_amount(text))) == Fraction(text)


@pytest.mark.parametrize("text", ["2/81", "1/32", "1/31", "0.0001"])
def test_an_amount_that_is_not_whole_grains_is_refused_by_name(text: str) -> None:
    with pytest.raises(NotWholeGrains) as refusal:
        to_grains(parse_amount(text))
    assert refusal.value.code == "not_whole_grains"
    assert "round" in refusal.value.message


def test_the_books_hold_a_hundred_thousand_credits_and_not_a_grain_more() -> None:
    assert to_grains(-MAX_CREDITS) == -MAX_GRAINS
    with pytest.raises(AmountOutOfRange):
        to_grains(from_grains(MAX_GRAINS + 1))


@settings(max_examples=100)
@given(grains, grains)
def test_grains_and_amounts_are_inverse_and_add_alike(one: int, other: int) -> None:
    assert to_grains(from_grains(one)) == one
    assert from_grains(one) + from_grains(other) == from_grains(one + other)


@settings(max_examples=100)
@given(grains)
def test_every_amount_in_the_books_survives_its_own_text(count: int) -> None:
    amount = from_grains(count)
    assert parse_amount(render_amount(amount), signed=True) == amount


@settings(max_examples=100)
@given(st.fractions(max_denominator=10**20 - 1, min_value=-(10**11), max_value=10**11))
def test_rendering_never_changes_a_value(amount: Fraction) -> None:
    assert Fraction(render_amount(amount)) == amount


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Fraction(20, 3), "20/3"),
        (Fraction(9, 2), "4.5"),
        (Fraction(4), "4"),
        (Fraction(0), "0"),
        (Fraction(-1, 2), "-0.5"),
        (Fraction(1, 1000), "0.001"),
        (Fraction(100), "100"),
        (Fraction(1, 2**20), "1/1048576"),
    ],
)
def test_an_amount_is_a_decimal_where_that_ends_and_a_fraction_where_not(amount: Fraction, text: str) -> None:
    assert render_amount(amount) == text


@pytest.mark.parametrize(
    "text",
    [
        *("1/-3", "1.5/2", "nan", "inf", "0x4", "9" * 13, "0." + "1" * 16, "1/" + "9" * 21, "9" * 100_000),
        "",
        " 4",
        "4 ",
        "4\n",
        "+4",
        "-4",
        ".5",
        "4.",
        "04",
        "1e3",
        "1_000",
        "4,5",
        "٣",
        "²",
        "4/0",
        "4/03",
        "-1/3",
    ],
)
def test_what_is_not_an_amount_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(AmountMalformed) as refusal:
        parse_amount(text)
    assert not refusal.value.facts
    assert len(refusal.value.message) < 200


def test_a_minus_sign_is_read_only_where_it_is_expected() -> None:
    assert parse_amount("-20/3", signed=True) == Fraction(-20, 3)


def test_adding_two_units_is_a_type_error_that_names_them() -> None:
    with pytest.raises(TypeError) as refusal:
        Credits(Fraction(5), "ects") + Credits(Fraction(10), "uk-cats")
    assert isinstance(refusal.value, UnitsDiffer)
    assert isinstance(refusal.value, RuleError)
    assert dict(refusal.value.facts) == {"left": "ects", "right": "uk-cats"}


def test_comparing_two_units_is_refused_and_they_are_never_equal() -> None:
    with pytest.raises(UnitsDiffer):
        assert Credits(Fraction(1), "ects") < Credits(Fraction(2), "uk-cats")
    assert Credits(Fraction(1), "ects") != Credits(Fraction(1), "uk-cats")


@pytest.mark.parametrize("wrong", [0.1, True, "3", None])
def test_nothing_but_exact_numbers_becomes_credits(wrong: object) -> None:
    with pytest.raises(TypeError):
        Credits(wrong, "ects")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Credits(Fraction(1), "ects") + wrong  # type: ignore[operator]
    with pytest.raises(TypeError):
        to_grains(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("unit", ["", "ECTS", "uk--cats", "-ects", "ects-", "ects\n", "e c", "é", "1ects", "a" * 41])
def test_a_unit_has_a_plain_id(unit: str) -> None:
    with pytest.raises(UnitMalformed):
        Unit(unit)


def test_credits_of_one_unit_add_subtract_scale_and_order() -> None:
    third = Credits(Fraction(1, 3), "ects")
    assert third + third + third == Credits(Fraction(1), "ects")
    assert 3 * third - third == third * Fraction(2)
    assert -third < third <= third
    assert str(20 * third) == "20/3 ects"


@settings(max_examples=50)
@given(st.lists(amounts, max_size=20), st.randoms())
def test_a_total_does_not_depend_on_the_order(values: list[Fraction], random: Random) -> None:
    earned = [Credits(value, "ects") for value in values]
    assert total(earned, "ects") == total(random.sample(earned, len(earned)), "ects")
    assert total(earned, "ects").amount == sum(values, Fraction(0))


@pytest.mark.parametrize(
    ("amount", "mode", "increment", "rounded"),
    [
        ("20/3", "floor", "1/2", "13/2"),
        ("20/3", "half-up", "1/100", "667/100"),
        ("20/3", "none", "1", "20/3"),
        ("5/2", "half-even", "1", "2"),
        ("5/2", "half-up", "1", "3"),
        ("-5/2", "half-up", "1", "-3"),
        ("-5/2", "floor", "1", "-3"),
        ("5/2", "ceiling", "1", "3"),
        ("8/3", "floor", "1", "2"),
    ],
)
def test_rounding_says_its_mode_and_its_increment(amount: str, mode: str, increment: str, rounded: str) -> None:
    assert round_amount(Fraction(amount), mode, Fraction(increment)) == Fraction(rounded)  # type: ignore[arg-type]


def test_a_rounding_without_a_step_or_with_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="greater than zero"):
        round_amount(Fraction(1), "floor", 0)
    with pytest.raises(ValueError, match="unknown rounding mode"):
        round_amount(Fraction(1), "up", 1)  # type: ignore[arg-type]


@settings(max_examples=100)
@given(
    amounts,
    st.sampled_from(["floor", "ceiling", "half-up", "half-even"]),
    st.sampled_from(["1", "1/2", "1/100"]),
)
def test_a_rounded_amount_is_a_multiple_less_than_a_step_away(amount: Fraction, mode: str, step: str) -> None:
    rounded = round_amount(amount, mode, Fraction(step))  # type: ignore[arg-type]
    assert (rounded / Fraction(step)).denominator == 1
    assert abs(rounded - amount) < Fraction(step)


def test_where_the_rounding_applies_decides_the_sum() -> None:
    """W7: five four-unit quarter courses are 40/3 exactly, 10 by floor per course, 13 on the total."""
    five_courses = [Fraction(4) * Fraction(2, 3)] * 5
    assert Rounding().sum(five_courses) == Fraction(40, 3)
    assert Rounding("floor", Fraction(1), "item").sum(five_courses) == 10
    assert Rounding("floor", Fraction(1), "total").sum(five_courses) == 13
    assert Rounding("floor", Fraction(1), "display").sum(five_courses) == Fraction(40, 3)


def test_forty_five_quarter_courses_are_exactly_120_and_not_what_the_wrong_paths_give() -> None:
    """W7: rounding each course to 2.67 gives 120.15, and the factor .67 gives 120.6; neither is 120."""
    exact = [Fraction(4) * Fraction(2, 3)] * 45
    assert Rounding().sum(exact) == 120
    assert Rounding("half-up", Fraction(1, 100), "item").sum(exact) == Fraction("120.15")
    assert 45 * 4 * Fraction("0.67") == Fraction("120.6")
    assert sum(map(to_grains, exact)) == to_grains(120)


def test_two_hundred_hours_at_thirty_a_credit_are_stored_exactly_and_shown_as_667() -> None:
    """W5: 20/3 credits; shown as 6.67; three of them are 20, not 20.01 and not 19.5."""
    earned = Fraction(200, 30)
    assert (render_amount(earned), display(earned)) == ("20/3", "6.67")
    assert from_grains(3 * to_grains(earned)) == 20
    assert display(Fraction(9, 2)) == "4.5"
    assert display(Fraction(40, 3)) == "13.33"


def test_grains_per_credit_divide_every_hour_count_up_to_thirty() -> None:
    assert all(GRAINS_PER_CREDIT % hours == 0 for hours in range(1, 31))
    assert 5 * math.lcm(*range(1, 31)) == GRAINS_PER_CREDIT
