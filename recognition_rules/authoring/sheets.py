"""Tables of cells and the parsed form of a pack: one sheet for each kind of table, one row for each of them.

A sheet named `limit` holds the `[[limit]]` tables: its first row names the columns (`id`, `title.en`, `terms.1.from`
…), each further row is one table. A sheet with the two columns `key` and `value` is a single table such as `[pack]`.
A sheet named `rows.R50` holds the rows of the decision table R50. Blank rows are passed over.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from recognition_rules.authoring.cells import CellKind, CellRefused, read_cell
from recognition_rules.errors import PackInvalid
from recognition_rules.reading.pack_source import Place, Raw
from recognition_rules.reading.toml_lines import Path
from recognition_rules.rules.tables import cell_kind

ROWS = "rows."
"""What the name of a sheet with the rows of a decision table begins with."""
MAX_COLUMNS = 500
MAX_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line in its file or sheet (from 1), and its cells as text."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet or a CSV file: what complaints call it, its name, and its rows; the first names the columns."""

    file: str
    name: str
    rows: tuple[Row, ...]

    def refuse(self, line: int, problem: str, code: str = "pack_invalid") -> PackInvalid:
        """The complaint about a row."""
        return PackInvalid(file=self.file, line=line, problem=problem, problem_code=code)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the header as written, the path it stands for, and how its cells are read."""

    header: str
    path: Path
    kind: CellKind


def read_sheet(sheet: Sheet) -> tuple[object, dict[Path, Place]]:
    """The single table or the list of tables of a sheet, and the place of each cell below it."""
    if not sheet.rows:
        raise sheet.refuse(1, "the sheet is empty: its first row names the columns.")
    columns = _columns(sheet)
    if [column.header for column in columns] == ["key", "value"]:
        return _single(sheet)
    return _many(sheet, columns)


def _columns(sheet: Sheet) -> list[Column]:
    headers = [cell.strip() for cell in sheet.rows[0].cells]
    while headers and not headers[-1]:
        headers.pop()
    line = sheet.rows[0].line
    if not headers or not all(headers):
        raise sheet.refuse(line, "every column needs a name in the first row.")
    if len(headers) > MAX_COLUMNS or len(sheet.rows) > MAX_ROWS:
        raise sheet.refuse(line, "the sheet is larger than 500 columns or 100,000 rows.", "too_large")
    plain = sheet.name.startswith(ROWS)
    columns = [_column(header, plain=plain) for header in headers]
    twice = sorted({each.header for each in columns if sum(other.path == each.path for other in columns) > 1})
    if twice:
        raise sheet.refuse(line, f"the column '{twice[0][:60]}' is there twice.", "duplicate_key")
    return columns


def _column(header: str, *, plain: bool) -> Column:
    name = header.removesuffix(":text").strip()
    path: Path = (name,) if plain else tuple(_step(part) for part in name.split("."))
    return Column(header, path, "text" if header.endswith(":text") else kind_in_rows(name) if plain else "value")


def kind_in_rows(column: str) -> CellKind:
    """How the cells of a decision table's column are read: what holds texts takes codes such as 101 as they stand."""
    return "word" if cell_kind(column) == "text" else "value"


def _step(part: str) -> str | int:
    return int(part) - 1 if part.isascii() and part.isdigit() and len(part) < 4 and part != "0" else part


def _single(sheet: Sheet) -> tuple[Raw, dict[Path, Place]]:
    values: dict[Path, object] = {}
    places: dict[Path, Place] = {}
    for row in _filled(sheet):
        key, cell = row.cells[0].strip(), row.cells[1] if len(row.cells) > 1 else ""
        column = _column(key, plain=False)
        if not key or column.path in values:
            raise sheet.refuse(row.line, f"the key '{key[:60]}' is missing or there twice.", "duplicate_key")
        values[column.path] = _cell(sheet, row.line, Column(key, column.path, column.kind), cell)
        places[column.path] = Place(sheet.file, row.line, "value")
    return _nested(sheet, 1, values), places


def _many(sheet: Sheet, columns: Sequence[Column]) -> tuple[list[Raw], dict[Path, Place]]:
    tables: list[Raw] = []
    places: dict[Path, Place] = {}
    for row in _filled(sheet):
        _refuse_beyond(sheet, row, len(columns))
        cells = [(column, cell) for column, cell in zip(columns, row.cells, strict=False) if cell.strip()]
        at: Path = (len(tables),)
        places[at] = Place(sheet.file, row.line, "")
        places.update({(*at, *column.path): Place(sheet.file, row.line, column.header) for column, _ in cells})
        values = {column.path: _cell(sheet, row.line, column, cell) for column, cell in cells}
        tables.append(_nested(sheet, row.line, values))
    return tables, places


def _filled(sheet: Sheet) -> Iterator[Row]:
    return (row for row in sheet.rows[1:] if any(cell.strip() for cell in row.cells))


def _refuse_beyond(sheet: Sheet, row: Row, width: int) -> None:
    if any(cell.strip() for cell in row.cells[width:]):
        raise sheet.refuse(row.line, "a cell stands right of the last column that has a name.")


def _cell(sheet: Sheet, line: int, column: Column, cell: str) -> object:
    try:
        return read_cell(cell, column.kind)
    except CellRefused as refused:
        raise sheet.refuse(line, f"column '{column.header}': {refused.problem}", refused.finding) from None


def _nested(sheet: Sheet, line: int, values: Mapping[Path, object]) -> Raw:
    """The table whose parts were named by paths: `title.en` is the key en of the table title."""
    table: dict[str | int, object] = {}
    for path, value in values.items():
        inner = table
        for step in path[:-1]:
            found = inner.setdefault(step, {})
            if not isinstance(found, dict):
                raise sheet.refuse(line, f"'{step}' is both a value and a table of columns.")
            inner = found
        if path[-1] in inner:
            raise sheet.refuse(line, f"'{path[-1]}' is both a value and a table of columns.")
        inner[path[-1]] = value
    return {str(key): _listed(sheet, line, value) for key, value in table.items()}


def _listed(sheet: Sheet, line: int, value: object) -> object:
    """Tables whose keys are 1, 2, … are lists."""
    if not isinstance(value, dict):
        return value
    parts = {key: _listed(sheet, line, each) for key, each in value.items()}
    if not any(isinstance(key, int) for key in parts):
        return parts
    if set(parts) != set(range(len(parts))):
        raise sheet.refuse(line, "numbered columns such as terms.1.from begin with 1 and leave none out.")
    return [parts[number] for number in range(len(parts))]
