"""The audit: every seal, every sum, every balance and the log's root, from the rows alone."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from credentials.canonical import jcs
from credentials.strict_json import loads
from creditbank.errors import LedgerError
from creditbank.ledger.entry import Entry
from creditbank.log.checkpoint import Checkpoint
from creditbank.log.tree import Frontier, Subtree, leaf_hash
from creditbank.store import Transaction, audit, leaves
from creditbank.transactions.auditing_packs import audit_packs
from recognition_rules.canonical import digest

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


@dataclass(slots=True)
class _Books:
    """What the rows of the ledger amount to: each entry's facts by digest, until a leaf is found that commits to them.

    `awards` tells by which deposit an award entry came: its leaf is the deposit's. `facts` holds the digests of the
    award's facts that its entries name.
    """

    entries: int = 0
    postings: int = 0
    unlogged: dict[UUID, bytes] = field(default_factory=dict)
    awards: dict[UUID, UUID] = field(default_factory=dict)
    facts: dict[UUID, set[str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Log:
    """What the rows of the log amount to, and which leaves cannot be opened any more."""

    frontier: Frontier = field(default_factory=Frontier)
    subtrees: list[Subtree] = field(default_factory=list)
    published: bytes | None = None
    opened: int = 0
    erased: set[str] = field(default_factory=set)


def recompute(tx: Transaction, published: Checkpoint | None, progress: Progress) -> AuditReport:
    """Audit the rows as they are at one instant, while the bank goes on.

    1. Each entry: legs, seal, balance, rebuilt as a value; reversals mirror what they reverse.
    2. Each award: not overdrawn, its uses single, its facts those that its entry names by digest.
    3. Each leaf: dense, its hash that of its opening, or erased and journalled; the stored hashes; the root, now and
       as it was `published`.
    4. Each entry is committed to by one leaf, fact by fact; each deposit has its leaf.
    5. Each published version of a pack is the one that its leaf names.
    """
    audit.take_snapshot(tx)
    findings: list[str] = []
    books = _read_books(tx, findings, progress)
    findings += audit_awards(tx)
    findings += _changed_facts(tx, books)
    findings += [f"{what} {which} {problem}" for what, which, problem in audit.strays(tx)]
    log = _read_log(tx, books, published, findings, progress)
    findings += _unlogged(books, log)
    findings += audit_packs(tx)
    findings += _heads(tx, log, published)
    return AuditReport(
        books.entries, books.postings, audit.totals(tx), log.frontier.size, log.opened, len(log.erased),
        log.frontier.root().hex(), tuple(findings),
    )  # fmt: skip


def _read_books(tx: Transaction, findings: list[str], progress: Progress) -> _Books:
    books = _Books()
    for row, legs in audit.entries(tx, BATCH):
        books.entries, books.postings = books.entries + 1, books.postings + len(legs)
        problem = _entry_problem(row, legs, books)
        if problem:
            findings.append(f"entry {row.entry_id}: {problem}")
        if books.entries % 1000 == 0:
            progress("entries", books.entries)
    progress("entries", books.entries)
    return books


def _entry_problem(row: audit.EntryRow, legs: audit.Legs, books: _Books) -> str | None:
    try:
        entry = Entry(
            row.book_id, row.entry_id, row.kind, row.effective_on, legs, row.reason, row.reverses, row.reference
        )
    except LedgerError as error:
        return error.message
    books.unlogged[entry.id] = _digest(entry.facts())
    if entry.kind == "award":
        books.awards[entry.id] = legs[0].award
        books.facts.setdefault(legs[0].award, set()).add(entry.reference.get("award", ""))
    if row.legs != len(legs) or bytes(row.legs_hash) != entry.legs_hash():
        return "its legs are not those it was sealed with"
    return None


def _digest(facts: object) -> bytes:
    return hashlib.sha256(jcs(facts)).digest()


def audit_awards(tx: Transaction) -> list[str]:
    """Awards whose learner's balance is below zero, uses that overlap, decisions that count more than there was."""
    overdrawn = [f"award {award} is overdrawn in {unit}" for award, unit in audit.overdrawn(tx)]
    twice = [f"award {award} is used twice for {purpose}" for award, purpose in audit.used_twice(tx)]
    again = [f"award {award} counts for more than was credited in {unit}" for award, unit in audit.counted_again(tx)]
    return overdrawn + twice + again


def _changed_facts(tx: Transaction, books: _Books) -> list[str]:
    """Deposits whose award (level, class, score …) is not the one that was credited."""
    return [
        f"deposit {row.deposit_id}: the facts of its award are not those that were credited"
        for row in audit.credited_awards(tx, BATCH)
        if digest(row.award) not in books.facts.get(row.deposit_id, ())
    ]


def _read_log(
    tx: Transaction, books: _Books, published: Checkpoint | None, findings: list[str], progress: Progress
) -> _Log:
    log = _Log()
    expected = 0
    for batch in audit.leaves(tx, BATCH):
        for row in batch:
            findings += [f"leaf {index} is missing" for index in range(expected, row.leaf_index)]
            findings += [f"leaf {row.leaf_index}: {problem}" for problem in _leaf_problems(row, books, log)]
            expected = row.leaf_index + 1
        _extend(log, batch, published)
        progress("leaves", log.frontier.size)
    return log


def _extend(log: _Log, batch: Sequence[audit.LeafRow], published: Checkpoint | None) -> None:
    """Append a batch, in two parts where the published checkpoint ends inside it."""
    hashes = [bytes(row.hash) for row in batch]
    cut = published.size - log.frontier.size if published else 0
    for part in (hashes[:cut], hashes[cut:]) if 0 < cut <= len(hashes) else (hashes,):
        log.frontier, completed = log.frontier.append(part)
        log.subtrees += completed
        if published and log.frontier.size == published.size:
            log.published = log.frontier.root()


def _leaf_problems(row: audit.LeafRow, books: _Books, log: _Log) -> Iterator[str]:
    commitment = bytes(row.commitment)
    if leaf_hash(commitment) != bytes(row.hash):
        yield "its hash is not that of its commitment"
    if row.salt is None:
        log.erased.add(row.subject)
        if not row.erased:
            yield "it has no opening, and the erasure journal does not say why"
        return
    log.opened += 1
    if row.erased:
        yield "the erasure journal says that it was erased, but its opening is here"
    if hashlib.sha256(bytes([row.version]) + bytes(row.salt) + bytes(row.content)).digest() != commitment:
        yield "its opening is not what was committed to"
        return
    for entry in _entries_of(bytes(row.content)):
        if books.unlogged.pop(UUID(str(entry["entry"])), None) != _digest(entry):
            yield f"entry {entry['entry']} is not in the books as it was logged"


def _entries_of(content: bytes) -> Iterator[dict[str, Any]]:
    """The entries that a leaf commits to: its own, or that of its deposit."""
    facts = loads(content)
    assert isinstance(facts, dict)
    entry = facts if facts["type"] == "entry" else facts.get("entry")
    if isinstance(entry, dict):
        yield entry


def _unlogged(books: _Books, log: _Log) -> list[str]:
    """Entries that no leaf commits to, but for those whose leaf was erased: it is known by its subject only."""
    return [
        f"entry {entry} is not in the log"
        for entry in books.unlogged
        if not {str(entry), str(books.awards.get(entry))} & log.erased
    ]


def _heads(tx: Transaction, log: _Log, published: Checkpoint | None) -> Iterator[str]:
    head = leaves.head(tx)
    if (head.size, head.root()) != (log.frontier.size, log.frontier.root()):
        yield "the log's head is not the head of its leaves"
    if audit.subtrees(tx) != {(tree.level, tree.position): tree.hash for tree in log.subtrees}:
        yield "the stored hashes of the tree are not those of its leaves"
    if published and published.size > log.frontier.size:
        yield "the published checkpoint has more leaves than the log"
    elif published and published.size and published.root != log.published:
        yield "the published checkpoint has another root"
