"""Deciding the past anew: under a retroactive version of a pack, learner by learner; and the notices of it.

It takes two people: they publish the version as retroactive, or order it afterwards. Decisions of days before the
version is in force stay, and so do those that kept a quote. Each learner is a transaction of her own: what comes out
otherwise is reversed and booked anew, with a notice; nothing is edited. A run that was stopped goes on behind the last
learner.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from creditbank.bank import Bank
from creditbank.caller import Caller
from creditbank.errors import BankError, Conflict, NotFound, Refused
from creditbank.reevaluation_difference import sentences
from creditbank.replay import pack_of
from creditbank.replay_of_record import ReplayOfRecord
from creditbank.store import Transaction, jobs, notices, population, rules
from creditbank.store.rows import RecognitionNotice, Retroaction, RulePack
from creditbank.transactions import logbook, reevaluation
from creditbank.transactions.judgements import hers
from creditbank.transactions.living import living_book, locked_book
from creditbank.transactions.recognition_request import RecognitionRequest
from creditbank.transactions.reevaluation import Cause
from recognition_rules.errors import RuleError
from recognition_rules.explain_names import Names

PAGE = 100
Progress = Callable[[int, int], None]
"""Learners looked at, and how many there are."""


def _quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


@dataclass(slots=True)
class ReevaluationReport:
    """How many learners were looked at, how many decisions came out otherwise, and whose could not be made."""

    learners: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The report as it is saved, and as `--json` prints it."""
        return {
            "learners": self.learners,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "failed": self.failed,
        }


@dataclass(frozen=True, slots=True)
class Notice:
    """What a learner is told: which decision stands in whose place, why, and how they differ, in numbers and words."""

    row: RecognitionNotice
    language: str
    names: Names | None = None

    def to_json(self) -> dict[str, Any]:
        """The notice's shape; ids and instants as text."""
        row = self.row
        return {
            "id": str(row.notice_id),
            "learner": str(row.book_id),
            "cause": row.cause,
            "reference": row.reference,
            "before": str(row.before_id),
            "after": str(row.after_id) if row.after_id else None,
            "made_at": row.made_at.isoformat(),
            "difference": row.difference,
            "sentences": sentences(row.difference, self.language, self.names),
            "alternative": row.alternative,
        }


@dataclass(frozen=True, slots=True)
class Reevaluation:
    """The use cases."""

    bank: Bank

    def notices(self, book: UUID, language: str = "en") -> list[Notice]:
        """A learner's notices, of her merged books too, the newest first. Raises NotFound `learner_not_found`."""
        rows = self.bank.run(lambda tx: notices.in_books(tx, hers(tx, living_book(tx, book))))
        return [Notice(row, language, self._names(row, language)) for row in rows]

    def _names(self, row: RecognitionNotice, language: str) -> Names | None:
        """What its awards and rules are called; nothing of a decision whose inputs were never kept."""
        try:
            bundle = ReplayOfRecord(self.bank).bundle(row.after_id or row.before_id)
        except (NotFound, Refused):
            return None
        titles = {award.id: award.title for award in bundle.inputs.awards}
        return Names(language, pack_of(bundle), bundle.recognition["inputs"]["programme"], titles)

    def propose(self, caller: Caller, pack_id: str, version: str, reason: str) -> Retroaction:
        """Propose that a published version decide the past anew.

        Raises Forbidden; NotFound `rule_pack_not_found`; Refused `pack_not_published`; Conflict `retroaction_exists`.
        """
        caller.need_administrator()
        row = Retroaction(
            pack_id=pack_id,
            version=version,
            reason=reason,
            proposed_by=caller.client_id,
            proposed_at=self.bank.office.clock(),
        )

        def work(tx: Transaction) -> Retroaction:
            _published(tx, pack_id, version)
            jobs.propose_retroaction(tx, row)
            return row

        return self.bank.run(work)

    def approve(self, caller: Caller, pack_id: str, version: str) -> Retroaction:
        """A second person agrees, and the log says so.

        Raises Forbidden; NotFound `retroaction_not_found`; Conflict `second_person_needed`, `already_approved`.
        """
        caller.need_administrator()

        def work(tx: Transaction) -> Retroaction:
            row = jobs.retroaction(tx, pack_id, version)
            if row is None:
                raise NotFound("retroaction")
            if row.approved_by is not None:
                raise Conflict("already_approved", "A second person has agreed to this already.")
            jobs.approve_retroaction(tx, row, caller.client_id, self.bank.office.clock())
            facts = {"type": "retroaction", "pack": f"{pack_id}@{version}", "by": caller.client_id}
            logbook.log(tx, self.bank.office, [(f"pack:{pack_id}@{version}/retroaction", facts)])
            return row

        return self.bank.change(work)

    def run(
        self, pack_id: str, version: str, *, most: int | None = None, progress: Progress = _quiet
    ) -> ReevaluationReport:
        """Decide anew what stands under other versions of the pack, at most `most` learners in this run.

        Raises NotFound `rule_pack_not_found`; Refused `pack_not_published`, `retroaction_not_approved`; Conflict
        `run_under_way`.
        """
        self.bank.run(lambda tx: _ordered(tx, pack_id, version))
        job = f"reevaluate:{pack_id}@{version}"
        with self.bank.alone(job):
            return self._run(pack_id, version, job, most, progress)

    def _run(self, pack_id: str, version: str, job: str, most: int | None, progress: Progress) -> ReevaluationReport:
        known = self.bank.run(lambda tx: jobs.progress(tx, job))
        report = ReevaluationReport(**known.state) if known else ReevaluationReport()
        after = known.after_book if known and known.after_book else population.NIL
        total = report.learners + self.bank.run(
            lambda tx: population.count_books_decided_under(tx, pack_id, version, after)
        )
        books = self._books(pack_id, version, after)
        for book in books[:most]:
            self._book(book, pack_id, version, job, report)
            progress(report.learners, total)
        if most is None or len(books) <= most:
            self.bank.run(lambda tx: jobs.done(tx, job))
        self.bank.publish()
        return report

    def _books(self, pack_id: str, version: str, after: UUID) -> Sequence[UUID]:
        """Every book to be looked at; ids only, so that a million of them are little."""
        found: list[UUID] = []
        while True:
            last = found[-1] if found else after
            page = self.bank.run(
                lambda tx, last=last: population.books_decided_under(tx, pack_id, version, last, PAGE)  # type: ignore[misc]
            )
            found += page
            if len(page) < PAGE:
                return found

    def _book(self, book: UUID, pack_id: str, version: str, job: str, report: ReevaluationReport) -> None:
        """One learner: her decisions and the note that she is done are one transaction."""

        def work(tx: Transaction) -> ReevaluationReport:
            fresh = replace(report, learners=report.learners + 1, failed=dict(report.failed))
            self._decide(tx, book, pack_id, version, fresh)
            jobs.save(tx, job, (book, population.NIL), fresh.to_json())
            return fresh

        try:
            done = self.bank.run(work)
        except (RuleError, BankError) as refused:
            done = replace(report, learners=report.learners + 1, failed={**report.failed, str(book): refused.code})
            self.bank.run(lambda tx: jobs.save(tx, job, (book, population.NIL), done.to_json()))
        report.learners, report.changed = done.learners, done.changed
        report.unchanged, report.failed = done.unchanged, done.failed

    def _decide(self, tx: Transaction, book: UUID, pack_id: str, version: str, report: ReevaluationReport) -> None:
        cause = Cause("retroactive_rule", f"{pack_id}@{version}", "retroactive rule")
        start = _published(tx, pack_id, version).in_force_from
        for row in reevaluation.standing_under(tx, locked_book(tx, book), pack_id, version):
            if start is not None and row.decided_on < start:
                report.unchanged += 1
                continue
            request = replace(RecognitionRequest.from_json(row.request).after(row), pack_version=version)
            changed = reevaluation.decide_if_changed(tx, self.bank.office, row, request, cause, row.pack_version)
            report.changed += changed
            report.unchanged += not changed


def _published(tx: Transaction, pack_id: str, version: str) -> RulePack:
    row = rules.pack(tx, pack_id, version)
    if row is None:
        raise NotFound("rule_pack")
    if row.published_at is None:
        raise Refused("pack_not_published", "This version of the pack has not been approved by a second person.")
    return row


def _ordered(tx: Transaction, pack_id: str, version: str) -> None:
    """Two people said so: when they published the version as retroactive, or by an order of its own."""
    if _published(tx, pack_id, version).retroactive:
        return
    order = jobs.retroaction(tx, pack_id, version)
    if order is None or order.approved_by is None:
        sentence = "To decide the past anew takes an order that a second person has agreed to."
        raise Refused("retroaction_not_approved", sentence)
