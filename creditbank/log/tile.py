"""C2SP tlog-tiles: the paths and contents under which a log is served as static files."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from creditbank.log.errors import MalformedTile
from creditbank.log.proof import Span
from creditbank.log.tree import HASH_SIZE, MAX_SIZE, TILE_HEIGHT

TILE_WIDTH = 1 << TILE_HEIGHT
"""Hashes in a full tile, entries in a full bundle."""
ENTRIES = "entries"
_MAX_ENTRY = 0xFFFF
_TOP_LEVEL = 63 // TILE_HEIGHT
_PATH = re.compile(
    r"tile/(?P<level>entries|[0-9]{1,2})/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: its level (0 … 7, or None for the entry bundle of level 0), its index, and its width (1 … 256).

    The specification numbers levels to 63; a tree of at most 2^63 leaves ends at level 7.
    """

    level: int | None
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        """Refuse what no tree can have; errors: `malformed_tile`."""
        if not (0 <= (self.level or 0) <= _TOP_LEVEL and 1 <= self.width <= TILE_WIDTH):
            raise MalformedTile(reason="its level or width is out of range")
        if not 0 <= self.index <= MAX_SIZE >> TILE_HEIGHT:
            raise MalformedTile(reason="its index is out of range")

    @classmethod
    def parse(cls, path: str) -> Self:
        """Read `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`, in its one canonical form.

        Errors: `malformed_tile`.
        """
        match = _PATH.fullmatch(path)
        if not match:
            raise MalformedTile(reason="its path is not of the form tile/level/index")
        level = None if match["level"] == ENTRIES else int(match["level"])
        index = int(match["index"].replace("x", "").replace("/", ""))
        tile = cls(level, index, int(match["width"] or TILE_WIDTH))
        if tile.path != path:
            raise MalformedTile(reason="its path is not in the canonical form")
        return tile

    @property
    def path(self) -> str:
        """The path below the log's prefix, such as `tile/0/x001/x234/067.p/12`."""
        level = ENTRIES if self.level is None else self.level
        suffix = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{level}/{_index_path(self.index)}{suffix}"

    @property
    def span(self) -> Span:
        """The stored hashes that the tile holds (for a bundle: the leaves whose data it holds)."""
        start = self.index * TILE_WIDTH
        return Span((self.level or 0) * TILE_HEIGHT, start, start + self.width)

    def is_within(self, size: int) -> bool:
        """Whether a tree of `size` leaves has all that this tile holds."""
        return self.span.end <= size >> self.span.level


def tiles(size: int) -> Iterator[Tile]:
    """Every tile of hashes of a tree of `size` leaves, level by level; at most the last of a level is partial."""
    level = 0
    while count := size >> level * TILE_HEIGHT:
        full, rest = divmod(count, TILE_WIDTH)
        yield from (Tile(level, index) for index in range(full))
        if rest:
            yield Tile(level, full, rest)
        level += 1


def encode_hashes(hashes: Sequence[bytes]) -> bytes:
    """A tile's content: 1 to 256 hashes, one after the other. Errors: `malformed_tile`."""
    if not 1 <= len(hashes) <= TILE_WIDTH or any(len(h) != HASH_SIZE for h in hashes):
        raise MalformedTile(reason="it does not hold 1 to 256 hashes of 32 bytes")
    return b"".join(hashes)


def decode_hashes(data: bytes, width: int) -> list[bytes]:
    """The hashes of a tile of that width. Errors: `malformed_tile`."""
    if len(data) != width * HASH_SIZE:
        raise MalformedTile(reason="its length does not fit its width")
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def encode_entries(entries: Sequence[bytes]) -> bytes:
    """An entry bundle's content: each leaf's data after its length in two bytes. Errors: `malformed_tile`."""
    if not 1 <= len(entries) <= TILE_WIDTH or any(len(e) > _MAX_ENTRY for e in entries):
        raise MalformedTile(reason="it does not hold 1 to 256 entries of at most 65535 bytes")
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def decode_entries(data: bytes, width: int) -> list[bytes]:
    """The leaves' data of a bundle of that width. Errors: `malformed_tile`."""
    entries, rest = list[bytes](), memoryview(data)
    while len(rest) >= 2 and len(entries) < width:
        end = 2 + int.from_bytes(rest[:2])
        entries.append(bytes(rest[2:end]))
        if len(rest) < end:
            raise MalformedTile(reason="its last entry is cut off")
        rest = rest[end:]
    if rest or len(entries) != width:
        raise MalformedTile(reason="its length does not fit its width")
    return entries


def _index_path(index: int) -> str:
    """Three digits a path element, all but the last begun with an x: 1234067 is x001/x234/067."""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
