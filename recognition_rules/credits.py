"""Exact credits: a typed amount, its text, its rounding, and its grains in the books.

An amount is a `Fraction` and always carries its unit; nothing here accepts a binary float. In the books an
amount is a whole number of *grains*, so that a third of a credit or 187 hours at 25 hours a credit is whole.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal

from recognition_rules.errors import (
    AmountMalformed,
    AmountOutOfRange,
    NotWholeGrains,
    UnitMalformed,
    UnitsDiffer,
)

GRAINS_PER_CREDIT: Final = 5 * math.lcm(*range(1, 31))
"""Grains in one credit: 11,645,447,814,000."""

MAX_CREDITS: Final = 100_000
MAX_GRAINS: Final = MAX_CREDITS * GRAINS_PER_CREDIT
"""The largest magnitude of grains that one posting or balance may have; it fits a BIGINT."""

MAX_DECIMAL_PLACES: Final = 15

RoundingMode = Literal["none", "floor", "ceiling", "half-up", "half-even"]
RoundingPoint = Literal["item", "bucket", "total", "display"]

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)
_AMOUNT = re.compile(
    r"-?(?:(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,15})?|(?:0|[1-9][0-9]{0,19})/[1-9][0-9]{0,19})", re.ASCII
)


def is_id(text: str) -> bool:
    """Has the text the shape of an id in a pack: lower-case words and single hyphens, at most 40 characters?"""
    return len(text) <= 40 and _ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Unit:
    """The id of a credit unit, such as `ects` or `kr-credit`; raises `UnitMalformed`."""

    id: str

    def __post_init__(self) -> None:
        if not is_id(self.id):
            raise UnitMalformed

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class Credits:
    """An exact amount of credits in one unit.

    Adding, subtracting or comparing two units raises `UnitsDiffer`, a `TypeError`. Multiplication takes whole
    numbers and fractions only. Negative amounts are allowed: a reversal is one.
    """

    amount: Fraction
    unit: str

    def __post_init__(self) -> None:
        Unit(self.unit)
        object.__setattr__(self, "amount", exact(self.amount))

    def __add__(self, other: "Credits") -> "Credits":
        return Credits(self.amount + self._amount_of(other), self.unit)

    def __sub__(self, other: "Credits") -> "Credits":
        return Credits(self.amount - self._amount_of(other), self.unit)

    def __neg__(self) -> "Credits":
        return Credits(-self.amount, self.unit)

    def __mul__(self, factor: Fraction | int) -> "Credits":
        return Credits(self.amount * exact(factor), self.unit)

    __rmul__ = __mul__

    def __lt__(self, other: "Credits") -> bool:
        return self.amount < self._amount_of(other)

    def __le__(self, other: "Credits") -> bool:
        return self.amount <= self._amount_of(other)

    def __str__(self) -> str:
        return f"{render_amount(self.amount)} {self.unit}"

    def _amount_of(self, other: object) -> Fraction:
        if not isinstance(other, Credits):
            raise TypeError(f"credits cannot be combined with {type(other).__name__}")
        if other.unit != self.unit:
            raise UnitsDiffer(left=self.unit, right=other.unit)
        return other.amount


def total(items: Iterable[Credits], unit: str) -> Credits:
    """The sum of credits that are all in `unit`; of none, zero. Raises `UnitsDiffer`."""
    return sum(items, Credits(Fraction(0), unit))


def to_grains(amount: Fraction | int) -> int:
    """The amount in grains, exactly; raises `NotWholeGrains` or `AmountOutOfRange`."""
    grains = exact(amount) * GRAINS_PER_CREDIT
    if grains.denominator != 1:
        raise NotWholeGrains(amount=render_amount(exact(amount)))
    if abs(grains.numerator) > MAX_GRAINS:
        raise AmountOutOfRange(limit_credits=MAX_CREDITS)
    return grains.numerator


def from_grains(grains: int) -> Fraction:
    """The amount in credits of whole grains, the inverse of `to_grains`; unbounded, for totals."""
    return Fraction(grains, GRAINS_PER_CREDIT)


def parse_amount(text: str, *, signed: bool = False) -> Fraction:
    """An amount from `4`, `4.5` or `20/3`: ASCII, no exponent, no leading zeros, no spaces.

    At most 12 digits before and 15 after the point, or 20 on each side of the stroke. A minus sign is
    accepted only where `signed` says so. Raises `AmountMalformed`.
    """
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text) or (text[0] == "-" and not signed):
        raise AmountMalformed
    return _fraction(text)


_fraction = lru_cache(maxsize=4096)(Fraction)
"""The same few amounts come again and again: a fraction does not change, so it is made once."""


def render_amount(amount: Fraction | int) -> str:
    """The exact text of an amount: a decimal where it ends within 15 places, else as in `20/3`."""
    value = exact(amount)
    places = _decimal_places(value.denominator)
    if places is None:
        return f"{value.numerator}/{value.denominator}"
    return _decimal(value, places)


def display(amount: Fraction | int, places: int = 2) -> str:
    """A rounded decimal for eyes only, halves away from zero, no trailing zeros; nobody computes with it."""
    rounded = round_amount(exact(amount), "half-up", Fraction(1, 10**places))
    return render_amount(rounded)


def round_amount(amount: Fraction, mode: RoundingMode, increment: Fraction | int = 1) -> Fraction:
    """The amount rounded to a multiple of `increment` (1, 1/2, 1/100 …); `none` leaves it exact.

    `floor` and `ceiling` go towards minus and plus infinity; `half-up` takes halves away from zero,
    `half-even` to the even multiple. Raises `ValueError` for an unknown mode or an increment of zero.
    """
    step = exact(increment)
    if step <= 0:
        raise ValueError("a rounding increment must be greater than zero")
    if mode == "none":
        return exact(amount)
    return _whole(exact(amount) / step, mode) * step


@dataclass(frozen=True, slots=True)
class Rounding:
    """A declared rounding: mode, increment, and the point where it applies.

    At `item` or `bucket` each amount is rounded and then summed; at `total` the exact sum is rounded once; a
    `display` rounding never touches the sum. So five times 8/3 is 10 by floor at `item`, and 13 at `total`.
    """

    mode: RoundingMode = "none"
    increment: Fraction = Fraction(1)
    point: RoundingPoint = "total"

    def apply(self, amount: Fraction) -> Fraction:
        """One amount, rounded, whatever the point."""
        return round_amount(amount, self.mode, self.increment)

    def sum(self, amounts: Iterable[Fraction]) -> Fraction:
        """The sum of the amounts with the rounding applied where it is declared to apply."""
        if self.point in ("item", "bucket"):
            return sum(map(self.apply, amounts), Fraction(0))
        unrounded = sum(amounts, Fraction(0))
        return self.apply(unrounded) if self.point == "total" else unrounded


def exact(value: object) -> Fraction:
    """A fraction from a fraction or a whole number; a float or a bool is a `TypeError`, never rounded."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    raise TypeError(f"an exact amount is a Fraction or an int, not {type(value).__name__}")


def _whole(quotient: Fraction, mode: RoundingMode) -> int:
    if mode == "floor":
        return math.floor(quotient)
    if mode == "ceiling":
        return math.ceil(quotient)
    if mode == "half-even":
        return round(quotient)
    if mode == "half-up":
        magnitude = math.floor(abs(quotient) + Fraction(1, 2))
        return magnitude if quotient >= 0 else -magnitude
    raise ValueError(f"unknown rounding mode {mode!r}")


def _decimal_places(denominator: int) -> int | None:
    """How many decimals a reduced denominator needs, or None where they do not end within 15."""
    return next((places for places in range(MAX_DECIMAL_PLACES + 1) if 10**places % denominator == 0), None)


def _decimal(value: Fraction, places: int) -> str:
    sign = "-" if value < 0 else ""
    whole, part = divmod(abs(value.numerator) * 10**places // value.denominator, 10**places)
    return f"{sign}{whole}.{part:0{places}d}" if places else f"{sign}{whole}"
