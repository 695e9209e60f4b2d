"""C2SP tlog-tiles: the paths of the specification, and a tree rebuilt from nothing but its tiles."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creditbank.log.errors import MalformedTile
from creditbank.log.proof import Span, assemble, plan_frontier
from creditbank.log.tile import (
    Tile,
    decode_entries,
    decode_hashes,
    encode_entries,
    encode_hashes,
    tiles,
)
from creditbank.log.tree import Frontier, leaf_hash


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(0, 0), "tile/0/000"),
        (Tile(1, 999, 17), "tile/1/999.p/17"),
        (Tile(2, 1000, 1), "tile/2/x001/000.p/1"),
        (Tile(None, 67, 255), "tile/entries/067.p/255"),
        (Tile(None, 36_028_797_018_963_967), "tile/entries/x036/x028/x797/x018/x963/967"),
    ],
)
def test_a_tile_has_one_path(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert Tile.parse(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/8/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/001",
        "tile/0/001/x234",
        "tile/0/001/234",
        "tile/0/x01/234",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/07",
        "tile/0/000.p/",
        "tile/0/000\n",
        "/tile/0/000",
        "tile/0/../000",
        "tile/٠/000",
        "tile/data/000",
        "tile/0/" + "x999/" * 6 + "999",
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(MalformedTile) as refusal:
        Tile.parse(path)
    assert refusal.value.code == "malformed_tile"


def test_a_tree_of_70_000_has_the_tiles_that_the_specification_counts() -> None:
    listed = list(tiles(70_000))
    partial = [(t.level, t.index, t.width) for t in listed if t.width < 256]
    assert sum(t.level == 0 and t.width == 256 for t in listed) == 273
    assert sum(t.level == 1 and t.width == 256 for t in listed) == 1
    assert partial == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]


def test_a_tree_of_256_has_a_full_tile_and_a_partial_one_above() -> None:
    assert list(tiles(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles(0)) == []


def test_a_tile_names_the_stored_hashes_it_holds_and_the_trees_that_have_them() -> None:
    tile = Tile(1, 1, 17)
    assert tile.span == Span(8, 256, 273)
    assert tile.is_within(70_000)
    assert not tile.is_within(273 * 256 - 1)
    assert all(t.is_within(70_000) for t in tiles(70_000))
    assert not Tile(0, 273, 113).is_within(70_000)
    assert Tile(None, 273, 112).is_within(70_000)


def stored(size: int) -> tuple[Frontier, dict[tuple[int, int], bytes]]:
    leaves = [leaf_hash(n.to_bytes(3)) for n in range(size)]
    frontier, completed = Frontier().append(leaves)
    hashes = {(0, n): leaf for n, leaf in enumerate(leaves)}
    return frontier, hashes | {(s.level, s.position): s.hash for s in completed}


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 1_500))
def test_the_root_comes_back_from_served_tiles_alone(size: int) -> None:
    frontier, hashes = stored(size)
    served: dict[tuple[int, int], bytes] = {}
    for tile in tiles(size):
        level, start, end = tile.span
        content = encode_hashes([hashes[level, n] for n in range(start, end)])
        served |= {(level, start + n): h for n, h in enumerate(decode_hashes(content, tile.width))}
    assert Frontier.from_list(size, assemble(plan_frontier(size), served)) == frontier


def test_an_entry_bundle_holds_each_leaf_s_data_after_its_length() -> None:
    assert encode_entries([b"ab", b"", b"c" * 300]) == b"\x00\x02ab\x00\x00\x01\x2c" + b"c" * 300
    assert decode_entries(encode_entries([b"ab", b"", b"c"]), 3) == [b"ab", b"", b"c"]


@pytest.mark.parametrize(
    ("data", "width"),
    [(b"", 1), (b"\x00", 1), (b"\x00\x03ab", 1), (b"\x00\x01a\x00", 1), (b"\x00\x01a", 2), (b"\x00\x00\x00\x00", 1)],
)
def test_a_bundle_of_another_length_is_refused(data: bytes, width: int) -> None:
    with pytest.raises(MalformedTile):
        decode_entries(data, width)


def test_a_tile_of_another_length_is_refused() -> None:
    for bad in ([], [bytes(31)], [bytes(32)] * 257):
        with pytest.raises(MalformedTile):
            encode_hashes(bad)
    with pytest.raises(MalformedTile):
        decode_hashes(bytes(33), 1)
    for entries in ([], [bytes(65_536)]):
        with pytest.raises(MalformedTile):
            encode_entries(entries)
