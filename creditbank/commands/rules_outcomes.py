"""Outcome types out of a file, for `creditbank rules coverage`: CSV, XLSX, or JSON."""

from datetime import UTC, datetime
from pathlib import Path

from creditbank.commands.rules_files import refusal
from creditbank.coverage_of_bank import Types, read_types
from recognition_rules.authoring.outcome_rows import read_outcome_types
from recognition_rules.errors import PackInvalid
from recognition_rules.pack import Pack


def types_of(file: Path, pack: Pack) -> Types:
    """The types of a file as of today, or as of the day that a JSON file of types names.

    Ends the command where the file cannot be read; raises Refused `types_malformed`.
    """
    data = file.read_bytes()
    if file.suffix == ".json" and b'"types"' in data:
        return read_types(data)
    try:
        return Types(datetime.now(UTC).date(), read_outcome_types(data, file=file.as_posix(), unit=pack.unit))
    except PackInvalid as refused:
        raise refusal(refused) from None
