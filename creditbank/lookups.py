"""What is only looked at: each thing by its id, for a caller who may see it; for anybody else it does not exist.

The tenant's wall for reading stands here, in one place: what is not the caller's is answered exactly as what is not
there (NotFound with the same code), so that ids cannot be tried out.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from creditbank.appealing import Appealing
from creditbank.bank import Bank
from creditbank.caller import Caller
from creditbank.errors import NotFound
from creditbank.log.tile import Tile, encode_entries, encode_hashes
from creditbank.recognising import Recognising
from creditbank.store import Transaction, books, deposits, judgements, leaves, registry, rows, rules, status
from creditbank.store.deposits import StoredDeposit
from creditbank.transactions.registry import key_records
from issuers.issuer import KeyRecord

After = tuple[datetime, UUID]
"""The place in a list of deposits after which the next page begins: when it arrived, and its id."""

PUBLIC_SUBJECTS = ("issuer:", "accreditation:", "key:", "achievement:", "pack:")
"""Log entries that are about nobody in person: anybody may have their receipts."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """The reading side of the bank."""

    bank: Bank

    def home(self, book: UUID) -> UUID:
        """The living book in whose place this one stands. Raises NotFound `learner_not_found`."""
        alive = self.bank.run(lambda tx: books.living(tx, [book])).get(book)
        if alive is None:
            raise NotFound("learner")
        return alive

    def own_book(self, caller: Caller, book: UUID) -> UUID:
        """The living book, if it is the caller's to see. Raises NotFound `learner_not_found`."""
        home = self.home(book)
        caller.confine_to_book(home)
        return home

    def deposit(self, caller: Caller, deposit_id: UUID) -> StoredDeposit:
        """A deposit of the caller's own. Raises NotFound `deposit_not_found`."""
        stored = self.bank.stored(deposit_id)
        if not self._is_own(caller, stored.issuer_did, stored.book_id):
            raise NotFound("deposit")
        return stored

    def deposits(self, caller: Caller, after: After | None, limit: int) -> list[StoredDeposit]:
        """The caller's own deposits in order of arrival: a school's, a learner's, or for an administrator all."""
        if caller.role == "administrator":
            return self.bank.run(lambda tx: deposits.page(tx, after, limit, None))
        if caller.role == "issuer":
            did = self._did_of(caller)
            return self.bank.run(lambda tx: deposits.page(tx, after, limit, did))
        return self._of_learner(caller, after, limit)

    def _of_learner(self, caller: Caller, after: After | None, limit: int) -> list[StoredDeposit]:
        if caller.book_id is None:
            return []
        book = caller.book_id
        found = self.bank.run(lambda tx: deposits.in_books(tx, [book]))
        later = [d for d in found if after is None or (d.received_at, d.deposit_id) > after]
        return [d for d in later if d.state != "moved"][:limit]

    def leaf_of(self, deposit_id: UUID) -> int:
        """The place of a deposit's newest leaf in the log. Raises NotFound `receipt_not_found`."""
        subject = str(deposit_id)
        index = self.bank.run(lambda tx: leaves.indexes_of(tx, [subject])).get(subject)
        if index is None:
            raise NotFound("receipt")
        return index

    def issued(self, caller: Caller, credential_id: str) -> rows.Issued:
        """A credential that the bank signed, if it is the caller's own. Raises NotFound `credential_not_found`."""
        found = self.bank.run(lambda tx: status.issued(tx, credential_id))
        if found is None:
            raise NotFound("credential")
        own_school = caller.role == "issuer" and found.issuer_id == caller.issuer_id
        if not (own_school or self._is_own(caller, None, found.book_id)):
            raise NotFound("credential")
        return found

    def recognition(self, caller: Caller, recognition_id: UUID) -> tuple[rows.Recognition, UUID | None]:
        """A decision of record and the one that replaced it. Raises NotFound `recognition_not_found`."""
        row = Recognising(self.bank).recognition(recognition_id)
        if not self._is_own(caller, None, row.book_id):
            raise NotFound("recognition")

        def successor(tx: Transaction) -> UUID | None:
            return rules.replaced_by(tx, row.book_id, recognition_id) or rules.after_merger(tx, row)

        return row, self.bank.run(successor)

    def withdrawn(self, book: UUID) -> set[UUID]:
        """The decisions of a book that were undone after a change and could not be made anew: they stand no more."""
        return self.bank.run(lambda tx: rules.withdrawn(tx, book))

    def newest_pack(self, pack_id: str, on: date) -> rows.RulePack:
        """The version published last, of those in force on a day. Raises NotFound `rule_pack_not_found`."""
        found = self.bank.run(lambda tx: rules.newest_published(tx, pack_id, on))
        if found is None:
            raise NotFound("rule_pack")
        return found

    def key_records(self, did: str) -> Sequence[KeyRecord]:
        """All keys registered for the institution that signs under this DID."""
        return self.bank.run(lambda tx: key_records(tx, did))

    def may_have_receipt(self, caller: Caller | None, subject: str) -> bool:
        """Whether the caller may have the receipt of a log entry about this subject."""
        if subject.startswith(PUBLIC_SUBJECTS):
            return True
        if caller is None or caller.role == "administrator":
            return caller is not None
        try:
            self._subject(caller, subject)
        except (NotFound, ValueError):
            return False
        return True

    def _subject(self, caller: Caller, subject: str) -> object:
        """What the entry is about, if it is the caller's. Raises NotFound; ValueError for a subject of another kind."""
        if subject.startswith("status:"):
            return self.issued(caller, subject.removeprefix("status:"))
        found = UUID(subject)
        looked_up = (self.deposit, self.recognition, self._judgement)
        for look in looked_up:
            with suppress(NotFound):
                return look(caller, found)
        return Appealing(self.bank).case(caller, found)

    def _judgement(self, caller: Caller, judgement_id: UUID) -> rows.Judgement:
        row = self.bank.run(lambda tx: judgements.by_id(tx, judgement_id))
        if row is None or not self._is_own(caller, None, row.book_id):
            raise NotFound("judgement")
        return row

    def tile(self, tile: Tile) -> bytes:
        """A tile of the published log. Raises NotFound `tile_not_found` beyond the last checkpoint."""
        latest = self.bank.publisher.latest()
        if latest is None or not tile.is_within(latest.checkpoint.size):
            raise NotFound("tile")
        return self.bank.run(lambda tx: _content(tx, tile))

    def ready(self) -> int:
        """How many leaves the log has: read from the database, so it shows that the bank can serve."""
        return self.bank.run(leaves.head).size

    def _did_of(self, caller: Caller) -> str | None:
        issuer_id = caller.issuer_id or ""
        found = self.bank.run(lambda tx: registry.issuer(tx, issuer_id))
        if found is None:
            raise NotFound("issuer")
        return found.did

    def _is_own(self, caller: Caller, issuer_did: str | None, book: UUID) -> bool:
        if caller.role == "administrator":
            return True
        if caller.role == "issuer":
            return issuer_did is not None and self._did_of(caller) == issuer_did
        return caller.role == "learner" and caller.book_id == self.home(book)


def _content(tx: Transaction, tile: Tile) -> bytes:
    span = tile.span
    if tile.level is None:
        return encode_entries(leaves.commitments(tx, span.start, span.end))
    found = leaves.hashes(tx, [span])
    return encode_hashes([found[span.level, place] for place in range(span.start, span.end)])
