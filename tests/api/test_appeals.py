"""Appeals: one step is objected to, two people who had no part in it look, and the outcome is signed and logged."""

import re
from datetime import timedelta
from typing import Any

import pytest

from credentials.jws import read_compact, verify_compact
from creditbank.recognising import Recognising
from creditbank.replay import replay
from creditbank.rule_packs import Proposal
from tests.api.http_world import Http, Speaker, outcome, refused
from tests.api.small_packs import JUDGED, pack
from tests.bank_world import ANNA, BORIS

WORDS = "The examiners saw nine tenths of the same content; see the letter."


class Dispute:
    """A decision that a question left open, its learner, and three people of the bank."""

    def __init__(self, http: Http) -> None:
        self.http = http
        self.school = http.school()
        deposit = self.school.made("/v1/credentials", outcome())["deposit"]
        self.book, self.award = deposit["learner"], deposit["deposit_id"]
        self.wallet = http.learner(self.book)
        http.world.rule_packs.propose(ANNA, Proposal(pack(extra=JUDGED)))
        http.world.rule_packs.approve(BORIS, "example", "1")
        self.clerk, self.first, self.second = (http.administrator(name) for name in ("clerk", "first", "second"))
        asked = {"learner": self.book, "pack_id": "example", "programme": "degree"}
        self.decision = self.clerk.made("/v1/recognitions", asked)

    @property
    def step(self) -> int:
        """The step that did not let the award in."""
        steps = self.wallet.seen(f"/v1/recognitions/{self.decision['id']}/trace")["steps"]
        return next(step["n"] for step in steps if step["rule"] == "overlap")

    def objection(self, **facts: Any) -> dict[str, Any]:
        return {"recognition": self.decision["id"], "step": self.step, "text": WORDS, **facts}

    def opened(self) -> str:
        found: str = self.wallet.made("/v1/appeals", self.objection(evidence=[f"sha256:{'0' * 64}"]))["id"]
        return found

    def proposed(self, upheld: bool = True, **remedy: Any) -> str:
        appeal = self.opened()
        self.clerk.made(f"/v1/appeals/{appeal}/assignment", {"reviewer": "first"})
        self.first.made(f"/v1/appeals/{appeal}/view", {"upheld": upheld, "text": "I have read the letter.", **remedy})
        return appeal

    def ended(self, appeal: str, speaker: Speaker | None = None) -> dict[str, Any]:
        return (speaker or self.second).made(
            f"/v1/appeals/{appeal}/second-view", {"agrees": True, "text": "So have I."}
        )

    def overlap(self) -> dict[str, Any]:
        return {"question": "overlap", "award": self.award, "number": "9/10"}


@pytest.fixture
def dispute(http: Http) -> Dispute:
    return Dispute(http)


def test_an_appeal_upheld_brings_a_new_decision(dispute: Dispute, http: Http) -> None:
    assert dispute.decision["result"]["status"] == "undetermined"
    appeal = dispute.proposed(judgement=dispute.overlap())
    ended = dispute.ended(appeal)
    assert (ended["state"], ended["overdue"]) == ("upheld", False)
    old = dispute.wallet.seen(f"/v1/recognitions/{dispute.decision['id']}")
    new = dispute.wallet.seen(f"/v1/recognitions/{ended['new_recognition']}")
    assert old["replaced_by"] == new["id"]
    assert (new["result"]["status"], new["result"]["totals"]["counted"]) == ("granted", "3")
    assert (new["pack_id"], new["pack_version"]) == (old["pack_id"], old["pack_version"])
    assert replay(Recognising(http.world.bank).bundle(new["id"])).agrees
    assert http.world.bank.audit().clean


def test_the_outcome_is_signed_and_logged(dispute: Dispute, http: Http) -> None:
    ended = dispute.ended(dispute.proposed(judgement=dispute.overlap()))
    token = read_compact(ended["token"])
    verify_compact(token, http.world.bank.office.vault.statement_key.public_key)
    told = token.payload
    assert token.header["typ"] == "appeal-outcome+jwt"
    assert (told["recognition"], told["step"]["n"]) == (dispute.decision["id"], dispute.step)
    assert (told["upheld"], told["reviewers"]) == (True, ["first", "second"])
    assert told["new_recognition"] == ended["new_recognition"]
    entry = dispute.wallet.seen(f"/v1/receipts/{ended['id']}")["entry"]
    assert '"event":"decided"' in entry
    assert WORDS not in entry


def test_a_corrected_fact_is_decided_with(dispute: Dispute) -> None:
    remedy = {"learner_facts": {"transferred": True}, "judgement": dispute.overlap()}
    ended = dispute.ended(dispute.proposed(**remedy))
    new = dispute.wallet.seen(f"/v1/recognitions/{ended['new_recognition']}/bundle")["request"]
    assert (new["learner"], new["by"]) == ({"transferred": True}, "second")


def test_an_appeal_upheld_days_later_takes_the_answer_of_that_day(dispute: Dispute, http: Http) -> None:
    step = dispute.step
    http.world.now += timedelta(days=9)
    dispute.wallet, dispute.clerk = http.speaker("wallet"), http.speaker("clerk")
    dispute.first, dispute.second = http.speaker("first"), http.speaker("second")
    assert dispute.step == step
    ended = dispute.ended(dispute.proposed(judgement=dispute.overlap()))
    new = dispute.wallet.seen(f"/v1/recognitions/{ended['new_recognition']}")
    assert (new["on"], new["result"]["status"]) == (http.now.date().isoformat(), "granted")


def test_an_appeal_rejected_leaves_the_decision(dispute: Dispute, http: Http) -> None:
    before = http.world.counts()
    ended = dispute.ended(dispute.proposed(upheld=False))
    assert (ended["state"], ended["new_recognition"]) == ("rejected", None)
    assert dispute.wallet.seen(f"/v1/recognitions/{dispute.decision['id']}")["replaced_by"] is None
    after = http.world.counts()
    assert (after["entries"], after["leaves"]) == (before["entries"], before["leaves"] + 2)


def test_nobody_judges_what_she_had_a_part_in(dispute: Dispute, http: Http) -> None:
    appeal = dispute.opened()
    for reviewer, code in (
        ("clerk", "reviewer_involved"),
        ("wallet", "reviewer_not_found"),
        ("x", "reviewer_not_found"),
    ):
        status = 403 if code == "reviewer_involved" else 404
        refused(dispute.first.post(f"/v1/appeals/{appeal}/assignment", {"reviewer": reviewer}), status, code)
    dispute.clerk.made(f"/v1/appeals/{appeal}/assignment", {"reviewer": "first"})
    view = {"upheld": True, "text": "Yes."}
    refused(dispute.second.post(f"/v1/appeals/{appeal}/view", view), 403, "not_the_reviewer")
    dispute.first.made(f"/v1/appeals/{appeal}/view", view)
    second = {"agrees": True, "text": "Yes."}
    for speaker, code in ((dispute.first, "second_reviewer_needed"), (dispute.clerk, "reviewer_involved")):
        refused(speaker.post(f"/v1/appeals/{appeal}/second-view", second), 403, code)
    refused(dispute.wallet.post(f"/v1/appeals/{appeal}/second-view", second), 403, "insufficient_scope")


def test_who_does_not_agree_sends_it_to_others(dispute: Dispute) -> None:
    appeal = dispute.proposed(upheld=False)
    again = dispute.second.made(f"/v1/appeals/{appeal}/second-view", {"agrees": False, "text": "The letter says more."})
    assert again["state"] == "disagreed"
    dispute.clerk.made(f"/v1/appeals/{appeal}/assignment", {"reviewer": "second"})
    view = {"upheld": True, "text": "It says nine tenths.", "judgement": dispute.overlap()}
    dispute.second.made(f"/v1/appeals/{appeal}/view", view)
    assert dispute.ended(appeal, dispute.first)["state"] == "upheld"


def test_one_step_is_objected_to_once_at_a_time(dispute: Dispute) -> None:
    appeal = dispute.opened()
    refused(dispute.wallet.post("/v1/appeals", dispute.objection()), 409, "appeal_open")
    refused(dispute.wallet.post("/v1/appeals", dispute.objection(step=999)), 404, "step_not_found")
    assert dispute.wallet.made(f"/v1/appeals/{appeal}/withdrawal")["state"] == "withdrawn"
    refused(dispute.wallet.post(f"/v1/appeals/{appeal}/withdrawal"), 409, "appeal_state")
    dispute.wallet.made("/v1/appeals", dispute.objection())


def test_what_was_replaced_is_not_appealed(dispute: Dispute) -> None:
    objection = dispute.objection()
    asked = {"learner": dispute.book, "pack_id": "example", "programme": "degree"}
    dispute.wallet.made("/v1/recognitions", asked)
    refused(dispute.wallet.post("/v1/appeals", objection), 409, "replaced")


def test_others_see_nothing_of_it(dispute: Dispute, http: Http) -> None:
    appeal = dispute.opened()
    rival = http.school("seoul")
    refused(rival.get(f"/v1/appeals/{appeal}"), 404, "appeal_not_found")
    refused(rival.post("/v1/appeals", dispute.objection()), 404, "recognition_not_found")
    assert rival.seen("/v1/appeals")["items"] == []
    refused(dispute.school.get(f"/v1/appeals/{appeal}"), 404, "appeal_not_found")
    dispute.wallet.made(f"/v1/appeals/{appeal}/withdrawal")
    of_school = dispute.school.made("/v1/appeals", dispute.objection())["id"]
    assert [each["id"] for each in dispute.school.seen("/v1/appeals")["items"]] == [of_school]
    assert {each["id"] for each in dispute.wallet.seen("/v1/appeals")["items"]} == {appeal, of_school}
    refused(dispute.wallet.post(f"/v1/appeals/{of_school}/withdrawal"), 404, "appeal_not_found")


def test_the_bank_reads_them_page_by_page(dispute: Dispute) -> None:
    first = dispute.opened()
    second = dispute.wallet.made("/v1/appeals", dispute.objection(step=0))["id"]
    page = dispute.clerk.seen("/v1/appeals?limit=1")
    rest = dispute.clerk.seen(f"/v1/appeals?limit=1&cursor={page['next']}")
    assert [each["id"] for found in (page, rest) for each in found["items"]] in ([first, second], [second, first])


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "objection"), ("ko", "이의"), ("zh-Hans", "申诉"), ("hi", "आपत्ति"), ("fi", "objection")],
)
def test_it_is_told_in_her_language(dispute: Dispute, language: str, word: str) -> None:
    message = dispute.wallet.seen(f"/v1/appeals/{dispute.opened()}?language={language}")["message"]
    assert word in message
    due = dispute.http.now + timedelta(days=30)
    assert {str(due.year), str(due.day)} <= set(re.findall(r"[0-9]+", message))


def test_it_is_overdue_after_its_day(dispute: Dispute, http: Http) -> None:
    appeal = dispute.opened()
    http.world.now += timedelta(days=30)
    assert not http.speaker("clerk").seen(f"/v1/appeals/{appeal}")["overdue"]
    http.world.now += timedelta(days=1)
    assert http.speaker("clerk").seen(f"/v1/appeals/{appeal}")["overdue"]
