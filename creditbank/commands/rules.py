"""`creditbank rules`: rule packs before anybody publishes them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from creditbank import display
from creditbank.commands.terminal import NO, TROUBLE, err, out
from recognition_rules.cases import CaseResult, run_cases
from recognition_rules.errors import PackInvalid
from recognition_rules.language import pick
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.pack import Pack, parse
from recognition_rules.packs import builtin, builtin_ids

RULE_PACKS = builtin_ids("rules")
"""The built-in packs that decide anything; the others are tables of units and levels, without cases of this form."""

app = typer.Typer(no_args_is_help=True, help="Rule packs: are they sound, and do their cases hold?")


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A pack, such as pack.toml.", show_default=False)],
) -> None:
    """Read a pack as the bank would. Exit codes: 0 sound, 1 refused (with file and line), 3 trouble."""
    pack = _parsed(file.read_text(encoding="utf-8"), str(file))
    out.print(f"✓ {pack.id} {pack.version}: {pick(pack.title, 'en', pack.id)}", style="green", markup=False)
    out.print(f"{len(pack.rules())} rules for {', '.join(pack.programmes)}; credits in {pack.unit}", markup=False)
    out.print(pack.digest, soft_wrap=True)


@app.command()
def test(
    pack: Annotated[
        str, typer.Argument(help="A built-in pack's id, or a folder with pack.toml and cases.toml.", show_default=False)
    ],
) -> None:
    """Run a pack's cases. Exit codes: 0 all hold, 1 one does not (or the pack is refused), 3 trouble."""
    rules, cases, name = _texts(pack)
    try:
        results = run_cases(
            _parsed(rules, f"{name}/pack.toml"), cases, levels=parse_levels(builtin("levels")),
            name=f"{name}/cases.toml",
        )  # fmt: skip
    except PackInvalid as refused:
        raise _refusal(refused) from None
    _show(results)


def _texts(pack: str) -> tuple[str, str, str]:
    if pack in RULE_PACKS:
        return builtin(pack), builtin(pack, "cases.toml"), pack
    folder = Path(pack)
    if not (folder / "pack.toml").is_file():
        known = ", ".join(RULE_PACKS)
        err.print(
            f"There is no pack.toml in {pack}; the built-in rule packs are {known}. [pack_not_found]", markup=False
        )
        raise typer.Exit(TROUBLE)
    return (folder / "pack.toml").read_text("utf-8"), (folder / "cases.toml").read_text("utf-8"), pack


def _parsed(text: str, name: str) -> Pack:
    try:
        return parse(text, name=name)
    except PackInvalid as refused:
        raise _refusal(refused) from None


def _refusal(refused: PackInvalid) -> typer.Exit:
    out.print(f"✗ {refused.message} [{refused.code}]", style="bold red", markup=False, soft_wrap=True)
    return typer.Exit(NO)


def _show(results: Sequence[CaseResult]) -> None:
    failed = [result for result in results if not result.passed]
    if failed:
        found = display.table("case", "what differs")
        for result in failed:
            found.add_row(result.id, "\n".join(result.differences))
        out.print(found)
    style = "bold red" if failed else "green"
    out.print(f"{len(results) - len(failed)} of {len(results)} cases hold.", style=style)
    if failed:
        raise typer.Exit(NO)
