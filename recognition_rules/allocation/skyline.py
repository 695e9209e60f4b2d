"""Which entries of a table no other outdoes: with as much room left in every room that is open, for less."""

from bisect import bisect_right
from collections.abc import Sequence

from recognition_rules.allocation.rooms import Name, Room, Table


def undominated(table: Table, rooms: dict[Name, Room]) -> Table:
    """The entries of which none leaves others no more than another does and weighs no less."""
    if any(kind not in ("row", "leaf") for kind, _ in rooms):
        return table
    if len(rooms) > 2:
        return _undominated_in_many(table, rooms)
    first, *rest = ((room.shift, room.mask, -1 if kind == "leaf" else 1) for (kind, _), room in rooms.items())
    second = rest[0] if rest else (0, 0, 1)
    ranked = sorted([(_rank(entry, first), _rank(entry, second), weight, entry) for entry, weight in table.items()])
    found: Table = {}
    skyline: tuple[list[int], list[int]] = [], []
    for _, rank, weight, entry in ranked:
        if _enters(skyline, rank, weight):
            found[entry] = weight
    return found


def _undominated_in_many(table: Table, rooms: dict[Name, Room]) -> Table:
    """The same for three rooms and more: by sets of entries, as the bits of whole numbers, the lightest first."""
    ranked = sorted(table.items(), key=_weight)
    entries = [entry for entry, _ in ranked]
    sets = [(room.shift, room.mask, _no_worse(entries, room, leaf=kind == "leaf")) for (kind, _), room in rooms.items()]
    found: Table = {}
    for number, (entry, weight) in enumerate(ranked):
        outdoing = (1 << number) - 1
        for shift, mask, no_worse in sets:
            outdoing &= no_worse[(entry >> shift) & mask]
            if not outdoing:
                found[entry] = weight
                break
    return found


def _weight(entry: tuple[int, int]) -> int:
    return entry[1]


def _no_worse(entries: Sequence[int], room: Room, *, leaf: bool) -> dict[int, int]:
    """By how far an entry uses a room, the entries that leave others as much of it."""
    shift, mask, own = room.shift, room.mask, dict[int, bytearray]()
    size = len(entries) // 8 + 1
    for number, entry in enumerate(entries):
        used = (entry >> shift) & mask
        if used not in own:
            own[used] = bytearray(size)
        own[used][number >> 3] |= 1 << (number & 7)
    found, together = {}, 0
    for used in sorted(own, reverse=leaf):
        together |= int.from_bytes(own[used], "little")
        found[used] = together
    return found


def _rank(entry: int, place: tuple[int, int, int]) -> int:
    """How much of a room an entry takes from others: what it uses of a row, what it leaves a leaf short of."""
    shift, mask, sign = place
    return sign * ((entry >> shift) & mask)


def _enters(skyline: tuple[list[int], list[int]], rank: int, weight: int) -> bool:
    """Whether nothing of a lower rank weighs as little; if so it takes the place of what it outdoes."""
    ranks, weights = skyline
    place = bisect_right(ranks, rank)
    if place and weights[place - 1] <= weight:
        return False
    if place and ranks[place - 1] == rank:
        place -= 1
    end = place
    while end < len(ranks) and weights[end] >= weight:
        end += 1
    ranks[place:end], weights[place:end] = [rank], [weight]
    return True
