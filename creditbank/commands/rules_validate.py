"""`creditbank rules validate`: a credential held against a framework's rules of issuance, without a bank."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from credentials.errors import CredentialError
from credentials.read import read
from creditbank.commands.rules_tables import read_table_pack
from creditbank.commands.terminal import DONE, NO, TROUBLE, UNDECIDED, err, out
from creditbank.issuance_rules import told
from recognition_rules.issuance.rules import IssuancePack
from recognition_rules.issuance.subject import subject_of
from recognition_rules.issuance.validation import Validation
from recognition_rules.issuance.validation import validate as held_against

_CODES = {"passed": DONE, "broken": NO, "undetermined": UNDECIDED}
_MARKS = {"broken": ("✗", "bold red"), "undetermined": ("?", "yellow"), "noted": ("·", "default"), "off": ("–", "dim")}
_MAX_BYTES = 8_400_000


def validate(
    pack: Annotated[str, typer.Argument(help="A pack of issuance rules: built in, a file or a folder.")],
    credential: Annotated[Path, typer.Argument(help="A credential, signed or not yet, or - for standard input.")],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day, else today.")] = None,
    lang: Annotated[str, typer.Option(help="en, zh, ko or hi.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="For programs: JSON.")] = False,
) -> None:
    """Title, credits, level, elements; no signature. Exit codes: 0 passed, 1 broken, 2 cannot be said, 3 trouble."""
    rules: IssuancePack = read_table_pack(pack, "issuance")
    subject = subject_of(_document(credential))
    found = held_against(rules, subject, (on or datetime.now(UTC)).date())
    if as_json:
        typer.echo(json.dumps({**found.to_json(), "findings": told(found, lang)}, ensure_ascii=False, indent=2))
    else:
        _tell(found, lang)
    raise typer.Exit(_CODES[found.status])


def _document(path: Path) -> dict[str, object]:
    try:
        data = sys.stdin.buffer.read(_MAX_BYTES) if str(path) == "-" else path.read_bytes()[:_MAX_BYTES]
        return dict(read(data).document)
    except CredentialError as error:
        err.print(f"{error.message} [{error.code}]", markup=False, soft_wrap=True)
    except OSError as error:
        err.print(f"The credential cannot be read: {error.strerror}. [file_not_read]", markup=False)
    raise typer.Exit(TROUBLE)


def _tell(found: Validation, language: str) -> None:
    for each in told(found, language):
        mark, style = _MARKS[each["standing"]]
        out.print(f"{mark} {each['label']}: {each['message']}", style=style, markup=False, soft_wrap=True)
    out.print(f"{found.pack.id} {found.pack.version}: {found.status}", markup=False)
