"""`creditbank db`: the database's roles and tables."""

from typing import Annotated

import typer

from creditbank.commands.terminal import out
from creditbank.opening import make_roles, make_tables
from creditbank.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The database: its roles and its tables.")
AUDITOR_URL = "CREDITBANK_AUDITOR_DATABASE_URL"


@app.command()
def init(
    auditor_url: Annotated[
        str | None, typer.Option(envvar=AUDITOR_URL, show_default=False, help="The auditor's URL, for its password.")
    ] = None,
) -> None:
    """Make the roles and the database. Run it again whenever you like: it changes nothing that is right."""
    make_roles(Settings(), auditor_url)
    out.print("Roles and database are there.")


@app.command()
def migrate() -> None:
    """Bring the tables to this program's version. The tables only move forward: back up first."""
    make_tables(Settings())
    out.print("The tables are up to date.")
