"""Decision tables: columns that are looked up, columns that are answered, one row for each question.

A row is one flat map from column to text, whole number or day, so that a table can live in a sheet. Of the columns
that are looked up, `keys` are equal or not, `any_of` hold one of several values ("ap | clep"), and `between` lie in
an interval, written in two cells: `score_from` and `score_until` (included) or `score_below` (excluded). An empty
cell fits everything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.compound import read_filter
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.rules.table_index import TableIndex, first_overlap
from recognition_rules.rules.table_rows import Answer, Columns, Row, read_row
from recognition_rules.terms import RuleHead, read_head

Otherwise: TypeAlias = Literal["unclassified", "refused", "as-stated"]
CellKind: TypeAlias = Literal["text", "number", "day"]

ATTRIBUTES: Final[Mapping[str, str]] = {
    "source": "source",
    "class": "course_class",
    "area": "area",
    "issuer": "issuer",
    "provider_root": "provider",
    "country": "country",
    "achievement": "achievement",
}
OTHERS: Final = ("unit", "grade", "grade_scheme", "title", "programme")
NUMBERS: Final = ("score", "attendance", "hours", "credits", "level")
DAYS: Final = ("started_on", "ended_on", "awarded_on", "received_on", "decided_on")
ANSWERS: Final = ("source", "class", "area", "kind", "course", "record", "credits")
ENDS: Final = ("from", "until", "below")


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """One [[table]] of a pack: what it looks up of the awards `where` holds for, and what its rows answer.

    `otherwise` says what becomes of an award that no row fits: unclassified (undetermined), refused, or as stated.
    Where `first_match` is false no two rows can fit the same award.
    """

    head: RuleHead
    where: Condition
    columns: Columns
    first_match: bool
    otherwise: Otherwise
    rows: tuple[Row, ...]
    index: TableIndex


def cell_kind(column: str) -> CellKind:
    """What a cell of a column holds: `ended_on_from` a day, `score_below` and `credits` a number, all else text."""
    name, _, end = column.rpartition("_")
    if end in ENDS and name:
        return "day" if name in DAYS or name.startswith("learner:") else "number"
    return "number" if column == "credits" else "text"


def read_tables(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[DecisionTable, ...]:
    """The [[table]] tables, each after those that answer what it looks up; raises `PackInvalid`."""
    waiting = [(node, _table(node, vocabulary)) for node in nodes]
    ordered: list[DecisionTable] = []
    while waiting:
        answered = {column for _, table in waiting for column in table.columns.gives}
        ready = [(node, table) for node, table in waiting if not answered & set(table.columns.looked_up())]
        if not ready:
            raise waiting[0][0].fail("Tables answer in a circle what the others look up.", "keys")
        ordered += [table for _, table in ready]
        waiting = [each for each in waiting if each not in ready]
    return tuple(ordered)


def _table(node: Node, vocabulary: Vocabulary) -> DecisionTable:
    head = read_head(node, vocabulary.references)
    columns = _columns(node)
    first_match = node.flag("first_match", default=False)
    rows = tuple(read_row(child, number, columns, vocabulary) for number, child in enumerate(node.children("rows"), 1))
    if not rows:
        raise node.fail("A table needs rows.", "rows")
    _unique_ids(node, rows)
    index = TableIndex(rows)
    if not first_match:
        _refuse_overlap(node, index)
    table = DecisionTable(
        head=head,
        where=read_filter(node, vocabulary, peers=False),
        columns=columns,
        first_match=first_match,
        otherwise=_otherwise(node),
        rows=rows,
        index=index,
    )
    node.done()
    return table


def _otherwise(node: Node) -> Otherwise:
    word = node.choice("otherwise", ("unclassified", "refused", "as-stated"), "unclassified")
    return "refused" if word == "refused" else "as-stated" if word == "as-stated" else "unclassified"


def _columns(node: Node) -> Columns:
    keys, any_of, between = (_names(node, key) for key in ("keys", "any_of", "between"))
    framework = node.text("framework") if "level" in between else None
    columns = Columns(keys, any_of, between, node.words("gives"), framework)
    for column in (*keys, *any_of):
        if column not in ATTRIBUTES and column not in OTHERS and not _is_fact(column):
            raise node.fail(_unknown_column(column, (*ATTRIBUTES, *OTHERS)), "keys" if column in keys else "any_of")
    for column in between:
        if column not in NUMBERS and column not in DAYS and not _is_fact(column):
            raise node.fail(_unknown_column(column, (*NUMBERS, *DAYS)), "between")
    for column in columns.gives:
        if column not in ANSWERS and not (column.startswith("fact:") and _is_fact(column)):
            known = ", ".join(ANSWERS)
            raise node.fail(f"A table cannot answer '{column}'; it can answer: {known}, fact:<name>.", "gives")
    _refuse_repeats(node, columns)
    return columns


def _refuse_repeats(node: Node, columns: Columns) -> None:
    looked_up = columns.looked_up()
    if not looked_up:
        raise node.fail("A table looks something up: give 'keys', 'any_of' or 'between'.", "keys")
    repeated = sorted(each for each in looked_up if looked_up.count(each) + columns.gives.count(each) > 1)
    if repeated or len(set(columns.gives)) < len(columns.gives):
        raise node.fail(f"'{(repeated or columns.gives)[0]}' is there twice: one column looks up or answers, once.")


def _names(node: Node, key: str) -> tuple[str, ...]:
    if node.has(key):
        return node.words(key)
    node.raw(key)
    return ()


def _is_fact(column: str) -> bool:
    kind, colon, name = column.partition(":")
    return kind in ("fact", "learner") and bool(colon) and bool(name.strip()) and not name.startswith("target.")


def _unknown_column(column: str, known: Sequence[str]) -> str:
    return f"'{column}' cannot be looked up; columns are: {', '.join(known)}, fact:<name>, learner:<name>."


def _unique_ids(node: Node, rows: Sequence[Row]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        if row.name in seen:
            first = _line(node, seen[row.name])
            raise _at(node, row.number).fail(f"The row '{row.name}' is there twice, first in line {first}.", "id")
        seen[row.name] = row.number


def _refuse_overlap(node: Node, index: TableIndex) -> None:
    found = first_overlap(index)
    if found is None:
        return
    one, other = sorted(found, key=lambda row: row.number)
    lines = f"lines {_line(node, one.number)} and {_line(node, other.number)}"
    problem = f"'{one.name}' and '{other.name}' ({lines}) fit the same award; if the first is meant to win, say so"
    raise _at(node, other.number).fail(f"The rows {problem} with first_match = true.", code="rows_overlap")


def _at(node: Node, number: int) -> Node:
    return Node({}, (*node.path, "rows", number - 1), node.source)


def _line(node: Node, number: int) -> str:
    return str(node.source.place((*node.path, "rows", number - 1))[1])


__all__ = ["Answer", "DecisionTable", "Row", "cell_kind", "read_tables"]
