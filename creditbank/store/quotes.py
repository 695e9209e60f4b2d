"""Quotes on record: kept as they were handed out, listed without the long answer that each of them stands for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from creditbank.store import rows
from creditbank.store.transaction import Transaction, run

MARK: Final = "urn:uuid:"
"""How a decision names the quote that it kept, before the quote's id."""
Place = tuple[datetime, UUID]
"""The place in a list after which the next page begins: when a quote was issued, and its id."""


@dataclass(frozen=True, slots=True)
class StoredQuote:
    """A quote without the whole answer; `book_id` None: to anybody. `promised` is exact text, in `unit`."""

    quote_id: UUID
    book_id: UUID | None
    asked_by: str
    pack_id: str
    pack_version: str
    programme: str
    institution: str | None
    exit_award: str | None
    status: str
    promised: str
    unit: str
    issued_at: datetime
    valid_until: datetime
    token: str


@dataclass(frozen=True, slots=True)
class Promised:
    """Quotes alike: so many, each promising so much, to a learner or to anybody, that hold and were not kept yet."""

    pack_id: str
    pack_version: str
    programme: str
    institution: str | None
    unit: str
    promised: str
    to_anybody: bool
    quotes: int


_COLUMNS = ", ".join(StoredQuote.__dataclass_fields__)


def add(tx: Transaction, row: rows.Quote) -> None:
    """Keep a quote; it never changes."""
    names = list(rows.Quote.model_fields)
    values = ", ".join(f":{name}" for name in names)
    run(tx, f"INSERT INTO bank.quote ({', '.join(names)}) VALUES ({values})", **row.model_dump())


def by_id(tx: Transaction, quote_id: UUID) -> rows.Quote | None:
    """One quote, whole."""
    return tx.get(rows.Quote, quote_id)


def in_books(tx: Transaction, books: Collection[UUID]) -> list[StoredQuote]:
    """Every quote to a learner, oldest first; `books` are hers."""
    found = run(
        tx,
        f"SELECT {_COLUMNS} FROM bank.quote WHERE book_id = ANY(:books) ORDER BY issued_at, quote_id",
        books=list(books),
    )
    return [_stored(row) for row in found]


def page(tx: Transaction, after: Place | None, limit: int, asked_by: str | None = None) -> list[StoredQuote]:
    """The quotes to everybody, or those that one client asked for, in the order of their issue, from a place on."""
    found = run(
        tx,
        f"SELECT {_COLUMNS} FROM bank.quote WHERE (CAST(:asked_by AS text) IS NULL OR asked_by = :asked_by) "
        "AND (CAST(:at AS timestamptz) IS NULL OR (issued_at, quote_id) > (:at, CAST(:id AS uuid))) "
        "ORDER BY issued_at, quote_id LIMIT :limit",
        asked_by=asked_by,
        at=after[0] if after else None,
        id=after[1] if after else None,
        limit=limit,
    )
    return [_stored(row) for row in found]


def _stored(row: Row[Any]) -> StoredQuote:
    return StoredQuote(**row._mapping)


def kept_by(tx: Transaction, quote_ids: Collection[UUID]) -> Mapping[UUID, Sequence[tuple[UUID, UUID]]]:
    """By quote the decisions that kept it, the first of them first: each with the book that it is about."""
    found = run(
        tx,
        "SELECT request ->> 'quote' AS quote, recognition_id, book_id FROM bank.recognition "
        "WHERE request ->> 'quote' = ANY(:names) ORDER BY decided_at",
        names=[f"{MARK}{quote_id}" for quote_id in quote_ids],
    )
    kept: dict[UUID, list[tuple[UUID, UUID]]] = {}
    for row in found:
        kept.setdefault(UUID(row.quote), []).append((row.recognition_id, row.book_id))
    return kept


_OPEN = """
SELECT pack_id, pack_version, programme, institution, unit, promised, book_id IS NULL AS to_anybody, count(*) AS quotes
FROM bank.quote q WHERE issued_at <= :at AND valid_until > :at AND (book_id IS NULL OR NOT EXISTS (
    SELECT 1 FROM bank.recognition r
    WHERE r.request ->> 'quote' = :mark || CAST(q.quote_id AS text)))
GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7
"""


def open_at(tx: Transaction, at: datetime) -> list[Promised]:
    """What holds at an instant; of what was promised to one learner, only what no decision has kept until now."""
    return [Promised(**row._mapping) for row in run(tx, _OPEN, at=at, mark=MARK)]
