"""Atoms that look at one value of the award and say yes, no or unknown, with the reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from dataclasses import field as kept
from fractions import Fraction
from operator import attrgetter
from typing import Protocol

from recognition_rules.amount_text import text_of_amount
from recognition_rules.award import Award, LearningOutcome
from recognition_rules.canonical import Json
from recognition_rules.situation import Situation
from recognition_rules.truth import YES, Edit, Finding, Truth, Verdict

_REMEMBERED = 100


class Condition(Protocol):
    """A closed predicate over one award."""

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """Yes, no or unknown, with every atom that failed."""


def missing(name: str, **would: Json) -> Verdict:
    """Unknown, because a fact about the award is not there; `would` is what it would have to say, where that is known:
    its `value`, and what the value is read by."""
    return Verdict(Truth.UNKNOWN, (Finding("FACT_MISSING", {"fact": name}, Edit("supply", {"fact": name, **would})),))


@dataclass(frozen=True, slots=True)
class Among:
    """A named field of the award has one of these values."""

    key: str
    attribute: str
    values: frozenset[str]
    _refusals: dict[str, Verdict] = field(default_factory=dict, compare=False, repr=False)

    def judge(self, award: Award, situation: Situation) -> Verdict:  # noqa: ARG002 - the shape of a condition
        """No carries `SOURCE_NOT_ELIGIBLE` with the value found."""
        value = award.amount.unit if self.attribute == "unit" else getattr(award, self.attribute)
        if value is None:
            return missing(self.key)
        return YES if value in self.values else self._refusal(value)

    def _refusal(self, value: str) -> Verdict:
        """The same answer for the same value; a pack meets few of them, and forgets beyond that."""
        found = self._refusals.get(value)
        if found is None:
            found = Verdict(Truth.NO, (Finding("SOURCE_NOT_ELIGIBLE", {self.key: value}),))
            if len(self._refusals) < _REMEMBERED:
                self._refusals[value] = found
        return found


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A score out of 100 or a share of attendance reaches a threshold, compared exactly."""

    field: str
    minimum: Fraction
    code: str
    _get: Callable[[Award], Fraction | None] = kept(init=False, compare=False, repr=False)
    _ratio: tuple[int, int] = kept(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_get", attrgetter(self.field))
        object.__setattr__(self, "_ratio", self.minimum.as_integer_ratio())

    def is_met(self, award: Award) -> bool:
        """Whether the value is known and reaches the threshold, by whole numbers."""
        value = self._get(award)
        least, parts = self._ratio
        return value is not None and value.numerator * parts >= least * value.denominator

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """No carries the value needed."""
        value = getattr(award, self.field)
        if value is None:
            return missing(self.field, value=text_of_amount(self.minimum))
        good = self.is_met(award)
        if good and not situation.telling:
            return YES
        given, needed = self._text(value), self._text(self.minimum)
        if good:
            return Verdict(Truth.YES, (), (f"{self.field} {given} ≥ {needed}",))
        edit = Edit("reach", {"fact": self.field, "value": text_of_amount(self.minimum)})
        facts: Mapping[str, Json] = {"fact": self.field, "have": given, "needed": needed}
        return Verdict(Truth.NO, (Finding(self.code, facts, edit),), (f"{self.field} {given} < {needed}",))

    def _text(self, value: Fraction) -> str:
        if self.field != "attendance":
            return text_of_amount(value)
        return f"{100 * value.numerator if value.denominator == 1 else text_of_amount(value * 100)} %"


@dataclass(frozen=True, slots=True)
class GradeAmong:
    """The grade, in a named scheme, is one of these."""

    scheme: str
    values: tuple[str, ...]

    def judge(self, award: Award, situation: Situation) -> Verdict:  # noqa: ARG002 - the shape of a condition
        """A grade of another scheme is unknown, not a failure."""
        grade = award.grade
        if grade is None or grade.scheme != self.scheme:
            return missing("grade", scheme=self.scheme, value=self.values[-1])
        if grade.value in self.values:
            return YES
        needed = list(self.values)
        edit = Edit("reach", {"fact": "grade", "value": needed[-1]})
        return Verdict(Truth.NO, (Finding("THRESHOLD_GRADE", {"have": grade.value, "needed": needed}, edit),))


@dataclass(frozen=True, slots=True)
class OutcomesAtLeast:
    """Every learning outcome of the course reaches a score: all of them, not their mean."""

    minimum: Fraction

    def judge(self, award: Award, situation: Situation) -> Verdict:  # noqa: ARG002 - the shape of a condition
        """Each outcome below is named; one without a score is unknown, unless it is known to be failed."""
        if not award.outcomes:
            return missing("outcomes")
        below = [each for each in award.outcomes if self._is_below(each)]
        if below:
            return Verdict(Truth.NO, tuple(self._short(each.id, each.score or Fraction(0)) for each in below))
        return missing("outcomes") if any(each.score is None for each in award.outcomes) else YES

    def _is_below(self, outcome: LearningOutcome) -> bool:
        return outcome.passed is False if outcome.score is None else outcome.score < self.minimum

    def _short(self, outcome: str, score: Fraction) -> Finding:
        needed = text_of_amount(self.minimum)
        edit = Edit("reach", {"fact": "outcome", "outcome": outcome, "value": needed})
        facts = {"outcome": outcome, "have": text_of_amount(score), "needed": needed}
        return Finding("THRESHOLD_OUTCOME", facts, edit)


@dataclass(frozen=True, slots=True)
class Accredited:
    """The registry says that the issuer was accredited on the day the course ended."""

    def judge(self, award: Award, situation: Situation) -> Verdict:  # noqa: ARG002 - the shape of a condition
        """Unknown where the registry has no answer."""
        facts = {"issuer": award.issuer, "as_at": None if award.ended_on is None else award.ended_on.isoformat()}
        if award.issuer_accredited is None:
            edit = Edit("supply", {"fact": "issuer_accredited", "value": True})
            return Verdict(Truth.UNKNOWN, (Finding("ISSUER_STATUS_UNKNOWN", facts, edit),))
        return YES if award.issuer_accredited else Verdict(Truth.NO, (Finding("ISSUER_NOT_ELIGIBLE", facts),))


@dataclass(frozen=True, slots=True)
class FactAmong:
    """A fact of the award has one of these values; `known = "name"` asks only whether it is there."""

    name: str
    values: tuple[Json, ...] | None

    def judge(self, award: Award, situation: Situation) -> Verdict:  # noqa: ARG002 - the shape of a condition
        """A fact that is not there is unknown, unless the question is whether it is there."""
        if self.name not in award.facts:
            return Verdict(Truth.NO) if self.values is None else missing(self.name, value=self.values[0])
        value = award.facts[self.name]
        good = self.values is None or any(value == each and type(value) is type(each) for each in self.values)
        return YES if good else Verdict(Truth.NO, (Finding("SOURCE_NOT_ELIGIBLE", {self.name: value}),))
