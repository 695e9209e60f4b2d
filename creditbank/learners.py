"""Learners: opening a book, the identifiers that lead to it, who it belongs to, and its history."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from creditbank.bank import Bank
from creditbank.errors import Conflict, NotFound
from creditbank.identity import EVERYWHERE, PlainIdentifier, identifier_key
from creditbank.store import Transaction, books, deposits, rows, rules
from creditbank.store.books import IdentifierKey
from creditbank.store.deposits import StoredDeposit
from creditbank.store.transaction import TryAgain


@dataclass(frozen=True, slots=True)
class Learner:
    """A book and what is known of its owner: types of identifiers (never the identifiers), profile, merged books."""

    book: UUID
    state: str
    opened_at: datetime
    identifiers: tuple[tuple[str, datetime], ...]
    profile: dict[str, Any] | None
    merged: tuple[rows.Merge, ...]


@dataclass(frozen=True, slots=True)
class Learners:
    """The use cases around a person. Personal data lies sealed under a key of its book, in tables of its own."""

    bank: Bank

    def open(self, identifiers: Sequence[PlainIdentifier], issuer_did: str | None, profile: dict[str, Any]) -> Learner:
        """A claimed book for a person. Raises Conflict `identifier_taken` where an identifier leads elsewhere."""
        book = self.bank.office.new_id()
        keys = self._keys(identifiers, issuer_did)

        def work(tx: Transaction) -> None:
            books.open_books(tx, [book])
            books.add_sealed_keys(tx, {book: self.bank.office.vault.new_book_key(book)[1]})
            books.set_state(tx, book, "claimed")
            _claim(tx, keys, book)
            self._save_profile(tx, book, profile)

        self.bank.run(work)
        return self.learner(book)

    def add_identifiers(
        self, book: UUID, identifiers: Sequence[PlainIdentifier], issuer_did: str | None = None
    ) -> Learner:
        """More identifiers of the same person. Raises Conflict `identifier_taken`: then merge the two books."""
        keys = self._keys(identifiers, issuer_did)
        self.bank.run(lambda tx: _claim(tx, keys, self._living(tx, book)))
        return self.learner(book)

    def claim(self, book: UUID, profile: dict[str, Any]) -> Learner:
        """An unclaimed book has found its owner."""

        def work(tx: Transaction) -> None:
            alive = self._living(tx, book)
            books.lock(tx, [alive])
            if self._living(tx, alive) != alive:
                raise TryAgain  # merged meanwhile: a sealed book is never opened again
            books.set_state(tx, alive, "claimed")
            self._save_profile(tx, alive, profile)

        self.bank.run(work)
        return self.learner(book)

    def find(self, identifier: PlainIdentifier, issuer_did: str | None = None) -> Learner:
        """The learner behind an identifier. Raises NotFound `learner_not_found`."""
        key = identifier_key(self.bank.office.vault, identifier, issuer_did)
        found = self.bank.run(lambda tx: books.find(tx, {key}))
        if key not in found:
            raise NotFound("learner")
        return self.learner(found[key])

    def learner(self, book: UUID) -> Learner:
        """A learner by any of her books, merged ones too. Raises NotFound `learner_not_found`."""

        def work(tx: Transaction) -> Learner:
            alive = self._living(tx, book)
            row = books.book(tx, alive)
            assert row is not None
            merged = books.merges(tx, alive)
            led = [i for b in (alive, *(m.source_book for m in merged)) for i in books.identifiers(tx, b)]
            return Learner(
                alive,
                row.state,
                row.opened_at,
                tuple((identifier.type, identifier.recorded_at) for identifier in led),
                self._profile(tx, alive),
                tuple(merged),
            )

        return self.bank.run(work)

    def record(self, book: UUID) -> list[StoredDeposit]:
        """Everything on a learner's record, held and taken back included, in order of arrival."""
        return self.bank.run(lambda tx: deposits.in_books(tx, [self._living(tx, book)]))

    def recognitions(self, book: UUID) -> Sequence[rows.Recognition]:
        """Every decision about a learner, replaced ones and those of merged books too, oldest first."""

        def work(tx: Transaction) -> list[rows.Recognition]:
            return [row for each in self._all_books(tx, book) for row in rules.recognitions(tx, each)]

        return sorted(self.bank.run(work), key=lambda row: row.decided_at)

    def history(self, book: UUID) -> list[dict[str, Any]]:
        """What has happened to each deposit of a learner, in order of time."""

        def work(tx: Transaction) -> list[dict[str, Any]]:
            hers = self._all_books(tx, book)
            left = {d.moved_from for d in deposits.in_books(tx, hers) if d.moved_from}  # where one waited as ambiguous
            ids = {d.deposit_id for d in deposits.in_books(tx, hers)}
            found = [d for d in deposits.in_books(tx, {*hers, *left}) if d.deposit_id in ids]
            return [
                {"deposit": d.deposit_id, "title": d.facts["title"], **event._asdict()}
                for d in found
                for event in deposits.events(tx, d.book_id, d.deposit_id)
            ]

        return sorted(self.bank.run(work), key=lambda event: (event["happened_at"], event["sequence"]))

    def _keys(self, identifiers: Sequence[PlainIdentifier], issuer_did: str | None) -> list[IdentifierKey]:
        local = [item.type for item in identifiers if item.type not in EVERYWHERE]
        if local and issuer_did is None:
            raise Conflict("issuer_needed", "This type of identifier means one person only within an institution.")
        return [identifier_key(self.bank.office.vault, item, issuer_did) for item in identifiers]

    def _living(self, tx: Transaction, book: UUID) -> UUID:
        alive = books.living(tx, [book]).get(book)
        if alive is None:
            raise NotFound("learner")
        return alive

    def _all_books(self, tx: Transaction, book: UUID) -> list[UUID]:
        """The living book, and those that were merged into it."""
        alive = self._living(tx, book)
        return [alive, *(merge.source_book for merge in books.merges(tx, alive))]

    def _save_profile(self, tx: Transaction, book: UUID, profile: dict[str, Any]) -> None:
        if profile:
            key = self.bank.office.vault.book_key(book, books.sealed_keys(tx, [book])[book])
            books.save_profile(tx, book, key.seal(json.dumps(profile, ensure_ascii=False).encode(), b"profile"))

    def _profile(self, tx: Transaction, book: UUID) -> dict[str, Any] | None:
        sealed, keys = books.profile(tx, book), books.sealed_keys(tx, [book])
        if sealed is None or book not in keys:
            return None
        profile: dict[str, Any] = json.loads(self.bank.office.vault.book_key(book, keys[book]).open(sealed, b"profile"))
        return profile


def _claim(tx: Transaction, keys: Sequence[IdentifierKey], book: UUID) -> None:
    books.claim_identifiers(tx, dict.fromkeys(keys, book))
    if set(books.find(tx, keys).values()) - {book}:
        raise Conflict("identifier_taken", "One of these identifiers leads to another book; merge the two instead.")
