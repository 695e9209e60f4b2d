"""`creditbank client`: the first callers of a new bank, which nobody can add through the API yet."""

import base64
import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from credentials.keys import PrivateKey, PublicKey
from credentials.strict_json import loads
from creditbank.administration import Administration
from creditbank.caller import SCOPES, SYSTEM
from creditbank.commands.terminal import out
from creditbank.errors import Refused
from creditbank.opening import open_bank
from creditbank.settings import Settings
from creditbank.store import rows

app = typer.Typer(no_args_is_help=True, help="Clients: machines that may call the API.")


@app.command()
def key(
    file: Annotated[Path, typer.Argument(help="Where the private key goes; it must not exist.", show_default=False)],
) -> None:
    """Make a key pair for a client on its own machine: the private JWK into FILE, the public one printed."""
    pair = PrivateKey.generate("EdDSA")
    secret = base64.urlsafe_b64encode(pair.to_bytes()).rstrip(b"=").decode()
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        json.dump({**pair.public_key.jwk(), "d": secret}, opened)
    out.print(json.dumps(pair.public_key.jwk()), soft_wrap=True, markup=False)


@app.command()
def add(
    client_id: Annotated[str, typer.Argument(help="The id that it will authenticate with.", show_default=False)],
    jwk: Annotated[Path, typer.Option(help="File with its public key as a JWK.", show_default=False)],
    name: Annotated[str, typer.Option(help="What people call it.")] = "",
    role: Annotated[str, typer.Option(help="administrator, or employer; others are added through the API.")] = (
        "administrator"
    ),
) -> None:
    """Register an administrator's client from its public key, with every scope of its role."""
    if role not in ("administrator", "employer"):
        raise Refused("role_not_for_bootstrap", "Only administrators and employers are added here; use the API.")
    public = _public(jwk)
    with open_bank(Settings()) as bank:
        row = rows.Client(
            client_id=client_id,
            name=name or client_id,
            role=role,
            public_jwk=public.jwk(),
            scopes=sorted(SCOPES[role]),
            registered_at=bank.office.clock(),
        )
        Administration(bank).register_client(SYSTEM, row)
    out.print(f"{client_id} may call as {role}; its key is {public.thumbprint()}.", markup=False)


def _public(path: Path) -> PublicKey:
    """The key in the file. A private JWK is refused: the bank must never see it."""
    found: Any = loads(path.read_bytes())
    if not isinstance(found, dict):
        raise Refused("malformed_jwk", "The file does not hold a JWK.")
    return PublicKey.from_jwk(found)
