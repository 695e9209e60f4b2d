"""`creditbank trust`: what others need to verify without the bank, exported and looked at."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from credentials.report_certificate import visible
from creditbank.commands.terminal import out
from creditbank.opening import open_bank
from creditbank.settings import Settings
from creditbank.trust_bundle import MAX_BYTES, read_bundle
from creditbank.trust_export import LIFE, TrustBundles

app = typer.Typer(no_args_is_help=True, help="Trust bundles, for verifying offline.")


@app.callback()
def group() -> None:
    """Trust bundles, for verifying offline."""


@app.command()
def export(
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it may be used.")] = LIFE.days,
    foreign: Annotated[
        bool, typer.Option("--foreign", help="With the status lists of other institutions, asked for now.")
    ] = False,
) -> None:
    """Write the bank's trust bundle to standard output: keys, accreditations, status lists, checkpoint, all dated."""
    with open_bank(Settings()) as bank:
        sys.stdout.buffer.write(TrustBundles(bank).export(timedelta(days=days), foreign=foreign))
        sys.stdout.buffer.flush()


@app.command()
def show(file: Annotated[Path, typer.Argument(help="The trust bundle.", show_default=False)]) -> None:
    """Say whose a bundle is, of when, and what it holds. Its signature holds, or the command ends with 3."""
    with file.open("rb") as opened:
        bundle = read_bundle(opened.read(MAX_BYTES + 1))
    held = bundle.contents
    for line in (
        f"bank: {visible(held.bank.url)}",
        f"signed with: {bundle.thumbprint}",
        f"made at: {held.issued_at:%Y-%m-%d %H:%M:%S} UTC, to be used until {held.valid_until:%Y-%m-%d %H:%M:%S} UTC",
        f"institutions: {len(held.issuers)}, with {sum(len(one.keys) for one in held.issuers)} keys",
        f"status lists: {len(held.status_lists)}, documents: {len(held.documents)}",
        f"checkpoint: {visible(' '.join(held.log.checkpoint.splitlines()[:3])) if held.log else 'none'}",
    ):
        out.print(line, markup=False, soft_wrap=True)
