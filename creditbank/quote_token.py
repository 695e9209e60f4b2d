"""A quote as it is handed out: a promise under the bank's key for quotes, which anybody can check without the bank.

It says: under this pack (by digest), until this day, these outcomes will count so much, in this programme, here, if the
facts are as assumed. It is a compact JWS of the type `quote+jwt`; no credential and no token has that type.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from credentials.errors import CredentialError
from credentials.jws import read_compact, verify_compact
from credentials.keys import PublicKey
from creditbank.errors import Refused

TYPE: Final = "quote+jwt"
"""The `typ` of a quote; no credential and no token has it."""


_LAST: Final = 253_402_300_799
"""The last second that a date can name: of the year 9999."""


class _Form(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class QuotedPack(_Form):
    """The version of a pack under which it is promised, by its digest."""

    id: str
    version: str
    digest: str


class QuotedOutcome(_Form):
    """One outcome, and how much of it will count: exact amounts as text, in their units."""

    issuer: str
    achievement: str | None
    title: dict[str, str]
    amount: str
    unit: str
    counts: str
    counts_conditionally: str
    counts_in: str
    status: str

    def is_about(self, issuer: str, achievement: str | None, title: Mapping[str, str]) -> bool:
        """Whether an award is this outcome: the same achievement of the same issuer, else the same title."""
        same = self.achievement == achievement if self.achievement is not None else self.title == dict(title)
        return self.issuer == issuer and same


class Promise(_Form):
    """What is promised, where, and on which conditions; `conditions` are the facts that were assumed.

    Not `of_record`, it is only a trial: it assumes a choice that the pack does not leave open.
    """

    pack: QuotedPack
    programme: str
    institution: str | None
    exit_award: str | None
    outcomes: list[QuotedOutcome]
    conditions: dict[str, Any]
    of_record: bool = True


class QuoteClaims(_Form):
    """The claims of a quote. `sub` is the learner's book as a URN; without it the promise is to anybody."""

    iss: str
    jti: str
    iat: Annotated[int, Field(ge=0, le=_LAST)]
    exp: Annotated[int, Field(ge=0, le=_LAST)]
    sub: str | None = None
    recognition: dict[str, Any]
    promise: Promise

    @property
    def valid_until(self) -> datetime:
        """The instant from which it holds no more."""
        return datetime.fromtimestamp(self.exp, UTC)

    @property
    def learner(self) -> UUID | None:
        """The book of the learner to whom it is promised; None for anybody. Raises Refused `quote_not_ours`."""
        try:
            return None if self.sub is None else UUID(self.sub)
        except ValueError as error:
            raise not_ours() from error


@dataclass(frozen=True, slots=True)
class ReadQuote:
    """A quote whose signature holds."""

    claims: QuoteClaims
    key: PublicKey

    def holds_at(self, at: datetime) -> bool:
        """Whether the promise still holds at an instant."""
        return at < self.claims.valid_until


def read_quote(token: str, key: PublicKey) -> ReadQuote:
    """What a quote says, if this key signed it. Raises Refused `quote_not_ours`."""
    try:
        jws = read_compact(token.strip())
        if jws.header.get("typ") != TYPE:
            raise not_ours()
        verify_compact(jws, key)
        return ReadQuote(QuoteClaims.model_validate(jws.payload), key)
    except (CredentialError, ValidationError) as error:
        raise not_ours() from error


def key_id(token: str) -> str | None:
    """Which key a quote says that it was signed with; None where that cannot be read. Nothing is verified."""
    try:
        named = read_compact(token.strip()).header.get("kid")
    except CredentialError:
        return None
    return named if isinstance(named, str) else None


def not_ours() -> Refused:
    """The refusal of what this key has not signed as a quote."""
    return Refused("quote_not_ours", "This is not a quote that was signed with this key.")
