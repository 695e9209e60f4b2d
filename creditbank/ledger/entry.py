"""An entry is a balanced change of one book: it sums to zero in every unit, or it does not exist."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from creditbank.errors import LedgerError
from recognition_rules.credits import MAX_GRAINS

MAX_LEGS = 32_000
"""The database numbers legs with a smallint."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One leg: `grains` (signed whole number, never zero) of `unit` on `account`, stemming from `award`."""

    account: str
    unit: str
    grains: int
    award: UUID

    def __post_init__(self) -> None:
        if self.grains == 0:
            raise LedgerError("zero_leg", "A leg of an entry moves at least one grain.")
        if abs(self.grains) > MAX_GRAINS:
            raise LedgerError("out_of_range", "A leg moves at most 100,000 credits.")


@dataclass(frozen=True, slots=True)
class Entry:
    """A balanced change: its legs, the day it takes effect, and why it was made.

    `effective_on` is the day the credits were earned; the day they became known (`posted_at`) is the database's to say.
    A correction is an entry of its own that `reverses` another; nothing is ever edited.
    Raises `LedgerError`: `unbalanced`, `too_few_legs`, `too_many_legs`, `zero_leg`, `out_of_range`.
    """

    book: UUID
    id: UUID
    kind: str
    effective_on: date
    postings: tuple[Posting, ...]
    reason: str
    reverses: UUID | None = None
    reference: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.postings) < 2:
            raise LedgerError("too_few_legs", "An entry has at least two legs.", legs=len(self.postings))
        if len(self.postings) > MAX_LEGS:
            raise LedgerError("too_many_legs", "An entry has at most 32,000 legs.", legs=len(self.postings))
        for unit, total in self.sums().items():
            if total:
                raise LedgerError("unbalanced", f"The entry does not sum to zero in {unit}.", unit=unit)

    def sums(self) -> dict[str, int]:
        """Grains by unit; all zero in an entry that exists."""
        totals: dict[str, int] = defaultdict(int)
        for posting in self.postings:
            totals[posting.unit] += posting.grains
        return dict(totals)

    def legs_hash(self) -> bytes:
        """SHA-256 over the numbered legs, as the database computes it too (function `bank.legs_hash`)."""
        lines = (f"{n}|{p.account}|{p.unit}|{p.grains}|{p.award}" for n, p in enumerate(self.postings, start=1))
        return hashlib.sha256("\n".join(lines).encode()).digest()

    def facts(self) -> dict[str, object]:
        """What the log commits to: every fact of the entry, without personal data, ready for canonical JSON."""
        return {
            "type": "entry",
            "book": str(self.book),
            "entry": str(self.id),
            "kind": self.kind,
            "effective_on": self.effective_on.isoformat(),
            "reverses": str(self.reverses) if self.reverses else None,
            "reason": self.reason,
            "reference": dict(self.reference),
            "legs": len(self.postings),
            "legs_hash": self.legs_hash().hex(),
        }
