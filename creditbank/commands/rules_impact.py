"""`creditbank rules impact`: what a draft would change for everybody; `rules coverage`: what no rule matches."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from creditbank import display
from creditbank.commands.rules_files import read_pack
from creditbank.commands.rules_outcomes import types_of
from creditbank.commands.rules_replay import progressing
from creditbank.commands.terminal import DONE, NO, YES_OR_NO, out
from creditbank.coverage_of_bank import CoverageOfBank
from creditbank.errors import Refused
from creditbank.impact_run import ImpactRun, Population
from creditbank.office import builtin_levels, builtin_units
from creditbank.opening import open_bank
from creditbank.settings import Settings
from recognition_rules.authoring.coverage import Gap, coverage

PackName = Annotated[str, typer.Argument(help="A file, a folder, or a built-in pack.", show_default=False)]
SHOWN = 12
"""Rows of a table; `--json` has all."""


def impact(
    pack: PackName,
    programme: Annotated[str | None, typer.Option(help="Only this programme.", show_default=False)] = None,
    books: Annotated[bool, typer.Option("--books", help="Every learner, not only those decided upon.")] = False,
    fact: Annotated[
        list[str] | None, typer.Option(help="With --books: NAME=VALUE, assumed of everybody.", show_default=False)
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0 for as many as there are cores.")] = 0,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew, not where the last run was stopped.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Try a draft pack on the bank's learners: who gains, who loses, by how much. Nothing is booked, nobody is named.

    Exit codes: 0 done, 130 interrupted (the next run goes on), 1 the pack is refused, 3 trouble.
    """
    draft = read_pack(pack)
    whom = Population(programme, books, dict(map(_fact, fact or [])))
    with open_bank(Settings()) as bank, progressing("decisions tried") as progress:
        found = ImpactRun(bank).run(draft.text, whom, fresh=fresh, jobs_at_once=jobs, progress=progress)
    if as_json:
        out.print_json(json.dumps(found))
        return
    _show(found)


def _fact(text: str) -> tuple[str, str | bool]:
    name, sign, value = text.partition("=")
    if not (name and sign):
        raise Refused("malformed_fact", "A fact is written NAME=VALUE, such as high_school_graduate=yes.")
    return name, YES_OR_NO.get(value, value)


_NUMBERS = ("gains", "loses", "otherwise", "same", "credits gained", "credits lost", "learners", "awards")


def _show(found: Mapping[str, Any]) -> None:
    pack = found["pack"]
    out.print(f"{pack['id']} {pack['version']}: decisions {found['decisions']}, outcomes {found['outcomes']}")
    ways = ("gains", "loses", "otherwise", "same")
    rows = [
        (*(str(row[way]) for way in ways), row["credits_gained"], row["credits_lost"], row["programme"])
        for row in found["programmes"]
    ]
    _table((*ways, "credits gained", "credits lost", "programme"), rows)
    _table(
        ("learners", "before", "after", "programme"),
        [
            (str(row["learners"]), row["before"], row["after"], row["programme"])
            for row in found["status_changes"][:SHOWN]
        ],
    )
    spread = [row for row in found["distribution"] if row["learners"]]
    _table(("learners", "change in credits"), [(str(row["learners"]), _more_or_less(row["credits"])) for row in spread])
    _table(
        ("awards", "way", "reason", "rule"),
        [(str(row["awards"]), row["way"], row["code"], row["rule"] or "") for row in found["reasons"][:SHOWN]],
    )
    _table(
        ("before", "after", "programme", "learner (pseudonym)"),
        [(row["before"], row["after"], row["programme"], row["learner"]) for row in found["examples"]],
    )
    for code, number in found["not_decidable"].items():
        out.print(f"{number} could not be decided under the draft [{code}]", markup=False)


def _more_or_less(change: str) -> str:
    """A class of the distribution as people say it: `- 3 to 6` is "3 to 6 less"."""
    sign, _, size = change.partition(" ")
    return {"+": f"{size} more", "-": f"{size} less"}.get(sign, "none")


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    table = display.table(*columns, right=[column for column in columns if column in _NUMBERS])
    for row in rows:
        table.add_row(*row)
    out.print(table)
    out.print()


def cover(
    pack: PackName,
    file: Annotated[
        Path | None, typer.Option("--file", help="Outcomes as CSV, XLSX or JSON, not the bank's.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List the outcome types that no rule of a pack matches: of the bank's learners, or of a file.

    Exit codes: 0 every type is matched, 1 some are not (or the pack is refused), 3 trouble.
    """
    rules = read_pack(pack)
    if file is not None:
        types = types_of(file, rules)
        gaps = coverage(
            rules, types.types, on=types.on, units=builtin_units(), levels=builtin_levels()
        )  # fmt: skip
    else:
        with open_bank(Settings()) as bank:
            gaps = CoverageOfBank(bank).gaps(rules)
    if as_json:
        out.print_json(json.dumps([gap.to_json() for gap in gaps]))
    else:
        _show_gaps(gaps)
    raise typer.Exit(NO if gaps else DONE)


def _show_gaps(gaps: Sequence[Gap]) -> None:
    if not gaps:
        out.print("✓ Every outcome type is matched by a rule.", style="green")
        return
    rows = [
        (
            str(gap.type.outcomes), str(gap.type.learners), gap.type.unit, gap.type.source or "–",
            gap.type.course_class or "–", " ".join(sorted({code for codes in gap.reasons.values() for code in codes})),
        )
        for gap in gaps
    ]  # fmt: skip
    _table(("outcomes", "learners", "unit", "source", "class", "why"), rows)
