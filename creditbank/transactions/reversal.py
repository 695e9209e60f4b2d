"""Taking credits back, and what follows: every decision that rested on them is made anew, under its own pack."""

from creditbank.ledger.journal import reversal_entry
from creditbank.office import Office
from creditbank.store import Transaction, deposits, ledger
from creditbank.store.deposits import StoredDeposit
from creditbank.transactions import logbook, recognitions
from creditbank.transactions.recognition_request import RecognitionRequest


def withdraw(tx: Transaction, office: Office, deposit: StoredDeposit, state: str, reason: str, actor: str) -> None:
    """Move a deposit to `state` and undo what was booked on it. The book is locked by the caller.

    1. Decisions that use the award are undone, so its credits are the learner's again.
    2. The entry by which the learner holds it is reversed.
    3. The event is recorded and logged.
    4. Those decisions are made again without it, under the pack and day that governed them.
    """
    resting = recognitions.resting_on(tx, deposit.book_id, deposit.deposit_id)
    for row in resting:
        recognitions.undo(tx, office, row, reason)
    standing = ledger.standing_award_entry(tx, deposit.book_id, deposit.deposit_id)
    if standing:
        back = reversal_entry(standing, entry_id=office.new_id(), on=office.today(), reason=reason)
        logbook.book(tx, office, [back])
    record(tx, office, deposit, state, reason, actor)
    for row in resting:
        request = RecognitionRequest.from_json(row.request).after(row)
        recognitions.decide_again(tx, office, row.book_id, request, row)


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
