"""Plain learning outcomes to be signed, signed credentials, and what a verification answers."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt, StringConstraints, model_validator

from api.schemas.common import (
    Amount,
    Day,
    Format,
    Identifier,
    Instant,
    IssuerId,
    LanguageTag,
    Level,
    Line,
    Name,
    Score,
    Share,
    Texts,
    UnitId,
    Wire,
    shown,
)
from api.schemas.deposits import EXAMPLE_RESULT, Credits, DepositResult
from api.schemas.verification import ReportView
from credentials.stated_results import LARGEST, MAX_FACTS, MAX_NAME, MAX_OUTCOMES, MAX_VALUE

FactName = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$")]
FactNumber = Annotated[StrictInt, Field(ge=-LARGEST, le=LARGEST)]
FactText = Annotated[Line, Field(max_length=MAX_VALUE)]

_OUTCOME: dict[str, Any] = {
    "learner": {"id": None, "identifiers": [{"type": "emailAddress", "value": "mina.kim@example.org"}]},
    "achievement": "https://hanbit.example/courses/databases",
    "name": {"ko": "데이터베이스", "en": "Databases"},
    "description": {"en": "Relational modelling and SQL."},
    "criteria": {"en": "Pass the examination with at least 60 of 100."},
    "credits": "3",
    "unit": "kr-credit",
    "score": "87.5",
    "attendance": "0.95",
    "activity_start": "2026-03-02",
    "activity_end": "2026-06-20",
    "outcomes": [{"id": "CLO-1", "score": "72"}, {"id": "CLO-2", "passed": True}],
    "facts": {"assessed": True, "semester": 2, "module": "DB-101"},
}


class Learner(Wire):
    """Whose outcome it is: an id such as a DID, or identifiers, which go into the badge as salted hashes."""

    id: Name | None = None
    identifiers: list[Identifier] = Field(default=[], max_length=10)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.id is None and not self.identifiers:
            raise ValueError("neither an id nor an identifier")
        return self


class Outcome(Wire):
    """One learning outcome: a score out of 100, whether it was passed, or both."""

    id: Annotated[Line, Field(max_length=MAX_NAME)] = Field(description="As rules and people name it: `1`, `CLO-2`.")
    score: Score | None = None
    passed: StrictBool | None = None

    @model_validator(mode="after")
    def _told(self) -> Self:
        if self.score is None and self.passed is None:
            raise ValueError("neither a score nor passed")
        return self


class NewCredential(Wire):
    """A learning outcome, to be signed with the institution's hosted key and deposited.

    Texts, credits, unit and level may be left out where the achievement is registered; it then supplies them.
    """

    model_config = shown(_OUTCOME, {**_OUTCOME, "issuer": "hanbit-college", "format": "eddsa-rdfc-2022"})

    issuer: IssuerId | None = Field(default=None, description="For administrators; an institution's client is its own.")
    format: Format = "vc-jwt"
    suspendable: bool = Field(
        default=False,
        description="A second status place, for suspension. 1EdTech's JSON schema of Open Badges 3.0 takes only one.",
    )
    learner: Learner
    achievement: Name = Field(description="The achievement's id: a URI of the institution's own.")
    name: Texts | None = None
    description: Texts | None = None
    criteria: Texts | None = None
    credits: Amount | None = None
    unit: UnitId | None = None
    levels: list[Level] | None = Field(default=None, max_length=10)
    source_type: Name | None = None
    course_class: Name | None = None
    achievement_type: Name | None = None
    human_code: Line | None = None
    hours: Amount | None = Field(default=None, description="Hours of learning.")
    score: Score | None = Field(default=None, description="Out of 100.")
    attendance: Share | None = Field(default=None, description="A share between 0 and 1.")
    grade: Line | None = None
    grade_scheme: Name | None = Field(
        default=None, description="Such as `us-letter`; without it the letters of the institution's country."
    )
    activity_start: Day | None = None
    activity_end: Day | None = None
    valid_until: Instant | None = None
    language: LanguageTag | None = Field(default=None, description="Of the text that stands first in the badge.")
    learning_outcomes: list[Line] = Field(default=[], max_length=30, description="In words, for people.")
    outcomes: list[Outcome] = Field(
        default=[],
        max_length=MAX_OUTCOMES,
        description="What was reached in each learning outcome, for rules that ask.",
    )
    facts: dict[FactName, StrictBool | FactNumber | FactText] = Field(
        default={},
        max_length=MAX_FACTS,
        description="What only some rules ask for, such as `assessed` or `module`. The badge states them as results.",
    )
    area: Name | None = Field(default=None, description="The field of study, by the code that rules use.")
    assessment_type: Line | None = Field(default=None, description="Such as: written examination.")
    participation: Line | None = Field(default=None, description="Such as: online, on site.")
    quality_assurance: Line | None = Field(default=None, description="Such as: institutional accreditation.")
    validate_against: list[Name] = Field(
        default=[],
        max_length=5,
        description="Packs of issuance rules, such as `eu-microcredential`. A defect refuses the request; a badge that "
        "is issued says under which rules.",
    )


class IssuedCredential(Wire):
    """The signed credential, and what became of it at the counter."""

    model_config = shown(
        {
            "credential_id": "urn:uuid:6f1d3a1c-6f52-4a11-9a2f-2a1e0b7f5c3d",
            "media_type": "application/vc+jwt",
            "credential": "eyJhbGciOiJFZERTQSIsImtpZCI6ImRpZDp3ZWI6…",
            "deposit": EXAMPLE_RESULT,
        }
    )

    credential_id: str
    media_type: str
    credential: str
    deposit: DepositResult


class CheckResult(Wire):
    """One named check. `code` is null where it passed."""

    number: int
    name: str
    outcome: Literal["passed", "failed", "warning", "could_not_be_checked"]
    code: str | None
    message: str


class Secured(Wire):
    """What the signature covers: nothing else of the credential is to be believed."""

    issuer: str
    credential_id: str | None
    types: list[str]
    learner: str | None
    title: dict[str, str]
    achievement: str
    credits: Credits | None
    levels: list[Level]
    activity_start: date | None
    activity_end: date | None
    valid_from: datetime
    valid_until: datetime | None
    signed_at: datetime


class RegisteredIssuer(Wire):
    """The issuer as this bank knows it, which is not what a credential says of it."""

    id: str
    did: str
    name: dict[str, str]
    kind: str
    country: str


class Recorded(Wire):
    """What the bank's record says of exactly this credential."""

    state: str
    reason: str
    since: datetime
    received_at: datetime
    version: int


class VerificationResult(Wire):
    """Every check by name, and the verdict. Only `valid` is valid: `indeterminate` is not to be relied on.

    `report` is the same for people, in the language asked for; `receipt` a signed statement about it, where asked for.
    Who a credential claims to be from is told only where a signature holds.
    """

    model_config = shown(
        {
            "verdict": "invalid",
            "code": "bad_signature",
            "checks": [
                {
                    "number": 6,
                    "name": "signature",
                    "outcome": "failed",
                    "code": "bad_signature",
                    "message": "The signature does not verify with the issuer's key.",
                }
            ],
            "claimed_issuer": None,
            "registered_issuer": None,
            "secured": None,
            "record": None,
            "report": {
                "version": 1,
                "language": "en",
                "verified_at": "2026-06-01T12:00:00Z",
                "verdict": "invalid",
                "code": "bad_signature",
                "headline": "Do not rely on this certificate. The signature does not fit: …",
                "advice": "Ask for the file as the institution handed it out. …",
                "checks": [],
                "certificate": None,
                "parts": [],
            },
            "receipt": None,
        }
    )

    verdict: Literal["valid", "invalid", "indeterminate"]
    code: str | None
    checks: list[CheckResult]
    claimed_issuer: str | None
    registered_issuer: RegisteredIssuer | None
    secured: Secured | None
    record: Recorded | None
    report: ReportView
    receipt: str | None


class StatusResult(Wire):
    """The deposit of a credential after its status was changed."""

    model_config = shown(
        {
            "credential_id": "urn:uuid:6f1d3a1c-6f52-4a11-9a2f-2a1e0b7f5c3d",
            "deposit_id": "0c0f3a4e-7a3e-4b1c-8f6e-0f1a2b3c4d5e",
            "state": "revoked",
            "reason": "Issued in error.",
        }
    )

    credential_id: str
    deposit_id: UUID
    state: str
    reason: str
