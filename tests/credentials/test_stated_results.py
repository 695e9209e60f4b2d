"""Named facts and learning outcomes travel through a badge, signed, and come back exactly or not at all."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from credentials.canonical import jcs
from credentials.errors import CredentialError
from credentials.jsonld import check as check_all_is_covered
from credentials.shape import contents
from credentials.stated_results import LARGEST, NONE_STATED, StatedOutcome, StatedResults
from tests.credential_samples import NOW, SCHOOL, check, outcome, with_achievement, with_subject

FACTS: dict[str, Any] = {
    "assessed": True,
    "whole": False,
    "semester": 2,
    "low": -LARGEST,
    "module": "DB-101",
    "valid_until": "2030-06-30",
    "contact_hours:lab": "7/2",
    "zero": 0,
    "spelled": "007",
    "korean": "데이터베이스",
}
OUTCOMES = (
    StatedOutcome("CLO-1", Fraction(143, 2)),
    StatedOutcome("CLO-2", Fraction(0), passed=False),
    StatedOutcome("CLO-3", passed=True),
    StatedOutcome("설계", Fraction(100), passed=True),
)
BADGE = SCHOOL.badge(outcome(facts=FACTS, outcomes=OUTCOMES))


def stated(document: dict[str, Any]) -> StatedResults:
    said = contents(document).subject
    assert said is not None
    return said.stated


def refusal(document: dict[str, Any]) -> str:
    with pytest.raises(CredentialError) as refused:
        contents(document)
    return refused.value.code


def by_name(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The description of this name in the sample, and its result."""
    subject = BADGE["credentialSubject"]
    described = next(each for each in subject["achievement"]["resultDescription"] if each["name"] == name)
    return described, next(each for each in subject["result"] if each["resultDescription"] == described["id"])


def with_result(name: str, *results: dict[str, Any]) -> dict[str, Any]:
    """The sample, with these in the place of the result of this name."""
    _, old = by_name(name)
    return with_subject(
        BADGE, result=[each for each in BADGE["credentialSubject"]["result"] if each != old] + [*results]
    )


@pytest.mark.parametrize("how", ["vc-jwt", "eddsa-jcs-2022", "eddsa-rdfc-2022"])
def test_what_is_stated_is_signed_and_comes_back_exactly(how: str) -> None:
    verification = check(SCHOOL.sign(BADGE, how))
    assert verification.verdict == "valid"
    assert verification.claims is not None
    found = verification.claims.stated
    assert dict(found.facts) == FACTS
    assert {name: type(value) for name, value in found.facts.items()} == {n: type(v) for n, v in FACTS.items()}
    assert found.outcomes == OUTCOMES
    assert not verification.claims.hides_stated


def test_every_member_is_covered_and_of_the_standard() -> None:
    check_all_is_covered(BADGE)
    described, result = by_name("CLO-2")
    assert (described["resultType"], described["valueMin"], described["valueMax"]) == (
        "ext:LearningOutcome",
        "0",
        "100",
    )
    assert (result["value"], result["status"]) == ("0", "Failed")
    described, result = by_name("assessed")
    assert (described["resultType"], result["value"], "status" in result) == ("ext:Fact", "true", False)
    assert "value" not in by_name("CLO-3")[1]


def test_a_badge_without_them_is_written_as_before() -> None:
    plain = SCHOOL.badge()
    assert jcs(SCHOOL.badge(outcome(facts={}, outcomes=()))) == jcs(plain)
    results = plain["credentialSubject"]["result"]
    assert [sorted(each) for each in results] == [["resultDescription", "type", "value"]] * 4
    assert [each["resultDescription"].rpartition("#")[2] for each in results] == [
        "result-Percent", "result-Attendance", "result-LearningHours", "result-LetterGrade",
    ]  # fmt: skip
    assert stated(plain) == NONE_STATED


def test_the_order_in_which_they_are_stated_says_nothing() -> None:
    turned = outcome(facts=dict(reversed(FACTS.items())), outcomes=tuple(reversed(OUTCOMES)))
    assert jcs(SCHOOL.badge(turned)) == jcs(BADGE)
    mixed = with_subject(BADGE, result=BADGE["credentialSubject"]["result"][::-1])
    assert stated(mixed) == stated(BADGE)


@pytest.mark.parametrize("name", ["assessed", "module", "CLO-1", "CLO-2"])
def test_said_twice_alike_is_said_once_and_never_in_two_ways(name: str) -> None:
    _, result = by_name(name)
    assert stated(with_result(name, result, result)) == stated(BADGE)
    assert refusal(with_result(name, result, {**result, "value": "1"})) == "cardinality"


def test_two_descriptions_of_one_name_are_one_fact() -> None:
    described, result = by_name("whole")
    other = {**described, "id": described["id"] + "-b"}
    descriptions = [*BADGE["credentialSubject"]["achievement"]["resultDescription"], other]
    for value, code in (("false", None), ("true", "cardinality")):
        second = {**result, "resultDescription": other["id"], "value": value}
        document = with_achievement(
            with_subject(BADGE, result=[*BADGE["credentialSubject"]["result"], second]), resultDescription=descriptions
        )
        assert (refusal(document) if code else stated(document)) == (code or stated(BADGE))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("True", "True"),
        ("1", 1),
        ("0", 0),
        ("-0", "-0"),
        ("01", "01"),
        ("1.0", "1.0"),
        ("+1", "+1"),
        (" 1", " 1"),
        (str(LARGEST), LARGEST),
        (str(LARGEST + 1), str(LARGEST + 1)),
        ("١", "١"),
        ("x" * 1000, "x" * 1000),
    ],
)
def test_how_a_value_is_read(text: str, value: Any) -> None:
    _, result = by_name("zero")
    found = stated(with_result("zero", {**result, "value": text})).facts["zero"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("text", ["", "x" * 1001])
def test_values_are_bounded(text: str) -> None:
    _, result = by_name("zero")
    assert refusal(with_result("zero", {**result, "value": text})) == "malformed_credential"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"value": "100.5"}, "out_of_range"),
        ({"value": "A"}, "malformed_credential"),
        ({"value": "-1"}, "malformed_credential"),
        ({"value": 50}, "malformed_credential"),
    ],
)
def test_a_score_is_a_number_out_of_100(changes: dict[str, Any], code: str) -> None:
    _, result = by_name("CLO-1")
    assert refusal(with_result("CLO-1", {**result, **changes})) == code


def test_an_outcome_without_a_result_is_known_to_be_there_and_nothing_more() -> None:
    found = stated(with_result("CLO-1"))
    assert found.outcomes[0] == StatedOutcome("CLO-1")
    assert found.unshown
    _, result = by_name("CLO-1")
    enrolled = {**result, "value": None, "status": "Enrolled"}
    del enrolled["value"]
    assert stated(with_result("CLO-1", enrolled)).outcomes[0] == StatedOutcome("CLO-1")
    assert "module" not in stated(with_result("module")).facts


@pytest.mark.parametrize(
    "draft",
    [
        {"facts": {"": True}},
        {"facts": {"with space": True}},
        {"facts": {"이름": True}},
        {"facts": {"x" * 101: True}},
        {"facts": {"text": ""}},
        {"facts": {"text": "x" * 1001}},
        {"facts": {"text": "12"}},
        {"facts": {"text": "true"}},
        {"facts": {"number": LARGEST + 1}},
        {"facts": {f"f{number}": True for number in range(51)}},
        {"outcomes": [StatedOutcome(str(number), passed=True) for number in range(101)]},
        {"outcomes": [StatedOutcome("1")]},
        {"outcomes": [StatedOutcome("1", Fraction(101))]},
        {"outcomes": [StatedOutcome("1", Fraction(-1))]},
        {"outcomes": [StatedOutcome("1", Fraction(200, 3))]},
        {"outcomes": [StatedOutcome("", passed=True)]},
        {"outcomes": [StatedOutcome("1", passed=True), StatedOutcome("1", passed=True)]},
    ],
)
def test_what_would_not_come_back_is_not_written(draft: dict[str, Any]) -> None:
    with pytest.raises(CredentialError) as refused:
        SCHOOL.badge(outcome(**draft))
    assert refused.value.code == "malformed_credential"


def test_the_limits_hold_for_what_others_wrote() -> None:
    fifty = SCHOOL.badge(outcome(facts={f"f{number}": True for number in range(50)}))
    assert len(stated(fifty).facts) == 50
    descriptions = fifty["credentialSubject"]["achievement"]["resultDescription"]
    more = {**descriptions[-1], "id": descriptions[-1]["id"] + "-b", "name": "one-more"}
    assert refusal(with_achievement(fifty, resultDescription=[*descriptions, more])) == "malformed_credential"
    bad = [{**each, "name": "이름"} if each["name"] == "f7" else each for each in descriptions]
    assert refusal(with_achievement(fifty, resultDescription=bad)) == "malformed_credential"
    nameless = [{n: v for n, v in each.items() if n != "name"} for each in descriptions]
    assert refusal(with_achievement(fifty, resultDescription=nameless)) == "malformed_credential"


def test_area_and_scheme_of_the_grade_are_stated_once() -> None:
    document = SCHOOL.badge(outcome(area="0613", grade_scheme="us-letter"))
    assert check(SCHOOL.sign(document, "eddsa-rdfc-2022")).verdict == "valid"
    said = contents(document).subject
    assert said is not None
    assert (said.achievement.subject_area, said.achievement.grade_scheme) == ("0613", "us-letter")
    alignments = document["credentialSubject"]["achievement"]["alignment"]
    for type_ in ("ext:SubjectArea", "ext:GradeScheme"):
        again = {**next(each for each in alignments if each["targetType"] == type_), "targetCode": "other"}
        assert refusal(with_achievement(document, alignment=[*alignments, again])) == "cardinality"


def test_a_fact_that_nobody_signed_is_not_believed() -> None:
    signed = SCHOOL.prove(BADGE)
    _, result = by_name("whole")
    forged = [{**each, "value": "true"} if each == result else each for each in BADGE["credentialSubject"]["result"]]
    assert check(with_subject(signed, result=forged), at=NOW + timedelta(hours=1)).code == "bad_signature"
