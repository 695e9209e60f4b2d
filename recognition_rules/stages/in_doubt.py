"""Which awards may count or not, depending on open questions that cannot each be answered for trial.

In order, every room holds what surely uses it and what possibly does. An award surely counts that fits beside all that
possibly came before it, and surely does not that finds no room beside what surely did; between the two it is in
doubt, and from there on so is whoever competes with it. Under best any award that competes is in doubt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from recognition_rules.amount_text import Exact
from recognition_rules.decision import Reason
from recognition_rules.programme import leaves
from recognition_rules.stages.equivalence import Class
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.shapes import classes, forms, is_pending, loses_its_class
from recognition_rules.stages.stakes import ANYWHERE, Room, Stakes, Taking
from recognition_rules.stages.worlds import Chosen

DOUBTED = "DOUBTED"
ZERO = Fraction(0)
_ORDINARY = frozenset({"granted", "shortfall", "counted"})


def in_doubt(stakes: Stakes) -> frozenset[str]:
    """The keys of the awards of which the open questions decide whether they count."""
    if not stakes.pending:
        return frozenset()
    found = _of_the_best(stakes) if stakes.frame.policy.items == "best" else Intervals(stakes).doubted()
    out = (each for each in stakes.concerned if each not in stakes.rivals)
    return found | {each.key for each in out if stakes.is_tied_before_the_choice(each)}


def _of_the_best(stakes: Stakes) -> frozenset[str]:
    """Every award that could be left out for another one."""
    known = [each for each in stakes.rivals if not is_pending(each)]
    ordinary = {kind for kind, _ in stakes.frame.policy.goals()} <= _ORDINARY
    if not ordinary or any(leaf.need.share_of == "counted" for leaf in leaves(stakes.frame.version.require)):
        return frozenset(each.key for each in known)
    return _with_companions(known, {each.key for each in known if stakes.competes(each)})


def _with_companions(known: Sequence[Candidate], keys: set[str]) -> frozenset[str]:
    """The same, and whoever counts only together with one of them."""
    groups = {each.together for each in known if each.key in keys} - {None}
    return frozenset(keys | {each.key for each in known if each.together in groups})


@dataclass(slots=True)
class Intervals:
    """The walk in order once more, with what surely and what possibly uses each room and holds each class."""

    stakes: Stakes
    sure: dict[Room, Exact] = field(default_factory=dict)
    possible: dict[Room, Exact] = field(default_factory=dict)
    surely_held: set[Class] = field(default_factory=set)
    possibly_held: set[Class] = field(default_factory=set)
    unsure_of: set[str] = field(default_factory=set)

    def doubted(self) -> frozenset[str]:
        """The keys of the awards in doubt."""
        keys: set[str] = set()
        while True:
            found = _with_companions(self.stakes.rivals, self._walk(keys))
            if found == keys:
                return found
            keys = set(found)

    def _walk(self, companions: set[str]) -> set[str]:
        """One walk, in which some awards are in doubt already because of their companions."""
        for told in (self.sure, self.possible, self.surely_held, self.possibly_held, self.unsure_of):
            told.clear()
        keys: set[str] = set()
        for each in self._in_order():
            if is_pending(each):
                self._possibly(each)
            elif each.key in companions or self._is_in_doubt(each):
                keys.add(each.key)
                self._possibly(each)
            elif each.is_open:
                self._surely(each)
            if not is_pending(each):
                self.surely_held |= self._held_by_the_first(each)
        return keys

    def _in_order(self) -> Iterator[Candidate]:
        """Along the order; those whose place is not known may have been first."""
        rivals, order = self.stakes.rivals, self.stakes.frame.policy.order
        placed = [key for key in order if key != "award_id"]
        unplaced = [each for each in rivals if any(getattr(each.award, key) is None for key in placed)]
        yield from unplaced
        yield from (each for each in rivals if each not in unplaced)

    def _is_in_doubt(self, candidate: Candidate) -> bool:
        if self.stakes.is_tied_before_the_choice(candidate):
            return True
        unsure, takings = self.possibly_held - self.surely_held, self.stakes.takings(candidate)
        if unsure.intersection(classes(candidate, self.stakes.frame, "substitute")):
            return True
        twins = set(classes(candidate, self.stakes.frame, "exclusive"))
        if not twins & unsure and not any(map(self._is_touched, takings)):
            return False
        fits_beside_all = not twins & self.possibly_held and all(map(self._fits_beside_all, takings))
        return not fits_beside_all and not self._surely_fails(candidate, twins, takings)

    def _is_touched(self, taking: Taking) -> bool:
        limit, group = taking.room
        rooms = [room for room in self.possible if room[0] == limit and group in (room[1], ANYWHERE)]
        unsure = any(self.possible[room] != self.sure.get(room, 0) for room in rooms)
        return unsure or limit in self.unsure_of or (group == ANYWHERE and bool(rooms))

    def _fits_beside_all(self, taking: Taking) -> bool:
        limit, group = taking.room
        if taking.bound is None or group == ANYWHERE:
            return False
        before = self.possible.get(taking.room, 0) + self.possible.get((limit, ANYWHERE), 0)
        return before + taking.asked <= taking.bound

    def _surely_fails(self, candidate: Candidate, twins: set[Class], takings: Sequence[Taking]) -> bool:
        """Whether a twin that surely counts, or what surely came before, leaves it nothing, whole or in part."""
        if twins & self.surely_held or _is_twin_of_a_used_one(candidate, self.stakes.frame):
            return True
        if self.stakes.limits.split(candidate) is not None or len(forms(candidate, self.stakes.frame)) > 1:
            return False
        return any(map(self._is_surely_full, takings))

    def _is_surely_full(self, taking: Taking) -> bool:
        if taking.bound is None or taking.room[0] in self.stakes.raised:
            return False
        return self.sure.get(taking.room, 0) + taking.asked > taking.bound

    def _held_by_the_first(self, candidate: Candidate) -> set[Class]:
        """Where eligible twins block, the first keeps its class from the others, whether it counts or not."""
        blocking = {rule.head.id for rule in self.stakes.frame.plan.equivalences if rule.blocks == "eligible"}
        return {each for each in classes(candidate, self.stakes.frame, "exclusive") if each[0] in blocking}

    def _possibly(self, candidate: Candidate) -> None:
        for each in self.stakes.takings(candidate):
            self.possible[each.room] = self.possible.get(each.room, 0) + each.asked
            self.unsure_of |= {each.room[0]} if each.room[1] == ANYWHERE else set()
        if loses_its_class(candidate, self.stakes.frame):
            self.unsure_of |= {limit.head.id for limit in self.stakes.frame.plan.limits}
        self.possibly_held |= set(classes(candidate, self.stakes.frame))

    def _surely(self, candidate: Candidate) -> None:
        hits, _ = self.stakes.limits.hits(candidate.award)
        for hit in hits:
            room = (hit.limit.head.id, hit.group)
            asked = hit.asked(candidate.granted, candidate.award) if hit.limit.measure == "credits" else 1
            self.sure[room] = self.sure.get(room, 0) + asked
            self.possible[room] = self.possible.get(room, 0) + asked
        held = set(classes(candidate, self.stakes.frame))
        self.surely_held |= held
        self.possibly_held |= held


def _is_twin_of_a_used_one(candidate: Candidate, frame: Frame) -> bool:
    """Whether an award that was used earlier has its class."""
    holders = (each.facts.get("with") for each in candidate.against if each.code == "DUPLICATE_OF")
    return any(isinstance(each, list) and any(str(name) in frame.used for name in each) for each in holders)


def doubted_copies(chosen: Chosen, doubted: frozenset[str]) -> list[Candidate]:
    """The awards, of which those in doubt are ones that may still count, as those with an open question are."""
    return [_copy(each, chosen, doubted) for each in chosen.candidates]


def _copy(candidate: Candidate, chosen: Chosen, doubted: frozenset[str]) -> Candidate:
    if candidate.key not in doubted and not (candidate.against and is_pending(candidate)):
        return _without_class(candidate, chosen) if loses_its_class(candidate, chosen.frame) else replace(candidate)
    award = candidate.award
    if any(each.code == "SUBSTITUTE_OF" for each in candidate.notes):
        award = award.changed(course_class=None)
    doubt = [Reason(DOUBTED, DOUBTED, None, ZERO, {})]
    copy = replace(candidate, award=award, against=[], unknown=doubt, slot=None)
    copy.grant(ZERO)
    return copy


def _without_class(candidate: Candidate, chosen: Chosen) -> Candidate:
    """What a table has yet to answer is not known, whatever the award says of itself."""
    open_ = {reason.rule for reason in candidate.unknown}
    tables = (table for table in chosen.frame.pack.tables if table.head.id in open_)
    gives = {name for table in tables for row in table.rows for name in row.answers}
    fields = {"source": "source", "class": "course_class", "area": "area"}
    changes = {field_: None for name, field_ in fields.items() if name in gives}
    facts = {name: value for name, value in candidate.award.facts.items() if f"fact:{name}" not in gives}
    return replace(candidate, award=candidate.award.changed(facts=facts, **changes))
