"""The ledger: deposits, entries, postings, uses, recognitions; every key begins with the book."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Integer, SmallInteger
from sqlmodel import Field

from creditbank.store.rows.base import Row, bytes_column, instant_column, json_column, text_column


class DepositKey(Row, table=True):
    """The identity of a deposit over all books: issuer, credential id, version."""

    __tablename__ = "deposit_key"
    issuer_did: str = text_column(primary_key=True)
    credential_id: str = text_column(primary_key=True)
    version: int = Field(sa_column=Column(Integer, primary_key=True))
    deposit_id: UUID
    book_id: UUID
    content_digest: bytes = bytes_column()
    valid_from: datetime = instant_column()


class Deposit(Row, table=True):
    """A credential on record; pseudonymous facts only."""

    book_id: UUID = Field(primary_key=True)
    deposit_id: UUID = Field(primary_key=True)
    issuer_did: str = text_column()
    credential_id: str = text_column()
    version: int
    content_digest: bytes = bytes_column()
    facts: dict[str, Any] = json_column()
    key_thumbprint: str = text_column()
    signed_at: datetime | None = instant_column(nullable=True)
    received_at: datetime = instant_column(by_database=True)
    moved_from: UUID | None = None


class DepositEvent(Row, table=True):
    """What happened to a deposit; the last one says how it stands."""

    __tablename__ = "deposit_event"
    book_id: UUID = Field(primary_key=True)
    deposit_id: UUID = Field(primary_key=True)
    sequence: int = Field(sa_column=Column(Integer, primary_key=True))
    state: str = text_column()
    reason: str = text_column()
    actor: str = text_column()
    award: dict[str, Any] | None = json_column(nullable=True)
    happened_at: datetime = instant_column(by_database=True)


class Entry(Row, table=True):
    """A balanced change, sealed by the number and hash of its legs."""

    book_id: UUID = Field(primary_key=True)
    entry_id: UUID = Field(primary_key=True)
    kind: str = text_column()
    effective_on: date
    posted_at: datetime = instant_column(by_database=True)
    reverses: UUID | None = None
    reason: str = text_column()
    reference: dict[str, str] = json_column()
    legs: int = Field(sa_type=SmallInteger)
    legs_hash: bytes = bytes_column()


class Posting(Row, table=True):
    """One leg of an entry."""

    book_id: UUID = Field(primary_key=True)
    entry_id: UUID = Field(primary_key=True)
    leg: int = Field(sa_column=Column(SmallInteger, primary_key=True))
    account: str = text_column()
    unit: str = text_column()
    grains: int = Field(sa_type=BigInteger)
    award_id: UUID


class Use(Row, table=True):
    """An award in use for a purpose."""

    book_id: UUID = Field(primary_key=True)
    award_id: UUID = Field(primary_key=True)
    purpose: str = text_column(primary_key=True)
    nth: int = Field(sa_column=Column(Integer, primary_key=True))
    beside: str | None = text_column(default=None)
    reference: UUID
    used_at: datetime = instant_column(by_database=True)


class UseRelease(Row, table=True):
    """The release of a use."""

    __tablename__ = "use_release"
    book_id: UUID = Field(primary_key=True)
    award_id: UUID = Field(primary_key=True)
    purpose: str = text_column(primary_key=True)
    nth: int = Field(sa_column=Column(Integer, primary_key=True))
    reason: str = text_column()
    released_at: datetime = instant_column(by_database=True)


class Recognition(Row, table=True):
    """A decision of record with its whole trace."""

    book_id: UUID = Field(primary_key=True)
    recognition_id: UUID = Field(primary_key=True)
    programme: str = text_column()
    pack_id: str = text_column()
    pack_version: str = text_column()
    decided_on: date
    request: dict[str, Any] = json_column()
    result: dict[str, Any] = json_column()
    entry_id: UUID | None = None
    replaces: UUID | None = None
    decided_at: datetime = instant_column(by_database=True)
