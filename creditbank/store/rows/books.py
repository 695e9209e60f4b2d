"""Books, the identifiers that lead to them, and the personal tables beside them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field

from creditbank.store.rows.base import Row, bytes_column, instant_column, json_column, text_column


class Book(Row, table=True):
    """One learner's books: the key of the ledger."""

    book_id: UUID = Field(primary_key=True)
    state: str = text_column()
    merged_into: UUID | None = None
    opened_at: datetime = instant_column(by_database=True)


class Identifier(Row, table=True):
    """An identifier under the bank's key, and the book it leads to."""

    type: str = text_column(primary_key=True)
    keyed_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    book_id: UUID
    recorded_at: datetime = instant_column(by_database=True)


class Merge(Row, table=True):
    """Two books that became one."""

    source_book: UUID = Field(primary_key=True)
    target_book: UUID
    requested_by: str = text_column()
    approved_by: str | None = text_column(default=None)
    conflicts: list[Any] = json_column()
    merged_at: datetime = instant_column(by_database=True)


class MergeProposal(Row, table=True):
    """A merge that costs credits, waiting for a second administrator."""

    __tablename__ = "merge_proposal"
    source_book: UUID = Field(primary_key=True)
    target_book: UUID = Field(primary_key=True)
    proposed_by: str = text_column()
    conflicts: list[Any] = json_column()
    proposed_at: datetime = instant_column(by_database=True)


class BookKey(Row, table=True):
    """The sealed key of a book's personal data; without it the person is forgotten."""

    __tablename__ = "book_key"
    book_id: UUID = Field(primary_key=True)
    sealed_key: bytes = bytes_column()


class Profile(Row, table=True):
    """Who a book belongs to, sealed."""

    book_id: UUID = Field(primary_key=True)
    sealed: bytes = bytes_column()


class Document(Row, table=True):
    """A deposited credential, sealed."""

    book_id: UUID = Field(primary_key=True)
    deposit_id: UUID = Field(primary_key=True)
    sealed: bytes = bytes_column()
