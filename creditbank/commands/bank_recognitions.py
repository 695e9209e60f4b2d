"""`creditbank bank recognitions`: decisions of record, made, read, explained, taken along."""

import json
from collections.abc import Iterator, Sequence
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
    facts,
    given,
    json_file,
    place,
    rows,
    said,
)
from creditbank.commands.terminal import NO, UNDECIDED, out
from creditbank.errors import BankError

app = typer.Typer(no_args_is_help=True, help="Decisions about a learner's credits.")
_ENDS = {"granted": 0, "undetermined": UNDECIDED}

Learner = Annotated[str, typer.Argument(help="The learner's book.", show_default=False)]
Decision = Annotated[str, typer.Argument(help="The decision's id.", show_default=False)]
Pack = Annotated[str, typer.Option(help="The rule pack's id.", show_default=False)]
Programme = Annotated[str, typer.Option(help="Towards which programme.", show_default=False)]
Version = Annotated[str | None, typer.Option(help="Of the pack; the one in force if left out.", show_default=False)]
OnDay = Annotated[Day, day_option("The day of the decision; today if left out.", "--on")]
Institution = Annotated[str | None, typer.Option(help="The body that awards the qualification.", show_default=False)]
ExitAward = Annotated[str | None, typer.Option(help="The award sought on the way.", show_default=False)]
Session = Annotated[str | None, typer.Option(help="The month of the award, as in 2027-02.", show_default=False)]
More = Annotated[
    Path | None,
    typer.Option("--with", help="JSON file with more of the request: policy, syllabus, awards …", show_default=False),
]


def question(
    pack: str,
    programme: str,
    version: str | None,
    on: Day,
    fact: Sequence[str] | None,
    more: Path | None,
    **members: Any,
) -> dict[str, Any]:
    """The members that a decision and a quote are asked with; what an option says stands before the file."""
    asked = json_file(more) if more else {}
    named = given(pack_id=pack, pack_version=version, programme=programme, on=day(on), **members)
    known = {**asked.get("learner_facts", {}), **facts(fact)}
    return {**asked, **named, **({"learner_facts": known} if known else {})}


@app.command()
def decide(
    context: Context,
    learner: Learner,
    pack: Pack,
    programme: Programme,
    version: Version = None,
    on: OnDay = None,
    fact: FactOption = None,
    institution: Institution = None,
    exit_award: ExitAward = None,
    session: Session = None,
    quote: Annotated[Path | None, typer.Option(help="File with a quote to be kept.", show_default=False)] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Try each proposed change by deciding again.")] = False,
    more: More = None,
) -> None:
    """Decide for the record, and book what counts. Exit codes: 0 granted, 1 short, 2 undetermined, 3 trouble."""
    access = Access.of(context)
    token = quote.read_text("ascii").strip() if quote else None
    named = given(learner=learner, institution=institution, exit_award=exit_award, session=session, quote=token)
    if verify:
        named["verify_counterfactuals"] = True
    body = question(pack, programme, version, on, fact, more, **named)
    found = access.post(place("recognitions"), body, once=True)
    access.show(found, lambda answer: told(access, answer))
    raise typer.Exit(_ENDS.get(found["result"]["status"], NO))


@app.command("list")
def list_decisions(context: Context, learner: Learner) -> None:
    """Every decision about a learner, oldest first."""
    access = Access.of(context)
    access.show(access.get(place("learners", learner, "recognitions")), lambda answer: [_listed(answer)])


@app.command()
def show(context: Context, decision: Decision) -> None:
    """One decision: what is met, what counts, and why the rest does not."""
    access = Access.of(context)
    access.show(access.get(place("recognitions", decision)), lambda answer: told(access, answer))


@app.command()
def trace(context: Context, decision: Decision) -> None:
    """Its steps, with their numbers: an appeal names one of them."""
    access = Access.of(context)
    access.show(access.get(place("recognitions", decision, "trace")), _steps)


@app.command()
def explain(context: Context, decision: Decision) -> None:
    """A decision in sentences, in the language of --lang."""
    access = Access.of(context)
    found = access.get(place("recognitions", decision, "explanation"), language=access.language)
    access.show(found, lambda answer: map(said, answer["lines"]))


@app.command()
def bundle(
    context: Context,
    decision: Decision,
    file: Annotated[Path, typer.Argument(help="Where it goes.", show_default=False)],
) -> None:
    """A decision with all that it rests on, into a file: `creditbank rules replay FILE` makes it again offline."""
    found = Access.of(context).get(place("recognitions", decision, "bundle"))
    file.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    out.print(f"creditbank rules replay {file}", markup=False, soft_wrap=True)


def told(access: Access, answer: Answer) -> Iterator[Table | str]:
    """A decision in sentences; where it cannot be explained, its requirements and awards by their ids."""
    try:
        found = access.get(place("recognitions", answer["id"], "explanation"), language=access.language)
        yield from map(said, found["lines"])
    except BankError:
        yield from outcome(answer["result"])
    stands = "withdrawn" if answer["withdrawn"] else "replaced" if answer["replaced_by"] else "standing"
    yield f"decision {said(answer['id'])} ({stands}) under {said(answer['pack_id'])} {said(answer['pack_version'])}"


def outcome(result: Answer) -> Iterator[Table | str]:
    """What came of a question, decided or quoted."""
    yield rows({"met": "satisfied", "short by": "shortfall", "requirement": "id"}, result.get("requirements", ()))
    listed = [{**each, "why": ", ".join(_reason(why) for why in each["reasons"])} for each in result["decisions"]]
    yield rows({"award": "award", "counted": "counted", "status": "status", "why": "why"}, listed, ("counted",))
    totals = result["totals"]
    counted = f"{said(totals['counted'])} {said(result['unit'])} count"
    yield f"{said(result['status'])}: {counted}, of {said(totals['submitted'])}."


def _reason(why: Answer) -> str:
    return f"{why['amount']} {why['label'] or why['code']}"


def _listed(answer: Answer) -> Table:
    columns = {"decision": "id", "day": "on", "counted": "counted", "status": "status", "programme": "programme"}
    items = [
        {**each, "status": _stands(each), "counted": each["result"]["totals"]["counted"]} for each in answer["items"]
    ]
    return rows(columns, items, ("counted",))


def _stands(decision: Answer) -> str:
    if decision["withdrawn"]:
        return "withdrawn"
    return "replaced" if decision["replaced_by"] else str(decision["result"]["status"])


def _steps(answer: Answer) -> Iterator[str]:
    for step in answer["steps"]:
        about = [said(step[name]) for name in ("rule", "award") if step.get(name)]
        yield f"{step['n']}. {' '.join([said(step['stage']), *about])}: {said(step['result'])}"
        if step.get("arithmetic"):
            yield f"   {said(step['arithmetic'])}"
