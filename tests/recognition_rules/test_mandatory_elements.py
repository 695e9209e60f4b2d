"""What a micro-credential must state: every element of R55 there and not there, in its form and not."""

import json
import tomllib
from datetime import date
from typing import Any

import pytest

from recognition_rules.issuance.reader import parse
from recognition_rules.issuance.subject import subject_of
from recognition_rules.issuance.validation import Validation, validate
from recognition_rules.packs import builtin

PACK = parse(builtin("eu-microcredential"), name="eu-microcredential/pack.toml")
CREDENTIALS = {
    each["id"]: each["json"] for each in tomllib.loads(builtin("eu-microcredential", "cases.toml"))["credential"]
}
MANDATORY = [
    "learner", "title", "country", "awarding-body", "date", "learning-outcomes", "workload", "level", "assessment",
    "participation", "quality-assurance",
]  # fmt: skip


def badge() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(CREDENTIALS["badge"])
    return document


def checked(document: dict[str, Any]) -> Validation:
    return validate(PACK, subject_of(document), date(2026, 9, 1))


def defects(document: dict[str, Any]) -> list[tuple[str, str]]:
    findings = checked(document).findings
    return [(each.head.id, each.reasons[0].code) for each in findings if each.standing == "broken"]


def test_the_mandatory_elements_are_those_of_the_recommendation_and_all_are_confirmed() -> None:
    assert [each.head.id for each in PACK.elements if each.weight == "must"] == MANDATORY
    assert all(terms.confirmed for each in PACK.elements for terms in each.head.terms)


def test_an_empty_credential_has_every_defect() -> None:
    assert defects({}) == [(element, "ELEMENT_MISSING") for element in MANDATORY]


@pytest.mark.parametrize("value", [None, "", "  ", [], {}, [None], {"@language": "en"}])
def test_what_is_blank_is_not_there(value: object) -> None:
    document = badge()
    document["issuer"]["name"] = value
    assert defects(document) == [("awarding-body", "ELEMENT_MISSING")]


@pytest.mark.parametrize("value", ["Arno", {"it": "Arno"}, [{"@value": "Arno", "@language": "it"}]])
def test_a_text_may_be_in_languages(value: object) -> None:
    document = badge()
    document["issuer"]["name"] = value
    assert defects(document) == []


@pytest.mark.parametrize(("code", "good"), [("IT", True), ("it", False), ("ITA", False), ("Ⅰ1", False)])
def test_a_country_code_has_two_capital_letters(code: str, good: bool) -> None:
    document = badge()
    document["issuer"]["address"]["addressCountryCode"] = code
    assert defects(document) == ([] if good else [("country", "ELEMENT_MALFORMED")])
    document["issuer"]["address"]["addressCountry"] = "Italia"
    assert defects(document) == [], "the name of the country is enough"


@pytest.mark.parametrize(
    ("moment", "good"),
    [("2026-06-30", True), ("2026-06-30T10:00:00Z", True), ("2026-06-31", False), ("June", False), (20260630, None)],
)
def test_a_date_is_a_day_that_there_is(moment: object, good: bool | None) -> None:
    document = badge()
    document["validFrom"] = moment
    wanted = {True: [], False: [("date", "ELEMENT_MALFORMED")], None: [("date", "ELEMENT_MISSING")]}
    assert defects(document) == wanted[good]


@pytest.mark.parametrize(("amount", "good"), [(5, True), (0.5, True), ("5", False), (0, False), (True, False)])
def test_a_workload_is_a_number_above_zero(amount: object, good: bool) -> None:
    document = badge()
    document["credentialSubject"]["creditsEarned"] = amount
    assert defects(document) == ([] if good else [("workload", "ELEMENT_MALFORMED")])


def test_hours_of_learning_are_a_workload_too() -> None:
    document = badge()
    del document["credentialSubject"]["creditsEarned"]
    description = {"id": "urn:r", "type": ["ResultDescription"], "resultType": "ext:LearningHours"}
    document["credentialSubject"]["achievement"]["resultDescription"] = [description]
    assert defects(document) == []
    description["resultType"] = "Percent"
    assert defects(document) == [("workload", "ELEMENT_MISSING")]


def test_a_filter_looks_at_the_type_alone_and_at_lists_of_types() -> None:
    document = badge()
    alignments = document["credentialSubject"]["achievement"]["alignment"]
    alignments[0]["targetType"] = ["ceasn:Competency", "other"]
    assert defects(document) == []
    alignments[0]["targetType"] = "ext:LearningOutcomes"
    assert defects(document) == [("learning-outcomes", "ELEMENT_MISSING")]


def test_what_is_optional_is_noted_and_says_where_it_might_stand() -> None:
    found = checked(badge())
    assert found.status == "passed"
    noted = {each.head.id: each.reasons[0].facts["places"] for each in found.findings}
    assert set(noted) == {"prerequisites", "identity-check"}
    assert noted["prerequisites"] == [
        "credentialSubject.achievement.alignment[targetType=ext:Prerequisite].targetName",
        "credentialSubject.hasClaim.specifiedBy.entryRequirement",
    ]


def test_the_answer_repeats_nothing_of_the_credential() -> None:
    told = json.dumps(checked(json.loads(CREDENTIALS["badge"].replace("eqf", "Geheim"))).to_json())
    assert "Geheim" not in told
    assert "mina" not in told


@pytest.mark.parametrize("document", [{"issuer": "did:x"}, {"credentialSubject": [[{"achievement": 3}]]}, {"name": 7}])
def test_any_json_object_can_be_looked_at(document: dict[str, Any]) -> None:
    assert checked(document).status == "broken"
