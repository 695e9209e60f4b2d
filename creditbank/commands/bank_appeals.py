"""`creditbank bank appeals`: an objection to one step of a decision, from its opening to the signed outcome."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from creditbank.commands.bank_access import (
    Access,
    Answer,
    Context,
    FactOption,
    facts,
    given,
    json_file,
    members,
    place,
    rows,
    said,
)
from creditbank.errors import Refused

app = typer.Typer(no_args_is_help=True, help="Appeals: opened, assigned, judged by two, answered with a signature.")

AppealId = Annotated[str, typer.Argument(help="The appeal's id.", show_default=False)]
Words = Annotated[str, typer.Option("--text", help="What you have to say.", show_default=False)]


@app.command("open")
def open_appeal(
    context: Context,
    decision: Annotated[str, typer.Argument(help="The decision's id.", show_default=False)],
    step: Annotated[int, typer.Option(help="The number n of the step that is wrong.", show_default=False)],
    text: Words,
    evidence: Annotated[list[str] | None, typer.Option(help="sha256:… of a document; may be repeated.")] = None,
) -> None:
    """Object to one step of a decision."""
    access = Access.of(context)
    body = given(recognition=decision, step=step, text=text, evidence=evidence)
    access.show(access.post(place("appeals"), body, once=True), _appeal)


@app.command("list")
def list_appeals(
    context: Context,
    cursor: Annotated[str | None, typer.Option(help="`next` of the page before.", show_default=False)] = None,
) -> None:
    """Your own; for the bank everybody's."""
    access = Access.of(context)
    access.show(access.get(place("appeals"), cursor=cursor, language=access.language), _listed)


@app.command()
def show(context: Context, appeal: AppealId) -> None:
    """How an appeal stands, what happened to it, and the step objected to."""
    access = Access.of(context)
    access.show(access.get(place("appeals", appeal), language=access.language), _appeal)


@app.command()
def assign(
    context: Context,
    appeal: AppealId,
    reviewer: Annotated[str, typer.Option(help="The client who is to judge first.", show_default=False)],
) -> None:
    """Name the first reviewer: neither who had the decision made nor who objected."""
    access = Access.of(context)
    access.show(access.post(place("appeals", appeal, "assignment"), {"reviewer": reviewer}), _appeal)


@app.command()
def view(
    context: Context,
    appeal: AppealId,
    text: Words,
    upheld: Annotated[bool, typer.Option("--upheld/--rejected", help="Is the learner right?", show_default=False)],
    fact: FactOption = None,
    judgement: Annotated[
        Path | None, typer.Option(help="JSON file with an answer to a question.", show_default=False)
    ] = None,
) -> None:
    """The first reviewer's view; upheld it may correct facts, and bring a judgement."""
    access = Access.of(context)
    if (fact or judgement) and not upheld:
        raise Refused("nothing_to_correct", "An appeal that is rejected corrects no fact and brings no judgement.")
    answer = json_file(judgement) if judgement else None
    body = given(upheld=upheld, text=text, learner_facts=facts(fact) or None, judgement=answer)
    access.show(access.post(place("appeals", appeal, "view"), body), _appeal)


@app.command("second-view")
def second_view(
    context: Context,
    appeal: AppealId,
    text: Words,
    agrees: Annotated[bool, typer.Option("--agrees/--disagrees", help="With the first?", show_default=False)],
) -> None:
    """The second reviewer's view. Agreed, the outcome is signed; upheld, a new decision stands at once."""
    access = Access.of(context)
    access.show(access.post(place("appeals", appeal, "second-view"), {"agrees": agrees, "text": text}), _appeal)


@app.command()
def withdraw(context: Context, appeal: AppealId) -> None:
    """Let an objection go; for whoever opened it."""
    access = Access.of(context)
    access.show(access.post(place("appeals", appeal, "withdrawal")), _appeal)


def _listed(answer: Answer) -> Iterator[Table | str]:
    columns = {"appeal": "id", "due": "due_on", "overdue": "overdue", "state": "state", "reviewer": "reviewer"}
    yield rows(columns, answer["items"])
    if answer["next"]:
        yield f"more: --cursor {said(answer['next'])}"


def _appeal(answer: Answer) -> Iterator[Table | str]:
    yield said(answer["message"])
    yield f"appeal {said(answer['id'])}: {said(answer['state'])}"
    step = answer["step_of_trace"]
    yield f"step {answer['step']}: {said(step.get('stage'))}, rule {said(step.get('rule'))}, {said(step.get('result'))}"
    yield from members(answer, "text", "opened_by", "due_on", "reviewer", "new_recognition", "token")
    if answer["events"]:
        events = [{**each, "at": each["at"][:16].replace("T", " ")} for each in answer["events"]]
        yield rows({"when (UTC)": "at", "what": "kind", "by": "by", "words": "text"}, events)
