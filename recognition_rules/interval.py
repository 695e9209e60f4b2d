"""A range of exact numbers, where a system defines no single one: an ECTS credit is 25 to 30 hours of work."""

from dataclasses import dataclass
from fractions import Fraction

from recognition_rules.credits import render_amount


@dataclass(frozen=True, slots=True)
class Interval:
    """All values from `low` to `high`, both included; `low` is less than `high`, else it is a plain fraction."""

    low: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if self.low >= self.high:
            raise ValueError("an interval runs from a lower to a higher end")

    def __str__(self) -> str:
        return f"{render_amount(self.low)} to {render_amount(self.high)}"


Amount = Fraction | Interval
"""An exact number, or the range it is known to lie in; a range is never turned into one number silently."""


def ends(amount: Amount) -> tuple[Fraction, Fraction]:
    """The lowest and the highest value; of an exact number, twice itself."""
    return (amount.low, amount.high) if isinstance(amount, Interval) else (amount, amount)


def between(one: Fraction, other: Fraction) -> Amount:
    """The interval that two values span, or the value itself where they are equal."""
    return one if one == other else Interval(min(one, other), max(one, other))


def times(left: Amount, right: Amount) -> Amount:
    """The product over all values; negative numbers are allowed."""
    if isinstance(left, Interval):
        products = [end * each for end in ends(left) for each in ends(right)]
        return between(min(products), max(products))
    return between(left * right.low, left * right.high) if isinstance(right, Interval) else left * right


def divided(left: Amount, right: Amount) -> Amount:
    """The quotient over all values; every value of `right` must be greater than zero, else `ValueError`."""
    low, high = ends(right)
    if low <= 0:
        raise ValueError("only a positive range can be divided by")
    return times(left, between(1 / high, 1 / low))


def text_of(amount: Amount) -> str:
    """The exact text: `20/3`, or `20/3 to 8` for a range."""
    return str(amount) if isinstance(amount, Interval) else render_amount(amount)
