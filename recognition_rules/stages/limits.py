"""Step 8: limits as constraints. An award counts where every limit that contains it still has room."""

import math
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from recognition_rules.amount_text import Exact, text_of_amount, whole
from recognition_rules.award import Award
from recognition_rules.calendars import Period
from recognition_rules.canonical import Json
from recognition_rules.conditions.atoms import missing
from recognition_rules.decision import Reason
from recognition_rules.pack import Limit, Split
from recognition_rules.stages.bounds import Bounds, Unsettled
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.placed import Containing, Placed
from recognition_rules.stages.plan import Profile
from recognition_rules.terms import Terms
from recognition_rules.truth import YES, Finding, Truth


@dataclass(slots=True)
class Room:
    """What one limit has given away in one group (a period, a provider, or all).

    `base` is what counts there, of which the limit is a share, where it is one of what counts.
    """

    used: Exact = 0
    base: Exact = 0
    holders: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Hit:
    """A limit that contains awards: their group there, its bound, the terms that set it, and the room given away.

    `fixed` is the bound where it is no share of what counts, `by_credits` whether the limit adds up credits.
    """

    limit: Limit
    place: Placed
    room: Room
    fixed: Exact | None = field(init=False)
    by_credits: bool = field(init=False)

    def __post_init__(self) -> None:
        self.fixed = None if self.limit.bound.share_of == "counted" else self.place.bound
        self.by_credits = self.limit.measure == "credits"

    @property
    def group(self) -> str | None:
        """The award's group in the limit: a period, a provider …"""
        return self.place.group

    @property
    def period(self) -> Period | None:
        """The period that is the group, or part of it."""
        return self.place.period

    @property
    def bound(self) -> Exact:
        """How much fits into the group in all."""
        return self.place.bound * self.room.base if self.fixed is None else self.fixed

    @property
    def terms(self) -> Terms:
        """The terms that set the bound."""
        return self.place.terms

    def asked(self, amount: Exact, award: Award) -> Exact:
        """What an award takes of this limit: its credits, a course, or one item, once for all its courses."""
        if self.by_credits:
            return whole(amount)
        return 0 if self.limit.measure == "items" and award.id in self.room.holders else 1

    def holds(self, asked: Exact) -> bool:
        """Whether there is room for that; for nothing there always is."""
        bound = self.bound if self.fixed is None else self.fixed
        return self.room.used + asked <= bound or not asked

    def left(self) -> Exact:
        """The room that is left, never below zero."""
        left = self.bound - self.room.used
        return left if left > 0 else 0

    def facts(self, amount: Fraction, award: Award) -> dict[str, Json]:
        """What a reason says: the group, the bound, what is used, what was asked, by whom it is held."""
        name = "period" if self.limit.calendar else self.limit.per
        facts: dict[str, Json] = {} if name is None else {name: self.group}
        facts |= {"limit": text_of_amount(self.bound), "used": text_of_amount(self.room.used)}
        facts |= {"asked": text_of_amount(self.asked(amount, award)), "measure": self.limit.measure}
        return facts | {"with": list(self.room.holders)}


_ZERO = Fraction(0)
Hits = tuple[Hit, ...]
Unknown = tuple[tuple[Limit, tuple[Finding, ...]], ...]


@dataclass(slots=True)
class Limits:
    """Every limit of a pack with the room given away so far."""

    frame: Frame
    rooms: dict[tuple[str, str | None], Room] = field(default_factory=dict)
    concerned: tuple[Limit, ...] = ()
    found: dict[int, tuple[Award, tuple[Hits, Unknown]]] = field(default_factory=dict)
    alike: dict[tuple[Containing, Hashable], tuple[Hits, Unknown]] = field(default_factory=dict)
    standing: dict[int, Hit] = field(default_factory=dict)
    placed: dict[tuple[str, Hashable], Hit | Unsettled | None] = field(default_factory=dict)
    bounds: Bounds = field(init=False)

    def __post_init__(self) -> None:
        self.bounds = Bounds(self.frame)
        self.concerned = self.frame.plan.limits

    def clear(self) -> None:
        """Takes everybody out again; where awards stand stays known."""
        for room in self.rooms.values():
            room.used = room.base = 0
            room.holders.clear()

    def hits(self, award: Award) -> tuple[Hits, Unknown]:
        """The limits that contain an award, innermost first, and those of which that is unknown, with why.

        An award that moves into another class is another award here; the answer is kept for as long as it lives.
        """
        known = self.found.get(id(award))
        if known is None:
            known = self.found[id(award)] = (award, self._found(award))
        return known[1]

    def _found(self, award: Award) -> tuple[Hits, Unknown]:
        """The same for all awards that stand in the same groups of the same limits, where these are certain."""
        profile = self.frame.situation.profile(award)
        containing = profile.containing
        if containing is None or award.id in self.frame.lifted:
            return self._hits(award, profile)
        groups = containing.key(award)
        key = (containing, groups)
        known = self.alike.get(key)
        if known is None:
            places = containing.places.get(groups)
            if places is None:
                known = self._hits(award, profile)
                if not known[1]:
                    containing.remember(groups, tuple((hit.limit, hit.place) for hit in known[0]))
            else:
                known = tuple([self._hit(limit, place) for limit, place in places]), ()
            self.alike[key] = known
        return known

    def _hits(self, award: Award, profile: Profile) -> tuple[Hits, Unknown]:
        hits, unknown = [], []
        situation, lifted = self.frame.situation, self.frame.lifted.get(award.id, ())
        trial = self.frame.contained.get(award.id, {})
        for limit, certain in profile.limits:
            verdict = YES if certain else situation.applies(limit.where, award)
            if verdict.truth is Truth.NO or limit.head.id in lifted:
                continue
            if verdict.truth is Truth.UNKNOWN and limit.head.id in trial:
                if not trial[limit.head.id]:
                    continue
                verdict = YES
            found = self._place(limit, award) if verdict.truth is Truth.YES else Unsettled(verdict.findings)
            if isinstance(found, Hit):
                hits.append(found)
            elif found is not None:
                unknown.append((limit, found.findings or missing("group").findings))
        return tuple(hits), tuple(unknown)

    def _place(self, limit: Limit, award: Award) -> Hit | Unsettled | None:
        """Where an award stands; the same for all awards of one day and group."""
        key = (limit.head.id, self.frame.plan.places[limit.head.id](award))
        if key not in self.placed:
            place = self.bounds.place(limit, award)
            self.placed[key] = self._hit(limit, place) if isinstance(place, Placed) else place
        return self.placed[key]

    def _hit(self, limit: Limit, place: Placed) -> Hit:
        known = self.standing.get(id(place))
        if known is None:
            key = (limit.head.id, place.group)
            room = self.rooms.get(key)
            if room is None:
                room = self.rooms[key] = Room()
            known = self.standing[id(place)] = Hit(limit, place, room)
        return known

    def has_room(self, hit: Hit, award: Award, day: date, amount: Fraction) -> bool:
        """Whether a limit by period would have room for the amount, had the award its date on another day."""
        moved = replace(award, **{hit.limit.date: day})  # type: ignore[arg-type]  # the name of a date
        place = self.bounds.place(hit.limit, moved)
        if not isinstance(place, Placed):
            return place is None
        room = self.rooms.get((hit.limit.head.id, place.group), Room())
        return room.used + hit.asked(amount, award) <= place.bound

    def offer(self, candidate: Candidate) -> Fraction:
        """How much of the award fits, whole unless it may be split; writes down each limit's answer.

        What fits is taken at once, in every limit that contains the award.
        """
        hits, unknown = self.hits(candidate.award)
        if unknown:
            self.hold_unknown(candidate)
        split = self.split(candidate) if self.frame.pack.splits else None
        amount = candidate.offered
        exact = candidate.exactly(amount)
        fits = self._part(candidate, hits, amount, split) if split else self._whole(candidate, hits, amount, exact)
        if not candidate.is_open:
            return _ZERO
        _give(hits, candidate.award, exact if fits is amount else whole(fits))
        return fits

    def hold_unknown(self, candidate: Candidate) -> bool:
        """Whether it is open if some limit contains the award; then it is undetermined."""
        _, unknown = self.hits(candidate.award)
        for limit, findings in unknown:
            candidate.hold(Truth.UNKNOWN, findings, limit.head.label, limit.head.id)
            self._step(candidate, limit, None, {}, None, "unknown")
        return bool(unknown)

    def take(self, candidate: Candidate, amount: Fraction) -> None:
        """Takes room for an amount of the award, wherever a limit contains it."""
        hits, _ = self.hits(candidate.award)
        _give(hits, candidate.award, candidate.exactly(amount))

    def take_back(self, candidate: Candidate, amount: Fraction) -> None:
        """Gives the room back that was taken last."""
        hits, _ = self.hits(candidate.award)
        for hit in hits:
            hit.room.holders.remove(candidate.award.id)
            hit.room.used -= hit.asked(amount, candidate.award)

    def tell_room(self, candidate: Candidate, amount: Fraction) -> None:
        """Writes down the room that an amount finds, before it takes it."""
        hits, _ = self.hits(candidate.award)
        for hit in hits:
            self._answer(candidate, hit, hit.asked(amount, candidate.award), "room")

    def enlarge(self, award: Award, amount: Fraction) -> None:
        """Adds what counts to the base of each limit that is a share of what counts."""
        for limit in self.concerned:
            among, place = limit.bound.among, None
            if limit.bound.share_of == "counted":
                place = self.bounds.place(limit, award)
            if isinstance(place, Placed) and (among is None or self.frame.situation.truth(among, award) is Truth.YES):
                room = self.rooms.setdefault((limit.head.id, place.group), Room())
                room.base += whole(amount) if limit.measure == "credits" else 1

    def charge(self, candidate: Candidate, amount: Fraction) -> Fraction:
        """Charges each limit, from the inside out, with what it cuts off; answers what none of them does."""
        split, (hits, _) = self.split(candidate), self.hits(candidate.award)
        remaining = candidate.offered
        for hit in hits if split else ():
            fits = max(_steps(remaining, hit, split.step if split else remaining), amount)
            if fits < remaining:
                self._answer(candidate, hit, hit.asked(remaining, candidate.award), "cut")
                head, facts = hit.limit.head, hit.facts(remaining, candidate.award)
                candidate.charged.append(Reason(hit.limit.reason, head.label, head.id, remaining - fits, facts))
                remaining = fits
        return remaining - amount

    def _whole(self, candidate: Candidate, hits: tuple[Hit, ...], amount: Fraction, exact: Exact) -> Fraction:
        telling = self.frame.trace.telling
        for hit in hits:
            asked = exact if hit.by_credits else hit.asked(exact, candidate.award)
            fits = (hit.fixed is not None and hit.room.used + asked <= hit.fixed) or hit.holds(asked)
            if telling:
                self._answer(candidate, hit, asked, "room" if fits else "refused")
            if not fits:
                finding = Finding(hit.limit.reason, hit.facts(amount, candidate.award))
                candidate.hold(Truth.NO, (finding,), hit.limit.head.label, hit.limit.head.id)
        return amount

    def _part(self, candidate: Candidate, hits: tuple[Hit, ...], amount: Fraction, split: Split) -> Fraction:
        """As much as fits, by whole steps; each limit from the inside out is charged with what it cuts."""
        remaining, cuts = amount, []
        for hit in hits:
            fits = _steps(remaining, hit, split.step)
            asked = hit.asked(remaining, candidate.award)
            self._answer(candidate, hit, asked, "room" if fits == remaining else "cut")
            if fits < remaining:
                head, facts = hit.limit.head, hit.facts(remaining, candidate.award)
                cuts.append(Reason(hit.limit.reason, head.label, head.id, remaining - fits, facts))
                remaining = fits
                if remaining == 0:
                    break
        if remaining == 0 and amount > 0:
            candidate.against += cuts
            candidate.edits += [None] * len(cuts)
        else:
            candidate.charged += cuts
        return remaining

    def split(self, candidate: Candidate) -> Split | None:
        """The step by which the award may be counted in part; what counts only together counts whole."""
        splits = self.frame.pack.splits if candidate.together is None else ()
        situation = self.frame.situation
        return next((each for each in splits if situation.truth(each.where, candidate.award) is Truth.YES), None)

    def _answer(self, candidate: Candidate, hit: Hit, asked: Exact, result: str) -> None:
        if not self.frame.trace.telling:
            return
        used, bound = hit.room.used, hit.bound
        together = used + asked
        sign = "≤" if together <= bound else ">"
        used_text, asked_text, bound_text = text_of_amount(used), text_of_amount(asked), text_of_amount(bound)
        words = f"{used_text} + {asked_text} = {text_of_amount(together)} {sign} {bound_text}"
        inputs: dict[str, Json] = {"group": hit.group, "used": used_text, "asked": asked_text, "limit": bound_text}
        if not hit.by_credits:
            inputs["measure"] = hit.limit.measure
        self._step(candidate, hit.limit, hit.terms, inputs, words, result)

    def _step(
        self,
        candidate: Candidate,
        limit: Limit,
        terms: Terms | None,
        inputs: dict[str, Json],
        words: str | None,
        result: str,
    ) -> None:
        trace = self.frame.trace
        step = trace.add(
            "choose", result, award=candidate.award.id, rule=limit.head.id, terms=terms, inputs=inputs, arithmetic=words
        )
        candidate.steps.append(step)


def _give(hits: Hits, award: Award, exact: Exact) -> None:
    """Gives room to an amount of an award, in each of these limits."""
    for hit in hits:
        room = hit.room
        room.used += exact if hit.by_credits else hit.asked(exact, award)
        room.holders.append(award.id)


def _steps(remaining: Fraction, hit: Hit, step: Fraction) -> Fraction:
    if hit.limit.measure != "credits":
        return remaining if hit.left() >= 1 else Fraction(0)
    if remaining <= hit.left():
        return remaining
    return math.floor(Fraction(hit.left()) / step) * step
