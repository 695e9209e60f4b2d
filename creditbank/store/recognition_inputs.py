"""The kept inputs of decisions, and the tables of units and levels that they were read with."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from creditbank.store import rows
from creditbank.store.transaction import Transaction, run


@dataclass(frozen=True, slots=True)
class NewInputs:
    """What a decision rested on, packed, with the digests of its tables and its outcome."""

    book_id: UUID
    recognition_id: UUID
    content: bytes
    units: str
    levels: str
    outcome: Mapping[str, Any]


def keep(tx: Transaction, new: NewInputs) -> None:
    """Keep the inputs beside the decision, which stands already."""
    run(
        tx,
        "INSERT INTO bank.recognition_input (book_id, recognition_id, content, units, levels, outcome) "
        "VALUES (:book, :id, :content, :units, :levels, CAST(:outcome AS jsonb))",
        book=new.book_id,
        id=new.recognition_id,
        content=new.content,
        units=new.units,
        levels=new.levels,
        outcome=json.dumps(new.outcome, ensure_ascii=False),
    )


def of_decision(tx: Transaction, book: UUID, recognition_id: UUID) -> rows.RecognitionInput | None:
    """What a decision rested on; None for one from before inputs were kept."""
    return tx.get(rows.RecognitionInput, (book, recognition_id))


def keep_tables(tx: Transaction, tables: Sequence[tuple[str, str, str]]) -> None:
    """Keep digest, kind and text of each table that is not kept yet."""
    run(
        tx,
        "INSERT INTO bank.rule_table (digest, kind, content) SELECT * FROM unnest(CAST(:digests AS text[]), "
        "CAST(:kinds AS text[]), CAST(:contents AS text[])) ON CONFLICT DO NOTHING",
        digests=[digest for digest, _, _ in tables],
        kinds=[kind for _, kind, _ in tables],
        contents=[content for _, _, content in tables],
    )


def tables(tx: Transaction) -> dict[str, str]:
    """Every table that is kept, by digest."""
    return {row.digest: row.content for row in run(tx, "SELECT digest, content FROM bank.rule_table")}


_AWARDS_THEN = """
SELECT e.state, a.award FROM bank.deposit d JOIN LATERAL (
    SELECT state FROM bank.deposit_event e WHERE e.book_id = d.book_id AND e.deposit_id = d.deposit_id
    AND e.happened_at <= :at ORDER BY sequence DESC LIMIT 1
) e ON true JOIN LATERAL (
    SELECT award FROM bank.deposit_event a WHERE a.book_id = d.book_id AND a.deposit_id = d.deposit_id
    AND a.award IS NOT NULL AND a.happened_at <= :at ORDER BY sequence DESC LIMIT 1
) a ON true WHERE d.book_id = :book
"""


def awards_then(tx: Transaction, book: UUID, at: datetime) -> list[tuple[str, Mapping[str, Any]]]:
    """State and award of every deposit of a book that had one, as they stood at an instant."""
    return [(row.state, row.award) for row in run(tx, _AWARDS_THEN, book=book, at=at)]


def uses_then(tx: Transaction, book: UUID, at: datetime, but: UUID) -> list[tuple[UUID, str, UUID]]:
    """Award, purpose and reference of every use that stood at an instant, but for those of one decision."""
    found = run(
        tx,
        "SELECT u.award_id, u.purpose, u.reference FROM bank.use u "
        "LEFT JOIN bank.use_release r USING (book_id, award_id, purpose, nth) "
        "WHERE u.book_id = :book AND u.used_at <= :at AND u.reference <> :but "
        "AND (r.nth IS NULL OR r.released_at > :at) ORDER BY u.award_id, u.purpose",
        book=book,
        at=at,
        but=but,
    )
    return [(row.award_id, row.purpose, row.reference) for row in found]
