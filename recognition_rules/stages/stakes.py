"""Which open questions could change what becomes of other awards: those about awards that compete with them.

An award of which something is not known competes where a limit contains it that could run out of room, where another
award is its twin or could stand for its course, where a rule looks at what else is eligible, and where it could sit in
a slot that others sit in. All others only add to what there is; the reading of requirements sees to those.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from recognition_rules.amount_text import Exact, whole
from recognition_rules.award import Award
from recognition_rules.conditions.atoms import Condition
from recognition_rules.conditions.compound import atoms_of
from recognition_rules.conditions.dates import SamePeriod
from recognition_rules.pack import Limit
from recognition_rules.programme import Leaf, slots
from recognition_rules.stages.bounds import Unsettled
from recognition_rules.stages.frame import Candidate, Frame, Trace
from recognition_rules.stages.limits import Limits
from recognition_rules.stages.pairing import catalogue
from recognition_rules.stages.recording import terms_now
from recognition_rules.stages.shapes import classes, forms, is_pending, loses_its_class
from recognition_rules.stages.worlds import Chosen
from recognition_rules.truth import Truth

Room = tuple[str, str | None]
"""A limit, and a group of awards in it."""

ANYWHERE = "?"
"""The group of an award in a limit of which the group is not known."""

_BY_OTHERS = ("counted", "source.total", "exit_award.total")
"""Bases of a share that another award may move up or down."""


@dataclass(frozen=True, slots=True)
class Taking:
    """What an award may take of a room, and the bound there; None where no bound is known."""

    room: Room
    asked: Exact
    bound: Exact | None


@dataclass
class Stakes:
    """What the awards of one recognition compete for."""

    chosen: Chosen
    limits: Limits = field(init=False)
    frame: Frame = field(init=False)
    _takings: dict[int, list[Taking]] = field(default_factory=dict)
    _ties: dict[int, frozenset[Hashable]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = self.chosen.frame
        self.frame = replace(found, trace=Trace(telling=False)) if found.trace.telling else found
        self.limits = Limits(self.frame) if found.trace.telling else self.chosen.limits

    @cached_property
    def pending(self) -> list[Candidate]:
        """The awards with an open question, in order."""
        return [each for each in self.chosen.candidates if is_pending(each)]

    @cached_property
    def rivals(self) -> list[Candidate]:
        """The awards that were offered room or may still be: the choice is among them."""
        offered = {id(each) for each in self.chosen.frame.eligible}
        return [each for each in self.chosen.candidates if id(each) in offered or is_pending(each)]

    def contested(self) -> list[Candidate]:
        """The awards with an open question on which more hangs than their own credits."""
        if self.pending and (self._best_may_change() or self._rounds()):
            return self.pending
        return [each for each in self.pending if self._is_contested(each)]

    def _is_contested(self, candidate: Candidate) -> bool:
        if loses_its_class(candidate, self.frame) or self.competes(candidate):
            return True
        return self._is_seated_with_others(candidate)

    def _best_may_change(self) -> bool:
        """Under best the whole tree weighs on every choice, so one more award may turn any that was made."""
        if self.frame.policy.items != "best":
            return False
        return any(
            each.against or each.unknown or each.notes or each.charged or each.granted != each.offered
            for each in self.chosen.frame.eligible
        )

    def _rounds(self) -> bool:
        return any(each.head.concerns(self.frame.programme.id) for each in self.frame.pack.roundings)

    def takings(self, candidate: Candidate) -> list[Taking]:
        """What the award takes or may take, of each room once."""
        known = self._takings.get(id(candidate))
        if known is None:
            known = self._takings[id(candidate)] = self._taken(candidate)
        return known

    def _taken(self, candidate: Candidate) -> list[Taking]:
        amount = candidate.price.high if is_pending(candidate) else candidate.offered
        found: dict[Room, Taking] = {}
        for form in forms(candidate, self.frame):
            for each in self._of_form(form, amount):
                found.setdefault(each.room, each)
        return list(found.values())

    def _of_form(self, award: Award, amount: Fraction) -> Iterator[Taking]:
        hits, unknown = self.limits.hits(award)
        yield from (_taking(hit.limit, hit.group, hit.place.bound, amount) for hit in hits)
        for limit, _ in unknown:
            place = self.limits.bounds.place(limit, award)
            if isinstance(place, Unsettled):
                yield _taking(limit, ANYWHERE, None, amount)
            elif place is not None:
                yield _taking(limit, place.group, place.bound, amount)

    @cached_property
    def _demand(self) -> Counter[Room]:
        """What everybody together would take of each room."""
        found: Counter[Room] = Counter()
        for each in self.rivals:
            for taking in self.takings(each):
                found[taking.room] += taking.asked  # type: ignore[assignment]  # exact amounts add up as counts do
        return found

    @cached_property
    def _sharing(self) -> Counter[str]:
        """How many awards each limit contains or may contain."""
        return Counter(name for each in self.rivals for name in {taking.room[0] for taking in self.takings(each)})

    def _is_tight(self, taking: Taking) -> bool:
        limit, group = taking.room
        if group == ANYWHERE:
            return self._sharing[limit] > 1
        if taking.bound is None:
            return True
        return self._demand[taking.room] + self._demand[limit, ANYWHERE] > taking.bound

    def competes(self, candidate: Candidate) -> bool:
        """Whether it could be left out for another award: for its room, its class, or before the choice."""
        return any(map(self._is_tight, self.takings(candidate))) or bool(self.ties(candidate) & self._tied)

    def ties(self, candidate: Candidate) -> frozenset[Hashable]:
        """What else the award shares with others: classes of twins, courses, groups that are compared, periods."""
        known = self._ties.get(id(candidate))
        if known is None:
            own = frozenset(classes(candidate, self.frame))
            known = self._ties[id(candidate)] = own | self._ties_before(candidate)
        return known

    def is_tied_before_the_choice(self, candidate: Candidate) -> bool:
        """Whether an award with an open question could change what is settled of it before the choice."""
        return bool(self._ties_before(candidate) & self._pending_ties)

    @cached_property
    def _pending_ties(self) -> frozenset[Hashable]:
        return frozenset(tie for each in self.pending for tie in self._ties_before(each))

    @cached_property
    def raised(self) -> frozenset[str]:
        """The limits whose bound may be higher than it is, once more is registered."""
        return frozenset(str(tie[1]) for tie in self._pending_ties if isinstance(tie, tuple) and tie[0] == "base")

    def _ties_before(self, candidate: Candidate) -> frozenset[Hashable]:
        found = self._compared(candidate) | self._periods(candidate) | self._bases(candidate)
        return self._courses(candidate) | found

    @cached_property
    def _tied(self) -> frozenset[Hashable]:
        """The ties that more than one award has."""
        found = Counter(tie for each in self.concerned for tie in self.ties(each))
        return frozenset(tie for tie, number in found.items() if number > 1)

    @cached_property
    def concerned(self) -> list[Candidate]:
        """Those that compete, and those that another award has kept from it before the choice."""
        names = {id(each) for each in self.rivals}
        return [each for each in self.chosen.candidates if id(each) in names or _was_kept_out(each, self.frame)]

    @cached_property
    def _options(self) -> dict[str, frozenset[Hashable]]:
        """The courses that each award could stand for, alone or with others."""
        if not self.frame.pack.courses:
            return {}
        found, by_id = catalogue(self.frame), {each.award.id: each for each in self.concerned}
        groups = list(found.groups())
        named: dict[str, frozenset[Hashable]] = {}
        for name, each in by_id.items():
            own = {course.id for option in found.options(each) for course in option.courses}
            for match, _, courses in groups:
                if any(found.fits(match, need, each) for need in range(len(match.needs))):
                    own |= {course.id for course in courses}
            named[name] = frozenset(("course", course) for course in own)
        return named

    def _courses(self, candidate: Candidate) -> frozenset[Hashable]:
        return self._options.get(candidate.award.id, frozenset())

    def _compared(self, candidate: Candidate) -> set[Hashable]:
        """Rules that keep one group of awards, or the highest of a ladder."""
        found: set[Hashable] = set()
        for rule in self.frame.pack.compatibilities:
            in_force = rule.head.concerns(self.frame.programme.id) and terms_now(rule.head, self.frame) is not None
            if in_force and self.frame.situation.truth(rule.where, candidate.award) is not Truth.NO:
                found.add(("group", rule.head.id))
        for ladder in self.frame.pack.ladders.values():
            rung = ladder.rung(candidate.award)
            found |= {("ladder", ladder.head.id, rung[0])} if rung is not None else set()
        return found

    @cached_property
    def _same_periods(self) -> list[SamePeriod]:
        return [each for rule in self.frame.plan.limits for each in _same_periods(rule.where)]

    def _periods(self, candidate: Candidate) -> set[Hashable]:
        """The periods in which an award makes room for others, or has room because of others."""
        ended = candidate.award.ended_on
        if ended is None or not self._same_periods:
            return set()
        depends = any(not certain and _same_periods(limit.where) for limit, certain in self._limits_of(candidate))
        return {
            ("period", atom.calendar.id, atom.calendar.period(ended).label)
            for atom in self._same_periods
            if depends or (is_pending(candidate) and candidate.award.source in (None, *atom.sources))
        }

    def _limits_of(self, candidate: Candidate) -> tuple[tuple[Limit, bool], ...]:
        return self.frame.profile(candidate.award).limits

    @cached_property
    def _registered(self) -> frozenset[str]:
        limits = self.frame.plan.limits
        return frozenset(limit.head.id for limit in limits if limit.bound.share_of == "registered")

    def _bases(self, candidate: Candidate) -> set[Hashable]:
        """Limits that are a share of what is registered: the award may raise the bound, or be short of room there."""
        found = self._registered
        if found and not is_pending(candidate):
            found &= {each.room[0] for each in self.takings(candidate) if self._is_tight(each)}
        return {("base", limit) for limit in found}

    def _is_seated_with_others(self, candidate: Candidate) -> bool:
        """Whether its place among the slots could give others another one, or pass something on."""
        named = self._slots
        own = {leaf.id for leaf in named if self._may_sit(leaf, candidate)}
        if not own:
            return False
        if len(own) > 1 or any(leaf.surplus_to is not None for leaf in named):
            return True
        return any(own & options for options in self._movable)

    @cached_property
    def _slots(self) -> Sequence[Leaf]:
        trees = (self.frame.version.require, *(each.require for each in self.frame.exits()))
        return [leaf for tree in trees for leaf in slots(tree) if not leaf.rest]

    @cached_property
    def _movable(self) -> list[set[str]]:
        """The slots of each counted award that could sit in more than one."""
        counted = (each for each in self.chosen.candidates if each.counted)
        options = ({leaf.id for leaf in self._slots if self._may_sit(leaf, each)} for each in counted)
        return [each for each in options if len(each) > 1]

    def _may_sit(self, leaf: Leaf, candidate: Candidate) -> bool:
        return self.frame.situation.truth(leaf.where, candidate.award) is not Truth.NO


def _taking(limit: Limit, group: str | None, bound: Exact | None, amount: Fraction) -> Taking:
    asked = whole(amount) if limit.measure == "credits" else 1
    return Taking((limit.head.id, group), asked, None if limit.bound.share_of in _BY_OTHERS else bound)


def _was_kept_out(candidate: Candidate, frame: Frame) -> bool:
    """Whether another award alone has kept it from the choice: its group, its course, its higher level."""
    pack = frame.pack
    rules = {each.head.id for each in pack.compatibilities} | {each.head.id for each in pack.matches}
    rules |= {each.head.id for each in pack.ladders.values()} | {each.head.id for each in pack.tables}
    return bool(candidate.against) and all(reason.rule in rules for reason in candidate.against)


def _same_periods(condition: Condition) -> list[SamePeriod]:
    return [each for each in atoms_of(condition) if isinstance(each, SamePeriod)]
