"""`creditbank bank clients`: who may call a bank; registered by an administrator from a public key."""

from pathlib import Path
from typing import Annotated

import typer

from creditbank.caller import SCOPES
from creditbank.commands.bank_access import Access, Answer, Context, given, json_file, members, place
from creditbank.errors import Refused

app = typer.Typer(no_args_is_help=True, help="Clients: who may call the bank, with which key.")


@app.command()
def add(
    context: Context,
    client_id: Annotated[str, typer.Argument(metavar="ID", help="What it will sign in as.", show_default=False)],
    jwk: Annotated[Path, typer.Option(help="File with its public key as a JWK.", show_default=False)],
    role: Annotated[str, typer.Option(help="administrator, issuer, learner or employer.", show_default=False)],
    learner: Annotated[str | None, typer.Option(help="Of a learner: her book.", show_default=False)] = None,
    issuer: Annotated[str | None, typer.Option(help="Of an institution: its id.", show_default=False)] = None,
    scope: Annotated[list[str] | None, typer.Option(help="May be repeated; all of its role if left out.")] = None,
    name: Annotated[str | None, typer.Option(help="What people call it.", show_default=False)] = None,
) -> None:
    """Register a client: an adviser's, a learner's wallet, a school's system, another administrator."""
    if role not in SCOPES:
        raise Refused("role_unknown", f"A client is one of these: {', '.join(SCOPES)}.")
    access = Access.of(context)
    scopes = scope or sorted(SCOPES[role])
    body = given(id=client_id, name=name or client_id, role=role, learner=learner, issuer=issuer, scopes=scopes)
    access.show(access.post(place("clients"), {**body, "public_jwk": json_file(jwk)}), _client)


def _client(answer: Answer) -> list[str]:
    return members(answer, "id", "name", "role", "issuer", "learner")
