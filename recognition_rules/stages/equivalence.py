"""Steps 5 and 8: which awards are the same course, and what that does to the one offered room later."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.decision import Reason
from recognition_rules.normalisers import equivalence_key
from recognition_rules.pack import Equivalence
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.truth import Edit, Finding, Truth


@dataclass(slots=True)
class Twins:
    """Who holds each equivalence class so far: award ids by (rule, key), in the order they came."""

    frame: Frame
    held: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    in_force: tuple[Equivalence, ...] = ()
    comparing: dict[tuple[str, str | None], tuple[Equivalence, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        on, programme = self.frame.situation.on, self.frame.programme.id
        rules = (rule for rule in self.frame.pack.equivalences if rule.head.concerns(programme))
        self.in_force = tuple(rule for rule in rules if rule.head.on(on) is not None)

    def enter_used(self, awards: Iterable[Award]) -> None:
        """Awards used up earlier hold their class wherever a duplicate is looked for across the learner's life."""
        for award in awards:
            for rule in self._rules("exclusive", award):
                if rule.across == "learner":
                    self._hold(rule, award)

    def refuse_duplicate(self, candidate: Candidate) -> bool:
        """Whether a twin knocks the award out; says which, and what giving it up would do."""
        found = False
        for rule in self._rules("exclusive", candidate.award):
            key = equivalence_key(candidate.award, rule.key)
            holders = self.held.get((rule.head.id, key), []) if key else []
            holders = [each for each in holders if each != candidate.award.id]
            if holders:
                self._duplicate(candidate, rule, holders[0], key)
                found = True
            elif rule.blocks == "eligible":
                self._hold(rule, candidate.award)
        return found

    def move_substitute(self, candidate: Candidate) -> None:
        """A substitute of an award that keeps the class moves into the other class; both count."""
        for rule in self._rules("substitute", candidate.award):
            key = equivalence_key(candidate.award, rule.key)
            holders = self.held.get((rule.head.id, key), []) if key else []
            if candidate.award.course_class == rule.keeps_class and len(holders) >= rule.at_most:
                self._move(candidate, rule, holders)

    def counted(self, candidate: Candidate) -> None:
        """The award counts, so it holds its classes from here on."""
        for rule in self._rules("exclusive", candidate.award):
            if rule.blocks == "counted":
                self._hold(rule, candidate.award)
        for rule in self._rules("substitute", candidate.award):
            if candidate.award.course_class == rule.keeps_class:
                self._hold(rule, candidate.award)

    def _rules(self, kind: str, award: Award) -> list[Equivalence]:
        """The rules of a kind that are in force and that compare this award, in its class, at all."""
        place = (award.id, award.course_class)
        if place not in self.comparing:
            situation = self.frame.situation
            compare = (rule for rule in self.in_force if rule.where.judge(award, situation).truth is Truth.YES)
            self.comparing[place] = tuple(compare)
        return [rule for rule in self.comparing[place] if rule.kind == kind]

    def _hold(self, rule: Equivalence, award: Award) -> None:
        key = equivalence_key(award, rule.key)
        if key is not None:
            self.held.setdefault((rule.head.id, key), []).append(award.id)

    def _duplicate(self, candidate: Candidate, rule: Equivalence, holder: str, key: str | None) -> None:
        facts: dict[str, Json] = {"with": [holder], "key": key}
        used = holder in self.frame.used
        edit = None if used else Edit("give_up", {"award": holder})
        candidate.hold(Truth.NO, (Finding("DUPLICATE_OF", facts, edit),), rule.head.label, rule.head.id)
        self._step(candidate, rule, facts, "duplicate")

    def _move(self, candidate: Candidate, rule: Equivalence, holders: list[str]) -> None:
        facts: dict[str, Json] = {"with": list(holders), "from": rule.keeps_class, "to": rule.others_become}
        nothing = candidate.counted
        candidate.notes.append(Reason("SUBSTITUTE_OF", rule.head.label, rule.head.id, nothing, facts))
        candidate.award = replace(candidate.award, course_class=rule.others_become)
        self._step(candidate, rule, facts, "moved")

    def _step(self, candidate: Candidate, rule: Equivalence, facts: dict[str, Json], result: str) -> None:
        terms = rule.head.on(self.frame.situation.on)
        award = candidate.award.id
        step = self.frame.trace.add("choose", result, award=award, rule=rule.head.id, terms=terms, inputs=facts)
        candidate.steps.append(step)
