"""Recognitions and quotes."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from api.schemas.common import Amount, Day, Instant, Line, Name, Score, Share, Texts, UnitId, Wire, shown
from creditbank.quotes import MAX_AWARDS
from creditbank.quotes import Quote as QuoteValue
from creditbank.store import rows
from creditbank.transactions.recognition_request import RecognitionRequest

_BOOK, _ID = "7b0a1c2d-3e4f-4a5b-8c6d-7e8f9a0b1c2d", "b1f6c1de-8d53-4a3e-9d53-2f6c0b7f9a10"
_ASKED: dict[str, Any] = {
    "pack_id": "kr-acbs",
    "pack_version": "2026.1",
    "programme": "bachelor",
    "on": "2026-09-01",
    "session": None,
    "learner_facts": {"high_school_graduate": True},
}
_RESULT: dict[str, Any] = {
    "type": "Recognition",
    "id": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    "status": "short",
    "unit": "kr-credit",
    "totals": {"submitted": "3", "counted": "3", "conditional": "0", "not_counted": "0", "undetermined": "0"},
}
Session = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}$")]
FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,99}$")]
Facts = Annotated[dict[FactName, bool | int | Line], Field(max_length=50)]
"""Facts about the learner that a pack asks for; a day is text, as in 2026-02-15."""


class Syllabus(Wire):
    """The standard syllabus of a subject: the subjects that it requires by name, and how many of its credits."""

    id: Name
    version: Name
    required_subjects: list[Texts] = Field(max_length=200)
    required_credits: Amount | None = None


Token = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$", max_length=1_000_000)
]
"""A compact JWS."""
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_:,-]{0,199}$")]


class Choice(Wire):
    """What is to be chosen otherwise than the pack does; what is left out is the pack's."""

    items: Word | None = Field(default=None, description="`in-order` or `best`.")
    slots: Word | None = None
    order: list[Word] | None = Field(default=None, min_length=1, max_length=10)
    objectives: list[Word] | None = Field(default=None, min_length=1, max_length=10)


class Asked(Wire):
    """Under which published pack, towards which programme, on which day, with which facts about the learner."""

    pack_id: Name
    pack_version: Name | None = Field(default=None, description="Null: the version published last.")
    programme: Name
    on: Day | None = Field(default=None, description="Null: today.")
    session: Session | None = Field(default=None, description="The month of the award, for packs that have sessions.")
    learner_facts: Facts = Field(default={})
    syllabus: Syllabus | None = Field(default=None, description="The standard syllabus of the learner's subject.")
    policy: Choice | None = Field(default=None, description="What is to be chosen otherwise than the pack does.")
    institution: Name | None = Field(default=None, description="The body that awards the qualification.")
    exit_award: Name | None = Field(default=None, description="The award sought on the way.")
    verify_counterfactuals: bool = Field(
        default=False, description="Try each proposed change by deciding again; for at most 40 awards."
    )

    def request(self, version: str, today: date, by: str) -> RecognitionRequest:
        """The same, as the bank takes it; `by` is the client that asks."""
        policy = self.policy.model_dump(mode="json", exclude_none=True) if self.policy else None
        return RecognitionRequest(
            pack_id=self.pack_id,
            pack_version=version,
            programme=self.programme,
            on=self.on or today,
            session=self.session,
            learner=dict(self.learner_facts),
            syllabus=self.syllabus.model_dump(mode="json") if self.syllabus else None,
            policy=policy or None,
            institution=self.institution,
            exit_award=self.exit_award,
            verify=self.verify_counterfactuals,
            by=by,
        )


class NewRecognition(Asked):
    """A decision of record about a learner's credits."""

    model_config = shown({"learner": _BOOK, **_ASKED})

    learner: UUID
    quote: Token | None = Field(default=None, description="A quote to be honoured: its version of the pack decides.")


class Recognition(Wire):
    """A decision of record with its whole trace; `replaced_by` names the one that stands in its place.

    `withdrawn`: it was undone after a change, and could not be made anew; its notice says why.
    """

    model_config = shown(
        {
            "id": _ID,
            "learner": _BOOK,
            "programme": "bachelor",
            "pack_id": "kr-acbs",
            "pack_version": "2026.1",
            "on": "2026-09-01",
            "decided_at": "2026-09-01T09:00:00Z",
            "entry": _ID,
            "replaces": None,
            "replaced_by": None,
            "withdrawn": False,
            "result": _RESULT,
        }
    )

    id: UUID
    learner: UUID
    programme: str
    pack_id: str
    pack_version: str
    on: date
    decided_at: Instant
    entry: UUID | None
    replaces: UUID | None
    replaced_by: UUID | None
    withdrawn: bool
    result: dict[str, Any]

    @classmethod
    def of(cls, row: rows.Recognition, replaced_by: UUID | None = None, *, withdrawn: bool = False) -> Self:
        """The decision of a row."""
        return cls(
            id=row.recognition_id, learner=row.book_id, programme=row.programme, pack_id=row.pack_id,
            pack_version=row.pack_version, on=row.decided_on, decided_at=row.decided_at, entry=row.entry_id,
            replaces=row.replaces, replaced_by=replaced_by, withdrawn=withdrawn, result=row.result,
        )  # fmt: skip


class Explained(Wire):
    """A decision in sentences: the outcome, each requirement, and each award with why it counts or not."""

    model_config = shown({"id": _ID, "language": "en", "lines": ["Bachelor: short by 3 credits."]})

    id: UUID
    language: str
    lines: list[str]


class Trace(Wire):
    """The steps of a decision: rule, version, terms, inputs, arithmetic, result."""

    model_config = shown({"id": _ID, "steps": [{"n": 0, "stage": "fix", "result": "fixed"}]})

    id: UUID
    steps: list[dict[str, Any]]


class Bundle(Wire):
    """A decision with all that it rests on; `about` says whose it is and decides nothing."""

    model_config = shown({"type": "RecognitionBundle", "version": 1, "about": {"recognition": _ID}})

    type: str
    version: int
    about: dict[str, Any]
    recognition: dict[str, Any]
    request: dict[str, Any]
    inputs: dict[str, Any]
    pack: str
    units: str
    levels: str


class AmountIn(Wire):
    """An exact amount in one unit."""

    amount: Amount
    unit: UnitId


class LevelIn(Wire):
    """A level of a framework, such as 6 or 5.5."""

    framework: Name
    value: Amount


class GradeIn(Wire):
    """A grade as given, with its scheme."""

    scheme: Name
    value: Line


class HypotheticalAward(Wire):
    """An award that might be earned: what the rules may look at. What is left out is unknown to them, never *no*."""

    id: Name
    issuer: Name
    amount: AmountIn
    title: Texts
    provider_root: Name | None = None
    achievement: Name | None = None
    hours: Amount | None = None
    country: Name | None = None
    source: Name | None = None
    course_class: Name | None = Field(default=None, alias="class")
    area: Name | None = None
    level: LevelIn | None = None
    grade: GradeIn | None = None
    score: Score | None = None
    attendance: Share | None = None
    started_on: Day | None = None
    ended_on: Day | None = None
    awarded_on: Day | None = None
    issuer_accredited: bool | None = None
    facts: Facts = Field(default={})


_AWARD = {
    "id": "planned-1",
    "issuer": "hanbit-college",
    "amount": {"amount": "3", "unit": "kr-credit"},
    "title": {"ko": "통계학"},
    "source": "accredited-course",
    "class": "major-elective",
    "score": "80",
    "attendance": "0.9",
    "ended_on": "2026-12-18",
    "issuer_accredited": True,
}


class NewQuote(Asked):
    """What if these awards were earned, alone or together with a learner's own?"""

    model_config = shown({**_ASKED, "learner": None, "awards": [_AWARD]})

    learner: UUID | None = Field(default=None, description="Whose own awards are counted in.")
    awards: list[HypotheticalAward] = Field(default=[], max_length=MAX_AWARDS)
    valid_until: Day | None = Field(default=None, description="The last day of the promise. Null: thirty days.")


class Quote(Wire):
    """A signed answer. `token` is a compact JWS (`quote+jwt`) over the outcome and the recognition's id."""

    model_config = shown(
        {
            "id": _ID,
            "token": "eyJ0eXAiOiJxdW90ZStqd3QifQ…",
            "issued_at": "2026-09-01T09:00:00Z",
            "valid_until": "2026-10-01T09:00:00Z",
            "recognition": _RESULT,
            "lines": ["Bachelor: not yet complete. 3 of 3 Korean credits count, as at 1 September 2026, …"],
        }
    )

    id: UUID
    token: str
    issued_at: Instant
    valid_until: Instant
    recognition: dict[str, Any]
    lines: list[str] = Field(default=[], description="The recognition in sentences, in the language asked for.")

    @classmethod
    def of(cls, value: QuoteValue) -> Self:
        """The quote as the bank made it."""
        return cls(
            id=value.quote_id, token=value.token, issued_at=value.issued_at, valid_until=value.valid_until,
            recognition=dict(value.recognition), lines=list(value.lines),
        )  # fmt: skip
