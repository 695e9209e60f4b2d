"""What a pack says in one programme on one day, worked out once for all learners.

Which rules concern the programme and are in force does not change from learner to learner. Nor does what an award's
plain attributes settle: awards with the same source, class … have one *profile*, which names the rules that may have
something to say about them at all. The rules themselves are asked by the stages; a plan only leaves out those that
are certain to stay silent, so with it or without it the same is decided.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

from recognition_rules.award import Award
from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.settled import Key, by_names, key_of, settled
from recognition_rules.pack import Eligibility, Equivalence, Limit, Pack
from recognition_rules.programme import Requirement, leaves
from recognition_rules.rules.bounds import attribute_of
from recognition_rules.terms import RuleHead
from recognition_rules.truth import Truth

MAX_PLANS = 16
MAX_PROFILES = 4_096
"""What is remembered at most; beyond that it is worked out anew."""


class _Filtered(Protocol):
    """A rule that applies to some awards only."""

    @property
    def where(self) -> Condition:
        """Which awards."""


_Ruling = TypeVar("_Ruling", bound=_Filtered)


@dataclass(frozen=True, slots=True)
class Profile:
    """What is certain of all awards with the same plain attributes.

    `truths` are the conditions that those settle, by identity; `gates`, `equivalences` and `limits` the rules that may
    still have something to say, the last two with whether it is certain that they apply.
    """

    truths: Mapping[int, Truth]
    gates: tuple[Eligibility, ...]
    equivalences: tuple[tuple[Equivalence, bool], ...]
    limits: tuple[tuple[Limit, bool], ...]


@dataclass(slots=True)
class Plan:
    """The rules of a pack that concern a programme on a day; `telling` where silent rules are told of as well.

    `places` are, by limit, what of an award settles where it stands there.
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
    key: Key = field(init=False)
    profiles: dict[Hashable, Profile] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.gates = tuple(each for each in self.pack.eligibility if self._concerns(each.head))
        self.limits = tuple(each for each in self.pack.limits if self._concerns(each.head))
        comparing = (each for each in self.pack.equivalences if self._concerns(each.head))
        self.equivalences = tuple(each for each in comparing if each.head.on(self.on) is not None)
        self.places = {each.head.id: by_names(_placing(each)) for each in self.limits}
        self.conditions = tuple({id(each): each for each in self._conditions()}.values())
        self.key = key_of(self.conditions)

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
        return Profile(
            truths=truths,
            gates=tuple(each for each in self.gates if not self._is_silent(each, truths)),
            equivalences=tuple(_applying(self.equivalences, truths)),
            limits=tuple(_applying(self.limits, truths)),
        )

    def _is_silent(self, gate: Eligibility, truths: Mapping[int, Truth]) -> bool:
        """Whether the gate says nothing of such awards: it does not apply, or it holds and nobody reads that."""
        if not _may_hold(gate.when, truths):
            return True
        if self.telling or truths.get(id(gate.when)) is not Truth.YES:
            return False
        return truths.get(id(gate.require)) is Truth.YES and _is_always_known(gate.head)


def _placing(limit: Limit) -> Iterator[str]:
    """The attributes that settle where an award stands in a limit: its day there, and what it is grouped by."""
    if limit.calendar is not None:
        yield limit.date
    if limit.per is not None:
        yield attribute_of(limit.per)


def _applying(rules: Iterable[_Ruling], truths: Mapping[int, Truth]) -> Iterator[tuple[_Ruling, bool]]:
    for rule in rules:
        if _may_hold(rule.where, truths):
            yield rule, truths.get(id(rule.where)) is Truth.YES


def _may_hold(condition: Condition, truths: Mapping[int, Truth]) -> bool:
    return truths.get(id(condition)) is not Truth.NO


def _is_always_known(head: RuleHead) -> bool:
    """Whether the terms of a rule that holds do not hang on a day that may be missing."""
    first = head.terms[0]
    always = len(head.terms) == 1 and first.start is None and first.until is None
    return always or head.selector == "decision"


def plan_of(pack: Pack, programme: str, on: date, *, telling: bool) -> Plan:
    """The plan of a pack for a programme and a day, made once."""
    key = (programme, on, telling)
    known = pack.plans.get(key)
    if known is None:
        if len(pack.plans) >= MAX_PLANS:
            pack.plans.clear()
        known = pack.plans[key] = Plan(pack, programme, on, telling)
    return known
