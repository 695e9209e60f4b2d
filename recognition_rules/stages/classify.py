"""Step 3: decision tables fill in what a rule has to know of an award: its source, class, area, course."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount
from recognition_rules.award import Award, FactValue
from recognition_rules.canonical import Json
from recognition_rules.conditions.targets import RESERVED
from recognition_rules.rules.table_rows import Row
from recognition_rules.rules.tables import DecisionTable
from recognition_rules.stages.frame import Candidate, Direction, Frame
from recognition_rules.stages.table_values import Question, question, shown
from recognition_rules.terms import Terms
from recognition_rules.truth import Edit, Finding, Truth

_FIELDS = {"source": "source", "class": "course_class", "area": "area"}


@dataclass(frozen=True, slots=True)
class _Found:
    """What a table says: the answers of a row, or why there is none."""

    row: Row | None
    missing: tuple[str, ...] = ()


def classify(candidates: Sequence[Candidate], frame: Frame) -> None:
    """Looks each award up in the pack's decision tables; a table without a row leaves it unclassified.

    From here on the history that conditions look at is that of the classified awards.
    """
    pack = frame.pack
    if pack.tables or pack.courses or pack.kinds or pack.outcomes:
        for candidate in candidates:
            _drop_reserved(candidate)
    tables = [(table, table.head.on(frame.situation.on)) for table in pack.tables if _applies(table, frame)]
    for candidate in candidates:
        stated = candidate.award
        for table, terms in tables:
            if terms is not None:
                _look_up(candidate, stated, table, terms, frame)
    if tables:
        frame.situation.submitted = (*(each.award for each in candidates), *frame.situation.given_up)


def _applies(table: DecisionTable, frame: Frame) -> bool:
    return table.head.concerns(frame.programme.id)


def _drop_reserved(candidate: Candidate) -> None:
    """Facts that only the engine writes are not believed from outside."""
    facts = candidate.award.facts
    if any(name.startswith(RESERVED) for name in facts):
        kept = {name: value for name, value in facts.items() if not name.startswith(RESERVED)}
        candidate.award = candidate.award.changed(facts=kept)


def _look_up(candidate: Candidate, stated: Award, table: DecisionTable, terms: Terms, frame: Frame) -> None:
    verdict = frame.situation.applies(table.where, stated)
    if verdict.truth is Truth.NO:
        return
    if verdict.truth is Truth.UNKNOWN:
        candidate.hold(Truth.UNKNOWN, verdict.findings, table.head.label, table.head.id)
        return
    asked = question(candidate.award, table, frame)
    found = _row(table, asked)
    if found.row is not None:
        _answered(candidate, table, terms, found.row, asked, frame)
    elif table.otherwise != "as-stated" or found.missing:
        _unanswered(candidate, table, terms, found, asked, frame)


def _row(table: DecisionTable, asked: Question) -> _Found:
    """The row that fits; where something is not known, the answer that all rows that may fit have in common."""
    if asked.certain is not None:
        values, points = asked.certain
        return _Found(table.index.find(values, points, disjoint=not table.first_match))
    possible: list[Row] = []
    for row in table.rows:
        truth = asked.fits(row)
        if truth is not Truth.NO:
            possible.append(row)
        if truth is Truth.YES and table.first_match:
            break
    if not possible:
        return _Found(None)
    certain = any(asked.fits(row) is Truth.YES for row in possible)
    same = all(row.answers == possible[0].answers for row in possible)
    return _Found(possible[0]) if same and certain else _Found(None, asked.missing)


def _answered(
    candidate: Candidate, table: DecisionTable, terms: Terms, row: Row, asked: Question, frame: Frame
) -> None:
    clash = _clash(candidate, row)
    if clash is not None:
        facts: dict[str, Json] = {"table": [candidate.directions[clash].head.id, table.head.id], "column": clash}
        candidate.hold(Truth.UNKNOWN, (Finding("UNCLASSIFIED", facts),), table.head.label, table.head.id)
        _step(candidate, table, terms, asked, row, "ambiguous", frame)
        return
    for column, value in row.answers.items():
        candidate.directions[column] = Direction(value, table.head, terms, row.name)
    candidate.award = _filled(candidate.award, row)
    _step(candidate, table, terms, asked, row, "classified", frame)


def _clash(candidate: Candidate, row: Row) -> str | None:
    """The first column of which an earlier table has said something else."""
    said = candidate.directions
    return next((each for each, value in row.answers.items() if each in said and said[each].value != value), None)


def _filled(award: Award, row: Row) -> Award:
    changes: dict[str, str | None] = {}
    facts: dict[str, FactValue] = {}
    for column, value in row.answers.items():
        if column in _FIELDS:
            changes[_FIELDS[column]] = str(value)
        elif column.startswith("fact:"):
            facts[column.removeprefix("fact:")] = str(value)
    if not changes and not facts:
        return award
    return award.changed(facts={**award.facts, **facts} if facts else None, **changes)


def _unanswered(
    candidate: Candidate, table: DecisionTable, terms: Terms, found: _Found, asked: Question, frame: Frame
) -> None:
    refused = table.otherwise == "refused" and not found.missing
    looked_up: dict[str, Json] = {"table": table.head.id, "looked_up": shown(asked)}
    edit = Edit("supply", {"fact": found.missing[0]}) if found.missing else None
    if found.missing:
        finding = Finding("FACT_MISSING", {"fact": ", ".join(found.missing), **looked_up}, edit)
    else:
        finding = Finding("SOURCE_NOT_ELIGIBLE" if refused else "UNCLASSIFIED", looked_up, edit)
    truth = Truth.NO if refused else Truth.UNKNOWN
    candidate.hold(truth, (finding,), table.head.label, table.head.id)
    _step(candidate, table, terms, asked, None, "refused" if refused else "unclassified", frame)


def _step(
    candidate: Candidate,
    table: DecisionTable,
    terms: Terms,
    asked: Question,
    row: Row | None,
    result: str,
    frame: Frame,
) -> None:
    if not frame.trace.telling:
        return
    inputs: dict[str, Json] = {"looked_up": shown(asked), "row": row.name if row else None}
    if row:
        inputs["answers"] = {
            name: text_of_amount(value) if isinstance(value, Fraction) else value for name, value in row.answers.items()
        }
    step = frame.trace.add("classify", result, award=candidate.award.id, rule=table.head.id, terms=terms, inputs=inputs)
    candidate.steps.append(step)
