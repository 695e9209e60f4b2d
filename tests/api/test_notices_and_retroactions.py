"""What a learner is told when a decision is made anew, and orders to decide the past anew."""

from typing import Any

import pytest

from creditbank.reevaluation import Reevaluation
from creditbank.rule_packs import Proposal
from creditbank.transactions import recognitions
from recognition_rules.input_errors import OptimumNotProven
from tests.api.http_world import Http, outcome, refused
from tests.api.small_packs import pack
from tests.bank_world import ANNA, BORIS


def published(http: Http, version: str = "1") -> None:
    http.world.rule_packs.propose(ANNA, Proposal(pack(version=version)))
    http.world.rule_packs.approve(BORIS, "example", version)


class Decided:
    """A learner with one credential and a decision on it."""

    def __init__(self, http: Http) -> None:
        self.school = http.school()
        issued = self.school.made("/v1/credentials", outcome())
        self.book, self.credential = issued["deposit"]["learner"], issued["credential_id"]
        self.wallet = http.learner(self.book)
        published(http)
        asked = {"learner": self.book, "pack_id": "example", "programme": "degree"}
        self.id = self.wallet.made("/v1/recognitions", asked)["id"]

    def revoke(self) -> None:
        answer = self.school.post(f"/v1/credentials/{self.credential}/revocation", {"reason": "fraud"})
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("en", "0 Korean credits count now instead of 3: 3 less."),
        ("ko", "이제 0학점이 인정됩니다(이전 3, 3 감소)."),
        ("zh-Hans", "现在计入0韩国学分（原为 3），减少 3。"),
    ],
)
def test_a_learner_reads_what_was_decided_anew_in_her_language(http: Http, language: str, first: str) -> None:
    decided = Decided(http)
    assert decided.wallet.seen(f"/v1/learners/{decided.book}/notices")["items"] == []
    decided.revoke()
    (notice,) = decided.wallet.seen(f"/v1/learners/{decided.book}/notices?language={language}")["items"]
    assert (notice["cause"], notice["before"]) == ("revoked", decided.id)
    assert decided.wallet.seen(f"/v1/recognitions/{notice['after']}")["replaces"] == decided.id
    assert notice["sentences"][0] == first


def test_a_decision_that_cannot_be_made_anew_is_shown_as_withdrawn(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(*_arguments: Any, **_options: Any) -> Any:
        raise OptimumNotProven(within="the effort allowed")

    decided = Decided(http)
    with monkeypatch.context() as patched:
        patched.setattr(recognitions, "apply", give_up)
        decided.revoke()
    (notice,) = decided.wallet.seen(f"/v1/learners/{decided.book}/notices")["items"]
    assert (notice["after"], notice["alternative"]["error"]) == (None, "optimum_not_proven")
    shown = decided.wallet.seen(f"/v1/recognitions/{decided.id}")
    assert (shown["withdrawn"], shown["replaced_by"]) == (True, None)
    (listed,) = decided.wallet.seen(f"/v1/learners/{decided.book}/recognitions")["items"]
    assert listed["withdrawn"]


def test_an_order_takes_two_administrators(http: Http) -> None:
    first, second, school = http.administrator("one"), http.administrator("two"), http.school()
    published(http)
    order = {"pack_id": "example", "version": "1", "reason": "A decree."}
    refused(school.post("/v1/retroactions", order), 403, "administrators_only")
    made = first.made("/v1/retroactions", order)
    assert (made["proposed_by"], made["approved_by"]) == ("one", None)
    way = "/v1/retroactions/example/1/approval"
    refused(first.post(way), 409, "second_person_needed")
    assert second.post(way).json()["approved_by"] == "two"
    refused(second.post(way), 409, "already_approved")
    refused(first.post("/v1/retroactions", order), 409, "retroaction_exists")
    refused(first.post("/v1/retroactions", {**order, "version": "9"}), 404, "rule_pack_not_found")
    refused(first.post("/v1/retroactions/example/9/approval"), 404, "retroaction_not_found")
    assert Reevaluation(http.world.bank).run("example", "1").failed == {}
