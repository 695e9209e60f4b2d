"""What the bank has promised, and to whom."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from creditbank.store.rows.base import Row, bytes_column, instant_column, text_column


class Quote(Row, table=True):
    """A quote as it was handed out; `book_id` null: to anybody. `recognition` is the whole answer, compressed."""

    quote_id: UUID = Field(primary_key=True)
    book_id: UUID | None = None
    asked_by: str = text_column()
    pack_id: str = text_column()
    pack_version: str = text_column()
    programme: str = text_column()
    institution: str | None = text_column(default=None)
    exit_award: str | None = text_column(default=None)
    status: str = text_column()
    promised: str = text_column()
    unit: str = text_column()
    issued_at: datetime = instant_column()
    valid_until: datetime = instant_column()
    token: str = text_column()
    recognition: bytes = bytes_column()
