"""`creditbank rules replay` and `rules reevaluate`: does the past still decide the same; decide it anew."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from creditbank.commands.terminal import DONE, INTERRUPTED, NO, err, out
from creditbank.errors import Refused
from creditbank.opening import open_bank
from creditbank.reevaluation import Reevaluation
from creditbank.replay import read_bundle, replay
from creditbank.replay_of_record import ReplayOfRecord
from creditbank.settings import Settings

Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only decisions made since this day.", show_default=False)
]


def replay_decisions(
    file: Annotated[Path | None, typer.Argument(help="A replay bundle: no bank is needed.", show_default=False)] = None,
    since: Since = None,
    recognition: Annotated[UUID | None, typer.Option(help="Only this decision.", show_default=False)] = None,
    export: Annotated[
        Path | None, typer.Option(help="Write the bundle of --recognition to this file.", show_default=False)
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0 for as many as there are cores.")] = 0,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew, not where the last run was stopped.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Make decisions again and compare them byte for byte: those of a bank, or that of a bundle, offline.

    Exit codes: 0 all agree, 1 one does not, 130 interrupted (the next run goes on), 3 trouble.
    """
    if file is not None:
        _say(file.name, replay(read_bundle(file.read_bytes())).differences, as_json=as_json)
        return
    with open_bank(Settings()) as bank:
        if recognition is not None:
            bundle = ReplayOfRecord(bank).bundle(recognition)
            if export is not None:
                export.write_text(json.dumps(bundle.to_json(), ensure_ascii=False), "utf-8")
            _say(str(recognition), replay(bundle).differences, as_json=as_json)
            return
        if export is not None:
            raise Refused("recognition_needed", "A bundle holds one decision: name it by --recognition.")
        with progressing("decisions made again") as progress:
            instant = since.replace(tzinfo=UTC) if since else None
            found = ReplayOfRecord(bank).run(instant, fresh=fresh, jobs_at_once=jobs, progress=progress)
    if as_json:
        out.print_json(json.dumps(found.to_json()))
    for name, differences in found.differing.items():
        tell(name, differences)
    out.print(f"{found.agreed} of {found.done} decisions come out as they were recorded.")
    raise typer.Exit(NO if found.differing else DONE)


def _say(name: str, differences: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        out.print_json(json.dumps({"agrees": not differences, "differences": list(differences)}))
    elif differences:
        tell(name, differences)
    else:
        out.print(f"✓ {name} comes out as it was recorded, byte for byte.", style="green", markup=False)
    raise typer.Exit(NO if differences else DONE)


def tell(name: str, differences: Sequence[str]) -> None:
    """A decision that comes out otherwise, and where."""
    out.print(f"✗ {name} comes out otherwise:", style="bold red", markup=False)
    for place in differences:
        out.print(f"  {place}", markup=False, soft_wrap=True)


def reevaluate(
    pack: Annotated[str, typer.Option(help="ID@VERSION of a published pack.", show_default=False)],
    most: Annotated[int | None, typer.Option(min=1, help="Learners in this run.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Decide the past anew under a retroactive version, learner by learner, with a notice to each.

    Two people must have said so. Exit codes: 0 done, 1 some could not be decided, 130 interrupted (the next run goes
    on), 3 trouble.
    """
    name, sign, version = pack.rpartition("@")
    if not (name and sign and version):
        raise Refused("pack_incomplete", "A version is written ID@VERSION, such as kr-acbs@2026.2.")
    with open_bank(Settings()) as bank, progressing("learners looked at") as progress:
        found = Reevaluation(bank).run(name, version, most=most, progress=progress)
    if as_json:
        out.print_json(json.dumps(found.to_json()))
    else:
        out.print(f"{found.learners} learners: {found.changed} decisions changed, {found.unchanged} stayed.")
        for book, code in found.failed.items():
            out.print(f"  could not be decided: {book} [{code}]", markup=False)
    raise typer.Exit(NO if found.failed else DONE)


class progressing:  # noqa: N801  # used as `with progressing(…) as progress`
    """A bar on the terminal's error channel; what it hands out is told how much of how much is done.

    An interrupt ends the command with its own code: what was done is kept.
    """

    def __init__(self, what: str) -> None:
        columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=err, transient=True)
        self._task = self._bar.add_task(what, total=None)

    def __enter__(self) -> "progressing":
        self._bar.start()
        return self

    def __call__(self, done: int, total: int) -> None:
        """So much of so much is done."""
        self._bar.update(self._task, completed=done, total=total)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._bar.stop()
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            err.print("Stopped; the same command goes on where it was.")
            raise typer.Exit(INTERRUPTED)
