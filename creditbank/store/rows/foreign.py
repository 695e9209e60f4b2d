"""Other institutions' status lists as last seen, and which deposits rest on them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, LargeBinary, SmallInteger
from sqlmodel import Field

from creditbank.store.rows.base import Row, bytes_column, instant_column, json_column, text_column


class ForeignReference(Row, table=True):
    """A deposit's place in somebody else's status list."""

    __tablename__ = "foreign_reference"
    list_url: str = text_column(primary_key=True)
    deposit_id: UUID = Field(primary_key=True)
    entry: int = Field(sa_column=Column(SmallInteger, primary_key=True))
    kind: str = text_column()
    purpose: str = text_column()
    place: str = text_column()


class ForeignList(Row, table=True):
    """A list: when it is to be looked at again, and what it said last."""

    __tablename__ = "foreign_list"
    list_url: str = text_column(primary_key=True)
    due_at: datetime = instant_column()
    seen_at: datetime | None = instant_column(nullable=True)
    digest: bytes | None = bytes_column(nullable=True)
    revoked: bytes | None = bytes_column(nullable=True)
    failures: int = 0
    problem: str | None = text_column(default=None, nullable=True)


class ForeignAlert(Row, table=True):
    """Something that an institution's list may not do, such as taking back a revocation."""

    __tablename__ = "foreign_alert"
    list_url: str = text_column(primary_key=True)
    digest: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    code: str = text_column(primary_key=True)
    facts: dict[str, Any] = json_column()
    raised_at: datetime = instant_column(by_database=True)


class ForeignProgress(Row, table=True):
    """How many leaves of the log have been read for references."""

    __tablename__ = "foreign_progress"
    single: bool = Field(primary_key=True)
    leaves: int = Field(sa_type=BigInteger)
