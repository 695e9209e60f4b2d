"""The solver by itself: against every selection, whichever way it proves them, whatever way the numbers are listed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_rules.allocation.bounds import Bounds
from recognition_rules.allocation.model import (
    NOTHING,
    Cost,
    Item,
    Option,
    Pairs,
    Pick,
    Problem,
    Taking,
    Tree,
    costs_of,
    is_allowed,
)
from recognition_rules.allocation.solve import Effort, solve
from recognition_rules.input_errors import OptimumNotProven

BY_HIGHS = 0
"""States allowed to dynamic programming, so that every part goes to HiGHS."""


def problem(seed: int, *, monotone: bool = False) -> Problem:
    """A small choice with everything in it: rows that cross, quotas, bundles, leaves, picks, spills, signed rows."""
    source = Random(seed)
    rows, leaves = source.randint(0, 4), source.randint(0, 3)
    quota, bundle = not monotone and source.random() < 0.5, source.random() < 0.4
    items = tuple(
        _item(source, rows, leaves, quota=quota, bundle=bundle, monotone=monotone) for _ in range(_few(source))
    )
    trees: list[Tree] = list(range(leaves))
    if leaves:
        trees += [Pick(leaves, tuple(range(leaves))), Pick(1, tuple(range(leaves)))]
    if leaves > 2:
        trees += [Pick(2, (0, Pick(1, (1, 2)))), Pick(2, (0, 1, 2))]
    costs = [Cost(added=0), Cost(added=1), *(Cost(trees=(tree,)) for tree in trees)]
    costs += [Cost(trees=(tree,), met=True) for tree in trees]
    return Problem(
        items=items,
        bounds=tuple(source.randint(0, 10) for _ in range(rows)),
        needs=tuple(source.randint(0, 12) for _ in range(leaves)),
        costs=tuple(source.sample(costs, source.randint(1, min(3, len(costs))))),
        quotas=(source.randint(1, 2),) if quota else (),
        spills=((0, 1),) if leaves > 1 and source.random() < 0.2 else (),
    )


def _few(source: Random) -> int:
    return source.randint(1, 5)


def _item(source: Random, rows: int, leaves: int, *, quota: bool, bundle: bool, monotone: bool) -> Item:
    amount = source.randint(0, 6)
    bundled = 0 if bundle and source.random() < 0.4 else None
    levels = [amount, *range(1, amount)] if bundled is None and source.random() < 0.2 else [amount]
    own = [row for row in range(rows) if source.random() < 0.6]
    forms = [0, 1] if quota and source.random() < 0.5 else [0]
    options = []
    for level, variant in product(levels, forms):
        for _ in range(source.randint(1, 2)):
            signs = [1 if monotone or source.random() > 0.05 else -1 for _ in own]
            takes = tuple((row, sign * (1 if row % 2 else level)) for row, sign in zip(own, signs, strict=True))
            brings = tuple((leaf, level) for leaf in range(leaves) if source.random() < 0.5)
            costs: Pairs = ((0, -level), (1, -1 if monotone else level))[: source.randint(1, 2)]
            keeps, moves = ((0,), ()) if variant == 0 and len(forms) > 1 else ((), (0,) if variant else ())
            options.append(Option(level, variant, takes, brings, costs, keeps, moves, len(options)))
    return Item(tuple(options), bundled)


def best(posed: Problem) -> tuple[tuple[Taking, ...], tuple[int, ...]]:
    """By the definition: of all selections that are allowed the least costs, then the amounts, then the variants."""
    found = min(
        (
            costs_of(posed, selection),
            [-(option.amount if option else -1) for option in selection],
            [option.variant if option else 0 for option in selection],
            [option.taking if option else NOTHING for option in selection],
        )
        for selection in product(*((*item.options, None) for item in posed.items))
        if is_allowed(posed, selection)
    )
    return tuple(found[3]), found[0]


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_every_way_of_proving_finds_the_canonical_best(seed: int) -> None:
    posed = problem(seed)
    wanted = best(posed)
    searched, programmed = solve(posed), solve(posed, effort=Effort(max_states=BY_HIGHS))
    assert (searched.taken, searched.costs) == wanted
    assert (programmed.taken, programmed.costs) == wanted
    assert searched.method in ("in-order-proved", "dynamic")


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_a_walk_in_order_that_reaches_the_bounds_is_the_canonical_best(seed: int) -> None:
    posed = problem(seed, monotone=True)
    wanted = best(posed)
    found = solve(posed, walk(posed))
    assert (found.taken, found.costs) == wanted
    bounds = Bounds(posed)
    assert all(bounds.least(cost) <= value for cost, value in zip(posed.costs, wanted[1], strict=True))


def walk(posed: Problem) -> list[Option | None]:
    """Offers room to each item in turn, bundles at their first, the largest amount first; then the best places."""
    chosen: list[Option | None] = [None] * len(posed.items)
    for number, item in enumerate(posed.items):
        members = [n for n, each in enumerate(posed.items) if item.bundle is not None and each.bundle == item.bundle]
        together = members or [number]
        if number == together[0]:
            chosen = next((tried for tried in _offers(posed, chosen, together) if is_allowed(posed, tried)), chosen)
    return _seated(posed, chosen)


def _offers(posed: Problem, chosen: list[Option | None], together: list[int]) -> Iterator[list[Option | None]]:
    for options in product(*(sorted(posed.items[number].options, key=lambda o: -o.amount) for number in together)):
        offered = dict(zip(together, options, strict=True))
        yield [offered.get(number, option) for number, option in enumerate(chosen)]


def _seated(posed: Problem, chosen: list[Option | None]) -> list[Option | None]:
    """The same amounts, in the options that cost least."""
    places = [
        [each for each in item.options if option and each.amount == option.amount] or [None]
        for item, option in zip(posed.items, chosen, strict=True)
    ]
    return list(min((s for s in product(*places) if is_allowed(posed, s)), key=lambda s: costs_of(posed, s)))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9), shuffle=st.randoms(use_true_random=False), solver=st.integers(0, 2**20))
def test_no_answer_rests_on_how_columns_and_rows_are_listed_or_on_the_seed(
    seed: int, shuffle: Random, solver: int
) -> None:
    posed = problem(seed)
    shuffled = listed_otherwise(posed, shuffle)
    effort = Effort(max_states=BY_HIGHS, seed=solver)
    found = solve(shuffled, effort=effort)
    assert (found.taken, found.costs) == best(posed)


def listed_otherwise(posed: Problem, source: Random) -> Problem:
    rows, leaves = list(range(len(posed.bounds))), list(range(len(posed.needs)))
    source.shuffle(rows)
    source.shuffle(leaves)
    items = []
    for item in posed.items:
        options = [
            replace(
                option,
                takes=tuple((rows[row], amount) for row, amount in option.takes),
                brings=tuple((leaves[leaf], amount) for leaf, amount in option.brings),
            )
            for option in item.options
        ]
        source.shuffle(options)
        items.append(replace(item, options=tuple(replace(each, number=n) for n, each in enumerate(options))))
    return replace(
        posed,
        items=tuple(items),
        bounds=tuple(posed.bounds[rows.index(row)] for row in range(len(rows))),
        needs=tuple(posed.needs[leaves.index(leaf)] for leaf in range(len(leaves))),
        costs=tuple(replace(cost, trees=tuple(_renamed(tree, leaves) for tree in cost.trees)) for cost in posed.costs),
        spills=tuple((leaves[leaf], leaves[into]) for leaf, into in posed.spills),
    )


def _renamed(tree: Tree, leaves: Sequence[int]) -> Tree:
    if isinstance(tree, int):
        return leaves[tree]
    return Pick(tree.at_least, tuple(_renamed(part, leaves) for part in tree.parts))


def knapsack(size: int, unit: int = 1) -> Problem:
    """Items of sizes that no bound fits exactly: two rows that cross."""
    source = Random(size)
    items = [
        Item((Option(amount, takes=((0, amount), (1 + number % 3, amount)), costs=((0, -amount),)),))
        for number, amount in enumerate(unit * source.randint(7, 31) + 1 for _ in range(size))
    ]
    total = sum(item.options[0].amount for item in items)
    return Problem(tuple(items), (total // 2, total // 5, total // 5, total // 5), (), (Cost(added=0),))


def test_what_cannot_be_proven_within_the_effort_is_an_error_and_no_second_best() -> None:
    posed = knapsack(16)
    assert solve(posed, effort=Effort(max_states=BY_HIGHS)).costs == solve(posed, effort=Effort(10**6)).costs
    with pytest.raises(OptimumNotProven, match="node limit"):
        solve(knapsack(60, 9), effort=Effort(max_states=BY_HIGHS, max_nodes=0))


def test_numbers_a_solver_cannot_tell_apart_are_refused_and_never_rounded() -> None:
    with pytest.raises(OptimumNotProven, match="1000000"):
        solve(knapsack(40, 10**6), effort=Effort(max_states=BY_HIGHS))


def test_a_large_choice_is_found_alike_by_search_and_by_programme() -> None:
    for size in (10, 14):
        posed = knapsack(size)
        searched, programmed = solve(posed, effort=Effort(10**6)), solve(posed, effort=Effort(BY_HIGHS))
        assert (searched.method, programmed.method) == ("dynamic", "milp")
        assert (searched.taken, searched.costs) == (programmed.taken, programmed.costs)
