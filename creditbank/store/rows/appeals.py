"""Judgements, and appeals against one step of a decision; every key begins with the book."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Integer
from sqlmodel import Field

from creditbank.store.rows.base import Row, bytes_column, instant_column, json_column, text_column


class Judgement(Row, table=True):
    """A person's signed answer to a question about an award; `token` is what was signed."""

    book_id: UUID = Field(primary_key=True)
    judgement_id: UUID = Field(primary_key=True)
    question: str = text_column()
    award: str | None = text_column(default=None)
    answer: dict[str, Any] = json_column()
    target: str | None = text_column(default=None)
    evidence: str | None = text_column(default=None)
    signer: str = text_column()
    body: str | None = text_column(default=None)
    signed_on: date
    valid_until: date | None = None
    token: str = text_column()
    recorded_at: datetime = instant_column(by_database=True)


class Appeal(Row, table=True):
    """An objection to one step of a decision."""

    book_id: UUID = Field(primary_key=True)
    appeal_id: UUID = Field(primary_key=True)
    recognition_id: UUID
    step: int
    evidence: list[str] = json_column()
    opened_by: str = text_column()
    opened_at: datetime = instant_column()
    due_on: date


class AppealEvent(Row, table=True):
    """What happened to an appeal; the last one says how it stands."""

    __tablename__ = "appeal_event"
    book_id: UUID = Field(primary_key=True)
    appeal_id: UUID = Field(primary_key=True)
    sequence: int = Field(sa_column=Column(Integer, primary_key=True))
    kind: str = text_column()
    actor: str = text_column()
    facts: dict[str, Any] = json_column()
    happened_at: datetime = instant_column()


class AppealText(Row, table=True):
    """What somebody wrote in an appeal, sealed."""

    __tablename__ = "appeal_text"
    book_id: UUID = Field(primary_key=True)
    appeal_id: UUID = Field(primary_key=True)
    sequence: int = Field(sa_column=Column(Integer, primary_key=True))
    sealed: bytes = bytes_column()
