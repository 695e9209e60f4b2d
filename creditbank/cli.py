"""The command line: `creditbank demo | serve | verify | bake | recognise | audit | sweep | db | client | rules …`.

A command ends with 0, or as its own help says; with 3 and one clear sentence where something is in its way. Only the
module of the command that is asked for is loaded: who verifies a file waits for no database library.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Final

import typer
from pydantic import ValidationError

from credentials.errors import CredentialError
from creditbank.commands.terminal import TROUBLE, err
from creditbank.errors import BankError
from issuers.errors import IssuerError
from recognition_rules.errors import RuleError

_COMMANDS: Final[Mapping[str, str]] = {
    "demo": "demo",
    "serve": "serve",
    "verify": "verify",
    "bake": "bake",
    "recognise": "recognise",
    "audit": "audit",
    "sweep": "sweep",
    "accredited": "sweep",
}
_GROUPS: Final = ("db", "client", "bank", "rules", "receipt", "trust")


def application(names: Iterable[str] = (*_COMMANDS, *_GROUPS)) -> typer.Typer:
    """The commands of these names."""
    made = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    made.callback(help="A lifelong-learning credit bank.")(lambda: None)
    for name in names:
        module = import_module(f"creditbank.commands.{_COMMANDS.get(name, name)}")
        if name in _GROUPS:
            made.add_typer(module.app, name=name)
        else:
            made.command()(getattr(module, name))
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code. What the project refuses is told in one sentence with its code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    known = given[:1] if given and given[0] in (*_COMMANDS, *_GROUPS) else (*_COMMANDS, *_GROUPS)
    try:
        ended = application(known)(args=given, prog_name="creditbank", standalone_mode=False)
    except typer.TyperException as misused:
        return _misused(misused.format_message())
    except (BankError, CredentialError, IssuerError, RuleError) as refused:
        return _trouble(refused.message, refused.code)
    except ValidationError as wrong:
        return _trouble(_first_problem(wrong), "setting_invalid")
    except OSError as trouble:
        return _trouble(f"{trouble.strerror}: {trouble.filename}", "file_unreadable")
    return ended if isinstance(ended, int) else 0


def _misused(sentence: str) -> int:
    """A command that does not exist or lacks something; nothing to add where its help was just printed."""
    return _trouble(sentence, "usage") if sentence else TROUBLE


def _trouble(sentence: str, code: str) -> int:
    err.print(f"error: {sentence} [{code}]", style="bold red", markup=False, soft_wrap=True)
    return TROUBLE


def _first_problem(wrong: ValidationError) -> str:
    """The setting's name and what is wrong with it, never its value: it may be a password."""
    first = wrong.errors(include_input=False, include_url=False)[0]
    return f"CREDITBANK_{'_'.join(map(str, first['loc'])).upper()}: {first['msg']}"
