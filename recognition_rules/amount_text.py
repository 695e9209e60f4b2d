"""The exact text of an amount, with the common case first: most credits are whole."""

from fractions import Fraction

from recognition_rules.credits import render_amount


def text_of_amount(amount: Fraction) -> str:
    """What `render_amount` writes, without looking for decimals where there are none."""
    return str(amount.numerator) if amount.denominator == 1 else render_amount(amount)
