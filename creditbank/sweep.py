"""The sweep: what other institutions have revoked since is looked up, list by list, and booked.

Each list is asked for once, however many deposits rest on it; only those whose standing the list seems to change are
verified anew, and what the verification then says is booked, each in a transaction of its own. What cannot be had or
believed changes nothing. A list that is done is due again later, which is also the cursor: a sweep that was stopped,
or killed, goes on with what is still due, and repeats nothing but the list it was at, where it finds all as it left it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from credentials.errors import CredentialError
from creditbank import foreign_lists
from creditbank.bank import Bank
from creditbank.errors import BankError
from creditbank.examination import readable
from creditbank.store import Transaction, deposits, foreign_status
from creditbank.store.foreign_status import Reference, Standing
from creditbank.sweep_list import Comparison, Looked, compare, counts
from creditbank.transactions import documents
from issuers.errors import IssuerError

RETRY, LATEST = timedelta(hours=1), timedelta(hours=24)
LEAVES, PAGE = 500, 500
WATCHED = ("credited", "suspended", "held", "revoked")


@dataclass(slots=True)
class SweepReport:
    """What a sweep did: lists had and not had (with the code), deposits verified anew, and what became of them."""

    lists: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    looked_at: int = 0
    changed: dict[str, list[UUID]] = field(default_factory=dict)
    alerts: list[str] = field(default_factory=list)

    @property
    def done(self) -> int:
        """Lists that were asked for."""
        return self.lists + len(self.failed)

    def add(self, looked: Sequence[Looked]) -> None:
        """What became of deposits that were verified anew."""
        self.looked_at += len(looked)
        for one in looked:
            if one.became is not None:
                self.changed.setdefault(one.became, []).append(one.deposit_id)


Progress = Callable[[int, int, str], None]
"""Lists done, lists due at the start, and the host that is asked now."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """The use case. `wait(host)` is called before a host is asked, so that a caller can keep a polite distance."""

    bank: Bank
    wait: Callable[[str], None] = lambda _host: None

    def run(
        self, *, all_lists: bool = False, most: int | None = None, progress: Progress = lambda *_: None
    ) -> SweepReport:
        """Look at every list that is due (`all_lists`: at every list), at most `most` of them.

        1. Deposits that came since the last sweep are read for the lists that they rest on.
        2. Each list that is due is fetched and taken apart; a bitstring must be signed and current.
        3. Deposits that it seems to withdraw or to reinstate are verified anew, and what follows is booked.
        4. A revocation that was taken back raises an alert, and still counts as revoked.
        """
        self.index()
        report = SweepReport()
        at = None if all_lists else self.bank.office.clock()
        due = self.bank.run(lambda tx: foreign_status.due(tx, at))
        for list_url in due:
            if report.done == most:
                break
            progress(report.done, len(due), urlsplit(list_url).hostname or "")
            self._sweep(list_url, report)
        return report

    def index(self) -> None:
        """Read the log from where it was read last: each new deposit's document says on which lists it rests.

        The log is dense and only grows, so nothing can come in behind the place that was reached.
        """
        while self._index_some():
            pass

    def _index_some(self) -> bool:
        bank = self.bank
        start = bank.run(foreign_status.progress)
        subjects = bank.run(lambda tx: foreign_status.subjects(tx, start, LEAVES))
        found = [reference for deposit_id in _ids(subjects) for reference in self._references(deposit_id)]
        now, end = bank.office.clock(), start + len(subjects)
        bank.run(lambda tx: foreign_status.add(tx, found, now, end))
        return len(subjects) == LEAVES

    def _references(self, deposit_id: UUID) -> list[Reference]:
        """Where others may withdraw this deposit; nothing where it is none, or its document was erased."""
        stored = self.bank.run(lambda tx: deposits.by_id(tx, deposit_id))
        document = self.document(deposit_id)
        credential = readable(document) if document is not None else None
        if stored is None or credential is None:
            return []
        found = foreign_lists.places(credential, stored.facts, self.bank.status_lists.is_own)
        return [
            Reference(deposit_id, entry, place.list_url, place.kind, place.purpose, place.place)
            for entry, place in enumerate(found)
        ]

    def document(self, deposit_id: UUID) -> bytes | None:
        """The credential as it was deposited; None where there is none, or it was erased."""

        def fetch(tx: Transaction) -> bytes | None:
            stored = deposits.by_id(tx, deposit_id)
            kept = documents.kept(tx, self.bank.office, stored.book_id, deposit_id) if stored else None
            return kept.document if kept else None

        found: bytes | None = self.bank.run(fetch)
        return found

    def standing(self, list_url: str) -> Iterator[Standing]:
        """Every deposit that rests on a list, a page at a time, with how it stands now."""
        after: tuple[UUID, int] | None = None
        while True:
            page = self._page(list_url, after)
            yield from page
            if len(page) < PAGE:
                return
            after = (page[-1].reference.deposit_id, page[-1].reference.entry)

    def _page(self, list_url: str, after: tuple[UUID, int] | None) -> list[Standing]:
        found: list[Standing] = self.bank.run(lambda tx: foreign_status.standing(tx, list_url, after, PAGE, WATCHED))
        return found

    def _sweep(self, list_url: str, report: SweepReport) -> None:
        """One list, to the note that it is done. A failure is noted, and what was booked before it stays booked."""
        now = self.bank.office.clock()
        if not any(map(counts, self.standing(list_url))):
            self.bank.run(lambda tx: foreign_status.postpone(tx, list_url, now + LATEST))
            return
        comparison = Comparison(self.bank, list_url, self.wait, self.document)
        try:
            raised = compare(comparison, self.standing(list_url))
        except (IssuerError, CredentialError, BankError) as error:
            self._fail(list_url, error.code)
            report.failed[list_url] = error.code
        else:
            report.lists += 1
            report.alerts += [list_url] if raised else []
        report.add(comparison.looked)

    def _fail(self, list_url: str, code: str) -> None:
        """Asked again later, and later still each time."""
        now = self.bank.office.clock()

        def work(tx: Transaction) -> None:
            known = foreign_status.one(tx, list_url)
            failures = min(known.failures, 5) if known else 0
            foreign_status.fail(tx, list_url, now + min(LATEST, RETRY * 2**failures), code)

        self.bank.run(work)


def _ids(subjects: Sequence[str]) -> Iterator[UUID]:
    """The leaves' subjects that are ids: of deposits, and of entries, which are none."""
    for subject in dict.fromkeys(subjects):
        try:
            yield UUID(subject)
        except ValueError:
            continue
