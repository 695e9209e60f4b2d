"""Exact search, room by room: all that is in a room is joined, and once nothing else touches it the room is forgotten.

A table says, for each way in which the rooms still open may be used, the least weight of a selection of its items that
uses them so. Two tables are joined by adding up; what later items cannot tell apart becomes one entry: room that will
suffice in any case, a need that is met. Small rooms come first, so semesters are settled within their year, and what
has no room in common is never compared. The least weight of all tells by itself which selection it is (`weights`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from recognition_rules.allocation.model import Problem, Selection, Tree, leaves_of, missing_of, shortfall, spilled
from recognition_rules.allocation.rooms import Name, Part, Room, Rooms, Table, joined, least
from recognition_rules.allocation.skyline import undominated
from recognition_rules.allocation.weights import weigh

LARGE = 40
"""Tables of so many entries are looked through for entries that others outdo."""


class TooMany(Exception):  # it is no error: this way of searching gives up, and another one is tried
    """More entries would have to be compared than may be, or nothing at all is allowed."""


def eliminate(problem: Problem, max_entries: int) -> Selection | None:
    """The canonical best selection; None where more than `max_entries` pairs of entries would have to be compared."""
    weights = weigh(problem)
    rooms = Rooms(problem, weights)
    search = _Search(rooms, max_entries)
    try:
        total = search.least()
    except TooMany:
        return None
    return weights.selection(problem.items, total)


Trees = list[tuple[int, Tree]]
"""Trees, each with the bits by which its cost is shifted."""


@dataclass(slots=True)
class _Search:
    """One search: the parts that are not settled yet, by number, and which of them touch a room."""

    rooms: Rooms
    left: int
    parts: dict[int, Part] = field(default_factory=dict)
    touching: dict[Name, set[int]] = field(default_factory=dict)
    settled: int = 0
    spilling: set[int] = field(default_factory=set)
    in_vain: bool = False

    def least(self) -> int:
        """The least weight of all that is allowed."""
        self.spilling = {leaf for pair in self.rooms.problem.spills for leaf in pair}
        for number, part in enumerate(self.rooms.parts()):
            self.parts[number] = part
            for name in part.high:
                self.touching.setdefault(name, set()).add(number)
        self.settled = self.rooms.settled
        for names, trees in self._order():
            self._forget(names, trees)
        return self.settled

    def _order(self) -> list[tuple[tuple[Name, ...], Trees]]:
        """Which rooms are forgotten one after the other: small ones first, needs last."""
        plain: list[tuple[Name, ...]] = [(name,) for name in self.touching if name[0] == "row"]
        quotas = {number for kind, number in self.touching if kind in ("keeps", "moves")}
        plain += [tuple(n for n in (("keeps", q), ("moves", q)) if n in self.touching) for q in sorted(quotas)]
        plain.sort(key=lambda names: (sum(len(self.touching[name]) for name in names), names))
        return [*((names, []) for names in plain), *self._needs()]

    def _needs(self) -> list[tuple[tuple[Name, ...], Trees]]:
        """The leaves that are watched, with the trees that tie them together, each with the shift of its cost."""
        problem, shifts = self.rooms.problem, self.rooms.weights.shifts
        groups: list[tuple[set[int], Trees]] = [(set(pair), []) for pair in problem.spills]
        for cost, shift in zip(problem.costs, shifts, strict=True):
            groups += [(set(leaves_of(tree)), [(shift, tree)]) for tree in cost.trees]
        found: list[tuple[set[int], Trees]] = []
        for leaves, trees in groups:
            tied = [each for each in found if each[0] & leaves]
            found = [each for each in found if not each[0] & leaves]
            found.append((leaves.union(*(e[0] for e in tied)), [*(t for e in tied for t in e[1]), *trees]))
        named = (
            (tuple(("leaf", leaf) for leaf in sorted(ls) if ("leaf", leaf) in self.touching), ts) for ls, ts in found
        )
        return [(names, trees) for names, trees in named if names]

    def _forget(self, names: tuple[Name, ...], trees: Trees) -> None:
        """Joins what touches the rooms and keeps the least of what is allowed, and of what the trees then lack."""
        numbers = sorted(set().union(*(self.touching[name] for name in names)))
        numbers = sorted(numbers, key=lambda n: -len(self.parts[n].table))
        rooms = [self.rooms.rooms[name] for name in names]
        if rooms[0].kind == "row" and rooms[0].high <= rooms[0].bound:
            for number in numbers:
                self._close(number, self._take(number), names, trees)
            return
        part = self._take(numbers[0])
        for number in numbers[1:]:
            part = self._join(part, self._take(number))
        self._close(numbers[0], part, names, trees)

    def _take(self, number: int) -> Part:
        part = self.parts.pop(number)
        for name, high in part.high.items():
            room = self.rooms.rooms[name]
            room.high, room.low = room.high - high, room.low - part.low[name]
            self.touching[name].discard(number)
        return part

    def _enter(self, number: int, part: Part) -> None:
        self.parts[number] = part
        for name, high in part.high.items():
            room = self.rooms.rooms[name]
            room.high, room.low = room.high + high, room.low + part.low[name]
            self.touching[name].add(number)

    def _join(self, one: Part, other: Part) -> Part:
        """Both in one; neither is among the parts meanwhile."""
        self.left -= len(one.table) * len(other.table)
        if self.left < 0:
            raise TooMany
        high, low = _added(one.high, other.high), _added(one.low, other.low)
        checks = []
        for name, most in high.items():
            room = self.rooms.rooms[name]
            floor, cap, strict = self._matters(name, room)
            if floor > low[name] or cap < most:
                raised, lowered = floor if floor > low[name] else None, cap if cap < most else None
                checks.append((room.shift, room.mask, raised, lowered, strict))
                high[name], low[name] = min(max(most, floor), cap), max(low[name], floor)
        return Part(self._thinned(joined(one.table, other.table, checks), high), high, low)

    def _thinned(self, table: Table, names: Iterable[Name]) -> Table:
        """A large table without what is outdone; once hardly anything was, only where leaves are watched."""
        if len(table) < LARGE or (self.in_vain and all(kind == "row" for kind, _ in names)):
            return table
        found = undominated(table, {name: self.rooms.rooms[name] for name in names})
        self.in_vain = self.in_vain or len(found) > len(table) * 0.8
        return found

    def _matters(self, name: Name, room: Room) -> tuple[int, int, bool]:
        """The least and the most of a room that what is not yet joined can tell apart; whether more is forbidden."""
        if room.kind == "row":
            return room.bound - room.high, room.bound - room.low, True
        if room.kind == "leaf":
            most = _NO_CAP if name[1] in self.spilling else max(room.bound - room.low, 0)
            return 0, most, False
        return 0, room.bound if room.kind == "keeps" else 1, room.kind == "keeps"

    def _close(self, number: int, part: Part, names: tuple[Name, ...], trees: Trees) -> None:
        """Forgets rooms that nothing else touches."""
        rooms = {name: self.rooms.rooms[name] for name in names if name in part.high}
        field = sum(room.mask << room.shift for room in rooms.values())
        allowed: Iterable[tuple[int, int]] = part.table.items()
        if any(name[0] != "row" or part.high[name] > room.bound for name, room in rooms.items()):
            allowed = [each for each in allowed if _is_allowed(each[0], rooms)]
        if trees:
            allowed = [(entry, weight + self._lacking(entry, rooms, trees)) for entry, weight in allowed]
        table = least([(entry & ~field, weight) for entry, weight in allowed])
        open_rooms = {name: self.rooms.rooms[name] for name in part.high if name not in rooms}
        if not table:
            raise TooMany
        if not open_rooms:
            self.settled += table[0]
            return
        thinned = self._thinned(table, open_rooms) if len(open_rooms) > 2 else undominated(table, open_rooms)
        self._enter(number, _measured(thinned, open_rooms))

    def _lacking(self, entry: int, rooms: dict[Name, Room], trees: Trees) -> int:
        """What the trees lack, each shifted like its cost."""
        problem = self.rooms.problem
        had = [0] * len(problem.needs)
        for (_, leaf), room in rooms.items():
            had[leaf] = room.read(entry) + room.base
        missing = missing_of(problem, spilled(problem, had))
        return sum(shortfall(tree, missing) << shift for shift, tree in trees)


_NO_CAP = 1 << 62


def _added(one: dict[Name, int], other: dict[Name, int]) -> dict[Name, int]:
    found = dict(one)
    for name, amount in other.items():
        found[name] = found.get(name, 0) + amount
    return found


def _is_allowed(entry: int, rooms: dict[Name, Room]) -> bool:
    """Whether no row and no quota is overdrawn, and nothing has moved out of a quota that is not used up."""
    for (kind, number), room in rooms.items():
        used = room.read(entry)
        if kind in ("row", "keeps") and used > room.bound:
            return False
        if kind == "moves" and used:
            keeps = rooms.get(("keeps", number))
            if (keeps.read(entry) if keeps else 0) != room.bound:
                return False
    return True


def _measured(table: Table, rooms: dict[Name, Room]) -> Part:
    high, low = {}, {}
    for name, room in rooms.items():
        used = [(entry >> room.shift) & room.mask for entry in table]
        high[name], low[name] = max(used), min(used)
    return Part(table, high, low)
