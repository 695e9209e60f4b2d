"""Judgements: a person's signed answer to a question that no rule can answer."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from api.schemas.common import Amount, Day, Instant, Line, Name, Wire, shown
from creditbank.store import rows
from creditbank.transactions.judgements import NewJudgement

_BOOK, _ID = "7b0a1c2d-3e4f-4a5b-8c6d-7e8f9a0b1c2d", "b1f6c1de-8d53-4a3e-9d53-2f6c0b7f9a10"
Question = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,99}$")]
"""The name of a question as packs ask it, such as `overlap` or `level-match`."""
Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
"""SHA-256 of a document that the bank does not hold."""


class Answer(Wire):
    """An answer: yes or no or a word (`answer`), or an exact number (`number`, such as `4/5` for a share of 80 %)."""

    model_config = shown({"question": "overlap", "award": _ID, "number": "4/5"})

    question: Question
    award: UUID | None = Field(default=None, description="The deposit that it is about; null: about the learner.")
    answer: bool | Line | None = None
    number: Amount | None = None
    target: Name | None = Field(default=None, description="The course of the programme that it was compared with.")
    evidence: Digest | None = None
    valid_until: Day | None = Field(default=None, description="The last day on which it is good. Null: for good.")

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        if (self.answer is None) == (self.number is None):
            raise ValueError("either answer or number")
        return self

    def new(self) -> NewJudgement:
        """The same, as the bank takes it."""
        value = self.number if self.answer is None else self.answer
        assert value is not None
        award = str(self.award) if self.award else None
        return NewJudgement(
            self.question, value, award, self.number is not None, self.target, self.evidence, self.valid_until
        )


class NewSignedAnswer(Answer):
    """An answer about one learner, to be signed for the caller."""

    model_config = shown({"learner": _BOOK, "question": "overlap", "award": _ID, "number": "4/5"})

    learner: UUID


class Judgement(Wire):
    """A judgement on record. `token` is what was signed: a compact JWS (`judgement+jwt`)."""

    model_config = shown(
        {
            "id": _ID,
            "learner": _BOOK,
            "question": "overlap",
            "award": _ID,
            "answer": "4/5",
            "is_number": True,
            "target": None,
            "evidence": None,
            "signer": "registry-desk",
            "institution": None,
            "signed_on": "2026-09-01",
            "valid_until": None,
            "recorded_at": "2026-09-01T09:00:00Z",
            "token": "eyJ0eXAiOiJqdWRnZW1lbnQrand0In0…",
        }
    )

    id: UUID
    learner: UUID
    question: str
    award: str | None
    answer: bool | str
    is_number: bool
    target: str | None
    evidence: str | None
    signer: str
    institution: str | None
    signed_on: date
    valid_until: date | None
    recorded_at: Instant | None
    token: str

    @classmethod
    def of(cls, row: rows.Judgement) -> Self:
        """The judgement of a row."""
        return cls(
            id=row.judgement_id, learner=row.book_id, question=row.question, award=row.award,
            answer=row.answer["value"], is_number=row.answer["number"], target=row.target, evidence=row.evidence,
            signer=row.signer, institution=row.body, signed_on=row.signed_on, valid_until=row.valid_until,
            recorded_at=row.recorded_at, token=row.token,
        )  # fmt: skip
