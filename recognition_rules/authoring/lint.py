"""Lint: finite, named checks of a pack; each finding has a place, a sentence and a way to mend it.

A pack that the reader refuses is still looked at: the checks of terms, names and sources need no more than its
parsed form, so that a registrar sees more than the first mistake.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from recognition_rules.authoring import (
    lint_edges,
    lint_known,
    lint_monotone,
    lint_reach,
    lint_tables,
    lint_terms,
    lint_words,
)
from recognition_rules.authoring.lint_draft import CHECK_TEXTS, Check, Draft, Finding, Found
from recognition_rules.errors import PackInvalid
from recognition_rules.levels import LevelTable
from recognition_rules.pack import Pack
from recognition_rules.reading.pack_parser import parse_document
from recognition_rules.reading.pack_source import Document
from recognition_rules.units import UnitTable
from recognition_rules.units_lint import disagreements
from recognition_rules.units_pack import parse as parse_units


def _nothing(draft: Draft) -> "list[Found]":  # noqa: ARG001 - the shape of a search
    return []


REFUSED = Check("refused", "error", "whatever else the reader of packs refuses", "Do what the sentence says.",
                lambda draft: iter(_nothing(draft)))  # fmt: skip
CHECKS: tuple[Check, ...] = (
    REFUSED,
    *lint_terms.CHECKS,
    *lint_reach.CHECKS,
    *lint_tables.CHECKS,
    *lint_known.CHECKS,
    *lint_words.CHECKS,
    *lint_edges.CHECKS,
    *lint_monotone.CHECKS,
)
"""All checks, in the order in which they are run."""
CHECK_TEXTS.update({check.id: check for check in CHECKS})
_ORDER = {"error": 0, "warning": 1, "note": 2}


def lint(
    document: Document,
    *,
    on: date | None = None,
    cases: Mapping[str, object] | None = None,
    units: UnitTable | None = None,
    levels: LevelTable | None = None,
) -> tuple[Finding, ...]:
    """What the checks find, the most serious first, then by place; empty where there is nothing to say.

    `on` asks whether rules are in force that day, `cases` (the parsed cases file) whether every date is tried on both
    sides, `units` and `levels` whether ratios agree with the units table and whether what the pack names is known.
    Nothing is raised: what cannot be read is a finding.
    """
    pack, refused = _read(document)
    if refused is not None and refused.problem_code == "too_deep":
        return (_of_refusal(refused),)
    draft = Draft(document, pack, on, None if cases is None else dict(cases), units, levels)
    found = [finding for check in CHECKS for finding in check.findings(draft)]
    if refused is not None and not any(each.severity == "error" and each.line == refused.line for each in found):
        found.append(_of_refusal(refused))
    return in_order(found)


def in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, the most serious first, then by place."""
    return tuple(sorted(dict.fromkeys(found), key=lambda each: (_ORDER[each.severity], each.file, each.line or 0)))


def certain(document: Document, units: UnitTable, levels: LevelTable) -> tuple[Finding, ...]:
    """What is wrong whatever the awards say: levels that a framework does not have, units that never convert."""
    draft = Draft(document, None, None, None, units, levels)
    return in_order(each for check in CHECKS if check.id in lint_known.CERTAIN for each in check.findings(draft))


def has_errors(findings: tuple[Finding, ...]) -> bool:
    """Whether anything found forbids the pack."""
    return any(finding.severity == "error" for finding in findings)


def _read(document: Document) -> tuple[Pack | None, PackInvalid | None]:
    try:
        return parse_document(document, {}), None
    except PackInvalid as refused:
        return None, refused


def _of_refusal(refused: PackInvalid) -> Finding:
    """The reader's complaint, under the name of the check that looks for the same."""
    check = CHECK_TEXTS.get(refused.problem_code, REFUSED)
    return Finding(check.id, "error", refused.file, refused.line, refused.problem)


def lint_units(text: str, *, name: str = "units/pack.toml") -> tuple[Finding, ...]:
    """What the checks find in a units table: what cannot be read, circles that mint, ratios that hours contradict."""
    try:
        table = parse_units(text, name=name)
    except PackInvalid as refused:
        return (_of_refusal(refused),)
    return tuple(
        Finding(
            "ratio_against_hours", "warning", name, None,
            f"{ratio.units[0]} to {ratio.units[1]} is {factor} by agreement and {hours} by hours.",
        )
        for ratio, factor, hours in disagreements(table)
    )  # fmt: skip
