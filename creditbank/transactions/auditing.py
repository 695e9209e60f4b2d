"""The audit: every seal, every sum, every balance and the log's root, from the rows alone."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from credentials.strict_json import loads
from creditbank.errors import LedgerError
from creditbank.ledger.entry import Entry
from creditbank.log.checkpoint import SignedCheckpoint
from creditbank.log.tree import Frontier, leaf_hash
from creditbank.store import Transaction, audit, leaves

Progress = Callable[[str, int], None]
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What was counted, and every finding; an audit without findings is clean."""

    entries: int
    postings: int
    units: dict[str, str]
    leaves: int
    opened: int
    erased: int
    root: str
    findings: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """True where nothing was found."""
        return not self.findings


def recompute(tx: Transaction, progress: Progress) -> AuditReport:
    """1. Each entry: legs, seal, balance, rebuilt as a value. 2. Each award: not overdrawn, its uses single.
    3. Each leaf: dense, its hash that of its opening, or erased and journalled; the root. 4. Each entry: in the log.
    """
    findings: list[str] = []
    entries, postings = _entries(tx, findings, progress)
    findings += audit_awards(tx)
    logged: set[str] = set()
    frontier, opened, erased = _leaves(tx, findings, logged, progress)
    findings += [f"entry {entry} is not in the log" for entry in audit.entry_ids(tx) if entry not in logged]
    head = leaves.head(tx)
    if (head.size, head.root()) != (frontier.size, frontier.root()):
        findings.append("the log's head is not the head of its leaves")
    return AuditReport(
        entries, postings, audit.totals(tx), frontier.size, opened, erased, frontier.root().hex(), tuple(findings)
    )


def _entries(tx: Transaction, findings: list[str], progress: Progress) -> tuple[int, int]:
    entries = postings = 0
    for entry_row, legs in audit.entries(tx, BATCH):
        entries, postings = entries + 1, postings + len(legs)
        problem = _entry_problem(entry_row, legs)
        if problem:
            findings.append(f"entry {entry_row.entry_id}: {problem}")
        if entries % 1000 == 0:
            progress("entries", entries)
    progress("entries", entries)
    return entries, postings


def _entry_problem(row: audit.EntryRow, legs: audit.Legs) -> str | None:
    try:
        entry = Entry(
            row.book_id, row.entry_id, row.kind, row.effective_on, legs, row.reason, row.reverses, row.reference
        )
    except LedgerError as error:
        return error.message
    if row.legs != len(legs) or bytes(row.legs_hash) != entry.legs_hash():
        return "its legs are not those it was sealed with"
    return None


def audit_awards(tx: Transaction) -> list[str]:
    """Awards whose learner's balance is below zero, and uses that overlap."""
    overdrawn = [f"award {award} is overdrawn in {unit}" for award, unit in audit.overdrawn(tx)]
    twice = [f"award {award} is used twice for {purpose}" for award, purpose in audit.used_twice(tx)]
    return overdrawn + twice


def _leaves(tx: Transaction, findings: list[str], logged: set[str], progress: Progress) -> tuple[Frontier, int, int]:
    frontier, opened, erased = Frontier(), 0, 0
    for batch in audit.leaves(tx, BATCH):
        frontier, _ = frontier.append(bytes(row.hash) for row in batch)
        for row in batch:
            problem = _leaf_problem(row)
            if problem:
                findings.append(f"leaf {row.leaf_index}: {problem}")
            opened, erased = opened + (row.salt is not None), erased + bool(row.erased)
            logged.update(_entries_of(row))
        progress("leaves", frontier.size)
    return frontier, opened, erased


def _leaf_problem(row: audit.LeafRow) -> str | None:
    commitment = bytes(row.commitment)
    if leaf_hash(commitment) != bytes(row.hash):
        return "its hash is not that of its commitment"
    if row.salt is None:
        return None if row.erased else "it has no opening, and the erasure journal does not say why"
    if hashlib.sha256(bytes([row.version]) + bytes(row.salt) + bytes(row.content)).digest() != commitment:
        return "its opening is not what was committed to"
    return None


def _entries_of(row: audit.LeafRow) -> set[str]:
    """The entries that a leaf commits to: its own, or that of its deposit."""
    if row.salt is None:
        return {row.subject}
    facts = loads(bytes(row.content))
    assert isinstance(facts, dict)
    entry = facts if facts["type"] == "entry" else facts.get("entry")
    return {str(entry["entry"])} if isinstance(entry, dict) else set()


def with_checkpoint(report: AuditReport, latest: SignedCheckpoint | None) -> AuditReport:
    """The report with one more finding if the rows do not lead to what was published."""
    published = latest.checkpoint if latest else None
    if published and published.size == report.leaves and published.root.hex() != report.root:
        return replace(report, findings=(*report.findings, "the published checkpoint has another root"))
    if published and published.size > report.leaves:
        return replace(report, findings=(*report.findings, "the published checkpoint has more leaves than the log"))
    return report
