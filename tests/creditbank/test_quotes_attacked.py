"""Quotes under attack: forged, run out to the second, of other rules, taken twice, taken for what was lost since."""

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from credentials.jose import read_compact, sign_compact
from credentials.keys import PrivateKey
from creditbank.caller import Caller
from creditbank.errors import BankError, Forbidden, Refused
from creditbank.quote_token import read_quote
from creditbank.quotes import Quotes
from creditbank.recognising import Recognising
from creditbank.reevaluation import Reevaluation
from creditbank.rule_packs import Proposal
from creditbank.store import rules
from tests.api.small_packs import pack
from tests.bank_world import ANNA, BORIS, World
from tests.creditbank.recognised_learners import STRICTER, learner, publish, standing, stricter_pack
from tests.creditbank.test_quotes_promised import COURSE, earn, later, opened, planned, quoted


def encoded(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


HEADERS: list[dict[str, Any]] = [
    {"alg": "none", "typ": "quote+jwt"},
    {"alg": "HS256", "typ": "quote+jwt"},
    {"alg": "ES256", "typ": "quote+jwt"},
    {"alg": "EdDSA", "typ": "JWT"},
    {"alg": "EdDSA", "typ": "judgement+jwt"},
    {"alg": "EdDSA", "typ": ["quote+jwt"]},
    {"alg": "EdDSA", "typ": "quote+jwt", "crit": ["exp"]},
    {"alg": "EdDSA", "typ": "quote+jwt", "b64": False, "crit": ["b64"]},
    {"typ": "quote+jwt"},
]


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: json.dumps(header)[:50])
@pytest.mark.parametrize("signature", ["of the quote", "none", "by the secret of its public key"])
def test_another_header_passes_for_no_quote(world: World, header: dict[str, Any], signature: str) -> None:
    import hashlib
    import hmac

    opened(world)
    key = world.bank.office.vault.quote_key.public_key
    _, payload, signed = quoted(world).token.split(".")
    head = encoded(header)
    mac = hmac.digest(json.dumps(key.jwk()).encode(), f"{head}.{payload}".encode(), hashlib.sha256)
    by = {
        "of the quote": signed,
        "none": "",
        "by the secret of its public key": urlsafe_b64encode(mac).decode().rstrip("="),
    }
    with pytest.raises(Refused, match="quote_not_ours"):
        read_quote(f"{head}.{payload}.{by[signature]}", key)


@pytest.mark.parametrize("name", ["statement_key", "token_key", "log_key"])
def test_no_other_key_of_the_bank_signs_quotes(world: World, name: str) -> None:
    opened(world)
    key: PrivateKey = getattr(world.bank.office.vault, name)
    forged = sign_compact(dict(read_compact(quoted(world).token).payload), key, {"typ": "quote+jwt"})
    with pytest.raises(Refused, match="quote_not_ours"):
        read_quote(forged, world.bank.office.vault.quote_key.public_key)


@pytest.mark.parametrize("exp", [10**12, 10**17, -(10**12), True, 1.5, "9999999999"])
def test_an_end_that_is_no_instant_is_no_end(world: World, exp: Any) -> None:
    opened(world)
    key = world.bank.office.vault.quote_key
    payload = {**read_compact(quoted(world).token).payload, "exp": exp}
    try:
        token = sign_compact(payload, key, {"typ": "quote+jwt"})
    except Exception:
        return
    with pytest.raises(Refused, match="quote_not_ours"):
        assert read_quote(token, key.public_key).holds_at(world.now)


@pytest.mark.parametrize(("seconds", "holds"), [(-1, True), (0, False), (1, False)])
@pytest.mark.parametrize("asked", [None, 30])
def test_it_ends_at_the_very_second(world: World, seconds: int, holds: bool, asked: int | None) -> None:
    school = opened(world)
    quote = quoted(world, until=None if asked is None else world.now.date() + timedelta(days=asked))
    book = earn(world, school)
    world.now = quote.valid_until + timedelta(seconds=seconds)
    request = replace(world.request(), on=min(world.now, quote.valid_until - timedelta(seconds=1)).date())
    if holds:
        assert Quotes(world.bank).honoured(request, quote.token, book).quote
        return
    with pytest.raises(Refused, match="quote_expired"):
        Quotes(world.bank).honoured(request, quote.token, book)


def test_a_version_superseded_twice_still_keeps_it(world: World) -> None:
    school = opened(world)
    book = [world.deposit(school).book_id for _ in range(4)][-1]
    quote = quoted(world, book)
    publish(world, stricter_pack())
    publish(world, stricter_pack("2026.30").replace("at_most = 9", "at_most = 6"))
    earn(world, school)
    request = replace(world.request(), pack_version="2026.30")
    row = Recognising(world.bank).recognise(book, Quotes(world.bank).honoured(request, quote.token, book))
    assert (row.pack_version, row.result["totals"]["counted"]) == (world.request().pack_version, "15")
    for version in (STRICTER, "2026.30"):
        assert Reevaluation(world.bank).run("kr-acbs", version).changed == 0


def test_taken_twice_it_counts_once(world: World) -> None:
    school = opened(world)
    book = earn(world, school)
    quote = quoted(world)
    for _ in range(3):
        request = Quotes(world.bank).honoured(world.request(), quote.token, book)
        row = Recognising(world.bank).recognise(book, request)
    assert row.result["totals"]["counted"] == "3"
    assert len(world.bank.run(lambda tx: rules.standing_recognitions(tx, book))) == 1
    assert world.bank.audit().clean


def test_lower_marks_count_as_the_quoted_rules_say(world: World) -> None:
    school = opened(world)
    quote = quoted(world)
    book = world.deposit(school, achievement_id=COURSE, name={"ko": "통계학"}, score=59).book_id
    row = Recognising(world.bank).recognise(book, Quotes(world.bank).honoured(world.request(), quote.token, book))
    assert row.result["totals"]["counted"] == "0"


def test_revoked_after_it_was_kept_the_decision_goes_too_and_the_promise_stays(world: World) -> None:
    school = opened(world)
    book = [world.deposit(school).book_id for _ in range(4)][-1]
    quote = quoted(world, book)
    earn(world, school)
    publish(world, stricter_pack())
    Recognising(world.bank).recognise(book, Quotes(world.bank).honoured(later(world), quote.token, book))
    other = standing(world, book)
    world.bank.set_status(school, other.credential_id, "revocation", value=True, reason="fraud")
    (row,) = world.bank.run(lambda tx: rules.standing_recognitions(tx, book))
    assert (row.pack_version, row.result["totals"]["counted"]) == (world.request().pack_version, "12")
    assert row.request["quote"] == read_compact(quote.token).payload["jti"]


def test_after_a_merger_her_quote_is_hers(world: World) -> None:
    school = opened(world)
    first, second = learner(world, school, 1), learner(world, school, 1)
    quote = Quotes(world.bank).quote(world.request(), [], first)
    world.bank.merge(first, second, ANNA.client_id)
    for book in (first, second):
        assert Quotes(world.bank).honoured(world.request(), quote.token, book).quote


def scoped(world: World, school: Caller) -> str:
    """Rules of one institution."""
    row = world.rule_packs.propose(school, Proposal(pack(f"{school.issuer_id}-rules")))
    colleague = replace(school, client_id="colleague")
    world.rule_packs.approve(colleague, row.pack_id, row.version)
    return row.pack_id


def test_rules_of_one_institution_promise_nothing_at_another(world: World) -> None:
    school = world.school()
    world.publish_pack()
    world.school("seoul")
    request = replace(world.request("degree"), pack_id=scoped(world, school), pack_version="1")
    with pytest.raises(Forbidden, match="pack_out_of_scope"):
        Quotes(world.bank).quote(replace(request, institution="seoul"), [planned()])
    claims = read_compact(Quotes(world.bank).quote(request, [planned()]).token).payload
    assert claims["promise"]["institution"] == "hanbit"


def test_a_choice_that_no_decision_may_make_is_promised_to_nobody(world: World) -> None:
    """It is answered, and says of itself that it is a trial."""
    school = opened(world)
    book = earn(world, school)
    trial = replace(world.request(), policy={"order": ["awarded_on", "award_id"]})
    quote = Quotes(world.bank).quote(trial, [planned()])
    claims = read_quote(quote.token, world.bank.office.vault.quote_key.public_key).claims
    assert not claims.promise.of_record
    with pytest.raises(Refused, match="policy_not_allowed"):
        Recognising(world.bank).recognise(book, Quotes(world.bank).honoured(world.request(), quote.token, book))


def test_a_choice_that_the_pack_leaves_open_is_kept_with_the_promise(world: World) -> None:
    school = world.school()
    opening = """
[[parameter]]
id = "choose-order"
title = { en = "Order" }
value = ["ended_on", "award_id"]
others = [["awarded_on", "award_id"]]
"""
    row = world.rule_packs.propose(ANNA, Proposal(pack(extra=opening)))
    world.rule_packs.approve(BORIS, row.pack_id, row.version)
    world.publish_pack()
    request = replace(
        world.request("degree"), pack_id="example", pack_version="1", policy={"order": ["awarded_on", "award_id"]}
    )
    quote = Quotes(world.bank).quote(request, [planned()])
    book = earn(world, school)
    asked = replace(request, policy=None)
    decided = Recognising(world.bank).recognise(book, Quotes(world.bank).honoured(asked, quote.token, book))
    assert decided.request["policy"] == {"order": ["awarded_on", "award_id"]}


def test_a_version_with_another_body_is_not_the_quoted_one(world: World) -> None:
    school = opened(world)
    book = earn(world, school)
    key = world.bank.office.vault.quote_key
    payload = json.loads(json.dumps(read_compact(quoted(world).token).payload))
    payload["promise"]["pack"]["digest"] = f"sha256:{'0' * 64}"
    token = sign_compact(payload, key, {"typ": "quote+jwt"})
    with pytest.raises(BankError, match="quote_for_another"):
        Quotes(world.bank).honoured(world.request(), token, book)


def test_a_course_without_a_name_is_not_every_course_without_a_name(world: World) -> None:
    """An outcome that names neither achievement nor title is nobody's."""
    school = opened(world)
    quote = Quotes(world.bank).quote(world.request(), [planned(achievement=None, title={})])
    book: UUID = earn(world, school)
    with pytest.raises(Refused, match="quote_for_another"):
        Quotes(world.bank).honoured(world.request(), quote.token, book)
