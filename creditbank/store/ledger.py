"""Entries, postings and uses: written as whole entries by one statement, read back as ledger values."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from creditbank.ledger.entry import Entry, Posting
from creditbank.ledger.statement import Line
from creditbank.store.transaction import Transaction, run

# Entry and legs arrive in one statement, so that the triggers on both see the whole entry.
_APPEND = """
WITH added AS (
    INSERT INTO bank.entry (book_id, entry_id, kind, effective_on, reverses, reason, reference, legs, legs_hash)
    SELECT * FROM unnest(CAST(:books AS uuid[]), CAST(:entries AS uuid[]), CAST(:kinds AS text[]),
        CAST(:effective AS date[]), CAST(:reverses AS uuid[]), CAST(:reasons AS text[]),
        CAST(:references AS jsonb[]), CAST(:legs AS smallint[]), CAST(:hashes AS bytea[]))
)
INSERT INTO bank.posting (book_id, entry_id, leg, account, unit, grains, award_id)
SELECT * FROM unnest(CAST(:leg_books AS uuid[]), CAST(:leg_entries AS uuid[]), CAST(:leg_numbers AS smallint[]),
    CAST(:accounts AS text[]), CAST(:units AS text[]), CAST(:grains AS bigint[]), CAST(:awards AS uuid[]))
"""


def append(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Write entries. Raises LedgerError `unbalanced`, `entry_sealed`, Conflict `already_used`, `already_reversed`."""
    if not entries:
        return
    legs = [(e, n, p) for e in entries for n, p in enumerate(e.postings, start=1)]
    run(
        tx,
        _APPEND,
        books=[e.book for e in entries],
        entries=[e.id for e in entries],
        kinds=[e.kind for e in entries],
        effective=[e.effective_on for e in entries],
        reverses=[e.reverses for e in entries],
        reasons=[e.reason for e in entries],
        references=[json.dumps(dict(e.reference)) for e in entries],
        legs=[len(e.postings) for e in entries],
        hashes=[e.legs_hash() for e in entries],
        leg_books=[e.book for e, _, _ in legs],
        leg_entries=[e.id for e, _, _ in legs],
        leg_numbers=[n for _, n, _ in legs],
        accounts=[p.account for _, _, p in legs],
        units=[p.unit for _, _, p in legs],
        grains=[p.grains for _, _, p in legs],
        awards=[p.award for _, _, p in legs],
    )


_READ = """
SELECT e.book_id, e.entry_id, e.kind, e.effective_on, e.posted_at, e.reverses, e.reason, e.reference,
       p.leg, p.account, p.unit, p.grains, p.award_id
FROM bank.entry e JOIN bank.posting p USING (book_id, entry_id)
"""


def entry(tx: Transaction, book: UUID, entry_id: UUID) -> Entry | None:
    """One entry with its legs in order."""
    found = run(
        tx, f"{_READ} WHERE e.book_id = :book AND e.entry_id = :entry ORDER BY p.leg", book=book, entry=entry_id
    )
    return _entry(found) if found else None


def standing_award_entry(
    tx: Transaction, book: UUID, award: UUID, kinds: Sequence[str] = ("award", "opening")
) -> Entry | None:
    """The entry under which the learner holds this award now: the award or opening entry that is not reversed.

    With `kinds` of ("closing",): the entry by which it left this book for another.
    """
    found = run(
        tx,
        f"{_READ} WHERE e.book_id = :book AND e.kind = ANY(:kinds) AND p.award_id = :award "
        "AND NOT EXISTS (SELECT 1 FROM bank.entry r WHERE r.book_id = e.book_id AND r.reverses = e.entry_id) "
        "ORDER BY p.leg",
        book=book,
        award=award,
        kinds=list(kinds),
    )
    return _entry(found) if found else None


def _entry(found: Sequence[Row[Any]]) -> Entry:
    first = found[0]
    legs = tuple(Posting(row.account, row.unit, row.grains, row.award_id) for row in found)
    return Entry(
        first.book_id,
        first.entry_id,
        first.kind,
        first.effective_on,
        legs,
        first.reason,
        first.reverses,
        first.reference,
    )


def lines(tx: Transaction, books: Collection[UUID]) -> list[Line]:
    """Every leg of these books, in the order in which they were posted."""
    found = run(tx, f"{_READ} WHERE e.book_id = ANY(:books) ORDER BY e.posted_at, e.entry_id, p.leg", books=list(books))
    return [
        Line(
            row.entry_id, row.kind, row.effective_on, row.posted_at, row.reason, row.account, row.unit, row.grains,
            row.award_id, row.reverses,
        )
        for row in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class StandingUse:
    """A use that is not released: of which award, for what, by which decision (`reference`) on which programme.

    `grains` is how much of the award, in the award's own unit; None where no decision booked it. `beside` says by what
    leave it stands beside another use of the award for the same purpose. `pack_id` is the bank's pack, also where an
    institution departs from it.
    """

    award: UUID
    purpose: str
    reference: UUID
    beside: str | None
    pack_id: str | None
    programme: str | None
    grains: int | None


def add_uses(
    tx: Transaction, book: UUID, awards: Sequence[UUID], purpose: str, reference: UUID, beside: Mapping[UUID, str]
) -> None:
    """Use awards for a purpose, those in `beside` by leave beside a use that stands.

    Raises Conflict `already_used` where another is in use and was not released.
    """
    chosen = list(dict.fromkeys(awards))
    run(
        tx,
        "INSERT INTO bank.use (book_id, award_id, purpose, nth, reference, beside) "
        "SELECT :book, a, :purpose, 1 + count(u.nth), :reference, leave "
        "FROM unnest(CAST(:awards AS uuid[]), CAST(:leaves AS text[])) AS chosen(a, leave) "
        "LEFT JOIN bank.use u ON u.book_id = :book AND u.award_id = a AND u.purpose = :purpose GROUP BY a, leave",
        book=book,
        awards=chosen,
        leaves=[beside.get(award) for award in chosen],
        purpose=purpose,
        reference=reference,
    )


def release_uses(tx: Transaction, book: UUID, reference: UUID, reason: str) -> None:
    """Release every use that `reference` made and that is not released yet."""
    run(
        tx,
        "INSERT INTO bank.use_release (book_id, award_id, purpose, nth, reason) "
        "SELECT u.book_id, u.award_id, u.purpose, u.nth, :reason FROM bank.use u "
        "LEFT JOIN bank.use_release r USING (book_id, award_id, purpose, nth) "
        "WHERE u.book_id = :book AND u.reference = :reference AND r.nth IS NULL",
        book=book,
        reference=reference,
        reason=reason,
    )


def used_by(tx: Transaction, book: UUID, reference: UUID) -> list[tuple[UUID, str]]:
    """Award and purpose of every use that `reference` made, released since or not."""
    found = run(
        tx,
        "SELECT DISTINCT award_id, purpose FROM bank.use WHERE book_id = :book AND reference = :reference "
        "ORDER BY award_id, purpose",
        book=book,
        reference=reference,
    )
    return [(row.award_id, row.purpose) for row in found]


def release_awards(
    tx: Transaction, book: UUID, references: Collection[UUID], awards: Collection[UUID], reason: str
) -> None:
    """Release those uses of `awards` that one of the `references` made and that are not released yet."""
    run(
        tx,
        "INSERT INTO bank.use_release (book_id, award_id, purpose, nth, reason) "
        "SELECT u.book_id, u.award_id, u.purpose, u.nth, :reason FROM bank.use u "
        "LEFT JOIN bank.use_release r USING (book_id, award_id, purpose, nth) "
        "WHERE u.book_id = :book AND u.reference = ANY(:references) AND u.award_id = ANY(:awards) AND r.nth IS NULL",
        book=book,
        references=list(references),
        awards=list(awards),
        reason=reason,
    )


_STANDING = """
SELECT u.award_id, u.purpose, u.reference, u.beside, coalesce(k.base_id, n.pack_id) AS pack_id, n.programme, (
    SELECT -sum(CAST(p.grains AS numeric)) FROM bank.posting p WHERE p.book_id = u.book_id
    AND p.entry_id = n.entry_id AND p.award_id = u.award_id AND p.account IN ('learner', 'again')) AS grains
FROM bank.use u LEFT JOIN bank.use_release r USING (book_id, award_id, purpose, nth)
LEFT JOIN bank.recognition n ON n.book_id = u.book_id AND n.recognition_id = u.reference
LEFT JOIN bank.rule_pack k ON k.pack_id = n.pack_id AND k.version = n.pack_version
WHERE u.book_id = :book AND r.nth IS NULL ORDER BY u.award_id, u.purpose, u.nth
"""


def standing_uses(tx: Transaction, book: UUID) -> list[StandingUse]:
    """Every use that is not released, with what it took of its award, as the postings say."""
    return [
        StandingUse(
            row.award_id, row.purpose, row.reference, row.beside, row.pack_id, row.programme,
            None if row.grains is None else int(row.grains),
        )
        for row in run(tx, _STANDING, book=book)
    ]  # fmt: skip


def left(tx: Transaction, book: UUID, awards: Collection[UUID]) -> dict[UUID, int]:
    """What the learner still holds of each award, in grains of the award's own unit."""
    found = run(
        tx,
        "SELECT award_id, sum(CAST(grains AS numeric)) AS grains FROM bank.posting WHERE book_id = :book "
        "AND account = 'learner' AND award_id = ANY(:awards) GROUP BY award_id",
        book=book,
        awards=list(awards),
    )
    return {row.award_id: int(row.grains) for row in found}
