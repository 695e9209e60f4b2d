"""Judgements: signed by a person, kept, and taken by the next decision; missing, it is undetermined, never no."""

from datetime import timedelta
from typing import Any

import pytest

from credentials.jws import read_compact, verify_compact
from credentials.keys import PublicKey
from tests.api.http_world import Http, Speaker, outcome, refused
from tests.api.small_packs import JUDGED, pack
from tests.bank_world import ANNA, BORIS


class Judged:
    """A learner with one award, and rules that ask how much of it overlaps."""

    def __init__(self, http: Http) -> None:
        from creditbank.rule_packs import Proposal

        self.school = http.school()
        deposit = self.school.made("/v1/credentials", outcome())["deposit"]
        self.book, self.award = deposit["learner"], deposit["deposit_id"]
        self.wallet = http.learner(self.book)
        http.world.rule_packs.propose(ANNA, Proposal(pack(extra=JUDGED)))
        http.world.rule_packs.approve(BORIS, "example", "1")
        self.asked = {"learner": self.book, "pack_id": "example", "programme": "degree"}

    def decided(self) -> dict[str, Any]:
        result: dict[str, Any] = self.wallet.made("/v1/recognitions", self.asked)["result"]
        return result

    def answer(self, **facts: Any) -> dict[str, Any]:
        return {"learner": self.book, "question": "overlap", "award": self.award, **facts}


@pytest.fixture
def judged(http: Http) -> Judged:
    return Judged(http)


def test_without_an_answer_it_is_undetermined_and_with_one_it_counts(http: Http, judged: Judged) -> None:
    open_question = judged.decided()
    assert open_question["status"] == "undetermined"
    assert open_question["decisions"][0]["reasons"][0]["code"] == "JUDGEMENT_NEEDED"
    made = judged.school.made("/v1/judgements", judged.answer(number="4/5"))
    assert (made["signer"], made["institution"], made["is_number"]) == ("hanbit-sis", "hanbit", True)
    settled = judged.decided()
    assert (settled["status"], settled["totals"]["counted"]) == ("granted", "3")
    assert judged.wallet.seen(f"/v1/learners/{judged.book}/judgements")["items"] == [made]
    assert judged.wallet.get(f"/v1/receipts/{made['id']}").status_code == 200
    assert http.world.bank.audit().clean


def test_just_below_the_share_it_does_not_count(http: Http, judged: Judged) -> None:
    judged.school.made("/v1/judgements", judged.answer(number="0.795"))
    assert judged.decided()["totals"] == {**judged.decided()["totals"], "counted": "0", "not_counted": "3"}


def test_a_quote_takes_what_was_judged_too(http: Http, judged: Judged) -> None:
    judged.school.made("/v1/judgements", judged.answer(number="0.9"))
    assert judged.wallet.made("/v1/quotes", judged.asked)["recognition"]["totals"]["counted"] == "3"


def test_it_is_signed_by_whoever_judged(http: Http, judged: Judged) -> None:
    of_school = judged.school.made("/v1/judgements", judged.answer(number="1"))
    of_bank = http.administrator().made("/v1/judgements", judged.answer(number="1"))
    documents = [
        http.client.get("/v1/issuers/hanbit/jwks.json").json()["keys"],
        [http.world.bank.office.vault.statement_key.public_key.jwk()],
    ]
    for made, keys, name in zip((of_school, of_bank), documents, ("hanbit", PUBLIC), strict=True):
        token = read_compact(made["token"])
        assert token.header["typ"] == "judgement+jwt"
        key = {part: keys[0][part] for part in ("kty", "crv", "x")}
        verify_compact(token, PublicKey.from_jwk(key))
        assert name in token.payload["iss"]
        assert token.payload["judgement"]["answer"] == "1"
        assert made["award"] == token.payload["judgement"]["award"] == judged.award


PUBLIC = "https://bank.example"


def test_an_answer_that_has_run_out_settles_nothing(http: Http, judged: Judged) -> None:
    last_day = (http.now.date() + timedelta(days=3)).isoformat()
    judged.school.made("/v1/judgements", judged.answer(number="1", valid_until=last_day))
    on_the_day = {**judged.asked, "on": last_day}
    later = {**judged.asked, "on": (http.now.date() + timedelta(days=4)).isoformat()}
    assert judged.wallet.made("/v1/quotes", on_the_day)["recognition"]["status"] == "granted"
    assert judged.wallet.made("/v1/quotes", later)["recognition"]["status"] == "undetermined"


def test_who_may_not_judge(http: Http, judged: Judged) -> None:
    rival: Speaker = http.school("seoul")
    answer = judged.answer(number="1")
    refused(judged.wallet.post("/v1/judgements", answer), 403, "insufficient_scope")
    refused(rival.post("/v1/judgements", answer), 404, "learner_not_found")
    refused(judged.school.post("/v1/judgements", {**answer, "award": judged.book}), 404, "award_not_found")
    past = (http.now.date() - timedelta(days=1)).isoformat()
    refused(judged.school.post("/v1/judgements", {**answer, "valid_until": past}), 422, "already_expired")
    refused(judged.school.post("/v1/judgements", {**answer, "answer": True}), 422, "invalid_request")
    refused(judged.school.post("/v1/judgements", judged.answer()), 422, "invalid_request")


def test_the_same_request_judges_once(http: Http, judged: Judged) -> None:
    answers = [judged.school.made("/v1/judgements", judged.answer(number="1"), key="one") for _ in range(2)]
    assert answers[0]["id"] == answers[1]["id"]
    assert len(judged.wallet.seen(f"/v1/learners/{judged.book}/judgements")["items"]) == 1


def test_a_signed_answer_passes_for_no_credential(http: Http, judged: Judged) -> None:
    """The institution's key signs badges too: nothing else that it signs may be taken for one."""
    token = judged.school.made("/v1/judgements", judged.answer(number="1"))["token"]
    before = http.world.counts()
    for media_type in ("application/vc+jwt", "application/jwt", "text/plain"):
        assert judged.school.send("/v1/deposits", token.encode(), media_type).status_code in (415, 422)
    verdict = http.client.post("/v1/verify", json={"credential": token})
    assert verdict.status_code == 422 or verdict.json()["verdict"] == "invalid"
    assert http.world.counts() == before
