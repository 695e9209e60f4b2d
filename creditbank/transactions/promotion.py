"""From held to credited: what could not be credited yet is credited when the reason has gone."""

from dataclasses import replace
from uuid import UUID

from creditbank.errors import Conflict, NotFound
from creditbank.office import Office
from creditbank.store import Transaction, books, deposits, status
from creditbank.store.deposits import NewDeposit, StoredDeposit
from creditbank.store.transaction import TryAgain
from creditbank.transactions import documents, logbook, subjects
from creditbank.transactions.crediting import crediting_entry
from creditbank.transactions.prepared import PreparedDeposit
from creditbank.transactions.reevaluation import Cause, decide_after, touched_by
from creditbank.transactions.reversal import record


def promote(tx: Transaction, office: Office, deposit_id: UUID, again: PreparedDeposit) -> StoredDeposit:
    """Credit a held or suspended deposit by an entry of its own, if its credential now stands for an award.

    `again` is the same document, verified and claimed anew. What still cannot be credited is held for the reason that
    stands now. Raises NotFound `deposit_not_found`; Conflict `content_changed` if `again` is another document.
    """
    stored = locked(tx, deposit_id)
    if stored.content_digest != again.content_digest:
        raise Conflict("content_changed", "This is not the document that was deposited.")
    if stored.state not in ("held", "suspended") or _status_set(tx, stored):
        return stored
    subject = subjects.resolve(tx, [again])[again.deposit_id]
    reason = "subject_ambiguous" if subject.ambiguous else again.claim.held
    if reason:
        return _hold(tx, office, stored, reason, again.actor)
    home = stored.book_id if subject.is_new else subject.book
    subjects.link(tx, [again], {again.deposit_id: replace(subject, book=home)})
    if home != stored.book_id:
        stored = move(tx, office, stored, home, again.actor)
    reinstated = stored.state == "suspended"
    credited = _credit(tx, office, stored, again)
    if reinstated:
        cause = Cause("reinstated", str(deposit_id), "suspension lifted")
        decide_after(tx, office, touched_by(tx, credited.book_id, deposit_id), cause)
    return credited


def _status_set(tx: Transaction, stored: StoredDeposit) -> bool:
    """Whether the bank's own lists say no by now: `again` was verified before the book was locked."""
    return any(status.value(tx, place) for place in status.places(tx, stored.credential_id))


def _hold(tx: Transaction, office: Office, stored: StoredDeposit, reason: str, actor: str) -> StoredDeposit:
    """A suspension that was lifted, or a deposit held for one reason after another, says what it waits for now."""
    if (stored.state, stored.reason) != ("held", reason):
        record(tx, office, stored, "held", reason, actor)
    return locked(tx, stored.deposit_id)


def locked(tx: Transaction, deposit_id: UUID) -> StoredDeposit:
    """A deposit with its book locked, as it is after the lock was had. Raises NotFound `deposit_not_found`."""
    first = deposits.by_id(tx, deposit_id)
    if first is None:
        raise NotFound("deposit")
    books.lock(tx, [first.book_id])
    now = deposits.by_id(tx, deposit_id)
    assert now is not None
    return locked(tx, deposit_id) if now.book_id != first.book_id else now


def move(tx: Transaction, office: Office, stored: StoredDeposit, book: UUID, actor: str) -> StoredDeposit:
    """Carry a deposit without postings to another book; its first event there is the state it had."""
    if books.lock(tx, [book])[book].state == "sealed":
        raise TryAgain  # merged between the look-up and the lock
    copy(tx, office, stored, book, actor, "held", stored.reason)
    record(tx, office, stored, "moved", f"to {book}", actor)
    moved = deposits.by_id(tx, stored.deposit_id)
    assert moved is not None
    return moved


def copy(
    tx: Transaction, office: Office, stored: StoredDeposit, book: UUID, actor: str, state: str, reason: str
) -> None:
    """The deposit's row in another book, and its document sealed anew under that book's key.

    Into a book that it once left it returns by an event: its row and its document are there still.
    """
    left = deposits.in_book(tx, book, stored.deposit_id)
    if left:
        deposits.add_event(tx, left, state, reason, actor, stored.award if state == "credited" else None)
        return
    key = deposits.versions(tx, stored.issuer_did, stored.credential_id)[stored.version - 1]
    award = stored.award if state == "credited" else None
    row = NewDeposit(
        book, replace(key, book_id=book), stored.facts, award, stored.key_thumbprint, stored.signed_at, state, reason,
        actor, moved_from=stored.book_id,
    )  # fmt: skip
    deposits.add(tx, [row])
    kept = documents.kept(tx, office, stored.book_id, stored.deposit_id)
    if kept:
        documents.keep(tx, office, [(book, stored.deposit_id, kept)])


def _credit(tx: Transaction, office: Office, stored: StoredDeposit, again: PreparedDeposit) -> StoredDeposit:
    claimed = again.claim.award
    assert claimed is not None
    award = replace(claimed, id=str(stored.deposit_id))
    logbook.book(tx, office, [crediting_entry(office, stored.book_id, award, again.earned_on, "promotion")])
    deposits.add_event(tx, stored, "credited", "promoted", again.actor, award.to_json())
    after = deposits.by_id(tx, stored.deposit_id)
    assert after is not None
    return after
