"""Balances and movements of one book as of a day: a fold over its postings, and nothing else."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from creditbank.ledger.account import LEARNER


@dataclass(frozen=True, slots=True)
class Line:
    """One leg as a statement shows it: what moved, when it was earned, when it became known, and why."""

    entry: UUID
    kind: str
    effective_on: date
    posted_at: datetime
    reason: str
    account: str
    unit: str
    grains: int
    award: UUID
    reverses: UUID | None


@dataclass(frozen=True, slots=True)
class Balance:
    """What stands on one account in one unit, in grains."""

    account: str
    unit: str
    grains: int


@dataclass(frozen=True, slots=True)
class Statement:
    """Balances and movements of a book: as earned by the day `on`, and as known by `known_at` (None: by now)."""

    book: UUID
    on: date
    known_at: datetime | None
    balances: tuple[Balance, ...]
    lines: tuple[Line, ...]

    def held(self) -> tuple[Balance, ...]:
        """What the learner holds and may still use, by unit."""
        return tuple(balance for balance in self.balances if balance.account == LEARNER)


def balances(lines: Iterable[Line]) -> tuple[Balance, ...]:
    """Sum the legs by account and unit; accounts that stand at zero are kept, since they have a history."""
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for line in lines:
        totals[line.account, line.unit] += line.grains
    return tuple(Balance(account, unit, grains) for (account, unit), grains in sorted(totals.items()))


def statement(book: UUID, lines: Iterable[Line], *, on: date, known_at: datetime | None = None) -> Statement:
    """The book as of `on`: only what was earned by that day, and known to the bank by `known_at`, counts."""
    chosen = tuple(
        sorted(
            (line for line in lines if line.effective_on <= on and (known_at is None or line.posted_at <= known_at)),
            key=lambda line: (line.posted_at, line.entry, line.account, line.unit),
        )
    )
    return Statement(book, on, known_at, balances(chosen), chosen)
