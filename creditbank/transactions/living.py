"""The book in whose place another now stands: merged books lead on to the one that lives."""

from uuid import UUID

from creditbank.errors import Conflict, NotFound
from creditbank.store import Transaction, books


def living_book(tx: Transaction, book: UUID) -> UUID:
    """The living book. Raises NotFound `learner_not_found`."""
    alive = books.living(tx, [book]).get(book)
    if alive is None:
        raise NotFound("learner")
    return alive


def locked_book(tx: Transaction, book: UUID) -> UUID:
    """The living book, locked until the transaction ends. Raises NotFound as above, Conflict `book_sealed`."""
    alive = living_book(tx, book)
    books.lock(tx, [alive])
    if living_book(tx, alive) != alive:
        raise Conflict("book_sealed", "This book was merged just now; ask again.")
    return alive
