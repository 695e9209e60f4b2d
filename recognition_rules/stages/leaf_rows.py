"""Step 8, best: the tree of requirements as leaves that add up, and what each option of an award brings to them.

A slot or a test is a leaf with its need; a list of subjects or courses is a pick of one leaf for each name, and lacks
one for each that is missing; a need that is a share of what counts becomes a leaf with no need, to which everything
in the share brings less by the share of it. What does not depend on the choice is a leaf that has nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from recognition_rules.allocation.model import Pairs, Pick, Tree
from recognition_rules.award import Award
from recognition_rules.normalisers import equivalence_key, title_key
from recognition_rules.programme import Leaf, Requirement, leaves, slots
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.leaf_readings import LeafReader, satisfies
from recognition_rules.stages.needs import needed
from recognition_rules.stages.windows import Parts, window_parts
from recognition_rules.truth import Truth

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(slots=True)
class LeafRows:
    """The leaves of the programme's tree, numbered; `needs` by number."""

    frame: Frame
    candidates: Sequence[Candidate]
    needs: list[Fraction] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    names: dict[str, dict[str | None, int]] = field(default_factory=dict)
    shares: dict[str, Fraction] = field(default_factory=dict)
    parts: dict[str, Parts] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    lists: dict[str, list[int]] = field(default_factory=dict)
    lacking: int = 0

    def __post_init__(self) -> None:
        self.lacking = self._new(ONE)
        for leaf in leaves(self.frame.version.require):
            getattr(self, f"_{leaf.form}")(leaf)

    def _new(self, need: Fraction) -> int:
        self.needs.append(need)
        return len(self.needs) - 1

    def _amount(self, leaf: Leaf) -> None:
        need = needed(leaf, self.frame, ())
        if leaf.need.share_of == "counted":
            self.shares[leaf.id] = need.share or ZERO
        elif need.now is None:
            self.unknown.add(leaf.id)
        self.numbers[leaf.id] = self._new(ZERO if leaf.id in self.shares else need.now or ZERO)
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
        found: dict[str | None, int] = {name: self._new(ONE) for name in names if name is not None}
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
        tree = self._tree(self.frame.version.require, granting=granting)
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

    def slots_of(self, candidate: Candidate, award: Award, amount: Fraction) -> tuple[str | None, ...]:
        """The slots that may take the award; what does not count yet, or counts nothing, sits in none."""
        if candidate.on_condition or not amount:
            return (None,)
        found = slots(self.frame.version.require)
        named = tuple(leaf.id for leaf in found if not leaf.rest and self._holds(leaf, award))
        return named or (next((leaf.id for leaf in found if leaf.rest), None),)

    def _holds(self, leaf: Leaf, award: Award) -> bool:
        return self.frame.situation.truth(leaf.where, award) is Truth.YES

    def brought(self, candidate: Candidate, award: Award, amount: Fraction, slot: str | None) -> dict[int, Fraction]:
        """What each leaf has of an award, were so much of it to count in that slot."""
        found: dict[int, Fraction] = {}
        counting = bool(amount) and not candidate.on_condition
        for leaf in leaves(self.frame.version.require):
            if leaf.id not in self.open:
                continue
            if leaf.form == "courses":
                self._course(leaf, candidate, amount, found)
            elif counting:
                self._brought(leaf, candidate, award, amount, slot, found)
        return {number: each for number, each in found.items() if each}

    def _brought(
        self,
        leaf: Leaf,
        candidate: Candidate,
        award: Award,
        amount: Fraction,
        slot: str | None,
        found: dict[int, Fraction],
    ) -> None:
        inside = leaf.id == slot if leaf.kind == "slot" else self._holds(leaf, award)
        if leaf.form == "subjects":
            number = self.names[leaf.id].get(equivalence_key(award, leaf.subjects_by or "")) if inside else None
            if number is not None:
                found[number] = ONE
            return
        size = amount if leaf.measure == "credits" else ONE
        number = self.numbers[leaf.id]
        if inside:
            part = self.parts[leaf.id].get(candidate.key, ZERO) if leaf.id in self.parts else ONE
            found[number] = found.get(number, ZERO) + size * part
        among = leaf.need.among
        if leaf.id in self.shares and (among is None or self.frame.situation.truth(among, award) is Truth.YES):
            found[number] = found.get(number, ZERO) - size * self.shares[leaf.id]

    def _course(self, leaf: Leaf, candidate: Candidate, amount: Fraction, found: dict[int, Fraction]) -> None:
        given = replace(candidate)
        given.grant(amount)
        number = self.names[leaf.id].get(candidate.part)
        if candidate.part is not None and number is not None and satisfies(given):
            found[number] = ONE
