"""`creditbank bank learners`: whose book, what stands in it, and what she was told."""

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.table import Table

from creditbank.commands.bank_access import Access, Answer, Context, given, place, rows, said

app = typer.Typer(no_args_is_help=True, help="Learners: found, their record, their notices.")
Learner = Annotated[str, typer.Argument(help="The learner's book.", show_default=False)]


@app.command()
def find(
    context: Context,
    value: Annotated[str, typer.Argument(help="What identifies her.", show_default=False)],
    kind: Annotated[str, typer.Option("--type", help="emailAddress, studentNumber …")] = "emailAddress",
    issuer: Annotated[str | None, typer.Option(help="The institution that numbers her so.")] = None,
) -> None:
    """The book behind an identifier. For administrators."""
    access = Access.of(context)
    body = given(identifier={"type": kind, "value": value}, issuer=issuer)
    access.show(access.post(place("learners", "lookup"), body), lambda answer: [said(answer["learner"])])


@app.command()
def record(context: Context, learner: Learner) -> None:
    """Everything that was deposited for a learner, with its state: the ids that judgements and rules name."""
    access = Access.of(context)
    access.show(access.get(place("learners", learner, "record")), lambda answer: [_deposits(answer)])


@app.command()
def notices(context: Context, learner: Learner) -> None:
    """What was decided anew and why, in sentences, in the language of --lang; the newest first."""
    access = Access.of(context)
    found = access.get(place("learners", learner, "notices"), language=access.language)
    access.show(found, _notices)


def _deposits(answer: Answer) -> Table:
    columns = {"deposit": "deposit_id", "state": "state", "credits": "credits", "title": "title"}
    return rows(columns, [{**each, "credits": _credits(each["credits"])} for each in answer["items"]], ("credits",))


def _credits(amount: Answer | None) -> str:
    return "–" if amount is None else f"{amount['amount']} {amount['unit']}"


def _notices(answer: Answer) -> Iterator[str]:
    for notice in answer["items"]:
        yield f"{said(notice['made_at'])}: {said(notice['cause'])}"
        yield f"  before {said(notice['before'])}, after {said(notice['after'])}"
        yield from (f"  {said(sentence)}" for sentence in notice["sentences"])
    yield f"{len(answer['items'])} notices."
