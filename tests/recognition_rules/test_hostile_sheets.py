"""Workbooks and CSV files that show one thing and hold another, or are broken: refused with row and sentence."""

import io
import random
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from recognition_rules.authoring.csv_form import read_csv
from recognition_rules.authoring.sheets import read_sheet
from recognition_rules.authoring.xlsx_form import read_xlsx
from recognition_rules.errors import PackInvalid
from recognition_rules.reading.pack_text import read_text

ROWS = [("id", "issuer", "class"), ("g1", "harbour", "core"), ("g2", "dune", "free")]
SPREADSHEET = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Change = Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], object]


def book(change: Change = lambda _book, _page: None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet("limit")
        for row, cells in enumerate(ROWS):
            page.write_row(row, 0, cells)
        change(workbook, page)
    return out.getvalue()


def rewritten(data: bytes, change: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(*change(name, old.read(name)))
    return out.getvalue()


def refusal(data: bytes) -> PackInvalid:
    with pytest.raises(PackInvalid) as refused:
        read_xlsx(data, file="grid.xlsx")
    return refused.value


HIDING = {
    "a hidden row": (lambda _, page: page.set_row(2, None, None, {"hidden": True}), 3, "row is hidden"),
    "a hidden column": (lambda _, page: page.set_column(1, 1, None, None, {"hidden": True}), 1, "column is hidden"),
    "a formula": (lambda _, page: page.write_formula(3, 2, '="co"&"re"', None, "core"), 4, "formula"),
}


@pytest.mark.parametrize("name", HIDING)
def test_what_a_person_does_not_see_is_not_read(name: str) -> None:
    change, line, word = HIDING[name]
    found = refusal(book(change))
    assert found.line == line
    assert word in found.problem


def test_a_formula_is_found_wherever_the_workbook_keeps_its_sheet() -> None:
    def move(name: str, part: bytes) -> tuple[str, bytes]:
        return name.replace("worksheets/", "pages/"), part.replace(b"worksheets/sheet1", b"pages/sheet1")

    assert refusal(rewritten(book(HIDING["a formula"][0]), move)).problem_code == "formula"


UNNUMBERED = b"<row><c t='str'><f>1+1</f><v>x</v></c></row>"
FAR = b"<row r='1048576'><c t='str'><v>x</v></c></row>"


@pytest.mark.parametrize(("row", "code"), [(UNNUMBERED, "formula"), (FAR, "too_large")])
def test_a_sheet_written_by_hand_is_held_to_the_same(row: bytes, code: str) -> None:
    sheet = b"<worksheet xmlns='" + SPREADSHEET + b"'><sheetData>" + row + b"</sheetData></worksheet>"
    data = rewritten(book(), lambda name, part: (name, sheet if "sheet1" in name else part))
    assert refusal(data).problem_code == code


def test_a_damaged_workbook_is_refused_however_it_is_damaged() -> None:
    chance, whole, refused = random.Random(7), book(), 0
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(4):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            read_xlsx(bytes(data), file="grid.xlsx")
        except PackInvalid:
            refused += 1
    assert refused > 50


CELLS = [("\uff1d1+1", "formula"), ("\uff20x", "formula"), ('"""a""\nx=""b"""', "after the value")]


@pytest.mark.parametrize(("cell", "word"), CELLS)
def test_a_cell_says_one_thing(cell: str, word: str) -> None:
    with pytest.raises(PackInvalid) as refused:
        read_sheet(read_csv(f"id,issuer\ng1,{cell}\n".encode(), file="grid.csv", name="limit"))
    assert word in refused.value.problem
    assert refused.value.line == 2


def test_few_signs_do_not_tell_korean_from_chinese() -> None:
    with pytest.raises(PackInvalid) as refused:
        read_csv("id,title\ncap,中文课程\n".encode("gb18030"), file="grid.csv", name="limit")
    assert refused.value.problem_code == "encoding_unknown"
    korean = read_csv("id,title\ncap,한국어 과목과 학점\n".encode("cp949"), file="grid.csv", name="limit")
    assert korean.rows[1].cells[1] == "한국어 과목과 학점"


@pytest.mark.parametrize("text", ["[]", '"x"', "null", "", "// no comments here\n{}"])
def test_a_file_called_json_is_told_what_is_wrong_as_json(text: str) -> None:
    with pytest.raises(PackInvalid) as refused:
        read_text(text, name="pack.json")
    assert "JSON" in refused.value.problem
    assert refused.value.line == 1
