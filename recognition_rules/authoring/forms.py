"""The forms of a pack: TOML, JSON, CSV files, an XLSX workbook, or TOML with tables beside it. One parsed form, one
digest.

A pack is given as its files by name, as they lie in its folder: `pack.toml` or `pack.json` or `pack.xlsx`, further
kinds of tables as `limit.csv`, and the rows of decision tables as `tables/R50.csv` or `tables/R50.xlsx`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from recognition_rules.authoring.csv_form import decoded, read_csv, write_csv
from recognition_rules.authoring.json_form import to_json, with_days
from recognition_rules.authoring.sheet_writer import to_sheets
from recognition_rules.authoring.sheets import ROWS, Sheet, read_sheet
from recognition_rules.authoring.toml_form import to_toml
from recognition_rules.authoring.xlsx_form import read_xlsx, write_xlsx
from recognition_rules.errors import PackInvalid
from recognition_rules.pack import Pack
from recognition_rules.reading.pack_parser import parse_document
from recognition_rules.reading.pack_source import Document, Place, Raw, Source
from recognition_rules.reading.pack_text import read_text
from recognition_rules.reading.toml_lines import Path

FORMS = ("toml", "json", "csv", "xlsx")
TABLES = "tables/"
_TEXTS = (".toml", ".json")
_NOT_PACKS = ("cases.toml", "cases.json")


def read_files(files: Mapping[str, bytes], *, name: str = "pack") -> Document:
    """The one parsed form of a pack's files; raises `PackInvalid` with file, line (or row) and a sentence."""
    texts = [each for each in files if each.endswith(_TEXTS) and each.rpartition("/")[2] not in _NOT_PACKS]
    if len(texts) > 1:
        problem = f"A pack has one text: {texts[0]} and {texts[1]} lie beside each other."
        raise PackInvalid(file=name, line=None, problem=problem)
    document = _base(files, texts, name)
    for sheet in _sheets(files):
        _join(document, sheet)
    if not document.raw:
        raise PackInvalid(
            file=name, line=None, problem="There is no pack: pack.toml, pack.json, pack.xlsx or pack.csv."
        )
    return document


def parse_files(files: Mapping[str, bytes], *, name: str = "pack") -> Pack:
    """The pack of its files; its `text` is one that can be published: as it was written, or JSON where several files
    were joined."""
    document = read_files(files, name=name)
    pack = parse_document(document, {})
    return pack if is_one_text(document) else replace(pack, text=to_json(document.raw))


def is_one_text(document: Document) -> bool:
    """Whether the whole pack stands in one TOML or JSON text."""
    return bool(document.source.text) and not document.source.cells


def _base(files: Mapping[str, bytes], texts: Sequence[str], name: str) -> Document:
    if not texts:
        return Document({}, Source(name, "", "cells", cells={}))
    text = decoded(files[texts[0]], file=texts[0], otherwise="utf-8")
    return read_text(text, name=texts[0])


def _sheets(files: Mapping[str, bytes]) -> list[Sheet]:
    found: list[Sheet] = []
    for path in sorted(files):
        stem = path.rpartition("/")[2].rpartition(".")[0]
        inside = f"{ROWS}{stem}" if path.startswith(TABLES) or f"/{TABLES}" in path else stem
        if path.endswith(".csv"):
            found.append(read_csv(files[path], file=path, name=inside))
        elif path.endswith(".xlsx"):
            sheets = read_xlsx(files[path], file=path)
            found += [replace(each, name=inside) for each in sheets] if inside.startswith(ROWS) else sheets
    return sorted(found, key=lambda sheet: sheet.name.startswith(ROWS))


def _join(document: Document, sheet: Sheet) -> None:
    values, places = read_sheet(sheet)
    at = _rows_of(document.raw, sheet) if sheet.name.startswith(ROWS) else _kind(document.raw, sheet)
    _inside(document.raw, at[:-1])[at[-1]] = values
    cells = {(*at, *path): place for path, place in places.items()}
    document.source.cells = {**document.source.cells, at: Place(sheet.file, 1, ""), **cells}


def _kind(raw: Raw, sheet: Sheet) -> Path:
    if sheet.name in raw:
        raise sheet.refuse(1, f"'{sheet.name}' stands here and in another file of the pack.", "duplicate_key")
    return (sheet.name,)


def _rows_of(raw: Raw, sheet: Sheet) -> Path:
    table_id = sheet.name.removeprefix(ROWS)
    tables = raw.get("table")
    for number, table in enumerate(tables if isinstance(tables, list) else []):
        if isinstance(table, dict) and str(table.get("id")) == table_id:
            if "rows" in table:
                raise sheet.refuse(1, f"The rows of the table '{table_id}' stand here and elsewhere.", "duplicate_key")
            return ("table", number, "rows")
    raise sheet.refuse(1, f"There is no [[table]] with the id '{table_id[:60]}' for these rows.", "unknown_table")


def _inside(raw: Raw, path: Path) -> dict[str | int, object]:
    value: object = raw
    for step in path:
        value = value[step]  # type: ignore[index]  # the path was just found in it
    assert isinstance(value, dict)
    return value


def write_files(document: Document, form: str, *, stem: str = "pack") -> dict[str, bytes]:
    """The files of the pack in another form; the digest stays. Comments are not carried over.

    Raises `PackInvalid` where the pack itself cannot be read, or a cell cannot hold one of its values.
    """
    raw = _with_its_days(document)
    if form == "json":
        return {f"{stem}.json": to_json(raw).encode()}
    if form == "toml":
        return {f"{stem}.toml": to_toml(raw).encode()}
    sheets = to_sheets(raw)
    if form == "xlsx":
        return {f"{stem}.xlsx": write_xlsx(sheets, file=f"{stem}.xlsx")}
    return {_csv_name(sheet.name): write_csv(sheet) for sheet in sheets}


def _csv_name(name: str) -> str:
    return f"{TABLES}{name.removeprefix(ROWS)}.csv" if name.startswith(ROWS) else f"{name}.csv"


def _with_its_days(document: Document) -> Raw:
    """JSON has no days: which texts are days is known once the pack has been read."""
    if not document.source.days_are_texts:
        return document.raw
    parse_document(document, {})
    return with_days(document.raw, frozenset(days_of(document)))


def days_of(document: Document) -> set[Path]:
    """The paths of a document that were read as days, also through a parameter."""
    days: set[Path] = set()
    for path in document.source.days:
        parameter = _parameter(document.raw, path)
        days |= {path} if parameter is None else _values_of(document.raw, parameter)
    return days


def _parameter(raw: Raw, path: Path) -> str | None:
    value: object = raw
    for step in path:
        value = value[step] if isinstance(value, dict | list) else None  # type: ignore[index]
        if isinstance(value, dict) and set(value) == {"parameter"}:
            return str(value["parameter"])
    return None


def _values_of(raw: Raw, name: str) -> set[Path]:
    parameters = raw["parameter"]
    assert isinstance(parameters, list)
    number, found = next((n, each) for n, each in enumerate(parameters) if each.get("id") == name)
    return {("parameter", number, "value"), *(("parameter", number, "others", n) for n in range(len(found["others"])))}
