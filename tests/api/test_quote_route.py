"""Quotes by HTTP: a promise until a day, honoured under the version that was quoted."""

from datetime import timedelta
from typing import Any

import pytest

from creditbank.rule_packs import Proposal
from tests.api.http_world import Http, outcome, refused
from tests.api.small_packs import pack
from tests.api.test_recognition_inputs import PLANNED
from tests.bank_world import ANNA, BORIS


def publish(http: Http, version: str, extra: str = "") -> None:
    """A version of the pack, in force at once."""
    http.world.rule_packs.propose(ANNA, Proposal(pack(version=version, extra=extra)))
    http.world.rule_packs.approve(BORIS, "example", version)


@pytest.fixture
def asked(http: Http) -> dict[str, Any]:
    publish(http, "1")
    return {"pack_id": "example", "programme": "degree"}


def test_what_was_quoted_is_kept_after_the_rules_change(http: Http, asked: dict[str, Any]) -> None:
    school = http.school()
    quote = school.made("/v1/quotes", {**asked, "awards": [PLANNED]})
    assert quote["recognition"]["status"] == "granted"
    http.world.now += timedelta(seconds=1)
    publish(http, "2")
    earned = outcome(achievement=PLANNED["achievement"], name=PLANNED["title"])
    book = school.made("/v1/credentials", earned)["deposit"]["learner"]
    wallet = http.learner(book)
    plain = wallet.made("/v1/recognitions", {**asked, "learner": book})
    kept = wallet.made("/v1/recognitions", {**asked, "learner": book, "quote": quote["token"]})
    assert (plain["pack_version"], kept["pack_version"]) == ("2", "1")


def test_a_quote_is_told_in_sentences(http: Http, asked: dict[str, Any]) -> None:
    school = http.school()
    english = school.made("/v1/quotes", {**asked, "awards": [PLANNED]})["lines"]
    korean = school.made("/v1/quotes?language=ko", {**asked, "awards": [PLANNED]})["lines"]
    assert english[0].startswith("Degree: granted. 3 of 3 Korean credits count")
    assert len(english) == len(korean)
    assert any("3학점 인정" in line for line in korean)


def test_a_quote_that_has_run_out_is_not_kept(http: Http, asked: dict[str, Any]) -> None:
    school = http.school()
    last = http.now.date() + timedelta(days=2)
    quote = school.made("/v1/quotes", {**asked, "awards": [PLANNED], "valid_until": last.isoformat()})
    assert quote["valid_until"][:10] == (last + timedelta(days=1)).isoformat()
    book = school.made("/v1/credentials", outcome(achievement=PLANNED["achievement"]))["deposit"]["learner"]
    http.world.now += timedelta(days=3)
    wallet = http.learner(book)
    wanted = {**asked, "learner": book, "quote": quote["token"]}
    refused(wallet.post("/v1/recognitions", wanted), 422, "quote_expired")
    forged = quote["token"][:-6] + ("AAAAAA" if not quote["token"].endswith("AAAAAA") else "BBBBBB")
    refused(wallet.post("/v1/recognitions", {**wanted, "quote": forged}), 422, "quote_not_ours")
    refused(wallet.post("/v1/recognitions", {**wanted, "quote": "not a token"}), 422, "invalid_request")


def test_a_quote_is_for_whom_it_was_given(http: Http, asked: dict[str, Any]) -> None:
    school = http.school()
    hers = school.made("/v1/credentials", outcome())["deposit"]["learner"]
    other_person = {"identifiers": [{"type": "emailAddress", "value": "other@example.org"}]}
    others = school.made("/v1/credentials", outcome(learner=other_person))["deposit"]["learner"]
    quote = http.learner(hers).made("/v1/quotes", {**asked, "learner": hers})
    stranger = http.learner(others, "wallet-2")
    refused(
        stranger.post("/v1/recognitions", {**asked, "learner": others, "quote": quote["token"]}),
        422,
        "quote_for_another",
    )


def test_a_promise_ends(http: Http, asked: dict[str, Any]) -> None:
    school = http.school()
    for day in (http.now.date() - timedelta(days=1), http.now.date() + timedelta(days=5_000)):
        body = {**asked, "awards": [PLANNED], "valid_until": day.isoformat()}
        refused(school.post("/v1/quotes", body), 422, "quote_date_refused")


def test_asked_again_after_it_ran_out_it_is_answered_as_before(http: Http, asked: dict[str, Any]) -> None:
    school = http.school()
    quote = school.made("/v1/quotes", {**asked, "awards": [PLANNED], "valid_until": http.now.date().isoformat()})
    book = school.made("/v1/credentials", outcome(achievement=PLANNED["achievement"]))["deposit"]["learner"]
    wanted = {**asked, "learner": book, "quote": quote["token"]}
    first = http.learner(book).made("/v1/recognitions", wanted, key="once")
    http.world.now += timedelta(days=1)
    again = http.speaker("wallet")
    assert again.made("/v1/recognitions", wanted, key="once") == first
    refused(again.post("/v1/recognitions", wanted), 422, "quote_expired")
    refused(again.post("/v1/recognitions", {**wanted, "session": "2026-08"}, key="once"), 422, "idempotency_key_reused")
