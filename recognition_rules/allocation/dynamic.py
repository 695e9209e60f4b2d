"""Exact search over what is left of every room: dynamic programming, item by item, in the order of the items.

A state holds, for each row, quota, bundle and leaf that still matters, how far it is used. What later items cannot
tell apart is one state: room that will suffice in any case, a need that is met, a row that nobody asks for any more.
The costs of the way on from a state are one whole number: each cost is a digit, in a base that is larger than what
the costs after it can come to, so that comparing two numbers compares the costs in turn.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from recognition_rules.allocation.model import (
    NOTHING,
    Option,
    Problem,
    Taking,
    missing_of,
    shortfall,
    spilled,
)

State = tuple[int, ...]
Way = tuple[Option | None, State]
Edges = dict[State, list[Way]]
OUT, UNSEEN, IN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Found:
    """The canonical best of a problem, and a selection that shows it."""

    taken: tuple[Taking, ...]
    witness: tuple[Option | None, ...]


def search(problem: Problem, max_states: int) -> Found | None:
    """The canonical best selection, or None where more than `max_states` states would have to be looked at."""
    table = _Table(problem)
    layers = table.layers(max_states)
    if layers is None:
        return None
    return _canonical(table, table.optimal(layers))


@dataclass(slots=True)
class _Room:
    """One number of a state: what happens to it as items are taken, and which differences later items can tell.

    `most` and `least` are what the items from a place on can still add, at most and at least, by place.
    """

    kind: str
    bound: int
    most: list[int]
    least: list[int]

    def settle(self, value: int, place: int) -> int | None:
        """The value that stands for all that are the same from here on; None where it can no longer be kept."""
        most, least = self.most[place], self.least[place]
        if self.kind == "leaf":
            return min(value, self.bound - least)
        if self.kind == "open":
            return value
        if value + least > self.bound:
            return None
        return max(value, self.bound - most) if self.kind == "row" else value


@dataclass(slots=True)
class _Table:
    """The problem, as rooms and what each option does to them."""

    problem: Problem
    rooms: list[_Room] = field(default_factory=list)
    names: dict[tuple[str, int], int] = field(default_factory=dict)
    touched: list[tuple[int, ...]] = field(default_factory=list)
    moves: list[list[tuple[Option | None, tuple[tuple[int, int], ...]]]] = field(default_factory=list)
    bases: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        effects = [[_effects(option) for option in item.options] for item in self.problem.items]
        for number, each in enumerate(effects):
            for name in sorted({name for effect in each for name in effect}):
                self._room(name, number, effects)
        for item, each in zip(self.problem.items, effects, strict=True):
            steps = [tuple((self.names[name], amount) for name, amount in effect.items()) for effect in each]
            self.moves.append([*zip(item.options, steps, strict=True), (None, ())])
            self.touched.append(tuple(sorted({room for step in steps for room, _ in step})))
        self.bases = _bases(self.problem)

    def _room(self, name: tuple[str, int], first: int, effects: list[list[dict[tuple[str, int], int]]]) -> None:
        """Enters a number of the state where an item first touches it."""
        if name in self.names:
            return
        self.names[name] = len(self.rooms)
        most, least = [0], [0]
        for each in reversed(effects[first:]):
            amounts = [effect.get(name, 0) for effect in each]
            most.append(most[-1] + max(0, *amounts))
            least.append(least[-1] + min(0, *amounts))
        before, after = [most[-1]] * first, [least[-1]] * first
        self.rooms.append(_Room(*self._kind(name), [*before, *reversed(most)], [*after, *reversed(least)]))

    def _kind(self, name: tuple[str, int]) -> tuple[str, int]:
        kind, number = name
        if kind == "row":
            return "row", self.problem.bounds[number]
        if kind == "leaf":
            spilling = any(number in pair for pair in self.problem.spills)
            return ("open" if spilling else "leaf"), self.problem.needs[number]
        return ("kept", self.problem.quotas[number]) if kind == "keeps" else ("moved", 10**9)

    def layers(self, max_states: int) -> list[set[State]] | None:
        """The states before each item and after the last; None where there are too many."""
        layers, states = [{self.start}], 1
        for place in range(len(self.moves)):
            found: set[State] = set()
            for state in layers[-1]:
                found.update(after for _, after in self.ways(state, place))
                if states + len(found) > max_states:
                    return None
            states += len(found)
            layers.append(found)
        return layers

    @property
    def start(self) -> State:
        """Before the first item: nothing is used."""
        return tuple(room.settle(0, 0) or 0 for room in self.rooms) + (UNSEEN,) * self._bundles()

    def _bundles(self) -> int:
        return 1 + max((item.bundle for item in self.problem.items if item.bundle is not None), default=-1)

    def ways(self, state: State, place: int) -> Iterable[Way]:
        """The options that a state allows an item, and the state after each; none of them last."""
        for option, steps in self.moves[place]:
            after = self._after(state, place, steps)
            if after is not None:
                bundle = self.problem.items[place].bundle
                if bundle is None or self._bundle(after, place, bundle, taken=option is not None):
                    yield option, tuple(after)

    def _after(self, state: State, place: int, steps: tuple[tuple[int, int], ...]) -> list[int] | None:
        after = list(state)
        for room, amount in steps:
            after[room] += amount
        for room in self.touched[place]:
            settled = self.rooms[room].settle(after[room], place + 1)
            if settled is None:
                return None
            after[room] = settled
        return after

    def _bundle(self, after: list[int], place: int, bundle: int, *, taken: bool) -> bool:
        """Whether the item goes the way of its bundle; after the last of it, nobody remembers which."""
        at, wanted = len(self.rooms) + bundle, IN if taken else OUT
        if after[at] not in (UNSEEN, wanted):
            return False
        later = any(item.bundle == bundle for item in self.problem.items[place + 1 :])
        after[at] = wanted if later else UNSEEN
        return True

    def optimal(self, layers: list[set[State]]) -> list[Edges]:
        """By item, the ways of each state that lead to the least costs of the way on."""
        ends = {state: self._end(state) for state in layers[-1]}
        known = {state: value for state, value in ends.items() if value is not None}
        edges: list[Edges] = []
        for place in range(len(self.moves) - 1, -1, -1):
            best: Edges = {}
            worth: dict[State, int] = {}
            for state in layers[place]:
                ways = [(self.price(way[0]) + known[way[1]], way) for way in self.ways(state, place) if way[1] in known]
                if ways:
                    worth[state] = least = min(value for value, _ in ways)
                    best[state] = [way for value, way in ways if value == least]
            edges.append(best)
            known = worth
        return edges[::-1]

    def price(self, option: Option | None) -> int:
        """The costs an option adds, as one number."""
        return sum(amount * self.bases[cost] for cost, amount in option.costs) if option else 0

    def _end(self, state: State) -> int | None:
        """The shortfalls of a last state, as one number; None where something has moved from a quota not used up."""
        for (kind, number), room in self.names.items():
            if kind == "moves" and state[room]:
                kept = self.names.get(("keeps", number))
                if kept is None or state[kept] < self.problem.quotas[number]:
                    return None
        had = [0] * len(self.problem.needs)
        for (kind, number), room in self.names.items():
            if kind == "leaf":
                had[number] = state[room]
        missing = missing_of(self.problem, spilled(self.problem, had))
        lacking = [sum(shortfall(tree, missing) for tree in cost.trees) for cost in self.problem.costs]
        return sum(amount * base for amount, base in zip(lacking, self.bases, strict=True))


def _effects(option: Option) -> dict[tuple[str, int], int]:
    """What an option adds to which number of a state."""
    found: dict[tuple[str, int], int] = {}
    pairs = [(("row", row), amount) for row, amount in option.takes]
    pairs += [(("leaf", leaf), amount) for leaf, amount in option.brings]
    pairs += [(("keeps", quota), 1) for quota in option.keeps] + [(("moves", quota), 1) for quota in option.moves]
    for name, amount in pairs:
        found[name] = found.get(name, 0) + amount
    return found


def _bases(problem: Problem) -> list[int]:
    """What one unit of each cost is worth: more than all the costs after it together can differ by."""
    bases, base = [0] * len(problem.costs), 1
    for number in range(len(problem.costs) - 1, -1, -1):
        bases[number] = base
        base *= 2 * _range(problem, number) + 1
    return bases


def _range(problem: Problem, number: int) -> int:
    """A bound on how large a cost can be, either way: the sum of everything that could enter into it."""
    options = [option for item in problem.items for option in item.options]
    added = sum(abs(amount) for option in options for cost, amount in option.costs if cost == number)
    brought = sum(abs(amount) for option in options for _, amount in option.brings)
    trees = problem.costs[number].trees
    return added + len(trees) * (len(problem.needs) + 1) * (brought + sum(abs(need) for need in problem.needs)) + 1


def _canonical(table: _Table, edges: list[Edges]) -> Found:
    """Settles the amounts along the items, the highest that an optimum allows; then the variants, the lowest."""
    for rank in (_by_amount, _by_variant, _by_number):
        edges = _settled(table.start, edges, rank)
    options = []
    state = table.start
    for layer in edges:
        option, state = layer[state][0]
        options.append(option)
    return Found(tuple(option.taking if option else NOTHING for option in options), tuple(options))


def _by_amount(option: Option | None) -> int:
    return -option.amount if option else 1


def _by_variant(option: Option | None) -> int:
    return option.variant if option else 0


def _by_number(option: Option | None) -> int:
    return option.number if option else 0


def _settled(start: State, edges: list[Edges], rank: Callable[[Option | None], int]) -> list[Edges]:
    """The ways of the least rank along the items, of those that lead to the end."""
    edges = _alive(edges)
    states, kept = {start}, []
    for layer in edges:
        ways = [(rank(way[0]), state, way) for state in states for way in layer[state]]
        least = min(each for each, _, _ in ways)
        chosen: Edges = {}
        for each, state, way in ways:
            if each == least:
                chosen.setdefault(state, []).append(way)
        states = {after for ways_on in chosen.values() for _, after in ways_on}
        kept.append(chosen)
    return kept


def _alive(edges: list[Edges]) -> list[Edges]:
    """The ways from which the end can be reached."""
    kept: list[Edges] = []
    later: Collection[State] | None = None
    for layer in reversed(edges):
        alive = {}
        for state, ways in layer.items():
            going = [way for way in ways if later is None or way[1] in later]
            if going:
                alive[state] = going
        kept.append(alive)
        later = alive
    return kept[::-1]
