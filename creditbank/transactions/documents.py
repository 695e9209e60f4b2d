"""What a deposit keeps of a person: the credential as signed, and the identifiers it came with, sealed together.

Each lies under the key of its learner's book, so destroying that key forgets both. The identifiers are kept as keyed
hashes: a held deposit looked at again must find the same book, though its badge names the learner by a salted hash.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from creditbank.office import Office
from creditbank.store import Transaction, books
from creditbank.store.books import IdentifierKey


@dataclass(frozen=True, slots=True)
class Kept:
    """A credential's bytes, and the identifiers of its deposit."""

    document: bytes
    identifiers: tuple[IdentifierKey, ...]

    def encode(self) -> bytes:
        """The identifiers with their length (four bytes), then the document."""
        names = json.dumps([[kind, keyed.hex()] for kind, keyed in self.identifiers]).encode()
        return len(names).to_bytes(4) + names + self.document

    @classmethod
    def decode(cls, data: bytes) -> "Kept":
        """What `encode` wrote."""
        end = 4 + int.from_bytes(data[:4])
        names = json.loads(data[4:end])
        return cls(data[end:], tuple((kind, bytes.fromhex(keyed)) for kind, keyed in names))


def keep(tx: Transaction, office: Office, found: Sequence[tuple[UUID, UUID, Kept]]) -> None:
    """Seal and store: (book, deposit, what to keep)."""
    sealed = books.sealed_keys(tx, {book for book, _, _ in found})
    keys = {book: office.vault.book_key(book, value) for book, value in sealed.items()}
    rows = [(book, deposit, keys[book].seal(kept.encode(), _context(deposit))) for book, deposit, kept in found]
    books.add_documents(tx, rows)


def replace(tx: Transaction, office: Office, book: UUID, deposit: UUID, found: Kept) -> None:
    """Keep this of a deposit instead of what was kept: the same credential, shown more fully."""
    books.remove_document(tx, book, deposit)
    keep(tx, office, [(book, deposit, found)])


def kept(tx: Transaction, office: Office, book: UUID, deposit: UUID) -> Kept | None:
    """What is kept of a deposit; None once it is erased, or the book's key destroyed."""
    key, sealed = books.sealed_keys(tx, [book]).get(book), books.document(tx, book, deposit)
    if key is None or sealed is None:
        return None
    return Kept.decode(office.vault.book_key(book, key).open(sealed, _context(deposit)))


def _context(deposit: UUID) -> bytes:
    return str(deposit).encode()
