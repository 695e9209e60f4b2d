"""An institution's departures from the bank's rules, by HTTP: proposed by itself, approved by another, used there."""

from typing import Any

import pytest

from tests.api.http_world import Http, Speaker, outcome, refused
from tests.creditbank.nested_packs import nested_pack
from tests.creditbank.test_local_rules import CAP, SIX


class Place:
    """A bank with published rules, an institution with its system, and a learner with six credits."""

    def __init__(self, http: Http) -> None:
        self.bank, self.other = http.administrator(), http.administrator("desk-2")
        self.school = http.school()
        self.publish(self.bank, {"content": nested_pack(extra=CAP)}, "nested")
        for number in (1, 2):
            achievement = f"https://hanbit.example/{number}"
            self.book = self.school.made("/v1/credentials", outcome(achievement=achievement))["deposit"]["learner"]

    def publish(self, speaker: Speaker, body: dict[str, Any], pack: str) -> dict[str, Any]:
        speaker.made("/v1/rule-packs", body)
        query = "?retroactive=true" if body.get("retroactive") else ""
        return self.other.made(f"/v1/rule-packs/{pack}/1/approval{query}")

    def decided(self, **more: Any) -> dict[str, Any]:
        asked = {"learner": self.book, "pack_id": "nested", "programme": "certificate", **more}
        return self.bank.made("/v1/recognitions", asked)


@pytest.fixture
def place(http: Http) -> Place:
    return Place(http)


DEPARTURES = {"content": SIX, "base_id": "nested", "retroactive": True}


def test_an_institution_s_own_departures_decide_where_it_awards(place: Place) -> None:
    row = place.publish(place.school, DEPARTURES, "hanbit-nested")
    assert (row["base_id"], row["base_version"], row["scope"]) == ("nested", "1", "hanbit"), "the version in force"
    here, nowhere = place.decided(institution="hanbit"), place.decided()
    assert (here["pack_id"], here["result"]["totals"]["counted"]) == ("hanbit-nested", "6")
    assert (nowhere["pack_id"], nowhere["result"]["totals"]["counted"]) == ("nested", "3")
    listed = {item["id"]: item["base_id"] for item in place.bank.seen("/v1/rule-packs")["items"]}
    assert listed == {"nested": None, "hanbit-nested": "nested"}
    assert place.bank.seen("/v1/rule-packs/hanbit-nested/1")["content"].startswith("[pack]")


def test_they_are_checked_as_the_whole_that_they_make(place: Place) -> None:
    asked = {"content": SIX, "base_id": "nested", "base_version": "1"}
    found = place.school.made("/v1/rule-packs/check", asked)
    assert (found["sound"], found["digest"][:7]) == (True, "sha256:")
    wrong = {**asked, "content": SIX.replace("value = 6", "value = 7")}
    problem = refused(place.school.post("/v1/rule-packs/check", wrong), 422, "pack_invalid")
    assert "local.toml" in problem["detail"]
    refused(place.bank.post("/v1/rule-packs/check", asked), 422, "scope_needed")


@pytest.mark.parametrize("wrong", [{"base_id": None, "base_version": "1"}, {"content": None, "pack": {}}])
def test_departures_are_a_text_over_a_pack(place: Place, wrong: dict[str, Any]) -> None:
    refused(place.school.post("/v1/rule-packs", {**DEPARTURES, **wrong}), 422, "invalid_request")


def test_over_what_is_not_there_nothing_is_proposed(place: Place) -> None:
    refused(place.school.post("/v1/rule-packs", {**DEPARTURES, "base_id": "none"}), 404, "rule_pack_not_found")
    refused(place.school.post("/v1/rule-packs", {**DEPARTURES, "scope": "seoul"}), 403, "pack_out_of_scope")
