"""Queries of the audit: whole tables, read in order and in batches, so that memory stays flat."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import Row, text

from creditbank.ledger.entry import Posting
from creditbank.store.transaction import Transaction, run
from recognition_rules.credits import GRAINS_PER_CREDIT, render_amount

EntryRow = Row[Any]
LeafRow = Row[Any]
Legs = tuple[Posting, ...]


def _stream(tx: Transaction, statement: str, batch: int) -> Iterator[Row[Any]]:
    yield from tx.connection().execute(text(statement).execution_options(yield_per=batch))


def take_snapshot(tx: Transaction) -> None:
    """Read everything as of one instant, and nothing but read; the first statement of its transaction."""
    run(tx, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def entries(tx: Transaction, batch: int) -> Iterator[tuple[EntryRow, Legs]]:
    """Every entry with its legs in order."""
    found = _stream(
        tx,
        "SELECT e.*, p.leg, p.account, p.unit, p.grains, p.award_id FROM bank.entry e "
        "LEFT JOIN bank.posting p USING (book_id, entry_id) ORDER BY e.book_id, e.entry_id, p.leg",
        batch,
    )
    for _, group in groupby(found, key=lambda row: (row.book_id, row.entry_id)):
        rows = list(group)
        yield rows[0], tuple(Posting(r.account, r.unit, r.grains, r.award_id) for r in rows if r.leg is not None)


_STRAYS = """
SELECT 'posting' AS what, CAST(p.entry_id AS text) || '/' || p.leg AS which, 'belongs to no entry' AS problem
FROM bank.posting p WHERE NOT EXISTS (
    SELECT FROM bank.entry e WHERE e.book_id = p.book_id AND e.entry_id = p.entry_id)
UNION ALL
SELECT DISTINCT 'entry', CAST(r.entry_id AS text), 'does not mirror the entry that it reverses'
FROM bank.entry r LEFT JOIN bank.entry o ON o.book_id = r.book_id AND o.entry_id = r.reverses
JOIN bank.posting p ON p.book_id = r.book_id AND p.entry_id = r.entry_id
WHERE r.kind = 'reversal' AND (o.legs IS DISTINCT FROM r.legs OR NOT EXISTS (
    SELECT FROM bank.posting q WHERE q.book_id = o.book_id AND q.entry_id = o.entry_id AND q.leg = p.leg
    AND q.account = p.account AND q.unit = p.unit AND q.grains = -p.grains AND q.award_id = p.award_id))
UNION ALL
SELECT 'award', CAST(m.award_id AS text), 'did not arrive where it was carried to by a merge'
FROM bank.posting m WHERE m.account LIKE 'merge:%'
GROUP BY m.award_id, m.unit HAVING sum(CAST(m.grains AS numeric)) <> 0
UNION ALL
SELECT 'deposit', CAST(d.deposit_id AS text), 'is not in the log'
FROM bank.deposit d WHERE NOT EXISTS (SELECT FROM bank.leaf l WHERE l.subject = CAST(d.deposit_id AS text))
"""


def credited_awards(tx: Transaction, batch: int) -> Iterator[Row[Any]]:
    """Deposit and award of every crediting, merged ones too."""
    yield from _stream(tx, "SELECT deposit_id, award FROM bank.deposit_event WHERE award IS NOT NULL", batch)


def strays(tx: Transaction) -> list[tuple[str, str, str]]:
    """What has no counterpart where it must have one: what, which, the problem.

    Postings without an entry, reversals that do not mirror, awards lost between merged books, deposits without a leaf.
    """
    return [(row.what, row.which, row.problem) for row in run(tx, _STRAYS)]


def leaves(tx: Transaction, batch: int) -> Iterator[Sequence[LeafRow]]:
    """Every leaf with its opening, if any, in the order of the log; an index may be missing."""
    start = 0
    while True:
        found = run(
            tx,
            "SELECT l.*, o.version, o.salt, o.content, e.leaf_index IS NOT NULL AS erased FROM bank.leaf l "
            "LEFT JOIN bank.leaf_opening o USING (leaf_index) LEFT JOIN bank.erasure e USING (leaf_index) "
            "WHERE l.leaf_index >= :start ORDER BY l.leaf_index LIMIT :batch",
            start=start,
            batch=batch,
        )
        if not found:
            return
        yield found
        start = found[-1].leaf_index + 1


def subtrees(tx: Transaction) -> dict[tuple[int, int], bytes]:
    """Every stored hash above the leaves, by level and position."""
    found = run(tx, "SELECT level, position, hash FROM bank.subtree")
    return {(row.level, row.position): bytes(row.hash) for row in found}


def totals(tx: Transaction) -> dict[str, str]:
    """Credits that learners hold, by unit, as exact text."""
    found = run(
        tx,
        "SELECT unit, sum(CAST(grains AS numeric)) AS grains FROM bank.posting "
        "WHERE account = 'learner' GROUP BY unit ORDER BY unit",
    )
    return {row.unit: render_amount(Fraction(int(row.grains), GRAINS_PER_CREDIT)) for row in found}


def overdrawn(tx: Transaction) -> list[tuple[str, str]]:
    """Awards of which more was taken than given, by unit."""
    found = run(
        tx,
        "SELECT award_id, unit FROM bank.posting WHERE account = 'learner' "
        "GROUP BY book_id, award_id, unit HAVING sum(CAST(grains AS numeric)) < 0",
    )
    return [(str(row.award_id), row.unit) for row in found]


def used_twice(tx: Transaction) -> list[tuple[str, str]]:
    """Awards that are in use more than once for one purpose, without the leave to stand beside the use before."""
    found = run(
        tx,
        "SELECT u.award_id, u.purpose FROM bank.use u LEFT JOIN bank.use_release r "
        "USING (book_id, award_id, purpose, nth) WHERE r.nth IS NULL "
        "GROUP BY u.book_id, u.award_id, u.purpose HAVING count(*) > 1 AND count(*) - count(u.beside) > 1",
    )
    return [(str(row.award_id), row.purpose) for row in found]


def counted_again(tx: Transaction) -> list[tuple[str, str]]:
    """Awards of which one decision counts more, by unit, than was ever credited of them."""
    found = run(
        tx,
        "SELECT p.award_id, p.unit FROM bank.posting p JOIN bank.entry e USING (book_id, entry_id) "
        "WHERE e.kind = 'recognition' AND p.account IN ('learner', 'again') "
        "GROUP BY p.book_id, p.entry_id, p.award_id, p.unit HAVING -sum(CAST(p.grains AS numeric)) > ("
        "SELECT max(o.grains) FROM bank.posting o WHERE o.book_id = p.book_id AND o.award_id = p.award_id "
        "AND o.unit = p.unit AND o.account = 'learner')",
    )
    return [(str(row.award_id), row.unit) for row in found]
