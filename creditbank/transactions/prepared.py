"""A deposit as it comes to the counter: verified, claimed, and not yet booked; and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from creditbank.claim import Claim
from creditbank.store.books import IdentifierKey
from creditbank.store.requests import RequestKey


@dataclass(frozen=True, slots=True)
class PreparedDeposit:
    """All that was decided outside the transaction: no signature is checked and nothing is parsed inside one.

    `facts` are shown and logged, and hold no personal data. `issued_by` is set where the bank itself signed,
    `confined_to` where the caller is a learner, who may deposit into her own book only. `discreet` deposits are an
    institution's of somebody else's credential: it is not told whose book that leads to.
    """

    deposit_id: UUID
    new_book: UUID
    issuer_did: str
    credential_id: str
    content_digest: bytes
    valid_from: datetime
    earned_on: date
    identifiers: tuple[IdentifierKey, ...]
    document: bytes
    claim: Claim
    facts: Mapping[str, Any]
    key_thumbprint: str
    signed_at: datetime
    actor: str
    confined_to: UUID | None = None
    discreet: bool = False
    issued_by: str | None = None
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True)
class DepositOutcome:
    """Credited or held, where it stands, and its place in the log. `repeated`: it was on record already."""

    deposit_id: UUID
    book_id: UUID
    state: str
    reason: str
    version: int
    leaf_index: int
    repeated: bool = False
    replaced: UUID | None = None

    def to_json(self) -> dict[str, Any]:
        """The outcome as it is kept with the request's key."""
        return {
            "deposit_id": str(self.deposit_id),
            "book_id": str(self.book_id),
            "state": self.state,
            "reason": self.reason,
            "version": self.version,
            "leaf_index": self.leaf_index,
            "replaced": str(self.replaced) if self.replaced else None,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "DepositOutcome":
        """The outcome kept with a request's key, given again."""
        replaced = UUID(value["replaced"]) if value["replaced"] else None
        return cls(
            UUID(value["deposit_id"]), UUID(value["book_id"]), value["state"], value["reason"], value["version"],
            value["leaf_index"], repeated=True, replaced=replaced,
        )  # fmt: skip
