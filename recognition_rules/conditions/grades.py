"""Atoms about how well: an ordered grade, a pass, a score that a pass may stand for, outcomes, the whole module."""

from dataclasses import dataclass
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount
from recognition_rules.award import Award
from recognition_rules.conditions.atoms import AtLeast, missing
from recognition_rules.credits import parse_amount
from recognition_rules.errors import RuleError
from recognition_rules.reading.pack_reader import Node
from recognition_rules.reading.vocabulary import GradeScheme, Vocabulary
from recognition_rules.situation import Situation
from recognition_rules.truth import YES, Edit, Finding, Truth, Verdict, both


@dataclass(frozen=True, slots=True)
class GradeAtLeast:
    """The grade stands in its declared scheme at the minimum or before it, the best being first."""

    scheme: GradeScheme
    minimum: str

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """A pass without a grade is at least the lowest grade that passes, and says no more. A fail is below it."""
        grade, scheme = award.grade, self.scheme
        if grade is None or grade.scheme != scheme.id:
            return missing("grade", scheme=scheme.id, value=self.minimum)
        if grade.value in scheme.order:
            good = scheme.order.index(grade.value) <= scheme.order.index(self.minimum)
            words = (
                (f"{grade.value} {'is at least' if good else 'is below'} {self.minimum}",) if situation.telling else ()
            )
            return Verdict(Truth.YES, (), words) if good else self._below(grade.value, words)
        if grade.value in scheme.fails:
            return self._below(grade.value, ())
        return YES if grade.value in scheme.passes and self.minimum == scheme.lowest_pass else missing("grade")

    def _below(self, have: str, words: tuple[str, ...]) -> Verdict:
        edit = Edit("reach", {"fact": "grade", "value": self.minimum})
        return Verdict(Truth.NO, (Finding("THRESHOLD_GRADE", {"have": have, "needed": [self.minimum]}, edit),), words)


@dataclass(frozen=True, slots=True)
class Passed:
    """The award was passed: by its grade in a declared scheme, else by the fact `passed`."""

    schemes: tuple[GradeScheme, ...]

    def judge(self, award: Award, situation: Situation) -> Verdict:  # noqa: ARG002 - the shape of a condition
        """Unknown where neither the grade nor the fact says it."""
        stated = award.facts.get("passed")
        answer = self._by_grade(award)
        answer = stated if answer is None and isinstance(stated, bool) else answer
        if answer is None:
            return missing("passed", value=True)
        have = award.grade.value if award.grade else "failed"
        return YES if answer else Verdict(Truth.NO, (Finding("THRESHOLD_GRADE", {"have": have, "needed": ["passed"]}),))

    def _by_grade(self, award: Award) -> bool | None:
        grade = award.grade
        scheme = next((each for each in self.schemes if grade and each.id == grade.scheme), None)
        return None if scheme is None or grade is None else scheme.passed(grade.value)


@dataclass(frozen=True, slots=True)
class ScoreOrPass:
    """The score reaches the minimum; where the award has none, a declared pass stands for it."""

    score: AtLeast
    passed: Passed

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """A pass counts only where there is no score: a score below the minimum is not mended by it."""
        if award.score is not None:
            return self.score.judge(award, situation)
        verdict = self.passed.judge(award, situation)
        return missing("score") if verdict.truth is Truth.UNKNOWN else verdict


@dataclass(frozen=True, slots=True)
class OutcomesPassed:
    """Every learning outcome of the course was passed."""

    def judge(self, award: Award, situation: Situation) -> Verdict:  # noqa: ARG002 - the shape of a condition
        """Each outcome that was not passed is named; one of which it is not said is unknown."""
        if not award.outcomes:
            return missing("outcomes")
        return both([_outcome_passed(each.id, each.passed) for each in award.outcomes])


def _outcome_passed(outcome: str, passed: bool | None) -> Verdict:
    if passed is None:
        return Verdict(Truth.UNKNOWN, (Finding("FACT_MISSING", {"fact": "outcomes", "outcome": outcome}),))
    facts = {"outcome": outcome, "have": "not passed", "needed": "passed"}
    return YES if passed else Verdict(Truth.NO, (Finding("THRESHOLD_OUTCOME", facts),))


@dataclass(frozen=True, slots=True)
class Whole:
    """The award is a whole module: the fact `whole` says so, or its credits are the module's `module_credits`."""

    def judge(self, award: Award, situation: Situation) -> Verdict:  # noqa: ARG002 - the shape of a condition
        """No carries `NOT_WHOLE`; unknown where neither fact is there."""
        stated, full = award.facts.get("whole"), _exact(award.facts.get("module_credits"))
        if isinstance(stated, bool):
            return YES if stated else Verdict(Truth.NO, (Finding("NOT_WHOLE", {"whole": False}),))
        if full is None:
            return missing("whole", value=True)
        facts = {"have": text_of_amount(award.amount.amount), "needed": text_of_amount(full)}
        return YES if award.amount.amount >= full else Verdict(Truth.NO, (Finding("NOT_WHOLE", facts),))


def _exact(value: object) -> Fraction | None:
    try:
        return None if value is None or isinstance(value, bool) else parse_amount(str(value))
    except RuleError:
        return None


def read_grade_at_least(node: Node, key: str, vocabulary: Vocabulary) -> GradeAtLeast:
    """`grade_at_least = { scheme = "us-letter", value = "B" }`, of a [[grade_scheme]]; raises `PackInvalid`."""
    child = node.child(key)
    scheme = vocabulary.grade_schemes[child.choice("scheme", vocabulary.grade_schemes)]
    atom = GradeAtLeast(scheme, child.choice("value", scheme.order))
    child.done()
    return atom


def read_passed(node: Node, key: str, vocabulary: Vocabulary) -> Passed:
    """`passed = true`; for the opposite there is `not`."""
    _only_true(node, key)
    return Passed(tuple(vocabulary.grade_schemes.values()))


def read_outcomes_passed(node: Node, key: str, vocabulary: Vocabulary) -> OutcomesPassed:  # noqa: ARG001
    """`outcomes_passed = true`."""
    _only_true(node, key)
    return OutcomesPassed()


def read_whole(node: Node, key: str, vocabulary: Vocabulary) -> Whole:  # noqa: ARG001 - the shape of a reader
    """`whole = true`."""
    _only_true(node, key)
    return Whole()


def _only_true(node: Node, key: str) -> None:
    if not node.flag(key):
        raise node.fail(f"'{key}' can only be true; use 'not' for the opposite.", key)
