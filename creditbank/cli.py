"""The command line: `creditbank demo | serve | verify | audit | sweep | accredited | db | client | rules | receipt …`.

A command ends with 0, or as its own help says; with 3 and one clear sentence where something is in its way.
"""

from collections.abc import Sequence

import typer
from pydantic import ValidationError

from credentials.errors import CredentialError
from creditbank.commands import client, db, receipt, rules, trust
from creditbank.commands.audit import audit
from creditbank.commands.demo import demo
from creditbank.commands.serve import serve
from creditbank.commands.sweep import accredited, sweep
from creditbank.commands.terminal import TROUBLE, err
from creditbank.commands.verify import verify
from creditbank.errors import BankError
from issuers.errors import IssuerError
from recognition_rules.errors import RuleError

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="A lifelong-learning credit bank."
)
app.command()(demo)
app.command()(serve)
app.command()(verify)
app.command()(audit)
app.command()(sweep)
app.command()(accredited)
app.add_typer(db.app, name="db")
app.add_typer(client.app, name="client")
app.add_typer(rules.app, name="rules")
app.add_typer(receipt.app, name="receipt")
app.add_typer(trust.app, name="trust")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code. What the project refuses is told in one sentence with its code."""
    try:
        ended = app(args=arguments, prog_name="creditbank", standalone_mode=False)
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
