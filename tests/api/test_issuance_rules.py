"""Rules of a framework through the product: at issuance they refuse, at a deposit they flag, and anybody may ask."""

from typing import Any

import pytest

from recognition_rules.packs import builtin_ids
from tests.api.http_world import Http, outcome, refused

MICRO: dict[str, Any] = {
    "levels": [{"framework": "eqf", "value": "5"}],
    "learning_outcomes": ["Designs a relational schema", "Writes queries over it"],
    "assessment_type": "written examination",
    "participation": "online",
    "quality_assurance": "institutional accreditation",
    "validate_against": ["eu-microcredential"],
}
FORMS = ("vc-jwt", "vc+jwt", "eddsa-rdfc-2022", "eddsa-jcs-2022")


def rules(findings: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    return [(each["rule"], [reason["code"] for reason in each["reasons"]]) for each in findings]


@pytest.mark.parametrize("form", FORMS)
def test_a_complete_micro_credential_is_issued_and_says_under_which_rules(http: Http, form: str) -> None:
    school = http.school()
    issued = school.made("/v1/credentials", outcome(**MICRO, format=form))
    assert issued["deposit"]["state"] == "credited"
    verdict = http.client.post("/v1/verify", json={"credential": issued["credential"]}).json()
    assert verdict["verdict"] == "valid"
    asked = {"credential": issued["credential"]}
    answer = http.client.post("/v1/validations?pack=eu-microcredential", json=asked).json()
    assert [each["status"] for each in answer["validations"]] == ["passed"]
    assert {each["standing"] for each in answer["validations"][0]["findings"]} == {"noted"}
    assert school.seen(f"/v1/deposits/{issued['deposit']['deposit_id']}")["flags"] == []


@pytest.mark.parametrize(
    ("left_out", "rule"),
    [
        ("levels", "level"),
        ("learning_outcomes", "learning-outcomes"),
        ("assessment_type", "assessment"),
        ("participation", "participation"),
        ("quality_assurance", "quality-assurance"),
    ],
)
def test_one_that_lacks_an_element_is_not_issued_and_the_defect_is_named(http: Http, left_out: str, rule: str) -> None:
    school = http.school()
    before = http.world.counts()
    asked = {name: value for name, value in MICRO.items() if name != left_out}
    answer = school.post("/v1/credentials", outcome(**asked))
    refused(answer, 422, "issuance_rule_broken")
    assert rules(answer.json()["facts"]["findings"]) == [(rule, ["ELEMENT_MISSING"])]
    assert http.world.counts() == before, "no status place was taken, nothing was booked"


def test_every_defect_of_every_pack_is_named_at_once(http: Http) -> None:
    asked = {"validate_against": ["nz-microcredential", "hk-titles"], "unit": "nz-nzqcf", "credits": "41"}
    answer = http.school(units=("nz-nzqcf",)).post(
        "/v1/credentials", outcome(**asked, name={"en": "Data", "ko": "데이터", "fr": "National diploma"})
    )
    refused(answer, 422, "issuance_rule_broken")
    findings = answer.json()["facts"]["findings"]
    assert [(each["pack"], each["rule"], each["standing"]) for each in findings] == [
        ("nz-microcredential", "title-words", "broken"),
        ("nz-microcredential", "credits-1-40", "broken"),
        ("hk-titles", "diploma-60", "undetermined"),
    ]


def test_what_cannot_be_said_is_refused_by_another_code(http: Http) -> None:
    answer = http.school().post(
        "/v1/credentials", outcome(validate_against=["hk-titles"], name={"en": "Higher Certificate in Data"})
    )
    refused(answer, 422, "issuance_rule_undetermined")
    assert rules(answer.json()["facts"]["findings"]) == [("higher-levels", ["FACT_MISSING"])]
    assert "level" in answer.json()["detail"]


def test_rules_that_nobody_has_are_refused(http: Http) -> None:
    school = http.school()
    for name in ("kr-acbs", "levels", "../units", "mars"):
        answer = school.post("/v1/credentials", outcome(validate_against=[name]))
        refused(answer, 422, "issuance_rules_unknown")
        assert answer.json()["facts"]["known"] == list(builtin_ids("issuance"))


def test_a_badge_without_such_rules_is_as_it_was(http: Http) -> None:
    issued = http.school().made("/v1/credentials", outcome(format="eddsa-jcs-2022"))
    assert "address" not in issued["credential"]
    assert "IssuanceRules" not in issued["credential"]


def test_a_deposit_that_breaks_the_rules_it_names_is_credited_and_flagged(http: Http) -> None:
    world = http.world
    signer = world.own_signer("kiwi", units=("nz-nzqcf",))
    document = signer.document(
        name={"en": "National Diploma"}, unit="nz-nzqcf", issuance_rules=("nz-microcredential", "moon-rules")
    )
    school = http.speaker(http.register("kiwi-sis", "issuer", issuer="kiwi"))
    made = school.made("/v1/deposits", {"credential": signer.sign(document)})
    assert made["state"] == "credited"
    seen = school.seen(f"/v1/deposits/{made['deposit_id']}")
    assert seen["flags"] == [
        {
            "pack": "nz-microcredential", "version": "2026.1", "rule": "title-words", "label": "NZ_TITLE_WORDS",
            "standing": "broken", "codes": ["TITLE_BLOCKED"],
        }
    ]  # fmt: skip
    assert world.bank.audit().clean


def test_anybody_may_hold_a_draft_against_rules_in_several_languages(http: Http) -> None:
    draft = {
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"],
        "name": "Foundation Diploma",
    }  # fmt: skip
    before = http.world.counts()
    path = "/v1/validations?pack=hk-titles&pack=nz-microcredential&on=2026-09-01"
    answer = http.client.post(path, json=draft, headers={"Accept-Language": "ko"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-language"] == "ko"
    hong_kong, new_zealand = answer.json()["validations"]
    assert (hong_kong["status"], new_zealand["status"]) == ("undetermined", "broken")
    assert "판단할 수 없습니다" in hong_kong["findings"][0]["message"]
    assert {each["standing"] for each in hong_kong["findings"]} == {"undetermined", "off"}
    earlier = http.client.post("/v1/validations?pack=nz-microcredential&on=2021-12-31", json=draft).json()
    assert [each["status"] for each in earlier["validations"]] == ["passed"]
    assert http.world.counts() == before


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/v1/validations", {"@context": []}, 422, "invalid_request"),
        ("/v1/validations?pack=mars", {"@context": []}, 422, "issuance_rules_unknown"),
        ("/v1/validations?pack=hk-titles", {"credential": "eyJhbGciOiJub25lIn0.e30"}, 422, "malformed_jws"),
        ("/v1/validations?pack=hk-titles&on=1800-01-01", {"@context": []}, 422, "invalid_request"),
    ],
)
def test_what_cannot_be_asked_is_refused(http: Http, path: str, body: dict[str, Any], status: int, code: str) -> None:
    refused(http.client.post(path, json=body), status, code)


GRADE = {
    "pack": "ects-grades", "grade": "1.7", "source": "elbe-university", "target": "arno-university", "field": "0613",
    "cycle": "first", "on": "2026-09-01",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "status", "grade"),
    [
        ({}, "converted", "28"),
        ({"overlap": "max"}, "converted", "29"),
        ({"grade": "5.0"}, "not_passing", None),
        ({"grade": "1.5"}, "undetermined", None),
        ({"source": "nowhere"}, "undetermined", None),
    ],
)
def test_anybody_may_ask_what_a_grade_is_elsewhere(
    http: Http, changes: dict[str, str], status: str, grade: str | None
) -> None:
    answer = http.client.post("/v1/grade-conversions", json={**GRADE, **changes})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["status"], told["grade"]) == (status, grade)
    assert bool(told["arithmetic"]) is (status == "converted")
    assert bool(told["reasons"]) is (status != "converted")
    assert "made up" in told["warnings"][0]["en"]


def test_grade_tables_that_nobody_has_are_refused(http: Http) -> None:
    refused(http.client.post("/v1/grade-conversions", json={**GRADE, "pack": "hk-titles"}), 422, "grade_pack_unknown")
    refused(http.client.post("/v1/grade-conversions", json={**GRADE, "cycle": "ninth"}), 422, "invalid_request")
