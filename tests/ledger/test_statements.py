"""A statement is a fold over legs: as earned by a day, and as known at an instant."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from creditbank.ledger.statement import Balance, Line, statement

BOOK, AWARD = UUID(int=1), UUID(int=3)
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
FIRST, LATER = date(2026, 3, 1), date(2026, 6, 20)


def line(grains: int, on: date, known: datetime, account: str = "learner", unit: str = "ects") -> Line:
    return Line(uuid4(), "award", on, known, "deposit", account, unit, grains, AWARD, None)


LINES = [
    line(6, FIRST, NOON),
    line(-6, FIRST, NOON, "issuer:hanbit"),
    line(3, LATER, NOON + timedelta(hours=1)),
    line(-6, FIRST, NOON + timedelta(hours=2)),  # a reversal, known later
]


@pytest.mark.parametrize(
    ("on", "known_at", "held"),
    [
        (FIRST - timedelta(days=1), None, []),
        (FIRST, None, [0]),
        (FIRST, NOON - timedelta(microseconds=1), []),
        (FIRST, NOON, [6]),
        (LATER, NOON, [6]),
        (LATER, NOON + timedelta(hours=1), [9]),
        (LATER - timedelta(days=1), NOON + timedelta(hours=1), [6]),
        (LATER, None, [3]),
    ],
)
def test_earned_by_a_day_and_known_at_an_instant(on: date, known_at: datetime | None, held: list[int]) -> None:
    asked = statement(BOOK, LINES, on=on, known_at=known_at)
    assert [balance.grains for balance in asked.held()] == held
    assert (asked.on, asked.known_at) == (on, known_at)


def test_units_and_accounts_are_never_mixed_and_a_balance_of_zero_keeps_its_history() -> None:
    mixed = [line(6, FIRST, NOON), line(3, FIRST, NOON, unit="kr-credit"), line(-6, FIRST, NOON)]
    assert statement(BOOK, mixed, on=FIRST).balances == (
        Balance("learner", "ects", 0),
        Balance("learner", "kr-credit", 3),
    )


def test_the_order_of_the_rows_does_not_matter() -> None:
    assert statement(BOOK, LINES, on=LATER) == statement(BOOK, reversed(LINES), on=LATER)


def test_sums_beyond_a_bigint_stay_exact() -> None:
    many = [line(2**62, FIRST, NOON) for _ in range(4)]
    assert statement(BOOK, many, on=FIRST).held()[0].grains == 2**64
