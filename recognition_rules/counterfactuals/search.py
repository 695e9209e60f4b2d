"""The smallest change after which an award counts: at most three edits, found by running the recognition again.

Breadth first, so that what is found is smallest. The edits tried after a run are those that its own reasons offer:
the repair of each atom that failed, giving up each award that holds the room or the class, ending in one of the next
periods. So a repair that uncovers the next obstacle is followed, and one of several alternatives is enough. Holders
that differ in nothing but their name are tried once. Where the choice among awards stands in the way, giving up one
that holds nothing may settle it otherwise with fewer edits: so every other award is tried too, below what was found.
Where every branch has been followed and none counts the award, that nothing within three would is itself a finding.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fractions import Fraction
from math import comb

from recognition_rules.award import Award
from recognition_rules.canonical import canonical
from recognition_rules.counterfactuals.edits import CATALOGUE, can_be_tried, changed
from recognition_rules.decision import Counterfactual, Decision, Reason
from recognition_rules.recognition import Recognition
from recognition_rules.request import Request
from recognition_rules.truth import Edit

MAX_EDITS = 3
MAX_RUNS = 400
"""Runs for one award; beyond them the question stays open, and the answer says so by staying unverified."""

FEW_RUNS = 60
"""Ways to give up other awards, beyond those that hold the room, that are tried for one award."""

PERIODS_AHEAD = 6
_CHOSEN = ("LIMIT_", "DUPLICATE_OF", "NOT_NEEDED")
_AMONG_OTHERS = frozenset({"together", "kept"})
_STILL = frozenset({"ROUNDED_AWAY", "SUBSTITUTE_OF"})

Edits = tuple[Edit, ...]


def verified(first: Recognition, request: Request, run: Callable[[Request], Recognition]) -> Recognition:
    """The recognition with the smallest change for each award that does not count in full, or that none would."""
    search = Search(first, request, run)
    return replace(first, decisions=tuple(map(search.settled, first.decisions)))


@dataclass(slots=True)
class Search:
    """Runs the same recognition after edits; `first` is the one without any."""

    first: Recognition
    request: Request
    run: Callable[[Request], Recognition]
    runs: int = 0
    complete: bool = True
    wide: bool = False
    tried: set[frozenset[str]] = field(default_factory=set)

    def settled(self, decision: Decision) -> Decision:
        """The decision with its counterfactual settled; one that counts in full needs none."""
        if _counts(decision):
            return decision
        found = self._within(decision.award, MAX_EDITS, wide=False)
        if self.complete and _is_of_the_choice(decision):
            found = self._fewer(decision.award, len(found.edits) - 1 if found else MAX_EDITS) or found
        if found is None and not self.complete:
            return decision
        return replace(decision, counterfactual=found or NOTHING_WOULD)

    def _fewer(self, award: str, most: int) -> Counterfactual | None:
        """A change of at most so many edits where any other award may be given up; of one, where more take too many."""
        others = sum(1 for _ in self._every_other(award, ()))
        deep = max(size for size in range(most + 1) if sum(comb(others, each) for each in range(size + 1)) <= FEW_RUNS)
        found = self._within(award, deep if deep == most else min(deep, 1), wide=True)
        self.complete = self.complete and deep == most
        return found

    def _within(self, award: str, most: int, *, wide: bool) -> Counterfactual | None:
        """The smallest change of at most so many edits; `wide` tries to give up every other award as well."""
        self.runs, self.complete, self.tried, self.wide = 0, True, set(), wide
        layer: list[tuple[Edits, Recognition]] = [((), self.first)]
        for _ in range(most):
            grown: list[tuple[Edits, Recognition]] = []
            for more, again in self._runs(award, layer):
                if _counts(again.decision(award)):
                    return self._answer(award, more, again)
                grown.append((more, again))
            layer = grown
        return None

    def _runs(self, award: str, layer: list[tuple[Edits, Recognition]]) -> Iterator[tuple[Edits, Recognition]]:
        """Every run of the layer with one edit more, until the runs are used up."""
        for edits, found in layer:
            for more in self._next(award, edits, found):
                if self.runs >= MAX_RUNS:
                    self.complete = False
                    return
                self.runs += 1
                yield more, self.run(changed(self.request, award, more))

    def _next(self, award: str, edits: Edits, found: Recognition) -> Iterator[Edits]:
        """The edits so far with one more, each set of edits once."""
        for edit in self._repairs(award, edits, found):
            more = (*edits, edit)
            key = frozenset(map(_key, more))
            if key not in self.tried:
                self.tried.add(key)
                yield more

    def _repairs(self, award: str, edits: Edits, found: Recognition) -> list[Edit]:
        decision = found.decision(award)
        offered = {_key(edit): edit for edit in decision.repairs}
        for reason in decision.reasons:
            for edit in self._room(reason, award, edits):
                offered.setdefault(_key(edit), edit)
        for edit in self._every_other(award, edits) if self.wide else ():
            offered.setdefault(_key(edit), edit)
        usable = [edit for edit in offered.values() if can_be_tried(edit)]
        self.complete = self.complete and len(usable) == len(offered)
        return sorted(usable, key=lambda edit: CATALOGUE.index(edit.do))

    def _room(self, reason: Reason, award: str, edits: Edits) -> Iterator[Edit]:
        """What may free the room or the class that others hold."""
        if reason.code.startswith(("LIMIT_", "DUPLICATE_OF")) or "kept" in reason.facts:
            yield from self._holders(reason, award)
        if reason.facts.get("together") in self.request.awards:
            yield Edit("give_up", {"award": reason.facts["together"]})
        if reason.code.startswith("LIMIT_"):
            yield from self._periods(reason, changed(self.request, award, edits).awards[award])

    def _holders(self, reason: Reason, award: str) -> Iterator[Edit]:
        """Giving up each award that holds the room, the latest first; of interchangeable ones only one."""
        holders = reason.facts.get("with", ())
        yield from self._one_of_a_kind(award, map(str, reversed(holders if isinstance(holders, list) else [])))

    def _every_other(self, award: str, edits: Edits) -> Iterator[Edit]:
        """Giving up any award that is still there."""
        there = changed(self.request, award, edits).awards
        yield from self._one_of_a_kind(award, sorted(there, reverse=True))

    def _one_of_a_kind(self, award: str, others: Iterable[str]) -> Iterator[Edit]:
        seen = set[bytes]()
        for other in others:
            given = self.request.awards.get(other)
            if given is None or given.id == award:
                continue
            likeness = self._likeness(given)
            if likeness not in seen:
                seen.add(likeness)
                yield Edit("give_up", {"award": given.id})

    def _likeness(self, award: Award) -> bytes:
        """All that rules may look at but its name: two awards alike in it, with titles of their own, are the same."""
        shape = award.to_json()
        shared = sum(each.title == award.title for each in self.request.awards.values()) > 1
        kept = {} if shared or award.achievement else {"id": None, "title": None, "sequence": None}
        return canonical({**shape, **kept})

    def _periods(self, reason: Reason, award: Award) -> Iterator[Edit]:
        """The last day of each of the next periods of the limit that has no room: there it pushes nobody out."""
        limit = next((each for each in self.request.pack.limits if each.head.id == reason.rule), None)
        if limit is None or limit.calendar is None or award.ended_on is None or award.ended_on.year >= 2990:
            return
        period = limit.calendar.period(award.ended_on)
        for _ in range(PERIODS_AHEAD):
            period = limit.calendar.after(period)
            last = limit.calendar.after(period).start - timedelta(days=1)
            details = {"calendar": limit.calendar.id, "period": period.label, "from": period.start.isoformat()}
            yield Edit("end_in_period", {**details, "day": last.isoformat()})

    def _answer(self, award: str, edits: Edits, again: Recognition) -> Counterfactual:
        gain = again.totals["counted"] - self.first.totals["counted"]
        counting = {each.award for each in again.decisions if each.counted}
        displaced = tuple(each.award for each in self.first.decisions if each.counted and each.award not in counting)
        return Counterfactual(edits, gain, tuple(each for each in displaced if each != award), verified=True)


NOTHING_WOULD = Counterfactual((), Fraction(0), (), verified=True, none=True)
"""Nothing within three edits would make the award count."""


def _counts(decision: Decision) -> bool:
    """Whether all of it counts, or serves without credit, but for what a declared rounding takes away."""
    if decision.status == "waived":
        return True
    left = [reason for reason in decision.reasons if reason.code not in _STILL]
    return decision.status in ("counted", "partly") and not left


def _is_of_the_choice(decision: Decision) -> bool:
    """Whether other awards stand in the way, or may."""
    return any(reason.code.startswith(_CHOSEN) or _AMONG_OTHERS & reason.facts.keys() for reason in decision.reasons)


def _key(edit: Edit) -> str:
    return canonical({"do": edit.do, **edit.details}).decode()
