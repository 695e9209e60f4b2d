"""Notices to a learner's record: a decision took the place of another, and what that changed."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from creditbank.store import rows
from creditbank.store.transaction import Transaction, run


@dataclass(frozen=True, slots=True)
class NewNotice:
    """One decision after another (or none), why, and how they differ; beside it what the newest version would say."""

    book_id: UUID
    notice_id: UUID
    cause: str
    reference: str
    before: UUID
    after: UUID | None
    difference: Mapping[str, Any]
    alternative: Mapping[str, Any] | None


def add_notice(tx: Transaction, new: NewNotice) -> None:
    """Keep a notice."""
    run(
        tx,
        "INSERT INTO bank.recognition_notice (book_id, notice_id, cause, reference, before_id, after_id, difference, "
        "alternative) VALUES (:book, :id, :cause, :reference, :before, :after, CAST(:difference AS jsonb), "
        "CAST(:alternative AS jsonb))",
        book=new.book_id,
        id=new.notice_id,
        cause=new.cause,
        reference=new.reference,
        before=new.before,
        after=new.after,
        difference=json.dumps(new.difference, ensure_ascii=False),
        alternative=None if new.alternative is None else json.dumps(new.alternative, ensure_ascii=False),
    )


def in_books(tx: Transaction, books: Collection[UUID]) -> Sequence[rows.RecognitionNotice]:
    """The notices of a learner, whose books these are, the newest first."""
    table = rows.RecognitionNotice
    return tx.exec(select(table).where(col(table.book_id).in_(books)).order_by(col(table.made_at).desc())).all()
