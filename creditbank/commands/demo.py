"""`creditbank demo`: the whole bank at work in half a minute, in a bank of the demonstration's own."""

import time
from pathlib import Path
from typing import Annotated

import typer

from creditbank.commands.serve import serve_with
from creditbank.commands.terminal import NO, out
from creditbank.demo.run import Folders, play


def demo(
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Folder of the demonstration's database; others lie beside it.", show_default=False),
    ] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Leave the service running afterwards.")] = False,
    keep: Annotated[bool, typer.Option("--keep/--discard", help="Keep the bank and its files to go on with.")] = True,
) -> None:
    """Play a real story: accreditations, thirty credentials, a recognition, a revocation, a forgery, an audit.

    It starts over in folders of its own each time, and never touches a bank that it did not make.
    """
    folders = Folders.at(data_dir)
    began = time.monotonic()
    told = play(folders, out)
    out.print(f"\nThe story took {time.monotonic() - began:.0f} seconds.", style="bold")
    if not keep and not serve:
        folders.clear()
    else:
        _go_on(folders)
    if serve:
        serve_with(folders.settings)
    if told.report is None or not told.report.clean:
        raise typer.Exit(NO)


def _go_on(folders: Folders) -> None:
    """What to try next, in lines that can be copied."""
    files = folders.files
    trust = f"--trust {files}/trust-bundle.json --bank-key {files}/bank.jwk"
    lines = (
        f"export CREDITBANK_DATA_DIR={folders.settings.data_dir}",
        f"creditbank verify {files}/01-hanbit.jwt {trust} --lang ko",
        f"creditbank verify {files}/*.jwt {files}/*.png {files}/tampered.json {trust}",
        f"creditbank receipt check {files}/receipt.tlog-proof {files}/receipt.entry.json --key {files}/log.vkey",
        "creditbank audit",
        f"creditbank serve    # then open {folders.settings.public_url}/docs",
    )
    out.print("To go on (in a checkout, put ./run before each command):")
    for line in lines:
        out.print(f"  {line}", soft_wrap=True, markup=False)
