"""Leaving out what does not decide: a need that every good selection meets, or that none of them does; a row that none
of them fills.

What a tree lacks is never less than nothing, and what a leaf lacks never less than its need less what it has. So a
tree may be taken for *met* (it lacks nothing) and a leaf for *short* (what it has adds up): then no selection costs
more than it does. If the canonical best of that really costs as much, it is the canonical best of the problem itself:
no other costs less, and what costs the same is among its equals. So it is if it keeps a row that it was not told of.
Otherwise the trees and rows it was wrong about are *watched*.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from recognition_rules.allocation.model import (
    Cost,
    Item,
    Option,
    Pairs,
    Problem,
    Selection,
    Tree,
    flattened,
    haves,
    leaves_of,
    missing_of,
    most_used,
    shortfall,
)

View = Literal["met", "short", "watched"]
Term = tuple[int, Tree]
"""A cost, and a tree of which the shortfall is part of it."""


@dataclass(slots=True)
class Relaxation:
    """How each tree of a problem is taken; `hint` is a selection that tells what may hold for good ones."""

    problem: Problem
    hint: Selection | None = None
    views: dict[Term, View] = field(default_factory=dict)
    times: dict[Term, int] = field(default_factory=dict)
    most: list[int] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        for number, cost in enumerate(self.problem.costs):
            for tree in (part for each in cost.trees for part in flattened(each)):
                self.times[number, tree] = self.times.get((number, tree), 0) + 1
        had = _most(self.problem) if self.hint is None else haves(self.problem, self.hint)
        missing = missing_of(self.problem, had)
        targets = {into for _, into in self.problem.spills}
        for number, tree in self.times:
            short: View = "short" if isinstance(tree, int) and tree not in targets else "watched"
            self.views[number, tree] = short if shortfall(tree, missing) else "met"
        self.most = most_used(self.problem)
        self.rows = self._full()

    def _full(self) -> set[int]:
        """The rows in which the hint leaves too little room for something that it does not take."""
        bounds = self.problem.bounds
        if self.hint is None:
            return set(range(len(bounds)))
        used = _used(self.problem, self.hint)
        full = set()
        for item, taken in zip(self.problem.items, self.hint, strict=True):
            for option in item.options:
                if option is not taken:
                    full |= {row for row, amount in option.takes if used[row] + amount > bounds[row]}
        return full

    def relaxed(self) -> Problem:
        """The problem in which only the watched trees are left; the leaves that are short have become costs."""
        watched: list[list[Tree]] = [[] for _ in self.problem.costs]
        short: dict[int, list[tuple[int, int]]] = {}
        for (cost, tree), view in self.views.items():
            if view == "watched":
                watched[cost] += [tree] * self.times[cost, tree]
            elif view == "short" and isinstance(tree, int):
                short.setdefault(tree, []).append((cost, self.times[cost, tree]))
        spills, needed = self._seen(watched)
        restated = _Restated(_names(self.problem), short, needed)
        return Problem(
            items=tuple(restated.item(item) for item in self.problem.items),
            bounds=tuple(
                [b if row in self.rows else max(b, self.most[row]) for row, b in enumerate(self.problem.bounds)]
            ),
            needs=self.problem.needs,
            costs=tuple(Cost(trees=tuple(trees), added=number) for number, trees in enumerate(watched)),
            quotas=self.problem.quotas,
            spills=spills,
        )

    def _bounds(self) -> tuple[int, ...]:
        """Those of the rows that are watched; the others are too large to matter."""
        pairs = zip(self.problem.bounds, self.most, strict=True)
        return tuple([bound if row in self.rows else max(bound, most) for row, (bound, most) in enumerate(pairs)])

    def _seen(self, watched: list[list[Tree]]) -> tuple[Pairs, set[int]]:
        """What spills over to a leaf that is watched, and all the leaves that matter then."""
        needed = {leaf for trees in watched for tree in trees for leaf in leaves_of(tree)}
        for leaf, into in reversed(self.problem.spills):
            if into in needed:
                needed.add(leaf)
        return tuple(pair for pair in self.problem.spills if pair[1] in needed), needed

    def watch_rows(self) -> None:
        """Watches every row from here on."""
        self.rows = set(range(len(self.problem.bounds)))

    def watch_mistaken(self, selection: Selection) -> bool:
        """Whether the selection costs more than it was taken to, or overdraws a row it was not told of.

        What it was wrong about is watched from here on.
        """
        had = haves(self.problem, selection)
        missing = missing_of(self.problem, had)
        mistaken = [
            term for term, view in self.views.items() if _is_mistaken(self.problem, term[1], view, had, missing)
        ]
        for term in mistaken:
            self.views[term] = "watched"
        used = _used(self.problem, selection)
        overdrawn = {row for row, bound in enumerate(self.problem.bounds) if used[row] > bound} - self.rows
        self.rows |= overdrawn
        return bool(mistaken or overdrawn)


def _is_mistaken(problem: Problem, tree: Tree, view: View, had: list[int], missing: list[int]) -> bool:
    if view == "met":
        return shortfall(tree, missing) > 0
    return view == "short" and isinstance(tree, int) and problem.needs[tree] - had[tree] != missing[tree]


def _used(problem: Problem, selection: Selection) -> list[int]:
    """What a selection uses of each row."""
    used = [0] * len(problem.bounds)
    for option in selection:
        for row, amount in option.takes if option else ():
            used[row] += amount
    return used


def _most(problem: Problem) -> list[int]:
    """What each leaf has at most."""
    had = [0] * len(problem.needs)
    for item in problem.items:
        most: dict[int, int] = {}
        for leaf, amount in (pair for option in item.options for pair in option.brings):
            most[leaf] = max(most.get(leaf, 0), amount)
        for leaf, amount in most.items():
            had[leaf] += amount
    return had


def _names(problem: Problem) -> dict[int, list[int]]:
    """The costs that each name of an added cost enters into."""
    names: dict[int, list[int]] = {}
    for number, cost in enumerate(problem.costs):
        if cost.added is not None:
            names.setdefault(cost.added, []).append(number)
    return names


@dataclass(frozen=True, slots=True)
class _Restated:
    """Items with one sum for each cost: what an option adds itself, less what it brings to leaves that are short."""

    names: dict[int, list[int]]
    short: dict[int, list[tuple[int, int]]]
    needed: set[int]

    def item(self, item: Item) -> Item:
        """The item, so restated."""
        return Item(tuple([self._option(option) for option in item.options]), item.bundle)

    def _option(self, option: Option) -> Option:
        found: dict[int, int] = {}
        for cost, amount in self._costs(option):
            found[cost] = found.get(cost, 0) + amount
        brings = tuple([pair for pair in option.brings if pair[0] in self.needed]) if self.needed else ()
        return Option(
            option.amount,
            option.variant,
            option.takes,
            brings,
            tuple(found.items()),
            option.keeps,
            option.moves,
            option.number,
        )

    def _costs(self, option: Option) -> Iterator[tuple[int, int]]:
        for name, amount in option.costs:
            for cost in self.names.get(name, ()):
                yield cost, amount
        for leaf, amount in option.brings:
            for cost, times in self.short.get(leaf, ()):
                yield cost, -amount * times
