"""Outcome types as rows of a table or as JSON: one row for each type, or for each outcome."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from recognition_rules.authoring.coverage import OutcomeType
from recognition_rules.authoring.csv_form import read_csv
from recognition_rules.authoring.sheets import Sheet
from recognition_rules.authoring.xlsx_form import read_xlsx
from recognition_rules.errors import PackInvalid, RuleError
from recognition_rules.levels import Level
from recognition_rules.reading.pack_text import is_json
from recognition_rules.reading.strict_json import loads

_COLUMNS = (
    "unit", "source", "class", "area", "level", "framework", "issuer", "achievement", "country", "ended_on", "outcomes",
    "learners",
)  # fmt: skip
_ALIKE = ("outcomes", "learners")


def read_outcome_types(data: bytes, *, file: str, unit: str) -> tuple[OutcomeType, ...]:
    """The types of a CSV, XLSX or JSON (`{"outcomes": [{…}]}`) file, equal ones added up; raises `PackInvalid`.

    Columns: source, class, area, level with framework, issuer, achievement, country, ended_on, unit (else the pack's),
    outcomes and learners (else 1).
    """
    types: dict[OutcomeType, OutcomeType] = {}
    for line, row in _rows(data, file):
        found = _type(row, line, file, unit)
        key = replace(found, outcomes=0, learners=0)
        before = types.get(key, key)
        count = before.outcomes + found.outcomes, before.learners + found.learners
        types[key] = replace(key, outcomes=count[0], learners=count[1])
    return tuple(types.values())


def _rows(data: bytes, file: str) -> Iterable[tuple[int, Mapping[str, str]]]:
    if file.endswith(".json") or is_json(data[:100].decode("utf-8", "replace")):
        return _json_rows(data, file)
    sheets = read_xlsx(data, file=file) if file.endswith(".xlsx") else (read_csv(data, file=file, name="outcomes"),)
    return (row for sheet in sheets for row in _sheet_rows(sheet))


def _json_rows(data: bytes, file: str) -> Iterable[tuple[int, Mapping[str, str]]]:
    listed = loads(data.decode("utf-8", "replace"), name=file).get("outcomes")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise PackInvalid(file=file, line=1, problem='Outcomes in JSON are {"outcomes": [{ … }]}.')
    return ((n, {key: str(value) for key, value in each.items()}) for n, each in enumerate(listed, 1))


def _sheet_rows(sheet: Sheet) -> Iterable[tuple[int, Mapping[str, str]]]:
    header = [cell.strip() for cell in sheet.rows[0].cells] if sheet.rows else []
    for row in sheet.rows[1:]:
        cells = {name: cell.strip() for name, cell in zip(header, row.cells, strict=False) if name and cell.strip()}
        if cells:
            yield row.line, cells


def _type(row: Mapping[str, str], line: int, file: str, unit: str) -> OutcomeType:
    unknown = sorted(set(row) - set(_COLUMNS))
    if unknown:
        problem = f"The column '{unknown[0][:60]}' is not known; columns are: {', '.join(_COLUMNS)}."
        raise PackInvalid(file=file, line=line, problem=problem, problem_code="unknown_key")
    try:
        return OutcomeType(
            unit=row.get("unit", unit),
            source=row.get("source"),
            course_class=row.get("class"),
            area=row.get("area"),
            level=Level(row["framework"], Fraction(row["level"])) if "level" in row and "framework" in row else None,
            issuer=row.get("issuer", "any"),
            achievement=row.get("achievement"),
            country=row.get("country"),
            ended_on=date.fromisoformat(row["ended_on"]) if "ended_on" in row else None,
            outcomes=int(row.get("outcomes", "1")),
            learners=int(row.get("learners", "1")),
        )
    except (ValueError, ZeroDivisionError, RuleError):
        problem = "A level, a day (2026-09-01) or a count of this row cannot be read."
        raise PackInvalid(file=file, line=line, problem=problem) from None
