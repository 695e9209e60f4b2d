"""Converting a grade: its percentage range from the top, laid over the ranges of the other institution's grades.

1. Find one table on each side: institution, field, cycle, day; where the cohort is too small, a wider field if the
   policy says so.
2. The grade's range in its own table: from the share of better grades to that with its own added.
3. The grades of the other table that this range overlaps; ranges that only touch do not. Beyond the end of that table
   stands its last grade.
4. One of them by the declared policy. Going back from it by the same tables may lead elsewhere: nothing is inverted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from recognition_rules.amount_text import text_of_amount
from recognition_rules.canonical import Json
from recognition_rules.grading.tables import GradePack, GradePolicy, GradeRange, GradeTable, grade_key
from recognition_rules.language import LanguageMap
from recognition_rules.truth import Finding

Status = Literal["converted", "undetermined", "not_passing"]


@dataclass(frozen=True, slots=True)
class GradeQuestion:
    """A grade of one institution (`source`) that another (`target`) asks about: field ISCED-F 2013, cycle, day."""

    grade: str
    source: str
    target: str
    field: str
    cycle: str
    on: date


@dataclass(frozen=True, slots=True)
class Candidate:
    """A grade of the other side, and how many percentage points of the range fall on it."""

    grade: str
    overlap: Fraction


@dataclass(frozen=True, slots=True)
class GradeConversion:
    """The answer: `grade` where it is converted, with all candidates, or why nothing can be said.

    `arithmetic` are sums that can be done again by hand; `tables` the source's and the target's, as far as found;
    `warnings` what the pack and its tables say of themselves.
    """

    status: Status
    grade: str | None
    candidates: tuple[Candidate, ...]
    reasons: tuple[Finding, ...]
    arithmetic: tuple[str, ...]
    tables: tuple[GradeTable | None, GradeTable | None]
    policy: GradePolicy
    warnings: tuple[LanguageMap, ...]

    def to_json(self) -> dict[str, Json]:
        """The shape on the wire and in a trace; amounts are exact text."""
        return {
            "status": self.status,
            "grade": self.grade,
            "candidates": [{"grade": each.grade, "overlap": text_of_amount(each.overlap)} for each in self.candidates],
            "reasons": [{"code": each.code, "facts": dict(each.facts)} for each in self.reasons],
            "arithmetic": list(self.arithmetic),
            "policy": {"overlap": self.policy.overlap, "tie": self.policy.tie},
            "tables": [None if table is None else _table_json(table) for table in self.tables],
            "warnings": [dict(warning) for warning in self.warnings],
        }


def convert_grade(pack: GradePack, asked: GradeQuestion, policy: GradePolicy | None = None) -> GradeConversion:
    """The grade on the other side. What is missing or in doubt makes the answer `undetermined`, and all of it is named.

    `policy` replaces the pack's own, but for the tolerance, which is applied when a pack is read.
    """
    policy = policy or pack.policy
    ours, of_ours = _found(pack, asked, policy, asked.source)
    theirs, of_theirs = _found(pack, asked, policy, asked.target)
    warnings = tuple(each for each in (pack.warning, *(t.warning for t in (ours, theirs) if t)) if each)
    grade = grade_key(asked.grade)
    if ours and grade in ours.scale.failing:
        facts: Mapping[str, Json] = {"grade": grade, "scale": ours.scale.id}
        failed = (Finding("THRESHOLD_GRADE", facts),)
        return GradeConversion("not_passing", None, (), failed, (), (ours, theirs), policy, warnings)
    spread, of_grade = _range_of(ours, grade, policy)
    reasons = (*of_ours, *of_theirs, *of_grade)
    if reasons or ours is None or theirs is None or spread is None:
        return GradeConversion("undetermined", None, (), reasons, (), (ours, theirs), policy, warnings)
    candidates, sums = _overlapping(theirs, spread)
    chosen, why = _chosen(candidates, theirs, spread, policy)
    arithmetic = (_range_words(ours, spread), *sums, why)
    return GradeConversion("converted", chosen, candidates, (), arithmetic, (ours, theirs), policy, warnings)


def _found(
    pack: GradePack, asked: GradeQuestion, policy: GradePolicy, institution: str
) -> tuple[GradeTable | None, list[Finding]]:
    """The table of one side, and what keeps it from being used."""
    covering = pack.covering(institution, asked.field, asked.cycle, asked.on)
    if not covering:
        facts = {"fact": "grade table", "institution": institution, "field": asked.field, "cycle": asked.cycle}
        return None, [Finding("FACT_MISSING", facts)]
    doubts = [(table, _doubts(table, asked.on, policy)) for table in covering]
    usable = doubts if policy.small_cohort == "broader" else doubts[:1]
    return next(((table, found) for table, found in usable if not found), doubts[0])


def _doubts(table: GradeTable, on: date, policy: GradePolicy) -> list[Finding]:
    found = []
    if not table.terms.confirmed and policy.unconfirmed == "off":
        found.append(Finding("TERM_UNCONFIRMED", {"table": table.id}))
    if policy.max_age is not None and on.year - table.years[1] > policy.max_age:
        found.append(Finding("STALE", {"table": table.id, "last_year": table.years[1], "max_age": policy.max_age}))
    if policy.minimum_cohort and table.cohort is None:
        found.append(Finding("FACT_MISSING", {"fact": "cohort", "table": table.id}))
    elif policy.minimum_cohort and (table.cohort or 0) < policy.minimum_cohort:
        facts: Mapping[str, Json] = {"table": table.id, "cohort": table.cohort, "needed": policy.minimum_cohort}
        found.append(Finding("COHORT_TOO_SMALL", facts))
    return found


def _range_of(table: GradeTable | None, grade: str, policy: GradePolicy) -> tuple[GradeRange | None, list[Finding]]:
    if table is None:
        return None, []
    spread = next((each for each in table.ranges() if each.grade == grade), None)
    if spread is None:
        return None, [Finding("FACT_MISSING", {"fact": "grade", "scale": table.scale.id})]
    if spread.start == spread.end and policy.empty_step == "undetermined":
        return None, [Finding("FACT_MISSING", {"fact": "share of the grade", "grade": grade, "table": table.id})]
    return spread, []


def _open_ended(table: GradeTable) -> list[GradeRange]:
    """The grades that were given; the last goes on for ever, so that a sum below 100 leaves no gap."""
    given = [each for each in table.ranges() if each.start < each.end]
    return [*given[:-1], GradeRange(given[-1].grade, given[-1].start, Fraction(1_000))]


def _overlapping(table: GradeTable, spread: GradeRange) -> tuple[tuple[Candidate, ...], list[str]]:
    candidates, sums = [], []
    for each in _open_ended(table):
        low, high = max(each.start, spread.start), min(each.end, spread.end)
        at_point = spread.start == spread.end and each.start <= spread.start < each.end
        if low < high or at_point:
            candidates.append(Candidate(each.grade, high - low))
            sums.append(_overlap_words(table, each, low, high))
    return tuple(candidates), sums


def _chosen(
    candidates: Sequence[Candidate], table: GradeTable, spread: GradeRange, policy: GradePolicy
) -> tuple[str, str]:
    """The grade that the policy picks, and the policy in words. Candidates stand from the best down."""
    if policy.overlap == "max":
        return candidates[0].grade, f"max: the best of them, {candidates[0].grade}"
    if policy.overlap == "min":
        return candidates[-1].grade, f"min: the lowest of them, {candidates[-1].grade}"
    if policy.overlap == "mid":
        return _middle(table, spread, policy)
    return _majority(candidates, policy)


def _middle(table: GradeTable, spread: GradeRange, policy: GradePolicy) -> tuple[str, str]:
    """The grade at the middle of the range; exactly between two grades that is a tie."""
    middle = (spread.start + spread.end) / 2
    sides = f"({_text(spread.start)} + {_text(spread.end)}) ÷ 2 = {_text(middle)}"
    there = [each.grade for each in _open_ended(table) if each.start <= middle <= each.end]
    grade = there[-1] if policy.tie == "lower" else there[0]
    if spread.start == spread.end or len(there) == 1:
        return there[-1], f"mid: {sides} from the top is {there[-1]}"
    return (
        grade,
        f"mid: {sides} from the top lies between {' and '.join(there)}, the {policy.tie} grade is declared: {grade}",
    )


def _majority(candidates: Sequence[Candidate], policy: GradePolicy) -> tuple[str, str]:
    largest = max(each.overlap for each in candidates)
    level = [each.grade for each in candidates if each.overlap == largest]
    grade = level[-1] if policy.tie == "lower" else level[0]
    tied = "" if len(level) == 1 else f"; {' and '.join(level)} are level, the {policy.tie} grade is declared"
    return grade, f"majority: the largest overlap is {_text(largest)}{tied}: {grade}"


def _range_words(table: GradeTable, spread: GradeRange) -> str:
    """How the range comes about, such as `B: from 40 ÷ 200 = 20 % to (40 + 60) ÷ 200 = 50 %`."""
    better = [table.numbers.get(g, Fraction(0)) for g in table.scale.grades[: table.scale.grades.index(spread.grade)]]
    own = [*better, table.numbers.get(spread.grade, Fraction(0))]
    first, last = (_sum_words(numbers, table) for numbers in (better, own))
    return f"{table.id}: {spread.grade} goes from {first}{_text(spread.start)} % to {last}{_text(spread.end)} %"


def _sum_words(numbers: Sequence[Fraction], table: GradeTable) -> str:
    given = [_text(number) for number in numbers if number]
    terms = " + ".join(given)
    if table.counted and given:
        return f"({terms}) × 100 ÷ {_text(table.whole)} = "
    return f"{terms} = " if len(given) > 1 else ""


def _overlap_words(table: GradeTable, each: GradeRange, low: Fraction, high: Fraction) -> str:
    own = next(found for found in table.ranges() if found.grade == each.grade)
    beyond = ", and beyond the end of the table" if high > own.end else ""
    covers = f"{each.grade} covers {_text(own.start)} % to {_text(own.end)} %{beyond}"
    return f"{table.id}: {covers}; {_text(high)} − {_text(low)} = {_text(high - low)} in common"


def _text(number: Fraction) -> str:
    return text_of_amount(number)


def _table_json(table: GradeTable) -> dict[str, Json]:
    return {
        "id": table.id,
        "institution": table.institution,
        "scale": table.scale.id,
        "field": table.field,
        "cycle": table.cycle,
        "years": list(table.years),
        "cohort": table.cohort,
        "terms": table.terms.to_json(),
    }
