"""Reading programmes: their totals, the last day that counts, and the versions of their requirements."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from recognition_rules.programme import AttachWindow, Programme, ProgrammeVersion
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.requirement_tree import read_tree
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import read_head, read_terms

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip


def read_programme(node: Node, vocabulary: Vocabulary) -> Programme:
    """A programme; raises `PackInvalid` on trees that would be ambiguous."""
    window = node.child_or_none("attach_window")
    parts = _parts(node)
    former = tuple(_version(child, vocabulary, parts) for child in node.children("former"))
    programme = Programme(
        id=node.text("id"),
        title=node.language_map("title"),
        parts=parts,
        window=_window(window, vocabulary) if window else None,
        versions=(*former, _version(node, vocabulary, parts, former=False)),
        versions_by=_versions_by(node),
    )
    _check_sequence(node, programme)
    node.done()
    return programme


def _versions_by(node: Node) -> Literal["decision", "enrolment", "application"]:
    day = node.choice("versions_by", ("decision", "enrolment", "application"), "decision")
    return "enrolment" if day == "enrolment" else "application" if day == "application" else "decision"


def _parts(node: Node) -> dict[str, Fraction]:
    """The named totals; `total` may stand by itself, being the one that shares refer to most."""
    totals = node.child_or_none("parts")
    found = {"programme.total": node.number("total")} if node.has("total") else {}
    node.raw("total")
    if found and not found["programme.total"]:
        raise node.fail("'total' must be above zero.", "total")
    if totals is None:
        return found
    if found and totals.has("total"):
        raise node.fail("The total stands there twice: as 'total' and among 'parts'.", "total")
    found |= {f"programme.{name}": totals.number(name) for name in totals.values}
    totals.done()
    return found


def _version(
    node: Node, vocabulary: Vocabulary, parts: dict[str, Fraction], *, former: bool = True
) -> ProgrammeVersion:
    terms = read_terms(node, vocabulary.references)
    if len(terms) != 1:
        raise node.fail("A version of a programme has exactly one entry in terms; older ones go under 'former'.")
    tree = read_tree(node.child("require"), vocabulary, parts)
    kept = former and node.choice("keep", ("criteria-met", "no"), "no") == "criteria-met"
    if kept and terms[0].until is None:
        raise node.fail("Requirements can be kept only by a last day: give 'until' in terms.", "keep")
    if former:
        node.done()
    return ProgrammeVersion(terms[0], tree, kept)


def _check_sequence(node: Node, programme: Programme) -> None:
    versions = tuple(
        replace(version, terms=replace(version.terms, version=str(number)))
        for number, version in enumerate(programme.versions, 1)
    )
    object.__setattr__(programme, "versions", versions)
    for before, after in pairwise(versions):
        until, start = before.terms.until, after.terms.start
        if until is None or start != until + timedelta(days=1):
            raise node.fail("Versions of a programme must follow one another without gap or overlap.")


def _window(node: Node, vocabulary: Vocabulary) -> AttachWindow:
    node.choice("date", ("ended_on",))
    node.choice("by", ("award_session",))
    until = node.child("until")
    months = {_MONTHS.index(name) + 1: _month_day(until, name) for name in _known_months(until)}
    if not months:
        raise until.fail('A window needs a last day for at least one month: until = { february = "01-15" }.')
    until.done()
    window = AttachWindow(read_head(node, vocabulary.references), months)
    node.done()
    return window


def _known_months(node: Node) -> list[str]:
    for name in node.values:
        if name not in _MONTHS:
            raise node.fail(f"'{name}' is not a month in English, such as february.", name)
    return sorted(node.values)


def _month_day(node: Node, name: str) -> tuple[int, int]:
    text = node.text(name)
    try:
        day = date.fromisoformat(f"2025-{text}")
    except ValueError:
        raise node.fail(f"'{name}' must be a month and day of every year, such as \"01-15\".", name) from None
    return day.month, day.day
