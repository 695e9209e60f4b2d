"""A pack in TOML, JSON, CSV and XLSX is one pack: the same digest, and complaints that name the cell."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_rules.authoring.cells import CellRefused, read_cell, write_cell
from recognition_rules.authoring.forms import parse_files, read_files, write_files
from recognition_rules.authoring.json_form import to_json
from recognition_rules.authoring.toml_form import to_toml
from recognition_rules.authoring.xlsx_form import write_xlsx
from recognition_rules.errors import PackInvalid
from recognition_rules.pack import parse
from recognition_rules.packs import builtin, builtin_ids
from recognition_rules.reading.strict_json import loads as read_json
from recognition_rules.reading.strict_toml import loads

RULE_PACKS = [each for each in builtin_ids() if "[[programme]]" in builtin(each)]

TABLE = """
[[table]]
id = "gate"
title = { en = "Gate" }
keys = ["source"]
gives = ["class"]
TERMS
"""
ROWS = 'rows = [{ source = "course", class = "major" }, { source = "exam", class = "free" }]\n'
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def rewritten(files: dict[str, bytes], *forms: str) -> dict[str, bytes]:
    for form in forms:
        files = write_files(read_files(files), form)
    return files


@pytest.mark.parametrize("pack", RULE_PACKS)
@pytest.mark.parametrize("forms", [("json", "toml"), ("csv", "toml", "xlsx"), ("xlsx", "json", "csv", "toml")], ids=str)
def test_a_shipped_pack_keeps_its_digest_from_form_to_form(pack: str, forms: tuple[str, ...]) -> None:
    files = {"pack.toml": builtin(pack).encode()}
    before = parse_files(files).digest
    for form in forms:
        files = rewritten(files, form)
        assert parse_files(files).digest == before


@pytest.mark.parametrize("pack", builtin_ids())
def test_every_shipped_file_is_written_as_toml_and_json_without_loss(pack: str) -> None:
    raw = loads(builtin(pack))
    assert loads(to_toml(raw)) == raw
    assert read_json(to_json(raw)) == json.loads(to_json(raw))


def test_a_pack_of_several_files_is_published_as_one_text(pack_text: Callable[..., str]) -> None:
    text = pack_text(rules=TABLE + ROWS)
    apart = pack_text(rules=TABLE).encode()
    files = {"pack.toml": apart, "tables/gate.csv": b"source,class\ncourse,major\nexam,free\n"}
    joined = parse_files(files)
    assert joined.digest == parse(text).digest
    assert parse(joined.text).digest == joined.digest


def test_codes_keep_their_zeros_and_formulas_never_reach_a_spreadsheet(pack_text: Callable[..., str]) -> None:
    rows = (
        'rows = [{ source = "course", class = "major", id = "007" }, { source = "exam", class = "free", id = "=1" }]\n'
    )
    files = {"pack.toml": pack_text(rules=TABLE + rows).encode()}
    for form in ("csv", "xlsx"):
        assert parse_files(rewritten(files, form)).digest == parse_files(files).digest
    assert b"007" in rewritten(files, "csv")["tables/gate.csv"]
    assert b'"""=1"""' in rewritten(files, "csv")["tables/gate.csv"]


@pytest.mark.parametrize("sign", FORMULAS, ids=ascii)
def test_no_cell_that_is_written_begins_like_a_formula(pack_text: Callable[..., str], sign: str) -> None:
    text = json.dumps(f"{sign}SUM(1)", ensure_ascii=False)
    files = {"pack.toml": pack_text(rules=TABLE + ROWS).replace('"an example"', text).encode()}
    written = rewritten(files, "csv")
    rows = [row for data in written.values() for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), ""))]
    cells = [cell for row in rows for cell in row]
    assert any("SUM(1)" in cell for cell in cells) and not [cell for cell in cells if cell.startswith(FORMULAS)]
    assert parse_files(written).digest == parse_files(files).digest


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_registrars_of_all_offices_may_save_their_tables(
    pack_text: Callable[..., str], encoding: str, separator: str
) -> None:
    title = "전공필수 과목" if encoding == "cp949" else "专业必修课"
    rows = f"id,title,standing\nS0,{title},confirmed\nS1,{title} 2,weak\n".replace(",", separator)
    base = pack_text().replace('[[reference]]\nid = "S0"\ntitle = "an example"\nstanding = "confirmed"\n', "")
    pack = parse_files({"pack.toml": base.encode(), "reference.csv": rows.encode(encoding)})
    assert pack.references["S0"].title == title


CELLS = [
    ("24", 24), ("-3", -3), ("2026-09-01", date(2026, 9, 1)), ("true", True), ("9/2", "9/2"), ("25%", "25%"),
    ('"24"', "24"), ('["a", "b"]', ["a", "b"]), ("{ a = 1 }", {"a": 1}), ("own", "own"), (' "=A" ', "=A"),
]  # fmt: skip
REFUSED_CELLS = [
    ("0,5", "not exact"), ("0.5", "not exact"), ("1e3", "not exact"), ("007", "zero"), ("=1+1", "formula"),
    ("+3", "formula"), ("@SUM", "formula"), ("2026-02-30", "no day"), ("[1.5]", "not exact"), ("[", "not TOML"),
    ("99999999999999999", "too large"), ("x" * 40_000, "32,767"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "value"), CELLS)
def test_a_cell_means_one_thing(cell: str, value: object) -> None:
    assert read_cell(cell) == value
    assert type(read_cell(cell)) is type(value)


@pytest.mark.parametrize(("cell", "word"), REFUSED_CELLS, ids=lambda each: each[:12])
def test_a_cell_without_an_exact_meaning_is_refused(cell: str, word: str) -> None:
    with pytest.raises(CellRefused, match=word):
        read_cell(cell)


VALUES = st.recursive(
    st.text(max_size=20) | st.integers(-(10**9), 10**9) | st.booleans() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_what_is_written_into_a_cell_is_read_back(value: object) -> None:
    assert read_cell(write_cell(value)) == value


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=5))
def test_what_is_written_as_toml_is_read_back(raw: dict[str, object]) -> None:
    assert loads(to_toml(raw)) == raw


SHEETS = [
    ("source,class\ncourse,0,5\n", 2, "right of the last column"),
    ("source,\ncourse,major\n", 2, "is not known"),
    ("source,source\ncourse,course\n", 1, "there twice"),
    ("source,class\n\ncourse,\"major\nx\n", 3, "quotation marks"),
    ("source,class\ncourse,=major\n", 2, "column 'class'"),
    ("source,class\ncourse,majr\n", 2, "column 'class'"),
    ("source,kind,class\n", 1, "needs rows"),
    ("", 1, "empty"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "word"), SHEETS, ids=lambda each: str(each)[:20])
def test_a_mistake_in_a_csv_file_is_named_with_its_row(
    pack_text: Callable[..., str], text: str, line: int, word: str
) -> None:
    if word == "is not known":
        text = "source,class,colour\ncourse,major,red\n"
    with pytest.raises(PackInvalid) as refusal:
        parse_files({"pack.toml": pack_text(rules=TABLE).encode(), "tables/gate.csv": text.encode()})
    assert word in refusal.value.problem
    assert (refusal.value.file, refusal.value.line) == ("tables/gate.csv", line)


def workbook(write: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        write(book)
    return out.getvalue()


def sheet_with(row: int, column: int, value: object) -> Callable[[xlsxwriter.Workbook], None]:
    def write(book: xlsxwriter.Workbook) -> None:
        page, moment = book.add_worksheet("reference"), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        page.write_row(0, 0, ["id", "title", "standing"])
        page.write(row, column, value, moment if isinstance(value, datetime) else None)

    return write


def hidden(book: xlsxwriter.Workbook) -> None:
    book.add_worksheet("pack")
    book.add_worksheet("reference").hide()


def merged(book: xlsxwriter.Workbook) -> None:
    book.add_worksheet("reference").merge_range(3, 0, 3, 2, "S1")


WORKBOOKS = [
    (sheet_with(2, 1, 0.5), 3, "not exact"),
    (sheet_with(2, 1, "=1+1"), 3, "formula"),
    (sheet_with(2, 1, datetime(2026, 1, 1, 10, 30)), 3, "time of day"),
    (sheet_with(999_999, 0, "far"), 1_000_000, "row 100,000"),
    (hidden, None, "hidden"),
    (merged, 4, "Merged"),
]


@pytest.mark.parametrize(("write", "line", "word"), WORKBOOKS, ids=[each[2] for each in WORKBOOKS])
def test_what_a_person_cannot_see_in_a_workbook_is_refused(
    write: Callable[[xlsxwriter.Workbook], None], line: int | None, word: str
) -> None:
    with pytest.raises(PackInvalid) as refusal:
        read_files({"pack.xlsx": workbook(write)})
    assert word in refusal.value.problem
    assert refusal.value.line == line


def test_days_and_whole_numbers_of_a_workbook_are_what_they_are() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet("limit")
        page.write_row(0, 0, ["id", "at_most", "terms.1.from"])
        page.write_row(1, 0, ["cap", 24])
        page.write_datetime(1, 2, datetime(2026, 9, 1), book.add_format({"num_format": "yyyy-mm-dd"}))

    raw = read_files({"pack.xlsx": workbook(write)}).raw
    assert raw == {"limit": [{"id": "cap", "at_most": 24, "terms": [{"from": date(2026, 9, 1)}]}]}


def test_a_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 40_000_000)
    with pytest.raises(PackInvalid, match="too large"):
        read_files({"pack.xlsx": out.getvalue()})
    for junk in (b"", b"PK\x03\x04", b"no workbook"):
        with pytest.raises(PackInvalid, match="not an XLSX"):
            read_files({"pack.xlsx": junk})


def test_a_workbook_is_written_the_same_every_time(pack_text: Callable[..., str]) -> None:
    document = read_files({"pack.toml": pack_text().encode()})
    assert write_files(document, "xlsx") == write_files(document, "xlsx")
    assert write_xlsx(()) == write_xlsx(())
