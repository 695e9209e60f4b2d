"""Quotes on record, and what the bank has promised in all."""

from typing import Any, Self
from uuid import UUID

from api.schemas.common import Instant, Wire, shown
from creditbank.quotes_kept import Exposure as ExposureValue
from creditbank.quotes_kept import KeptQuote
from recognition_rules.amount_text import text_of_amount

_BOOK, _ID = "7b0a1c2d-3e4f-4a5b-8c6d-7e8f9a0b1c2d", "b1f6c1de-8d53-4a3e-9d53-2f6c0b7f9a10"
_PACK: dict[str, Any] = {
    "pack_id": "kr-acbs",
    "pack_version": "2026.1",
    "programme": "bachelor",
    "institution": None,
    "unit": "kr-credit",
}
_LISTED: dict[str, Any] = {
    "id": _ID,
    "learner": _BOOK,
    "asked_by": "wallet",
    **_PACK,
    "exit_award": None,
    "status": "short",
    "promised": "3",
    "issued_at": "2026-09-01T09:00:00Z",
    "valid_until": "2026-10-01T09:00:00Z",
    "holds": True,
    "kept_by": [],
    "token": "eyJ0eXAiOiJxdW90ZStqd3QifQ…",
}


class ListedQuote(Wire):
    """A quote on record. `promised` is what its outcomes will count, in `unit`; `kept_by` the decisions that kept it.

    `learner` null: it is anybody's who earns the outcome.
    """

    model_config = shown(_LISTED)

    id: UUID
    learner: UUID | None
    asked_by: str
    pack_id: str
    pack_version: str
    programme: str
    institution: str | None
    exit_award: str | None
    status: str
    promised: str
    unit: str
    issued_at: Instant
    valid_until: Instant
    holds: bool
    kept_by: list[UUID]
    token: str

    @classmethod
    def of(cls, found: KeptQuote, at: Instant, **more: Any) -> Self:
        """The quote as it stands at an instant."""
        stored = found.quote
        return cls(
            id=stored.quote_id, learner=stored.book_id, asked_by=stored.asked_by, pack_id=stored.pack_id,
            pack_version=stored.pack_version, programme=stored.programme, institution=stored.institution,
            exit_award=stored.exit_award, status=stored.status, promised=stored.promised, unit=stored.unit,
            issued_at=stored.issued_at, valid_until=stored.valid_until, holds=at < stored.valid_until,
            kept_by=list(found.kept_by), token=stored.token, **more,
        )  # fmt: skip


class WholeQuote(ListedQuote):
    """The same with the whole answer that it stands for."""

    model_config = shown({**_LISTED, "recognition": {"type": "Recognition", "status": "short"}})

    recognition: dict[str, Any]


class Exposure(Wire):
    """What is promised under a version, towards a programme, and not kept yet: `promised` is the exact sum in `unit`.

    `quotes` are those to learners; `to_anybody` counts the others, which bind the bank as often as somebody comes.
    """

    model_config = shown({**_PACK, "quotes": 12, "promised": "36", "to_anybody": 1})

    pack_id: str
    pack_version: str
    programme: str
    institution: str | None
    unit: str
    quotes: int
    promised: str
    to_anybody: int

    @classmethod
    def of(cls, found: ExposureValue) -> Self:
        """A row of the exposure."""
        return cls(
            pack_id=found.pack_id, pack_version=found.pack_version, programme=found.programme,
            institution=found.institution, unit=found.unit, quotes=found.quotes,
            promised=text_of_amount(found.promised), to_anybody=found.to_anybody,
        )  # fmt: skip
