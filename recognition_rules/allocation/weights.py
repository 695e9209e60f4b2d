"""The costs of an option and its place among equals as one whole number, so that the least sum is the canonical best.

From the high bits down: each cost in turn, in so many bits that the later ones cannot reach it; then item by item how
far it stays below its highest amount; then item by item its variant; last the option's own number. Sums of such
numbers compare as the selections do, in whatever order they are added, and the low bits say which options they hold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from recognition_rules.allocation.model import Item, Option, Problem, shortfall

Ranks = Callable[[Item], list[int]]


@dataclass(slots=True)
class Weighed:
    """The weights of an item's options, in their order, that of none of them last; `mask` are the bits that tell."""

    weights: list[int]
    mask: int = 0

    def place(self, ranks: Sequence[int], width: int) -> int:
        """Enters ranks above the bits used so far; answers how many bits are used then."""
        bits = max(ranks).bit_length()
        self.weights = [weight + (rank << width) for weight, rank in zip(self.weights, ranks, strict=True)]
        self.mask |= ((1 << bits) - 1) << width
        return width + bits

    def chosen(self, options: Sequence[Option], total: int) -> Option | None:
        """The option that went into a sum of weights."""
        place = total & self.mask
        if self.weights[-1] & self.mask == place:
            return None
        return next(each for each, weight in zip(options, self.weights, strict=False) if weight & self.mask == place)


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of all items, and by how many bits each cost is shifted."""

    items: list[Weighed]
    shifts: list[int]

    def selection(self, items: Sequence[Item], total: int) -> tuple[Option | None, ...]:
        """What a sum is made of."""
        return tuple(weighed.chosen(item.options, total) for item, weighed in zip(items, self.items, strict=True))


def weigh(problem: Problem) -> Weights:
    """The weights of a problem. What its trees lack is to be added by who knows it, shifted like its cost."""
    items = [Weighed([0] * (len(item.options) + 1)) for item in problem.items]
    width = 0
    for ranks in (_numbers, _variants, _amounts):
        for item, weighed in zip(reversed(problem.items), reversed(items), strict=True):
            if len(item.options) > 1:
                width = weighed.place(ranks(item), width)
            elif ranks is _amounts and item.options:
                width = weighed.place((0, 1), width)
    shifts = _shifts(problem, width)
    _enter_costs(problem, items, shifts)
    return Weights(items, shifts)


def _amounts(item: Item) -> list[int]:
    """The highest amount first, none of it last."""
    levels = sorted({option.amount for option in item.options}, reverse=True)
    return [*(levels.index(option.amount) for option in item.options), len(levels)]


def _variants(item: Item) -> list[int]:
    variants = sorted({option.variant for option in item.options})
    return [*(variants.index(option.variant) for option in item.options), 0]


def _numbers(item: Item) -> list[int]:
    if len({option.taking for option in item.options}) == len(item.options):
        return [0] * (len(item.options) + 1)
    return [*range(len(item.options)), 0]


def _enter_costs(problem: Problem, items: Sequence[Weighed], shifts: Sequence[int]) -> None:
    by_name: dict[int, list[int]] = {}
    for cost, shift in zip(problem.costs, shifts, strict=True):
        if cost.added is not None:
            by_name.setdefault(cost.added, []).append(shift)
    for item, weighed in zip(problem.items, items, strict=True):
        for number, option in enumerate(item.options):
            shifted = (amount << shift for name, amount in option.costs for shift in by_name.get(name, ()))
            weighed.weights[number] += sum(shifted)


def _shifts(problem: Problem, width: int) -> list[int]:
    """Each cost above all that the later ones can differ by."""
    reach = _reach(problem)
    lacking = _most_missing(problem) if any(cost.trees for cost in problem.costs) else []
    shifts = [0] * len(problem.costs)
    for number in range(len(shifts) - 1, -1, -1):
        cost, shifts[number] = problem.costs[number], width
        differs = sum(shortfall(tree, lacking) for tree in cost.trees)
        differs += reach.get(cost.added, 0) if cost.added is not None else 0
        width += differs.bit_length()
    return shifts


def _reach(problem: Problem) -> dict[int, int]:
    """By name, how far apart two sums of an added cost can be."""
    found: dict[int, int] = {}
    for item in problem.items:
        own: dict[int, tuple[int, int]] = {}
        for option in item.options:
            for name, amount in option.costs:
                low, high = own.get(name, (0, 0))
                own[name] = min(low, amount), max(high, amount)
        for name, (low, high) in own.items():
            found[name] = found.get(name, 0) + high - low
    return found


def _most_missing(problem: Problem) -> list[int]:
    """What each leaf lacks at most: its need, and what counts against it."""
    missing = [max(need, 0) for need in problem.needs]
    for item in problem.items:
        for option in item.options:
            for leaf, amount in option.brings:
                missing[leaf] -= min(amount, 0)
    return missing
