"""The log's leaves, and the status of what the bank has issued."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, SmallInteger
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from creditbank.store.rows.base import Row, bytes_column, instant_column, text_column


class Leaf(Row, table=True):
    """A member of the log."""

    leaf_index: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    hash: bytes = bytes_column()
    commitment: bytes = bytes_column()
    subject: str = text_column()
    logged_at: datetime = instant_column(by_database=True)


class LeafOpening(Row, table=True):
    """What a leaf commits to; it may be erased."""

    __tablename__ = "leaf_opening"
    leaf_index: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    version: int = Field(sa_type=SmallInteger)
    salt: bytes = bytes_column()
    content: bytes = bytes_column()


class Erasure(Row, table=True):
    """The journal of erased openings."""

    leaf_index: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    reason: str = text_column()
    erased_at: datetime = instant_column(by_database=True)


class Subtree(Row, table=True):
    """A complete subtree at a level of 8, 16, …"""

    level: int = Field(sa_column=Column(SmallInteger, primary_key=True))
    position: int = Field(sa_column=Column(BigInteger, primary_key=True))
    hash: bytes = bytes_column()


class Head(Row, table=True):
    """The log's right edge: one row, locked by every writer."""

    single: bool = Field(primary_key=True)
    size: int = Field(sa_type=BigInteger)
    frontier: list[bytes] = Field(sa_column=Column(ARRAY(LargeBinary), nullable=False))


class StatusList(Row, table=True):
    """A status list and how many of its places are taken."""

    __tablename__ = "status_list"
    list_id: str = text_column(primary_key=True)
    issuer_id: str = text_column()
    purpose: str = text_column()
    size: int
    used: int = 0
    opened_at: datetime = instant_column(by_database=True)


class Issued(Row, table=True):
    """A credential that the bank signed for an institution."""

    issuer_id: str = text_column()
    credential_id: str = text_column(primary_key=True)
    book_id: UUID
    deposit_id: UUID
    issued_at: datetime = instant_column(by_database=True)


class StatusEntry(Row, table=True):
    """A credential's place in a status list."""

    __tablename__ = "status_entry"
    list_id: str = text_column(primary_key=True)
    list_index: int = Field(sa_column=Column(Integer, primary_key=True))
    credential_id: str = text_column()


class StatusChange(Row, table=True):
    """A bit set or cleared, and why."""

    __tablename__ = "status_change"
    list_id: str = text_column(primary_key=True)
    list_index: int = Field(sa_column=Column(Integer, primary_key=True))
    sequence: int = Field(sa_column=Column(Integer, primary_key=True))
    value: bool
    reason: str = text_column()
    actor: str = text_column()
    changed_at: datetime = instant_column(by_database=True)
