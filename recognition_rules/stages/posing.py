"""Step 8, best: the open awards, their limits, twins and the tree of requirements as a problem in whole numbers.

Every amount, need and share is multiplied by the least common denominator of this instance, so nothing is rounded;
bounds are cut down to what sums of such numbers can reach. What an award may be is an option: each amount that it may
be split into, in each class that a substitute rule may put it, in each slot that takes it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations

from recognition_rules.allocation.model import Cost, Item, Option, Problem
from recognition_rules.award import Award
from recognition_rules.pack import Equivalence, Limit
from recognition_rules.recognition import Objective
from recognition_rules.stages.bounds import Placed
from recognition_rules.stages.equivalence import Class, Twins
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.goals import Goal, Goals
from recognition_rules.stages.leaf_rows import LeafRows
from recognition_rules.stages.limits import Hit, Limits
from recognition_rules.truth import Truth

ZERO, ONE = Fraction(0), Fraction(1)
Sums = dict[int, Fraction]


@dataclass(frozen=True, slots=True)
class Form:
    """One thing an award may be: the class a rule moves it into, or the class it came with (`rule` None)."""

    award: Award
    rule: Equivalence | None
    keeps: tuple[int, ...]
    moves: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An option in the words of the rules: how much of the award, as what, in which slot."""

    amount: Fraction
    form: Form
    slot: str | None


@dataclass(frozen=True, slots=True)
class Posed:
    """The problem, the awards in its order, and what each option means."""

    problem: Problem
    candidates: tuple[Candidate, ...]
    told: tuple[tuple[Told, ...], ...]
    goals: tuple[Goal, ...]
    scale: int

    def reached(self, costs: Sequence[int]) -> list[Objective]:
        """What the objectives come to where the costs are these; more of some is better, and costs count down."""
        return [Goals.reached(goal, Fraction(cost, self.scale)) for goal, cost in zip(self.goals, costs, strict=True)]

    def as_walked(self, walked: Sequence[Candidate], moved: Mapping[str, Award]) -> list[Option | None]:
        """The selection that the walk in order left in the same awards; `moved` are those that changed their class."""
        return [
            next((o for o, told in zip(item.options, tells, strict=True) if _is(told, each, moved)), None)
            for item, each, tells in zip(self.problem.items, walked, self.told, strict=True)
        ]


def _is(told: Told, candidate: Candidate, moved: Mapping[str, Award]) -> bool:
    taken = candidate.is_open and told.amount == candidate.granted and told.slot == candidate.slot
    same = told.form.award.course_class == candidate.award.course_class
    return taken and same and (told.form.rule is not None) == (candidate.key in moved)


@dataclass(slots=True)
class _Draft:
    """An option in exact numbers."""

    told: Told
    variant: int
    takes: Sums
    brings: Sums
    costs: Sums


@dataclass(slots=True)
class Posing:
    """Puts the problem together; `candidates` are open, and no twin outside the choice stands in their way."""

    frame: Frame
    candidates: Sequence[Candidate]
    limits: Limits
    twins: Twins
    bounds: list[Fraction] = field(default_factory=list)
    rows: dict[object, int] = field(default_factory=dict)
    quotas: dict[Class, int] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)

    def posed(self) -> Posed:
        """The problem with its costs, in turn those of the policy."""
        self._open_quotas()
        leaves = LeafRows(self.frame, self.candidates)
        goals = Goals(self.frame, self.candidates)
        drafts = [list(self._drafts(each, leaves, goals)) for each in self.candidates]
        self._exclude(drafts)
        self._share_rows(drafts)
        scale = _scale(drafts, leaves.needs)
        items = tuple(self._item(each, found, scale) for each, found in zip(self.candidates, drafts, strict=True))
        problem = Problem(
            items=items,
            bounds=tuple(math.floor(bound * scale) for bound in self.bounds),
            needs=tuple(int(need * scale) for need in leaves.needs),
            costs=tuple(_cost(kind, number, leaves) for number, (kind, _) in enumerate(goals.names)),
            quotas=tuple(self.sizes),
            spills=leaves.spills,
        )
        return Posed(
            problem, tuple(self.candidates), tuple(tuple(d.told for d in found) for found in drafts), goals.names, scale
        )

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

    def _forms(self, candidate: Candidate) -> Iterator[Form]:
        award = candidate.award
        own = [each for each in self.twins.classes("substitute", award) if each[1] in self.quotas]
        own = [each for each in own if award.course_class == each[0].keeps_class]
        yield Form(award, None, tuple(self.quotas[found] for _, found in own), ())
        for rule, found in own:
            moved = replace(award, course_class=rule.others_become)
            yield Form(moved, rule, (), (self.quotas[found],))

    def _drafts(self, candidate: Candidate, leaves: LeafRows, goals: Goals) -> Iterator[_Draft]:
        for variant, form in enumerate(self._forms(candidate)):
            hits, unknown = self.limits.hits(form.award)
            if unknown:
                continue
            for amount in self._amounts(candidate):
                for slot in leaves.slots_of(candidate, form.award, amount):
                    told = Told(amount, form, slot)
                    brings = leaves.brought(candidate, form.award, amount, slot)
                    costs = goals.costs(candidate, form.award, amount)
                    yield _Draft(told, variant, self._takes(hits, amount), brings, costs)

    def _amounts(self, candidate: Candidate) -> list[Fraction]:
        """What of an award may count, most first: all of it, or whole steps of it where it may be split."""
        split = self.limits.split(candidate)
        if split is None or candidate.offered == 0:
            return [candidate.offered]
        steps = math.ceil(candidate.offered / split.step) - 1
        return [candidate.offered, *(split.step * number for number in range(steps, 0, -1))]

    def _takes(self, hits: Sequence[Hit], amount: Fraction) -> Sums:
        takes: Sums = {}
        for hit in hits:
            if hit.limit.bound.share_of != "counted":
                row = self._row(id(hit.room), Fraction(hit.bound))
                takes[row] = amount if hit.limit.measure == "credits" else ONE
        return takes

    def _row(self, key: object, bound: Fraction) -> int:
        if key not in self.rows:
            self.rows[key] = len(self.bounds)
            self.bounds.append(bound)
        return self.rows[key]

    def _exclude(self, drafts: Sequence[Sequence[_Draft]]) -> None:
        """At most one of the awards of an exclusive class; the courses of one award do not exclude each other."""
        members: dict[Class, list[int]] = {}
        for number, each in enumerate(self.candidates):
            for rule, found in self.twins.classes("exclusive", each.award):
                if rule.blocks == "counted":
                    members.setdefault(found, []).append(number)
        for found, numbers in members.items():
            for group in self._groups(numbers):
                row = self._row((found, *group), ONE)
                for draft in (draft for number in group for draft in drafts[number]):
                    draft.takes[row] = ONE

    def _groups(self, numbers: list[int]) -> Iterator[tuple[int, ...]]:
        """All together, or where one award is there with several courses, any two of different awards."""
        ids = {number: self.candidates[number].award.id for number in numbers}
        if len(set(ids.values())) == len(ids) > 1:
            yield tuple(numbers)
        elif len(set(ids.values())) > 1:
            yield from ((a, b) for a, b in combinations(numbers, 2) if ids[a] != ids[b])

    def _share_rows(self, drafts: Sequence[Sequence[_Draft]]) -> None:
        """Limits that are a share of what counts: what is in them, less the share of all, is at most nothing."""
        for limit in self.limits.concerned:
            if limit.bound.share_of == "counted":
                for candidate, found in zip(self.candidates, drafts, strict=True):
                    for draft in found:
                        self._share(limit, candidate, draft)

    def _share(self, limit: Limit, candidate: Candidate, draft: _Draft) -> None:
        award, situation, among = draft.told.form.award, self.frame.situation, limit.bound.among
        place = self.limits.bounds.place(limit, award)
        if not isinstance(place, Placed):
            return
        size = draft.told.amount if limit.measure == "credits" else ONE
        row = self._row((limit.head.id, place.group), ZERO)
        inside = limit.where.judge(award, situation).truth is Truth.YES
        based = among is None or among.judge(award, situation).truth is Truth.YES
        taken = (size if inside else ZERO) - (place.bound * size if based and not candidate.on_condition else ZERO)
        draft.takes[row] = draft.takes.get(row, ZERO) + taken

    def _item(self, candidate: Candidate, drafts: Sequence[_Draft], scale: int) -> Item:
        options = tuple(
            Option(
                amount=int(draft.told.amount * scale),
                variant=draft.variant,
                takes=_whole(draft.takes, scale),
                brings=_whole(draft.brings, scale),
                costs=_whole(draft.costs, scale),
                keeps=draft.told.form.keeps,
                moves=draft.told.form.moves,
                number=number,
            )
            for number, draft in enumerate(drafts)
        )
        return Item(options, self._bundle(candidate))

    def _bundle(self, candidate: Candidate) -> int | None:
        names = list(dict.fromkeys(each.together for each in self.candidates if each.together is not None))
        return None if candidate.together is None else names.index(candidate.together)


def _whole(sums: Sums, scale: int) -> tuple[tuple[int, int], ...]:
    return tuple((number, int(amount * scale)) for number, amount in sums.items() if amount)


def _scale(drafts: Sequence[Sequence[_Draft]], needs: Sequence[Fraction]) -> int:
    """The least number by which everything becomes whole."""
    found = {need.denominator for need in needs}
    for draft in (draft for each in drafts for draft in each):
        found.add(draft.told.amount.denominator)
        found |= {amount.denominator for sums in (draft.takes, draft.brings, draft.costs) for amount in sums.values()}
    return math.lcm(*found)


def _cost(kind: str, number: int, leaves: LeafRows) -> Cost:
    if kind in ("granted", "shortfall"):
        return Cost(trees=(leaves.tree(granting=kind == "granted"),), met=kind == "granted")
    return Cost(added=number)
