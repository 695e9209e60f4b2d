"""Judgements: a person's signed answer, kept for good, and handed to every later decision about the learner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from creditbank.office import Office
from creditbank.store import Transaction, books, judgements, rows
from creditbank.transactions import logbook

BANK = "bank"
"""Who signs where no institution does."""


@dataclass(frozen=True, slots=True)
class NewJudgement:
    """The answer to a question about an award, or about the learner where no award is named.

    An answer is yes or no, or a word; where `is_number` it is the exact text of a number, such as `4/5`. `evidence` is
    the digest of what was looked at.
    """

    question: str
    answer: bool | str
    award: str | None = None
    is_number: bool = False
    target: str | None = None
    evidence: str | None = None
    valid_until: date | None = None

    def to_json(self) -> dict[str, Any]:
        """The answer as it is signed."""
        return {
            "question": self.question,
            "award": self.award,
            "answer": self.answer,
            "answer_is_number": self.is_number,
            "target": self.target,
            "evidence": self.evidence,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
        }


def record(tx: Transaction, office: Office, row: rows.Judgement) -> rows.Judgement:
    """Keep a signed judgement, and log that there is one: by digest, for an answer may tell much about a person."""
    judgements.add(tx, row)
    facts = {
        "type": "judgement",
        "judgement": str(row.judgement_id),
        "book": str(row.book_id),
        "by": row.signer,
        "token": sha256(row.token.encode()).hexdigest(),
    }
    logbook.log(tx, office, [(str(row.judgement_id), facts)])
    kept = judgements.by_id(tx, row.judgement_id)
    assert kept is not None
    return kept


def hers(tx: Transaction, book: UUID) -> list[UUID]:
    """A living book and those that were merged into it."""
    return [book, *(merge.source_book for merge in books.merges(tx, book))]


def of_book(tx: Transaction, book: UUID) -> list[rows.Judgement]:
    """Every judgement about a learner, those from before a merger too, oldest first."""
    return list(judgements.in_books(tx, hers(tx, book)))


def as_input(row: rows.Judgement) -> Mapping[str, Any]:
    """A judgement as the rules take it; whether it is good on the day is for them to say."""
    return {
        "question": row.question,
        "award": row.award,
        "answer": row.answer["value"],
        "answer_is_number": row.answer["number"],
        "signer": row.body or BANK,
        "signed_on": row.signed_on.isoformat(),
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "target": row.target,
        "evidence": row.evidence,
    }


def answers(tx: Transaction, book: UUID) -> tuple[Mapping[str, Any], ...]:
    """What people have judged about a learner, as inputs of a decision."""
    return tuple(as_input(row) for row in of_book(tx, book))
