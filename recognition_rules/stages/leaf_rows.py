"""Step 8, best: the tree of requirements as leaves that add up, and what each option of an award brings to them.

A slot or a test is a leaf with its need; a list of subjects or courses is a pick of one leaf for each name, and lacks
one for each that is missing; a need that is a share of what counts becomes a leaf with no need, to which everything
in the share brings less by the share of it. What does not depend on the choice is a leaf that has nothing.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from recognition_rules.allocation.model import Pairs, Pick, Tree
from recognition_rules.amount_text import Exact, whole
from recognition_rules.award import Award
from recognition_rules.normalisers import equivalence_key, title_key
from recognition_rules.programme import Leaf, Requirement
from recognition_rules.stages import trees
from recognition_rules.stages.attainable import attainable
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.leaf_readings import LeafReader, satisfies
from recognition_rules.stages.needs import needed
from recognition_rules.stages.plan import Profile
from recognition_rules.stages.windows import Parts, window_parts
from recognition_rules.truth import Truth

Sums = dict[int, Exact]
Placing = tuple[str | None, Sums]
"""A slot that takes an award, and what each leaf has of the award then."""

MAX_PLACINGS = 512
"""Of one profile so many are remembered at most; beyond that they are worked out anew."""


@dataclass(slots=True)
class LeafRows:
    """The leaves of the programme's tree, numbered; `needs` by number."""

    frame: Frame
    needs: list[Exact] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    names: dict[str, dict[str | None, int]] = field(default_factory=dict)
    shares: dict[str, Exact] = field(default_factory=dict)
    parts: dict[str, Parts] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    lists: dict[str, list[int]] = field(default_factory=dict)
    lacking: int = 0
    root: trees.Tree = field(init=False)
    sums: tuple[Leaf, ...] = ()
    special: tuple[Leaf, ...] = ()
    layout: Hashable = None

    def __post_init__(self) -> None:
        self.lacking = self._new(1)
        self.root = self.frame.plan.tree(self.frame.version.require)
        for leaf in self.root.leaves:
            getattr(self, f"_{leaf.form}")(leaf)
        found = [leaf for leaf in self.root.leaves if leaf.id in self.open]
        self.sums = tuple(leaf for leaf in found if leaf.form == "amount")
        self.special = tuple(leaf for leaf in found if leaf.form != "amount")
        self.layout = (self.root, tuple(self.numbers.values()), tuple(self.shares.values()))

    def _new(self, need: Exact) -> int:
        self.needs.append(need)
        return len(self.needs) - 1

    def _amount(self, leaf: Leaf) -> None:
        need = needed(leaf, self.frame, ())
        if leaf.need.share_of == "counted":
            self.shares[leaf.id] = whole(need.share) if need.share else 0
        elif need.now is None:
            self.unknown.add(leaf.id)
        self.numbers[leaf.id] = self._new(0 if leaf.id in self.shares or not need.now else whole(need.now))
        self.open.add(leaf.id)

    def _window(self, leaf: Leaf) -> None:
        assert leaf.window is not None
        parts = window_parts(leaf.window, self.frame.eligible, self.frame.situation)
        self._amount(leaf)
        self.parts[leaf.id] = parts or {}
        if parts is None:
            self.unknown.add(leaf.id)

    def _learner(self, leaf: Leaf) -> None:
        if LeafReader(self.frame, ()).learner(leaf).truth is not Truth.YES:
            self.numbers[leaf.id] = self.lacking

    def _subjects(self, leaf: Leaf) -> None:
        syllabus, key = self.frame.syllabus, leaf.subjects_by
        titles = leaf.subjects or (syllabus.required_subjects if syllabus else ())
        if key is None or not titles:
            self.unknown.add(leaf.id)
            return
        self._named(leaf, [title_key(title, key) for title in titles])

    def _courses(self, leaf: Leaf) -> None:
        self._named(leaf, list(leaf.courses))

    def _named(self, leaf: Leaf, names: Sequence[str | None]) -> None:
        """One leaf for each name; a name that stands in the list twice is asked for twice, and had twice."""
        found: dict[str | None, int] = {name: self._new(1) for name in names if name is not None}
        self.names[leaf.id] = found
        self.open.add(leaf.id)
        self.lists[leaf.id] = [self.lacking if name is None else found[name] for name in names]

    @property
    def of_items(self) -> set[int]:
        """The leaves that count awards, by number, so that they have each award once."""
        found = (leaf for leaf in self.root.leaves if leaf.measure == "items")
        return {self.numbers[leaf.id] for leaf in found if leaf.id in self.numbers and leaf.id not in self.shares}

    @property
    def spills(self) -> Pairs:
        """Where the surplus of a slot goes, those first into which none goes any more."""
        waiting = [leaf for leaf in self.root.slots if leaf.surplus_to is not None]
        found: list[tuple[int, int]] = []
        while waiting:
            targets = {leaf.surplus_to for leaf in waiting}
            ready = [leaf for leaf in waiting if leaf.id not in targets]
            found += [(self.numbers[leaf.id], self.numbers[leaf.surplus_to or ""]) for leaf in ready]
            waiting = [leaf for leaf in waiting if leaf not in ready]
        return tuple(found)

    def tree(self, *, granting: bool) -> Tree:
        """The tree; where it asks for what is `granting`, what is unknown is lacking, else it lacks nothing."""
        tree = self._tree(attainable(self.frame.version.require, self.frame.situation), granting=granting)
        return Pick(2, (tree, self.lacking)) if granting and self.frame.undated else tree

    def _tree(self, requirement: Requirement, *, granting: bool) -> Tree:
        if not isinstance(requirement, Leaf):
            return Pick(requirement.at_least, tuple(self._tree(each, granting=granting) for each in requirement.parts))
        if requirement.id in self.unknown:
            return self.lacking if granting else Pick(0, ())
        if requirement.id in self.names:
            listed = self.lists[requirement.id]
            return Pick(len(listed) if requirement.named is None else requirement.named, tuple(listed))
        return self.numbers.get(requirement.id, Pick(0, ()))

    def meet(self, brings: Sums) -> None:
        """Takes what is had in any case off the needs, which may fall below nothing."""
        for number, amount in brings.items():
            self.needs[number] -= amount

    def placings(self, candidate: Candidate, award: Award, amount: Exact) -> list[Placing]:
        """The slots that may take so much of the award, each with what the leaves have of it there.

        What does not count yet, or counts nothing, sits in none. What adds up is the same for all awards of one
        profile, where that settles which leaves hold them; lists and windows are asked of each.
        """
        profile = self.frame.profile(award)
        key = (self.layout, amount, candidate.on_condition)
        known = profile.placings.get(key)
        if known is None:
            counting = bool(amount) and not candidate.on_condition
            known = self._counting(award, amount) if counting else [(None, {})]
            if self._settles(profile):
                _remember(profile, key, known)
        if not self.special:
            return known
        return [(slot, {**sums, **self._specially(candidate, award, amount, slot)}) for slot, sums in known]

    def _settles(self, profile: Profile) -> bool:
        asked = {id(leaf.where) for leaf in self.sums} | {id(leaf.need.among) for leaf in self.sums}
        return asked - {id(None)} <= profile.truths.keys()

    def _counting(self, award: Award, amount: Exact) -> list[Placing]:
        """The slots that take so much, each with what adds up there."""
        held = [leaf for leaf in self.sums if self._holds(leaf, award)]
        tests: Sums = {}
        for leaf in held:
            if leaf.kind != "slot":
                self._add(tests, leaf, amount, 1)
        for leaf in self.sums:
            if leaf.id in self.shares and self._is_based_on(leaf, award):
                self._add(tests, leaf, amount, -self.shares[leaf.id])
        named = [leaf for leaf in held if leaf.kind == "slot" and not leaf.rest]
        seats = named or [leaf for leaf in self.sums if leaf.rest][:1]
        if not seats:
            return [(None, _without_nothing(tests))]
        return [(leaf.id, self._seated(tests, leaf, amount)) for leaf in seats]

    def _seated(self, tests: Sums, slot: Leaf, amount: Exact) -> Sums:
        found = dict(tests)
        self._add(found, slot, amount, 1)
        return _without_nothing(found)

    def _add(self, found: Sums, leaf: Leaf, amount: Exact, times: Exact) -> None:
        number, size = self.numbers[leaf.id], amount if leaf.measure == "credits" else 1
        found[number] = found.get(number, 0) + size * times

    def _holds(self, leaf: Leaf, award: Award) -> bool:
        return self.frame.situation.truth(leaf.where, award) is Truth.YES

    def _is_based_on(self, leaf: Leaf, award: Award) -> bool:
        """Whether a leaf's share is of the award."""
        among = leaf.need.among
        return among is None or self.frame.situation.truth(among, award) is Truth.YES

    def _specially(self, candidate: Candidate, award: Award, amount: Exact, slot: str | None) -> Sums:
        """What lists and windows have of an award, were so much of it to count in that slot."""
        found: Sums = {}
        counting = bool(amount) and not candidate.on_condition
        for leaf in self.special:
            if leaf.form == "courses":
                self._course(leaf, candidate, amount, found)
            elif counting:
                inside = leaf.id == slot if leaf.kind == "slot" else self._holds(leaf, award)
                if leaf.form == "subjects":
                    self._subject(leaf, award, found, inside=inside)
                else:
                    self._part(leaf, candidate.key, award, amount, found, inside=inside)
        return _without_nothing(found)

    def _part(self, leaf: Leaf, key: str, award: Award, amount: Exact, found: Sums, *, inside: bool) -> None:
        if inside:
            self._add(found, leaf, amount, self.parts[leaf.id].get(key, 0))
        if leaf.id in self.shares and self._is_based_on(leaf, award):
            self._add(found, leaf, amount, -self.shares[leaf.id])

    def _subject(self, leaf: Leaf, award: Award, found: Sums, *, inside: bool) -> None:
        number = self.names[leaf.id].get(equivalence_key(award, leaf.subjects_by or "")) if inside else None
        if number is not None:
            found[number] = 1

    def _course(self, leaf: Leaf, candidate: Candidate, amount: Exact, found: Sums) -> None:
        given = replace(candidate)
        given.grant(Fraction(amount))
        number = self.names[leaf.id].get(candidate.part)
        if candidate.part is not None and number is not None and satisfies(given):
            found[number] = 1


def _without_nothing(sums: Sums) -> Sums:
    return {number: each for number, each in sums.items() if each}


def _remember(profile: Profile, key: Hashable, placings: list[Placing]) -> None:
    if len(profile.placings) >= MAX_PLACINGS:
        profile.placings.clear()
    profile.placings[key] = placings
