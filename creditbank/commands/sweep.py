"""`creditbank sweep`: what other institutions have revoked since; `creditbank accredited`: who may award what."""

import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

import typer

from creditbank.accreditation import Asked
from creditbank.commands.terminal import DONE, NO, UNDECIDED, err, out
from creditbank.errors import Refused
from creditbank.opening import open_bank
from creditbank.plain_table import table
from creditbank.settings import Settings
from creditbank.sweep import Sweep, SweepReport

PAUSE = 1.0
"""Seconds between two questions to the same host."""


def sweep(
    all_lists: Annotated[
        bool, typer.Option("--all", help="Look at every list, not only at those that are due.")
    ] = False,
    most: Annotated[int | None, typer.Option(min=1, help="Lists to look at in this run.", show_default=False)] = None,
) -> None:
    """Look up what other institutions have revoked since, and book it. It can be stopped, and goes on the next time.

    Exit codes: 0 done, 1 a revocation was taken back (it still counts), 2 some lists could not be had, 3 trouble.
    """
    with open_bank(Settings()) as bank, err.status("Reading the log …") as status:
        report = Sweep(bank, politely()).run(
            all_lists=all_lists,
            most=most,
            progress=lambda done, due, host: status.update(f"{done} of {due} lists, now asking {host} …"),
        )
    _show(report)
    raise typer.Exit(NO if report.alerts else UNDECIDED if report.failed else DONE)


def politely(
    clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
) -> Callable[[str], None]:
    """Waits until a second has passed since the same host was asked last."""
    asked: dict[str, float] = {}

    def wait(host: str) -> None:
        since = clock() - asked.get(host, float("-inf"))
        if since < PAUSE:
            sleep(PAUSE - since)
        asked[host] = clock()

    return wait


def _show(report: SweepReport) -> None:
    heads = ("lists had", "not had", "verified anew", *report.changed, "alerts")
    found = table(*heads, right=heads)
    numbers = [
        report.lists,
        len(report.failed),
        report.looked_at,
        *map(len, report.changed.values()),
        len(report.alerts),
    ]
    found.add_row(*map(str, numbers))
    out.print(found)
    for url, code in report.failed.items():
        out.print(f"  not had: {url} [{code}]", markup=False, soft_wrap=True)
    for url in report.alerts:
        out.print(
            f"  a revocation was taken back, and still counts: {url} [status_regression]", markup=False, soft_wrap=True
        )


def accredited(
    issuer: Annotated[str, typer.Argument(help="Its DID or address as in credentials, or its id at this bank.")],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day. Default: today.")] = None,
    achievement: Annotated[str | None, typer.Option(help="The achievement's id.", show_default=False)] = None,
    level: Annotated[str | None, typer.Option(help="FRAMEWORK:VALUE, such as eqf:5.", show_default=False)] = None,
    unit: Annotated[str | None, typer.Option(help="The unit of the credits, such as ects.", show_default=False)] = None,
) -> None:
    """May this issuer award this, on this day? Exit codes: 0 yes, 1 no, 3 unknown issuer or trouble."""
    with open_bank(Settings()) as bank:
        day: date = on.date() if on else bank.office.today()
        answer = bank.accredited(Asked(issuer, day, achievement, _level(level), unit))
    if answer.accredited and answer.evidence:
        evidence = answer.evidence
        basis = f", {evidence.reference}" if evidence.reference else ""
        until = f" until {evidence.valid_until}" if evidence.valid_until else ""
        out.print(f"Yes: accredited by {evidence.authority}{basis}, from {evidence.valid_from}{until}.", markup=False)
    for sentence in answer.sentences():
        out.print(f"No: {sentence}", markup=False)
    raise typer.Exit(DONE if answer.accredited else NO)


def _level(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    framework, sign, value = text.partition(":")
    if not (framework and sign and value):
        raise Refused("level_incomplete", "A level is written FRAMEWORK:VALUE, such as eqf:5.")
    return framework, value
