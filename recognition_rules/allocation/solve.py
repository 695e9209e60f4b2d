"""The best selection, proven: by exact search room by room, else by bounds that a walk in order reaches, else by HiGHS.

Where there are but a few selections, all of them are looked at (`few`). Otherwise:

1. Settle whether a cost that only asks *is there any shortfall* can be nought; it then becomes that shortfall.
2. Leave out needs that do not decide (`relaxation`); what was left out wrongly is put back.
3. Search all of it exactly (`elimination`), or show that the walk reaches the bounds. Where that is too large: drop
   what cannot bind, fix what is taken in any case, split into independent parts, and settle each by itself.
4. Check the selection against the whole problem, in whole numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from recognition_rules.allocation.bounds import reaches_bounds
from recognition_rules.allocation.elimination import eliminate
from recognition_rules.allocation.few import MAX_SELECTIONS, best_of_few
from recognition_rules.allocation.milp import MAX_NODES, optimise
from recognition_rules.allocation.model import (
    NOTHING,
    Cost,
    Item,
    Method,
    Option,
    Problem,
    Selection,
    Solution,
    Taking,
    costs_of,
    is_allowed,
)
from recognition_rules.allocation.reduce import reduce
from recognition_rules.allocation.relaxation import Relaxation
from recognition_rules.input_errors import OptimumNotProven

MAX_ENTRIES = 500_000
SHORT = 5_000
"""Pairs of entries that are compared before anything else is tried: some thousandths of a second."""

MANY = 100
"""Of more items than that no short search is tried."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How far to go: pairs of entries that the exact search compares before HiGHS is asked, nodes of the search of
    HiGHS before giving up, and the seed it is run with, which changes no answer."""

    max_states: int = MAX_ENTRIES
    max_nodes: int = MAX_NODES
    seed: int = 0


def solve(problem: Problem, walk: Selection | None = None, effort: Effort = Effort()) -> Solution:
    """The canonical best selection; `walk` is the one found by walking the items in order, if there is one.

    `in-order-proved` says that the walk, or where there is none taking everything in full, is shown to be that
    selection. Raises `OptimumNotProven` where a limit of the effort is reached: there is no silent second-best.
    """
    few = best_of_few(problem, min(MAX_SELECTIONS, effort.max_states))
    found, searched = _best(_resolved(problem, walk, effort), walk, effort) if few is None else (few, True)
    if not is_allowed(problem, found):
        raise OptimumNotProven(within="the checks in whole numbers")
    taken = taken_of(found)
    plain = taken_of(walk) if walk is not None else _all(problem)
    method: Method = "milp" if not searched else "in-order-proved" if taken == plain else "dynamic"
    return Solution(taken, costs_of(problem, found), method)


def taken_of(selection: Selection) -> tuple[Taking, ...]:
    """What is settled of each item."""
    return tuple(option.taking if option else NOTHING for option in selection)


def _all(problem: Problem) -> tuple[Taking, ...]:
    """Everything in full, in its lowest variant."""
    return tuple(
        min((option.taking for option in item.options), key=lambda taking: (-taking[0], taking[1]), default=NOTHING)
        for item in problem.items
    )


def _resolved(problem: Problem, walk: Selection | None, effort: Effort) -> Problem:
    """The problem without costs that only ask whether there is a shortfall.

    Where there need be none, having none is what is asked for; where there is some in any case, nothing is.
    """
    for number, cost in enumerate(problem.costs):
        if cost.met:
            before, asked = problem.costs[:number], replace(cost, met=False)
            first = replace(problem, costs=(*before, asked))
            found, _ = _best(first, walk, effort)
            after = asked if costs_of(first, found)[-1] == 0 else Cost()
            problem = replace(problem, costs=(*before, after, *problem.costs[number + 1 :]))
    return problem


def _best(problem: Problem, walk: Selection | None, effort: Effort) -> tuple[Selection, bool]:
    """The canonical best selection; whether it was found without HiGHS.

    What was too large to be searched once is not tried as hard a second time.
    """
    relaxation = Relaxation(problem, walk)
    while True:
        relaxed = relaxation.relaxed()
        found = _searched(relaxed, walk, effort)
        searched = found is not None
        if found is None:
            relaxation.watch_rows()
            found, searched = _in_parts(relaxation.relaxed(), walk, effort)
            effort = replace(effort, max_states=effort.max_states // 8)
        selection = _restated(problem.items, found)
        assert selection is not None
        if not relaxation.watch_mistaken(selection):
            return selection, searched


def _searched(problem: Problem, walk: Selection | None, effort: Effort) -> Selection | None:
    """By search, first a short one, or by bounds that the walk reaches; None where it would take too long.

    Of many items the bounds are sooner known than a search.
    """
    many = len(problem.items) > MANY
    found = None if many else eliminate(problem, min(SHORT, effort.max_states))
    if found is None and walk is not None:
        found = _bounded(problem, walk)
    at_length = many or effort.max_states > SHORT
    return eliminate(problem, effort.max_states) if found is None and at_length else found


def _bounded(problem: Problem, walk: Selection) -> Selection | None:
    shown = _restated(problem.items, walk)
    return shown if shown is not None and reaches_bounds(problem, shown) else None


def _restated(items: Sequence[Item], selection: Selection) -> Selection | None:
    """The options as the items have them; None where one of them has been left out there."""
    shown: list[Option | None] = []
    for item, option in zip(items, selection, strict=True):
        same = next((each for each in item.options if each.number == option.number), None) if option else None
        if option is not None and same is None:
            return None
        shown.append(same)
    return shown


def _in_parts(problem: Problem, walk: Selection | None, effort: Effort) -> tuple[Selection, bool]:
    reduced, searched = reduce(problem), True
    selection: list[Option | None] = [None] * len(problem.items)
    for number, option in reduced.fixed.items():
        selection[number] = option
    for part in reduced.parts:
        within = [walk[number] for number in part.items] if walk is not None else None
        shown = _searched(part.problem, within, effort) if len(reduced.parts) > 1 else None
        if shown is None:
            shown, searched = optimise(part.problem, max_nodes=effort.max_nodes, seed=effort.seed), False
        for number, each in zip(part.items, shown, strict=True):
            selection[number] = each
    return selection, searched
