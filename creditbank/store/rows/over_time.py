"""Recognition over time: what decisions rested on, what changed them, who ordered that, how far a long run has come."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from creditbank.store.rows.base import Row, bytes_column, instant_column, json_column, text_column


class RuleTable(Row, table=True):
    """Units or levels as the program shipped them once, by digest."""

    __tablename__ = "rule_table"
    digest: str = text_column(primary_key=True)
    kind: str = text_column()
    content: str = text_column()


class RecognitionInput(Row, table=True):
    """The awards and uses that a decision looked at, compressed, and its outcome without the trace."""

    __tablename__ = "recognition_input"
    book_id: UUID = Field(primary_key=True)
    recognition_id: UUID = Field(primary_key=True)
    content: bytes = bytes_column()
    units: str = text_column()
    levels: str = text_column()
    outcome: dict[str, Any] = json_column()


class RecognitionNotice(Row, table=True):
    """A decision took the place of another, or (`after_id` null) none could; not because the learner asked."""

    __tablename__ = "recognition_notice"
    book_id: UUID = Field(primary_key=True)
    notice_id: UUID = Field(primary_key=True)
    cause: str = text_column()
    reference: str = text_column()
    before_id: UUID
    after_id: UUID | None = None
    difference: dict[str, Any] = json_column()
    alternative: dict[str, Any] | None = json_column(nullable=True)
    made_at: datetime = instant_column(by_database=True)


class Retroaction(Row, table=True):
    """The order to decide the past anew under a version of a pack; it takes two people."""

    pack_id: str = text_column(primary_key=True)
    version: str = text_column(primary_key=True)
    reason: str = text_column()
    proposed_by: str = text_column()
    proposed_at: datetime = instant_column()
    approved_by: str | None = text_column(default=None)
    approved_at: datetime | None = instant_column(nullable=True)


class JobProgress(Row, table=True):
    """Where a long run stopped, and what it had found by then."""

    __tablename__ = "job_progress"
    job: str = text_column(primary_key=True)
    after_book: UUID | None = None
    after_id: UUID | None = None
    state: dict[str, Any] = json_column()
    saved_at: datetime = instant_column(by_database=True)
