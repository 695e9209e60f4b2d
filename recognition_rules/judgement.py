"""A human judgement as an input: a question about an award, answered and signed by somebody, for a time.

The engine sees only what the bank has checked: `signer` signed it, and it is good from `signed_on` until
`valid_until`, both included. Without a good judgement the answer is unknown, never no.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from recognition_rules.amount_text import text_of_amount
from recognition_rules.canonical import Json

Answer: TypeAlias = bool | str | Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The `answer` to a `question` about an `award` (or, without one, about the learner).

    An answer is yes or no, a word, or an exact number (a share such as 4/5 for 80 % overlap). `target` names the
    course of the programme that was compared, where there is one. `evidence` is the digest of what was looked at.
    """

    question: str
    award: str | None
    answer: Answer
    signer: str
    signed_on: date
    valid_until: date | None = None
    target: str | None = None
    evidence: str | None = None

    def good_on(self, day: date) -> bool:
        """Whether it is signed and has not run out that day."""
        return self.signed_on <= day <= (self.valid_until or day)

    def to_json(self) -> dict[str, Json]:
        """Every field by name; it is part of the digested inputs."""
        number = isinstance(self.answer, Fraction)
        return {
            "question": self.question,
            "award": self.award,
            "answer": text_of_amount(self.answer) if isinstance(self.answer, Fraction) else self.answer,
            "answer_is_number": number,
            "signer": self.signer,
            "signed_on": self.signed_on.isoformat(),
            "valid_until": None if self.valid_until is None else self.valid_until.isoformat(),
            "target": self.target,
            "evidence": self.evidence,
        }
