"""Lint of packs that are no recognition rules: tables of units, levels and grades, and rules of issuance.

They have no limits and no programmes, so that only the checks of terms, sources, names and languages concern them.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from recognition_rules.authoring import lint_known, lint_terms, lint_words
from recognition_rules.authoring.lint import REFUSED, in_order, lint_units
from recognition_rules.authoring.lint_draft import CHECK_TEXTS, Draft, Finding
from recognition_rules.errors import PackInvalid
from recognition_rules.grading.reader import parse as parse_grades
from recognition_rules.issuance.reader import parse as parse_issuance
from recognition_rules.levels import LevelTable
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.reading.pack_text import read_text
from recognition_rules.units import UnitTable

_PARSERS: Final[Mapping[str, Callable[..., object]]] = {
    "grades": parse_grades,
    "issuance": parse_issuance,
    "levels": parse_levels,
}
_OF_ISSUANCE: Final = (
    *("terms_gap", "terms_overlap", "terms_backwards", "term_expired", "source_missing", "source_unlisted"),
    *("reference_unused", "framework_unknown", "level_unknown", "unit_unknown", "language_missing"),
)


def lint_other(
    kind: str,
    text: str,
    *,
    name: str,
    on: date | None = None,
    units: UnitTable | None = None,
    levels: LevelTable | None = None,
) -> tuple[Finding, ...]:
    """What the checks find in a pack of this kind (`units`, `levels`, `grades`, `issuance`); nothing is raised."""
    if kind == "units":
        return lint_units(text, name=name)
    refused = _refused(kind, text, name)
    try:
        draft = Draft(read_text(text, name=name), None, on, None, units, levels)
    except PackInvalid:  # it is no TOML at all, which `refused` says
        return refused
    checks = (*lint_terms.CHECKS, *lint_known.CHECKS, *lint_words.CHECKS) if kind == "issuance" else ()
    found = [finding for each in checks if each.id in _OF_ISSUANCE for finding in each.findings(draft)]
    said = {finding.line for finding in found if finding.severity == "error"}
    return in_order([*found, *(each for each in refused if each.line not in said)])


def _refused(kind: str, text: str, name: str) -> tuple[Finding, ...]:
    try:
        _PARSERS[kind](text, name=name)
    except PackInvalid as refused:
        return (Finding(_check_of(refused), "error", refused.file, refused.line, refused.problem),)
    return ()


def _check_of(refused: PackInvalid) -> str:
    return refused.problem_code if refused.problem_code in CHECK_TEXTS else REFUSED.id
