"""The database holds the ledger's rules by itself: here the service's role tries to break them with raw SQL."""

import threading
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors

from recognition_rules.credits import MAX_GRAINS
from tests.store.books_at_hand import BookAtHand, Leg, legs_hash


@pytest.fixture
def hand(database_url: str) -> Iterator[BookAtHand]:
    with psycopg.connect(database_url) as connection:
        yield BookAtHand(connection)


def refused(hand: BookAtHand, constraint: str, attempt: Callable[[], object]) -> None:
    """The attempt fails by exactly this constraint, and leaves nothing."""
    with pytest.raises(errors.IntegrityError) as refusal:
        attempt()
    assert refusal.value.diag.constraint_name == constraint
    hand.connection.rollback()


def test_a_whole_and_balanced_entry_stands(hand: BookAtHand) -> None:
    award = hand.awarded()
    found = hand.connection.execute("SELECT count(*) FROM bank.posting WHERE award_id = %s", [award]).fetchone()
    assert found == (2,)


CROOKED: dict[str, tuple[str, list[tuple[str, str, int]]]] = {
    "unbalanced": ("entry_balanced", [("issuer:x", "ects", -9), ("learner", "ects", 10)]),
    "unbalanced in one of two units": (
        "entry_balanced",
        [("issuer:x", "ects", -9), ("learner", "ects", 9), ("a", "kr-credit", 1), ("b", "kr-credit", -2)],
    ),
    "units netted against each other": ("entry_balanced", [("issuer:x", "ects", -9), ("learner", "kr-credit", 9)]),
    "one leg": ("entry_legs_check", [("learner", "ects", 10)]),
    "a leg of nothing": ("posting_grains_check", [("issuer:x", "ects", 0), ("learner", "ects", 0)]),
    "more than the largest leg": (
        "posting_grains_check",
        [("issuer:x", "ects", -MAX_GRAINS - 1), ("learner", "ects", MAX_GRAINS + 1)],
    ),
}


@pytest.mark.parametrize("name", CROOKED)
def test_a_crooked_entry_is_refused(hand: BookAtHand, name: str) -> None:
    constraint, legs = CROOKED[name]
    award = hand.deposit()
    refused(hand, constraint, lambda: hand.enter([(*leg, award) for leg in legs]))


def test_the_largest_leg_is_stored(hand: BookAtHand) -> None:
    assert hand.awarded(MAX_GRAINS)


def test_a_single_leg_that_claims_to_be_two_is_refused(hand: BookAtHand) -> None:
    award = hand.deposit()
    refused(hand, "entry_sealed", lambda: hand.enter([("learner", "ects", 10, award)], count=2))


def test_an_entry_without_legs_is_refused(hand: BookAtHand) -> None:
    statement = (
        "INSERT INTO bank.entry (book_id, entry_id, kind, effective_on, reason, reference, legs, legs_hash) "
        "VALUES (%s, %s, 'award', '2026-06-20', 'test', '{}', 2, %s)"
    )
    refused(hand, "entry_sealed", lambda: hand.connection.execute(statement, [hand.book, uuid4(), legs_hash([])]))


@pytest.mark.parametrize("second", [1, -1], ids=["one leg", "a pair that balances"])
def test_a_late_leg_is_refused(hand: BookAtHand, second: int) -> None:
    award = hand.deposit()
    entry = hand.enter([("issuer:x", "ects", -10, award), ("learner", "ects", 10, award)])
    hand.connection.commit()

    def later() -> None:
        hand.late_leg(entry, 3, ("learner", "ects", 5, award))
        if second < 0:
            hand.late_leg(entry, 4, ("issuer:x", "ects", -5, award))

    refused(hand, "entry_sealed", later)


def test_a_wrong_seal_is_refused(hand: BookAtHand) -> None:
    award = hand.deposit()
    legs: list[Leg] = [("issuer:x", "ects", -10, award), ("learner", "ects", 10, award)]
    refused(hand, "entry_sealed", lambda: hand.enter(legs, sealed=legs_hash(legs[::-1])))


def test_an_award_of_another_book_is_refused(hand: BookAtHand) -> None:
    foreign = BookAtHand(hand.connection).awarded()
    legs: list[Leg] = [("issuer:x", "ects", -10, foreign), ("learner", "ects", 10, foreign)]
    refused(hand, "posting_award_fkey", lambda: hand.enter(legs))


def spend(award: UUID, grains: int) -> list[Leg]:
    return [("learner", "ects", -grains, award), ("programme:p/b", "ects", grains, award)]


def test_an_award_is_not_overdrawn_whatever_else_the_learner_holds(hand: BookAtHand) -> None:
    award, _other = hand.awarded(), hand.awarded()
    hand.enter(spend(award, 6), kind="recognition")
    refused(hand, "award_not_overdrawn", lambda: hand.enter(spend(award, 5), kind="recognition"))


def test_an_award_is_not_overdrawn_by_two_at_once(hand: BookAtHand, database_url: str) -> None:
    """Neither writer locks the book, as the bank's own code always does: the database holds the rule all the same."""
    award = hand.awarded()
    results: list[str] = []
    with psycopg.connect(database_url) as other:
        rival = BookAtHand.__new__(BookAtHand)
        rival.connection, rival.book = other, hand.book

        def second() -> None:
            try:
                rival.enter(spend(award, 10), kind="recognition")
                other.commit()
                results.append("booked")
            except errors.CheckViolation as refusal:
                results.append(str(refusal.diag.constraint_name))

        hand.enter(spend(award, 10), kind="recognition")
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.5)
        hand.connection.commit()
        thread.join(30)
    assert results == ["award_not_overdrawn"]


def test_an_entry_is_reversed_once(hand: BookAtHand) -> None:
    award = hand.deposit()
    entry = hand.enter([("issuer:x", "ects", -10, award), ("learner", "ects", 10, award)])
    back: list[Leg] = [("issuer:x", "ects", 10, award), ("learner", "ects", -10, award)]
    hand.enter(back, kind="reversal", reverses=entry)
    hand.connection.commit()
    hand.awarded()
    more: list[Leg] = [("a", "ects", 10, award), ("b", "ects", -10, award)]
    refused(hand, "entry_reverses_key", lambda: hand.enter(more, kind="reversal", reverses=entry))


@pytest.mark.parametrize(("kind", "named"), [("reversal", False), ("award", True)])
def test_a_reversal_names_what_it_reverses_and_nothing_else_does(hand: BookAtHand, kind: str, named: bool) -> None:
    award = hand.deposit()
    legs: list[Leg] = [("issuer:x", "ects", -10, award), ("learner", "ects", 10, award)]
    entry = hand.enter(legs)
    reverses = entry if named else None
    refused(hand, "entry_reversal_check", lambda: hand.enter(legs, kind=kind, reverses=reverses))


def test_one_use_a_purpose_until_it_is_released(hand: BookAtHand) -> None:
    award = hand.awarded()
    hand.use(award, 1)
    hand.connection.commit()
    refused(hand, "use_pkey", lambda: hand.use(award, 1))
    refused(hand, "use_once", lambda: hand.use(award, 2))
    hand.use(award, 1, purpose="licence")
    hand.release(award, 1)
    hand.use(award, 2)
    hand.connection.commit()
    refused(hand, "use_release_pkey", lambda: hand.release(award, 1))
    refused(hand, "use_nth_check", lambda: hand.use(award, 0))
    refused(hand, "use_once", lambda: hand.use(award, 9))
    refused(hand, "use_release_use_fkey", lambda: hand.release(award, 7))


def test_a_book_is_sealed_only_with_a_successor(hand: BookAtHand) -> None:
    sealed = "UPDATE bank.book SET state = 'sealed' WHERE book_id = %s"
    refused(hand, "book_merged_check", lambda: hand.connection.execute(sealed, [hand.book]))
