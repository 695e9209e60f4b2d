"""Exact amounts with the common case first: most credits are whole, and whole numbers are ten times as quick."""

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from recognition_rules.credits import render_amount

Exact = Fraction | int


def text_of_amount(amount: Exact) -> str:
    """What `render_amount` writes, without looking for decimals where there are none."""
    return str(amount.numerator) if amount.denominator == 1 else render_amount(Fraction(amount))


def whole(amount: Exact) -> Exact:
    """The same number, as an `int` where it is one: sums and comparisons stay exact and mix freely."""
    return amount.numerator if amount.denominator == 1 else amount


_of_whole = lru_cache(maxsize=4096)(Fraction)
"""A fraction does not change, so the few that come again and again are made once."""


def as_fraction(amount: Exact) -> Fraction:
    """The same number, as a `Fraction` in any case."""
    return _of_whole(amount) if isinstance(amount, int) else amount


def total(amounts: Iterable[Exact]) -> Fraction:
    """The exact sum; only what is not whole is added as a fraction."""
    wholes: int = 0
    rest: Exact = 0
    for amount in amounts:
        if amount.denominator == 1:
            wholes += amount.numerator
        else:
            rest += amount
    return as_fraction(rest + wholes) if rest else _of_whole(wholes)


def beyond(amount: Fraction, other: Fraction) -> Exact:
    """By how much the one is more than the other, never below zero."""
    if amount.denominator == other.denominator == 1:
        return max(amount.numerator - other.numerator, 0)
    return amount - other if amount > other else 0


def same(one: Fraction, other: Fraction) -> bool:
    """Whether two amounts are equal; mostly they are one and the same object."""
    return one is other or (one.numerator == other.numerator and one.denominator == other.denominator)


def reaches(amount: Fraction, minimum: Fraction) -> bool:
    """`amount >= minimum`, by whole numbers."""
    return amount.numerator * minimum.denominator >= minimum.numerator * amount.denominator
