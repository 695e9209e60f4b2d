"""Finding the row of a table: equal cells are hashed, intervals are looked through, empty cells fit everything."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TypeAlias

from recognition_rules.rules.table_rows import Point, Row

Mask: TypeAlias = tuple[int, ...]
Key: TypeAlias = tuple[str, ...]


@dataclass(slots=True)
class _Bucket:
    """The rows with the same equal cells; for one interval column they stand in the order of its starts."""

    rows: list[Row]
    starts: list[tuple[bool, Point | int]] = field(default_factory=list)

    def sort(self) -> None:
        self.rows.sort(key=_start)
        self.starts = [_start(row) for row in self.rows]

    def fitting(self, points: Sequence[Point], *, disjoint: bool) -> Iterator[Row]:
        if not points:
            yield from self.rows
            return
        rows = self.rows
        if disjoint and len(points) == 1:
            at = bisect_right(self.starts, (True, points[0]))
            rows = self.rows[at - 1 : at] if at else []
        for row in rows:
            if all(span is None or span.holds(point) for span, point in zip(row.spans, points, strict=True)):
                yield row


def _start(row: Row) -> tuple[bool, Point | int]:
    """Sorts an interval without a start first; the second part is compared among those with one only."""
    span = row.spans[0] if row.spans else None
    return (False, 0) if span is None or span.start is None else (True, span.start)


class TableIndex:
    """Rows by which of their equal cells are filled, then by what these hold."""

    __slots__ = ("by_mask",)

    def __init__(self, rows: Sequence[Row]) -> None:
        self.by_mask: dict[Mask, dict[Key, _Bucket]] = {}
        for row in rows:
            filled = [(place, cell) for place, cell in enumerate(row.equal) if cell is not None]
            mask = tuple(place for place, _ in filled)
            buckets = self.by_mask.setdefault(mask, {})
            for key in product(*(cell for _, cell in filled)):
                buckets.setdefault(key, _Bucket([])).rows.append(row)
        for buckets in self.by_mask.values():
            for bucket in buckets.values():
                bucket.sort()

    def find(self, values: Sequence[str], points: Sequence[Point], *, disjoint: bool) -> Row | None:
        """The first row that fits, by its number; `disjoint` says that no two rows can fit."""
        found = None
        for mask, buckets in self.by_mask.items():
            bucket = buckets.get(tuple([values[place] for place in mask]))
            for row in bucket.fitting(points, disjoint=disjoint) if bucket else ():
                if found is None or row.number < found.number:
                    found = row
        return found


def first_overlap(index: TableIndex) -> tuple[Row, Row] | None:
    """Two rows that fit the same values, or None."""
    masks = list(index.by_mask)
    for number, mask in enumerate(masks):
        for bucket in index.by_mask[mask].values():
            found = _within(bucket.rows)
            if found:
                return found
        for other in masks[number + 1 :]:
            found = _across(index, mask, other)
            if found:
                return found
    return None


def _within(rows: Sequence[Row]) -> tuple[Row, Row] | None:
    """By the starts of the first interval: a later row that begins after this one ended ends the search."""
    for number, row in enumerate(rows):
        for other in rows[number + 1 :]:
            if row.spans and row.spans[0] and other.spans[0] and row.spans[0].ends_before(other.spans[0]):
                break
            if row is not other and row.meets(other):
                return row, other
    return None


def _across(index: TableIndex, mask: Mask, other: Mask) -> tuple[Row, Row] | None:
    common = [place for place in mask if place in other]
    projected = _projected(index.by_mask[other], [other.index(place) for place in common])
    places = [mask.index(place) for place in common]
    pairs = (
        (row, candidate)
        for key, bucket in index.by_mask[mask].items()
        for row in bucket.rows
        for candidate in projected.get(tuple(key[place] for place in places), ())
    )
    return next((pair for pair in pairs if pair[0].meets(pair[1])), None)


def _projected(buckets: Mapping[Key, _Bucket], places: Sequence[int]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = {}
    for key, bucket in buckets.items():
        found.setdefault(tuple(key[place] for place in places), []).extend(bucket.rows)
    return found
