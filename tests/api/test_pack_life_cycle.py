"""A pack's way into force: checked with its cases, approved by a second person, scheduled, published, withdrawn."""

from datetime import timedelta

import pytest

from tests.api.http_world import Http, outcome, refused
from tests.api.small_packs import TERMS, cases, pack


def test_a_check_stores_nothing_and_says_what_is_wrong(http: Http) -> None:
    desk = http.administrator()
    sound = desk.made("/v1/rule-packs/check", {"content": pack(), "cases": cases("short")})
    assert (sound["sound"], sound["cases_held"]) == (True, 1)
    failing = desk.made("/v1/rule-packs/check", {"content": pack(), "cases": cases("granted")})
    assert (failing["sound"], failing["cases_held"]) == (False, 0)
    assert [finding["code"] for finding in failing["findings"] if finding["level"] == "error"] == ["case_fails"]
    broken = desk.made("/v1/rule-packs/check", {"content": pack().replace("order =", "odrer =")})
    assert not broken["sound"]
    assert broken["digest"] is None
    assert broken["findings"][0]["line"] == pack().splitlines().index('order = ["ended_on", "award_id"]') + 1
    assert desk.seen("/v1/rule-packs")["items"] == []
    refused(desk.post("/v1/rule-packs/check", {"content": pack(), "cases": "[[case]]\n" * 501}), 422, "too_many_cases")
    refused(http.speaker(http.register("e", "employer")).post("/v1/rule-packs/check", {}), 403, "insufficient_scope")


def test_a_pack_whose_case_fails_stays_a_draft(http: Http) -> None:
    anna, boris = http.administrator("anna-desk"), http.administrator("boris-desk")
    draft = anna.made("/v1/rule-packs", {"content": pack(), "cases": cases("granted")})
    assert (draft["state"], draft["cases_held"]) == ("draft", 0)
    assert "nothing" in draft["findings"][0]["sentence"]
    refused(boris.post("/v1/rule-packs/example/1/approval"), 409, "pack_not_checked")
    assert anna.made("/v1/rule-packs/example/1/withdrawal")["state"] == "withdrawn"
    refused(anna.post("/v1/rule-packs", {"content": pack()}), 409, "pack_version_exists")
    mended = anna.made("/v1/rule-packs", {"content": pack(version="2"), "cases": cases("short")})
    assert mended["state"] == "checked"
    assert boris.made("/v1/rule-packs/example/2/approval")["state"] == "published"
    whole = boris.seen("/v1/rule-packs/example/2")
    assert (whole["content"], whole["cases"]) == (pack(version="2"), cases("short"))
    refused(boris.post("/v1/rule-packs/example/2/withdrawal"), 409, "already_published")


def test_nobody_approves_what_she_proposed(http: Http) -> None:
    anna = http.administrator()
    anna.made("/v1/rule-packs", {"content": pack()})
    refused(anna.post("/v1/rule-packs/example/1/approval"), 409, "second_person_needed")


def test_a_scheduled_version_decides_from_its_day_on(http: Http) -> None:
    anna, boris = http.administrator("anna-desk"), http.administrator("boris-desk")
    school = http.school()
    book = school.made("/v1/credentials", outcome())["deposit"]["learner"]
    today = http.now.date()
    day = today + timedelta(days=10)
    anna.made("/v1/rule-packs", {"content": pack()})
    boris.made("/v1/rule-packs/example/1/approval")
    anna.made("/v1/rule-packs", {"content": pack(version="2"), "in_force_from": day.isoformat()})
    assert boris.made("/v1/rule-packs/example/2/approval")["state"] == "scheduled"
    assert anna.get("/v1/receipts/pack:example@2").status_code == 200
    asked = {"learner": book, "pack_id": "example", "programme": "degree"}
    assert anna.made("/v1/recognitions", asked)["pack_version"] == "1"
    before = {**asked, "pack_version": "2", "on": (day - timedelta(days=1)).isoformat()}
    refused(anna.post("/v1/recognitions", before), 422, "pack_not_in_force")
    refused(anna.post("/v1/quotes", before), 422, "pack_not_in_force")
    assert anna.made("/v1/quotes", {**before, "on": day.isoformat()})["recognition"]["status"] == "granted"
    http.world.now += timedelta(days=10)
    later = http.speaker("boris-desk")
    assert later.seen("/v1/rule-packs/example/2")["state"] == "published"
    assert later.made("/v1/recognitions", asked)["pack_version"] == "2"


@pytest.mark.parametrize("days", [0, 1])
def test_a_day_from_today_on_is_not_retroactive(http: Http, days: int) -> None:
    anna = http.administrator()
    day = (http.now.date() + timedelta(days=days)).isoformat()
    refused(
        anna.post("/v1/rule-packs", {"content": pack(), "in_force_from": day, "retroactive": True}),
        422,
        "not_retroactive",
    )
    assert anna.made("/v1/rule-packs", {"content": pack(), "in_force_from": day})["state"] == "checked"


def test_what_waits_too_long_for_its_second_person_is_proposed_anew(http: Http) -> None:
    anna = http.administrator("anna-desk")
    anna.made("/v1/rule-packs", {"content": pack(), "in_force_from": http.now.date().isoformat()})
    http.world.now += timedelta(days=1)
    refused(http.administrator("boris-desk").post("/v1/rule-packs/example/1/approval"), 409, "in_force_day_passed")


def test_the_json_form_is_the_same_pack(http: Http) -> None:
    anna, boris = http.administrator("anna-desk"), http.administrator("boris-desk")
    first = anna.made("/v1/rule-packs", {"content": pack()})
    as_json = anna.seen("/v1/rule-packs/example/1?form=json")["pack"]
    assert as_json["choose"]["order"] == ["ended_on", "award_id"]
    assert anna.made("/v1/rule-packs/check", {"pack": as_json})["digest"] == first["digest"]
    as_json["pack"]["version"] = "2"
    assert boris.made("/v1/rule-packs", {"pack": as_json})["version"] == "2"
    refused(anna.post("/v1/rule-packs", {"pack": as_json, "content": pack()}), 422, "invalid_request")
    floating = {**as_json, "pack": {**as_json["pack"], "version": 1.5}}
    refused(anna.post("/v1/rule-packs", {"pack": floating}), 422, "pack_invalid")


def test_a_difference_is_told_in_words(http: Http) -> None:
    anna, boris = http.administrator("anna-desk"), http.administrator("boris-desk")
    anna.made("/v1/rule-packs", {"content": pack()})
    boris.made("/v1/rule-packs/example/1/approval")
    dearer = pack(version="2").replace("at_least = 3", "at_least = 6").replace("total = 3", "total = 6")
    refused(anna.post("/v1/rule-packs", {"content": dearer}), 422, "published_term_changed")
    anna.made("/v1/rule-packs", {"content": dearer, "retroactive": True})
    changes = anna.seen("/v1/rule-packs/example/1/diff/2")["changes"]
    assert any(change["past"] and "6" in change["sentence"] for change in changes), changes
    refused(boris.post("/v1/rule-packs/example/2/approval"), 409, "retroactive_not_agreed")
    assert boris.made("/v1/rule-packs/example/2/approval?retroactive=true")["state"] == "published"


CAP = f"""
[[limit]]
id = "cap"
code = "CAP_2"
title = {{ en = "At most two" }}
where = {{ class = ["major-elective"] }}
at_most = 2
{TERMS}
"""


SLOT = '{ slot = "major", title = { en = "Major" }, where = { class = ["major-elective"] }, at_least = 3 },'


def test_a_finding_of_the_lint_keeps_it_a_draft_too(http: Http) -> None:
    """Three credits of the major are asked for, and at most two can ever count."""
    desk = http.administrator()
    unreachable = pack(extra=CAP).replace("require.all = [", f"require.all = [ {SLOT}")
    found = desk.made("/v1/rule-packs/check", {"content": unreachable})
    assert found["digest"] is not None
    assert [finding for finding in found["findings"] if finding["level"] == "error"], found["findings"]
    assert desk.made("/v1/rule-packs", {"content": unreachable})["state"] == "draft"
