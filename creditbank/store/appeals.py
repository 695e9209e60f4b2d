"""Appeals: what was opened, what happened to it since, and what people wrote, sealed."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from creditbank.store import rows
from creditbank.store.transaction import Transaction, run


def add(tx: Transaction, row: rows.Appeal) -> None:
    """Keep an appeal as it was opened."""
    run(
        tx,
        "INSERT INTO bank.appeal (book_id, appeal_id, recognition_id, step, evidence, opened_by, opened_at, due_on) "
        "VALUES (:book_id, :appeal_id, :recognition_id, :step, CAST(:evidence AS jsonb), :opened_by, :opened_at, "
        ":due_on)",
        **{**row.model_dump(), "evidence": json.dumps(row.evidence)},
    )


def add_event(
    tx: Transaction, appeal: rows.Appeal, sequence: int, kind: str, actor: str, facts: Mapping[str, Any], at: datetime
) -> None:
    """What happened next. Raises Conflict `appeal_moved_on` where somebody else was first."""
    run(
        tx,
        "INSERT INTO bank.appeal_event (book_id, appeal_id, sequence, kind, actor, facts, happened_at) "
        "VALUES (:book, :appeal, :sequence, :kind, :actor, CAST(:facts AS jsonb), :at)",
        book=appeal.book_id,
        appeal=appeal.appeal_id,
        sequence=sequence,
        kind=kind,
        actor=actor,
        facts=json.dumps(facts, ensure_ascii=False),
        at=at,
    )


def by_id(tx: Transaction, appeal_id: UUID) -> rows.Appeal | None:
    """One appeal."""
    return tx.exec(select(rows.Appeal).where(rows.Appeal.appeal_id == appeal_id)).first()


def events(tx: Transaction, appeal: rows.Appeal) -> Sequence[rows.AppealEvent]:
    """What happened to an appeal, in order."""
    table = rows.AppealEvent
    query = select(table).where(table.book_id == appeal.book_id, table.appeal_id == appeal.appeal_id)
    return tx.exec(query.order_by(col(table.sequence))).all()


def in_books(tx: Transaction, books: Collection[UUID]) -> Sequence[rows.Appeal]:
    """Every appeal about a learner, oldest first; `books` are hers."""
    table = rows.Appeal
    return tx.exec(select(table).where(col(table.book_id).in_(books)).order_by(col(table.opened_at))).all()


def page(
    tx: Transaction, after: tuple[datetime, UUID] | None, limit: int, opened_by: str | None = None
) -> Sequence[rows.Appeal]:
    """The appeals of everybody, or those that one client opened, in the order of their opening, from a place on."""
    table = rows.Appeal
    query = select(table).order_by(col(table.opened_at), col(table.appeal_id)).limit(limit)
    if opened_by is not None:
        query = query.where(table.opened_by == opened_by)
    if after is not None:
        later = (col(table.opened_at) > after[0]) | (
            (col(table.opened_at) == after[0]) & (col(table.appeal_id) > after[1])
        )
        query = query.where(later)
    return tx.exec(query).all()


def add_text(tx: Transaction, appeal: rows.Appeal, sequence: int, sealed: bytes) -> None:
    """Keep what somebody wrote; `sequence` 0 is the opening."""
    run(
        tx,
        "INSERT INTO bank.appeal_text (book_id, appeal_id, sequence, sealed) VALUES (:book, :appeal, :n, :sealed)",
        book=appeal.book_id,
        appeal=appeal.appeal_id,
        n=sequence,
        sealed=sealed,
    )


def texts(tx: Transaction, appeal: rows.Appeal) -> dict[int, bytes]:
    """The sealed texts of an appeal, by the event they belong to."""
    found = run(
        tx,
        "SELECT sequence, sealed FROM bank.appeal_text WHERE book_id = :book AND appeal_id = :appeal",
        book=appeal.book_id,
        appeal=appeal.appeal_id,
    )
    return {row.sequence: bytes(row.sealed) for row in found}


def deciders_since(tx: Transaction, books: Collection[UUID], row: rows.Recognition) -> set[str]:
    """Who had decisions made towards the same programme in these books, from a decision on."""
    found = run(
        tx,
        "SELECT DISTINCT request->>'by' AS decider FROM bank.recognition WHERE book_id = ANY(:books) "
        "AND pack_id = :pack AND programme = :programme AND decided_at >= :since AND request->>'by' IS NOT NULL",
        books=list(books),
        pack=row.pack_id,
        programme=row.programme,
        since=row.decided_at,
    )
    return {each.decider for each in found}
