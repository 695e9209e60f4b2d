"""Appeals: what is objected to, who looks at it, what came of it."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from api.schemas.common import Instant, Name, Wire, shown
from api.schemas.judgements import Answer, Digest
from api.schemas.recognitions import Facts
from creditbank.appeal_words import sentence
from creditbank.appealing import Objection
from creditbank.appealing import View as ViewValue
from creditbank.transactions.appeals import ENDED, Case, State

_ID = "b1f6c1de-8d53-4a3e-9d53-2f6c0b7f9a10"
Words = Annotated[str, StringConstraints(min_length=1, max_length=5_000, strip_whitespace=True)]
"""What a person writes."""


class NewAppeal(Wire):
    """An objection to one step of a decision's trace."""

    model_config = shown({"recognition": _ID, "step": 17, "text": "The course ended in August, not in September."})

    recognition: UUID
    step: int = Field(ge=0, le=1_000_000, description="The step's number `n`.")
    text: Words
    evidence: list[Digest] = Field(default=[], max_length=20)

    def objection(self) -> Objection:
        """The same, as the bank takes it."""
        return Objection(self.recognition, self.step, self.text, tuple(self.evidence))


class Assignment(Wire):
    """Who is to judge first."""

    model_config = shown({"reviewer": "registry-desk-2"})

    reviewer: Name


class View(Wire):
    """The first reviewer's view. Upheld, it may correct facts about the learner, and bring a judgement."""

    model_config = shown({"upheld": True, "text": "The register says August.", "learner_facts": {"enrolled": True}})

    upheld: bool
    text: Words
    learner_facts: Facts = Field(default={})
    judgement: Answer | None = None

    def view(self) -> ViewValue:
        """The same, as the bank takes it."""
        judgement = self.judgement.new() if self.judgement else None
        return ViewValue(self.upheld, self.text, dict(self.learner_facts), judgement)


class SecondView(Wire):
    """Whether the second reviewer agrees, and why."""

    model_config = shown({"agrees": True, "text": "I have seen the same entry in the register."})

    agrees: bool
    text: Words


class AppealEvent(Wire):
    """Something that happened to an appeal."""

    kind: str
    by: str
    at: Instant
    facts: dict[str, Any]
    text: str | None


class Appeal(Wire):
    """An appeal as it stands. `token` is the signed outcome (`appeal-outcome+jwt`); `message` is for the learner."""

    model_config = shown(
        {
            "id": _ID,
            "recognition": _ID,
            "step": 17,
            "step_of_trace": {"n": 17, "stage": "choose", "result": "refused"},
            "state": "opened",
            "message": "Your objection has arrived. It is to be decided by 2026-10-01.",
            "text": "The course ended in August, not in September.",
            "evidence": [],
            "opened_by": "wallet",
            "opened_at": "2026-09-01T09:00:00Z",
            "due_on": "2026-10-01",
            "overdue": False,
            "reviewer": None,
            "events": [],
            "new_recognition": None,
            "token": None,
        }
    )

    id: UUID
    recognition: UUID
    step: int
    step_of_trace: dict[str, Any]
    state: State
    message: str
    text: str | None = Field(description="Null once the learner is forgotten.")
    evidence: list[str]
    opened_by: str
    opened_at: Instant
    due_on: date
    overdue: bool
    reviewer: str | None
    events: list[AppealEvent]
    new_recognition: UUID | None
    token: str | None

    @classmethod
    def of(cls, found: Case, language: str, today: date) -> Self:
        """The appeal of a case."""
        row, last = found.appeal, found.events[-1].facts if found.events else {}
        events = [
            AppealEvent(
                kind=event.kind, by=event.actor, at=event.happened_at, facts=event.facts,
                text=found.texts.get(event.sequence),
            )
            for event in found.events
        ]  # fmt: skip
        return cls(
            id=row.appeal_id, recognition=row.recognition_id, step=row.step, step_of_trace=dict(found.step),
            state=found.state, message=sentence(found, language), text=found.texts.get(0), evidence=row.evidence,
            opened_by=row.opened_by, opened_at=row.opened_at, due_on=row.due_on,
            overdue=found.state not in ENDED and today > row.due_on, reviewer=found.reviewer, events=events,
            new_recognition=last.get("recognition"), token=last.get("token"),
        )  # fmt: skip
