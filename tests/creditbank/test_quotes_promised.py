"""A quote is a promise: signed, dated, checked by anybody, and kept when the learner comes with the outcome."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from credentials.jose import read_compact, sign_compact
from credentials.keys import PrivateKey
from creditbank.caller import Caller
from creditbank.errors import Refused
from creditbank.quote_token import read_quote
from creditbank.quotes import LONGEST, Quote, Quotes
from creditbank.recognising import Recognising
from creditbank.reevaluation import Reevaluation
from creditbank.transactions.recognition_request import RecognitionRequest
from recognition_rules.award import Award
from tests.bank_world import World
from tests.creditbank.recognised_learners import SHIPPED, STRICTER, learner, publish, standing, stricter_pack

COURSE = "https://hanbit.example/courses/statistics"


def planned(**facts: Any) -> Award:
    """A course that she means to take: three credits."""
    form = {
        "id": "planned",
        "issuer": "hanbit",
        "amount": {"amount": "3", "unit": "kr-credit"},
        "title": {"ko": "통계학"},
        "achievement": COURSE,
        "source": "accredited-course",
        "class": "major-elective",
        "score": "90",
        "attendance": "1",
        "ended_on": "2026-06-20",
        "issuer_accredited": True,
    }
    return Award.from_json({**form, **facts})


def opened(world: World) -> Caller:
    school = world.school()
    world.publish_pack()
    return school


def quoted(world: World, book: UUID | None = None, until: date | None = None) -> Quote:
    return Quotes(world.bank).quote(world.request(), [planned()], book, until)


def test_it_says_what_will_count_where_until_when_and_if_what(world: World) -> None:
    opened(world)
    until = world.now.date() + timedelta(days=100)
    read = read_quote(quoted(world, until=until).token, world.bank.office.vault.quote_key.public_key)
    promise = read.claims.promise
    assert (promise.pack.id, promise.pack.version, promise.programme) == ("kr-acbs", SHIPPED, "bachelor")
    (outcome,) = promise.outcomes
    assert (outcome.achievement, outcome.counts, outcome.counts_in, outcome.status) == (
        COURSE,
        "3",
        "kr-credit",
        "counted",
    )
    assert promise.conditions["learner"] == {"high_school_graduate": True}
    assert (read.claims.valid_until - timedelta(seconds=1)).date() == until
    assert read.claims.learner is None, "it is anybody's"


def test_who_has_the_key_checks_it_and_a_changed_one_fails(world: World) -> None:
    opened(world)
    token, key = quoted(world).token, world.bank.office.vault.quote_key.public_key
    header, payload, signature = token.split(".")
    changed = f"{header}.{payload[:-4]}{'AAAA' if payload[-4:] != 'AAAA' else 'BBBB'}.{signature}"
    other = PrivateKey.generate("EdDSA")
    forged = sign_compact(read_compact(token).payload, other, {"typ": "quote+jwt", "kid": key.thumbprint()})
    retyped = sign_compact(read_compact(token).payload, other, {"typ": "at+jwt"})
    for wrong in (changed, forged, retyped, "", "no.quote", "a.b.c"):
        with pytest.raises(Refused, match="quote_not_ours"):
            read_quote(wrong, key)


def test_the_quoted_version_governs_though_a_stricter_one_is_in_force(world: World) -> None:
    school = opened(world)
    book = [world.deposit(school).book_id for _ in range(4)][-1]
    quote = quoted(world, book)
    publish(world, stricter_pack())
    earn(world, school)
    row = Recognising(world.bank).recognise(book, Quotes(world.bank).honoured(later(world), quote.token, book))
    assert (row.pack_version, row.result["totals"]["counted"]) == (SHIPPED, "15")
    assert row.request["quote"] == read_compact(quote.token).payload["jti"]
    without = Recognising(world.bank).recognise(book, later(world))
    assert without.result["totals"]["counted"] == "9"


def test_a_promise_that_was_kept_is_not_taken_back_by_a_retroactive_rule(world: World) -> None:
    school = opened(world)
    book = [world.deposit(school).book_id for _ in range(4)][-1]
    quote = quoted(world, book)
    earn(world, school)
    Recognising(world.bank).recognise(book, Quotes(world.bank).honoured(world.request(), quote.token, book))
    publish(world, stricter_pack())
    assert Reevaluation(world.bank).run("kr-acbs", STRICTER).changed == 0


@pytest.mark.parametrize(("days", "holds"), [(100, True), (101, False)])
def test_it_holds_through_its_last_day(world: World, days: int, holds: bool) -> None:
    school = opened(world)
    world.deposit(school)
    book = earn(world, school)
    quote = quoted(world, book, world.now.date() + timedelta(days=100))
    world.now = world.now.replace(hour=23, minute=59, second=59) + timedelta(days=days)
    asked = later(world)
    if holds:
        assert Quotes(world.bank).honoured(asked, quote.token, book).pack_version == SHIPPED
        return
    with pytest.raises(Refused, match="quote_expired"):
        Quotes(world.bank).honoured(asked, quote.token, book)


def test_a_decision_for_a_day_after_its_last_is_refused(world: World) -> None:
    school = opened(world)
    book = earn(world, school)
    quote = quoted(world, book, world.now.date())
    tomorrow = replace(world.request(), on=world.now.date() + timedelta(days=1))
    with pytest.raises(Refused, match="quote_expired"):
        Quotes(world.bank).honoured(tomorrow, quote.token, book)


@pytest.mark.parametrize("wrong", ["learner", "outcome", "programme", "pack", "institution", "exit"])
def test_what_was_promised_to_or_for_another_is_refused(world: World, wrong: str) -> None:
    school = opened(world)
    book = earn(world, school)
    stranger = learner(world, school, 1)
    quote = quoted(world, book)
    asked, whose = world.request(), book
    if wrong == "learner":
        whose = stranger
    elif wrong == "outcome":
        quote, whose = quoted(world), stranger  # anybody's, but she has not earned it
    elif wrong == "programme":
        asked = replace(asked, programme="associate-2")
    elif wrong == "pack":
        asked = replace(asked, pack_id="another")
    elif wrong == "institution":
        asked = replace(asked, institution="elsewhere")
    else:
        asked = replace(asked, exit_award="diploma")
    with pytest.raises(Refused, match="quote_for_another"):
        Quotes(world.bank).honoured(asked, quote.token, whose)


def test_what_is_promised_to_anybody_is_kept_for_whoever_has_earned_it(world: World) -> None:
    school = opened(world)
    quote = quoted(world)
    book = earn(world, school)
    assert Quotes(world.bank).honoured(world.request(), quote.token, book).pack_version == SHIPPED


def test_a_withdrawn_outcome_is_not_earned(world: World) -> None:
    school = opened(world)
    quote = quoted(world)
    book = earn(world, school)
    world.bank.set_status(school, standing(world, book).credential_id, "revocation", value=True, reason="fraud")
    with pytest.raises(Refused, match="quote_for_another"):
        Quotes(world.bank).honoured(world.request(), quote.token, book)


def test_a_quote_of_another_bank_is_not_ours(world: World) -> None:
    school = opened(world)
    book = earn(world, school)
    payload = dict(read_compact(quoted(world).token).payload)
    key = world.bank.office.vault.quote_key
    foreign = sign_compact({**payload, "iss": "https://other.example"}, key, {"typ": "quote+jwt"})
    with pytest.raises(Refused, match="quote_not_ours"):
        Quotes(world.bank).honoured(world.request(), foreign, book)


@pytest.mark.parametrize("days", [-1, LONGEST.days + 1])
def test_nothing_is_promised_for_the_past_or_for_ever(world: World, days: int) -> None:
    opened(world)
    with pytest.raises(Refused, match="quote_date_refused"):
        quoted(world, until=world.now.date() + timedelta(days=days))


def later(world: World) -> RecognitionRequest:
    """The question as it is asked later: under the version that is newest then."""
    return replace(world.request(), pack_version=STRICTER, on=world.now.date())


def earn(world: World, school: Caller) -> UUID:
    """The course that was quoted, deposited into her book."""
    return world.deposit(school, achievement_id=COURSE, name={"ko": "통계학"}).book_id
