"""Exact amounts with the common case first: most credits are whole, and whole numbers are ten times as quick."""

from collections.abc import Iterable
from fractions import Fraction

from recognition_rules.credits import render_amount

Exact = Fraction | int


def text_of_amount(amount: Exact) -> str:
    """What `render_amount` writes, without looking for decimals where there are none."""
    return str(amount.numerator) if amount.denominator == 1 else render_amount(Fraction(amount))


def whole(amount: Fraction) -> Exact:
    """The same number, as an `int` where it is one: sums and comparisons stay exact and mix freely."""
    return amount.numerator if amount.denominator == 1 else amount


def total(amounts: Iterable[Exact]) -> Fraction:
    """The exact sum; only what is not whole is added as a fraction."""
    wholes, rest = 0, Fraction(0)
    for amount in amounts:
        if amount.denominator == 1:
            wholes += amount.numerator
        else:
            rest += amount
    return rest + wholes if rest else Fraction(wholes)


def same(one: Fraction, other: Fraction) -> bool:
    """Whether two amounts are equal; mostly they are one and the same object."""
    return one is other or (one.numerator == other.numerator and one.denominator == other.denominator)


def reaches(amount: Fraction, minimum: Fraction) -> bool:
    """`amount >= minimum`, by whole numbers."""
    return amount.numerator * minimum.denominator >= minimum.numerator * amount.denominator
