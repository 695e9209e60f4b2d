"""Judgements on record: people's signed answers, which the rules take as inputs."""

import json
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import col, select

from creditbank.store import rows
from creditbank.store.transaction import Transaction, run


def add(tx: Transaction, row: rows.Judgement) -> None:
    """Keep a signed judgement; it is never changed, only followed by a later one."""
    run(
        tx,
        "INSERT INTO bank.judgement (book_id, judgement_id, question, award, answer, target, evidence, signer, body, "
        "signed_on, valid_until, token) VALUES (:book_id, :judgement_id, :question, :award, CAST(:answer AS jsonb), "
        ":target, :evidence, :signer, :body, :signed_on, :valid_until, :token)",
        **{**row.model_dump(exclude={"recorded_at"}), "answer": json.dumps(row.answer, ensure_ascii=False)},
    )


def in_books(tx: Transaction, books: Collection[UUID]) -> Sequence[rows.Judgement]:
    """Every judgement about a learner, oldest first; `books` are hers."""
    table = rows.Judgement
    query = select(table).where(col(table.book_id).in_(books))
    return tx.exec(query.order_by(col(table.recorded_at), col(table.judgement_id))).all()


def by_id(tx: Transaction, judgement_id: UUID) -> rows.Judgement | None:
    """One judgement."""
    return tx.exec(select(rows.Judgement).where(rows.Judgement.judgement_id == judgement_id)).first()
