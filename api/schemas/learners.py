"""Learners, their accounts and their statements. Identifiers come in, and never go out."""

from datetime import date, datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import Field

from api.schemas.common import (
    Identifier,
    Instant,
    IssuerId,
    LanguageTag,
    SignedAmount,
    Texts,
    Wire,
    credits_text,
    shown,
)
from creditbank.learners import Learner as LearnerValue
from creditbank.ledger.statement import Balance, Statement

_BOOK, _ENTRY = "7b0a1c2d-3e4f-4a5b-8c6d-7e8f9a0b1c2d", "b1f6c1de-8d53-4a3e-9d53-2f6c0b7f9a10"
_IDENTIFIER = {"type": "emailAddress", "value": "mina.kim@example.org"}
_PROFILE = {"name": {"ko": "김미나", "en": "Kim Mina"}, "language": "ko"}
_BALANCE = {"account": "learner", "unit": "kr-credit", "amount": "20/3"}


class Profile(Wire):
    """What a person tells of herself. Sealed under a key of her own; destroying that key forgets it."""

    name: Texts | None = None
    language: LanguageTag | None = None


class NewLearner(Wire):
    """A person whose book is opened, with at least one identifier that leads to it."""

    model_config = shown({"identifiers": [_IDENTIFIER], "issuer": None, "profile": _PROFILE})

    identifiers: list[Identifier] = Field(min_length=1, max_length=20)
    issuer: IssuerId | None = Field(
        default=None, description="Whose identifiers they are, for types such as student numbers that mean one there."
    )
    profile: Profile = Profile()


class NewIdentifiers(Wire):
    """More identifiers of the same person."""

    model_config = shown({"identifiers": [{"type": "studentNumber", "value": "2026-0042"}], "issuer": "hanbit-college"})

    identifiers: list[Identifier] = Field(min_length=1, max_length=20)
    issuer: IssuerId | None = None


class Lookup(Wire):
    """An identifier to find a learner by. It stands in the body, so that no address or log ever holds it."""

    model_config = shown({"identifier": _IDENTIFIER, "issuer": None})

    identifier: Identifier
    issuer: IssuerId | None = None


class KnownIdentifier(Wire):
    """That there is an identifier of a type, and since when; never which."""

    type: str
    since: Instant


class Learner(Wire):
    """A learner: her book, what kinds of identifiers lead to it, and the books merged into it."""

    model_config = shown(
        {
            "learner": _BOOK,
            "state": "claimed",
            "opened_at": "2026-09-01T09:00:00Z",
            "identifiers": [{"type": "emailAddress", "since": "2026-09-01T09:00:00Z"}],
            "profile": _PROFILE,
            "merged": [],
        }
    )

    learner: UUID
    state: Literal["unclaimed", "claimed", "sealed"]
    opened_at: Instant
    identifiers: list[KnownIdentifier]
    profile: dict[str, Any] | None
    merged: list[UUID]

    @classmethod
    def of(cls, value: LearnerValue) -> Self:
        """The learner as the bank knows her."""
        return cls.model_validate(
            {
                "learner": value.book,
                "state": value.state,
                "opened_at": value.opened_at,
                "identifiers": [{"type": kind, "since": since} for kind, since in value.identifiers],
                "profile": value.profile,
                "merged": [row.source_book for row in value.merged],
            }
        )


class Merge(Wire):
    """Into which learner's book this one goes."""

    model_config = shown({"into": _BOOK})

    into: UUID


class Merged(Wire):
    """The book that lives on, how many deposits it took over, and what the union costs."""

    model_config = shown({"learner": _BOOK, "merged": _ENTRY, "deposits": 4, "conflicts": []})

    learner: UUID
    merged: UUID
    deposits: int
    conflicts: list[dict[str, Any]]


class Event(Wire):
    """Something that happened to a deposit."""

    model_config = shown(
        {
            "deposit": _ENTRY,
            "title": {"en": "Databases"},
            "sequence": 1,
            "state": "credited",
            "reason": "verified",
            "happened_at": "2026-09-01T09:00:00Z",
        }
    )

    deposit: UUID
    title: dict[str, str]
    sequence: int
    state: str
    reason: str
    happened_at: Instant


class AccountBalance(Wire):
    """What stands on one account in one unit, exactly."""

    model_config = shown(_BALANCE)

    account: str
    unit: str
    amount: SignedAmount

    @classmethod
    def of(cls, balance: Balance) -> Self:
        """The balance in credits."""
        return cls(account=balance.account, unit=balance.unit, amount=credits_text(balance.grains))


class Accounts(Wire):
    """What the learner holds and may still use, by unit, as of a day. Units are never added up."""

    model_config = shown({"learner": _BOOK, "on": "2026-09-01", "held": [_BALANCE], "accounts": [_BALANCE]})

    learner: UUID
    on: date
    held: list[AccountBalance]
    accounts: list[AccountBalance]

    @classmethod
    def of(cls, value: Statement) -> Self:
        """The balances of a statement."""
        held, accounts = ([AccountBalance.of(one) for one in some] for some in (value.held(), value.balances))
        return cls(learner=value.book, on=value.on, held=held, accounts=accounts)


class Movement(Wire):
    """One leg of an entry: what moved on which account, when it was earned, and when it became known."""

    entry: UUID
    kind: str
    account: str
    unit: str
    amount: SignedAmount
    award: UUID
    effective_on: date
    posted_at: datetime
    reason: str
    reverses: UUID | None


class StatementView(Wire):
    """Balances and movements of a learner's book: as earned by a day, and as known at an instant."""

    model_config = shown(
        {
            "learner": _BOOK,
            "on": "2026-09-01",
            "known_at": None,
            "balances": [_BALANCE],
            "movements": [
                {
                    "entry": _ENTRY,
                    "kind": "award",
                    "account": "learner",
                    "unit": "kr-credit",
                    "amount": "3",
                    "award": _ENTRY,
                    "effective_on": "2026-06-20",
                    "posted_at": "2026-09-01T09:00:00Z",
                    "reason": "deposit",
                    "reverses": None,
                }
            ],
        }
    )

    learner: UUID
    on: date
    known_at: datetime | None
    balances: list[AccountBalance]
    movements: list[Movement]

    @classmethod
    def of(cls, value: Statement) -> Self:
        """The statement in credits."""
        movements = [
            Movement(
                entry=line.entry, kind=line.kind, account=line.account, unit=line.unit,
                amount=credits_text(line.grains), award=line.award, effective_on=line.effective_on,
                posted_at=line.posted_at, reason=line.reason, reverses=line.reverses,
            )
            for line in value.lines
        ]  # fmt: skip
        balances = [AccountBalance.of(balance) for balance in value.balances]
        return cls(learner=value.book, on=value.on, known_at=value.known_at, balances=balances, movements=movements)
