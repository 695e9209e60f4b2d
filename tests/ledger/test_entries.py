"""An entry balances or does not exist; the journal makes only such entries; undoing adds."""

import hashlib
from collections import Counter
from dataclasses import FrozenInstanceError
from datetime import date
from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creditbank.errors import LedgerError
from creditbank.ledger.entry import MAX_LEGS, Entry, Posting
from creditbank.ledger.journal import (
    Conversion,
    award_entry,
    closing_entry,
    opening_entry,
    recognition_entry,
    reversal_entry,
)
from recognition_rules.credits import GRAINS_PER_CREDIT, MAX_GRAINS
from recognition_rules.errors import NotWholeGrains

BOOK, ENTRY, AWARD = (UUID(int=n) for n in (1, 2, 3))
DAY = date(2026, 6, 20)
AMOUNTS = st.fractions(min_value=Fraction(1, 30), max_value=1000, max_denominator=30)


def leg(grains: int, unit: str = "ects", account: str = "learner", award: UUID = AWARD) -> Posting:
    return Posting(account, unit, grains, award)


def entry(*legs: Posting, kind: str = "award", reverses: UUID | None = None) -> Entry:
    return Entry(BOOK, ENTRY, kind, DAY, legs, "deposit", reverses)


def net(*entries: Entry) -> Counter[tuple[str, str, UUID]]:
    """What stands on each account, by unit and award, after these entries."""
    totals: Counter[tuple[str, str, UUID]] = Counter()
    for posting in (posting for item in entries for posting in item.postings):
        totals[posting.account, posting.unit, posting.award] += posting.grains
    return totals


@pytest.mark.parametrize(
    ("legs", "code"),
    [
        ((), "too_few_legs"),
        ((leg(1),), "too_few_legs"),
        ((leg(10), leg(-9)), "unbalanced"),
        ((leg(10, "ects"), leg(-10, "kr-credit")), "unbalanced"),
        ((leg(5, "ects"), leg(-5, "ects"), leg(5, "kr-credit"), leg(-4, "kr-credit")), "unbalanced"),
        ((leg(1), leg(-1)) * (MAX_LEGS // 2 + 1), "too_many_legs"),
    ],
    ids=["no leg", "one leg", "sum not zero", "two units", "one unit of two", "more than a smallint numbers"],
)
def test_an_entry_that_does_not_balance_does_not_exist(legs: tuple[Posting, ...], code: str) -> None:
    with pytest.raises(LedgerError) as refusal:
        entry(*legs)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("grains", "code"),
    [(0, "zero_leg"), (MAX_GRAINS + 1, "out_of_range"), (-MAX_GRAINS - 1, "out_of_range"), (2**63, "out_of_range")],
)
def test_a_leg_moves_something_and_not_too_much(grains: int, code: str) -> None:
    with pytest.raises(LedgerError) as refusal:
        leg(grains)
    assert refusal.value.code == code


def test_the_largest_leg_fits() -> None:
    assert entry(leg(MAX_GRAINS), leg(-MAX_GRAINS)).sums() == {"ects": 0}


def test_an_entry_is_never_edited() -> None:
    with pytest.raises(FrozenInstanceError):
        entry(leg(1), leg(-1)).postings = ()  # type: ignore[misc]


def test_the_seal_is_over_every_leg_in_order() -> None:
    whole = entry(leg(7), leg(-7, account="issuer:hanbit"))
    lines = f"1|learner|ects|7|{AWARD}\n2|issuer:hanbit|ects|-7|{AWARD}"
    assert whole.legs_hash() == hashlib.sha256(lines.encode()).digest()
    others = [
        entry(*reversed(whole.postings)),
        entry(leg(8), leg(-8, account="issuer:hanbit")),
        entry(leg(7), leg(-7, account="issuer:other")),
        entry(leg(7, award=ENTRY), leg(-7, account="issuer:hanbit")),
    ]
    assert len({other.legs_hash() for other in [*others, whole]}) == 5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(AMOUNTS, st.sampled_from(["ects", "kr-credit"]), AMOUNTS), min_size=1, max_size=6))
def test_every_recognition_balances_and_its_reversal_leaves_nothing(
    shares: list[tuple[Fraction, str, Fraction]],
) -> None:
    conversions = [Conversion(uuid4(), spent, unit, gained, "kr-credit") for spent, unit, gained in shares]
    booked = recognition_entry(
        book=BOOK, entry_id=ENTRY, programme="programme:kr/b", conversions=conversions, decided_on=DAY, reference={}
    )
    undone = reversal_entry(booked, entry_id=uuid4(), on=DAY, reason="revoked")
    assert set(booked.sums().values()) == {0} and set(undone.sums().values()) == {0}
    assert not any(net(booked, undone).values())
    programme = sum(p.grains for p in booked.postings if p.account == "programme:kr/b")
    assert programme == sum(gained for _, _, gained in shares) * GRAINS_PER_CREDIT


def test_conversion_takes_four_legs_and_shows_its_rate() -> None:
    legs = Conversion(AWARD, Fraction(6), "ects", Fraction(3), "kr-credit").legs("programme:kr/b")
    assert [(p.account, p.unit, p.grains // GRAINS_PER_CREDIT) for p in legs] == [
        ("learner", "ects", -6),
        ("exchange:ects", "ects", 6),
        ("exchange:kr-credit", "kr-credit", -3),
        ("programme:kr/b", "kr-credit", 3),
    ]


def test_the_same_unit_at_the_same_rate_takes_two_legs_and_at_another_rate_four() -> None:
    same = Conversion(AWARD, Fraction(3), "ects", Fraction(3), "ects").legs("programme:x/y")
    less = Conversion(AWARD, Fraction(3), "ects", Fraction(2), "ects").legs("programme:x/y")
    assert (len(same), len(less)) == (2, 4)
    assert sum(p.grains for p in less) == 0


@pytest.mark.parametrize("amount", [Fraction(1, 31), Fraction(1, 10**4), Fraction(1, 7**2)])
def test_what_is_no_whole_number_of_grains_is_never_rounded_in_silence(amount: Fraction) -> None:
    with pytest.raises(NotWholeGrains):
        Conversion(AWARD, amount, "ects", Fraction(1), "kr-credit").legs("programme:kr/b")


def test_a_reversal_is_itself_reversed_by_adding() -> None:
    first = award_entry(
        book=BOOK,
        entry_id=ENTRY,
        award=AWARD,
        issuer_id="hanbit",
        grains=9,
        unit="ects",
        earned_on=DAY,
        reason="deposit",
        reference={"award": "sha256:00"},
    )
    second = reversal_entry(first, entry_id=uuid4(), on=DAY, reason="suspended")
    third = reversal_entry(second, entry_id=uuid4(), on=DAY, reason="in error")
    assert (second.reverses, third.reverses) == (first.id, second.id)
    assert third.postings == first.postings
    assert net(first, second, third) == net(first)


def test_a_merge_carries_an_award_from_one_book_to_the_other_with_its_day() -> None:
    there = UUID(int=9)
    shared = {"award": AWARD, "unit": "ects", "grains": 9, "earned_on": DAY}
    closing = closing_entry(book=BOOK, entry_id=ENTRY, target=there, **shared)  # type: ignore[arg-type]
    opening = opening_entry(book=there, entry_id=uuid4(), source=BOOK, **shared)  # type: ignore[arg-type]
    assert (closing.book, opening.book) == (BOOK, there)
    assert (closing.effective_on, opening.effective_on) == (DAY, DAY)
    together = net(closing, opening)
    assert together["learner", "ects", AWARD] == 0
    assert together[f"merge:{there}", "ects", AWARD] == -together[f"merge:{BOOK}", "ects", AWARD] == 9


def test_what_the_log_commits_to_names_the_seal_and_no_person() -> None:
    facts = entry(leg(7), leg(-7)).facts()
    assert (facts["legs"], facts["legs_hash"]) == (2, entry(leg(7), leg(-7)).legs_hash().hex())
    assert set(facts) == {
        "type", "book", "entry", "kind", "effective_on", "reverses", "reason", "reference", "legs", "legs_hash",
    }  # fmt: skip
