"""The choice as whole numbers: items with options, rows with bounds, leaves with needs, costs one after the other.

Each item takes one of its options or none. An option takes room in rows and brings something to leaves. A selection
is allowed where no row exceeds its bound, no quota is overdrawn, and items that are bundled are all in or all out.
Among the allowed selections the best has the least first cost, then the least second cost, and so on. Of the best the
canonical one counts, along the items, the highest amounts first, and then the lowest variants.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Pairs: TypeAlias = tuple[tuple[int, int], ...]
Taking: TypeAlias = tuple[int, int]
"""What is settled of an item: the amount and the variant that are taken."""

NOTHING: Taking = (-1, 0)
"""None of the options is taken; an option with an amount of zero is more than that."""

Method = Literal["in-order-proved", "dynamic", "milp"]


@dataclass(frozen=True, slots=True)
class Option:
    """One way to take an item.

    `takes` are (row, amount), negative where it makes room; `brings` are (leaf, amount); `costs` are (number,
    amount) of the costs that add up. `keeps` are quotas of which it uses up one, `moves` quotas that must be used up
    before it may be taken. `number` is its place among the options of its item, as the problem was posed.
    """

    amount: int
    variant: int = 0
    takes: Pairs = ()
    brings: Pairs = ()
    costs: Pairs = ()
    keeps: tuple[int, ...] = ()
    moves: tuple[int, ...] = ()
    number: int = 0

    @property
    def taking(self) -> Taking:
        """What taking it settles."""
        return (self.amount, self.variant)


@dataclass(frozen=True, slots=True)
class Item:
    """What may be taken, in one of its options; several may settle the same and differ in what they bring."""

    options: tuple[Option, ...]
    bundle: int | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """`at_least` of the parts must be had; its shortfall is that of the cheapest so many."""

    at_least: int
    parts: "tuple[Tree, ...]"


Tree: TypeAlias = int | Pick
"""A leaf, by number, or a pick of several."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What is to be least: the shortfall of the trees and the sum of the options' cost `added`; `met` asks only
    whether that is more than zero."""

    trees: tuple[Tree, ...] = ()
    added: int | None = None
    met: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A choice to be made: `bounds` by row, `quotas` by number, `needs` by leaf, `costs` in turn.

    `spills` are (leaf, leaf): what the first has beyond its need is had by the second, in the order listed.
    """

    items: tuple[Item, ...]
    bounds: tuple[int, ...]
    needs: tuple[int, ...]
    costs: tuple[Cost, ...]
    quotas: tuple[int, ...] = ()
    spills: Pairs = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """The canonical best selection: what each item takes, the costs of it, and how that was proven."""

    taken: tuple[Taking, ...]
    costs: tuple[int, ...]
    method: Method


Selection: TypeAlias = Sequence[Option | None]


def haves(problem: Problem, selection: Selection) -> list[int]:
    """What each leaf has, with what spills over to it."""
    had = [0] * len(problem.needs)
    for option in selection:
        for leaf, amount in option.brings if option else ():
            had[leaf] += amount
    return spilled(problem, had)


def spilled(problem: Problem, had: list[int]) -> list[int]:
    """The same list, after what is beyond the need of a leaf has gone where it spills to."""
    for leaf, into in problem.spills:
        had[into] += max(had[leaf] - problem.needs[leaf], 0)
    return had


def shortfall(tree: Tree, missing: Sequence[int]) -> int:
    """What a tree lacks, given what each leaf does."""
    if isinstance(tree, int):
        return missing[tree]
    return sum(sorted(shortfall(part, missing) for part in tree.parts)[: tree.at_least])


def missing_of(problem: Problem, had: Sequence[int]) -> list[int]:
    """What each leaf lacks, never below zero."""
    return [max(need - have, 0) for need, have in zip(problem.needs, had, strict=True)]


def costs_of(problem: Problem, selection: Selection) -> tuple[int, ...]:
    """The costs of a selection, in turn."""
    missing = missing_of(problem, haves(problem, selection))
    return tuple(_cost(cost, selection, missing) for cost in problem.costs)


def _cost(cost: Cost, selection: Selection, missing: Sequence[int]) -> int:
    lacking = sum(shortfall(tree, missing) for tree in cost.trees)
    if cost.added is not None:
        lacking += sum(amount for option in selection if option for name, amount in option.costs if name == cost.added)
    return min(lacking, 1) if cost.met else lacking


def is_allowed(problem: Problem, selection: Selection) -> bool:
    """Whether a selection keeps every row, quota and bundle."""
    used, kept = [0] * len(problem.bounds), [0] * len(problem.quotas)
    for option in selection:
        for row, amount in option.takes if option else ():
            used[row] += amount
        for quota in option.keeps if option else ():
            kept[quota] += 1
    full = {quota for quota, (have, most) in enumerate(zip(kept, problem.quotas, strict=True)) if have == most}
    within = all(have <= bound for have, bound in zip(used, problem.bounds, strict=True))
    quotas = all(have <= most for have, most in zip(kept, problem.quotas, strict=True))
    moved = all(full.issuperset(option.moves) for option in selection if option)
    return within and quotas and moved and _bundled(problem, selection)


def most_used(problem: Problem) -> list[int]:
    """What all items together use of each row at most."""
    most = [0] * len(problem.bounds)
    for item in problem.items:
        for row, amount in _largest(item):
            if amount > 0:
                most[row] += amount
    return most


def _largest(item: Item) -> Iterable[tuple[int, int]]:
    """What the item takes of each row at most."""
    if len(item.options) == 1:
        return item.options[0].takes
    found: dict[int, int] = {}
    for row, amount in (pair for option in item.options for pair in option.takes):
        found[row] = max(found.get(row, 0), amount)
    return found.items()


def _bundled(problem: Problem, selection: Selection) -> bool:
    """Whether the items of every bundle are all in or all out."""
    found: dict[int, bool] = {}
    for item, option in zip(problem.items, selection, strict=True):
        if item.bundle is not None and found.setdefault(item.bundle, option is not None) != (option is not None):
            return False
    return True


def leaves_of(tree: Tree) -> Iterator[int]:
    """The leaves of a tree."""
    if isinstance(tree, int):
        yield tree
    else:
        for part in tree.parts:
            yield from leaves_of(part)


def flattened(tree: Tree) -> Iterator[Tree]:
    """The trees of which the shortfalls add up to that of `tree`: where all parts are needed, each by itself."""
    if isinstance(tree, Pick) and tree.at_least == len(tree.parts):
        for part in tree.parts:
            yield from flattened(part)
    else:
        yield tree
