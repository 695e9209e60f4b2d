"""Many decisions or many books, a page at a time in the order of their keys: no page is read twice, memory is flat."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from creditbank.store.rules import MERGED, WITHDRAWN
from creditbank.store.transaction import Transaction, run

NIL = UUID(int=0)
After = tuple[UUID, UUID]
"""The book and the decision after which the next page begins."""
START: After = (NIL, NIL)

_STANDING = (
    "NOT EXISTS (SELECT 1 FROM bank.recognition s WHERE s.book_id = r.book_id AND s.replaces = r.recognition_id) "
    f"AND NOT {WITHDRAWN} AND NOT {MERGED}"
)


def decisions(
    tx: Transaction, after: After, limit: int, pack_id: str | None = None, programme: str | None = None
) -> Sequence[Row[Any]]:
    """Standing decisions: book_id, recognition_id, request (text), content (packed inputs) and outcome (text).

    `content` and `outcome` are null for a decision from before inputs were kept.
    """
    return run(
        tx,
        "SELECT r.book_id, r.recognition_id, CAST(r.request AS text) AS request, i.content, "
        "CAST(i.outcome AS text) AS outcome FROM bank.recognition r "
        "LEFT JOIN bank.recognition_input i USING (book_id, recognition_id) "
        "WHERE (r.book_id, r.recognition_id) > (:book, :id) "
        "AND (CAST(:pack AS text) IS NULL OR r.pack_id = :pack) "
        f"AND (CAST(:programme AS text) IS NULL OR r.programme = :programme) AND {_STANDING} "
        "ORDER BY r.book_id, r.recognition_id LIMIT :limit",
        book=after[0],
        id=after[1],
        limit=limit,
        pack=pack_id,
        programme=programme,
    )


def count_decisions(tx: Transaction, pack_id: str | None = None, programme: str | None = None) -> int:
    """How many decisions stand."""
    found = run(
        tx,
        "SELECT count(*) AS n FROM bank.recognition r WHERE (CAST(:pack AS text) IS NULL OR r.pack_id = :pack) "
        f"AND (CAST(:programme AS text) IS NULL OR r.programme = :programme) AND {_STANDING}",
        pack=pack_id,
        programme=programme,
    )
    return int(found[0].n)


def recorded(tx: Transaction, after: After, limit: int, since: Any = None) -> Sequence[Row[Any]]:
    """All decisions, standing or replaced, with what is needed to make them again; `since` is an instant.

    Rows: book_id, recognition_id, request and result (text), content, units and levels (digests), pack (digest) and
    sealed (the digest of the result that the entry names; null where no credits moved).
    """
    return run(
        tx,
        "SELECT r.book_id, r.recognition_id, r.decided_at, CAST(r.request AS text) AS request, "
        "CAST(r.result AS text) AS result, i.content, i.units, i.levels, p.digest AS pack, "
        "e.reference->>'result' AS sealed FROM bank.recognition r "
        "JOIN bank.rule_pack p ON p.pack_id = r.pack_id AND p.version = r.pack_version "
        "LEFT JOIN bank.recognition_input i USING (book_id, recognition_id) "
        "LEFT JOIN bank.entry e ON e.book_id = r.book_id AND e.entry_id = r.entry_id "
        "WHERE (r.book_id, r.recognition_id) > (:book, :id) "
        "AND (CAST(:since AS timestamptz) IS NULL OR r.decided_at >= :since) "
        "ORDER BY r.book_id, r.recognition_id LIMIT :limit",
        book=after[0],
        id=after[1],
        limit=limit,
        since=since,
    )


def count_recorded(tx: Transaction, since: Any = None) -> int:
    """How many decisions were recorded, all told or since an instant."""
    found = run(
        tx,
        "SELECT count(*) AS n FROM bank.recognition "
        "WHERE CAST(:since AS timestamptz) IS NULL OR decided_at >= CAST(:since AS timestamptz)",
        since=since,
    )
    return int(found[0].n)


def books(tx: Transaction, after: UUID, limit: int) -> Sequence[Row[Any]]:
    """Living books that hold credited awards: book_id and awards, an array of texts."""
    return run(
        tx,
        "SELECT b.book_id, w.awards FROM bank.book b CROSS JOIN LATERAL ("
        "SELECT array_agg(CAST(e.award AS text)) AS awards FROM bank.deposit d JOIN LATERAL ("
        "SELECT state, award FROM bank.deposit_event e WHERE e.book_id = d.book_id AND e.deposit_id = d.deposit_id "
        "ORDER BY sequence DESC LIMIT 1) e ON e.state = 'credited' WHERE d.book_id = b.book_id) w "
        "WHERE b.book_id > :after AND b.state <> 'sealed' AND w.awards IS NOT NULL ORDER BY b.book_id LIMIT :limit",
        after=after,
        limit=limit,
    )


def count_books(tx: Transaction) -> int:
    """How many living books hold credited awards."""
    found = run(
        tx,
        "SELECT count(*) AS n FROM bank.book b WHERE b.state <> 'sealed' AND EXISTS ("
        "SELECT 1 FROM bank.deposit d JOIN LATERAL (SELECT state, award FROM bank.deposit_event e "
        "WHERE e.book_id = d.book_id AND e.deposit_id = d.deposit_id ORDER BY sequence DESC LIMIT 1) e "
        "ON e.state = 'credited' AND e.award IS NOT NULL WHERE d.book_id = b.book_id)",
    )
    return int(found[0].n)


def books_decided_under(tx: Transaction, pack_id: str, but: str, after: UUID, limit: int) -> list[UUID]:
    """Books with a standing decision under any version of a pack but one, in order."""
    found = run(
        tx,
        "SELECT DISTINCT r.book_id FROM bank.recognition r WHERE r.pack_id = :pack AND r.pack_version <> :but "
        f"AND r.book_id > :after AND {_STANDING} ORDER BY r.book_id LIMIT :limit",
        pack=pack_id,
        but=but,
        after=after,
        limit=limit,
    )
    return [row.book_id for row in found]


def count_books_decided_under(tx: Transaction, pack_id: str, but: str, after: UUID) -> int:
    """How many books behind one have such a decision."""
    found = run(
        tx,
        "SELECT count(DISTINCT r.book_id) AS n FROM bank.recognition r "
        f"WHERE r.pack_id = :pack AND r.pack_version <> :but AND r.book_id > :after AND {_STANDING}",
        pack=pack_id,
        but=but,
        after=after,
    )
    return int(found[0].n)


def outcome_types(tx: Transaction) -> Sequence[Row[Any]]:
    """What kinds of credited awards the bank holds, the most frequent first; one GROUP BY over the deposits.

    Rows: issuer, achievement, source, course_class, unit, framework, level, country, ended_on (the latest),
    outcomes and learners (counts).
    """
    return run(
        tx,
        "SELECT e.award->>'issuer' AS issuer, e.award->>'achievement' AS achievement, e.award->>'source' AS source, "
        "e.award->>'class' AS course_class, e.award->'amount'->>'unit' AS unit, "
        "e.award->'level'->>'framework' AS framework, e.award->'level'->>'value' AS level, "
        "e.award->>'country' AS country, "
        "max(e.award->>'ended_on') AS ended_on, count(*) AS outcomes, "
        "count(DISTINCT d.book_id) AS learners FROM bank.deposit d JOIN LATERAL ("
        "SELECT state, award FROM bank.deposit_event e WHERE e.book_id = d.book_id AND e.deposit_id = d.deposit_id "
        "ORDER BY sequence DESC LIMIT 1) e ON e.state = 'credited' "
        "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY outcomes DESC, 1, 2, 3, 4, 5, 6, 7, 8",
    )
