"""Tables of grades and rules of issuance go through the bank's life cycle, and are then what the bank goes by."""

from datetime import date, timedelta
from typing import Any

import pytest

from recognition_rules.packs import builtin
from tests.api.http_world import Http, Speaker, outcome, refused

OUR_RULES = """
[pack]
id = "our-titles"
version = "{version}"
title = {{ en = "Titles at this bank" }}
[[reference]]
id = "S1"
title = "the bank's own regulations"
standing = "confirmed"
[[validator]]
id = "no-such-word"
title = {{ en = "The title does not say {word}" }}
require = {{ title = {{ lacks = ["{word}"] }} }}
terms = [{{ from = 2026-01-01, legal_basis = "section 4", source = "S1", confirmed = true }}]
"""
QUESTION: dict[str, Any] = {
    "grade": "1.0",
    "source": "elbe-university",
    "target": "arno-university",
    "field": "0613",
    "cycle": "first",
    "on": "2026-09-01",
}


class Bank:
    """Two administrators of a bank."""

    def __init__(self, http: Http) -> None:
        self.http, self.first, self.second = http, http.administrator("first"), http.administrator("second")

    def propose(self, content: str, **more: Any) -> dict[str, Any]:
        return self.first.made("/v1/rule-packs", {"content": content, **more})

    def publish(self, content: str, **more: Any) -> dict[str, Any]:
        row = self.propose(content, **more)
        query = "?retroactive=true" if more.get("retroactive") else ""
        return self.second.made(f"/v1/rule-packs/{row['id']}/{row['version']}/approval{query}")

    def convert(self, pack: str = "our-grades", **more: Any) -> Any:
        return self.http.client.post("/v1/grade-conversions", json={**QUESTION, "pack": pack, **more})


@pytest.fixture
def bank(http: Http) -> Bank:
    return Bank(http)


def grades(version: str = "1") -> str:
    text = builtin("ects-grades").replace('id = "ects-grades"', 'id = "our-grades"', 1)
    return text.replace('version = "2026.1"', f'version = "{version}"', 1)


def test_a_published_table_does_not_change_for_days_that_are_past(bank: Bank) -> None:
    bank.publish(grades())
    changed = {"content": grades("2").replace('tie = "lower"', 'tie = "higher"', 1)}
    refused(bank.first.post("/v1/rule-packs", changed), 422, "published_term_changed")


def test_tables_of_the_bank_s_own_convert_once_a_second_person_has_approved_them(bank: Bank) -> None:
    refused(bank.convert(), 422, "grade_pack_unknown")
    row = bank.propose(grades(), cases=builtin("ects-grades", "cases.toml"))
    assert (row["kind"], row["state"], row["findings"]) == ("grades", "checked", [])
    assert row["cases_held"] > 10
    refused(bank.convert(), 422, "grade_pack_unknown")
    refused(bank.first.post("/v1/rule-packs/our-grades/1/approval"), 409, "second_person_needed")
    published = bank.second.made("/v1/rule-packs/our-grades/1/approval")
    told = bank.convert().json()
    assert (told["status"], told["grade"]) == ("converted", "30L")
    assert told["pack"] == {"id": "our-grades", "version": "1", "digest": published["digest"]}
    assert bank.first.get("/v1/receipts/pack:our-grades@1").status_code == 200
    assert bank.http.world.bank.audit().clean


def test_a_scheduled_version_converts_from_its_day_on(bank: Bank) -> None:
    bank.publish(grades())
    day = bank.http.now.date() + timedelta(days=30)
    bank.publish(grades("2"), in_force_from=day.isoformat())
    before = bank.convert(on=(day - timedelta(days=1)).isoformat()).json()
    after = bank.convert(on=day.isoformat()).json()
    assert (before["pack"]["version"], after["pack"]["version"]) == ("1", "2")


def test_the_bank_s_version_of_a_pack_that_comes_along_stands_in_its_place(bank: Bank) -> None:
    text = builtin("ects-grades").replace('version = "2026.1"', 'version = "2026.9"', 1)
    bank.publish(text)
    assert bank.convert("ects-grades").json()["pack"]["version"] == "2026.9"


def test_tables_that_contradict_themselves_are_refused_or_stay_a_draft(bank: Bank) -> None:
    wrong = grades().replace("[[scale]]", "[[scales]]", 1)
    problem = refused(bank.first.post("/v1/rule-packs", {"content": wrong}), 422, "pack_invalid")
    assert "line" in problem["detail"]
    cases = builtin("ects-grades", "cases.toml").replace('grade = "30L"', 'grade = "18"', 1)
    row = bank.propose(grades(), cases=cases)
    assert (row["state"], [each["code"] for each in row["findings"]]) == ("draft", ["case_fails"])
    found = bank.first.made("/v1/rule-packs/check", {"content": grades()})
    assert (found["sound"], found["digest"][:7]) == (True, "sha256:")


def test_nothing_is_decided_by_them(bank: Bank) -> None:
    bank.publish(grades())
    book = bank.http.school().made("/v1/credentials", outcome())["deposit"]["learner"]
    asked = {"learner": book, "pack_id": "our-grades", "programme": "degree"}
    for path in ("/v1/recognitions", "/v1/quotes"):
        refused(bank.first.post(path, asked), 422, "pack_not_rules")


def test_they_are_the_bank_s_and_stay_of_their_kind(bank: Bank) -> None:
    school: Speaker = bank.http.school()
    text = grades().replace("our-grades", "hanbit-grades")
    refused(school.post("/v1/rule-packs", {"content": text}), 422, "kind_of_the_bank")
    bank.publish(grades())
    other = OUR_RULES.format(version="2", word="Diploma").replace("our-titles", "our-grades")
    assert bank.first.post("/v1/rule-packs", {"content": other}).status_code in (403, 422)


def rules_of(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each["pack"]["id"], each["pack"]["version"], each["status"]) for each in answer["validations"]]


def test_rules_of_issuance_of_the_bank_s_own_stop_a_badge(bank: Bank) -> None:
    school = bank.http.school()
    asked = outcome(validate_against=["our-titles"])
    refused(school.post("/v1/credentials", asked), 422, "issuance_rules_unknown")
    row = bank.publish(OUR_RULES.format(version="1", word="Databases"), retroactive=False)
    assert (row["kind"], row["state"]) == ("issuance", "published")
    problem = refused(school.post("/v1/credentials", asked), 422, "issuance_rule_broken")
    assert [each["rule"] for each in problem["facts"]["findings"]] == ["no-such-word"]
    issued = school.made("/v1/credentials", outcome(validate_against=["our-titles"], name={"en": "Statistics"}))
    assert school.seen(f"/v1/deposits/{issued['deposit']['deposit_id']}")["flags"] == []
    answer = bank.http.client.post("/v1/validations?pack=our-titles", json={"credential": issued["credential"]}).json()
    assert rules_of(answer) == [("our-titles", "1", "passed")]


def test_a_badge_is_held_against_the_rules_of_its_day(bank: Bank) -> None:
    school = bank.http.school()
    bank.publish(OUR_RULES.format(version="1", word="Diploma"))
    issued = school.made("/v1/credentials", outcome(validate_against=["our-titles"]))["credential"]
    day: date = bank.http.now.date() + timedelta(days=1)
    first, more = (OUR_RULES.format(version="2", word=word) for word in ("Diploma", "Databases"))
    added = more[more.index("[[validator]]") :].replace("no-such-word", "nor-this-one")
    stricter = first + added.replace("from = 2026-01-01", f"from = {day}")
    row = bank.propose(stricter, in_force_from=day.isoformat(), retroactive=False)
    bank.second.made(f"/v1/rule-packs/{row['id']}/2/approval")
    path = "/v1/validations?pack=our-titles&on="
    today = bank.http.client.post(f"{path}{bank.http.now.date()}", json={"credential": issued}).json()
    later = bank.http.client.post(f"{path}{day}", json={"credential": issued}).json()
    assert [rules_of(today)[0][1:], rules_of(later)[0][1:]] == [("1", "passed"), ("2", "broken")]
