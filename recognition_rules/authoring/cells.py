"""What stands in one cell of a table, and the value that is meant: exact, and never guessed.

| a cell | means |
|---|---|
| empty | nothing is said: the key is absent |
| `24`, `-3` | a whole number |
| `2026-09-01` | a day |
| `true`, `false` | yes, no |
| `[…]`, `{…}`, `"…"` | a list, a table, or a text in quotes, as in TOML |
| anything else | that text, such as `9/2`, `25%`, `own` |

A number with a point, a comma or an exponent is refused, so is what a spreadsheet would take for a formula. In a
column whose header ends with `:text` every cell is a text as it stands (course codes such as `101`); the columns of
a decision table that hold texts need no such mark, and there a cell in quotes or brackets is still read as in TOML.
"""

import re
from datetime import date
from typing import Literal, TypeAlias

from recognition_rules.authoring.toml_form import inline
from recognition_rules.errors import PackInvalid
from recognition_rules.reading import strict_toml

MAX_CELL = 32_767
"""As many characters as a spreadsheet holds in one cell."""

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INEXACT = re.compile(r"[+-]?[0-9]*[.,][0-9]+(?:[eE][+-]?[0-9]+)?|[+-]?[0-9]+[eE][+-]?[0-9]+", re.ASCII)
_LEADING_ZERO = re.compile(r"[+-]?0[0-9]+|\+[0-9]+", re.ASCII)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_LITERAL = ("[", "{", '"')


CellKind: TypeAlias = Literal["value", "text", "word"]
"""How a column's cells are read: by their look, as texts as they stand, or as texts unless quoted or in brackets."""


class CellRefused(Exception):
    """A cell that has no exact meaning; the sentence says what to write instead."""

    def __init__(self, problem: str, finding: str = "cell_refused") -> None:
        super().__init__(problem)
        self.problem, self.finding = problem, finding


def read_cell(cell: str, kind: CellKind = "value") -> object:
    """The value of a cell that is not empty; raises `CellRefused`."""
    text = cell.strip()
    if len(cell) > MAX_CELL:
        raise CellRefused("a cell holds at most 32,767 characters.")
    as_text = kind == "text" or (kind == "word" and not text.startswith(_LITERAL))
    if _WHOLE.fullmatch(text):
        return text if as_text else _whole(text)
    if text.startswith(_FORMULA):
        raise CellRefused('this begins like a formula; a text that does stands in quotes, such as "=A".', "formula")
    return text if as_text else _value(text)


def _value(text: str) -> object:
    if _DAY.fullmatch(text):
        return _day(text)
    if _INEXACT.fullmatch(text):
        raise CellRefused(f'the number {text[:40]} is not exact: write a fraction such as 9/2, or "4.5" in quotes.')
    if _LEADING_ZERO.fullmatch(text):
        raise CellRefused("a number has no zero or plus sign in front; a code stands in quotes or in a column ':text'.")
    if text in ("true", "false"):
        return text == "true"
    return _literal(text) if text.startswith(_LITERAL) else text


def _whole(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > strict_toml.MAX_INTEGER:
        raise CellRefused("a whole number here is too large.")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CellRefused(f"there is no day {text}.") from None


def _literal(text: str) -> object:
    try:
        found = strict_toml.loads(f"cell = {text}")
    except PackInvalid as refused:
        raise CellRefused(refused.problem[:1].lower() + refused.problem[1:]) from None
    if len(found) > 1:
        raise CellRefused("something stands after the value.")
    return found["cell"]


def write_cell(value: object, kind: CellKind = "value") -> str:
    """The cell that `read_cell` reads as this value; a text that could mean something else stands in quotes."""
    if isinstance(value, str) and _reads_as_itself(value, kind):
        return value
    return inline(value)


def column_of_texts(values: list[object]) -> bool:
    """Whether a column is best written as texts as they stand: all are texts, and one would need quotes."""
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) != len(values) or all(_reads_as_itself(text, "value") for text in texts):
        return False
    return all(_reads_as_itself(text, "text") for text in texts)


def _reads_as_itself(text: str, kind: CellKind) -> bool:
    if not text.strip() or "\r" in text or "\x00" in text:
        return False
    try:
        found = read_cell(text, kind)
    except CellRefused:
        return False
    return isinstance(found, str) and found == text
