"""Step 8, best: the open awards, their limits, twins and the tree of requirements as a problem in whole numbers.

Awards that count in any case (`contest`) are not in it: what they bring is taken off the needs. Every amount, need
and share is multiplied by the least common denominator of this instance, so nothing is rounded; bounds are cut down to
what sums of such numbers can reach. What an award may be is an option: each amount that it may be split into, in each
class that a substitute rule may put it, in each slot that takes it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from recognition_rules.allocation.model import Cost, Item, Option, Problem
from recognition_rules.amount_text import Exact, whole
from recognition_rules.pack import Equivalence
from recognition_rules.recognition import Objective
from recognition_rules.stages.contest import Contest, more_is_never_worse
from recognition_rules.stages.drafts import Draft, Form, Rows, Sums, Told, scale_of
from recognition_rules.stages.equivalence import Class, Twins
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.goals import Goals
from recognition_rules.stages.joint_rows import JointRows
from recognition_rules.stages.leaf_rows import LeafRows
from recognition_rules.stages.limits import Hit, Limits


@dataclass(frozen=True, slots=True)
class Posed:
    """The problem, the awards in its order, and what each option means. Items beyond the awards only join others.

    `settled` are the awards that count in any case, each with its slot.
    """

    problem: Problem
    candidates: tuple[Candidate, ...]
    told: tuple[tuple[Told, ...], ...]
    goals: Goals
    scale: int
    settled: Sequence[tuple[Candidate, str | None]]

    def told_of_settled(self) -> dict[str, Told]:
        """The awards that count in any case, by their key, with how they do."""
        return {each.key: Told(each.offered, Form(each.award, None, (), ()), slot) for each, slot in self.settled}

    def reached(self, costs: Sequence[int]) -> list[Objective]:
        """What the objectives come to where the costs are these; more of some is better, and costs count down."""
        sums = [Fraction(cost, self.scale) for cost in costs]
        for each, _ in self.settled:
            for number, amount in self.goals.costs(each, each.award, each.offered).items():
                sums[number] += amount
        return [Goals.reached(goal, cost) for goal, cost in zip(self.goals.names, sums, strict=True)]

    def as_walked(self, walked: "Mapping[str, Shown | None]") -> list[Option | None]:
        """The selection that the walk in order left in the same awards, by their key."""
        return [
            next((o for o, told in zip(item.options, tells, strict=True) if Shown.by(told) == walked[each.key]), None)
            for item, each, tells in zip(self.problem.items, self.candidates, self.told, strict=False)
        ] + [None] * (len(self.problem.items) - len(self.candidates))


class Shown(NamedTuple):
    """What a walk left in an award: how much of it counts, in which slot and class, and whether a rule moved it."""

    amount: Fraction
    slot: str | None
    course_class: str | None
    moved: bool

    @classmethod
    def of(cls, candidate: Candidate, twins: Twins) -> "Shown | None":
        """What it is now; None where the award does not count."""
        if not candidate.is_open:
            return None
        return cls(candidate.granted, candidate.slot, candidate.award.course_class, candidate.key in twins.came_as)

    @classmethod
    def by(cls, told: Told) -> "Shown":
        """What an option would make of it."""
        return cls(told.amount, told.slot, told.form.award.course_class, told.form.rule is not None)


@dataclass(slots=True)
class Posing:
    """Puts the problem together; `candidates` are open, and no twin outside the choice stands in their way."""

    frame: Frame
    candidates: Sequence[Candidate]
    limits: Limits
    twins: Twins
    rows: Rows = field(default_factory=Rows)
    quotas: dict[Class, int] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)
    forms: dict[str, tuple[Form, ...]] = field(default_factory=dict)
    settled: list[tuple[Candidate, str | None]] = field(default_factory=list)
    scarce: set[int] = field(default_factory=set)

    def posed(self) -> Posed:
        """The problem with its costs, in turn those of the policy."""
        self._open_quotas()
        leaves = LeafRows(self.frame)
        self._settle(leaves)
        goals = Goals(self.frame, self.candidates)
        drafts = [list(self._drafts(each, leaves, goals)) for each in self.candidates]
        joint = JointRows(self.frame, self.candidates, self.limits, self.twins, self.rows)
        joint.exclude(drafts)
        joint.share(drafts)
        presences = joint.count_once(drafts, leaves)
        scale = scale_of(drafts, leaves.needs)
        items = (*self._items(drafts, scale), *(each.item(scale) for each in presences))
        problem = Problem(
            items=items,
            bounds=tuple(math.floor(bound * scale) for bound in self.rows.bounds),
            needs=tuple(int(need * scale) for need in leaves.needs),
            costs=tuple(_cost(kind, number, leaves) for number, (kind, _) in enumerate(goals.names)),
            quotas=tuple(self.sizes),
            spills=leaves.spills,
        )
        told = tuple(tuple(draft.told for draft in found) for found in drafts)
        return Posed(problem, tuple(self.candidates), told, goals, scale, tuple(self.settled))

    def _settle(self, leaves: LeafRows) -> None:
        """Leaves those awards out of the choice that count in any case, and takes what they bring off the needs."""
        contest = Contest(self.candidates, self.forms, self.limits, self.twins)
        self.scarce = contest.scarce
        for each, amount in contest.alone() if more_is_never_worse(self.frame) else ():
            placings = leaves.placings(each, each.award, amount)
            if len(placings) == 1:
                slot, brings = placings[0]
                leaves.meet(brings)
                self.settled.append((each, slot))
        settled = {each.key for each, _ in self.settled}
        self.candidates = [each for each in self.candidates if each.key not in settled]

    def _open_quotas(self) -> None:
        """A quota for each substitute class of which more awards could keep the place than may."""
        members: dict[Class, list[str]] = {}
        rules: dict[Class, Equivalence] = {}
        for each in self.candidates:
            for rule, found in self.twins.classes("substitute", each.award):
                if each.award.course_class == rule.keeps_class:
                    members.setdefault(found, []).append(each.key)
                    rules[found] = rule
        for found, keys in members.items():
            if len(keys) > rules[found].at_most:
                self.quotas[found] = len(self.sizes)
                self.sizes.append(rules[found].at_most)
        for each in self.candidates if self.quotas else ():
            forms = tuple(self._forms(each))
            if len(forms) > 1:
                self.forms[each.key] = forms

    def _forms(self, candidate: Candidate) -> Iterator[Form]:
        award = candidate.award
        own = [each for each in self.twins.classes("substitute", award) if each[1] in self.quotas]
        own = [each for each in own if award.course_class == each[0].keeps_class]
        yield Form(award, None, tuple(self.quotas[found] for _, found in own), ())
        for rule, found in own:
            moved = replace(award, course_class=rule.others_become)
            yield Form(moved, rule, (), (self.quotas[found],))

    def _drafts(self, candidate: Candidate, leaves: LeafRows, goals: Goals) -> Iterator[Draft]:
        for variant, form in enumerate(self.forms.get(candidate.key) or (Form(candidate.award, None, (), ()),)):
            hits, unknown = self.limits.hits(form.award)
            if unknown:
                continue
            for amount in self._amounts(candidate):
                exact = whole(amount)
                takes, costs = self._takes(hits, exact), goals.costs(candidate, form.award, exact)
                for slot, brings in leaves.placings(candidate, form.award, exact):
                    yield Draft(Told(amount, form, slot), variant, dict(takes), dict(brings), costs)

    def _amounts(self, candidate: Candidate) -> list[Fraction]:
        """What of an award may count, most first: all of it, or whole steps of it where it may be split."""
        split = self.limits.split(candidate)
        if split is None or candidate.offered == 0:
            return [candidate.offered]
        steps = math.ceil(candidate.offered / split.step) - 1
        return [candidate.offered, *(split.step * number for number in range(steps, 0, -1))]

    def _takes(self, hits: Sequence[Hit], amount: Exact) -> Sums:
        takes: Sums = {}
        for hit in hits:
            if hit.limit.bound.share_of != "counted" and id(hit.room) in self.scarce:
                row = self.rows.row(id(hit.room), hit.bound)
                takes[row] = amount if hit.limit.measure == "credits" else 1
        return takes

    def _items(self, drafts: Sequence[Sequence[Draft]], scale: int) -> Iterator[Item]:
        names = list(dict.fromkeys(each.together for each in self.candidates))
        for candidate, found in zip(self.candidates, drafts, strict=True):
            options = tuple(draft.option(scale, number) for number, draft in enumerate(found))
            yield Item(options, None if candidate.together is None else names.index(candidate.together))


def _cost(kind: str, number: int, leaves: LeafRows) -> Cost:
    if kind in ("granted", "shortfall"):
        return Cost(trees=(leaves.tree(granting=kind == "granted"),), met=kind == "granted")
    return Cost(added=number)
