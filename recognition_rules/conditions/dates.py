"""Atoms that look at days: of the course, in the learner's life, in a calendar."""

from dataclasses import dataclass
from datetime import date, timedelta

from recognition_rules.award import Award
from recognition_rules.calendars import Calendar
from recognition_rules.conditions.atoms import missing
from recognition_rules.situation import Situation
from recognition_rules.truth import YES, Edit, Finding, Truth, Verdict


@dataclass(frozen=True, slots=True)
class EndedAfter:
    """The course ended after a day in the learner's life; `same_day` says whether that day itself counts."""

    learner_fact: str
    same_day: bool

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """No carries the earliest day that passes."""
        bound = situation.learner_day(self.learner_fact)
        if bound is None or award.ended_on is None:
            return missing("ended_on") if bound else missing(self.learner_fact, of="learner")
        first = bound if self.same_day else bound + timedelta(days=1)
        if award.ended_on >= first:
            return Verdict(Truth.YES, (), (f"{award.ended_on} ≥ {first}",))
        facts = {"ended_on": award.ended_on.isoformat(), "earliest": first.isoformat()}
        finding = Finding("OUTSIDE_WINDOW", facts, Edit("end_on_or_after", {"day": first.isoformat()}))
        return Verdict(Truth.NO, (finding,), (f"{award.ended_on} < {first}",))


@dataclass(frozen=True, slots=True)
class EndedBetween:
    """The course ended between two days, both included; None is open."""

    start: date | None
    until: date | None

    def judge(self, award: Award, situation: Situation) -> Verdict:  # noqa: ARG002 - the shape of a condition
        """No carries both bounds."""
        day = award.ended_on
        if day is None:
            return missing("ended_on")
        if (self.start or day) <= day <= (self.until or day):
            return YES
        facts = {"ended_on": day.isoformat(), "from": _iso(self.start), "until": _iso(self.until)}
        return Verdict(Truth.NO, (Finding("OUTSIDE_WINDOW", facts),))


@dataclass(frozen=True, slots=True)
class SamePeriod:
    """In the period in which the award ended the learner also has an eligible award of one of these sources."""

    calendar: Calendar
    sources: frozenset[str]

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """Membership is fixed by eligibility, so it does not move with the choice."""
        if award.ended_on is None:
            return missing("ended_on")
        found = self.calendar.period(award.ended_on).label in self._periods(situation)
        return YES if found else Verdict(Truth.NO)

    def _periods(self, situation: Situation) -> frozenset[str]:
        if id(self) not in situation.index:
            situation.index[id(self)] = frozenset(
                self.calendar.period(peer.ended_on).label
                for peer in situation.peers
                if peer.ended_on is not None and peer.source in self.sources
            )
        return situation.index[id(self)]


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
