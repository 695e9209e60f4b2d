"""XLSX workbooks of registrars: bounded before they are opened, and nothing in them is calculated.

Cells should be texts. A whole number and a day are taken as what they are; a fraction, a time of day, a formula, a
merged cell or a hidden sheet is refused, because what a person sees there is not what would be read.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from recognition_rules.authoring.sheets import MAX_COLUMNS, MAX_ROWS, Row, Sheet
from recognition_rules.errors import PackInvalid

MAX_FILES = 400
MAX_BYTES = 32_000_000
"""Of all parts of the workbook together, unpacked."""
LONGEST_NAME = 31
_ROW = re.compile(r"<(?:[A-Za-z0-9]+:)?row\b[^>]*?\br\s*=\s*[\"']0*([0-9]{1,9})[\"']")
_CELL = re.compile(r"<(?:[A-Za-z0-9]+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_FORMULA = re.compile(r"<(?:[A-Za-z0-9]+:)?f[\s/>]")
_HIDDEN = re.compile(r"<(?:[A-Za-z0-9]+:)?(row|col)\b[^>]*?\bhidden\s*=\s*[\"'](?:1|true)[\"'][^>]*>")
_SHEET = re.compile(r"<(?:[A-Za-z0-9]+:)?sheetData\b")
"""A sheet is known by what is in it: a workbook may keep it under any name."""
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!")
_BAD_NAME = set("[]:*?/\\'")


def read_xlsx(data: bytes, *, file: str) -> tuple[Sheet, ...]:
    """The sheets of a workbook; raises `PackInvalid` with the sheet and the row."""
    _bound(data, file)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return tuple(_sheet(book, entry.name, entry.visible, file) for entry in book.sheets_metadata)
    except CalamineError:
        raise _unreadable(file) from None


def _unreadable(file: str) -> PackInvalid:
    return PackInvalid(file=file, line=None, problem="This is not an XLSX workbook that can be read.")


def _bound(data: bytes, file: str) -> None:
    """Unpack within bounds, and refuse formulas, programs, and cells far out that would fill the memory."""
    left = MAX_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_BYTES:
                raise PackInvalid(file=file, line=None, problem="The workbook is too large.", problem_code="too_large")
            for entry in entries:
                part = archive.read(entry)
                left -= len(part)
                _check_part(entry.filename, part, file)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, ValueError):
        raise _unreadable(file) from None
    if left < 0:
        raise PackInvalid(file=file, line=None, problem="The workbook is too large.", problem_code="too_large")


def _check_part(name: str, part: bytes, file: str) -> None:
    if name.lower().endswith(".bin"):
        raise PackInvalid(file=file, line=None, problem="The workbook holds a program: save it as plain .xlsx.")
    text = part.decode("utf-8", "replace")
    if not _SHEET.findall(text):
        return
    cells = [(_number(column), int(row)) for column, row in _CELL.findall(text)]
    far = [row for column, row in cells if row > MAX_ROWS or column > MAX_COLUMNS]
    far += [int(row) for row in _ROW.findall(text) if int(row) > MAX_ROWS]
    if far:
        problem = "A cell stands beyond column 500 or row 100,000."
        raise PackInvalid(file=file, line=far[0], problem=problem, problem_code="too_large")
    formula = next(_FORMULA.finditer(text), None)
    if formula:
        problem = "A cell holds a formula: paste its result as text."
        raise PackInvalid(file=file, line=_row_at(text[: formula.start()]), problem=problem, problem_code="formula")
    _refuse_hidden(text, file)


def _row_at(before: str) -> int | None:
    """The row in which a text of a sheet breaks off, as far as the sheet numbers its rows."""
    rows = [*(int(row) for row in _ROW.findall(before)), *(int(row) for _, row in _CELL.findall(before))]
    return max(rows, default=None)


def _refuse_hidden(text: str, file: str) -> None:
    """A row that is filtered out or a column that is folded away is not seen by who looks at the sheet."""
    found = next(_HIDDEN.finditer(text), None)
    if found is None:
        return
    row = found[1] == "row"
    problem = f"A {'row' if row else 'column'} is hidden: show it (take the filter off), or delete it."
    raise PackInvalid(file=file, line=_row_at(found[0]) if row else 1, problem=problem, problem_code="hidden")


def _number(column: str) -> int:
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - 64
    return number


def _sheet(book: CalamineWorkbook, name: str, visible: SheetVisibleEnum, file: str) -> Sheet:
    called = f"{file}, sheet '{name}'"
    if visible != SheetVisibleEnum.Visible:
        raise PackInvalid(file=called, line=None, problem="The sheet is hidden: show it or delete it.")
    found = book.get_sheet_by_name(name)
    if found.merged_cell_ranges:
        line = found.merged_cell_ranges[0][0][0] + 1
        raise PackInvalid(file=called, line=line, problem="Merged cells: give every row its own value.")
    rows = found.to_python(skip_empty_area=False)
    return Sheet(called, name, tuple(_texts(rows, called)))


def _texts(rows: Sequence[Sequence[object]], called: str) -> Iterator[Row]:
    for line, cells in enumerate(rows, 1):
        yield Row(line, tuple(_text(cell, called, line, number) for number, cell in enumerate(cells)))


def _text(cell: object, called: str, line: int, number: int) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int) or (isinstance(cell, float) and cell.is_integer()):
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time(0):
        return cell.date().isoformat()
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return cell.isoformat()
    if not isinstance(cell, str) or cell in _ERRORS:
        problem = f'column {number + 1}: {_why(cell)} Give the cell the format "text".'
        raise PackInvalid(file=called, line=line, problem=problem, problem_code="cell_refused")
    return cell


def _why(cell: object) -> str:
    if isinstance(cell, float):
        return "a number with a fraction is not exact: write it as 9/2."
    return "a time of day or an error cannot be read; a day is written 2026-09-01."


def write_xlsx(sheets: tuple[Sheet, ...], *, file: str = "pack.xlsx") -> bytes:
    """A workbook of the sheets in which every cell is a text; raises `PackInvalid` on a name too long for a sheet."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - the same bytes every time
        as_text = book.add_format({"num_format": "@"})
        for sheet in sheets:
            _write(book.add_worksheet(_name(sheet.name, file)), sheet, as_text)
    return out.getvalue()


def _name(name: str, file: str) -> str:
    if len(name) > LONGEST_NAME or set(name) & _BAD_NAME:
        problem = f"'{name[:60]}' cannot be the name of a sheet (at most 31 plain characters): use CSV files."
        raise PackInvalid(file=file, line=None, problem=problem, problem_code="sheet_name")
    return name


def _write(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, as_text: object) -> None:
    page.freeze_panes(1, 0)
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells.cells):
            page.write_string(row, column, cell, as_text)
