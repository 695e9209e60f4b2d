"""What a decision of record may be asked: policy, institution, exit award, facts; and how it is read again."""

from typing import Any

import pytest

from creditbank.replay import Bundle, replay
from creditbank.rule_packs import Proposal
from tests.api.http_world import Http, Speaker, outcome, refused
from tests.api.small_packs import pack
from tests.bank_world import ANNA, BORIS

OPEN_CHOICE = """
[[parameter]]
id = "choose-order"
value = ["ended_on", "award_id"]
others = [["started_on", "award_id"]]
title = { en = "Which award is offered room first" }
"""


class Learner:
    """A learner with one award, and a pack that leaves open in which order awards are looked at."""

    def __init__(self, http: Http) -> None:
        self.http = http
        self.school = http.school()
        self.book = self.school.made("/v1/credentials", outcome())["deposit"]["learner"]
        self.wallet: Speaker = http.learner(self.book)
        http.world.rule_packs.propose(ANNA, Proposal(pack(extra=OPEN_CHOICE)))
        http.world.rule_packs.approve(BORIS, "example", "1")

    def asked(self, **more: Any) -> dict[str, Any]:
        return {"learner": self.book, "pack_id": "example", "programme": "degree", **more}


@pytest.fixture
def learner(http: Http) -> Learner:
    return Learner(http)


def test_what_the_pack_leaves_open_may_be_chosen(learner: Learner) -> None:
    order = ["started_on", "award_id"]
    made = learner.wallet.made("/v1/recognitions", learner.asked(policy={"order": order}))
    assert made["result"]["inputs"]["policy"]["order"] == order
    own = learner.asked(policy={"order": ["ended_on", "award_id"], "items": "in-order"})
    assert learner.wallet.made("/v1/recognitions", own)["result"]["inputs"]["policy"]["order"][0] == "ended_on"


def test_what_it_does_not_may_be_asked_in_a_quote_only(learner: Learner) -> None:
    other = learner.asked(policy={"order": ["awarded_on", "award_id"]})
    problem = refused(learner.wallet.post("/v1/recognitions", other), 422, "policy_not_allowed")
    assert problem["facts"] == {"member": "order"}
    quote = learner.wallet.made("/v1/quotes", other)
    assert quote["recognition"]["inputs"]["policy"]["order"] == ["awarded_on", "award_id"]


@pytest.mark.parametrize(
    "policy", [{"order": ["award"]}, {"items": "whatever"}, {"objectives": ["canonical", "counted"]}]
)
def test_what_the_engine_does_not_know_is_refused(learner: Learner, policy: dict[str, Any]) -> None:
    for path in ("/v1/recognitions", "/v1/quotes"):
        refused(learner.wallet.post(path, learner.asked(policy=policy)), 422, "policy_invalid")
    refused(learner.wallet.post("/v1/recognitions", learner.asked(policy={"seed": 1})), 422, "invalid_request")


def test_a_decision_is_read_as_sentences_trace_and_bundle(learner: Learner) -> None:
    made = learner.wallet.made("/v1/recognitions", learner.asked(learner_facts={"veteran": True}))
    place = f"/v1/recognitions/{made['id']}"
    assert learner.wallet.seen(f"{place}/trace")["steps"] == made["result"]["steps"]
    english = learner.wallet.seen(f"{place}/explanation")["lines"]
    korean = learner.wallet.seen(f"{place}/explanation?language=ko")["lines"]
    assert len(english) == len(korean)
    assert english != korean
    assert any("데이터베이스" in line for line in korean)
    bundle = learner.wallet.seen(f"{place}/bundle")
    assert bundle["request"]["by"] == "wallet"
    assert replay(Bundle.from_json(bundle)).agrees


def test_every_change_is_tried_on_request(learner: Learner) -> None:
    plain = learner.wallet.made("/v1/recognitions", learner.asked(institution="hanbit"))
    tried = learner.wallet.made("/v1/recognitions", learner.asked(verify_counterfactuals=True))
    assert tried["result"]["totals"] == plain["result"]["totals"]
    bundle = learner.wallet.seen(f"/v1/recognitions/{tried['id']}/bundle")
    assert bundle["request"]["verify"] is True
    assert replay(Bundle.from_json(bundle)).agrees


def test_many_awards_are_not_tried_one_by_one(learner: Learner) -> None:
    awards = [{**PLANNED, "id": f"p{number}"} for number in range(41)]
    asked = learner.asked(verify_counterfactuals=True, awards=awards)
    refused(learner.wallet.post("/v1/quotes", asked), 422, "too_many_to_verify")


PLANNED: dict[str, Any] = {
    "id": "planned",
    "issuer": "hanbit",
    "achievement": "https://hanbit.example/courses/statistics",
    "amount": {"amount": "3", "unit": "kr-credit"},
    "title": {"en": "Statistics"},
    "source": "accredited-course",
    "class": "major-elective",
    "ended_on": "2026-06-20",
    "issuer_accredited": True,
}
