"""What changes with time: notices that a decision was made anew, and orders to decide the past anew."""

from typing import Any, Self
from uuid import UUID

from api.schemas.common import Instant, Line, Name, Wire, shown
from creditbank.reevaluation import Notice as NoticeValue
from creditbank.store import rows

_BOOK, _ID = "7b0a1c2d-3e4f-4a5b-8c6d-7e8f9a0b1c2d", "b1f6c1de-8d53-4a3e-9d53-2f6c0b7f9a10"
_PACK = {"pack_id": "kr-acbs", "version": "2026.2"}


class Notice(Wire):
    """One decision stands in the place of another, or (`after` null) none does; why, and what that changed.

    `alternative` is what another version of the rules would say, or the `error` for which none stands.
    """

    model_config = shown(
        {
            "id": _ID,
            "learner": _BOOK,
            "cause": "revoked",
            "reference": _ID,
            "before": _ID,
            "after": _ID,
            "made_at": "2026-09-01T09:00:00Z",
            "difference": {"counted": {"before": "9", "after": "6", "change": "-3"}},
            "sentences": ["6 kr-credit count now instead of 9: 3 less."],
            "alternative": None,
        }
    )

    id: UUID
    learner: UUID
    cause: str
    reference: str
    before: UUID
    after: UUID | None
    made_at: Instant
    difference: dict[str, Any]
    sentences: list[str]
    alternative: dict[str, Any] | None

    @classmethod
    def of(cls, notice: NoticeValue) -> Self:
        """The notice of a row, in its language."""
        return cls.model_validate(notice.to_json())


class NewRetroaction(Wire):
    """A published version that is to decide the past anew, and why."""

    model_config = shown({**_PACK, "reason": "The ministry's decree of 1 August holds from 1 March."})

    pack_id: Name
    version: Name
    reason: Line


class Retroaction(NewRetroaction):
    """An order to decide the past anew; it holds once a second person has approved it."""

    model_config = shown(
        {
            **_PACK,
            "reason": "The ministry's decree of 1 August holds from 1 March.",
            "proposed_by": "registry-desk",
            "proposed_at": "2026-09-01T09:00:00Z",
            "approved_by": None,
            "approved_at": None,
        }
    )

    proposed_by: str
    proposed_at: Instant
    approved_by: str | None
    approved_at: Instant | None

    @classmethod
    def of(cls, row: rows.Retroaction) -> Self:
        """The order of a row."""
        return cls(
            pack_id=row.pack_id, version=row.version, reason=row.reason, proposed_by=row.proposed_by,
            proposed_at=row.proposed_at, approved_by=row.approved_by, approved_at=row.approved_at,
        )  # fmt: skip
