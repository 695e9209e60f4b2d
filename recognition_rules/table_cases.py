"""Cases of the units table and of the levels table: what converts into what, and which level is read as which."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from recognition_rules.convert import convert
from recognition_rules.credits import parse_amount, render_amount
from recognition_rules.errors import RuleError
from recognition_rules.interval import between, text_of
from recognition_rules.levels import Level, LevelTable
from recognition_rules.reading.pack_reader import Node, Source
from recognition_rules.reading.strict_toml import loads
from recognition_rules.truth import Truth
from recognition_rules.units import UnitTable

_ANSWERS = {Truth.YES: "yes", Truth.NO: "no", Truth.UNKNOWN: "unknown"}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TableCaseResult:
    """A case that was run: how the answer differs from what is expected."""

    id: str
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether everything stated was so."""
        return not self.differences


def run_unit_cases(table: UnitTable, text: str, *, name: str = "cases.toml") -> tuple[TableCaseResult, ...]:
    """Runs every conversion; raises `PackInvalid` where the cases themselves cannot be read."""
    return _run(table, text, name, _unit_case)


def run_level_cases(table: LevelTable, text: str, *, name: str = "cases.toml") -> tuple[TableCaseResult, ...]:
    """Runs every reading of a level; raises `PackInvalid` where the cases themselves cannot be read."""
    return _run(table, text, name, _level_case)


def _run(table: T, text: str, name: str, run: Callable[[Node, T], list[str]]) -> tuple[TableCaseResult, ...]:
    root = Node(loads(text, name=name), (), Source(name, text))
    found = []
    for node in root.children("case"):
        case_id = node.text("id")
        node.text("title")
        found.append(TableCaseResult(case_id, tuple(run(node, table))))
        node.done()
    root.done()
    if not found:
        raise root.fail("There is no [[case]].")
    return tuple(found)


def _unit_case(node: Node, table: UnitTable) -> list[str]:
    """`amount`, `from`, `to`, `country`, `on`; then `refused`, or `method` with `is` or `low` and `high`."""
    amount, source, target = node.number("amount"), node.text("from"), node.text("to")
    country, day, refused = node.text_or_none("country"), node.day("on"), node.text_or_none("refused")
    expected = [] if refused else _expected_amount(node)
    try:
        found = convert(amount, source, target, table, country=country, on=day)
    except RuleError as error:
        return _unlike([("refused", refused, error.code)])
    told = {"method": found.method, "amount": text_of(found.amount), "arithmetic": found.arithmetic}
    pairs = [(key, value, told[key]) for key, value in expected]
    return _unlike([("refused", refused, None), *pairs])


def _expected_amount(node: Node) -> list[tuple[str, str]]:
    exact = node.text_or_none("is")
    low, high = exact or node.text("low"), exact or node.text("high")
    node.read |= {"low", "high"}
    arithmetic = node.text_or_none("arithmetic")
    amount = text_of(between(parse_amount(low), parse_amount(high)))
    return [("method", node.text("method")), ("amount", amount), *([("arithmetic", arithmetic)] if arithmetic else [])]


def _level_case(node: Node, table: LevelTable) -> list[str]:
    """`level = { framework, value }`; then `into` and `is`, a list, or `at_least`, `answer` and `reason`."""
    level, day = _level(node.child("level")), node.day("on")
    minimum = node.child_or_none("at_least")
    if minimum is None:
        into, stated = node.text("into"), node.raw("is")
        read_as = [render_amount(each.value) for each in table.mapped(level, into, day)]
        return _unlike([(f"{level} in {into}", stated, read_as)])
    test = table.meets(level, _level(minimum), day)
    pairs = [("answer", node.choice("answer", tuple(_ANSWERS.values())), _ANSWERS[test.truth])]
    return _unlike([*pairs, ("reason", node.text_or_none("reason"), test.reason)])


def _level(node: Node) -> Level:
    level = Level(node.text("framework"), node.number("value"))
    node.done()
    return level


def _unlike(pairs: list[tuple[str, object, object]]) -> list[str]:
    return [f"{name}: expected {wanted or 'none'}, found {found or 'none'}" for name, wanted, found in pairs
            if wanted != found]  # fmt: skip
