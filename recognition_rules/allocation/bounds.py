"""What can be had at most: cheap bounds that often prove a walk in order to be the best.

The bound of a sum under rows comes from the rows that nest in one another: from the inside out, the least of a row's
bound and the sum of what is in it; the bound of a row itself is lowered to the largest sum that whole items reach.
Bounds leave out all else, so they are never below what can be had. Where a selection reaches every bound it is best.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from recognition_rules.allocation.model import Cost, Item, Option, Pick, Problem, Selection, Tree, costs_of, is_allowed

Worth = Callable[[Option], int]

MAX_REACH = 100_000
"""Bounds above this are not lowered to a sum that whole items reach: it would cost more than it gains."""


def reaches_bounds(problem: Problem, selection: Selection) -> bool:
    """Whether a selection found by walking the items in order is proven best, and canonical among the best.

    A walk in order finds the selection that is lexicographically first where rows only limit, so if it is best it is
    canonical; rows in which some items make room, and quotas, are left to a search.
    """
    if problem.quotas or any(amount < 0 for item in problem.items for each in item.options for _, amount in each.takes):
        return False
    found = costs_of(problem, selection)
    bounds = Bounds(problem)
    for cost, value in zip(problem.costs, found, strict=True):
        if value != bounds.least(cost):
            return False
    return is_allowed(problem, selection)


@dataclass(slots=True)
class Bounds:
    """Bounds over one problem; the rows that nest are found once."""

    problem: Problem
    _families: "tuple[tuple[_Row, ...], ...] | None" = None

    def least(self, cost: Cost) -> int:
        """A number that the cost is never below."""
        lacking = sum(self._lacking(tree) for tree in cost.trees)
        if cost.added is not None:
            lacking -= self.most(_saved(cost.added))
        return min(max(lacking, 0), 1) if cost.met else lacking

    def _lacking(self, tree: Tree) -> int:
        if isinstance(tree, Pick):
            return sum(sorted(self._lacking(part) for part in tree.parts)[: tree.at_least])
        if any(tree == into for _, into in self.problem.spills):
            return 0
        return max(self.problem.needs[tree] - self.most(_brought(tree)), 0)

    def most(self, worth: Worth) -> int:
        """A number that no allowed selection is worth more than."""
        if self._families is None:
            self._families = _families(self.problem)
        values = [max(0, *(worth(option) for option in item.options)) for item in self.problem.items]
        return min(self._within(family, list(values), worth) for family in self._families)

    def _within(self, family: "tuple[_Row, ...]", values: list[int], worth: Worth) -> int:
        for row in family:
            _lower(values, row, self.problem.items, worth)
        return sum(values)


def _saved(number: int) -> Worth:
    return lambda option: -sum(amount for name, amount in option.costs if name == number)


def _brought(leaf: int) -> Worth:
    return lambda option: sum(amount for name, amount in option.brings if name == leaf)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with the items in it: its bound, lowered; `number` in the problem."""

    number: int
    members: tuple[int, ...]
    bound: int


def _lower(values: list[int], row: _Row, items: Sequence[Item], worth: Worth) -> None:
    """Caps what the members are worth together by what the row lets through; the first member carries the sum."""
    together = sum(values[member] for member in row.members)
    cap = _cap(row, [items[member] for member in row.members], worth)
    if cap < together:
        for member in row.members:
            values[member] = 0
        values[row.members[0]] = cap


def _cap(row: _Row, members: Sequence[Item], worth: Worth) -> int:
    """The most that the members are worth within the row: by its bound, or by its number of items."""
    if all(worth(option) <= _takes(option, row.number) for item in members for option in item.options):
        return row.bound
    lowest = min(_takes(option, row.number) for item in members for option in item.options)
    best = sorted((max(worth(option) for option in item.options) for item in members), reverse=True)
    return sum(max(value, 0) for value in best[: row.bound // lowest]) if lowest > 0 else sum(best)


def _takes(option: Option, row: int) -> int:
    return sum(amount for number, amount in option.takes if number == row)


def _families(problem: Problem) -> tuple[tuple[_Row, ...], ...]:
    """Two choices of rows of which any two are apart or one within the other: the small ones first, or the large.

    Periods within years are one such family, providers another; rows of both would cross.
    """
    members: dict[int, set[int]] = {}
    for number, item in enumerate(problem.items):
        for option in item.options:
            for row, _ in option.takes:
                members.setdefault(row, set()).add(number)
    ordered = sorted(members, key=lambda each: (len(members[each]), each))
    rows = {row: _row(problem, row, sorted(members[row])) for row in ordered}
    families = {tuple(_nested(chosen, members)) for chosen in (ordered, ordered[::-1])}
    return tuple(tuple(rows[row] for row in ordered if row in family) for family in sorted(families))


def _nested(candidates: Sequence[int], members: dict[int, set[int]]) -> list[int]:
    """Those rows, each in turn, that cross none taken before."""
    chosen: list[int] = []
    for row in candidates:
        if all(_apart_or_within(members[row], members[each]) for each in chosen):
            chosen.append(row)
    return sorted(chosen)


def _apart_or_within(one: set[int], other: set[int]) -> bool:
    return one.isdisjoint(other) or one <= other or other <= one


def _row(problem: Problem, row: int, members: list[int]) -> _Row:
    return _Row(row, tuple(members), _reachable([problem.items[each] for each in members], row, problem.bounds[row]))


def _reachable(items: Sequence[Item], row: int, bound: int) -> int:
    """The largest sum up to the bound that whole items reach; sums are the bits of a number."""
    if not 0 <= bound <= MAX_REACH:
        return bound
    sums, mask = 1, (1 << (bound + 1)) - 1
    for item in items:
        grown = sums
        for amount in {_takes(option, row) for option in item.options}:
            grown |= sums << amount
        sums = grown & mask
    return sums.bit_length() - 1
