"""Step 8: limits as constraints. An award counts where every limit that contains it still has room."""

import math
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from recognition_rules.amount_text import Exact, text_of_amount, whole
from recognition_rules.award import Award
from recognition_rules.calendars import Period
from recognition_rules.canonical import Json
from recognition_rules.conditions.atoms import missing
from recognition_rules.decision import Reason
from recognition_rules.pack import Limit, Split
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.terms import Terms
from recognition_rules.truth import Finding, Truth

_FIELDS = {"provider_root": "provider", "class": "course_class"}


@dataclass(slots=True)
class Room:
    """What one limit has given away in one group (a period, a provider, or all)."""

    used: Exact = 0
    holders: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hit:
    """A limit that contains an award: its group there, its bound, and the terms that set it."""

    limit: Limit
    group: str | None
    period: Period | None
    bound: Exact
    terms: Terms
    room: Room

    def asked(self, amount: Fraction) -> Exact:
        """What the award takes of this limit: its credits, or one item."""
        return 1 if self.limit.measure == "items" else whole(amount)

    def left(self) -> Exact:
        """The room that is left, never below zero."""
        return max(self.bound - self.room.used, 0)

    def facts(self, amount: Fraction) -> dict[str, Json]:
        """What a reason says: the group, the bound, what is used, what was asked, by whom it is held."""
        name = "period" if self.limit.calendar else self.limit.per
        facts: dict[str, Json] = {} if name is None else {name: self.group}
        facts |= {"limit": text_of_amount(self.bound), "used": text_of_amount(self.room.used)}
        facts |= {"asked": text_of_amount(self.asked(amount)), "measure": self.limit.measure}
        return facts | {"with": list(self.room.holders)}


Hits = tuple[Hit, ...]
Unknown = tuple[tuple[Limit, tuple[Finding, ...]], ...]


@dataclass(slots=True)
class Limits:
    """Every limit of a pack with the room given away so far."""

    frame: Frame
    rooms: dict[tuple[str, str | None], Room] = field(default_factory=dict)
    concerned: tuple[Limit, ...] = ()
    terms: dict[tuple[str, date], tuple[Terms, Exact] | None] = field(default_factory=dict)
    found: dict[str, tuple[Hits, Unknown]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        programme = self.frame.programme.id
        self.concerned = tuple(limit for limit in self.frame.pack.limits if limit.head.concerns(programme))

    def hits(self, award: Award) -> tuple[Hits, Unknown]:
        """The limits that contain an award, innermost first, and those of which that is unknown, with why.

        Asked for after an award has its final class, so that the answer can be kept.
        """
        if award.id not in self.found:
            self.found[award.id] = self._hits(award)
        return self.found[award.id]

    def _hits(self, award: Award) -> tuple[Hits, Unknown]:
        hits, unknown = [], []
        for limit in self.concerned:
            verdict = limit.where.judge(award, self.frame.situation)
            lacking = _lacking(limit, award) if verdict.truth is Truth.YES else None
            if verdict.truth is Truth.UNKNOWN or lacking:
                unknown.append((limit, verdict.findings or missing(lacking or "group").findings))
            elif verdict.truth is Truth.YES:
                hits += self._hit(limit, award)
        return tuple(hits), tuple(unknown)

    def _hit(self, limit: Limit, award: Award) -> list[Hit]:
        period = limit.calendar.period(award.ended_on) if limit.calendar and award.ended_on else None
        day = period.start if period and limit.head.selector == "period" else self.frame.situation.on
        set_by = self._bound(limit, day)
        if set_by is None:
            return []
        terms, bound = set_by
        group = period.label if period else _group(limit, award)
        room = self.rooms.setdefault((limit.head.id, group), Room())
        return [Hit(limit, group, period, bound, terms, room)]

    def _bound(self, limit: Limit, day: date) -> tuple[Terms, Exact] | None:
        """The terms in force that day and the bound they set; None where there is none."""
        key = (limit.head.id, day)
        if key not in self.terms:
            terms = limit.head.on(day)
            bound = limit.bound.resolve(self.frame.programme, terms.value) if terms else None
            self.terms[key] = None if terms is None or bound is None else (terms, whole(bound))
        return self.terms[key]

    def has_room(self, hit: Hit, day: date, amount: Fraction) -> bool:
        """Whether a limit by period would have room for the amount in the period of another day."""
        assert hit.limit.calendar is not None
        period = hit.limit.calendar.period(day)
        set_by = self._bound(
            hit.limit, period.start if hit.limit.head.selector == "period" else self.frame.situation.on
        )
        room = self.rooms.get((hit.limit.head.id, period.label), Room())
        return set_by is None or room.used + hit.asked(amount) <= set_by[1]

    def offer(self, candidate: Candidate) -> Fraction:
        """How much of the award fits, whole unless it may be split; writes down each limit's answer.

        What fits is taken at once, in every limit that contains the award.
        """
        hits, unknown = self.hits(candidate.award)
        for limit, findings in unknown:
            candidate.hold(Truth.UNKNOWN, findings, limit.head.label, limit.head.id)
            self._step(candidate, limit, None, {}, None, "unknown")
        split = self._split(candidate.award)
        price = candidate.price
        amount = price.amount - price.rounded if price.rounded else price.amount
        fits = self._part(candidate, hits, amount, split) if split else self._whole(candidate, hits, amount)
        if not candidate.is_open:
            return Fraction(0)
        for hit in hits:
            hit.room.used += hit.asked(fits)
            hit.room.holders.append(candidate.award.id)
        return fits

    def _whole(self, candidate: Candidate, hits: tuple[Hit, ...], amount: Fraction) -> Fraction:
        for hit in hits:
            asked = hit.asked(amount)
            fits = asked <= hit.left()
            self._answer(candidate, hit, asked, "room" if fits else "refused")
            if not fits:
                finding = Finding(hit.limit.reason, hit.facts(amount))
                candidate.hold(Truth.NO, (finding,), hit.limit.head.label, hit.limit.head.id)
        return amount

    def _part(self, candidate: Candidate, hits: tuple[Hit, ...], amount: Fraction, split: Split) -> Fraction:
        """As much as fits, by whole steps; each limit from the inside out is charged with what it cuts."""
        remaining, cuts = amount, []
        for hit in hits:
            fits = _steps(remaining, hit, split.step)
            self._answer(candidate, hit, hit.asked(remaining), "room" if fits == remaining else "cut")
            if fits < remaining:
                head, facts = hit.limit.head, hit.facts(remaining)
                cuts.append(Reason(hit.limit.reason, head.label, head.id, remaining - fits, facts))
                remaining = fits
        if remaining == 0 and amount > 0:
            candidate.against += cuts
            candidate.edits += [None] * len(cuts)
        else:
            candidate.charged += cuts
        return remaining

    def _split(self, award: Award) -> Split | None:
        splits = self.frame.pack.splits
        return next((each for each in splits if each.where.judge(award, self.frame.situation).truth is Truth.YES), None)

    def _answer(self, candidate: Candidate, hit: Hit, asked: Exact, result: str) -> None:
        used, bound = hit.room.used, hit.bound
        together = used + asked
        sign = "≤" if together <= bound else ">"
        used_text, asked_text, bound_text = text_of_amount(used), text_of_amount(asked), text_of_amount(bound)
        words = f"{used_text} + {asked_text} = {text_of_amount(together)} {sign} {bound_text}"
        inputs: dict[str, Json] = {"group": hit.group, "used": used_text, "asked": asked_text, "limit": bound_text}
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


def _lacking(limit: Limit, award: Award) -> str | None:
    """The fact without which the award's group in a limit is not known."""
    if limit.calendar:
        return None if award.ended_on else "ended_on"
    return limit.per if limit.per and _group(limit, award) is None else None


def _group(limit: Limit, award: Award) -> str | None:
    if limit.per is None:
        return None
    value: str | None = getattr(award, _FIELDS.get(limit.per, limit.per))
    return value


def _steps(remaining: Fraction, hit: Hit, step: Fraction) -> Fraction:
    if hit.limit.measure == "items":
        return remaining if hit.left() >= 1 else Fraction(0)
    if remaining <= hit.left():
        return remaining
    return math.floor(Fraction(hit.left()) / step) * step
