"""Steps 5 and 8: which awards are the same course, and what that does to the one offered room later."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.decision import Reason
from recognition_rules.normalisers import key_reader
from recognition_rules.pack import Equivalence
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.plan import Comparing
from recognition_rules.stages.rivals import BY_COURSE, rivalry
from recognition_rules.truth import Edit, Finding, Truth

Class = tuple[str, str]
"""An equivalence class: the rule, and the key that its awards share."""

Belonging = tuple[tuple[Equivalence, Class], ...]
"""The classes of one award, each with its rule."""


@dataclass(slots=True)
class Twins:
    """Who holds each equivalence class so far: award ids by (rule, key), in the order they came.

    What is a duplicate is judged by the class an award came with, wherever a substitute rule then moves it.
    """

    frame: Frame
    held: dict[Class, list[str]] = field(default_factory=dict)
    in_force: tuple[Equivalence, ...] = ()
    comparing: dict[int, tuple[Award, Belonging, Belonging]] = field(default_factory=dict)
    came_as: dict[str, Award] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.in_force = self.frame.plan.equivalences

    def enter_used(self, awards: Iterable[Award]) -> None:
        """Awards used up earlier hold their class wherever a duplicate is looked for across the learner's life."""
        for award in awards:
            for rule, found in self.classes("exclusive", award):
                if rule.across == "learner":
                    self.held.setdefault(found, []).append(award.id)

    def reserve(self, offered: Iterable[Candidate]) -> None:
        """Where eligible twins block, the first along the order has the class, whether it counts in the end or not."""
        for candidate in offered if any(rule.blocks == "eligible" for rule in self.in_force) else ():
            for rule, twins in self.classes("exclusive", candidate.award):
                if rule.blocks == "eligible" and not self.held.get(twins):
                    self.held[twins] = [candidate.award.id]

    def refuse_duplicate(self, candidate: Candidate) -> bool:
        """Whether a twin knocks the award out; says which, and what giving it up would do."""
        return self._refuse(candidate, self.belonging(candidate.award)[1])

    def _refuse(self, candidate: Candidate, classes: Belonging) -> bool:
        found = False
        for rule, twins in classes:
            holders = self.holders(twins, candidate.award) if twins in self.held else ()
            if holders:
                self._duplicate(candidate, rule, holders[0], twins[1])
                found = True
        return found

    def admit(self, candidate: Candidate) -> bool:
        """Whether no twin knocks the award out; where none does, it moves if it is a substitute."""
        _, exclusive, substitutes = self.belonging(candidate.award)
        if exclusive and self._refuse(candidate, exclusive):
            return False
        self._move(candidate, substitutes)
        return True

    def move_substitute(self, candidate: Candidate) -> None:
        """A substitute of an award that keeps the class moves into the other class; both count."""
        self._move(candidate, self.belonging(candidate.award)[2])

    def _move(self, candidate: Candidate, classes: Belonging) -> None:
        for rule, twins in classes:
            holders = self.held.get(twins, [])
            if candidate.award.course_class == rule.keeps_class and len(holders) >= rule.at_most:
                self.move(candidate, rule, holders)

    def is_barred(self, candidate: Candidate) -> bool:
        """The same question where nothing is written down: for twins whose place is taken before the choice."""
        award = candidate.award
        return any(self.holders(twins, award) for _, twins in self.classes("exclusive", award))

    def holders(self, twins: Class, award: Award) -> list[str]:
        """Who holds a class, but for the award itself, which may stand for several courses."""
        held = self.held.get(twins)
        return [each for each in held if each != award.id] if held else []

    def counted(self, candidate: Candidate) -> None:
        """The award counts, so it holds its classes from here on."""
        _, exclusive, substitutes = self.belonging(candidate.award)
        if self.came_as:
            exclusive = self.belonging(self.came_as.get(candidate.key, candidate.award))[1]
        for rule, twins in exclusive:
            if rule.blocks == "counted":
                self.held.setdefault(twins, []).append(candidate.award.id)
        for _, twins in substitutes:
            self.held.setdefault(twins, []).append(candidate.award.id)

    def take_back(self, candidate: Candidate) -> None:
        """The award that counted last does not, after all."""
        for kind, award in (("exclusive", self.came_as.get(candidate.key)), ("substitute", candidate.award)):
            for rule, twins in self.classes(kind, award or candidate.award):
                if rule.blocks == "counted" and candidate.award.id in self.held.get(twins, ()):
                    self.held[twins].remove(candidate.award.id)

    def classes(self, kind: str, award: Award) -> Belonging:
        """The classes that an award belongs to, by the rules of a kind that are in force and compare it at all.

        Of substitutes those whose place it could keep.
        """
        _, exclusive, substitutes = self.belonging(award)
        return exclusive if kind == "exclusive" else substitutes

    def belonging(self, award: Award) -> tuple[Award, Belonging, Belonging]:
        """The award with its classes of either kind."""
        known = self.comparing.get(id(award))
        if known is None:
            profile = self.frame.situation.profile(award)
            exclusive = self._classes(profile.exclusive, award) if profile.exclusive else ()
            if self.frame.rivals:
                exclusive += self._rivalry(award)
            substitutes = self._classes(profile.substitutes, award) if profile.substitutes else ()
            known = self.comparing[id(award)] = (award, exclusive, substitutes)
        return known

    def _classes(self, rules: Comparing, award: Award) -> Belonging:
        found: Belonging = ()
        for rule, certain in rules:
            holds = certain or self.frame.situation.truth(rule.where, award) is Truth.YES
            if not holds or (self.frame.lifted and rule.head.id in self.frame.lifted.get(award.id, ())):
                continue
            key = key_reader(rule.key)(award)
            if key is not None:
                found += ((rule, (rule.head.id, key)),)
        return found

    def _rivalry(self, award: Award) -> Belonging:
        rival = rivalry(self.frame, award)
        return () if rival is None else (rival,)

    def _duplicate(self, candidate: Candidate, rule: Equivalence, holder: str, key: str) -> None:
        facts: dict[str, Json] = {"with": [holder], "course" if rule.key == BY_COURSE else "key": key}
        used = holder in self.frame.used
        edit = None if used else Edit("give_up", {"award": holder})
        candidate.hold(Truth.NO, (Finding("DUPLICATE_OF", facts, edit),), rule.head.label, rule.head.id)
        self._step(candidate, rule, facts, "duplicate")

    def move(self, candidate: Candidate, rule: Equivalence, holders: Sequence[str]) -> None:
        """Moves an award out of the class that others keep, and says so."""
        facts: dict[str, Json] = {"with": list(holders), "from": rule.keeps_class, "to": rule.others_become}
        nothing = candidate.counted
        candidate.notes.append(Reason("SUBSTITUTE_OF", rule.head.label, rule.head.id, nothing, facts))
        self.came_as.setdefault(candidate.key, candidate.award)
        candidate.award = candidate.award.changed(course_class=rule.others_become)
        self._step(candidate, rule, facts, "moved")

    def _step(self, candidate: Candidate, rule: Equivalence, facts: dict[str, Json], result: str) -> None:
        terms = rule.head.on(self.frame.situation.on)
        award = candidate.award.id
        step = self.frame.trace.add("choose", result, award=award, rule=rule.head.id, terms=terms, inputs=facts)
        candidate.steps.append(step)
