"""Quotes on record: she finds what she was promised, whoever asked finds it again, the bank knows what it owes."""

from datetime import timedelta
from typing import Any

import pytest

from credentials.jose import read_compact
from recognition_rules.canonical import digest
from tests.api.http_world import Http, Speaker, outcome, refused
from tests.api.test_quote_route import publish
from tests.api.test_recognition_inputs import PLANNED

NOBODY = "7b0a1c2d-3e4f-4a5b-8c6d-7e8f9a0b1c2d"
OTHER = {"identifiers": [{"type": "emailAddress", "value": "other@example.org"}]}


class Desk:
    """A school, two learners with wallets, an administrator, and a pack in force."""

    def __init__(self, http: Http) -> None:
        publish(http, "1")
        self.http, self.school = http, http.school()
        self.book = self.school.made("/v1/credentials", outcome())["deposit"]["learner"]
        self.other_book = self.school.made("/v1/credentials", outcome(learner=OTHER))["deposit"]["learner"]
        self.wallet, self.stranger = http.learner(self.book), http.learner(self.other_book, "wallet-2")
        self.bank = http.administrator()

    def quote(self, by: Speaker, learner: str | None = None, key: str | None = None, **more: Any) -> dict[str, Any]:
        asked = {"pack_id": "example", "programme": "degree", "learner": learner, "awards": [PLANNED]}
        return by.made("/v1/quotes", {**asked, **more}, key)

    def exposure(self, **at: str) -> list[dict[str, Any]]:
        query = f"?at={at['at']}" if at else ""
        found: list[dict[str, Any]] = self.bank.seen(f"/v1/quotes/exposure{query}")["items"]
        return found


@pytest.fixture
def desk(http: Http) -> Desk:
    return Desk(http)


def listed(speaker: Speaker, path: str) -> list[str]:
    return [item["id"] for item in speaker.seen(path)["items"]]


def test_a_learner_finds_her_quote_with_the_answer_that_it_stands_for(desk: Desk) -> None:
    made = desk.quote(desk.wallet, desk.book)
    (item,) = desk.wallet.seen(f"/v1/learners/{desk.book}/quotes")["items"]
    claims = read_compact(made["token"]).payload
    assert (item["id"], item["token"], item["learner"]) == (made["id"], made["token"], desk.book)
    assert (item["asked_by"], item["pack_version"], item["programme"]) == ("wallet", "1", "degree")
    assert (item["promised"], item["unit"], item["holds"], item["kept_by"]) == ("3", "kr-credit", True, [])
    whole = desk.wallet.seen(f"/v1/quotes/{made['id']}")
    answer = whole.pop("recognition")
    assert whole == item
    assert answer == made["recognition"]
    assert claims["recognition"]["id"] == answer["id"]
    assert digest({name: value for name, value in answer.items() if name != "id"}) == answer["id"]


def test_it_is_found_under_the_book_that_hers_was_merged_into(desk: Desk) -> None:
    made = desk.quote(desk.wallet, desk.book)
    desk.bank.made(f"/v1/learners/{desk.book}/merge", {"into": desk.other_book})
    assert listed(desk.stranger, f"/v1/learners/{desk.other_book}/quotes") == [made["id"]]
    assert listed(desk.bank, f"/v1/learners/{desk.book}/quotes") == [made["id"]]
    assert desk.stranger.seen(f"/v1/quotes/{made['id']}")["learner"] == desk.book, "as it was signed"


def test_what_is_another_s_does_not_exist(desk: Desk) -> None:
    hers = desk.quote(desk.wallet, desk.book)["id"]
    rival = desk.http.school("seoul")
    for speaker in (desk.stranger, desk.school, rival):
        theirs = refused(speaker.get(f"/v1/quotes/{hers}"), 404, "quote_not_found")
        nobodys = refused(speaker.get(f"/v1/quotes/{NOBODY}"), 404, "quote_not_found")
        assert {**theirs, "instance": ""} == {**nobodys, "instance": ""}
        assert listed(speaker, "/v1/quotes") == []
    refused(desk.stranger.get(f"/v1/learners/{desk.book}/quotes"), 404, "learner_not_found")
    refused(desk.school.get(f"/v1/learners/{desk.book}/quotes"), 403, "insufficient_scope")
    for speaker in (desk.wallet, desk.school):
        refused(speaker.get("/v1/quotes/exposure"), 403, "administrators_only")


def test_whoever_asked_finds_it_page_by_page(desk: Desk) -> None:
    asked = []
    for _ in range(3):
        asked.append(desk.quote(desk.school)["id"])
        desk.http.world.now += timedelta(seconds=1)
    hers = desk.quote(desk.wallet, desk.book)["id"]
    first = desk.school.seen("/v1/quotes?limit=2")
    rest = desk.school.seen(f"/v1/quotes?limit=2&cursor={first['next']}")
    assert [item["id"] for item in first["items"] + rest["items"]] == asked
    assert listed(desk.bank, "/v1/quotes") == [*asked, hers]
    assert desk.school.seen(f"/v1/quotes/{asked[0]}")["learner"] is None


def test_asked_twice_under_one_key_it_is_one_quote(desk: Desk) -> None:
    first, again = (desk.quote(desk.wallet, desk.book, key="k1") for _ in range(2))
    assert first == again
    assert listed(desk.wallet, f"/v1/learners/{desk.book}/quotes") == [first["id"]]
    body = {"pack_id": "example", "programme": "degree", "learner": desk.book, "awards": []}
    refused(desk.wallet.post("/v1/quotes", body, "k1"), 422, "idempotency_key_reused")
    assert desk.quote(desk.wallet, desk.book)["id"] != first["id"]


def test_the_bank_knows_what_it_has_promised_until_it_is_kept(desk: Desk) -> None:
    made = desk.quote(desk.wallet, desk.book)
    desk.quote(desk.stranger, desk.other_book)
    desk.quote(desk.school)
    (row,) = desk.exposure()
    assert (row["pack_id"], row["pack_version"], row["programme"]) == ("example", "1", "degree")
    assert (row["quotes"], row["promised"], row["unit"], row["to_anybody"]) == (2, "6", "kr-credit", 1)
    asked = {"pack_id": "example", "programme": "degree", "learner": desk.book}
    earned = outcome(achievement=PLANNED["achievement"], name=PLANNED["title"])
    desk.school.made("/v1/credentials", earned)
    decision = desk.wallet.made("/v1/recognitions", {**asked, "quote": made["token"]})["id"]
    assert desk.wallet.seen(f"/v1/quotes/{made['id']}")["kept_by"] == [decision]
    (row,) = desk.exposure()
    assert (row["quotes"], row["promised"], row["to_anybody"]) == (1, "3", 1)


def test_a_promise_that_has_run_out_is_owed_no_more(desk: Desk) -> None:
    last = desk.http.now.date() + timedelta(days=2)
    made = desk.quote(desk.wallet, desk.book, valid_until=last.isoformat())
    ends = last + timedelta(days=1)
    assert desk.exposure(at=f"{last.isoformat()}T23:59:59Z")[0]["promised"] == "3"
    assert desk.exposure(at=f"{ends.isoformat()}T00:00:00Z") == []
    desk.http.world.now += timedelta(days=3)
    desk.http.world.now += timedelta(seconds=1)
    wallet = desk.http.speaker("wallet")
    assert wallet.seen(f"/v1/quotes/{made['id']}")["holds"] is False


def test_who_used_an_offer_to_anybody_is_not_told_to_whoever_asked_for_it(desk: Desk) -> None:
    offer = desk.quote(desk.school)
    desk.school.made("/v1/credentials", outcome(achievement=PLANNED["achievement"], name=PLANNED["title"]))
    asked = {"pack_id": "example", "programme": "degree", "learner": desk.book, "quote": offer["token"]}
    decision = desk.wallet.made("/v1/recognitions", asked)["id"]
    assert desk.school.seen(f"/v1/quotes/{offer['id']}")["kept_by"] == []
    assert desk.bank.seen(f"/v1/quotes/{offer['id']}")["kept_by"] == [decision]


def test_a_question_that_is_refused_promises_nothing(desk: Desk) -> None:
    body = {"pack_id": "example", "programme": "nothing", "learner": desk.book, "awards": [PLANNED]}
    assert desk.wallet.post("/v1/quotes", body).status_code == 422
    assert listed(desk.bank, "/v1/quotes") == []


def test_quotes_leave_books_and_log_as_they_are(desk: Desk) -> None:
    before = desk.http.world.counts()
    desk.quote(desk.wallet, desk.book)
    desk.quote(desk.school)
    assert desk.http.world.counts() == before


def test_exposure_parts_by_version(desk: Desk, http: Http) -> None:
    desk.quote(desk.wallet, desk.book)
    http.world.now += timedelta(seconds=1)
    publish(http, "2")
    desk.quote(desk.wallet, desk.book)
    assert [(row["pack_version"], row["promised"]) for row in desk.exposure()] == [("1", "3"), ("2", "3")]
