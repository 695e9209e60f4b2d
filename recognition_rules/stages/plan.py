"""What a pack says in one programme on one day, worked out once for all learners.

Which rules concern the programme and are in force does not change from learner to learner. Nor does what an award's
plain attributes settle: awards with the same source, class … have one *profile*, which names the rules that may have
something to say about them at all. The rules themselves are asked by the stages; a plan only leaves out those that
are certain to stay silent, so with it or without it the same is decided.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol, TypeVar

from recognition_rules.amount_text import Exact
from recognition_rules.award import Award
from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.settled import Key, by_names, holding, key_of, settled
from recognition_rules.pack import Eligibility, Equivalence, Limit, Pack
from recognition_rules.programme import Requirement, leaves
from recognition_rules.stages.placed import Containing, placing
from recognition_rules.stages.trees import Tree, taken_apart
from recognition_rules.terms import RuleHead
from recognition_rules.truth import Truth

if TYPE_CHECKING:
    from recognition_rules.stages.needs import Needed

MAX_PLANS = 16
MAX_PROFILES = 4_096
"""What is remembered at most; beyond that it is worked out anew."""


class _Filtered(Protocol):
    """A rule that applies to some awards only."""

    @property
    def where(self) -> Condition:
        """Which awards."""


_Ruling = TypeVar("_Ruling", bound=_Filtered)

Gate = tuple[Eligibility, Callable[[Award], bool] | None]
"""A gate, and what is true only of awards of which it says nothing."""

Comparing = tuple[tuple[Equivalence, bool], ...]
"""Rules of equivalence, each with whether it is certain that it compares an award."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What is certain of all awards with the same plain attributes.

    `truths` are the conditions that those settle, by identity; `seats` the slots that take such awards, by number
    in the tree, None where that is not certain; `classified` says whether the pack knows their source and class.
    `gates`, `equivalences` and `limits` are the rules that may still have something to say, the last two with
    whether it is certain that they apply; of the equivalences `exclusive` could knock such an award out, and
    `substitutes` could move it. `containing` are the limits where all are certain;
    `placings` remembers the slots that take so much, with what the leaves of a tree have of it there.
    """

    truths: Mapping[int, Truth]
    seats: dict[Tree, tuple[int, ...] | None]
    classified: bool
    gates: tuple[Gate, ...]
    equivalences: Comparing
    exclusive: Comparing
    substitutes: Comparing
    limits: tuple[tuple[Limit, bool], ...]
    containing: Containing | None
    placings: dict[Hashable, list[tuple[str | None, dict[int, Exact]]]] = field(default_factory=dict)

    def seats_in(self, tree: Tree) -> tuple[int, ...] | None:
        """The named slots of a tree that take such awards; None where their attributes do not settle it."""
        try:
            return self.seats[tree]
        except KeyError:
            truths = [self.truths.get(id(slot.where)) for slot in tree.named]
            certain = tuple([number for number, truth in enumerate(truths) if truth is Truth.YES])
            found = self.seats[tree] = None if None in truths else certain
            return found


@dataclass(slots=True)
class Plan:
    """The rules of a pack that concern a programme on a day; `telling` where silent rules are told of as well.

    `places` are, by limit, what of an award settles where it stands there; `containing` are those sets of limits,
    by their ids, that contain some awards. `fixed` is what leaves need that need the same of everybody.
    """

    pack: Pack
    programme: str
    on: date
    telling: bool
    gates: tuple[Eligibility, ...] = ()
    equivalences: tuple[Equivalence, ...] = ()
    limits: tuple[Limit, ...] = ()
    conditions: tuple[Condition, ...] = ()
    places: Mapping[str, Key] = field(default_factory=dict)
    containing: dict[tuple[str, ...], Containing] = field(default_factory=dict)
    trees: dict[int, Tree] = field(default_factory=dict)
    fixed: "dict[int, Needed]" = field(default_factory=dict)
    key: Key = field(init=False)
    profiles: dict[Hashable, Profile] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.gates = tuple(each for each in self.pack.eligibility if self._concerns(each.head))
        self.limits = tuple(each for each in self.pack.limits if self._concerns(each.head))
        comparing = (each for each in self.pack.equivalences if self._concerns(each.head))
        self.equivalences = tuple(each for each in comparing if each.head.on(self.on) is not None)
        self.places = {each.head.id: by_names(placing(each)) for each in self.limits}
        self.conditions = tuple({id(each): each for each in self._conditions()}.values())
        self.key = key_of(self.conditions, ("course_class", "source"))

    def _concerns(self, head: RuleHead) -> bool:
        return head.concerns(self.programme)

    def _conditions(self) -> Iterator[Condition]:
        """The conditions that stages ask; one that is not listed is merely asked every time."""
        pack = self.pack
        for gate in self.gates:
            yield from (gate.when, gate.require)
        filtered: tuple[tuple[_Filtered, ...], ...] = (
            (*self.equivalences, *self.limits),
            (*pack.splits, *pack.tables, *pack.matches, *pack.outcomes),
            (*pack.floors, *pack.measures, *pack.obligations, *pack.validity),
        )
        yield from (each.where for group in filtered for each in group)
        yield from (each.bound.among for each in self.limits if each.bound.among is not None)
        yield from pack.sets.values()
        for tree in self._trees():
            for leaf in leaves(tree):
                yield from (each for each in (leaf.where, leaf.need.among) if each is not None)

    def _trees(self) -> Iterator[Requirement]:
        yield from (version.require for version in self.pack.programmes[self.programme].versions)
        yield from (each.require for each in self.pack.exits if self._concerns(each.head))
        yield from (each.require for each in self.pack.milestones if each.require is not None)

    def tree(self, root: Requirement) -> Tree:
        """A tree of requirements of the pack, taken apart."""
        known = self.trees.get(id(root))
        if known is None:
            if len(self.trees) >= MAX_PROFILES:
                self.trees.clear()
            known = self.trees[id(root)] = taken_apart(root)
        return known

    def profile(self, award: Award) -> Profile:
        """What is certain of an award."""
        key = self.key(award)
        known = self.profiles.get(key)
        if known is None:
            if len(self.profiles) >= MAX_PROFILES:
                self.profiles.clear()
            known = self.profiles[key] = self._profile(award)
        return known

    def _profile(self, award: Award) -> Profile:
        found = ((id(each), settled(each, award)) for each in self.conditions)
        truths = {number: truth for number, truth in found if truth is not None}
        comparing, limits = tuple(_applying(self.equivalences, truths)), tuple(_applying(self.limits, truths))
        return Profile(
            truths=truths,
            seats={},
            classified=award.source in self.pack.sources and award.course_class in self.pack.classes,
            gates=tuple(self._gates(truths)),
            equivalences=comparing,
            exclusive=tuple(each for each in comparing if each[0].kind == "exclusive"),
            substitutes=tuple(each for each in comparing if _could_keep(each[0], award)),
            limits=limits,
            containing=self._containing(limits),
        )

    def _containing(self, limits: Iterable[tuple[Limit, bool]]) -> Containing | None:
        found = list(limits)
        if not all(certain for _, certain in found):
            return None
        names = tuple(limit.head.id for limit, _ in found)
        return self.containing.setdefault(names, Containing(tuple(limit for limit, _ in found)))

    def _gates(self, truths: Mapping[int, Truth]) -> Iterator[Gate]:
        """The gates that may say something of such awards, each with what is true only of those that meet it: of these
        nothing is said, unless it is all told."""
        for gate in self.gates:
            if (self.telling or gate.has_other_figures) and _may_hold(gate.when, truths):
                yield gate, None
            elif _may_hold(gate.when, truths) and truths.get(id(gate.require)) is not Truth.YES:
                yield gate, holding(gate.require)


def _applying(rules: Iterable[_Ruling], truths: Mapping[int, Truth]) -> Iterator[tuple[_Ruling, bool]]:
    for rule in rules:
        if _may_hold(rule.where, truths):
            yield rule, truths.get(id(rule.where)) is Truth.YES


def _could_keep(rule: Equivalence, award: Award) -> bool:
    """Whether an award could have the place that one of a class of substitutes keeps."""
    return rule.kind == "substitute" and award.course_class == rule.keeps_class


def _may_hold(condition: Condition, truths: Mapping[int, Truth]) -> bool:
    return truths.get(id(condition)) is not Truth.NO


def plan_of(pack: Pack, programme: str, on: date, *, telling: bool) -> Plan:
    """The plan of a pack for a programme and a day, made once."""
    key = (programme, on, telling)
    known = pack.plans.get(key)
    if known is None:
        if len(pack.plans) >= MAX_PLANS:
            pack.plans.clear()
        known = pack.plans[key] = Plan(pack, programme, on, telling)
    return known
