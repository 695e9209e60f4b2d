"""`creditbank bank`: what a registrar, an adviser or a learner does at a bank, over HTTP, as a client that signs in.

Each command is one call of the API. Two people stay two people: each has a client and a key of her own. What no command
is named after, `get` and `post` reach.
"""

from pathlib import Path
from typing import Annotated

import typer

from creditbank.commands import (
    bank_appeals,
    bank_clients,
    bank_judgements,
    bank_learners,
    bank_packs,
    bank_quotes,
    bank_recognitions,
)
from creditbank.commands.bank_access import Access, Context, json_file

app = typer.Typer(no_args_is_help=True, help="A bank over HTTP: packs, decisions, quotes, judgements, appeals.")
app.add_typer(bank_packs.app, name="packs")
app.add_typer(bank_packs.retroactions, name="retroactions")
app.add_typer(bank_recognitions.app, name="recognitions")
app.add_typer(bank_quotes.app, name="quotes")
app.add_typer(bank_judgements.app, name="judgements")
app.add_typer(bank_appeals.app, name="appeals")
app.add_typer(bank_learners.app, name="learners")
app.add_typer(bank_clients.app, name="clients")

ApiPath = Annotated[str, typer.Argument(metavar="PATH", help="Such as /v1/issuers.", show_default=False)]
Body = Annotated[Path | None, typer.Option(help="File with the JSON that is sent.", show_default=False)]


@app.callback()
def bank(
    context: Context,
    url: Annotated[
        str, typer.Option(envvar="CREDITBANK_BANK_URL", help="The bank's public address.")
    ] = "http://localhost:8000",
    client: Annotated[
        str | None, typer.Option(envvar="CREDITBANK_CLIENT", help="The id of your client.", show_default=False)
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            envvar="CREDITBANK_CLIENT_KEY",
            help="File with its private JWK: `creditbank client key`.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The bank's answer as it came, for programs.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="Of sentences: en, zh-Hans, ko or hi.")] = "en",
    idempotency_key: Annotated[
        str | None, typer.Option(help="For a change that may be asked for again.", show_default=False)
    ] = None,
) -> None:
    """Which bank, as whom, and how its answers are shown."""
    context.obj = Access(url, client, key, as_json, lang, idempotency_key)


@app.command("get")
def get(context: Context, path: ApiPath) -> None:
    """Read whatever the API has at a path. Exit codes: 0, 3 trouble."""
    access = Access.of(context)
    access.show(access.get(path))


@app.command("post")
def post(context: Context, path: ApiPath, body: Body = None) -> None:
    """Send JSON to a path of the API. Exit codes: 0, 3 trouble."""
    access = Access.of(context)
    access.show(access.post(path, json_file(body) if body else None, once=True))
