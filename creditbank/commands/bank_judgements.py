"""`creditbank bank judgements`: a person's signed answer to what no rule can answer."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.table import Table

from creditbank.commands.bank_access import Access, Answer, Context, Day, day, day_option, given, members, place, rows
from creditbank.errors import Refused

app = typer.Typer(no_args_is_help=True, help="Judgements: what a person answered where no rule can.")

Learner = Annotated[str, typer.Argument(help="The learner's book.", show_default=False)]
AnswerWord = Annotated[str | None, typer.Option("--answer", help="yes, no, or a word.", show_default=False)]
Number = Annotated[str | None, typer.Option(help="An exact number: 4/5 for 80 %.", show_default=False)]


def answered(
    question: str, award: str | None, answer: str | None, number: str | None, **more: str | None
) -> dict[str, Any]:
    """An answer as the API takes it. Raises Refused `answer_needed` unless it is one of the two."""
    if (answer is None) == (number is None):
        raise Refused("answer_needed", "Give either --answer (yes, no, a word) or --number.")
    words: dict[str | None, Any] = {"yes": True, "no": False}
    return given(question=question, award=award, answer=words.get(answer, answer), number=number, **more)


@app.command()
def give(
    context: Context,
    learner: Learner,
    question: Annotated[str, typer.Option(help="As the pack asks it, such as overlap.", show_default=False)],
    award: Annotated[str | None, typer.Option(help="The deposit; without it: about the learner.")] = None,
    answer: AnswerWord = None,
    number: Number = None,
    target: Annotated[str | None, typer.Option(help="The course that it was compared with.")] = None,
    evidence: Annotated[str | None, typer.Option(help="sha256:… of what was looked at.")] = None,
    until: Annotated[Day, day_option("The last day on which it is good.")] = None,
) -> None:
    """Answer, and have it signed. It is kept for good; a later answer follows it."""
    access = Access.of(context)
    body = answered(question, award, answer, number, target=target, evidence=evidence, valid_until=day(until))
    access.show(access.post(place("judgements"), {"learner": learner, **body}, once=True), _given)


@app.command("list")
def list_judgements(context: Context, learner: Learner) -> None:
    """What people judged of a learner, oldest first."""
    access = Access.of(context)
    access.show(access.get(place("learners", learner, "judgements")), lambda answer: [_listed(answer)])


def _given(answer: Answer) -> Iterator[str]:
    yield from members(answer, "id", "question", "award", "answer", "target", "signer", "institution", "signed_on")
    yield from members(answer, "valid_until", "token")


def _listed(answer: Answer) -> Table:
    columns = {
        "signed": "signed_on", "until": "valid_until", "question": "question", "answer": "answer", "by": "signer",
        "award": "award",
    }  # fmt: skip
    return rows(columns, answer["items"])
