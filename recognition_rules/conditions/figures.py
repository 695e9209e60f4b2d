"""The figure that a condition asks for, such as a pass mark, which dated terms and lower authorities may replace."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from recognition_rules.conditions.atoms import AtLeast, Condition, OutcomesAtLeast
from recognition_rules.conditions.compound import All, AnyOf
from recognition_rules.conditions.grades import ScoreOrPass
from recognition_rules.conditions.judged import Judged
from recognition_rules.conditions.levels import LevelAtLeast
from recognition_rules.conditions.numbers import FactWithin
from recognition_rules.terms import ValueKind

HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Figure:
    """What must be reached at least: an amount or a share, and the most that it can be, where there is such a thing."""

    kind: ValueKind
    value: Fraction
    most: Fraction | None = None


def figures_of(condition: Condition) -> tuple[Figure, ...]:
    """The figures that an award must reach, in the order of the pack; what must not be is none of them."""
    return tuple(_figures(condition))


def _figures(condition: Condition) -> Iterator[Figure]:
    if isinstance(condition, All | AnyOf):
        for part in condition.parts:
            yield from _figures(part)
    elif isinstance(condition, ScoreOrPass):
        yield from _figures(condition.score)
    elif isinstance(condition, AtLeast):
        most = {"score": HUNDRED, "attendance": Fraction(1)}.get(condition.field)
        yield Figure("share" if condition.field == "attendance" else "amount", condition.minimum, most)
    elif isinstance(condition, OutcomesAtLeast):
        yield Figure("amount", condition.minimum, HUNDRED)
    elif isinstance(condition, LevelAtLeast):
        yield Figure("amount", condition.minimum.value)
    elif isinstance(condition, Judged) and condition.at_least is not None:
        yield Figure("share" if condition.share else "amount", condition.at_least)
    elif isinstance(condition, FactWithin) and condition.bounds.low is not None and condition.bounds.high is None:
        yield Figure("amount", condition.bounds.low)


def with_figure(condition: Condition, value: Fraction) -> Condition:
    """The condition with another figure in the place of its own, of which there is one."""
    if isinstance(condition, All | AnyOf):
        return replace(condition, parts=tuple(with_figure(part, value) for part in condition.parts))
    if isinstance(condition, ScoreOrPass):
        return replace(condition, score=replace(condition.score, minimum=value))
    if isinstance(condition, AtLeast | OutcomesAtLeast):
        return replace(condition, minimum=value)
    if isinstance(condition, LevelAtLeast):
        return replace(condition, minimum=replace(condition.minimum, value=value))
    if isinstance(condition, Judged) and condition.at_least is not None:
        return replace(condition, at_least=value)
    if isinstance(condition, FactWithin) and condition.bounds.low is not None and condition.bounds.high is None:
        return replace(condition, bounds=replace(condition.bounds, low=value))
    return condition
