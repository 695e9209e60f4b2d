"""The tables as SQLModel rows, for reading and for administration.

Constraints, triggers and grants live in `migrations/` alone; a test compares the columns here with the migrated
database. Rows with `table=True` do not validate, so they are never built from a request: only from checked values.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Computed, DateTime, Integer, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

SCHEMA = "bank"


class Row(SQLModel):
    """What every table shares: the schema, and no `ON UPDATE` magic."""

    __table_args__ = {"schema": SCHEMA}


METADATA = Row.metadata


def _text(**options: Any) -> Any:
    return Field(sa_type=Text, **options)


def _json(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(JSONB(none_as_null=True), nullable=nullable))


def _instant(*, nullable: bool = False, by_database: bool = False) -> Any:
    default = "clock_timestamp()" if by_database else None
    column: Column[datetime] = Column(DateTime(timezone=True), nullable=nullable, server_default=default)
    return Field(default=None, sa_column=column) if nullable or by_database else Field(sa_column=column)


def _bytes(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(LargeBinary, nullable=nullable))


class Issuer(Row, table=True):
    issuer_id: str = _text(primary_key=True)
    did: str = _text()
    kind: str = _text()
    name: dict[str, str] = _json()
    country: str = _text()
    url: str | None = _text()
    provider_root: str = _text()
    registered_at: datetime = _instant()


class Accreditation(Row, table=True):
    accreditation_id: UUID = Field(primary_key=True)
    issuer_id: str = _text()
    authority: str = _text()
    reference: str | None = _text()
    achievements: list[str] | None = _json(nullable=True)
    levels: list[list[str]] | None = _json(nullable=True)
    units: list[str] = _json()
    valid_from: date
    valid_until: date | None
    withdrawn_on: date | None = None
    proposed_by: str = _text()
    proposed_at: datetime = _instant()
    approved_by: str | None = _text()
    approved_at: datetime | None = _instant(nullable=True)


class IssuerKey(Row, table=True):
    __tablename__ = "issuer_key"
    key_id: str = _text(primary_key=True)
    issuer_id: str = _text()
    algorithm: str = _text()
    public_jwk: dict[str, str] = _json()
    thumbprint: str = _text()
    sealed_private_key: bytes | None = _bytes(nullable=True)
    active_from: datetime = _instant()
    retired_at: datetime | None = _instant(nullable=True)
    compromised_from: datetime | None = _instant(nullable=True)
    declared_compromised_at: datetime | None = _instant(nullable=True)


class Achievement(Row, table=True):
    issuer_id: str = _text(primary_key=True)
    achievement_id: str = _text(primary_key=True)
    name: dict[str, str] = _json()
    description: dict[str, str] = _json()
    criteria: dict[str, str] = _json()
    achievement_type: str = _text()
    unit: str = _text()
    credits: str = _text()
    level_framework: str | None = _text()
    level_value: str | None = _text()
    source_type: str | None = _text()
    course_class: str | None = _text()
    recorded_at: datetime = _instant()


class Client(Row, table=True):
    client_id: str = _text(primary_key=True)
    name: str = _text()
    role: str = _text()
    issuer_id: str | None = _text()
    book_id: UUID | None = None
    public_jwk: dict[str, str] = _json()
    scopes: list[str] = _json()
    registered_at: datetime = _instant()
    disabled_at: datetime | None = _instant(nullable=True)


class ClientAssertion(Row, table=True):
    __tablename__ = "client_assertion"
    client_id: str = _text(primary_key=True)
    jti: str = _text(primary_key=True)
    expires_at: datetime = _instant()


class RulePack(Row, table=True):
    __tablename__ = "rule_pack"
    pack_id: str = _text(primary_key=True)
    version: str = _text(primary_key=True)
    digest: str = _text()
    content: str = _text()
    proposed_by: str = _text()
    proposed_at: datetime = _instant()
    approved_by: str | None = _text()
    published_at: datetime | None = _instant(nullable=True)


class RequestKey(Row, table=True):
    __tablename__ = "request_key"
    client_id: str = _text(primary_key=True)
    key: str = _text(primary_key=True)
    digest: bytes = _bytes()
    answer: dict[str, Any] | None = _json(nullable=True)
    made_at: datetime = _instant(by_database=True)


class SealCheck(Row, table=True):
    __tablename__ = "seal_check"
    key_id: str = _text(primary_key=True)
    sealed: bytes = _bytes()
    made_at: datetime = _instant(by_database=True)


class Book(Row, table=True):
    book_id: UUID = Field(primary_key=True)
    state: str = _text()
    merged_into: UUID | None = None
    opened_at: datetime = _instant(by_database=True)


class Identifier(Row, table=True):
    type: str = _text(primary_key=True)
    keyed_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    book_id: UUID
    recorded_at: datetime = _instant(by_database=True)


class Merge(Row, table=True):
    source_book: UUID = Field(primary_key=True)
    target_book: UUID
    requested_by: str = _text()
    approved_by: str | None = _text()
    conflicts: list[Any] = _json()
    merged_at: datetime = _instant(by_database=True)


class MergeProposal(Row, table=True):
    __tablename__ = "merge_proposal"
    source_book: UUID = Field(primary_key=True)
    target_book: UUID = Field(primary_key=True)
    proposed_by: str = _text()
    conflicts: list[Any] = _json()
    proposed_at: datetime = _instant(by_database=True)


class BookKey(Row, table=True):
    __tablename__ = "book_key"
    book_id: UUID = Field(primary_key=True)
    sealed_key: bytes = _bytes()


class Profile(Row, table=True):
    book_id: UUID = Field(primary_key=True)
    sealed: bytes = _bytes()


class Document(Row, table=True):
    book_id: UUID = Field(primary_key=True)
    deposit_id: UUID = Field(primary_key=True)
    sealed: bytes = _bytes()


class DepositKey(Row, table=True):
    __tablename__ = "deposit_key"
    issuer_did: str = _text(primary_key=True)
    credential_id: str = _text(primary_key=True)
    version: int = Field(sa_column=Column(Integer, primary_key=True))
    deposit_id: UUID
    book_id: UUID
    content_digest: bytes = _bytes()
    valid_from: datetime = _instant()


class Deposit(Row, table=True):
    book_id: UUID = Field(primary_key=True)
    deposit_id: UUID = Field(primary_key=True)
    issuer_did: str = _text()
    credential_id: str = _text()
    version: int
    content_digest: bytes = _bytes()
    facts: dict[str, Any] = _json()
    key_thumbprint: str = _text()
    signed_at: datetime | None = _instant(nullable=True)
    received_at: datetime = _instant(by_database=True)
    moved_from: UUID | None = None


class DepositEvent(Row, table=True):
    __tablename__ = "deposit_event"
    book_id: UUID = Field(primary_key=True)
    deposit_id: UUID = Field(primary_key=True)
    sequence: int = Field(sa_column=Column(Integer, primary_key=True))
    state: str = _text()
    reason: str = _text()
    actor: str = _text()
    award: dict[str, Any] | None = _json(nullable=True)
    happened_at: datetime = _instant(by_database=True)


class Entry(Row, table=True):
    book_id: UUID = Field(primary_key=True)
    entry_id: UUID = Field(primary_key=True)
    kind: str = _text()
    effective_on: date
    posted_at: datetime = _instant(by_database=True)
    reverses: UUID | None = None
    reason: str = _text()
    reference: dict[str, str] = _json()
    legs: int = Field(sa_type=SmallInteger)
    legs_hash: bytes = _bytes()


class Posting(Row, table=True):
    book_id: UUID = Field(primary_key=True)
    entry_id: UUID = Field(primary_key=True)
    leg: int = Field(sa_column=Column(SmallInteger, primary_key=True))
    account: str = _text()
    unit: str = _text()
    grains: int = Field(sa_type=BigInteger)
    award_id: UUID


class Use(Row, table=True):
    book_id: UUID = Field(primary_key=True)
    award_id: UUID = Field(primary_key=True)
    purpose: str = _text(primary_key=True)
    nth: int = Field(sa_column=Column(Integer, primary_key=True))
    previous: int | None = Field(sa_column=Column(Integer, Computed("NULLIF(nth - 1, 0)"), nullable=True))
    reference: UUID
    used_at: datetime = _instant(by_database=True)


class UseRelease(Row, table=True):
    __tablename__ = "use_release"
    book_id: UUID = Field(primary_key=True)
    award_id: UUID = Field(primary_key=True)
    purpose: str = _text(primary_key=True)
    nth: int = Field(sa_column=Column(Integer, primary_key=True))
    reason: str = _text()
    released_at: datetime = _instant(by_database=True)


class Recognition(Row, table=True):
    book_id: UUID = Field(primary_key=True)
    recognition_id: UUID = Field(primary_key=True)
    programme: str = _text()
    pack_id: str = _text()
    pack_version: str = _text()
    decided_on: date
    request: dict[str, Any] = _json()
    result: dict[str, Any] = _json()
    entry_id: UUID | None = None
    replaces: UUID | None = None
    decided_at: datetime = _instant(by_database=True)


class Leaf(Row, table=True):
    leaf_index: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    hash: bytes = _bytes()
    commitment: bytes = _bytes()
    subject: str = _text()
    logged_at: datetime = _instant(by_database=True)


class LeafOpening(Row, table=True):
    __tablename__ = "leaf_opening"
    leaf_index: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    version: int = Field(sa_type=SmallInteger)
    salt: bytes = _bytes()
    content: bytes = _bytes()


class Erasure(Row, table=True):
    leaf_index: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    reason: str = _text()
    erased_at: datetime = _instant(by_database=True)


class Subtree(Row, table=True):
    level: int = Field(sa_column=Column(SmallInteger, primary_key=True))
    position: int = Field(sa_column=Column(BigInteger, primary_key=True))
    hash: bytes = _bytes()


class Head(Row, table=True):
    single: bool = Field(primary_key=True)
    size: int = Field(sa_type=BigInteger)
    frontier: list[bytes] = Field(sa_column=Column(ARRAY(LargeBinary), nullable=False))


class StatusList(Row, table=True):
    __tablename__ = "status_list"
    list_id: str = _text(primary_key=True)
    issuer_id: str = _text()
    purpose: str = _text()
    size: int
    used: int = 0
    opened_at: datetime = _instant(by_database=True)


class Issued(Row, table=True):
    issuer_id: str = _text()
    credential_id: str = _text(primary_key=True)
    book_id: UUID
    deposit_id: UUID
    issued_at: datetime = _instant(by_database=True)


class StatusEntry(Row, table=True):
    __tablename__ = "status_entry"
    list_id: str = _text(primary_key=True)
    list_index: int = Field(sa_column=Column(Integer, primary_key=True))
    credential_id: str = _text()


class StatusChange(Row, table=True):
    __tablename__ = "status_change"
    list_id: str = _text(primary_key=True)
    list_index: int = Field(sa_column=Column(Integer, primary_key=True))
    sequence: int = Field(sa_column=Column(Integer, primary_key=True))
    value: bool
    reason: str = _text()
    actor: str = _text()
    changed_at: datetime = _instant(by_database=True)
