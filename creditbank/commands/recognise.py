"""`creditbank recognise`: try a rule pack on awards in a file, without a bank, a database or a network."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from creditbank import display
from creditbank.commands.rules_files import read_pack
from creditbank.commands.terminal import NO, TROUBLE, UNDECIDED, err, out
from creditbank.transactions.recognition_request import RecognitionRequest, judgement_of
from recognition_rules.award import Award
from recognition_rules.canonical import canonical
from recognition_rules.explain import award_lines, explain, requirement_lines
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.pack import Pack
from recognition_rules.packs import builtin
from recognition_rules.recognise import recognise as decide
from recognition_rules.recognition import Recognition
from recognition_rules.units_pack import parse as parse_units

MAX_BYTES = 16_000_000
_ENDS = {"granted": 0, "undetermined": UNDECIDED}

PackName = Annotated[str, typer.Argument(help="A built-in pack's id, a file, or a folder.", show_default=False)]
Awards = Annotated[
    Path, typer.Argument(help="JSON: a list of awards, or {awards, learner, judgements}.", show_default=False)
]
Programme = Annotated[str | None, typer.Option(help="The programme; the pack's only one if left out.")]
Day = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day of the decision, else today.")
]
Language = Annotated[str, typer.Option("--lang", help="en, zh-Hans, ko or hi.")]
Session = Annotated[str | None, typer.Option(help="The month of the award, as in 2027-02.")]
Facts = Annotated[list[str] | None, typer.Option("--fact", help="A fact about the learner: name=yes, name=2026-02-28.")]
AsJson = Annotated[bool, typer.Option("--json", help="The whole recognition with its trace, for programs.")]
Verify = Annotated[bool, typer.Option("--verify", help="Try each proposed change by deciding again.")]


def recognise(
    pack: PackName,
    awards: Awards,
    programme: Programme = None,
    on: Day = None,
    lang: Language = "en",
    session: Session = None,
    fact: Facts = None,
    as_json: AsJson = False,
    verify: Verify = False,
) -> None:
    """What would count, and why. Exit codes: 0 granted, 1 short or refused, 2 undetermined, 3 trouble."""
    rules, asked = read_pack(pack), _read(awards)
    learner = {**asked.get("learner", {}), **dict(map(_fact, fact or ()))}
    request = RecognitionRequest(rules.id, rules.version, "", _day(on), learner=learner)
    hers = [Award.from_json(award) for award in asked["awards"]]
    found = decide(
        hers,
        programme or _only_programme(rules),
        rules,
        None,
        request.on,
        units=parse_units(builtin("units")),
        levels=parse_levels(builtin("levels")),
        session=session,
        learner=request.facts(),
        judgements=[judgement_of(judgement) for judgement in asked.get("judgements", ())],
        verify_counterfactuals=verify,
    )
    if as_json:
        typer.echo(canonical(found.to_json()).decode())
    else:
        _tell(found, rules, hers, lang)
    raise typer.Exit(_ENDS.get(found.status, NO))


def _read(path: Path) -> dict[str, Any]:
    """The file's awards and what else it says; ends the command where it is something else."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError
        found = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, list):
        found = {"awards": found}
    if not isinstance(found, dict) or not isinstance(found.get("awards"), list):
        err.print(f"{path} holds no list of awards in JSON. [awards_malformed]", markup=False)
        raise typer.Exit(TROUBLE)
    return found


def _only_programme(pack: Pack) -> str:
    if len(pack.programmes) == 1:
        return next(iter(pack.programmes))
    err.print(f"Say which programme: {', '.join(pack.programmes)}. [programme_needed]", markup=False)
    raise typer.Exit(TROUBLE)


def _day(given: datetime | None) -> date:
    return given.date() if given else datetime.now(UTC).date()


def _fact(text: str) -> tuple[str, str | bool]:
    name, _, value = text.partition("=")
    return name, {"yes": True, "no": False}.get(value, value)


def _tell(found: Recognition, pack: Pack, awards: Sequence[Award], language: str) -> None:
    requirements = display.table("met", "needed", "have", "requirement", right=("needed", "have"))
    for line in requirement_lines(found, language, pack=pack):
        requirements.add_row(line.satisfied, line.needed, line.have, line.title)
    counted = display.table("award", "given", "counted", "status", right=("counted",))
    for row in award_lines(found, language, pack=pack, awards=awards):
        counted.add_row(row.title, row.given, row.counted, row.status)
    out.print(requirements)
    out.print(counted)
    for text in explain(found, language, pack=pack, awards=awards):
        out.print(text, markup=False, soft_wrap=True)
