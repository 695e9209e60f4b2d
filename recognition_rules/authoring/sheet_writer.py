"""From the parsed form of a pack to sheets: the opposite of `sheets`, without loss."""

from collections.abc import Iterator, Mapping, Sequence

from recognition_rules.authoring.cells import MAX_CELL, CellKind, column_of_texts, write_cell
from recognition_rules.authoring.sheets import ROWS, Row, Sheet, kind_in_rows
from recognition_rules.errors import PackInvalid
from recognition_rules.language import is_tag

_FEW = 4
"""As many terms of a rule are given columns of their own; more stand in one cell."""


def to_sheets(raw: Mapping[str, object], *, file: str = "pack") -> tuple[Sheet, ...]:
    """The sheets of a pack, in the order of its tables; raises `PackInvalid` where a cell could not hold a value."""
    return tuple(sheet for key, value in raw.items() for sheet in _sheets(file, key, value))


def _sheets(file: str, key: str, value: object) -> Iterator[Sheet]:
    if isinstance(value, Mapping):
        yield _single(file, key, value)
    elif isinstance(value, list) and all(isinstance(each, Mapping) for each in value):
        tables, rows = _without_rows(value) if key == "table" else (value, {})
        yield _many(file, key, [dict(_flat(each)) for each in tables])
        yield from (_many(file, f"{ROWS}{name}", each) for name, each in rows.items())
    else:
        raise PackInvalid(file=file, line=None, problem=f"'{key[:60]}' is no table, so it has no sheet.")


def _without_rows(
    tables: Sequence[Mapping[str, object]],
) -> tuple[list[Mapping[str, object]], dict[str, list[Mapping[str, object]]]]:
    """The decision tables without their rows, and the rows by the table's id."""
    rows: dict[str, list[Mapping[str, object]]] = {}
    for table in tables:
        found = table.get("rows")
        if isinstance(found, list) and found and all(isinstance(row, Mapping) and row for row in found):
            rows[str(table.get("id"))] = found
    return [{k: v for k, v in each.items() if k != "rows" or str(each.get("id")) not in rows} for each in tables], rows


def _single(file: str, name: str, table: Mapping[str, object]) -> Sheet:
    lines = [(key, _written(file, name, value)) for key, value in _flat(table)]
    rows = [("key", "value"), *lines]
    return Sheet(file, name, tuple(Row(number, row) for number, row in enumerate(rows, 1)))


def _flat(table: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """The columns of a table: texts by language and a few terms in columns of their own."""
    for key, value in table.items():
        if isinstance(value, Mapping) and value and all(is_tag(k) and isinstance(v, str) for k, v in value.items()):
            yield from ((f"{key}.{tag}", text) for tag, text in value.items())
        elif key == "terms" and isinstance(value, list) and 0 < len(value) <= _FEW and all(map(_plain, value)):
            yield from ((f"terms.{n}.{k}", v) for n, each in enumerate(value, 1) for k, v in each.items())
        else:
            yield key, value


def _plain(terms: object) -> bool:
    return isinstance(terms, Mapping) and bool(terms) and all("." not in key for key in terms)


def _many(file: str, name: str, tables: Sequence[Mapping[str, object]]) -> Sheet:
    columns = list(dict.fromkeys(key for table in tables for key in table)) or ["id"]
    kinds = {key: _kind(name, key, [table[key] for table in tables if key in table]) for key in columns}
    header = tuple(f"{key}:text" if kinds[key] == "text" else key for key in columns)
    rows = [Row(1, header)]
    for number, table in enumerate(tables, 2):
        cells = (_written(file, name, table[key], kinds[key]) if key in table else "" for key in columns)
        rows.append(Row(number, tuple(cells)))
    return Sheet(file, name, tuple(rows))


def _kind(name: str, key: str, values: list[object]) -> CellKind:
    if name.startswith(ROWS) and not key.endswith(":text"):
        return kind_in_rows(key)
    return "text" if key.endswith(":text") or column_of_texts(values) else "value"


def _written(file: str, name: str, value: object, kind: CellKind = "value") -> str:
    cell = write_cell(value, kind)
    if len(cell) > MAX_CELL:
        problem = f"In {name} a value is longer than the 32,767 characters of a cell: keep this pack as TOML or JSON."
        raise PackInvalid(file=file, line=None, problem=problem, problem_code="cell_too_long")
    return cell
