"""What is given to verify: folders, patterns, archives, tables. Bounds come before contents (D17, D19)."""

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest

from creditbank.errors import Refused
from creditbank.offline.archives import MAX_ENTRIES, entries
from creditbank.offline.items import LONGEST, Item, items
from creditbank.offline.links import MAX_ROWS, links
from tests.offline.offline_world import archive, badge


def given(*paths: str | Path, network: bool = False, encoding: str = "utf-8") -> list[Item]:
    return list(items([str(path) for path in paths], network=network, encoding=encoding))


def test_folders_are_walked_in_order_and_patterns_expanded(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_bytes(badge())
    (tmp_path / "a.png").write_bytes(b"x")
    (tmp_path / "notes.docx").write_bytes(b"x")
    (tmp_path / ".hidden.json").write_bytes(b"x")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "c.jwt").write_bytes(b"x")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert [item.path and item.path.name for item in given(tmp_path)] == ["a.png", "b.json", "c.jwt"]
    assert [item.path and item.path.name for item in given(tmp_path / "*.json")] == ["b.json"]
    assert [item.trouble and item.trouble.code for item in given(tmp_path / "none*.json")] == [None]
    assert given("/nowhere/x.zip")[0].trouble is not None


def test_standard_input_is_one_more_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(badge())))
    found = given("-")
    assert [(item.name, item.data) for item in found] == [("-", badge())]


def test_an_archive_is_opened_and_its_names_are_never_paths(tmp_path: Path) -> None:
    hostile = ("../../escape.json", "/etc/passwd", "a\x1b[2J.json", "dir/", "__MACOSX/._a.json", "ok.json")
    path = tmp_path / "x.zip"
    path.write_bytes(archive(*((name, badge() if name != "dir/" else b"") for name in hostile)))
    before = sorted(tmp_path.rglob("*"))
    found = given(path)
    assert [item.name.removeprefix(f"{path}: ") for item in found] == [
        "../../escape.json", "/etc/passwd", "a\\u001b[2J.json", "ok.json",
    ]  # fmt: skip
    assert {item.data for item in found} == {badge()}
    assert {item.path for item in found} == {None}
    assert sorted(tmp_path.rglob("*")) == before


def refused(data: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        list(entries(data))
    return refusal.value.code


def with_count(count: int, size: int = 100) -> bytes:
    """An archive whose end says that it has so many entries, in a directory of so many bytes."""
    return b"PK\x03\x04" + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, size, 4, 0)


def test_bounds_come_before_anything_is_unpacked() -> None:
    assert refused(archive(("bomb.json", b"0" * 3_000_000))) == "archive_ratio"
    assert refused(archive(*((f"{n}", b"") for n in range(MAX_ENTRIES + 1)))) == "archive_too_many_entries"
    assert refused(with_count(0xFFFF)) == "archive_too_many_entries"
    assert refused(with_count(1, 0x7FFFFFFF)) == "archive_too_many_entries"
    assert refused(archive(("a", os.urandom(26_000_000)), ("b", os.urandom(26_000_000)))) == "archive_too_large"
    halves = (os.urandom(1_000_000) + b"\x00" * 50_000_000,)
    assert refused(archive(("a", halves[0]))) in ("archive_ratio", "archive_too_large")
    assert len(list(entries(archive(*((f"{n}", b"x") for n in range(MAX_ENTRIES)))))) == MAX_ENTRIES


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04",
        b"PK\x03\x04" + b"\x00" * 100,
        archive(("a", b"b"))[:-3],
        archive(("a", b"b")) + b"x",
        with_count(3),
    ],
    ids=["nothing", "zeros", "cut off", "more behind", "no directory"],
)
def test_a_damaged_archive_is_refused_as_one(data: bytes) -> None:
    assert refused(data) == "archive_malformed"


def test_an_entry_may_be_in_the_way_of_itself_only() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        opened.writestr("inner.zip", archive(("a", b"b")))
        link = zipfile.ZipInfo("link.json")
        link.external_attr = 0o120777 << 16
        opened.writestr(link, "/etc/passwd")
        opened.writestr("bzip.json", b"x", zipfile.ZIP_BZIP2)
        opened.writestr("damaged.json", b"original contents")
        opened.writestr("good.json", badge())
    data = made.getvalue().replace(b"original contents", b"0riginal contents")
    found = [(entry.name, entry.trouble.code if entry.trouble else None) for entry in entries(data)]
    assert found == [
        ("inner.zip", "archive_nested"),
        ("link.json", "archive_entry_refused"),
        ("bzip.json", "archive_entry_refused"),
        ("damaged.json", "archive_entry_damaged"),
        ("good.json", None),
    ]


def test_a_table_of_links_is_read_in_the_encoding_declared() -> None:
    text = 'name,url\n김민아,https://a.example/1\n"Anna\nKim",https://a.example/2\n'
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp949", "euc-kr"):
        found = links(text.encode(encoding), encoding, network=True)
        assert [(link.line, link.url) for link in found] == [(2, "https://a.example/1"), (4, "https://a.example/2")]


@pytest.mark.parametrize(
    ("data", "encoding", "code", "line"),
    [
        (b"\xef\xbb\xbfurl\nhttps://a.example\n", "utf-8", "table_encoding", 1),
        ("url,name\nx,김".encode("cp949"), "utf-8", "table_encoding", None),
        ("url\nx".encode("utf-16"), "utf-8", "table_encoding", None),
        (b"url\nx", "utf-7", "encoding_unknown", None),
        (b"url\nx", "../../x", "encoding_unknown", None),
        (b"url\nhttps://a\x00.example\n", "utf-8", "table_malformed", 2),
        (b'url\nhttps://a.example\n"https://b.example\n', "utf-8", "table_malformed", 3),
        (b'url\n"a"b\n', "utf-8", "table_malformed", 2),
        (b"url,name\nhttps://a.example\n", "utf-8", "table_malformed", 2),
        (b"url\nhttps://" + b"a" * 200_000 + b"\n", "utf-8", "table_malformed", 2),
        (b"url\n" + b"a" * 3_000 + b"\n", "utf-8", "table_malformed", 2),
        (b'url,x\n" ",y\n', "utf-8", "table_malformed", 2),
        (b"link\nhttps://a.example\n", "utf-8", "table_column_missing", 1),
        (b"url,url\na,b\n", "utf-8", "table_column_missing", 1),
        (b"", "utf-8", "table_column_missing", 1),
        (b"url\n" + b"x\n" * MAX_ROWS, "utf-8", "table_too_long", None),
    ],
)
def test_a_table_that_is_not_strict_csv_is_refused_whole(
    data: bytes, encoding: str, code: str, line: int | None
) -> None:
    with pytest.raises(Refused) as refusal:
        links(data, encoding, network=True)
    assert refusal.value.code == code
    assert refusal.value.facts.get("line") == line


def test_a_table_is_followed_only_where_the_network_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_bytes(b"url\nhttps://a.example/1\n")
    assert [item.trouble and item.trouble.code for item in given(path)] == ["network_not_allowed"]
    assert [item.url for item in given(path, network=True)] == ["https://a.example/1"]


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    from creditbank.offline.items import read_file

    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(OSError, match="Not a regular file"):
        read_file(tmp_path / "pipe.json")
    (tmp_path / "long.json").write_bytes(b"x" * (LONGEST + 10))
    assert len(read_file(tmp_path / "long.json")) == LONGEST + 1
