"""`creditbank bank quotes`: promises asked for, kept in a file, found again."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from creditbank.commands.bank_access import (
    Access,
    Answer,
    Context,
    Day,
    FactOption,
    day,
    day_option,
    members,
    place,
    rows,
    said,
)
from creditbank.commands.bank_recognitions import (
    ExitAward,
    Institution,
    More,
    OnDay,
    Pack,
    Programme,
    Session,
    Version,
    outcome,
    question,
)
from creditbank.commands.terminal import out
from creditbank.errors import Refused

app = typer.Typer(no_args_is_help=True, help="Quotes: what would count, promised until a day.")
MOST = 200
_COLUMNS = {
    "quote": "id", "until": "until", "holds": "holds", "promised": "promised", "programme": "programme",
}  # fmt: skip


@app.command()
def ask(
    context: Context,
    pack: Pack,
    programme: Programme,
    learner: Annotated[str | None, typer.Option(help="Her book; without it the quote is anybody's.")] = None,
    awards: Annotated[
        Path | None, typer.Option(help="JSON file: a list of awards that might be earned.", show_default=False)
    ] = None,
    version: Version = None,
    on: OnDay = None,
    until: Annotated[Day, day_option("The last day of the promise; thirty days if left out.")] = None,
    fact: FactOption = None,
    institution: Institution = None,
    exit_award: ExitAward = None,
    session: Session = None,
    more: More = None,
    output: Annotated[Path | None, typer.Option(help="Keep the signed quote in this file.", show_default=False)] = None,
) -> None:
    """Ask what would count. Nothing is booked; the bank keeps what it promised. Exit codes: 0, 3 trouble."""
    access = Access.of(context)
    named = {"learner": learner, "institution": institution, "exit_award": exit_award, "session": session}
    body = question(
        pack, programme, version, on, fact, more, **named, valid_until=day(until), awards=_list(awards)
    )  # fmt: skip
    found = access.post(place("quotes"), body, query={"language": access.language}, once=True)
    if output:
        output.write_text(f"{found['token']}\n", "ascii")
    access.show(found, _made)


@app.command("list")
def list_quotes(
    context: Context,
    learner: Annotated[str | None, typer.Option(help="What this learner was promised (her book).")] = None,
    cursor: Annotated[str | None, typer.Option(help="`next` of the page before.", show_default=False)] = None,
) -> None:
    """What a learner was promised; without one what you have asked for (for the bank: all)."""
    access = Access.of(context)
    path = place("quotes") if learner is None else place("learners", learner, "quotes")
    query = {} if learner is not None else {"limit": str(MOST), "cursor": cursor}
    access.show(access.get(path, **query), _listed)


@app.command()
def show(
    context: Context,
    quote: Annotated[str, typer.Argument(help="The quote's id.", show_default=False)],
    output: Annotated[Path | None, typer.Option(help="Keep the signed quote in this file.", show_default=False)] = None,
) -> None:
    """One quote, with the answer that it stands for and the decisions that kept it."""
    access = Access.of(context)
    found = access.get(place("quotes", quote))
    if output:
        output.write_text(f"{found['token']}\n", "ascii")
        out.print(f"creditbank rules quote {output} --key JWK", markup=False, soft_wrap=True)
    access.show(found, _whole)


@app.command()
def exposure(context: Context) -> None:
    """What the bank has promised and not kept yet, by version and programme. For administrators."""
    access = Access.of(context)
    access.show(access.get(place("quotes", "exposure")), _exposure)


def _list(path: Path | None) -> list[Any] | None:
    if path is None:
        return None
    try:
        found: Any = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise Refused("malformed_file", f"{path} holds no JSON.") from error
    if not isinstance(found, list):
        raise Refused("malformed_file", f"{path} holds no list of awards.")
    return found


def _made(answer: Answer) -> Iterator[Table | str]:
    yield from map(said, answer["lines"])
    yield f"quote {said(answer['id'])}, promised through {_day(answer)}"


def _listed(answer: Answer) -> Iterator[Table | str]:
    items = [{**each, "until": _day(each), "promised": _promised(each)} for each in answer["items"]]
    yield rows(_COLUMNS, items, ("promised",))
    if answer["next"]:
        yield f"more: --cursor {said(answer['next'])}"


def _day(quote: Answer) -> str:
    """The last day on which it holds, as it was promised."""
    return (datetime.fromisoformat(quote["valid_until"]) - timedelta(seconds=1)).date().isoformat()


def _promised(quote: Answer) -> str:
    return f"{quote['promised']} {quote['unit']}"


def _whole(answer: Answer) -> Iterator[Table | str]:
    yield from outcome(answer["recognition"])
    yield from members(
        answer, "learner", "asked_by", "pack_id", "pack_version", "programme", "institution", "exit_award", "promised",
        "unit", "issued_at", "valid_until", "holds",
    )  # fmt: skip
    yield from (f"kept by decision {said(decision)}" for decision in answer["kept_by"])


def _exposure(answer: Answer) -> Iterator[Table]:
    columns = {
        "quotes": "quotes", "promised": "promised", "unit": "unit", "to anybody": "to_anybody",
        "version": "pack_version", "programme": "programme", "institution": "institution", "pack": "pack_id",
    }  # fmt: skip
    yield rows(columns, answer["items"], ("quotes", "promised", "to anybody"))
