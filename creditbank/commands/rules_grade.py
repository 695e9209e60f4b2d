"""`creditbank rules grade`: what a grade is at another institution, by the distributions of both."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from creditbank.commands.rules_tables import read_table_pack
from creditbank.commands.terminal import DONE, NO, UNDECIDED, out
from recognition_rules.grading.conversion import GradeConversion, GradeQuestion, convert_grade
from recognition_rules.grading.tables import CYCLES, OVERLAPS, GradePack
from recognition_rules.language import pick

_CODES = {"converted": DONE, "not_passing": NO, "undetermined": UNDECIDED}
Overlap = StrEnum("Overlap", {name: name for name in OVERLAPS})  # type: ignore[misc]  # from the engine's own list
Cycle = StrEnum("Cycle", {name: name for name in CYCLES})  # type: ignore[misc]  # likewise


def grade(
    pack: Annotated[str, typer.Argument(help="A grades pack: built in (ects-grades), a file or a folder.")],
    grade: Annotated[str, typer.Argument(help="The grade as it was given.")],
    source: Annotated[str, typer.Option("--from", help="The institution that gave it.")],
    target: Annotated[str, typer.Option("--to", help="The institution that asks.")],
    field: Annotated[str, typer.Option(help="Field of study, ISCED-F 2013.")],
    cycle: Annotated[Cycle, typer.Option(help="Cycle of the degree.")],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day, else today.")] = None,
    overlap: Annotated[Overlap | None, typer.Option(help="Which of several grades, else as the pack says.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: JSON.")] = False,
) -> None:
    """Convert a grade. Exit codes: 0 converted, 1 it does not pass, 2 it cannot be said, 3 trouble."""
    tables: GradePack = read_table_pack(pack, "grades")
    asked = GradeQuestion(grade, source, target, field, cycle.value, (on or datetime.now(UTC)).date())
    chosen = next((each for each in OVERLAPS if overlap and each == overlap.value), tables.policy.overlap)
    found = convert_grade(tables, asked, replace(tables.policy, overlap=chosen))
    if as_json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    else:
        _tell(found)
    raise typer.Exit(_CODES[found.status])


def _tell(found: GradeConversion) -> None:
    for warning in found.warnings:
        out.print(f"! {pick(warning, 'en')}", style="yellow", markup=False, soft_wrap=True)
    for line in found.arithmetic:
        out.print(line, markup=False, soft_wrap=True)
    for reason in found.reasons:
        facts = ", ".join(f"{name} {value}" for name, value in reason.facts.items())
        out.print(f"{reason.code}: {facts}", markup=False, soft_wrap=True)
    said = found.grade if found.grade is not None else found.status.replace("_", " ")
    out.print(f"→ {said}", style="green" if found.grade is not None else "yellow", markup=False)
