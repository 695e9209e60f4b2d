"""`creditbank bank packs`: a rule pack's way into force, from its proposal to the second person's approval."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.table import Table

from creditbank.commands.bank_access import (
    Access,
    Answer,
    Context,
    Day,
    day,
    day_option,
    given,
    members,
    place,
    rows,
    said,
)
from creditbank.commands.rules_files import cases_of, pack_files, refusal
from creditbank.commands.terminal import NO
from recognition_rules.authoring.forms import read_files, write_files
from recognition_rules.errors import PackInvalid
from recognition_rules.packs import builtin, builtin_ids

app = typer.Typer(no_args_is_help=True, help="Rule packs: proposed, checked, approved, scheduled, published.")
retroactions = typer.Typer(no_args_is_help=True, help="Orders that a published version decide the past anew.")

PackName = Annotated[str, typer.Argument(help="A file, a folder, or a built-in pack's id.", show_default=False)]
PackId = Annotated[str, typer.Argument(help="The pack's id.", show_default=False)]
Version = Annotated[str, typer.Argument(help="Its version.", show_default=False)]
Retroactive = Annotated[bool, typer.Option("--retroactive", help="It reaches into the past, and is meant to.")]
Scope = Annotated[str | None, typer.Option(help="The institution for which alone it decides.", show_default=False)]
Over = Annotated[
    str | None,
    typer.Option(help="These are departures from a pack of the bank: ID, or ID@VERSION.", show_default=False),
]
_MARKS = {"error": "✗", "warning": "!", "note": "·"}


@app.command("list")
def list_packs(context: Context) -> None:
    """Every version of every pack that you may see, and how it stands."""
    access = Access.of(context)
    access.show(access.get(place("rule-packs")), lambda answer: [_packs(answer)])


@app.command()
def show(
    context: Context,
    pack: PackId,
    version: Version,
    text: Annotated[bool, typer.Option("--text", help="The pack itself, as it was handed in.")] = False,
) -> None:
    """One version: who proposed and approved it, from which day it decides, what its check found."""
    access = Access.of(context)
    access.show(access.get(place("rule-packs", pack, version)), _text if text else _pack)


@app.command()
def check(context: Context, pack: PackName, scope: Scope = None, over: Over = None) -> None:
    """Have the bank check a pack, storing nothing. Exit codes: 0 sound, 1 not, 3 trouble."""
    access = Access.of(context)
    found = access.post(place("rule-packs", "check"), _files(pack) | given(scope=scope, **_base(over)))
    access.show(found, _findings)
    if not found["sound"]:
        raise typer.Exit(NO)


@app.command()
def propose(
    context: Context,
    pack: PackName,
    scope: Scope = None,
    over: Over = None,
    in_force_from: Annotated[
        Day, day_option("The first day for which it decides; else from its publication.", "--from")
    ] = None,
    retroactive: Retroactive = False,
) -> None:
    """Propose a version, with the cases beside it. Exit codes: 0 checked, 1 a draft, for its check found errors."""
    access = Access.of(context)
    more = given(scope=scope, in_force_from=day(in_force_from), retroactive=retroactive or None, **_base(over))
    found = access.post(place("rule-packs"), _files(pack) | more)
    access.show(found, _pack)
    if found["state"] == "draft":
        raise typer.Exit(NO)


@app.command()
def approve(context: Context, pack: PackId, version: Version, retroactive: Retroactive = False) -> None:
    """Publish what somebody else has proposed. It takes a second person."""
    access = Access.of(context)
    said_so = {"retroactive": "true"} if retroactive else None
    access.show(access.post(place("rule-packs", pack, version, "approval"), query=said_so), _pack)


@app.command()
def withdraw(context: Context, pack: PackId, version: Version) -> None:
    """Give up a version that was never published."""
    access = Access.of(context)
    access.show(access.post(place("rule-packs", pack, version, "withdrawal")), _pack)


@app.command()
def diff(context: Context, pack: PackId, old: Version, new: Version) -> None:
    """What a version says otherwise than another. Exit codes: 0 only what is to come, 1 published terms change."""
    access = Access.of(context)
    found = access.get(place("rule-packs", pack, old, "diff", new))
    access.show(found, _changes)
    if any(change["past"] for change in found["changes"]):
        raise typer.Exit(NO)


@retroactions.command("propose")
def propose_retroaction(
    context: Context, pack: PackId, version: Version, reason: Annotated[str, typer.Option(help="Why.")]
) -> None:
    """Propose that a published version decide the past anew."""
    access = Access.of(context)
    body = {"pack_id": pack, "version": version, "reason": reason}
    access.show(access.post(place("retroactions"), body), _order)


@retroactions.command("approve")
def approve_retroaction(context: Context, pack: PackId, version: Version) -> None:
    """Agree that the past be decided anew; `creditbank rules reevaluate` beside the bank then does it."""
    access = Access.of(context)
    access.show(access.post(place("retroactions", pack, version, "approval")), _order)


def _base(over: str | None) -> dict[str, str | None]:
    pack, _, version = (over or "").partition("@")
    return {"base_id": pack or None, "base_version": version or None}


def _files(pack: str) -> dict[str, Any]:
    """A pack as the API takes it: one TOML file as it was written, any other form as the TOML of the same digest."""
    if pack in builtin_ids():
        return {"content": builtin(pack), "cases": builtin(pack, "cases.toml")}
    try:
        found = pack_files(pack)
        texts = [content for name, content in found.items() if name.endswith(".toml")]
        if len(found) != 1 or not texts:
            texts = [write_files(read_files(found, name=pack), "toml")["pack.toml"]]
        content = texts[0].decode()
    except PackInvalid as refused:
        raise refusal(refused) from None
    cases = cases_of(pack)
    return given(content=content, cases=cases[0] if cases else None)


def _packs(answer: Answer) -> Table:
    columns = {
        "pack": "id", "version": "version", "state": "state", "holds": "kind", "in force from": "in_force_from",
        "of": "scope", "departs from": "base",
    }  # fmt: skip
    return rows(columns, [{**each, "base": _over(each)} for each in answer["items"]])


def _over(pack: Answer) -> str | None:
    return f"{pack['base_id']}@{pack['base_version']}" if pack["base_id"] else None


def _pack(answer: Answer) -> Iterator[str]:
    yield f"{said(answer['id'])} {said(answer['version'])}: {said(answer['state'])}"
    yield said(answer["digest"])
    yield from members(
        answer,
        "scope",
        "base_id",
        "base_version",
        "in_force_from",
        "proposed_by",
        "approved_by",
        "published_at",
        "withdrawn_at",
    )
    yield from _findings(answer)


def _findings(answer: Answer) -> Iterator[str]:
    for found in answer["findings"]:
        line = "" if found["line"] is None else f", line {found['line']}"
        file = f"{said(found['file'])}{line}: " if found["file"] else ""
        yield f"{_MARKS[found['level']]} {file}{said(found['sentence'])} [{said(found['code'])}]"
    yield f"{answer['cases_held']} cases hold, {len(answer['findings'])} findings."


def _text(answer: Answer) -> Iterator[str]:
    for line in answer["content"].split("\n"):
        yield said(line)


def _changes(answer: Answer) -> Iterator[str]:
    for change in answer["changes"]:
        yield said(change["sentence"]) + (" [published_term_changed]" if change["past"] else "")
    yield f"{len(answer['changes'])} changes."


def _order(answer: Answer) -> Iterator[str]:
    yield f"{said(answer['pack_id'])} {said(answer['version'])} is to decide the past anew: {said(answer['reason'])}"
    yield from members(answer, "proposed_by", "approved_by")
