"""Step 8, slots: which counted award sits in which slot, so that least is missing; exact, and the same everywhere.

Where each award has one slot to sit in, there is nothing to choose. Otherwise dynamic programming over the room
left in the contested slots finds the least shortfall; among equals the first in order wins.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recognition_rules.amount_text import Exact
from recognition_rules.input_errors import OptimumNotProven
from recognition_rules.programme import Leaf
from recognition_rules.situation import Situation
from recognition_rules.stages.frame import Candidate
from recognition_rules.stages.trees import Tree
from recognition_rules.truth import Truth

MAX_STATES = 100_000

Have = Mapping[str, Fraction]
State = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Problem:
    """Contested awards as whole numbers: `sizes` by award and slot, `start` and `full` by slot."""

    slots: tuple[Leaf, ...]
    options: tuple[tuple[int, ...], ...]
    sizes: tuple[tuple[int, ...], ...]
    start: State
    full: State
    scale: int

    def advance(self, state: State, item: int, slot: int) -> State:
        """The state after an award sits in a slot; beyond its need a slot does not tell amounts apart."""
        filled = min(state[slot] + self.sizes[item][slot], self.full[slot])
        return (*state[:slot], filled, *state[slot + 1 :])


def assign(
    candidates: Sequence[Candidate],
    tree: Tree,
    needs: Have,
    situation: Situation,
    shortfall: Callable[[Have], Exact],
) -> str:
    """Puts each counted award (in order) into a slot; answers the method. `shortfall` rates what slots have.

    Raises `OptimumNotProven` where the contested part is too large to settle exactly.
    """
    named, rest = tree.named, None if tree.rest is None else tree.rest.id
    contested: list[tuple[Candidate, tuple[int, ...]]] = []
    for candidate in candidates:
        allowed = situation.profile(candidate.award).seats_in(tree)
        if allowed is None:
            allowed = _options(candidate, tree, situation)
        if len(allowed) > 1:
            candidate.slot = None
            contested.append((candidate, allowed))
        else:
            candidate.slot = named[allowed[0]].id if allowed else rest
    if not contested:
        return "in-order"
    problem = _problem(contested, named, needs, candidates)
    for (candidate, _), slot in zip(contested, _best(problem, shortfall), strict=True):
        candidate.slot = named[slot].id
    return "dynamic"


def _options(candidate: Candidate, tree: Tree, situation: Situation) -> tuple[int, ...]:
    judged = (situation.truth(slot.where, candidate.award) for slot in tree.named)
    return tuple(index for index, truth in enumerate(judged) if truth is Truth.YES)


def size_in(candidate: Candidate, leaf: Leaf) -> Fraction:
    """What an award brings to a leaf: its counted credits, or one item."""
    return Fraction(1) if leaf.measure == "items" else candidate.counted


def _problem(
    contested: Sequence[tuple[Candidate, tuple[int, ...]]],
    slots: tuple[Leaf, ...],
    needs: Have,
    everyone: Sequence[Candidate],
) -> _Problem:
    settled = [sum((size_in(each, slot) for each in everyone if each.slot == slot.id), Fraction(0)) for slot in slots]
    sizes = [[size_in(each, slot) for slot in slots] for each, _ in contested]
    wanted = [_useful(slot, slots, needs) for slot in slots]
    numbers = [*settled, *wanted, *(size for row in sizes for size in row)]
    scale = math.lcm(*(number.denominator for number in numbers))
    full = tuple(int(want * scale) for want in wanted)
    return _Problem(
        slots=slots,
        options=tuple(options for _, options in contested),
        sizes=tuple(tuple(int(size * scale) for size in row) for row in sizes),
        start=tuple(min(int(have * scale), top) for have, top in zip(settled, full, strict=True)),
        full=full,
        scale=scale,
    )


def _useful(slot: Leaf, slots: tuple[Leaf, ...], needs: Have) -> Fraction:
    """How much a slot can use: its need, and the needs of those that its surplus goes on to."""
    useful, by_id = needs[slot.id], {each.id: each for each in slots}
    target = slot.surplus_to
    while target is not None:
        useful += needs[target]
        target = by_id[target].surplus_to if target in by_id else None
    return useful


def _best(problem: _Problem, shortfall: Callable[[Have], Exact]) -> list[int]:
    layers = _layers(problem)
    values = {state: shortfall(_have(problem, state)) for state in layers[-1]}
    worth = [values]
    for item in range(len(problem.options) - 1, -1, -1):
        values = {
            state: min(values[problem.advance(state, item, slot)] for slot in problem.options[item])
            for state in layers[item]
        }
        worth.append(values)
    return _first(problem, worth[::-1])


def _layers(problem: _Problem) -> list[set[State]]:
    layers, states = [{problem.start}], 1
    for item, allowed in enumerate(problem.options):
        layers.append({problem.advance(state, item, slot) for state in layers[-1] for slot in allowed})
        states += len(layers[-1])
        if states > MAX_STATES:
            raise OptimumNotProven(within=f"{MAX_STATES} states")
    return layers


def _first(problem: _Problem, worth: list[dict[State, Exact]]) -> list[int]:
    """The lexicographically first of the best assignments: the first slot that keeps the optimum reachable."""
    state, chosen = problem.start, []
    for item, allowed in enumerate(problem.options):
        best = worth[item][state]
        slot = next(slot for slot in allowed if worth[item + 1][problem.advance(state, item, slot)] == best)
        chosen.append(slot)
        state = problem.advance(state, item, slot)
    return chosen


def _have(problem: _Problem, state: State) -> Have:
    return {slot.id: Fraction(have, problem.scale) for slot, have in zip(problem.slots, state, strict=True)}
