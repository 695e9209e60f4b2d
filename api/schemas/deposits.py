"""Credentials handed in, and what became of them."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from api.schemas.common import DepositState, Identifier, Instant, Line, SignedAmount, Wire, shown
from creditbank.badge_facts import NOT_TAKEN
from creditbank.bank import LoggedReceipt
from creditbank.issuance_rules import FLAGS
from creditbank.record_words import standing
from creditbank.store.deposits import StoredDeposit
from creditbank.transactions.prepared import DepositOutcome

_DEPOSIT_ID, _LEARNER = "0c0f3a4e-7a3e-4b1c-8f6e-0f1a2b3c4d5e", "7b0a1c2d-3e4f-4a5b-8c6d-7e8f9a0b1c2d"
_TOKEN = "eyJhbGciOiJFZERTQSIsImtpZCI6ImRpZDp3ZWI6…"  # noqa: S105 - an example of a credential
EXAMPLE_RESULT: dict[str, Any] = {
    "deposit_id": _DEPOSIT_ID,
    "learner": _LEARNER,
    "state": "credited",
    "reason": "verified",
    "version": 1,
    "leaf_index": 41,
    "replaced": None,
    "receipt": "c2sp.org/tlog-proof@v1\nextra …\nindex 41\n…",
    "entry": '{"type":"deposit"…}',
}
Key = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,200}$")]


class NewDeposit(Wire):
    """A signed credential, as text or (an image) in base64, and whose it is beside what it says itself."""

    model_config = shown(
        {"credential": _TOKEN, "identifiers": [{"type": "studentNumber", "value": "2026-0042"}]},
        {"credential_base64": "iVBORw0KGgo=", "identifiers": []},
    )

    credential: str | dict[str, Any] | None = Field(
        default=None, description="The text as signed (JSON, compact JWS or SVG), or the JSON document itself."
    )
    credential_base64: str | None = Field(default=None, description="The bytes as signed, such as a PNG, in base64.")
    identifiers: list[Identifier] = Field(default=[], max_length=10)


class BatchItem(NewDeposit):
    """One deposit of a batch, with a key of its own if it is to be asked again by itself."""

    idempotency_key: Key | None = None


class Batch(Wire):
    """Deposits in one request. Each stands for itself: one that is refused leaves the others as they are."""

    model_config = shown({"items": [{"credential": _TOKEN, "identifiers": [], "idempotency_key": "row-1"}]})

    items: list[BatchItem] = Field(min_length=1)


class RuleFlag(Wire):
    """A rule of issuance that a credential breaks, or of which that cannot be said; see `/v1/validations`."""

    pack: str
    version: str
    rule: str
    label: str
    standing: Literal["broken", "undetermined"]
    codes: list[str]


class DepositResult(Wire):
    """What a depositor is told: credited or held and why, and the receipt of its entry in the log.

    `receipt` (C2SP tlog-proof) and `entry` together check offline with the log's public key alone.
    """

    model_config = shown(EXAMPLE_RESULT)

    deposit_id: UUID
    learner: UUID | None = Field(
        description="The learner's book: a pseudonym. Absent where an institution deposits what another one issued."
    )
    state: DepositState
    reason: str
    version: int
    leaf_index: int
    replaced: UUID | None
    receipt: str
    entry: str | None

    @classmethod
    def of(cls, outcome: DepositOutcome, receipt: LoggedReceipt, *, discreet: bool = False) -> Self:
        """The outcome with its receipt; `discreet` leaves out whose book it is, here and in the entry."""
        return cls.model_validate(
            {
                "deposit_id": outcome.deposit_id,
                "learner": None if discreet else outcome.book_id,
                "state": outcome.state,
                "reason": outcome.reason,
                "version": outcome.version,
                "leaf_index": outcome.leaf_index,
                "replaced": outcome.replaced,
                "receipt": receipt.receipt.encode().decode(),
                "entry": receipt.entry.decode() if receipt.entry is not None and not discreet else None,
            }
        )


class ItemResult(Wire):
    """The result of one item: its own status, and the deposit or the problem."""

    status: int
    deposit: DepositResult | None = None
    problem: dict[str, Any] | None = None


class BatchResult(Wire):
    """One result an item, in order."""

    model_config = shown({"items": [{"status": 201, "deposit": EXAMPLE_RESULT, "problem": None}]})

    items: list[ItemResult]


class Credits(Wire):
    """An exact amount in one unit."""

    amount: SignedAmount
    unit: str


class Deposit(Wire):
    """A deposit as it stands on the record."""

    model_config = shown(
        {
            "deposit_id": _DEPOSIT_ID,
            "learner": _LEARNER,
            "issuer": "did:web:bank.example:issuers:hanbit-college",
            "credential_id": "urn:uuid:6f1d3a1c-6f52-4a11-9a2f-2a1e0b7f5c3d",
            "version": 1,
            "state": "credited",
            "reason": "verified",
            "detail": None,
            "message": "It is on your record with its credits.",
            "since": "2026-09-01T09:00:00Z",
            "received_at": "2026-09-01T09:00:00Z",
            "title": {"ko": "데이터베이스", "en": "Databases"},
            "achievement": "https://hanbit.example/courses/databases",
            "earned_on": "2026-06-20",
            "credits": {"amount": "3", "unit": "kr-credit"},
            "flags": [],
            "facts_not_taken": [],
        }
    )

    deposit_id: UUID
    learner: UUID
    issuer: str
    credential_id: str
    version: int
    state: DepositState
    reason: str
    detail: str | None
    message: str = Field(description="How it stands, for the learner, and of what is held what to do.")
    since: Instant
    received_at: Instant
    title: dict[str, str]
    achievement: str | None
    earned_on: date
    credits: Credits | None
    flags: list[RuleFlag] = Field(
        default=[],
        description="What the rules of a framework find that the credential names and does not keep; they change "
        "nothing of what is booked.",
    )
    facts_not_taken: list[str] = Field(
        default=[],
        description="Facts that the credential states and an institution does not get to state, such as that it is "
        "accredited; they are not counted.",
    )

    @classmethod
    def of(cls, stored: StoredDeposit, language: str = "en") -> Self:
        """The deposit as the store has it."""
        facts = stored.facts
        return cls.model_validate(
            {
                "deposit_id": stored.deposit_id,
                "learner": stored.book_id,
                "issuer": stored.issuer_did,
                "credential_id": stored.credential_id,
                "version": stored.version,
                "state": stored.state,
                "reason": stored.reason,
                "detail": facts["detail"],
                "message": standing(stored.state, stored.reason, language),
                "since": stored.since,
                "received_at": stored.received_at,
                "title": facts["title"],
                "achievement": facts["achievement"],
                "earned_on": facts["earned_on"],
                "credits": stored.award["amount"] if stored.award else None,
                "flags": facts.get(FLAGS, []),
                "facts_not_taken": facts.get(NOT_TAKEN, []),
            }
        )


class Reason(Wire):
    """Why."""

    model_config = shown({"reason": "Issued in error: the examination was another learner's."})

    reason: Line
