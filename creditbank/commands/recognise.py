"""`creditbank recognise`: try a rule pack on awards in a file, without a bank, a database or a network."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, NoReturn

import typer

from creditbank.commands.recognise_output import tell
from creditbank.commands.rules_files import read_pack
from creditbank.commands.terminal import NO, TROUBLE, UNDECIDED, YES_OR_NO, err
from creditbank.transactions.recognition_request import RecognitionRequest
from recognition_rules.award import Award, Use
from recognition_rules.canonical import canonical
from recognition_rules.credits import parse_amount
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.pack import Pack
from recognition_rules.packs import builtin
from recognition_rules.recognise import recognise as decide
from recognition_rules.recognition import Recognition
from recognition_rules.units_pack import parse as parse_units

MAX_BYTES = 16_000_000
_REQUESTED = ("session", "learner", "syllabus", "granted", "held", "policy", "judgements", "institution", "exit_award")
_MEMBERS: Mapping[str, type | UnionType] = {
    **dict.fromkeys(("awards", "judgements", "used", "held"), list),
    **dict.fromkeys(("learner", "syllabus", "policy"), dict),
    **dict.fromkeys(("session", "institution", "exit_award"), str | None),
    "granted": bool,
}
"""What the file may say, and of which kind it is; then of which kind its parts are."""
_PARTS: Mapping[str, type | UnionType] = {
    "judgements": dict, "used": dict, "held": str, "learner": str | int | bool, "policy": str | list,
}  # fmt: skip
_USE = frozenset({"award", "by", "purpose", "amount", "programme"})
_ENDS = {"granted": 0, "undetermined": UNDECIDED}

PackName = Annotated[str, typer.Argument(help="A built-in pack's id, a file, or a folder.", show_default=False)]
Awards = Annotated[
    Path, typer.Argument(help="JSON: a list of awards, or an object with `awards` and more.", show_default=False)
]
Programme = Annotated[str | None, typer.Option(help="The programme; the pack's only one if left out.")]
Day = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day of the decision, else today.")
]
Language = Annotated[str, typer.Option("--lang", help="en, zh-Hans, ko or hi.")]
Session = Annotated[str | None, typer.Option(help="The month of the award, as in 2027-02.")]
Exit = Annotated[str | None, typer.Option("--exit-award", help="The award that is sought on the way.")]
Institution = Annotated[str | None, typer.Option(help="The body that awards: whose own credits are `self`.")]
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
    exit_award: Exit = None,
    institution: Institution = None,
    fact: Facts = None,
    as_json: AsJson = False,
    verify: Verify = False,
) -> None:
    """What would count, and why. Exit codes: 0 granted, 1 short or refused, 2 undetermined, 3 trouble."""
    rules, asked = read_pack(pack), _read(awards)
    given = {"session": session, "exit_award": exit_award, "institution": institution}
    asked |= {name: value for name, value in given.items() if value is not None}
    asked["learner"] = {**asked.get("learner", {}), **dict(map(_fact, fact or ()))}
    hers = [Award.from_json(award) for award in asked["awards"]]
    found = _decide(rules, hers, programme or _only_programme(rules), _day(on), asked, verify)
    if as_json:
        typer.echo(canonical(found.to_json()).decode())
    else:
        tell(found, rules, hers, lang)
    raise typer.Exit(_ENDS.get(found.status, NO))


def _decide(
    rules: Pack, awards: Sequence[Award], programme: str, on: date, asked: Mapping[str, Any], verify: bool
) -> Recognition:
    """The decision, with all that the file and the options say beside the awards."""
    named = {name: asked[name] for name in _REQUESTED if name in asked}
    request = RecognitionRequest(rules.id, rules.version, programme, on, **named)
    return decide(
        awards,
        programme,
        rules,
        request.policy_over(rules.choose),
        on,
        units=parse_units(builtin("units")),
        levels=parse_levels(builtin("levels")),
        used=list(map(_use, asked.get("used", ()))),
        session=request.session,
        learner=request.facts(),
        syllabus=request.syllabus_of(),
        granted=request.granted,
        held=request.held,
        exit_award=request.exit_award,
        judgements=request.signed_answers(),
        institution=request.institution,
        verify_counterfactuals=verify,
    )


def _use(value: Mapping[str, Any]) -> Use:
    """An earlier use, in the shape that a recognition's inputs state."""
    amount = value.get("amount")
    return Use(**{**value, "amount": None if amount is None else parse_amount(amount)})


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
    _check_shapes(found, path)
    return found


def _check_shapes(found: Mapping[str, Any], path: Path) -> None:
    """Ends the command where a member is not known, or is of another kind than it must be."""
    for name, value in found.items():
        if name not in _MEMBERS:
            _malformed(path, f"'{name}' is not known here; beside awards there may be {', '.join(sorted(_MEMBERS))}.")
        if not isinstance(value, _MEMBERS[name]):
            _malformed(path, f"'{name}' is of another kind than it must be.")
        _check_parts(name, value, path)


def _check_parts(name: str, value: Any, path: Path) -> None:
    parts = list(value.values()) if isinstance(value, dict) else value
    if name in _PARTS and not all(isinstance(each, _PARTS[name]) for each in parts):
        _malformed(path, f"Something in '{name}' is of another kind than it must be.")
    if name == "policy" and not value.keys() <= {"items", "slots", "order", "objectives"}:
        _malformed(path, "A policy may have items, slots, order and objectives.")
    if name == "used" and not all({"award", "by"} <= each.keys() <= _USE for each in value):
        _malformed(path, "An earlier use has award and by, and may have purpose, amount and programme.")


def _malformed(path: Path, why: str) -> NoReturn:
    err.print(f"{path}: {why} [awards_malformed]", markup=False)
    raise typer.Exit(TROUBLE)


def _only_programme(pack: Pack) -> str:
    if len(pack.programmes) == 1:
        return next(iter(pack.programmes))
    err.print(f"Say which programme: {', '.join(pack.programmes)}. [programme_needed]", markup=False)
    raise typer.Exit(TROUBLE)


def _day(given: datetime | None) -> date:
    return given.date() if given else datetime.now(UTC).date()


def _fact(text: str) -> tuple[str, str | bool]:
    name, sign, value = text.partition("=")
    if not (name and sign):
        err.print("A fact is written NAME=VALUE, such as high_school_graduate=yes. [malformed_fact]", markup=False)
        raise typer.Exit(TROUBLE)
    return name, YES_OR_NO.get(value, value)
