"""Sums over counted credits that are no credits: points, grade averages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from recognition_rules.calendars import Calendar
from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.compound import read_filter
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import Vocabulary
from recognition_rules.terms import RuleHead, read_head

_DATES = ("ended_on", "started_on", "awarded_on", "received_on")


@dataclass(frozen=True, slots=True)
class LevelWeight:
    """The award's level in a framework. Where an award was earned over several years, the fact `by_year` says how
    many of its credits belong to which level (`40@4.5, 40@5`), and each year has its own weight."""

    framework: str
    by_year: str | None


@dataclass(frozen=True, slots=True)
class StepWeight:
    """By a whole-number fact of the award, such as years of experience: the weight of the highest step it reaches."""

    fact: str
    steps: tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True, slots=True)
class GradeWeight:
    """By the grade in a scheme; a grade that is not in the table is not known."""

    scheme: str
    values: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class CaseWeight:
    """The weight of the first case that holds; `otherwise` where none does, and unknown where that is None."""

    cases: tuple[tuple[Condition, Fraction], ...]
    otherwise: Fraction | None


Weight = LevelWeight | StepWeight | GradeWeight | CaseWeight


@dataclass(frozen=True, slots=True)
class WeightedSum:
    """Counted credits times their `weights` (several are multiplied), added up, or averaged over the credits.

    Awards that carry an outcome excluded from `excluded_as` (`gpa` …) are left out. `unweighted` says what becomes of
    an award that has no weight: it leaves the whole undetermined, or is left out. `calendar` adds a sum for each
    period, by the award's `date`.
    """

    head: RuleHead
    kind: Literal["sum", "mean"]
    where: Condition
    weights: tuple[Weight, ...]
    unweighted: Literal["undetermined", "left-out"]
    excluded_as: str | None
    calendar: Calendar | None
    date: str


def read_measures(nodes: Sequence[Node], vocabulary: Vocabulary) -> tuple[WeightedSum, ...]:
    """The [[measure]] tables, in the order of the pack; raises `PackInvalid`."""
    return tuple(_measure(node, vocabulary) for node in nodes)


def _measure(node: Node, vocabulary: Vocabulary) -> WeightedSum:
    per = node.child_or_none("per")
    weights = tuple(_weight(child, vocabulary) for child in node.children("weights"))
    if not weights:
        raise node.fail("A measure needs weights = [{ level = … }], by level, grade, fact or cases.", "weights")
    measure = WeightedSum(
        head=read_head(node, vocabulary.references),
        kind="mean" if node.choice("kind", ("sum", "mean"), "sum") == "mean" else "sum",
        where=read_filter(node, vocabulary),
        weights=weights,
        unweighted="left-out"
        if node.choice("unweighted", ("undetermined", "left-out"), "undetermined") == "left-out"
        else "undetermined",
        excluded_as=node.text_or_none("excluded_as"),
        calendar=vocabulary.calendars[per.choice("calendar", vocabulary.calendars)] if per else None,
        date=per.choice("date", _DATES, "ended_on") if per else "ended_on",
    )
    if per:
        per.done()
    node.done()
    return measure


def _weight(node: Node, vocabulary: Vocabulary) -> Weight:
    kinds = [key for key in ("level", "fact", "grade", "cases") if node.has(key)]
    if len(kinds) != 1:
        raise node.fail("A weight goes by exactly one of these: level, fact, grade, cases.")
    weight = _level(node) if kinds[0] == "level" else _by_fact(node) if kinds[0] == "fact" else None
    if weight is None:
        weight = _grade(node) if kinds[0] == "grade" else _cases(node, vocabulary)
    node.done()
    return weight


def _level(node: Node) -> Weight:
    """`{ level = "ncrf", multi_year = "by-year", by_year = "credits_by_level" }`."""
    framework = node.text("level")
    multi = node.choice("multi_year", ("by-year", "exit-level"), "by-year")
    fact = node.text_or_none("by_year")
    return LevelWeight(framework, fact if multi == "by-year" else None)


def _by_fact(node: Node) -> Weight:
    """`{ fact = "experience_years", steps = [{ from = 0, weight = 1 }, { from = 1, weight = "4/3" }] }`."""
    steps = tuple(_step(child) for child in node.children("steps"))
    if not steps or list(steps) != sorted(set(steps)) or len({start for start, _ in steps}) != len(steps):
        raise node.fail("'steps' lists { from, weight }, each 'from' above the one before.", "steps")
    return StepWeight(node.text("fact"), steps)


def _step(node: Node) -> tuple[int, Fraction]:
    step = node.whole("from"), node.number("weight")
    node.done()
    return step


def _grade(node: Node) -> Weight:
    """`{ grade = "us-letter", values = { A = 4, B = 3 } }`."""
    values = node.child("values")
    table = {name: values.number(name) for name in values.values}
    if not table:
        raise node.fail("'values' must give at least one grade its weight.", "values")
    values.done()
    return GradeWeight(node.text("grade"), table)


def _cases(node: Node, vocabulary: Vocabulary) -> Weight:
    """`{ cases = [{ where = { … }, weight = 2 }], otherwise = 1 }`."""
    cases = tuple(_case(child, vocabulary) for child in node.children("cases"))
    if not cases:
        raise node.fail("'cases' must list at least one { where, weight }.", "cases")
    return CaseWeight(cases, node.number("otherwise") if node.has("otherwise") else None)


def _case(node: Node, vocabulary: Vocabulary) -> tuple[Condition, Fraction]:
    case = read_filter(node, vocabulary), node.number("weight")
    node.done()
    return case
