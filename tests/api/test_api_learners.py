"""Learners through HTTP: opened, found, joined, stated as of a day; lists that go on page by page."""

from datetime import timedelta
from typing import Any

from tests.api.http_world import Http, outcome, refused

MINA = {"type": "emailAddress", "value": "mina.kim@example.org"}


def test_a_person_is_found_by_any_of_her_identifiers_and_none_is_told(http: Http) -> None:
    desk = http.administrator()
    http.world.school()
    profile = {"name": {"ko": "김미나", "en": "Kim Mina"}}
    made = desk.made("/v1/learners", {"identifiers": [MINA], "profile": profile})
    assert (made["state"], made["profile"]) == ("claimed", profile)
    number = {"type": "studentNumber", "value": "2026-0042"}
    refused(desk.post(f"/v1/learners/{made['learner']}/identifiers", {"identifiers": [number]}), 422, "issuer_needed")
    desk.made(f"/v1/learners/{made['learner']}/identifiers", {"identifiers": [number], "issuer": "hanbit"})
    for identifier, issuer in ((MINA, None), ({**MINA, "value": "MINA.Kim@example.org"}, None), (number, "hanbit")):
        answer = desk.post("/v1/learners/lookup", {"identifier": identifier, "issuer": issuer})
        assert answer.json()["learner"] == made["learner"]
        assert "mina" not in answer.text.lower().replace("kim mina", "")
        assert "0042" not in answer.text
    refused(desk.post("/v1/learners/lookup", {"identifier": number, "issuer": "nowhere"}), 404, "issuer_not_found")
    refused(desk.post("/v1/learners", {"identifiers": [MINA]}), 409, "identifier_taken")


def test_a_credential_finds_the_book_that_was_opened_for_its_learner(http: Http) -> None:
    desk, school = http.administrator(), http.school()
    book = desk.made("/v1/learners", {"identifiers": [MINA]})["learner"]
    assert school.made("/v1/credentials", outcome())["deposit"]["learner"] == book


def test_two_books_of_one_person_become_one(http: Http) -> None:
    desk, school = http.administrator(), http.school()
    other = {"identifiers": [{"type": "emailAddress", "value": "mina@work.example"}]}
    first = school.made("/v1/credentials", outcome())["deposit"]["learner"]
    second = school.made("/v1/credentials", outcome(learner=other, credits="4.5"))["deposit"]["learner"]
    assert first != second
    wallet = http.learner(second)
    merged = desk.made(f"/v1/learners/{second}/merge", {"into": first})
    assert (merged["learner"], merged["deposits"]) == (first, 1)
    assert desk.seen(f"/v1/learners/{second}/accounts")["held"][0]["amount"] == "7.5"
    assert desk.seen(f"/v1/learners/{first}")["merged"] == [second]
    refused(desk.post(f"/v1/learners/{second}/merge", {"into": first}), 409, "book_sealed")
    refused(desk.post(f"/v1/learners/{first}/merge", {"into": first}), 409, "same_book")
    http.world.now += timedelta(seconds=10)
    assert wallet.seen(f"/v1/learners/{second}")["learner"] == first
    assert http.world.bank.audit().clean


def test_a_statement_is_as_earned_by_a_day_and_as_known_at_an_instant(http: Http) -> None:
    school = http.school()
    deposit = school.made("/v1/credentials", outcome(credits="2.5"))["deposit"]
    desk = http.administrator()
    path = f"/v1/learners/{deposit['learner']}/statement"
    amounts = [movement["amount"] for movement in desk.seen(path)["movements"]]
    assert sorted(amounts) == ["-2.5", "2.5"]
    assert desk.seen(f"{path}?on=2026-06-19")["balances"] == []
    assert desk.seen(f"{path}?known_at=2020-01-01T00:00:00Z")["balances"] == []
    refused(desk.get(f"{path}?on=tomorrow"), 422, "invalid_request")
    refused(desk.get(f"{path}?known_at=2020-01-01T00:00:00"), 422, "invalid_request")


def test_lists_go_on_where_the_page_before_ended(http: Http) -> None:
    school = http.school()
    made = [school.made("/v1/credentials", outcome())["deposit"]["deposit_id"] for _ in range(5)]
    wallet = http.learner(school.seen(f"/v1/deposits/{made[0]}")["learner"])
    for speaker in (school, wallet):
        seen, cursor = [], ""
        while cursor is not None:
            page = speaker.seen(f"/v1/deposits?limit=2{f'&cursor={cursor}' if cursor else ''}")
            seen += [item["deposit_id"] for item in page["items"]]
            cursor = page["next"]
        assert seen == made
    refused(school.get("/v1/deposits?limit=0"), 422, "invalid_request")
    refused(school.get("/v1/deposits?limit=201"), 422, "invalid_request")


def test_institutions_are_listed_page_by_page(http: Http) -> None:
    desk = http.administrator()
    for name in ("a-school", "b-school", "c-school"):
        http.world.school(name, accredited=False)
    first = desk.seen("/v1/issuers?limit=2")
    second = desk.seen(f"/v1/issuers?limit=2&cursor={first['next']}")
    assert [issuer["id"] for issuer in first["items"] + second["items"]] == ["a-school", "b-school", "c-school"]
    assert second["next"] is None


def test_rule_packs_are_proposed_with_their_faults_named(http: Http) -> None:
    desk = http.administrator()
    broken = {"content": "[pack]\nid = unquoted\n"}
    problem = refused(desk.post("/v1/rule-packs", broken), 422, "pack_invalid")
    assert (problem["facts"]["line"], problem["facts"]["file"]) == (2, "pack.toml")
    refused(desk.send("/v1/rule-packs", b"\xff\xfe", "text/plain"), 400, "malformed_text")
    refused(desk.get("/v1/rule-packs/none/1"), 404, "rule_pack_not_found")
    http.world.publish_pack()
    pack = desk.seen("/v1/rule-packs")["items"][0]
    whole = desk.seen(f"/v1/rule-packs/{pack['id']}/{pack['version']}")
    refused(desk.post("/v1/rule-packs", {"content": whole["content"]}), 409, "pack_version_exists")
    refused(desk.post(f"/v1/rule-packs/{pack['id']}/{pack['version']}/approval"), 409, "already_published")


def test_a_record_tells_her_in_her_language_how_each_deposit_stands(http: Http) -> None:
    school = http.school()
    made = school.made("/v1/credentials", outcome())["deposit"]
    held = school.made("/v1/credentials", outcome(unit="ects", credits="1"))["deposit"]
    wallet = http.learner(made["learner"])
    told = {each["deposit_id"]: each["message"] for each in wallet.seen(_record(made, "ko"))["items"]}
    assert told[made["deposit_id"]] == "기록에 올라 있으며 학점이 인정됩니다."
    assert "인가를 받지 않았습니다" in told[held["deposit_id"]]
    assert wallet.seen(f"/v1/deposits/{held['deposit_id']}")["message"].endswith("when this changes.")


def _record(made: dict[str, Any], language: str) -> str:
    return f"/v1/learners/{made['learner']}/record?language={language}"
