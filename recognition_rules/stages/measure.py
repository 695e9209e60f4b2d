"""Step 11: points, averages and other sums over counted credits, which are no credits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount, total
from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.credits import parse_amount
from recognition_rules.recognition import MeasureResult
from recognition_rules.rules.measures import CaseWeight, GradeWeight, LevelWeight, StepWeight, Weight, WeightedSum
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.terms import Terms
from recognition_rules.truth import Truth

ZERO, ONE = Fraction(0), Fraction(1)
_YEAR = re.compile(r"([0-9]+(?:[./][0-9]+)?)@([0-9]+(?:[./][0-9]+)?)", re.ASCII)


def measures(candidates: Sequence[Candidate], frame: Frame) -> tuple[MeasureResult, ...]:
    """The pack's measures, in its order; those that are not in force on the day are left out."""
    found: list[MeasureResult] = []
    for measure in frame.pack.measures:
        terms = measure.head.on(frame.situation.on)
        if measure.head.concerns(frame.programme.id) and terms is not None:
            found.append(_Sum(measure, frame).result(candidates, terms))
    return tuple(found)


@dataclass(slots=True)
class _Sum:
    """One measure on its way: what has been added up, and what stands in its way."""

    measure: WeightedSum
    frame: Frame
    weighted: Fraction = ZERO
    credits: Fraction = ZERO
    periods: dict[str, Fraction] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def result(self, candidates: Sequence[Candidate], terms: Terms) -> MeasureResult:
        for each in candidates:
            self._look_at(each)
        amount = self._amount()
        by = tuple(sorted(self.periods.items())) if self.measure.calendar and amount is not None else ()
        self._tell(amount, terms)
        return MeasureResult(self.measure.head.id, amount, by, tuple(sorted(self.lacking)))

    def _amount(self) -> Fraction | None:
        if self.lacking:
            return None
        if self.measure.kind == "sum":
            return self.weighted
        return self.weighted / self.credits if self.credits else None

    def _look_at(self, candidate: Candidate) -> None:
        """An award that may still count, or of which it is not known whether it belongs here, leaves it all open."""
        measure, award = self.measure, candidate.award
        if not candidate.counted and not candidate.may_still_count:
            return
        if measure.excluded_as is not None and measure.excluded_as in candidate.outcome.excluded_from:
            return
        truth = self.frame.situation.truth(measure.where, award)
        if truth is Truth.NO:
            return
        weight = _product(measure.weights, award, self.frame) if candidate.counted else None
        if truth is Truth.YES and candidate.counted and weight is not None:
            self._add(candidate, weight)
        elif truth is Truth.UNKNOWN or not candidate.counted or measure.unweighted == "undetermined":
            self.lacking.append(award.id)

    def _add(self, candidate: Candidate, weight: Fraction) -> None:
        points = candidate.counted * weight
        self.weighted += points
        self.credits += candidate.counted
        if self.frame.trace.telling:
            self.words.append(f"{text_of_amount(candidate.counted)} × {text_of_amount(weight)}")
        if self.measure.calendar is not None:
            self._add_to_period(candidate.award, points)

    def _add_to_period(self, award: Award, points: Fraction) -> None:
        day: date | None = getattr(award, self.measure.date)
        if day is None or self.measure.calendar is None:
            self.lacking.append(award.id)
            return
        label = self.measure.calendar.period(day).label
        self.periods[label] = self.periods.get(label, ZERO) + points

    def _tell(self, amount: Fraction | None, terms: Terms) -> None:
        if not self.frame.trace.telling:
            return
        shown = None if amount is None else text_of_amount(amount)
        lacking: list[Json] = [*sorted(self.lacking)]
        inputs: dict[str, Json] = {"amount": shown, "credits": text_of_amount(self.credits), "lacking": lacking}
        words = f"{' + '.join(self.words) or '0'} = {text_of_amount(self.weighted)}"
        if self.measure.kind == "mean" and shown is not None:
            words += f"; {text_of_amount(self.weighted)} / {text_of_amount(self.credits)} = {shown}"
        result = "measured" if amount is not None else "undetermined"
        self.frame.trace.add(
            "measures", result, rule=self.measure.head.id, terms=terms, inputs=inputs, arithmetic=words
        )


def _product(weights: Sequence[Weight], award: Award, frame: Frame) -> Fraction | None:
    product = ONE
    for weight in weights:
        one = _weight(weight, award, frame)
        if one is None:
            return None
        product *= one
    return product


def _weight(weight: Weight, award: Award, frame: Frame) -> Fraction | None:
    """The weight of one award, exactly; None where the award does not say what it goes by."""
    if isinstance(weight, LevelWeight):
        return _of_level(weight, award)
    if isinstance(weight, StepWeight):
        return _of_step(weight, award)
    if isinstance(weight, GradeWeight):
        grade = award.grade
        return weight.values.get(grade.value) if grade is not None and grade.scheme == weight.scheme else None
    return _of_case(weight, award, frame)


def _of_level(weight: LevelWeight, award: Award) -> Fraction | None:
    """Year by year where the award says so, else its own level; a level of another framework is not known."""
    told = award.facts.get(weight.by_year) if weight.by_year is not None else None
    if told is not None:
        return _year_by_year(str(told), award.amount.amount)
    level = award.level
    return level.value if level is not None and level.framework == weight.framework else None


def _year_by_year(told: str, amount: Fraction) -> Fraction | None:
    """The mean level of `40@4.5, 40@5`, weighted by credits; None unless they add up to what was awarded."""
    found = [_YEAR.fullmatch(part.strip()) for part in told.split(",")]
    pairs = [(parse_amount(match[1]), parse_amount(match[2])) for match in found if match is not None]
    if len(pairs) != len(found) or total(credits_ for credits_, _ in pairs) != amount or not amount:
        return None
    return total(credits_ * level for credits_, level in pairs) / amount


def _of_step(weight: StepWeight, award: Award) -> Fraction | None:
    value = award.facts.get(weight.fact)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return next((each for start, each in reversed(weight.steps) if value >= start), None)


def _of_case(weight: CaseWeight, award: Award, frame: Frame) -> Fraction | None:
    for where, value in weight.cases:
        truth = frame.situation.truth(where, award)
        if truth is Truth.YES:
            return value
        if truth is Truth.UNKNOWN:
            return None
    return weight.otherwise
