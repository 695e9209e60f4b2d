"""Reading a grades pack: TOML to `GradePack`, with complaints that name the file, the line and what to write."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from fractions import Fraction
from itertools import combinations

from recognition_rules.amount_text import text_of_amount
from recognition_rules.grading.tables import (
    ANY_FIELD,
    CYCLES,
    OBSOLETE,
    OVERLAPS,
    GradePack,
    GradePolicy,
    GradeScale,
    GradeTable,
    grade_key,
)
from recognition_rules.reading.cited import by_id, read_cited, read_id
from recognition_rules.reading.pack_reader import Node, Source
from recognition_rules.reading.pack_source import refuse_hidden
from recognition_rules.reading.strict_toml import loads
from recognition_rules.terms import Terms, read_terms
from recognition_rules.units_pack import digest_of

FEWEST_YEARS, MOST_YEARS = 2, 3
_FIELD = re.compile(r"[0-9]{2,4}", re.ASCII)
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "overlap": OVERLAPS,
    "tie": ("lower", "higher"),
    "small_cohort": ("undetermined", "broader"),
    "empty_step": ("undetermined", "point"),
    "unconfirmed": ("off", "on"),
}


def parse(text: str, *, name: str = "grades/pack.toml") -> GradePack:
    """The pack of a TOML text; raises `PackInvalid`."""
    values = loads(text, name=name)
    root = Node(values, (), Source(name, text))
    refuse_hidden(values, root.source)
    head, policy, cited = root.child("pack"), read_policy(root.child("policy")), read_cited(root)
    scales = by_id([(node, _scale(node)) for node in root.children("scale")])
    tables = [(node, _table(node, scales, policy, frozenset(cited))) for node in root.children("table")]
    pack = GradePack(
        id=read_id(head),
        version=head.text("version"),
        title=head.language_map("title"),
        digest=digest_of(values),
        warning=head.language_map("warning", needed=False),
        policy=policy,
        references=cited,
        scales=scales,
        tables=tuple(by_id(tables).values()),
    )
    _refuse_rivals(tables)
    head.done()
    root.done()
    return pack


def read_policy(node: Node) -> GradePolicy:
    """What a table such as `[policy]` says; what it leaves out has the defaults of `GradePolicy`."""
    given: dict[str, object] = {key: node.choice(key, words) for key, words in _CHOICES.items() if node.has(key)}
    if node.has("tolerance"):
        given["tolerance"] = node.number("tolerance")
    given |= {key: node.whole(key) for key in ("minimum_cohort", "max_age") if node.has(key)}
    node.read.update(field.name for field in fields(GradePolicy))
    node.done()
    return GradePolicy(**given)  # type: ignore[arg-type]  # each was read by its reader above


def _scale(node: Node) -> GradeScale:
    grades = tuple(map(grade_key, node.words("grades")))
    failing = frozenset(map(grade_key, node.words("failing"))) if node.has("failing") else frozenset()
    node.read.add("failing")
    if len(set(grades)) < len(grades) or failing & set(grades):
        raise node.fail("Each grade stands once, the best first, and either passes or does not.", "grades")
    scale = GradeScale(read_id(node), node.language_map("title"), grades, failing)
    node.done()
    return scale


def _table(node: Node, scales: Mapping[str, GradeScale], policy: GradePolicy, cited: frozenset[str]) -> GradeTable:
    scale = scales[node.choice("scale", tuple(scales))]
    numbers, counted = _numbers(node, scale)
    table = GradeTable(
        id=read_id(node),
        title=node.language_map("title"),
        institution=node.text("institution"),
        scale=scale,
        field=_field(node),
        cycle=node.choice("cycle", CYCLES),
        years=_years(node),
        numbers=numbers,
        counted=counted,
        cohort=_cohort(node, numbers, counted=counted),
        warning=node.language_map("warning", needed=False),
        terms=_terms(node, cited),
    )
    _check_sum(node, table, policy)
    node.done()
    return table


def _numbers(node: Node, scale: GradeScale) -> tuple[dict[str, Fraction], bool]:
    """How often each passing grade was given: counts, or else percentages."""
    counted = node.has("counts")
    if counted == node.has("percentages"):
        raise node.fail('A table has either counts = { "A" = 40, … } or percentages = { "A" = "12.5", … }.')
    child = node.child("counts" if counted else "percentages")
    numbers: dict[str, Fraction] = {}
    for written in child.values:
        grade = _passing(child, written, scale)
        if grade in numbers:
            raise child.fail(f"The grade {grade} is there twice.", written)
        numbers[grade] = Fraction(child.whole(written)) if counted else child.number(written)
    if not any(numbers.values()):
        raise child.fail("A table in which no grade was given says nothing.")
    return numbers, counted


def _passing(node: Node, written: str, scale: GradeScale) -> str:
    grade = grade_key(written)
    if grade in scale.failing:
        raise node.fail(f"{grade} does not pass; the table counts passing grades only.", written, "failing_grade")
    if grade not in scale.grades:
        known = ", ".join(scale.grades)
        raise node.fail(f"{grade} is no grade of the scale {scale.id}: {known}.", written, "unknown_grade")
    return grade


def _field(node: Node) -> str:
    field = node.text("field")
    if field != ANY_FIELD and not _FIELD.fullmatch(field):
        raise node.fail('\'field\' is an ISCED-F 2013 code of two to four digits, such as "061", or "any".', "field")
    return field


def _years(node: Node) -> tuple[int, int]:
    value = node.raw("years")
    if not isinstance(value, list) or len(value) != 2 or not all(type(year) is int for year in value):
        raise node.fail("'years' must be the first and the last year, such as [2023, 2025].", "years")
    if not FEWEST_YEARS <= value[1] - value[0] + 1 <= MOST_YEARS:
        raise node.fail(f"A table is of {FEWEST_YEARS} or {MOST_YEARS} years, both ends included.", "years")
    return value[0], value[1]


def _cohort(node: Node, numbers: Mapping[str, Fraction], *, counted: bool) -> int | None:
    if not counted:
        return node.whole("cohort") if node.has("cohort") else None
    if node.has("cohort"):
        raise node.fail("With counts the size of the cohort is their sum; leave 'cohort' out.", "cohort")
    return int(sum(numbers.values()))


def _terms(node: Node, cited: frozenset[str]) -> Terms:
    terms = read_terms(node, cited)
    if len(terms) != 1:
        raise node.fail("A table has one entry of terms: from, until, legal_basis, source, confirmed.", "terms")
    return terms[0]


def _check_sum(node: Node, table: GradeTable, policy: GradePolicy) -> None:
    total = sum(table.numbers.values(), Fraction(0))
    if not table.counted and abs(total - 100) > policy.tolerance:
        away = f"more than {text_of_amount(policy.tolerance)} from 100"
        problem = f"The percentages add up to {text_of_amount(total)}, {away}: send the table back, or give counts."
        raise node.fail(problem, "percentages", "grade_table_sum")
    shares = [table.numbers.get(grade, Fraction(0)) * 100 / table.whole for grade in table.scale.grades]
    if tuple(shares) == OBSOLETE and not table.warning:
        problem = "10, 25, 30, 25, 10 is the fixed ECTS scale, given up in 2009: it needs a 'warning' that says so."
        raise node.fail(problem, code="obsolete_scale")


def _refuse_rivals(read: Sequence[tuple[Node, GradeTable]]) -> None:
    """For a reference group there is one table a day."""
    for (_, one), (node, other) in combinations(read, 2):
        same = (one.institution, one.field, one.cycle) == (other.institution, other.field, other.cycle)
        if same and _meet(one.terms, other.terms):
            raise node.fail(f"'{one.id}' is of the same reference group and time.", code="terms_gap_or_overlap")


def _meet(one: Terms, other: Terms) -> bool:
    """Whether there is a day on which both hold."""
    ends = [(a.start, b.until) for a, b in ((one, other), (other, one))]
    return all(start is None or until is None or start <= until for start, until in ends)
