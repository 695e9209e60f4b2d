"""Step 10: each leaf of the programme's tree, then the groups: satisfied, what it needed, what it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount, total
from recognition_rules.canonical import Json
from recognition_rules.conditions.levels import LevelAtLeast
from recognition_rules.language import pick
from recognition_rules.normalisers import equivalence_key, title_key
from recognition_rules.programme import Group, Leaf, Requirement
from recognition_rules.recognition import Answer, RequirementResult
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.slots import size_in
from recognition_rules.truth import Truth

_ANSWERS: dict[Truth, Answer] = {Truth.YES: "yes", Truth.NO: "no", Truth.UNKNOWN: "undetermined"}
_SIGNS = {Truth.YES: "≥", Truth.NO: "<", Truth.UNKNOWN: "< for now"}


@dataclass(slots=True)
class Audit:
    """The counted and the undetermined awards, read against one version of a programme."""

    frame: Frame
    candidates: Sequence[Candidate]

    def results(self) -> tuple[Truth, tuple[RequirementResult, ...]]:
        """Whether the whole tree is satisfied, and each leaf and named group in the order of the pack."""
        found: list[RequirementResult] = []
        truth = self._walk(self.frame.version.require, found)
        return truth, tuple(found)

    def need(self, leaf: Leaf) -> Fraction | None:
        """What a leaf needs today; None where the syllabus that says so is not at hand."""
        need, syllabus = leaf.need, self.frame.syllabus
        if need.from_syllabus:
            return syllabus.required_credits if syllabus else None
        dated = leaf.terms_on(self.frame.situation.on, self.frame.version.terms).value if leaf.terms else None
        amount = need.amount if dated is None else dated
        if need.share_of is None or amount is None:
            return amount or Fraction(0)
        return amount * (
            self._all_counted() if need.share_of == "counted" else self.frame.programme.parts[need.share_of]
        )

    def _all_counted(self) -> Fraction:
        return total(each.counted for each in self.candidates)

    def _walk(self, requirement: Requirement, found: list[RequirementResult]) -> Truth:
        if isinstance(requirement, Leaf):
            truth, result = self._leaf(requirement)
            found.append(result)
            return truth
        truths = [self._walk(part, found) for part in requirement.parts]
        truth = _at_least(truths, requirement.at_least)
        if requirement.id:
            found.append(self._group(requirement, truths, truth))
        return truth

    def _group(self, group: Group, truths: list[Truth], truth: Truth) -> RequirementResult:
        have = Fraction(truths.count(Truth.YES))
        return RequirementResult(group.id, group.kind, _ANSWERS[truth], Fraction(group.at_least), have, ())

    def _leaf(self, leaf: Leaf) -> tuple[Truth, RequirementResult]:
        if leaf.learner is not None:
            return self._learner(leaf)
        if leaf.subjects_by is not None:
            return self._subjects(leaf)
        needed = self.need(leaf)
        awards = tuple((each.award.id, size_in(each, leaf)) for each in self.candidates if self._is_in(each, leaf))
        have = total(amount for _, amount in awards)
        if needed is None:
            return self._answer(leaf, Truth.UNKNOWN, Fraction(0), have, awards, {"missing": "syllabus"})
        truth = Truth.YES if have >= needed else Truth.UNKNOWN if have + self._possible(leaf) >= needed else Truth.NO
        return self._answer(leaf, truth, needed, have, awards, {})

    def _is_in(self, candidate: Candidate, leaf: Leaf) -> bool:
        if not candidate.counted:
            return False
        if leaf.kind == "slot":
            return candidate.slot == leaf.id
        return leaf.where.judge(candidate.award, self.frame.situation).truth is Truth.YES

    def _possible(self, leaf: Leaf) -> Fraction:
        """What undetermined awards, and counted ones of which membership is unknown, could still bring."""
        return total(self._brings(each, leaf) for each in self.candidates)

    def _brings(self, candidate: Candidate, leaf: Leaf) -> Fraction:
        truth = leaf.where.judge(candidate.award, self.frame.situation).truth
        may_count = candidate.may_still_count
        if truth is Truth.NO or (not may_count and truth is Truth.YES):
            return Fraction(0)
        amount = may_count or candidate.counted
        return Fraction(1) if leaf.measure == "items" and amount else amount

    def _learner(self, leaf: Leaf) -> tuple[Truth, RequirementResult]:
        test = leaf.learner
        assert test is not None
        value = self.frame.situation.learner.get(test.fact)
        same = value == test.value and type(value) is type(test.value)
        truth = Truth.UNKNOWN if value is None else Truth.YES if same else Truth.NO
        have = Fraction(1 if truth is Truth.YES else 0)
        return self._answer(leaf, truth, Fraction(1), have, (), {"fact": test.fact})

    def _subjects(self, leaf: Leaf) -> tuple[Truth, RequirementResult]:
        """Every required subject of the syllabus is among the counted awards; its credits do not matter."""
        syllabus, key = self.frame.syllabus, leaf.subjects_by
        if syllabus is None or key is None or not syllabus.required_subjects:
            return self._answer(leaf, Truth.UNKNOWN, Fraction(0), Fraction(0), (), {"missing": "syllabus"})
        counted = [each for each in self.candidates if self._is_in(each, leaf)]
        done = {equivalence_key(each.award, key): each.award.id for each in reversed(counted)}
        done.pop(None, None)
        wanted = [(title_key(title, key), title) for title in syllabus.required_subjects]
        awards = tuple((done[subject], Fraction(1)) for subject, _ in wanted if subject in done)
        lacking: list[Json] = [pick(title, "ko") for subject, title in wanted if subject not in done]
        truth = self._subject_truth({subject for subject, _ in wanted if subject not in done}, leaf, key)
        return self._answer(leaf, truth, Fraction(len(wanted)), Fraction(len(awards)), awards, {"lacking": lacking})

    def _subject_truth(self, lacking: set[str | None], leaf: Leaf, key: str) -> Truth:
        """Open only where every subject that is lacking has an award that may still count."""
        if not lacking:
            return Truth.YES
        pending = {equivalence_key(each.award, key) for each in self.candidates if self._brings(each, leaf)}
        return Truth.UNKNOWN if lacking <= pending - {None} else Truth.NO

    def _answer(
        self,
        leaf: Leaf,
        truth: Truth,
        needed: Fraction,
        have: Fraction,
        awards: tuple[tuple[str, Fraction], ...],
        facts: dict[str, Json],
    ) -> tuple[Truth, RequirementResult]:
        terms = leaf.terms_on(self.frame.situation.on, self.frame.version.terms)
        inputs: dict[str, Json] = {"needed": text_of_amount(needed), "have": text_of_amount(have), **facts}
        words = f"{text_of_amount(have)} {_SIGNS[truth]} {text_of_amount(needed)}"
        result = "satisfied" if truth is Truth.YES else "undetermined" if truth is Truth.UNKNOWN else _code(leaf)
        self.frame.trace.add("requirements", result, rule=leaf.id, terms=terms, inputs=inputs, arithmetic=words)
        return truth, RequirementResult(leaf.id, leaf.kind, _ANSWERS[truth], needed, have, awards)


def _at_least(truths: list[Truth], least: int) -> Truth:
    if truths.count(Truth.YES) >= least:
        return Truth.YES
    possible = len(truths) - truths.count(Truth.NO)
    return Truth.UNKNOWN if possible >= least else Truth.NO


def _code(leaf: Leaf) -> str:
    """The reason code of a requirement that is not satisfied."""
    if leaf.learner is not None:
        return "TITLE_BLOCKED"
    if leaf.subjects_by is not None:
        return "MISSING_SUBJECT"
    if leaf.need.share_of is not None:
        return "MIN_SHARE"
    if isinstance(leaf.where, LevelAtLeast):
        return "SHORT_LEVEL"
    return "SHORT_ITEMS" if leaf.measure == "items" else "SHORT_CREDITS"


def shortfall(requirement: Requirement, missing: dict[str, Fraction]) -> Fraction:
    """Credits left to earn: the sum over the tree, of which a group with a choice takes its cheapest parts."""
    if isinstance(requirement, Leaf):
        return missing.get(requirement.id, Fraction(0))
    parts = sorted(shortfall(part, missing) for part in requirement.parts)
    return sum(parts[: requirement.at_least], Fraction(0))
