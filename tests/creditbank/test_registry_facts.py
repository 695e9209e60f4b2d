"""R13 through the bank: was the institution accredited at the deposit, at the redemption, and on all days between?"""

from datetime import date, timedelta

import pytest

from creditbank.quotes import Quotes
from creditbank.recognising import Recognising
from creditbank.replay_of_record import ReplayOfRecord
from creditbank.store import rows
from creditbank.transactions.recognition_request import RecognitionRequest
from recognition_rules.award import Award
from recognition_rules.credits import Credits
from tests.bank_world import ANNA, World
from tests.creditbank.nested_packs import TERMS, nested_pack, offer


def rule(text: str) -> str:
    return f"""
[[eligibility]]
id = "registered"
title = {{ en = "The institution is registered" }}
require = {{ issuer_accredited = {text} }}
{TERMS}
"""


def decided(world: World, text: str, *, removed: int | None = None, until: date | None = None) -> rows.Recognition:
    """A decision on one course of a school that is removed from the registry so many days after the deposit.

    The decision is asked for ten days after the deposit.
    """
    school = world.school(accredited=False)
    row = world.accredit("hanbit", ("kr-credit",), valid_until=until)
    offer(world, nested_pack(extra=rule(text)))
    today = world.now.date()
    book = world.deposit(school).book_id
    if removed is not None:
        day = today + timedelta(days=removed)
        world.administration.withdraw_accreditation(ANNA, row.accreditation_id, day)
    world.now += timedelta(days=10)
    request = RecognitionRequest("nested", "1", "diploma", world.now.date())
    return Recognising(world.bank).recognise(book, request)


STAYS = '{ as_at = "received_on", removed_later = "stays" }'
ASKS = '{ as_at = "received_on" }'
LAPSES = '{ as_at = "received_on", removed_later = "lapses" }'


@pytest.mark.parametrize(
    ("text", "removed", "counts"),
    [
        (STAYS, None, True),
        (STAYS, 5, True),
        (ASKS, None, True),
        (ASKS, 10, False),
        (ASKS, 11, True),
        (LAPSES, 11, True),
        (LAPSES, 10, False),
        ('{ as_at = "awarded_on" }', 5, True),
        ('{ as_at = "started_on" }', 5, True),
    ],
)
def test_an_institution_is_removed_from_the_registry_after_the_deposit(
    world: World, text: str, removed: int | None, counts: bool
) -> None:
    """Removed `removed` days after the deposit; the credit is asked for on the tenth."""
    row = decided(world, text, removed=removed)
    assert row.result["totals"]["counted"] == ("3" if counts else "0")
    codes = [why["code"] for why in row.result["decisions"][0]["reasons"]]
    assert codes == ([] if counts else ["ISSUER_NOT_ELIGIBLE"])
    assert ReplayOfRecord(world.bank).run().differing == {}


def test_what_the_registry_learns_later_does_not_change_a_decision_made_again(world: World) -> None:
    row = decided(world, ASKS)
    (known,) = world.administration.accreditations("hanbit")
    world.administration.withdraw_accreditation(ANNA, known.accreditation_id, world.now.date() - timedelta(days=300))
    assert ReplayOfRecord(world.bank).run().differing == {}
    assert ReplayOfRecord(world.bank).bundle(row.recognition_id).inputs.awards[0].facts == {
        "issuer_accredited_at_deposit": True,
        "issuer_accredited_now": True,
    }


def test_a_gap_and_a_new_accreditation_lapse_a_credit_that_must_stay_registered(world: World) -> None:
    """Accredited at the deposit and now, but not on the days between."""
    school = world.school(accredited=False)
    today = world.now.date()
    world.accredit("hanbit", ("kr-credit",), valid_until=today + timedelta(days=2))
    world.accredit("hanbit", ("kr-credit",), valid_from=today + timedelta(days=4))
    offer(world, nested_pack(extra=rule(LAPSES)))
    book = world.deposit(school).book_id
    counts = []
    for _ in range(2):
        request = RecognitionRequest("nested", "1", "diploma", world.now.date())
        counts.append(Recognising(world.bank).recognise(book, request).result["totals"]["counted"])
        world.now += timedelta(days=10)
    assert counts == ["3", "0"]


def test_a_pack_that_does_not_ask_gets_no_such_facts(world: World) -> None:
    school = world.school()
    offer(world, nested_pack(extra=rule("true")))
    book = world.deposit(school).book_id
    row = Recognising(world.bank).recognise(book, RecognitionRequest("nested", "1", "diploma", world.now.date()))
    assert dict(ReplayOfRecord(world.bank).bundle(row.recognition_id).inputs.awards[0].facts) == {}


def test_a_quote_goes_by_the_registry_and_not_by_what_the_asker_says(world: World) -> None:
    world.school(accredited=False)
    offer(world, nested_pack(extra=rule('{ as_at = "decision" }')))
    claimed = Award(
        id="x",
        issuer="hanbit",
        amount=Credits(3, "kr-credit"),  # type: ignore[arg-type]  # a whole number of credits
        title={"en": "Course"},
        source="accredited-course",
        course_class="major-elective",
        ended_on=world.now.date(),
        issuer_accredited=True,
        facts={"issuer_accredited_now": True},
    )
    request = RecognitionRequest("nested", "1", "diploma", world.now.date())
    assert Quotes(world.bank).quote(request, [claimed]).recognition["totals"]["counted"] == "0"
    world.accredit("hanbit", ("kr-credit",))
    assert Quotes(world.bank).quote(request, [claimed]).recognition["totals"]["counted"] == "3"
