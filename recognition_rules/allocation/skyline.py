"""Which entries of a table no other outdoes: with as much room left in every room that is open, for less."""

from bisect import bisect_right

from recognition_rules.allocation.rooms import Name, Room, Table


def undominated(table: Table, rooms: dict[Name, Room]) -> Table:
    """The entries of one or two open rooms of which none leaves others no more than another does and weighs no less."""
    if len(rooms) > 2 or any(kind not in ("row", "leaf") for kind, _ in rooms):
        return table
    first, *rest = ((room.shift, room.mask, -1 if kind == "leaf" else 1) for (kind, _), room in rooms.items())
    second = rest[0] if rest else (0, 0, 1)
    ranked = sorted([(_rank(entry, first), _rank(entry, second), weight, entry) for entry, weight in table.items()])
    found: Table = {}
    skyline: tuple[list[int], list[int]] = [], []
    for _, rank, weight, entry in ranked:
        if _enters(skyline, rank, weight):
            found[entry] = weight
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
