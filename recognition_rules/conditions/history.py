"""Atoms over the learner's history: no other award of a kind, or one that there must be.

The history is every award that was submitted, failed ones too, but for those that were revoked: what was taken back
is nothing that happened. An award of the same day is earlier only where both have a sequence number that says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.conditions.atoms import Condition, missing
from recognition_rules.conditions.attributes import fact_name, read_attribute, value_of
from recognition_rules.durations import Duration, read_duration
from recognition_rules.reading.pack_reader import Node
from recognition_rules.situation import Situation
from recognition_rules.truth import YES, Edit, Finding, Truth, Verdict, both

_AWARD_DAYS = ("started_on", "ended_on", "awarded_on", "received_on")


@dataclass(frozen=True, slots=True)
class History:
    """Which other awards are meant: the `same` under a name, that `where` holds for, earlier by the day `before`.

    `before` None means at any time. With `within`, only those less than that long before: on the day on which the
    time is over the award is free. `same_day` says whether an award of that very day counts as earlier.
    """

    same: str | None
    where: Condition
    before: str | None
    within: Duration | None
    same_day: bool

    def others(self, award: Award, situation: Situation) -> tuple[Award, ...]:
        """The other awards with the same value; empty where there are none, in the order of their ids."""
        known = situation.histories.get(id(self))
        if known is None:
            known = situation.histories[id(self)] = self._index(situation)
        return known.get(self._key(award) or "", ())

    def _index(self, situation: Situation) -> dict[str, tuple[Award, ...]]:
        found: dict[str, tuple[Award, ...]] = {}
        for each in sorted(situation.submitted, key=lambda other: other.id):
            key = self._key(each)
            if key is not None and not each.revoked:
                found[key] = (*found.get(key, ()), each)
        return found

    def _key(self, award: Award) -> str | None:
        if self.same is None:
            return "*"
        value = value_of(award, self.same)
        return None if value is None else f"{type(value).__name__}:{value}"

    def comes_before(self, other: Award, award: Award) -> Truth:
        """Whether the other lies in the time that is looked at; unknown where a day is missing."""
        if self.before is None:
            return Truth.YES
        then, now = _day(other, self.before), _day(award, self.before)
        if then is None or now is None:
            return Truth.UNKNOWN
        if then == now:
            return Truth.YES if self.same_day or _ordered(other, award) else Truth.NO
        recent = self.within is None or now < self.within.after(then)
        return Truth.YES if then < now and recent else Truth.NO


@dataclass(frozen=True, slots=True)
class NoOther:
    """The learner has no other award of that kind: no failed twin, no earlier attempt within the waiting time."""

    history: History

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """No carries `HISTORY_BARS` with the award that bars and, after a waiting time, the day that is free."""
        same = self.history.same
        if same is not None and value_of(award, same) is None:
            return missing(fact_name(same))
        others = self.history.others(award, situation)
        return both([self._one(other, award, situation) for other in others if other.id != award.id]) if others else YES

    def _one(self, other: Award, award: Award, situation: Situation) -> Verdict:
        held, timed = self.history.where.judge(other, situation), self.history.comes_before(other, award)
        truth = min(held.truth, timed)
        if truth is Truth.NO:
            return YES
        if truth is Truth.YES:
            return Verdict(Truth.NO, (Finding("HISTORY_BARS", self._facts(other), self._free(other)),))
        unknown = held.findings if held.truth is Truth.UNKNOWN else ()
        unknown += missing(self.history.before or "day").findings if timed is Truth.UNKNOWN else ()
        return Verdict(Truth.UNKNOWN, tuple(_of(finding, other) for finding in unknown))

    def _facts(self, other: Award) -> dict[str, Json]:
        day = _day(other, self.history.before or "ended_on")
        facts: dict[str, Json] = {"with": [other.id], "on": None if day is None else day.isoformat()}
        if self.history.same is not None:
            facts["same"] = fact_name(self.history.same)
        return facts

    def _free(self, other: Award) -> Edit | None:
        """After a waiting time the day on which it is over; what happened at any other time stays in the way."""
        name, then = self.history.before, _day(other, self.history.before or "ended_on")
        if self.history.within is None or then is None:
            return None
        day = self.history.within.after(then).isoformat()
        return (
            Edit("end_on_or_after", {"day": day}) if name == "ended_on" else Edit("reach", {"fact": name, "value": day})
        )


@dataclass(frozen=True, slots=True)
class HasOther:
    """The learner has another award of that kind: a prerequisite that was passed."""

    history: History

    def judge(self, award: Award, situation: Situation) -> Verdict:
        """No where none is; unknown where one may be."""
        same = self.history.same
        if same is not None and value_of(award, same) is None:
            return missing(fact_name(same))
        truths = [truth for truth, _ in self._judged(award, situation)]
        if Truth.YES in truths:
            return YES
        if Truth.UNKNOWN in truths:
            return Verdict(Truth.UNKNOWN, self._open(award, situation) or missing("history").findings)
        facts: dict[str, Json] = {"with": [], "same": None if same is None else fact_name(same)}
        return Verdict(Truth.NO, (Finding("HISTORY_BARS", facts),))

    def _open(self, award: Award, situation: Situation) -> tuple[Finding, ...]:
        judged = self._judged(award, situation)
        return tuple(each for truth, findings in judged if truth is Truth.UNKNOWN for each in findings)

    def _judged(self, award: Award, situation: Situation) -> Iterator[tuple[Truth, tuple[Finding, ...]]]:
        for other in self.history.others(award, situation):
            if other.id != award.id:
                held, timed = self.history.where.judge(other, situation), self.history.comes_before(other, award)
                findings = tuple(_of(finding, other) for finding in held.findings)
                yield min(held.truth, timed), findings


def read_history(node: Node, where: Condition, *, earlier: bool) -> History:
    """`{ same = "achievement", where = { … }, before = "ended_on", within = { months = 3 } }`; raises `PackInvalid`."""
    within = node.child_or_none("within")
    before = node.choice("before", _AWARD_DAYS, "ended_on") if earlier or within or node.has("before") else None
    history = History(
        same=read_attribute(node, "same") if node.has("same") else None,
        where=where,
        before=before,
        within=read_duration(within) if within else None,
        same_day=node.choice("same_day", ("ignored", "earlier"), "ignored") == "earlier",
    )
    node.raw("same")
    if not node.has("same") and not node.has("where"):
        raise node.fail("Say which other awards are meant: 'same', or 'where', or both.")
    if within:
        within.done()
    node.done()
    return history


def _ordered(other: Award, award: Award) -> bool:
    return other.sequence is not None and award.sequence is not None and other.sequence < award.sequence


def _day(award: Award, name: str) -> date | None:
    day: date | None = getattr(award, name)
    return day


def _of(finding: Finding, other: Award) -> Finding:
    """What is missing is missing about another award than the one that is decided, and says which."""
    return Finding(finding.code, {**finding.facts, "about": other.id}, None)
