"""Rule packs and the recognitions decided under them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, cast
from sqlmodel import col, func, select

from creditbank.store import rows
from creditbank.store.transaction import Transaction, add, run

WITHDRAWN = (
    "EXISTS (SELECT 1 FROM bank.recognition_notice w "
    "WHERE w.book_id = r.book_id AND w.before_id = r.recognition_id AND w.after_id IS NULL)"
)
"""Of a recognition `r`: it was undone, and no other could take its place."""
MERGED = "EXISTS (SELECT 1 FROM bank.book b WHERE b.book_id = r.book_id AND b.state = 'sealed')"
"""Of a recognition `r`: its book was merged into another, where the union was decided upon in its place."""


@dataclass(frozen=True, slots=True)
class NewRecognition:
    """A decision of record: the request, the whole result, and the entry that booked it, if credits moved."""

    book_id: UUID
    recognition_id: UUID
    programme: str
    pack_id: str
    pack_version: str
    decided_on: date
    request: Mapping[str, Any]
    result: Mapping[str, Any]
    entry_id: UUID | None
    replaces: UUID | None


def add_pack(tx: Transaction, pack: rows.RulePack) -> None:
    """Propose a version of a pack. Raises Conflict `pack_version_exists`."""
    add(tx, pack)


def pack(tx: Transaction, pack_id: str, version: str) -> rows.RulePack | None:
    """One version of a pack, published or proposed."""
    return tx.get(rows.RulePack, (pack_id, version))


def lock_pack(tx: Transaction, pack_id: str) -> None:
    """One at a time of those that write versions of this pack, until the transaction ends."""
    run(tx, "SELECT pg_advisory_xact_lock(hashtext('rule_pack'), hashtext(:pack))", pack=pack_id)


def packs(tx: Transaction) -> Sequence[rows.RulePack]:
    """Every version of every pack."""
    return tx.exec(select(rows.RulePack).order_by(col(rows.RulePack.pack_id), col(rows.RulePack.proposed_at))).all()


def newest_published(tx: Transaction, pack_id: str, on: date | None = None) -> rows.RulePack | None:
    """The version of a pack that took effect last, of those in force on a day; without a day, of all."""
    table = rows.RulePack
    query = select(table).where(table.pack_id == pack_id, col(table.published_at).is_not(None))
    if on is not None:
        query = query.where(col(table.in_force_from).is_(None) | (col(table.in_force_from) <= on))
    took_effect = func.greatest(col(table.in_force_from), cast(col(table.published_at), Date))
    return tx.exec(query.order_by(took_effect.desc(), col(table.published_at).desc()).limit(1)).first()


def newest_local(tx: Transaction, base: tuple[str, str], scope: str, on: date) -> rows.RulePack | None:
    """An institution's departures from a version of a pack: those that took effect last, in force on a day."""
    table = rows.RulePack
    query = select(table).where(
        table.base_id == base[0],
        table.base_version == base[1],
        table.scope == scope,
        col(table.published_at).is_not(None),
        col(table.in_force_from).is_(None) | (col(table.in_force_from) <= on),
    )
    took_effect = func.greatest(col(table.in_force_from), cast(col(table.published_at), Date))
    return tx.exec(query.order_by(took_effect.desc(), col(table.published_at).desc()).limit(1)).first()


def family(tx: Transaction, pack_id: str) -> str:
    """The pack of the bank from which a pack departs; else the pack itself."""
    table = rows.RulePack
    found = tx.exec(select(table.base_id).where(table.pack_id == pack_id).limit(1)).first()
    return found or pack_id


def publish_pack(tx: Transaction, row: rows.RulePack, by: str, at: datetime) -> None:
    """A second person agrees, and the version takes effect. Raises Conflict `second_person_needed`."""
    row.approved_by, row.published_at = by, at
    add(tx, row)


def withdraw_pack(tx: Transaction, row: rows.RulePack, by: str, at: datetime) -> None:
    """A version that was never published is given up; its number stays taken. Raises Conflict `pack_withdrawn`."""
    row.withdrawn_by, row.withdrawn_at = by, at
    add(tx, row)


def add_recognition(tx: Transaction, new: NewRecognition) -> None:
    """Keep a decision."""
    run(
        tx,
        "INSERT INTO bank.recognition (book_id, recognition_id, programme, pack_id, pack_version, decided_on, request, "
        "result, entry_id, replaces) VALUES (:book, :id, :programme, :pack, :version, :decided_on, "
        "CAST(:request AS jsonb), CAST(:result AS jsonb), :entry, :replaces)",
        book=new.book_id,
        id=new.recognition_id,
        programme=new.programme,
        pack=new.pack_id,
        version=new.pack_version,
        decided_on=new.decided_on,
        request=json.dumps(new.request, ensure_ascii=False),
        result=json.dumps(new.result, ensure_ascii=False, default=dict),
        entry=new.entry_id,
        replaces=new.replaces,
    )


def recognition(tx: Transaction, recognition_id: UUID) -> rows.Recognition | None:
    """One decision, standing or replaced."""
    return tx.exec(select(rows.Recognition).where(rows.Recognition.recognition_id == recognition_id)).first()


def standing_recognitions(tx: Transaction, book: UUID) -> Sequence[rows.Recognition]:
    """The decisions of a book that stand: no later one replaces them and they were not withdrawn; oldest first.

    None of a book that was merged into another.
    """
    found = run(
        tx,
        "SELECT recognition_id FROM bank.recognition r WHERE book_id = :book AND NOT EXISTS ("
        "SELECT 1 FROM bank.recognition s WHERE s.book_id = r.book_id AND s.replaces = r.recognition_id) "
        f"AND NOT {WITHDRAWN} AND NOT {MERGED}",
        book=book,
    )
    ids = [row.recognition_id for row in found]
    table = rows.Recognition
    query = select(table).where(table.book_id == book, col(table.recognition_id).in_(ids))
    return tx.exec(query.order_by(col(table.decided_at))).all()


def withdrawn(tx: Transaction, book: UUID) -> set[UUID]:
    """The decisions of a book that were undone and could not be made anew."""
    found = run(
        tx,
        "SELECT before_id FROM bank.recognition_notice WHERE book_id = :book AND after_id IS NULL",
        book=book,
    )
    return {row.before_id for row in found}


def replaced_by(tx: Transaction, book: UUID, recognition_id: UUID) -> UUID | None:
    """The decision that replaced this one."""
    found = run(
        tx,
        "SELECT recognition_id FROM bank.recognition WHERE book_id = :book AND replaces = :id",
        book=book,
        id=recognition_id,
    )
    return found[0].recognition_id if found else None


def after_merger(tx: Transaction, row: rows.Recognition) -> UUID | None:
    """The decision on the union that took the place of one in a book that was merged; None where it was not."""
    found = run(
        tx,
        "SELECT s.recognition_id FROM bank.merge m JOIN bank.recognition s ON s.book_id = m.target_book "
        "AND s.pack_id = :pack AND s.programme = :programme AND s.decided_at <= m.merged_at "
        f"WHERE m.source_book = :book AND NOT EXISTS (SELECT 1 FROM bank.recognition r WHERE r.book_id = :book "
        f"AND r.recognition_id = :id AND {WITHDRAWN}) ORDER BY s.decided_at DESC LIMIT 1",
        book=row.book_id,
        id=row.recognition_id,
        pack=row.pack_id,
        programme=row.programme,
    )
    return found[0].recognition_id if found else None


def recognitions(tx: Transaction, book: UUID) -> Sequence[rows.Recognition]:
    """All decisions of a book, oldest first."""
    table = rows.Recognition
    return tx.exec(select(table).where(table.book_id == book).order_by(col(table.decided_at))).all()
