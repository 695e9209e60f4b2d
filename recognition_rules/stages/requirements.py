"""Step 10: each leaf of a tree of requirements, then the groups: satisfied, what it needed, what it has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from recognition_rules.amount_text import Exact, as_fraction, reaches, text_of_amount
from recognition_rules.canonical import Json
from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.compound import All, AnyOf
from recognition_rules.conditions.levels import LevelAtLeast, LevelWithin
from recognition_rules.programme import Group, Leaf, Requirement
from recognition_rules.recognition import Answer, RequirementResult
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.leaf_readings import LeafReader, Reading
from recognition_rules.stages.needs import ZERO, Needed, fixed, needed
from recognition_rules.truth import Truth

_ANSWERS: dict[Truth, Answer] = {Truth.YES: "yes", Truth.NO: "no", Truth.UNKNOWN: "undetermined"}
_SIGNS = {Truth.YES: "≥", Truth.NO: "<", Truth.UNKNOWN: "< for now"}

Have = Mapping[str, Fraction]


@dataclass(slots=True)
class Audit:
    """The counted and the undetermined awards, read against trees of requirements."""

    frame: Frame
    candidates: Sequence[Candidate]
    received: dict[str, Fraction] = field(default_factory=dict)
    reader: LeafReader = field(init=False)

    def results(self) -> tuple[Truth, tuple[RequirementResult, ...]]:
        """Whether the programme's tree is satisfied, and each leaf and named group in the order of the pack.

        Nothing is settled where it is not known which version of the programme holds.
        """
        return self.read(self.frame.version.require)

    def read(self, tree: Requirement, stage: str = "requirements") -> tuple[Truth, tuple[RequirementResult, ...]]:
        """The same of any tree: an exit award's, a milestone's. `stage` names the steps of the trace."""
        self.reader = LeafReader(self.frame, self.candidates)
        self.received = self._received(tree)
        found: list[RequirementResult] = []
        truth = self._walk(tree, found, stage)
        return truth, tuple(found)

    def need(self, leaf: Leaf) -> Fraction | None:
        """What a leaf needs today; None where the syllabus or the exit award that says so is not known."""
        return needed(leaf, self.frame, self.candidates).now

    def _received(self, root: Requirement) -> dict[str, Fraction]:
        tree = self.frame.plan.tree(root)
        if not tree.passes_on:
            return {}
        found = tree.slots
        have = {leaf.id: self.reader.amount(leaf, fixed(ZERO)).have for leaf in found}
        return passed_on(found, {leaf.id: self.need(leaf) or ZERO for leaf in found}, have)

    def _walk(self, requirement: Requirement, found: list[RequirementResult], stage: str) -> Truth:
        if isinstance(requirement, Leaf):
            truth, result = self._leaf(requirement, stage)
            found.append(result)
            return truth
        truths = [self._walk(part, found, stage) for part in requirement.parts]
        truth = self.frame.answer(requirement, _at_least(truths, requirement.at_least))
        if requirement.id:
            found.append(self._group(requirement, truths, truth))
        return truth

    def _group(self, group: Group, truths: list[Truth], truth: Truth) -> RequirementResult:
        sure = group.at_least if truth is Truth.YES else 0
        have = as_fraction(max(truths.count(Truth.YES), sure))
        return RequirementResult(group.id, group.kind, _ANSWERS[truth], as_fraction(group.at_least), have, ())

    def _leaf(self, leaf: Leaf, stage: str) -> tuple[Truth, RequirementResult]:
        reading = self._reading(leaf)
        truth = Truth.UNKNOWN if self.frame.undated else reading.truth
        if self.frame.doubts or self.frame.heard is not None:
            truth = self.frame.answer(leaf, truth, enough=reaches(reading.have, reading.needed))
        if self.frame.trace.telling:
            self._tell(leaf, reading, truth, stage)
        answer = _ANSWERS[truth]
        return truth, RequirementResult(leaf.id, leaf.kind, answer, reading.needed, reading.have, reading.awards)

    def _reading(self, leaf: Leaf) -> Reading:
        reader, form = self.reader, leaf.form
        if form == "learner":
            return reader.learner(leaf)
        if form == "subjects":
            return reader.subjects(leaf)
        if form == "courses":
            return reader.courses(leaf)
        need = needed(leaf, self.frame, self.candidates)
        reading = reader.window(leaf, need) if form == "window" else self._amount(reader, leaf, need)
        return _unknown_need(reading) if need.now is None and need.missing == "syllabus" else reading

    def _amount(self, reader: LeafReader, leaf: Leaf, need: Needed) -> Reading:
        return reader.amount(leaf, need, self.received.get(leaf.id, ZERO))

    def _tell(self, leaf: Leaf, reading: Reading, truth: Truth, stage: str) -> None:
        terms = leaf.terms_on(self.frame.situation.on, self.frame.version.terms)
        needed_text, have_text = text_of_amount(reading.needed), text_of_amount(reading.have)
        inputs: dict[str, Json] = {"needed": needed_text, "have": have_text, **reading.facts}
        if leaf.id in self.received:
            inputs["received"] = text_of_amount(self.received[leaf.id])
        if self.frame.undated:
            inputs["missing"] = self.frame.undated
        if id(leaf) in self.frame.doubts:
            inputs["open"] = self.frame.doubts[id(leaf)].to_json()
        sign = _SIGNS[truth]
        if truth is Truth.UNKNOWN and "missing" not in reading.facts and reading.have >= reading.needed:
            sign = "≥ for now"
        result = "satisfied" if truth is Truth.YES else "undetermined" if truth is Truth.UNKNOWN else code_of(leaf)
        open_need = truth is Truth.UNKNOWN and reading.have >= reading.needed and "missing" in reading.facts
        words = None if open_need else f"{reading.words}{have_text} {sign} {needed_text}"
        self.frame.trace.add(stage, result, rule=leaf.id, terms=terms, inputs=inputs, arithmetic=words)


def _unknown_need(reading: Reading) -> Reading:
    return Reading(Truth.UNKNOWN, ZERO, reading.have, reading.awards, reading.facts)


def _at_least(truths: list[Truth], least: int) -> Truth:
    if truths.count(Truth.YES) >= least:
        return Truth.YES
    possible = len(truths) - truths.count(Truth.NO)
    return Truth.UNKNOWN if possible >= least else Truth.NO


def code_of(leaf: Leaf) -> str:
    """The reason code of a requirement that is not satisfied."""
    named = {"learner": "TITLE_BLOCKED", "subjects": "MISSING_SUBJECT", "courses": "MISSING_SUBJECT"}
    if leaf.form != "amount":
        return named.get(leaf.form, "WINDOW_SHORT")
    if leaf.need.share_of is not None and leaf.need.amount != 1:
        return "MIN_SHARE"
    if _asks_for_level(leaf.where):
        return "SHORT_LEVEL"
    return "SHORT_CREDITS" if leaf.measure == "credits" else "SHORT_ITEMS"


def _asks_for_level(condition: Condition) -> bool:
    if isinstance(condition, All | AnyOf):
        return any(map(_asks_for_level, condition.parts))
    return isinstance(condition, LevelAtLeast | LevelWithin)


def passed_on(found: Sequence[Leaf], needs: Have, have: Have) -> dict[str, Fraction]:
    """What each slot receives of the surplus of others, which may pass on what they received themselves."""
    received: dict[str, Fraction] = {}
    waiting = [leaf for leaf in found if leaf.surplus_to is not None]
    while waiting:
        targets = {leaf.surplus_to for leaf in waiting}
        ready = [leaf for leaf in waiting if leaf.id not in targets]
        for leaf in ready:
            over = have.get(leaf.id, ZERO) + received.get(leaf.id, ZERO) - needs[leaf.id]
            target = leaf.surplus_to or ""
            received[target] = received.get(target, ZERO) + max(over, ZERO)
        waiting = [leaf for leaf in waiting if leaf not in ready]
    return received


def missing_in_slots(found: Sequence[Leaf], needs: Have, have: Have) -> dict[str, Fraction]:
    """What each slot still lacks, given what sits in each; a slot of which nothing is said lacks nothing."""
    received = passed_on(found, needs, {leaf.id: have.get(leaf.id, needs[leaf.id]) for leaf in found})
    return {
        leaf: max(need - have.get(leaf, need) - received.get(leaf, ZERO), ZERO) if leaf in have else ZERO
        for leaf, need in needs.items()
    }


def shortfall(requirement: Requirement, missing: Mapping[str, Exact]) -> Exact:
    """Credits left to earn: the sum over the tree, of which a group with a choice takes its cheapest parts.

    What a leaf lacks is in its own measure: credits, awards, courses or subjects.
    """
    if isinstance(requirement, Leaf):
        return missing.get(requirement.id, 0)
    parts = [shortfall(part, missing) for part in requirement.parts]
    return sum(parts) if requirement.at_least == len(parts) else sum(sorted(parts)[: requirement.at_least])
