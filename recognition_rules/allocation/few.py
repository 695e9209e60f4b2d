"""The best of a few selections, by looking at each of them: two twins, a pair of which one fits.

It knows no bounds and no rooms, only what a problem says of a selection: any search must agree with it.
"""

from collections.abc import Sequence
from itertools import product
from math import prod

from recognition_rules.allocation.model import Option, Problem, Selection, costs_of, is_allowed

MAX_SELECTIONS = 8

_Place = tuple[list[int], list[int], list[int]]


def best_of_few(problem: Problem, most: int = MAX_SELECTIONS) -> Selection | None:
    """The canonical best selection; None where there are more than `most` to look at, or none is allowed."""
    ways = [(*item.options, None) for item in problem.items]
    if prod(map(len, ways)) > most:
        return None
    allowed = [each for each in product(*ways) if is_allowed(problem, each)]
    return min(allowed, key=lambda each: (costs_of(problem, each), _place(each)), default=None)


def _place(selection: Sequence[Option | None]) -> _Place:
    """Its place among equals: along the items the highest amounts first, then the lowest variants, then numbers."""
    amounts = [1 if each is None else -each.amount for each in selection]
    variants = [0 if each is None else each.variant for each in selection]
    return amounts, variants, [0 if each is None else each.number for each in selection]
