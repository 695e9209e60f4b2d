"""`creditbank audit`: every sum, every seal and the log's root, recomputed by a role that can only read."""

from typing import Annotated

import typer

from creditbank import display
from creditbank.commands.db import AUDITOR_URL
from creditbank.commands.terminal import DONE, NO, err, out
from creditbank.opening import open_for_audit
from creditbank.settings import Settings


def audit(
    auditor_url: Annotated[
        str | None,
        typer.Option(envvar=AUDITOR_URL, show_default=False, help="The auditor's own URL of a server of one's own."),
    ] = None,
) -> None:
    """Recompute the books and the log. Exit codes: 0 clean, 1 findings, 3 the audit could not be made."""
    with open_for_audit(Settings(), auditor_url) as bank, err.status("Reading …") as status:
        report = bank.audit(lambda what, done: status.update(f"{done} {what} read …"))
    out.print(display.audit(report))
    display.say_findings(out, report)
    raise typer.Exit(DONE if report.clean else NO)
