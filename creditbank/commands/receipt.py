"""`creditbank receipt`: proofs that somebody holds, checked without the bank, its database or the network."""

from pathlib import Path
from typing import Annotated

import typer

from creditbank.commands.terminal import NO, out
from creditbank.log.checkpoint import TrustedLog
from creditbank.log.errors import LogError
from creditbank.log.note import VerifierKey
from creditbank.log.receipt import Receipt

app = typer.Typer(no_args_is_help=True, help="Receipts of the transparency log.")


@app.callback()
def group() -> None:
    """Receipts of the transparency log."""


@app.command()
def check(
    receipt: Annotated[Path, typer.Argument(help="The receipt (C2SP tlog-proof).", show_default=False)],
    entry: Annotated[Path, typer.Argument(help="The entry that it is about, byte for byte.", show_default=False)],
    key: Annotated[str, typer.Option(help="The log's public key (vkey), or a file that holds it.", show_default=False)],
) -> None:
    """Check offline that an entry is in the log. Exit codes: 0 it is, 1 this does not show it, 3 trouble."""
    try:
        trusted = TrustedLog(VerifierKey.parse(_vkey(key)))
        proof = Receipt.parse(receipt.read_bytes())
        signed = proof.check(entry.read_bytes(), trusted)
    except LogError as refused:
        out.print(f"✗ {refused.message} [{refused.code}]", style="bold red", markup=False)
        raise typer.Exit(NO) from None
    head = signed.checkpoint
    out.print(
        f"✓ The entry is leaf {proof.index} of {head.size} in the log {head.origin}.", style="green", markup=False
    )
    out.print(f"root {head.root.hex()}", soft_wrap=True)


def _vkey(text: str) -> str:
    path = Path(text)
    return path.read_text(encoding="utf-8").strip() if path.is_file() else text
