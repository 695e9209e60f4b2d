"""How a command reaches a bank over HTTP: as which client, with which key, and how it shows what the bank answered."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import uuid4

import typer
from rich.table import Table
from rich.text import Text

from credentials.errors import CredentialError
from credentials.keys import Algorithm, PrivateKey
from credentials.report_certificate import visible
from credentials.strict_json import loads
from creditbank.commands.terminal import out
from creditbank.errors import Refused
from creditbank.plain_table import table
from issuers.client import SchoolClient

_CURVES: Final[Mapping[str, Algorithm]] = {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384"}
_WAITS: Final = (0.5, 2.0)
"""Seconds between repeated calls of a bank that is busy."""
_LONGEST = 4_194_304
Answer = Mapping[str, Any]
Context = typer.Context

FactOption = Annotated[
    list[str] | None, typer.Option("--fact", help="A fact about the learner: name=yes, name=3, name=2026-02-28.")
]
Day = datetime | None
"""A day as an option gives it."""


def day_option(what: str, *names: str) -> Any:
    """An option that is a day, as in 2026-02-28."""
    return typer.Option(*names, formats=["%Y-%m-%d"], help=what, show_default=False)


@dataclass(frozen=True, slots=True)
class Access:
    """A signed-in client of one bank, and how it wants to be answered."""

    url: str
    client: str | None
    key: Path | None
    as_json: bool
    language: str
    idempotency_key: str | None

    @classmethod
    def of(cls, context: Context) -> "Access":
        """The access that the options of `creditbank bank` describe."""
        found = context.obj
        assert isinstance(found, cls)
        return found

    def get(self, path: str, **query: str | None) -> Answer:
        """Read from the bank. Raises BankError, with the bank's own code and sentence."""
        asked = {name: value for name, value in query.items() if value is not None}
        with self._client() as bank:
            return bank.ask("GET", path, query=asked)

    def post(
        self, path: str, body: Answer | None = None, *, query: Mapping[str, str] | None = None, once: bool = False
    ) -> Answer:
        """Change something at the bank; `once`: under an Idempotency-Key, a fresh one where none is given."""
        key = (self.idempotency_key or str(uuid4())) if once else None
        with self._client() as bank:
            return bank.ask("POST", path, query=query, body=body, idempotency_key=key)

    def show(self, answer: Answer, told: Callable[[Answer], Iterable[Table | str]] | None = None) -> None:
        """Print an answer: as it came for programs, else as `told` makes lines and tables of it."""
        if self.as_json or told is None:
            typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
            return
        for part in told(answer):
            out.print(part, markup=False, soft_wrap=isinstance(part, str))

    def _client(self) -> SchoolClient:
        if self.client is None or self.key is None:
            sentence = (
                "Say as which client (--client, CREDITBANK_CLIENT) with which key (--key, CREDITBANK_CLIENT_KEY)."
            )
            raise Refused("client_needed", sentence)
        return SchoolClient(
            self.url, self.client, private_key(self.key), clock=_now, new_id=lambda: str(uuid4()), waits=_WAITS
        )


def _now() -> datetime:
    return datetime.now(UTC)


def private_key(path: Path) -> PrivateKey:
    """The key that `creditbank client key` wrote. Raises Refused `malformed_jwk`."""
    found = json_file(path)
    try:
        algorithm = _CURVES[found["crv"]]
        secret = base64.urlsafe_b64decode(found["d"] + "=" * (-len(found["d"]) % 4))
        key = PrivateKey.from_bytes(algorithm, secret)
    except (KeyError, TypeError, binascii.Error, CredentialError) as error:
        raise Refused("malformed_jwk", "The file does not hold the private JWK of a client.") from error
    if any(found.get(name) != value for name, value in key.public_key.jwk().items()):
        raise Refused("malformed_jwk", "The private part of this JWK does not belong to its public part.")
    return key


def json_file(path: Path) -> dict[str, Any]:
    """The JSON object in a file. Raises Refused `malformed_file`; OSError."""
    try:
        found: Any = loads(path.read_bytes(), max_bytes=_LONGEST)
    except CredentialError as error:
        raise Refused("malformed_file", f"{path} holds no JSON: {error.message}") from error
    if not isinstance(found, dict):
        raise Refused("malformed_file", f"{path} holds no JSON object.")
    return found


def fact(text: str) -> tuple[str, str | int | bool]:
    """`name=value`: yes and no, whole numbers, else text. Raises Refused `malformed_fact`."""
    name, equals, value = text.partition("=")
    if not equals:
        raise Refused("malformed_fact", "A fact is written name=value, as in graduated=yes.")
    if value in ("yes", "no"):
        return name, value == "yes"
    is_number = value.isascii() and value.isdigit() and value == value.lstrip("0")
    return name, int(value) if is_number else value


def facts(given: Iterable[str] | None) -> dict[str, str | int | bool]:
    """The facts of the options, by name."""
    return dict(map(fact, given or ()))


def day(given: datetime | None) -> str | None:
    """A day as the API writes it."""
    return given.date().isoformat() if given else None


def given(**members: Any) -> dict[str, Any]:
    """The members of a request that were given at all."""
    return {name: value for name, value in members.items() if value is not None}


def place(*names: object) -> str:
    """A path below /v1, with every name in it quoted."""
    return "/v1/" + "/".join(quote(str(name), safe="") for name in names)


def said(value: object) -> str:
    """A value of an answer as text that steers no terminal; a text by language in the first of them."""
    if isinstance(value, Mapping):
        return said(next(iter(value.values()), ""))
    words = {None: "–", True: "yes", False: "no"}
    return words[value] if isinstance(value, bool) or value is None else visible(str(value))


def rows(columns: Mapping[str, str], found: Iterable[Answer], right: tuple[str, ...] = ()) -> Table:
    """A table of answers: by column's heading the member that stands in it."""
    made = table(*columns, right=right)
    for each in found:
        made.add_row(*(Text(said(each.get(member))) for member in columns.values()))
    return made


def members(answer: Answer, *names: str) -> list[str]:
    """Members of an answer, a line each, those that are not there left out."""
    return [f"{name.replace('_', ' ')}: {said(answer[name])}" for name in names if answer.get(name) is not None]


__all__ = [
    "Access", "Answer", "Context", "Day", "FactOption", "day", "day_option", "fact", "facts", "given", "json_file",
    "members", "place", "private_key", "rows", "said",
]  # fmt: skip
