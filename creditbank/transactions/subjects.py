"""Whose book is it? From a credential's identifiers to the one book they lead to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from creditbank.store import Transaction, books
from creditbank.store.books import IdentifierKey
from creditbank.store.transaction import TryAgain
from creditbank.transactions.prepared import PreparedDeposit


@dataclass(frozen=True, slots=True)
class Subject:
    """The book a deposit goes to; `is_new` if it must be opened; `ambiguous` if its identifiers lead to several."""

    book: UUID
    is_new: bool
    ambiguous: bool


def resolve(tx: Transaction, items: Iterable[PreparedDeposit]) -> dict[UUID, Subject]:
    """The subject of each deposit. Two new deposits of one person share the book that the first one opens."""
    chosen = list(items)
    known = books.find(tx, {key for item in chosen for key in item.identifiers})
    opened: set[UUID] = set()
    subjects: dict[UUID, Subject] = {}
    for item in chosen:
        subject = _subject(item, known, opened)
        subjects[item.deposit_id] = subject
        if subject.is_new:
            opened.add(subject.book)
        if _may_link(item, subject):
            known.update({key: subject.book for key in item.identifiers if key not in known})
    return subjects


def _subject(item: PreparedDeposit, known: Mapping[IdentifierKey, UUID], opened: set[UUID]) -> Subject:
    found = {known[key] for key in item.identifiers if key in known}
    if len(found) == 1:
        book = found.pop()
        return Subject(book, is_new=book == item.new_book and book not in opened, ambiguous=False)
    return Subject(item.new_book, is_new=True, ambiguous=len(found) > 1)


def _may_link(item: PreparedDeposit, subject: Subject) -> bool:
    """Only an accredited institution's word ties identifiers to a book: anybody can sign, and anybody can be named."""
    return item.claim.award is not None and not subject.ambiguous


def link(tx: Transaction, items: Iterable[PreparedDeposit], subjects: Mapping[UUID, Subject]) -> None:
    """Let the identifiers of credited deposits lead to their books. Raises TryAgain where another writer was first."""
    wanted: dict[IdentifierKey, UUID] = {}
    for item in items:
        subject = subjects[item.deposit_id]
        if _may_link(item, subject):
            wanted.update({key: subject.book for key in item.identifiers if key not in wanted})
    if not wanted:
        return
    books.claim_identifiers(tx, wanted)
    held = {(row_kind, row_hash): book for (row_kind, row_hash), book in books.leads_to(tx, wanted).items()}
    alive = books.living(tx, set(held.values()))
    if any(alive.get(held[key], held[key]) != book for key, book in wanted.items()):
        raise TryAgain
