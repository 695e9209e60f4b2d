"""The bank's use cases, along the path of a credential: in, booked, recognised, stated, taken back. Read this first.

    bytes ─read─▶ Credential ─verify─▶ Verification ─claim─▶ Award ─journal─▶ Entry ─append─▶ Receipt

Whatever costs time — reading, checking signatures, fetching, parsing rules — happens before a transaction is opened.
`run` is the only place in the program that opens one: it does the work, commits, and only then does anybody hear of
it. Then the log's new head is published, and the answer goes out. What is recognised is in `recognising.py`, who may do
what in `administration.py`; what happens inside the transactions is in `transactions/`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from credentials.claims import SecuredClaims
from credentials.credential import Credential
from credentials.errors import CredentialError
from credentials.open_badges import OutcomeDraft
from credentials.read import read
from credentials.verify import Verification
from creditbank import accreditation, intake, receipts, records, refreshing, table_packs
from creditbank.accreditation import Accredited, Asked
from creditbank.caller import SYSTEM, Caller
from creditbank.claim import IssuerFacts
from creditbank.errors import BankError, Conflict, NeedsApproval, NotFound, Unavailable
from creditbank.examination import examined
from creditbank.hosted_badges import HostedBadges
from creditbank.identity import PlainIdentifier
from creditbank.intake import Posted
from creditbank.issuance import Issuance
from creditbank.ledger.statement import Statement, statement
from creditbank.log.checkpoint import SignedCheckpoint, open_checkpoint
from creditbank.log.errors import MissingHash
from creditbank.log.tree import Frontier
from creditbank.material import Sources
from creditbank.office import Office
from creditbank.publishing import Publisher
from creditbank.receipts import LoggedReceipt as LoggedReceipt
from creditbank.status_lists import StatusLists
from creditbank.store import Database, Transaction, deposits, leaves, ledger
from creditbank.store.deposits import StoredDeposit
from creditbank.store.transaction import TryAgain
from creditbank.transactions import auditing, documents, merging, promotion, standing
from creditbank.transactions.auditing import AuditReport
from creditbank.transactions.deposits import Result, deposit_many
from creditbank.transactions.documents import Kept
from creditbank.transactions.dossier import Dossier, dossier_of
from creditbank.transactions.living import living_book
from creditbank.transactions.merging import MergeOutcome
from creditbank.transactions.prepared import DepositOutcome, PreparedDeposit
from creditbank.transactions.standing import StatusChange
from creditbank.verdict import Verified, with_record
from issuers.fetch import Fetcher
from issuers.signing_forms import whole

T = TypeVar("T")
ATTEMPTS = 30


class Bank:
    """The use cases. One object serves a process; it holds no state but caches."""

    def __init__(
        self, database: Database, office: Office, publisher: Publisher, fetcher: Fetcher, public_url: str
    ) -> None:
        self._database = database
        self.office = office
        self.publisher = publisher
        self.public_url = public_url
        self.status_lists = StatusLists(self.run, office, public_url)
        self._issuance = Issuance(self.run, office, public_url)
        self.hosted_badges = HostedBadges(self.run, self.document, office, public_url)
        lists = self.status_lists
        self._sources = Sources(lists.own, lists.is_own, fetcher, public_url, self.hosted_badges.own)

    @property
    def sources(self) -> Sources:
        """Where keys, lists and documents come from."""
        return self._sources

    def run(self, work: Callable[[Transaction], T]) -> T:
        """Open a transaction, do the work, commit. Nothing is kept if it raises; if the database asks, it is done anew.

        A crash before the commit leaves nothing; a crash after it leaves the whole. Raises Unavailable `too_contended`.
        """
        for _ in range(ATTEMPTS):
            try:
                with self._database.transaction() as tx:
                    return work(tx)
            except TryAgain:
                continue
        raise Unavailable("too_contended", "Too many requests change the same records; please try again.")

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """A long run that must not go on twice at once. Raises Conflict `run_under_way`."""
        with self._database.alone(what) as free:
            if not free:
                raise Conflict("run_under_way", "The same run is under way already.")
            yield

    def open(self) -> None:
        """Before the first request: the database is as it must be, and a committed tail of the log is published."""
        self._database.self_check()
        self.publisher.check_start(self.run(leaves.head))
        self.publish()

    def publish(self) -> bytes:
        """Sign and publish the log's head as it is committed now; the checkpoint that covers it."""
        for _ in range(ATTEMPTS):
            last = self.publisher.latest()
            head, hashes = self.run(lambda tx, last=last: self._head(tx, last))  # type: ignore[misc]
            try:
                return self._ours(self.publisher.publish(head, hashes), head)
            except MissingHash:  # another process published in between: the proof starts elsewhere now
                continue
        raise Unavailable("too_contended", "The log's checkpoint could not be published; please try again.")

    def _ours(self, checkpoint: bytes, head: Frontier) -> bytes:
        """A checkpoint larger than our head is another worker's on this database, or else the log has forked."""
        if self.publisher.size_of(checkpoint) > head.size:
            larger = open_checkpoint(checkpoint, self.publisher.trusted)
            self.publisher.check_covers(checkpoint, *self.run(lambda tx: self._head(tx, larger)))
        return checkpoint

    def checkpoint(self) -> bytes:
        """The checkpoint published last: it covers everything that was acknowledged."""
        return self.publisher.store.latest() or self.publish()

    def change(self, work: Callable[[Transaction], T]) -> T:
        """Do the work in a transaction, then publish the log that now holds it."""
        done = self.run(work)
        self.publish()
        return done

    def accredited(self, asked: Asked) -> Accredited:
        """May this issuer award this, at this level, on this day? With the evidence; no signature is looked at.

        Anybody may ask. Raises NotFound `issuer_not_found`.
        """
        name = self.hosted_badges.issuer_of(asked.issuer) or asked.issuer
        return self.run(lambda tx: accreditation.answer(tx, replace(asked, issuer=name)))

    # ── a credential comes in ────────────────────────────────────────────────────────────────────────────────────

    def verify(self, data: bytes, media_type: str | None = None) -> Verified:
        """Every check by name for a credential in any format we read, and what the bank's own record says of it.

        Anybody may ask. Raises CredentialError where the bytes are no credential at all.
        """
        credential, known, found = self.examine(data, media_type)
        kept = self.hosted_badges.original(found.claims)
        if kept is None:
            return with_record(credential, found, known.issuer, self._facts_of, self._record_of)
        _, known, original = self.examine(kept)
        issuer = known.issuer if original.verdict == "valid" else None
        return with_record(credential, found, issuer, self._facts_of, self._record_of, original.claims)

    def prepare(self, posted: Posted) -> PreparedDeposit:
        """Read, gather, verify, claim: all that is decided before the counter. Raises CredentialError, Refused."""
        _, known, verification = self.examine(posted.data, posted.media_type)
        self.hosted_badges.refuse(verification.claims)
        issuance = table_packs.named_by(self.run, verification.claims)
        return intake.prepare(posted, verification, known.issuer, self.office, issuance)

    def prepare_parts(self, posted: Posted) -> list[Posted] | None:
        """The credentials of a learner record (CLR 2.0), each to be deposited for itself; None for any other.

        The record itself must hold, and is not credited. Raises CredentialError, Refused.
        """
        return records.parts(posted, self.examine)

    def refreshed(self, data: bytes, media_type: str | None = None) -> bytes:
        """The newer version that a credential's issuer offers, asked for once; else the credential as it is (P38)."""
        return refreshing.refreshed(data, lambda given: self.examine(given, media_type)[2], self.sources)

    def examine(self, data: bytes, media_type: str | None = None) -> tuple[Credential, Dossier, Verification]:
        """Every check of a credential, and what the registry knows of its issuer. Raises CredentialError."""
        credential = read(data, media_type)
        return credential, *examined(self.run, self.office, self._sources, credential)

    def deposit_many(self, items: Sequence[PreparedDeposit]) -> list[Result]:
        """Book a group in one transaction and publish once. An item that fails does so alone: the group is halved."""
        results = self._book(items)
        self.publish()
        return results

    def _book(self, items: Sequence[PreparedDeposit], *, again: bool = True) -> list[Result]:
        try:
            return self.run(lambda tx: deposit_many(tx, self.office, items))
        except Unavailable as error:
            # A connection lost at the commit leaves open whether it happened: asked once more, what was committed is
            # found by its keys and answered as on record.
            return self._book(items, again=False) if again else [error] * len(items)
        except BankError as error:
            if len(items) == 1:
                return [error]
            middle = len(items) // 2
            return self._book(items[:middle]) + self._book(items[middle:])

    def deposit(self, posted: Posted) -> DepositOutcome:
        """One credential in: credited or held. Raises what refuses it; then nothing was booked, logged or fetched."""
        result = self.deposit_many([self.prepare(posted)])[0]
        if isinstance(result, BankError):
            raise result
        return result

    def issue(
        self,
        caller: Caller,
        issuer_id: str,
        outcome: OutcomeDraft,
        form: str,
        identifiers: Sequence[PlainIdentifier] = (),
        *,
        suspendable: bool = False,
    ) -> Posted:
        """Sign a plain learning outcome with the institution's hosted key; what comes back is then deposited.

        Plain identifiers go into the badge as salted hashes, and into the bank's index under its own key.

        Two steps and two transactions: a status place is taken, the badge is signed. A crash in between wastes a place.
        """
        caller.confine_to_issuer(issuer_id)
        return self._issuance.issue(caller, issuer_id, outcome, form, identifiers, suspendable=suspendable)

    def promote(self, deposit_id: UUID, caller: Caller = SYSTEM) -> StoredDeposit:
        """Look again at a held deposit: verified and claimed anew from its document, it is credited if it may be."""
        kept = self._kept(deposit_id)
        posted = Posted(whole(kept.document), None, caller)
        again = replace(self.prepare(posted), identifiers=kept.identifiers)
        return self.change(lambda tx: promotion.promote(tx, self.office, deposit_id, again))

    def promote_all(self, issuer_did: str) -> list[StoredDeposit]:
        """Look again at everything of an institution that is held: after an accreditation, say."""
        held = self.run(lambda tx: deposits.of_issuer(tx, issuer_did, ["held"]))
        return self._look_again([deposit.deposit_id for deposit in held])

    def _look_again(self, deposit_ids: Sequence[UUID], caller: Caller = SYSTEM) -> list[StoredDeposit]:
        """Promote each that may be; one that is refused now (revoked, erased) stays, and keeps back no other."""
        for deposit_id in deposit_ids:
            with suppress(BankError, CredentialError):
                self.promote(deposit_id, caller)
        return [self.stored(deposit_id) for deposit_id in deposit_ids]

    def document(self, deposit_id: UUID) -> bytes:
        """The credential as it was deposited. Raises NotFound `deposit_not_found`, `document_not_found` if erased."""
        return self._kept(deposit_id).document

    def _kept(self, deposit_id: UUID) -> Kept:
        found = self.run(lambda tx: documents.kept(tx, self.office, self._stored(tx, deposit_id).book_id, deposit_id))
        if found is None:
            raise NotFound("document")
        return found

    def stored(self, deposit_id: UUID) -> StoredDeposit:
        """A deposit as it stands. Raises NotFound `deposit_not_found`."""
        return self.run(lambda tx: self._stored(tx, deposit_id))

    # ── credits are stated, taken back ───────────────────────────────────────────────────────────────────────────

    def statement(self, book: UUID, on: date, known_at: datetime | None = None) -> Statement:
        """Balances and movements of a book as of a day, and as known at an instant. Merged books are part of it."""
        lines = self.run(lambda tx: ledger.lines(tx, [living_book(tx, book)]))
        return statement(book, lines, on=on, known_at=known_at)

    def set_status(
        self, caller: Caller, credential_id: str, purpose: str, *, value: bool, reason: str
    ) -> StoredDeposit:
        """Revoke, suspend or reinstate a credential that the bank signed; what rested on it is decided anew at once."""
        change = StatusChange(purpose, value, reason, caller.client_id)
        confine = caller.confine_to_issuer
        stored = self.change(lambda tx: standing.set_status(tx, self.office, credential_id, change, confine))
        self.status_lists.forget()
        return stored if value else self._look_again([stored.deposit_id], caller)[0]

    def merge(self, source: UUID, target: UUID, by: str) -> MergeOutcome:
        """Make two books of one person one. What costs credits needs a second administrator: NeedsApproval."""
        try:
            outcome = self.change(lambda tx: merging.merge(tx, self.office, source, target, by))
        except NeedsApproval as found:
            conflicts = found.facts["conflicts"]
            self.run(lambda tx: merging.propose(tx, source, target, by, conflicts))
            raise
        self._look_again([deposit.deposit_id for deposit in self.run(deposits.ambiguous)])
        return outcome

    # ── proofs ───────────────────────────────────────────────────────────────────────────────────────────────────

    def receipts(self, indexes: Sequence[int], checkpoint: bytes) -> list[LoggedReceipt]:
        """Receipts for leaves under a published checkpoint that covers them, with what they prove."""
        return self.run(receipts.plan(indexes, self.publisher.size_of(checkpoint), checkpoint))

    def receipt_of(self, subject: str) -> LoggedReceipt:
        """The receipt of the newest leaf about a deposit, entry, key, pack …  Raises NotFound `receipt_not_found`."""
        index = self.run(lambda tx: leaves.indexes_of(tx, [subject])).get(subject)
        if index is None:
            raise NotFound("receipt")
        return self.receipts([index], self.publish())[0]

    def audit(self, progress: Callable[[str, int], None] = lambda _what, _done: None) -> AuditReport:
        """Recompute every sum, every seal and the log's root from the rows alone."""
        latest = self.publisher.latest()  # before the rows: what is published later may cover what is committed later
        published = latest.checkpoint if latest else None
        return self.run(lambda tx: auditing.recompute(tx, published, progress))

    def _head(self, tx: Transaction, last: SignedCheckpoint | None) -> tuple[Frontier, Mapping[tuple[int, int], bytes]]:
        head = leaves.head(tx)
        return head, leaves.hashes(tx, self.publisher.needed(last, head))

    # ── looking things up ────────────────────────────────────────────────────────────────────────────────────────

    def _stored(self, tx: Transaction, deposit_id: UUID) -> StoredDeposit:
        found = deposits.by_id(tx, deposit_id)
        if found is None:
            raise NotFound("deposit")
        return found

    def _facts_of(self, claims: SecuredClaims) -> IssuerFacts | None:
        return self.run(lambda tx: dossier_of(tx, self.office, claims)).issuer

    def _record_of(self, claims: SecuredClaims) -> tuple[StoredDeposit, int] | None:
        return self.run(
            lambda tx: deposits.record_of(tx, claims.issuer_id, claims.credential_id, claims.content_digest)
        )
