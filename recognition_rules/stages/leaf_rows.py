"""Step 8, best: the tree of requirements as leaves that add up, and what each option of an award brings to them.

A slot or a test is a leaf with its need; a list of subjects or courses is a pick of one leaf for each name, and lacks
one for each that is missing; a need that is a share of what counts becomes a leaf with no need, to which everything
in the share brings less by the share of it. What does not depend on the choice is a leaf that has nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from recognition_rules.allocation.model import Pairs, Pick, Tree
from recognition_rules.amount_text import Exact, whole
from recognition_rules.award import Award
from recognition_rules.normalisers import equivalence_key, title_key
from recognition_rules.programme import Leaf, Requirement, leaves, slots
from recognition_rules.stages.attainable import attainable
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.leaf_readings import LeafReader, satisfies
from recognition_rules.stages.needs import needed
from recognition_rules.stages.windows import Parts, window_parts
from recognition_rules.truth import Truth

Sums = dict[int, Exact]
Placing = tuple[str | None, Sums]
"""A slot that takes an award, and what each leaf has of the award then."""

Held = tuple[tuple[bool, bool], ...]
"""By leaf: whether it holds an award, and whether its share is of the award."""


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
    leaves: tuple[Leaf, ...] = ()
    known: dict[object, list[Placing]] = field(default_factory=dict)
    held: dict[int, Held] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lacking = self._new(1)
        found = tuple(leaves(self.frame.version.require))
        for leaf in found:
            getattr(self, f"_{leaf.form}")(leaf)
        self.leaves = tuple(leaf for leaf in found if leaf.id in self.open)

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
        found = (leaf for leaf in leaves(self.frame.version.require) if leaf.measure == "items")
        return {self.numbers[leaf.id] for leaf in found if leaf.id in self.numbers and leaf.id not in self.shares}

    @property
    def spills(self) -> Pairs:
        """Where the surplus of a slot goes, those first into which none goes any more."""
        waiting = [leaf for leaf in slots(self.frame.version.require) if leaf.surplus_to is not None]
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

        What does not count yet, or counts nothing, sits in none. Awards of which the leaves ask nothing but whether
        they hold them are alike where they are held alike.
        """
        held = self._held(award)
        key = (held, amount, candidate.on_condition)
        known = self.known.get(key)
        if known is None:
            counting = bool(amount) and not candidate.on_condition
            seats = self._slots(held) if counting else (None,)
            known = [(slot, self._brought(candidate, award, amount, slot, held)) for slot in seats]
            if not self.parts and not self.names:
                self.known[key] = known
        return known

    def _held(self, award: Award) -> Held:
        """Which leaves hold an award; the same for all of one profile, where that settles what the leaves ask."""
        profile = self.frame.profile(award)
        held = self.held.get(id(profile))
        if held is None:
            held = tuple([self._holds(leaf, award) for leaf in self.leaves])
            asked = {id(leaf.where) for leaf in self.leaves} | {id(leaf.need.among) for leaf in self.leaves}
            if asked - {id(None)} <= profile.truths.keys():
                self.held[id(profile)] = held
        return held

    def _holds(self, leaf: Leaf, award: Award) -> tuple[bool, bool]:
        """Whether the leaf holds the award, and whether its share is of it."""
        truth, among = self.frame.situation.truth, leaf.need.among
        based = leaf.id in self.shares and (among is None or truth(among, award) is Truth.YES)
        return (leaf.kind == "slot" and leaf.rest) or truth(leaf.where, award) is Truth.YES, based

    def _slots(self, held: Held) -> tuple[str | None, ...]:
        found = [(leaf, inside) for leaf, (inside, _) in zip(self.leaves, held, strict=True) if leaf.kind == "slot"]
        named = tuple(leaf.id for leaf, inside in found if inside and not leaf.rest)
        return named or (next((leaf.id for leaf, _ in found if leaf.rest), None),)

    def _brought(
        self,
        candidate: Candidate,
        award: Award,
        amount: Exact,
        slot: str | None,
        held: Held,
    ) -> Sums:
        """What each leaf has of an award, were so much of it to count in that slot."""
        found: Sums = {}
        counting = bool(amount) and not candidate.on_condition
        for leaf, (inside, based) in zip(self.leaves, held, strict=True):
            if leaf.form == "courses":
                self._course(leaf, candidate, amount, found)
            elif counting:
                inside = leaf.id == slot if leaf.kind == "slot" else inside
                if leaf.form == "subjects":
                    self._subject(leaf, award, found, inside=inside)
                else:
                    self._size(leaf, candidate, amount, found, inside=inside, based=based)
        return {number: each for number, each in found.items() if each}

    def _subject(self, leaf: Leaf, award: Award, found: Sums, *, inside: bool) -> None:
        number = self.names[leaf.id].get(equivalence_key(award, leaf.subjects_by or "")) if inside else None
        if number is not None:
            found[number] = 1

    def _size(self, leaf: Leaf, candidate: Candidate, amount: Exact, found: Sums, *, inside: bool, based: bool) -> None:
        size = amount if leaf.measure == "credits" else 1
        number = self.numbers[leaf.id]
        if inside:
            part = self.parts[leaf.id].get(candidate.key, 0) if leaf.id in self.parts else 1
            found[number] = found.get(number, 0) + size * part
        if based:
            found[number] = found.get(number, 0) - size * self.shares[leaf.id]

    def _course(self, leaf: Leaf, candidate: Candidate, amount: Exact, found: Sums) -> None:
        given = replace(candidate)
        given.grant(Fraction(amount))
        number = self.names[leaf.id].get(candidate.part)
        if candidate.part is not None and number is not None and satisfies(given):
            found[number] = 1
