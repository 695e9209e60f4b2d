"""`creditbank rules`: rule packs before anybody publishes them."""

from collections.abc import Sequence
from typing import Annotated

import typer

from creditbank import display
from creditbank.commands.rules_files import RULE_PACKS, cases_of, read_document, read_pack, refusal
from creditbank.commands.rules_grade import grade
from creditbank.commands.rules_impact import cover, impact
from creditbank.commands.rules_lint import convert, diff, lint_pack
from creditbank.commands.rules_quote import quote
from creditbank.commands.rules_replay import reevaluate, replay_decisions
from creditbank.commands.rules_tables import check_tables, tried_tables
from creditbank.commands.rules_validate import validate
from creditbank.commands.terminal import DONE, NO, TROUBLE, err, out
from creditbank.pack_kinds import Tried
from recognition_rules.authoring.lint import certain, lint
from recognition_rules.authoring.lint_draft import Finding
from recognition_rules.cases import CaseResult, run_cases
from recognition_rules.decision import Reason
from recognition_rules.errors import PackInvalid
from recognition_rules.language import pick
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.packs import builtin
from recognition_rules.reading.strict_toml import loads
from recognition_rules.units_pack import parse as parse_units

app = typer.Typer(no_args_is_help=True, help="Rule packs: are they sound, and do their cases hold?")
app.command("lint")(lint_pack)
app.command("diff")(diff)
app.command("convert")(convert)
app.command("grade")(grade)
app.command("validate")(validate)
app.command("replay")(replay_decisions)
app.command("reevaluate")(reevaluate)
app.command("impact")(impact)
app.command("coverage")(cover)
app.command("quote")(quote)

MAX_REASONS = 8
"""So many reasons are shown of a case that does not hold."""

PackName = Annotated[
    str,
    typer.Argument(help=f"A file, a folder, or a built-in pack: {', '.join(RULE_PACKS)}.", show_default=False),
]


@app.command()
def check(pack: PackName) -> None:
    """Read a pack as the bank would. Exit codes: 0 sound, 1 refused (with file and line), 3 trouble."""
    if check_tables(pack):
        return
    found, document = read_pack(pack), read_document(pack)
    wrong = certain(document, parse_units(builtin("units")), parse_levels(builtin("levels")))
    for finding in wrong:
        _tell(finding)
    if wrong:
        raise typer.Exit(NO)
    out.print(f"✓ {found.id} {found.version}: {pick(found.title, 'en', found.id)}", style="green", markup=False)
    out.print(f"{len(found.rules())} rules for {', '.join(found.programmes)}; credits in {found.unit}", markup=False)
    out.print(found.digest, soft_wrap=True)


@app.command()
def test(
    pack: PackName,
    edges: Annotated[bool, typer.Option("--edges", help="Demand a case on both sides of every date, too.")] = False,
) -> None:
    """Run a pack's cases. Exit codes: 0 all hold, 1 one does not (or the pack is refused), 3 trouble."""
    tried = tried_tables(pack)
    if tried is not None:
        _show(tried)
        raise typer.Exit(DONE if all(case.passed for case in tried) else NO)
    rules, (cases, name) = read_pack(pack), _cases(pack)
    try:
        results = run_cases(rules, cases, levels=parse_levels(builtin("levels")), name=name)
        missing = _untried(pack, cases, name) if edges else []
    except PackInvalid as refused:
        raise refusal(refused) from None
    _show(results)
    for finding in missing:
        _tell(finding)
    if missing or not all(result.passed for result in results):
        raise typer.Exit(NO)


def _cases(pack: str) -> tuple[str, str]:
    found = cases_of(pack)
    if found is None:
        err.print(f"There is no cases.toml beside {pack}. [cases_not_found]", markup=False)
        raise typer.Exit(TROUBLE)
    return found


def _untried(pack: str, cases: str, name: str) -> list[Finding]:
    found = lint(read_document(pack), cases=loads(cases, name=name))
    return [finding for finding in found if finding.check == "edge_without_case"]


def _tell(finding: Finding) -> None:
    place = f"{finding.file}, line {finding.line}"
    out.print(f"✗ {place}: {finding.problem} [{finding.check}]", style="bold red", markup=False, soft_wrap=True)


def _show(results: Sequence[Tried]) -> None:
    failed = [result for result in results if not result.passed]
    if failed:
        found = display.table("case", "what differs")
        for result in failed:
            found.add_row(result.id, "\n".join([*result.differences, *_reasons(result)]))
        out.print(found)
    style = "bold red" if failed else "green"
    out.print(f"{len(results) - len(failed)} of {len(results)} cases hold.", style=style)


def _reasons(result: Tried) -> list[str]:
    """Why awards of a case did not count, which is most often what explains the difference."""
    answer = result.recognition if isinstance(result, CaseResult) else None
    lines = [_reason(each.award, reason) for each in (answer.decisions if answer else ()) for reason in each.reasons]
    return [*lines[:MAX_REASONS], *(["…"] if len(lines) > MAX_REASONS else [])]


def _reason(award: str, reason: Reason) -> str:
    facts = ", ".join(f"{name} {value}" for name, value in reason.facts.items() if isinstance(value, str | int))
    return f"· {award}: {reason.label} {reason.code}" + (f" ({facts})" if facts else "")
