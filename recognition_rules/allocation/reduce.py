"""Making a choice smaller without changing what comes of it.

1. A row that all items together cannot exceed is dropped.
2. Where taking an item never costs and takes nothing that is scarce, it is taken in full.
3. A leaf that has enough in any case drops out; one that never gets enough adds up, so nobody needs to watch it.
4. What has no row, quota, bundle or leaf in common is settled apart.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from recognition_rules.allocation.model import Cost, Item, Option, Pairs, Problem, Tree, flattened, leaves_of


@dataclass(frozen=True, slots=True)
class Part:
    """A choice of its own: the numbers of its items in the whole, and the problem they pose."""

    items: tuple[int, ...]
    problem: Problem


@dataclass(frozen=True, slots=True)
class Reduced:
    """What is settled already (`fixed`, by item) and the independent parts that are not."""

    fixed: dict[int, Option]
    parts: tuple[Part, ...]


def reduce(problem: Problem) -> Reduced:
    """The parts of a problem whose costs ask for sums only (`met` has been resolved before)."""
    items = _without_slack(problem)
    if _never_costs(problem):
        items = [_in_full(item) for item in items]
        fixed = {number: item.options[0] for number, item in enumerate(items) if _is_settled(item)}
    else:
        fixed = {}
    free = [number for number in range(len(items)) if number not in fixed and items[number].options]
    return Reduced(fixed, tuple(_parts(problem, items, free, _had(problem, fixed))))


def _without_slack(problem: Problem) -> list[Item]:
    """The items, asking only for room in rows that may run out."""
    most = [0] * len(problem.bounds)
    for item in problem.items:
        for row, amount in _most(option.takes for option in item.options).items():
            most[row] += max(amount, 0)
    scarce = {row for row, bound in enumerate(problem.bounds) if most[row] > bound}
    return [_asking(item, scarce) for item in problem.items]


def _asking(item: Item, scarce: set[int]) -> Item:
    if all(row in scarce for option in item.options for row, _ in option.takes):
        return item
    options = (
        replace(option, takes=tuple(pair for pair in option.takes if pair[0] in scarce)) for option in item.options
    )
    return replace(item, options=tuple(options))


def _most(pairs: Iterable[Pairs]) -> dict[int, int]:
    """The largest amount of each number over several options; absent is zero."""
    found: dict[int, int] = {}
    for each in pairs:
        for number, amount in each:
            found[number] = max(found.get(number, amount), amount)
    return found


def _never_costs(problem: Problem) -> bool:
    """Whether taking more is never worse: all that is brought helps, and no sum grows."""
    adding = {cost.added for cost in problem.costs}
    for item in problem.items:
        for option in item.options:
            if any(amount < 0 for _, amount in option.takes) or any(amount < 0 for _, amount in option.brings):
                return False
            if any(amount > 0 and number in adding for number, amount in option.costs):
                return False
    return True


def _in_full(item: Item) -> Item:
    """An item that asks for nothing scarce, left with the options that none of its highest amount outdoes."""
    if item.bundle is not None or any(each.takes or each.keeps or each.moves for each in item.options):
        return item
    highest = max((option.amount for option in item.options), default=0)
    full = [option for option in item.options if option.amount == highest]
    if len(full) == len(item.options):
        return item
    rest = (each for each in item.options if each.amount < highest and not any(_outdoes(top, each) for top in full))
    return replace(item, options=(*full, *rest))


def _outdoes(full: Option, part: Option) -> bool:
    """Whether an option brings at least as much to every leaf and adds no more to any cost."""
    brought, added = dict(full.brings), dict(full.costs)
    helps = all(brought.get(leaf, 0) >= amount for leaf, amount in part.brings)
    return helps and all(added.get(number, 0) <= amount for number, amount in part.costs)


def _is_settled(item: Item) -> bool:
    only = len(item.options) == 1 and item.bundle is None
    return only and not (item.options[0].takes or item.options[0].keeps or item.options[0].moves)


def _had(problem: Problem, fixed: dict[int, Option]) -> list[int]:
    had = [0] * len(problem.needs)
    for option in fixed.values():
        for leaf, amount in option.brings:
            had[leaf] += amount
    return had


def _parts(problem: Problem, items: Sequence[Item], free: Sequence[int], had: Sequence[int]) -> Iterator[Part]:
    needs = tuple(need - have for need, have in zip(problem.needs, had, strict=True))
    watch = _Watch(problem, [items[number] for number in free], needs)
    trees = [tuple(watch.kept(cost)) for cost in problem.costs]
    joined = _Joined(len(free))
    for group in watch.groups(trees):
        joined.join(group)
    for members in joined.groups():
        yield _part(problem, watch, trees, [free[each] for each in members], members, needs)


@dataclass(slots=True)
class _Watch:
    """The leaves of the free items: those that have to be watched, and those that merely add up."""

    problem: Problem
    items: Sequence[Item]
    needs: Sequence[int]
    linear: set[int] = field(default_factory=set)
    watched: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        most, least = [0] * len(self.needs), [0] * len(self.needs)
        for item in self.items:
            for leaf, amount in _most(option.brings for option in item.options).items():
                most[leaf] += max(amount, 0)
            lowest = _most(tuple((leaf, -amount) for leaf, amount in option.brings) for option in item.options)
            for leaf, amount in lowest.items():
                least[leaf] -= max(amount, 0)
        spilling = {leaf for pair in self.problem.spills for leaf in pair}
        for leaf, need in enumerate(self.needs):
            if leaf in spilling:
                self.watched.add(leaf)
            elif most[leaf] <= need:
                self.linear.add(leaf)
            elif least[leaf] < need:
                self.watched.add(leaf)

    def kept(self, cost: Cost) -> Iterator[Tree]:
        """The trees of a cost that are not mere sums."""
        for tree in (part for each in cost.trees for part in flattened(each)):
            if not isinstance(tree, int):
                self.watched |= self.linear & set(leaves_of(tree))
                yield tree
            elif tree in self.watched and tree not in self.linear:
                yield tree

    def adding(self, cost: Cost) -> set[int]:
        """The leaves of a cost that add up."""
        trees = (part for each in cost.trees for part in flattened(each))
        return {tree for tree in trees if isinstance(tree, int) and tree in self.linear}

    def groups(self, trees: Sequence[tuple[Tree, ...]]) -> Iterator[list[int]]:
        """The items, by their place among the free ones, that have something in common."""
        tied = _Joined(len(self.needs))
        for tree in (tree for each in trees for tree in each):
            tied.join(list(leaves_of(tree)))
        for pair in self.problem.spills:
            tied.join(list(pair))
        used = {leaf for each in trees for tree in each for leaf in leaves_of(tree)}
        used |= {leaf for pair in self.problem.spills for leaf in pair}
        found: dict[tuple[str, int], list[int]] = {}
        for number, item in enumerate(self.items):
            for key in _ties(item, used, tied):
                found.setdefault(key, []).append(number)
        yield from found.values()


def _ties(item: Item, used: set[int], tied: "_Joined") -> set[tuple[str, int]]:
    keys = {("row", row) for option in item.options for row, _ in option.takes}
    keys |= {("quota", quota) for option in item.options for quota in (*option.keeps, *option.moves)}
    keys |= {("leaf", tied.root(leaf)) for option in item.options for leaf, _ in option.brings if leaf in used}
    return keys if item.bundle is None else {*keys, ("bundle", item.bundle)}


def _part(
    problem: Problem,
    watch: _Watch,
    trees: Sequence[tuple[Tree, ...]],
    numbers: Sequence[int],
    members: Sequence[int],
    needs: Sequence[int],
) -> Part:
    items = [watch.items[each] for each in members]
    near = {leaf for item in items for option in item.options for leaf, _ in option.brings}
    near = _reached(problem, near)
    own = [tuple(tree for tree in each if near & set(leaves_of(tree))) for each in trees]
    adding = [watch.adding(cost) for cost in problem.costs]
    part = Problem(
        items=tuple(_restated(problem, item, adding) for item in items),
        bounds=problem.bounds,
        needs=tuple(needs),
        costs=tuple(Cost(trees=mine, added=number) for number, mine in enumerate(own)),
        quotas=problem.quotas,
        spills=problem.spills if any(pair[0] in near for pair in problem.spills) else (),
    )
    return Part(tuple(numbers), part)


def _reached(problem: Problem, near: set[int]) -> set[int]:
    """The leaves that items bring something to, and those to which it may spill over."""
    reached = set(near)
    for leaf, into in problem.spills:
        if leaf in reached:
            reached.add(into)
    return reached


def _restated(problem: Problem, item: Item, adding: Sequence[set[int]]) -> Item:
    """The item with one sum for each cost: what it adds itself, less what it brings to leaves that add up."""
    return replace(item, options=tuple(_with_costs(problem, option, adding) for option in item.options))


def _with_costs(problem: Problem, option: Option, adding: Sequence[set[int]]) -> Option:
    costs = []
    for number, cost in enumerate(problem.costs):
        amount = sum(each for name, each in option.costs if name == cost.added)
        amount -= sum(each for leaf, each in option.brings if leaf in adding[number])
        if amount:
            costs.append((number, amount))
    return replace(option, costs=tuple(costs))


class _Joined:
    """Sets that grow together."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def root(self, number: int) -> int:
        """The number that stands for the set."""
        while self._parents[number] != number:
            self._parents[number] = self._parents[self._parents[number]]
            number = self._parents[number]
        return number

    def join(self, numbers: Sequence[int]) -> None:
        """Puts all of them into one set; the lowest stands for it."""
        roots = {self.root(number) for number in numbers}
        for root in roots:
            self._parents[root] = min(roots)

    def groups(self) -> list[list[int]]:
        """The sets, each in order, by their lowest number."""
        found: dict[int, list[int]] = {}
        for number in range(len(self._parents)):
            found.setdefault(self.root(number), []).append(number)
        return list(found.values())
