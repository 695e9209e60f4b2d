"""`creditbank verify`: credential files against this bank's registry and record."""

from pathlib import Path
from typing import Annotated

import typer

from credentials.errors import CredentialError
from creditbank import display
from creditbank.bank import Bank
from creditbank.commands.terminal import DONE, NO, TROUBLE, UNDECIDED, err, out
from creditbank.opening import open_bank
from creditbank.settings import Settings

_CODES = {"valid": DONE, "invalid": NO, "indeterminate": UNDECIDED}
_WORST_FIRST = (TROUBLE, NO, UNDECIDED, DONE)
_LONGEST = 4 * 1_048_576


def verify(
    files: Annotated[
        list[Path], typer.Argument(help="Credentials: JSON, compact JWS, PNG or SVG.", show_default=False)
    ],
) -> None:
    """Verify credentials by named checks. Exit codes: 0 all valid, 1 one invalid, 2 one indeterminate, 3 trouble."""
    with open_bank(Settings()) as bank:
        codes = {_verify(bank, path) for path in files}
    raise typer.Exit(next(code for code in _WORST_FIRST if code in codes))


def _verify(bank: Bank, path: Path) -> int:
    out.print(path.name, style="bold", markup=False)
    try:
        with path.open("rb") as file:
            verified = bank.verify(file.read(_LONGEST + 1))
    except OSError as trouble:
        err.print(f"  cannot be read: {trouble.strerror} [file_unreadable]", style="red", markup=False)
        return TROUBLE
    except CredentialError as refused:
        out.print(f"  INVALID: {refused.message} [{refused.code}]", style="bold red", markup=False)
        return NO
    out.print(display.secured(verified))
    out.print(display.checks(verified.verification))
    out.print(display.verdict(verified.verification))
    return _CODES[verified.verification.verdict]
