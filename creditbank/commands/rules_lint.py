"""`creditbank rules lint`, `diff` and `convert`: a draft looked at before anybody proposes it."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from creditbank.commands.rules_files import cases_of, read_document, refusal
from creditbank.commands.rules_tables import linted_tables
from creditbank.commands.terminal import NO, TROUBLE, err, out
from recognition_rules.authoring.diff import Change, difference, touches_the_past
from recognition_rules.authoring.forms import parse_files, write_files
from recognition_rules.authoring.lint import has_errors, lint
from recognition_rules.authoring.lint_draft import CHECK_TEXTS, Finding
from recognition_rules.errors import PackInvalid
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.packs import builtin
from recognition_rules.reading.pack_parser import parse_document
from recognition_rules.reading.pack_source import Document, Raw
from recognition_rules.reading.strict_toml import loads
from recognition_rules.units_pack import parse as parse_units

_MARKS = {"error": ("✗", "bold red"), "warning": ("!", "yellow"), "note": ("·", "default")}
_FORMS = {".toml": "toml", ".json": "json", ".xlsx": "xlsx", "": "csv"}

PackName = Annotated[str, typer.Argument(help="A built-in pack's id, a file, or a folder.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON.")]
Day = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day, else today.")]


def lint_pack(pack: PackName, on: Day = None, as_json: AsJson = False) -> None:
    """Look for gaps, contradictions and idle rules. Exit codes: 0 no errors, 1 errors, 3 trouble."""
    units, levels = parse_units(builtin("units")), parse_levels(builtin("levels"))
    found = linted_tables(pack, _day(on), units, levels)
    if found is None:
        found = lint(read_document(pack), on=_day(on), cases=_cases(pack), units=units, levels=levels)
    _print(found, as_json=as_json)
    if has_errors(tuple(found)):
        raise typer.Exit(NO)


def _print(found: Sequence[Finding], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([finding.to_json() for finding in found], ensure_ascii=False, indent=2))
        return
    for finding in found:
        mark, style = _MARKS[finding.severity]
        place = finding.file if finding.line is None else f"{finding.file}, line {finding.line}"
        text = f"{mark} {place}: {finding.problem} [{finding.check}]"
        out.print(text, style=style, markup=False, soft_wrap=True)
    for check in dict.fromkeys(each.check for each in found if each.severity == "error" and each.check != "refused"):
        out.print(f"  {check}: {CHECK_TEXTS[check].mend}", markup=False, soft_wrap=True)
    counts = {name: sum(finding.severity == name for finding in found) for name in _MARKS}
    out.print(f"errors: {counts['error']}, warnings: {counts['warning']}, notes: {counts['note']}")


def _day(given: datetime | None) -> date:
    return given.date() if given else datetime.now(UTC).date()


def _cases(pack: str) -> Raw | None:
    found = cases_of(pack)
    try:
        return loads(found[0], name=found[1]) if found else None
    except PackInvalid as refused:
        raise refusal(refused) from None


def diff(old: PackName, new: PackName, on: Day = None, as_json: AsJson = False) -> None:
    """Say in words what changes. Exit codes: 0 only what is to come, 1 published terms change, 3 trouble."""
    changes = difference(read_document(old).raw, read_document(new).raw, on=_day(on))
    if as_json:
        typer.echo(json.dumps([change.to_json() for change in changes], ensure_ascii=False, indent=2))
    else:
        _tell(changes)
    if touches_the_past(changes):
        raise typer.Exit(NO)


def _tell(changes: Sequence[Change]) -> None:
    for change in changes:
        text = f"{change.sentence} [{change.code}]" if change.code else change.sentence
        out.print(text, style="bold red" if change.past else None, markup=False, soft_wrap=True)
    past = sum(change.past for change in changes)
    out.print(f"changes: {len(changes)}; of these in what is published already: {past}" if changes else "No change.")


def convert(
    source: PackName,
    target: Annotated[Path, typer.Argument(help="pack.toml, pack.json, pack.xlsx, or a folder for CSV files.")],
) -> None:
    """Write a pack in another form, with the same digest. Exit codes: 0 written, 1 refused, 3 trouble."""
    if target.suffix not in _FORMS:
        err.print("A pack is written as .toml, .json, .xlsx, or CSV files in a folder. [form_unknown]", markup=False)
        raise typer.Exit(TROUBLE)
    try:
        files = _written(read_document(source), _FORMS[target.suffix], target)
    except PackInvalid as refused:
        raise refusal(refused) from None
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        out.print(path.as_posix(), markup=False)


def _written(document: Document, form: str, target: Path) -> dict[Path, bytes]:
    """The files to write, once they have been read back with the same digest."""
    digest = parse_document(document, {}).digest
    files = write_files(document, form)
    again = parse_files(files).digest
    if again != digest:
        raise PackInvalid(file=str(target), line=None, problem="This form cannot hold the pack without loss.")
    out.print(digest, soft_wrap=True)
    return {target / name if form == "csv" else target: content for name, content in files.items()}
