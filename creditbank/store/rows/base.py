"""What every table shares: the schema, and how texts, JSON, instants and bytes are kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, DateTime, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

SCHEMA = "bank"


class Row(SQLModel):
    """What every table shares: the schema, and no `ON UPDATE` magic."""

    __table_args__ = {"schema": SCHEMA}


METADATA = Row.metadata


def text_column(**options: Any) -> Any:
    """Text of any length."""
    return Field(sa_type=Text, **options)


def json_column(*, nullable: bool = False) -> Any:
    """JSONB; None is SQL's null, not JSON's."""
    return Field(sa_column=Column(JSONB(none_as_null=True), nullable=nullable))


def instant_column(*, nullable: bool = False, by_database: bool = False) -> Any:
    """An instant with its offset; `by_database` where only the database may say when."""
    default = "clock_timestamp()" if by_database else None
    column: Column[datetime] = Column(DateTime(timezone=True), nullable=nullable, server_default=default)
    return Field(default=None, sa_column=column) if nullable or by_database else Field(sa_column=column)


def bytes_column(*, nullable: bool = False) -> Any:
    """Bytes: hashes, seals, salts."""
    return Field(sa_column=Column(LargeBinary, nullable=nullable))
