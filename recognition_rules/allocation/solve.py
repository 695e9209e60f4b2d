"""The best selection, proven: by bounds where a walk in order reaches them, else by exact search, else by HiGHS.

1. Settle whether a cost that only asks *is there any shortfall* can be nought; it then becomes that shortfall.
2. Reduce: drop what cannot bind, fix what is taken in any case, split into independent parts.
3. For each part: the walk in order where it reaches every bound; dynamic programming; a mixed-integer programme.
4. Check the selection against the whole problem, in whole numbers.
"""

from dataclasses import dataclass, replace

from recognition_rules.allocation.bounds import reaches_bounds
from recognition_rules.allocation.dynamic import Found, search
from recognition_rules.allocation.milp import MAX_NODES, optimise
from recognition_rules.allocation.model import (
    NOTHING,
    Cost,
    Method,
    Option,
    Problem,
    Selection,
    Solution,
    Taking,
    costs_of,
    is_allowed,
)
from recognition_rules.allocation.reduce import Part, reduce
from recognition_rules.input_errors import OptimumNotProven

MAX_STATES = 4_000
_STRENGTH: tuple[Method, ...] = ("in-order-proved", "dynamic", "milp")


@dataclass(frozen=True, slots=True)
class Effort:
    """How far to go: states of the dynamic programme before HiGHS is asked, nodes of its search before giving up,
    and the seed it is run with, which changes no answer."""

    max_states: int = MAX_STATES
    max_nodes: int = MAX_NODES
    seed: int = 0


def solve(problem: Problem, walk: Selection | None = None, effort: Effort = Effort()) -> Solution:
    """The canonical best selection; `walk` is the one found by walking the items in order, if there is one.

    Raises `OptimumNotProven` where a limit of the effort is reached: there is no silent second-best.
    """
    if walk is not None and reaches_bounds(problem, walk):
        return Solution(_taken(walk), costs_of(problem, walk), "in-order-proved")
    found, method = _best(_resolved(problem, effort), walk, effort)
    if not is_allowed(problem, found.witness):
        raise OptimumNotProven(within="the checks in whole numbers")
    return Solution(found.taken, costs_of(problem, found.witness), method)


def _taken(selection: Selection) -> tuple[Taking, ...]:
    return tuple(option.taking if option else NOTHING for option in selection)


def _resolved(problem: Problem, effort: Effort) -> Problem:
    """The problem without costs that only ask whether there is a shortfall.

    Where there need be none, having none is what is asked for; where there is some in any case, nothing is.
    """
    for number, cost in enumerate(problem.costs):
        if cost.met:
            before, asked = problem.costs[:number], replace(cost, met=False)
            first = replace(problem, costs=(*before, asked))
            found, _ = _best(first, None, effort)
            reached = costs_of(first, found.witness)[-1] == 0
            after = asked if reached else Cost()
            problem = replace(problem, costs=(*before, after, *problem.costs[number + 1 :]))
    return problem


def _best(problem: Problem, walk: Selection | None, effort: Effort) -> tuple[Found, Method]:
    reduced = reduce(problem)
    taken: list[Taking] = [NOTHING] * len(problem.items)
    witness: list[Option | None] = [None] * len(problem.items)
    for number, option in reduced.fixed.items():
        taken[number], witness[number] = option.taking, problem.items[number].options[option.number]
    method: Method = "in-order-proved"
    for part in reduced.parts:
        found, how = _part(part, walk, effort)
        method = max(method, how, key=_STRENGTH.index)
        for number, taking, shown in zip(part.items, found.taken, found.witness, strict=True):
            taken[number] = taking
            witness[number] = problem.items[number].options[shown.number] if shown else None
    return Found(tuple(taken), tuple(witness)), method


def _part(part: Part, walk: Selection | None, effort: Effort) -> tuple[Found, Method]:
    shown = _restated(part, walk) if walk is not None else None
    if shown is not None and reaches_bounds(part.problem, shown):
        return Found(_taken(shown), tuple(shown)), "in-order-proved"
    found = search(part.problem, effort.max_states)
    if found is not None:
        return found, "dynamic"
    return optimise(part.problem, max_nodes=effort.max_nodes, seed=effort.seed), "milp"


def _restated(part: Part, walk: Selection) -> list[Option | None] | None:
    """The walk within a part; None where it took what the reduction left out."""
    shown: list[Option | None] = []
    for number, item in zip(part.items, part.problem.items, strict=True):
        taken = walk[number]
        same = next((each for each in item.options if taken and each.number == taken.number), None)
        if taken is not None and same is None:
            return None
        shown.append(same)
    return shown
