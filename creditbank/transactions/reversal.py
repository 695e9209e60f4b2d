"""Taking credits back, and what follows: every decision that rested on them is made anew, under its own pack."""

from collections.abc import Iterator
from uuid import UUID

from creditbank.ledger.entry import Entry
from creditbank.ledger.journal import reversal_entry
from creditbank.office import Office
from creditbank.store import Transaction, deposits, ledger
from creditbank.store.deposits import StoredDeposit
from creditbank.transactions import logbook, recognitions
from creditbank.transactions.reevaluation import Cause, Touched, decide_after, touched_by


def withdraw(tx: Transaction, office: Office, deposit: StoredDeposit, state: str, reason: str, actor: str) -> None:
    """Move a deposit to `state`, undo what was booked on it, and make anew what was decided on it.

    The book is locked by the caller. Decisions are made without the award, under the pack and day that governed them,
    and the learner's record gets a notice of each.
    """
    touched = take_back(tx, office, deposit, state, reason, actor)
    decide_after(tx, office, touched, Cause(state, str(deposit.deposit_id), reason))


def take_back(tx: Transaction, office: Office, deposit: StoredDeposit, state: str, reason: str, actor: str) -> Touched:
    """Undo what was booked on a deposit; the decisions that the caller must then have made anew.

    1. Decisions that use the award are undone, so its credits are the learner's again.
    2. The entry by which the learner holds it is reversed, and those by which merges carried it here.
    3. The event is recorded and logged.
    """
    touched = touched_by(tx, deposit.book_id, deposit.deposit_id)
    for row in touched.undone:
        recognitions.undo(tx, office, row, reason)
    undone = [
        reversal_entry(entry, entry_id=office.new_id(), on=office.today(), reason=reason)
        for entry in _held_by(tx, deposit)
    ]
    logbook.book(tx, office, undone)
    record(tx, office, deposit, state, reason, actor)
    return touched


def _held_by(tx: Transaction, deposit: StoredDeposit) -> Iterator[Entry]:
    """The entries by which the learner holds an award, the last one first.

    After a merge these lead back through opening and closing to the award itself, in the first book: only so is the
    institution's account settled, and do the accounts between the merged books stay even. Sealed books are changed by
    nobody else: whatever leads to them holds the lock of the living one.
    """
    book = deposit.book_id
    while entry := ledger.standing_award_entry(tx, book, deposit.deposit_id):
        yield entry
        if entry.kind == "award":
            return
        book = UUID(entry.reference["book"])
        closing = ledger.standing_award_entry(tx, book, deposit.deposit_id, ["closing"])
        assert closing is not None
        yield closing


def record(tx: Transaction, office: Office, deposit: StoredDeposit, state: str, reason: str, actor: str) -> None:
    """The event, and its leaf."""
    deposits.add_event(tx, deposit, state, reason, actor)
    facts = {
        "type": "deposit_event",
        "deposit": str(deposit.deposit_id),
        "book": str(deposit.book_id),
        "sequence": deposit.events + 1,
        "state": state,
        "reason": reason,
    }
    logbook.log(tx, office, [(f"{deposit.deposit_id}/{deposit.events + 1}", facts)])
