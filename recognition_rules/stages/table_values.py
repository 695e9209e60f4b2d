"""What a decision table asks of an award, column by column; what is not known stays unknown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount, whole
from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.credits import parse_amount
from recognition_rules.errors import RuleError
from recognition_rules.normalisers import equivalence_key
from recognition_rules.rules.table_rows import Columns, Point, Row, Span, text_of_cell
from recognition_rules.rules.tables import ATTRIBUTES, DecisionTable
from recognition_rules.stages.frame import Frame
from recognition_rules.truth import Truth

Texts = tuple[str, ...]
Points = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """The values of one award in the columns of a table.

    `values` are those of the keys and sets, None where not known; `points` those of the intervals: none where not
    known, several where a level may be one of several. `certain` holds them all where each is known.
    """

    columns: Columns
    values: tuple[str | None, ...]
    points: tuple[Points, ...]
    certain: tuple[Texts, Points] | None

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns of which the value is not known, or not alone."""
        names = (*self.columns.keys, *self.columns.any_of)
        lacking = [name for name, value in zip(names, self.values, strict=True) if value is None]
        vague = [name for name, points in zip(self.columns.between, self.points, strict=True) if len(points) != 1]
        return (*lacking, *vague)

    def fits(self, row: Row) -> Truth:
        """Whether the row fits, as far as the values are known."""
        truths = [_equal(value, cell) for value, cell in zip(self.values, row.equal, strict=True)]
        truths += [_within(points, span) for points, span in zip(self.points, row.spans, strict=True)]
        return min(truths)


def _equal(value: str | None, cell: Texts | None) -> Truth:
    if cell is None:
        return Truth.YES
    return Truth.UNKNOWN if value is None else Truth.YES if value in cell else Truth.NO


def _within(points: Points, span: Span | None) -> Truth:
    if span is None:
        return Truth.YES
    held = {span.holds(point) for point in points}
    return Truth.UNKNOWN if len(held) != 1 else Truth.YES if held == {True} else Truth.NO


def question(award: Award, table: DecisionTable, frame: Frame) -> Question:
    """What the table asks of this award."""
    columns = table.columns
    values = tuple([_text(award, name, frame) for name in (*columns.keys, *columns.any_of)])
    points = tuple([_points(award, name, columns, frame) for name in columns.between])
    certain = None
    if None not in values and all(len(each) == 1 for each in points):
        certain = tuple([value for value in values if value is not None]), tuple([each[0] for each in points])
    return Question(columns, values, points, certain)


def shown(asked: Question) -> dict[str, Json]:
    """The values by column, as text."""
    names = (*asked.columns.keys, *asked.columns.any_of)
    found: dict[str, Json] = dict(zip(names, asked.values, strict=True))
    for name, points in zip(asked.columns.between, asked.points, strict=True):
        found[name] = ", ".join(map(_shown_point, points)) or None
    return found


def _shown_point(point: Point) -> str:
    return point.isoformat() if isinstance(point, date) else text_of_amount(point)


def _text(award: Award, column: str, frame: Frame) -> str | None:
    if column in ATTRIBUTES:
        value = getattr(award, ATTRIBUTES[column])
        return None if value is None else str(value)
    if column in _OTHERS:
        return _OTHERS[column](award, frame)
    fact = _fact(award, column, frame)
    return None if fact is None else text_of_cell(fact)


def _fact(award: Award, column: str, frame: Frame) -> object:
    kind, _, name = column.partition(":")
    facts: Mapping[str, object] = award.facts if kind == "fact" else frame.situation.learner
    return facts.get(name)


_OTHERS: Mapping[str, Callable[[Award, Frame], str | None]] = {
    "unit": lambda award, _: award.amount.unit,
    "grade": lambda award, _: award.grade.value if award.grade else None,
    "grade_scheme": lambda award, _: award.grade.scheme if award.grade else None,
    "title": lambda award, frame: equivalence_key(award, frame.pack.title_key),
    "programme": lambda _, frame: frame.programme.id,
}


def _points(award: Award, column: str, columns: Columns, frame: Frame) -> Points:
    if column == "level":
        return _levels(award, columns.framework or "", frame)
    if column == "credits":
        return (whole(award.amount.amount),)
    if column == "decided_on":
        return (frame.situation.on,)
    value = _fact(award, column, frame) if ":" in column else getattr(award, column)
    point = value if isinstance(value, Fraction | date) else _number(value)
    # A learner's fact that is no day, or an award's that is no number, cannot be placed: it is not known.
    wanted = date if column.endswith("_on") or column.startswith("learner:") else Fraction
    if not isinstance(point, wanted):
        return ()
    return (whole(point),) if isinstance(point, Fraction) else (point,)


def _levels(award: Award, framework: str, frame: Frame) -> Points:
    """The levels that the award's may be in the table's framework."""
    level, levels = award.level, frame.situation.levels
    if level is None:
        return ()
    if level.framework == framework:
        return (whole(level.value),)
    return tuple(whole(each.value) for each in levels.mapped(level, framework, frame.situation.on)) if levels else ()


def _number(value: object) -> Fraction | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    try:
        return parse_amount(value) if isinstance(value, str) else None
    except RuleError:
        return None
