"""A choice as tables over rooms: which rooms there are, and what each item by itself may do with them.

A room is one number that says how far something is used: a row, what a leaf has, how many keep a quota, how many move
out of it. An entry packs the numbers of all rooms into one, each in its own bits, so that adding entries adds them all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from recognition_rules.allocation.model import Item, Option, Problem, leaves_of, most_used
from recognition_rules.allocation.weights import Weights

Name = tuple[str, int]
Table = dict[int, int]
Effect = dict[Name, int]
Span = dict[Name, tuple[int, int]]

Check = tuple[int, int, int | None, int | None, bool]
"""A room in an entry (shift, mask), the least and the most that matter, and whether more than that is forbidden."""


@dataclass(slots=True)
class Room:
    """A number of an entry, `shift` bits up. `bound` is its row's, its leaf's need or its quota.

    Numbers are never negative: they are counted from `base`, the lowest that all items can come to. `high` and `low`
    are what the tables together add to it at most and at least.
    """

    kind: str
    bound: int
    base: int = 0
    high: int = 0
    low: int = 0
    shift: int = 0
    mask: int = 0

    def read(self, entry: int) -> int:
        """How far an entry uses it."""
        return (entry >> self.shift) & self.mask


@dataclass(slots=True)
class Part:
    """Items that have been joined: the least weight by how they use rooms, and the least and the most of each."""

    table: Table
    high: Effect
    low: Effect


@dataclass(slots=True)
class Rooms:
    """The rooms of a problem that may run out or that somebody watches, and the items that touch them as parts."""

    problem: Problem
    weights: Weights
    rooms: dict[Name, Room] = field(default_factory=dict)
    watched: set[int] = field(default_factory=set)
    settled: int = 0

    def __post_init__(self) -> None:
        trees = [tree for cost in self.problem.costs for tree in cost.trees]
        self.watched = {leaf for tree in trees for leaf in leaves_of(tree)}
        self.watched |= {leaf for pair in self.problem.spills for leaf in pair}

    def parts(self) -> list[Part]:
        """The items in rooms, those bundled as one; what touches no room is settled at its least weight."""
        scarce = _scarce(self.problem)
        plain: list[tuple[int, Effect]] = []
        touching = []
        for group in _groups(self.problem.items):
            effects = [[self._effect(option, scarce) for option in self.problem.items[n].options] for n in group]
            if not any(effect for own in effects for effect in own):
                self.settled += min(self._weights(group))
            elif len(group) == len(effects[0]) == 1 and min(effects[0][0].values()) >= 0:
                plain.append((group[0], effects[0][0]))
            else:
                touching.append((group, effects, [_span(own) for own in effects]))
        self._open([span for _, _, spans in touching for span in spans], [effect for _, effect in plain])
        self._lay_out()
        return [*self._alike(plain), *(self._part(*each) for each in touching)]

    def _alike(self, plain: Sequence[tuple[int, Effect]]) -> list[Part]:
        """Items that are taken or not, those alike as one: of these the first ones are taken, as many as may be."""
        groups: dict[object, list[tuple[int, Effect]]] = {}
        for number, effect in plain:
            key = (tuple(effect.items()), self.problem.items[number].options[0].costs)
            groups.setdefault(key, []).append((number, effect))
        return [self._first([number for number, _ in each], each[0][1]) for each in groups.values()]

    def _first(self, numbers: Sequence[int], effect: Effect) -> Part:
        entry, weights = self._entry(effect), [self.weights.items[number].weights for number in numbers]
        together = sum([none for _, none in weights])
        ways = [(0, together)]
        for place, (taken, none) in enumerate(weights, start=1):
            together += taken - none
            ways.append((place * entry, together))
        high = {name: amount * len(numbers) for name, amount in effect.items()}
        return Part(least(ways), high, dict.fromkeys(effect, 0))

    def _effect(self, option: Option, scarce: set[int]) -> Effect:
        """What an option adds to which room."""
        found: Effect = {("row", row): amount for row, amount in option.takes if row in scarce}
        if self.watched:
            found |= {("leaf", leaf): amount for leaf, amount in option.brings if leaf in self.watched}
        if option.keeps or option.moves:
            found |= dict.fromkeys([("keeps", quota) for quota in option.keeps], 1)
            found |= dict.fromkeys([("moves", quota) for quota in option.moves], 1)
        return found

    def _weights(self, group: Sequence[int]) -> Iterator[int]:
        """The weight of taking all of a group, at its least, and of taking none."""
        own = [self.weights.items[number].weights for number in group]
        if all(len(weights) > 1 for weights in own):
            yield sum(min(weights[:-1]) for weights in own)
        yield sum(weights[-1] for weights in own)

    def _open(self, spans: Sequence[Span], plain: Sequence[Effect]) -> None:
        for effect in plain:
            for name, amount in effect.items():
                self._room(name).high += amount
        for span in spans:
            for name, (low, high) in span.items():
                room = self._room(name)
                room.base += low
                room.high += high - low

    def _room(self, name: Name) -> Room:
        if name not in self.rooms:
            self.rooms[name] = Room(name[0], self._bound(name))
        return self.rooms[name]

    def _bound(self, name: Name) -> int:
        kind, number = name
        if kind == "row":
            return self.problem.bounds[number]
        return self.problem.needs[number] if kind == "leaf" else self.problem.quotas[number]

    def _lay_out(self) -> None:
        width = 0
        for room in self.rooms.values():
            bits = room.high.bit_length()
            room.shift, room.mask = width, (1 << bits) - 1
            room.bound -= room.base
            width += bits

    def _part(self, group: Sequence[int], effects: list[list[Effect]], spans: Sequence[Span]) -> Part:
        taken, none_entry, none_weight = {0: 0}, 0, 0
        high: Effect = {}
        for number, own, span in zip(group, effects, spans, strict=True):
            weights = self.weights.items[number].weights
            none = sum(-low << self.rooms[name].shift for name, (low, _) in span.items())
            options = [none + self._entry(effect) for effect in own]
            taken = joined(taken, least(zip(options, weights, strict=False)))
            none_entry, none_weight = none_entry + none, none_weight + weights[-1]
            for name, (low, most) in span.items():
                high[name] = high.get(name, 0) + most - low
        table = least([*taken.items(), (none_entry, none_weight)])
        return Part(table, high, dict.fromkeys(high, 0))

    def _entry(self, effect: Effect) -> int:
        return sum([amount << self.rooms[name].shift for name, amount in effect.items()])


def joined(one: Table, other: Table, checks: Sequence[Check] = ()) -> Table:
    """The least weights of an entry of each, by their sum; without what is forbidden, and those made one that nothing
    later can tell apart."""
    few, many = (one, other) if len(one) < len(other) else (other, one)
    items = list(many.items())
    found: Table = {}
    for entry, weight in few.items():
        sums = [(entry + more, weight + added) for more, added in items]
        for check in checks:
            sums = _checked(sums, *check)
        _enter(found, sums)
    return found


def _enter(found: Table, sums: Iterable[tuple[int, int]]) -> None:
    for entry, weight in sums:
        if entry not in found or weight < found[entry]:
            found[entry] = weight


def _checked(
    sums: list[tuple[int, int]], shift: int, mask: int, floor: int | None, cap: int | None, strict: bool
) -> list[tuple[int, int]]:
    """What is below the floor raised to it; what is above the cap lowered to it, or left out."""
    if cap is not None and strict:
        sums = [each for each in sums if (each[0] >> shift) & mask <= cap]
    elif cap is not None:
        sums = [(e - ((used - cap) << shift) if (used := (e >> shift) & mask) > cap else e, w) for e, w in sums]
    if floor is not None:
        sums = [(e + ((floor - used) << shift) if (used := (e >> shift) & mask) < floor else e, w) for e, w in sums]
    return sums


def least(entries: Iterable[tuple[int, int]]) -> Table:
    """The least weight of each entry."""
    found: Table = {}
    _enter(found, entries)
    return found


def _scarce(problem: Problem) -> set[int]:
    """The rows that all items together can exceed."""
    return {row for row, most in enumerate(most_used(problem)) if most > problem.bounds[row]}


def _groups(items: Sequence[Item]) -> list[list[int]]:
    """The numbers of items that are taken by themselves, and of those that are bundled."""
    found: dict[object, list[int]] = {}
    for number, item in enumerate(items):
        found.setdefault(("item", number) if item.bundle is None else item.bundle, []).append(number)
    return list(found.values())


def _span(effects: Sequence[Effect]) -> Span:
    """The least and the most that an item adds to each room; taking none of it adds nothing."""
    found: Span = {}
    for effect in effects:
        for name, amount in effect.items():
            low, high = found.get(name, (0, 0))
            found[name] = min(low, amount), max(high, amount)
    return found
