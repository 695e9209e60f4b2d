"""Step 13: for an award that does not count, edits after which it would, from recorded slack and at no cost.

A proposal is unverified: `search` settles it by running again. Of an `any` it mends the branch that takes the fewest
edits, of equal ones the first that is written, and nothing else. Where nothing is at hand, or it takes more than three
edits, there is none. "It would count, but the total would not rise" is an honest answer: a gain of 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from recognition_rules.amount_text import total
from recognition_rules.decision import Counterfactual, Reason
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.limits import Hit, Limits
from recognition_rules.truth import Edit, Truth

MAX_EDITS = 3
PERIODS_AHEAD = 6


@dataclass(slots=True)
class Proposals:
    """Looks for edits once all awards are chosen and the room given away is known."""

    frame: Frame
    limits: Limits
    candidates: Sequence[Candidate]
    counted: dict[str, Fraction] = field(default_factory=dict)

    def propose(self) -> None:
        """Gives every award that does not count its proposal, or none."""
        self.counted = {each.award.id: each.counted for each in self.candidates}
        for candidate in self.candidates:
            if not candidate.is_open:
                candidate.proposal = self._proposal(candidate)

    def _proposal(self, candidate: Candidate) -> Counterfactual | None:
        capped = [reason for reason in candidate.against if reason.code.startswith("LIMIT_")]
        needed = (edit for edit in candidate.edits if edit is None or not edit.spare)
        edits = list(dict.fromkeys(map(_key, needed))) if not capped else []
        found = self._for_limits(candidate, capped) if capped else [_edit(key) for key in edits]
        if candidate.price.truth is not Truth.YES:  # what it would add is not known
            return None
        if not found or any(edit is None for edit in found) or len(found) > MAX_EDITS:
            return None
        named = tuple(edit for edit in found if edit is not None)
        displaced = tuple(str(edit.details["award"]) for edit in named if edit.do == "give_up")
        lost = total(self.counted.get(award, 0) for award in displaced)
        return Counterfactual(named, candidate.price.amount - lost, displaced, verified=False)

    def _for_limits(self, candidate: Candidate, capped: list[Reason]) -> list[Edit | None]:
        hits, _ = self.limits.hits(candidate.award)
        full = [hit for hit in hits if hit.asked(candidate.price.amount, candidate.award) > hit.left()]
        if len(full) == 0 or len(candidate.against) > len(capped):
            return [None]
        if all(hit.limit.calendar is not None for hit in full):
            return [self._later(candidate, hits, full[0])]
        return self._give_up(candidate, full)

    def _later(self, candidate: Candidate, hits: Sequence[Hit], first: Hit) -> Edit | None:
        """The next period with room in every limit by period, had the course ended in it."""
        calendar, period = first.limit.calendar, first.period
        by_period = [hit for hit in hits if hit.limit.calendar]
        award, amount = candidate.award, candidate.price.amount
        for _ in range(PERIODS_AHEAD):
            if calendar is None or period is None or period.start.year >= 2998:
                return None
            period = calendar.after(period)
            if all(self.limits.has_room(hit, award, period.start, amount) for hit in by_period):
                details = {"calendar": calendar.id, "period": period.label, "from": period.start.isoformat()}
                return Edit("end_in_period", details)
        return None

    def _give_up(self, candidate: Candidate, full: list[Hit]) -> list[Edit | None]:
        """The latest awards that hold the room, as few as free enough of it in every limit."""
        given: list[str] = []
        for hit in full:
            if not self._free(hit, candidate, given):
                return [None]
        return [Edit("give_up", {"award": award}) for award in given]

    def _free(self, hit: Hit, candidate: Candidate, given: list[str]) -> bool:
        """Whether giving up more holders, the latest first, frees what is asked; adds them to `given`.

        Once more are given up than a proposal may hold there is none, so nobody looks further.
        """
        award, asked = candidate.award, hit.asked(candidate.price.amount, candidate.award)
        freed = sum((hit.asked(self.counted[each], award) for each in given if each in hit.room.holders), hit.left())
        for holder in reversed(hit.room.holders):
            if freed >= asked or len(given) > MAX_EDITS:
                break
            if holder not in given:
                given.append(holder)
                freed += hit.asked(self.counted[holder], award)
        return freed >= asked


_Key = tuple[str, tuple[tuple[str, object], ...]] | None


def _key(edit: Edit | None) -> _Key:
    return None if edit is None else (edit.do, tuple(sorted(edit.details.items())))


def _edit(key: _Key) -> Edit | None:
    return None if key is None else Edit(key[0], dict(key[1]))  # type: ignore[arg-type]  # came from an Edit
