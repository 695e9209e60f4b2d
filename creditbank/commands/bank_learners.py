"""`creditbank bank learners`: whose book, what stands in it, and what she was told."""

from collections.abc import Iterator
from typing import Annotated

import typer

from creditbank.commands.bank_access import Access, Answer, Context, given, place, said
from recognition_rules.credits import parse_amount
from recognition_rules.explain_names import Names
from recognition_rules.language import pick

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
    found = access.get(place("learners", learner, "record"), language=access.language)
    access.show(found, lambda answer: _deposits(answer, access.language))


@app.command()
def notices(context: Context, learner: Learner) -> None:
    """What was decided anew and why, in sentences, in the language of --lang; the newest first."""
    access = Access.of(context)
    found = access.get(place("learners", learner, "notices"), language=access.language)
    access.show(found, _notices)


def _deposits(answer: Answer, language: str) -> Iterator[str]:
    """Each deposit in three lines: what it is and how much, how it stands and what to do, and its id."""
    names = Names(language, None, "", {})
    for each in answer["items"]:
        yield f"{said(pick(each['title'], language))}{_credits(names, each['credits'])}"
        yield f"    {said(each['message'])}"
        yield f"    {said(each['deposit_id'])}"


def _credits(names: Names, amount: Answer | None) -> str:
    return "" if amount is None else f" ({names.credits(parse_amount(amount['amount']), said(amount['unit']))})"


def _notices(answer: Answer) -> Iterator[str]:
    for notice in answer["items"]:
        yield f"{said(notice['made_at'])}: {said(notice['cause'])}"
        yield f"  before {said(notice['before'])}, after {said(notice['after'])}"
        yield from (f"  {said(sentence)}" for sentence in notice["sentences"])
    yield f"{len(answer['items'])} notices."
