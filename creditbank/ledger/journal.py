"""The entries that the bank knows how to make: pure functions from facts to balanced entries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from creditbank.ledger.account import AGAIN, LEARNER, exchange_account, issuer_account, merge_account
from creditbank.ledger.entry import Entry, Posting
from recognition_rules.credits import to_grains


@dataclass(frozen=True, slots=True)
class Movement:
    """A transfer of `grains` (positive) of `unit`, stemming from `award`, from one account to another."""

    award: UUID
    unit: str
    grains: int
    source: str
    target: str

    def legs(self) -> tuple[Posting, Posting]:
        """The two legs: out of the source, into the target."""
        return (
            Posting(self.source, self.unit, -self.grains, self.award),
            Posting(self.target, self.unit, self.grains, self.award),
        )


@dataclass(frozen=True, slots=True)
class Conversion:
    """One award's credits leaving as `spent` of `spent_unit` and arriving as `gained` of `gained_unit` (both exact).

    `again` is the part of `spent` that is used already and counts once more by a named exception.
    """

    award: UUID
    spent: Fraction
    spent_unit: str
    gained: Fraction
    gained_unit: str
    again: Fraction = Fraction(0)

    def legs(self, programme: str) -> tuple[Posting, ...]:
        """Four legs through the exchange, or two where the unit stays the same; two more for what counts again.

        Source: tigerbeetle's currency-exchange recipe; the exchange accounts keep the rate visible in the books.
        """
        spent, gained = to_grains(self.spent), to_grains(self.gained)
        if self.spent_unit == self.gained_unit and spent == gained:
            return self._out(programme)
        into = Movement(self.award, self.gained_unit, gained, exchange_account(self.gained_unit), programme)
        return self._out(exchange_account(self.spent_unit)) + into.legs()

    def _out(self, target: str) -> tuple[Posting, ...]:
        """What leaves: from the learner, and what counts again from its own account."""
        parts = ((LEARNER, to_grains(self.spent) - to_grains(self.again)), (AGAIN, to_grains(self.again)))
        found = [Movement(self.award, self.spent_unit, grains, source, target) for source, grains in parts if grains]
        return tuple(leg for movement in found for leg in movement.legs())


def award_entry(
    *,
    book: UUID,
    entry_id: UUID,
    award: UUID,
    issuer_id: str,
    grains: int,
    unit: str,
    earned_on: date,
    reason: str,
    reference: Mapping[str, str],
) -> Entry:
    """The learner's credits go up, the institution's account goes down; `reference` says what was awarded."""
    legs = Movement(award, unit, grains, issuer_account(issuer_id), LEARNER).legs()
    return Entry(book, entry_id, "award", earned_on, legs, reason, None, reference)


def recognition_entry(
    *,
    book: UUID,
    entry_id: UUID,
    programme: str,
    conversions: Iterable[Conversion],
    decided_on: date,
    reference: Mapping[str, str],
) -> Entry:
    """All counted credits of one recognition move to the programme's account, each at its own visible rate."""
    legs = tuple(leg for conversion in conversions for leg in conversion.legs(programme))
    return Entry(book, entry_id, "recognition", decided_on, legs, "recognised", None, reference)


def reversal_entry(original: Entry, *, entry_id: UUID, on: date, reason: str) -> Entry:
    """The undoing that adds: every leg with the opposite sign, naming what it undoes and why."""
    legs = tuple(Posting(p.account, p.unit, -p.grains, p.award) for p in original.postings)
    return Entry(original.book, entry_id, "reversal", on, legs, reason, original.id, original.reference)


def closing_entry(
    *, book: UUID, entry_id: UUID, target: UUID, award: UUID, unit: str, grains: int, earned_on: date
) -> Entry:
    """One award leaves a book that is being merged into `target`; the day it was earned stays."""
    legs = Movement(award, unit, grains, LEARNER, merge_account(target)).legs()
    return Entry(book, entry_id, "closing", earned_on, legs, "books merged", None, {"book": str(target)})


def opening_entry(
    *, book: UUID, entry_id: UUID, source: UUID, award: UUID, unit: str, grains: int, earned_on: date
) -> Entry:
    """The same award arrives in the book that lives on."""
    legs = Movement(award, unit, grains, merge_account(source), LEARNER).legs()
    return Entry(book, entry_id, "opening", earned_on, legs, "books merged", None, {"book": str(source)})
