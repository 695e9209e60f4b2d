"""Raw SQL for tests of the database's own walls: a book with awards, and entries as an attacker would write them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import psycopg

Leg = tuple[str, str, int, UUID]
"""Account, unit, grains, award."""


@dataclass
class BookAtHand:
    """One book with awards of ten grains each, on a connection as the service's role."""

    connection: "psycopg.Connection[tuple[object, ...]]"
    book: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        self.connection.execute("INSERT INTO bank.book (book_id, state) VALUES (%s, 'unclaimed')", [self.book])
        self.connection.commit()

    def deposit(self) -> UUID:
        """A deposit without an entry."""
        award = uuid4()
        self.connection.execute(
            "INSERT INTO bank.deposit (book_id, deposit_id, issuer_did, credential_id, version, content_digest, facts, "
            "key_thumbprint) VALUES (%s, %s, 'did:web:x', %s, 1, '\\x00', '{}', 't')",
            [self.book, award, str(award)],
        )
        return award

    def awarded(self, grains: int = 10) -> UUID:
        """A deposit whose credits the learner holds; committed."""
        award = self.deposit()
        self.enter([("issuer:x", "ects", -grains, award), ("learner", "ects", grains, award)])
        self.connection.commit()
        return award

    def enter(
        self,
        legs: Sequence[Leg],
        *,
        kind: str = "award",
        reverses: UUID | None = None,
        count: int | None = None,
        sealed: bytes | None = None,
    ) -> UUID:
        """An entry and its legs in one statement, as the store writes it; `count` and `sealed` may lie."""
        entry = uuid4()
        values: list[object] = [
            self.book, entry, kind, reverses, len(legs) if count is None else count, sealed or legs_hash(legs),
        ]  # fmt: skip
        rows = [value for n, leg in enumerate(legs, 1) for value in (self.book, entry, n, *leg)]
        places = ", ".join(["(%s, %s, %s, %s, %s, %s::bigint, %s)"] * len(legs))
        statement = (
            "WITH e AS (INSERT INTO bank.entry (book_id, entry_id, kind, effective_on, reverses, reason, reference, "
            "legs, legs_hash) VALUES (%s, %s, %s, '2026-06-20', %s, 'test', '{}', %s, %s)) "
            "INSERT INTO bank.posting (book_id, entry_id, leg, account, unit, grains, award_id) VALUES " + places
        )
        self.connection.execute(statement.encode(), [*values, *rows])
        return entry

    def late_leg(self, entry: UUID, leg: int, posting: Leg) -> None:
        """One more leg for an entry that stands."""
        self.connection.execute(
            "INSERT INTO bank.posting (book_id, entry_id, leg, account, unit, grains, award_id) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [self.book, entry, leg, *posting],
        )

    def use(self, award: UUID, nth: int, purpose: str = "degree") -> None:
        """Use an award for the nth time."""
        self.connection.execute(
            "INSERT INTO bank.use (book_id, award_id, purpose, nth, reference) VALUES (%s, %s, %s, %s, %s)",
            [self.book, award, purpose, nth, uuid4()],
        )

    def release(self, award: UUID, nth: int, purpose: str = "degree") -> None:
        """Release the nth use."""
        self.connection.execute(
            "INSERT INTO bank.use_release (book_id, award_id, purpose, nth, reason) VALUES (%s, %s, %s, %s, 'undone')",
            [self.book, award, purpose, nth],
        )


def legs_hash(legs: Sequence[Leg]) -> bytes:
    """The seal as the ledger computes it."""
    lines = (f"{n}|{account}|{unit}|{grains}|{award}" for n, (account, unit, grains, award) in enumerate(legs, 1))
    return hashlib.sha256("\n".join(lines).encode()).digest()
