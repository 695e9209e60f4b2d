"""A plain learning outcome becomes an Open Badge, and every fact of it is read back exactly."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from credentials.errors import CredentialError
from credentials.jsonld import check as check_all_is_covered
from credentials.members import credits_amount
from credentials.open_badges import IdentityObject, credits_number
from credentials.shape import contents
from tests.credential_samples import LEARNER, WELDING, School, changed, outcome, with_achievement, with_subject

SCHOOL = School()


def refusal(document: dict[str, Any]) -> str:
    with pytest.raises(CredentialError) as refused:
        contents(document)
    return refused.value.code


def test_an_outcome_survives_the_journey_through_a_badge() -> None:
    said = contents(SCHOOL.badge()).subject
    assert said is not None
    assert (said.id, said.credits_earned, said.achievement.unit) == (LEARNER, Fraction(9, 2), "ects")
    assert (said.score, said.attendance, said.hours) == (Fraction(175, 2), Fraction(9, 10), 112)
    assert (said.grade, said.achievement.levels) == ("B+", (("eqf", "4"),))
    assert (said.achievement.source_type, said.achievement.course_class) == ("course", "major")
    assert (said.activity_start, said.activity_end) == (date(2026, 2, 2), date(2026, 5, 20))


def test_texts_come_back_in_every_language() -> None:
    said = contents(SCHOOL.badge()).subject
    assert said is not None
    assert said.achievement.name == WELDING.name
    assert said.achievement.description == WELDING.description
    assert said.achievement.criteria == WELDING.criteria


def test_the_preferred_language_stands_first() -> None:
    document = SCHOOL.badge(outcome(language="ko"))
    assert document["name"] == "용접"
    assert document["credentialSubject"]["achievement"]["inLanguage"] == "ko"
    said = contents(document).subject
    assert said is not None
    assert said.achievement.name == WELDING.name


def test_a_plain_text_without_a_language_stands_under_und() -> None:
    document = with_achievement(SCHOOL.badge(), inLanguage=None, related=None)
    said = contents(document).subject
    assert said is not None
    assert said.achievement.name == {"und": "Welding"}


def test_language_value_objects_are_read() -> None:
    names = [{"@value": "Welding", "@language": "en"}, {"@value": "Schweißen", "@language": "de"}]
    said = contents(with_achievement(SCHOOL.badge(), name=names, related=None)).subject
    assert said is not None
    assert said.achievement.name == {"en": "Welding", "de": "Schweißen"}


def test_every_member_of_a_built_badge_is_covered_by_its_contexts() -> None:
    check_all_is_covered(SCHOOL.badge())


def test_the_email_address_is_recognised_by_its_salted_hash() -> None:
    identity = contents(SCHOOL.badge()).subject.identifiers[0]  # type: ignore[union-attr]
    assert identity.matches("anna@learners.example")
    assert not identity.matches("berta@learners.example")
    assert "anna" not in identity.identity_hash


def test_a_plain_identifier_is_compared_as_it_stands() -> None:
    identity = IdentityObject("S-1234", "sourcedId", hashed=False)
    assert identity.matches("S-1234")
    assert not identity.matches("S-12345")


@pytest.mark.parametrize(
    ("amount", "number"),
    [(Fraction(5), 5), (Fraction(9, 2), 4.5), (Fraction(1, 1000), 0.001), (Fraction(100_000), 100_000)],
)
def test_credits_are_written_as_the_number_that_reads_back_exactly(amount: Fraction, number: float) -> None:
    assert credits_number(amount) == number
    assert credits_amount({"creditsEarned": number}, "creditsEarned") == amount


@pytest.mark.parametrize("amount", ["0", "-5", "100001", "0.0005", "20/3"])
def test_credits_that_no_badge_can_state_are_refused(amount: str) -> None:
    with pytest.raises(CredentialError) as refused:
        SCHOOL.badge(outcome(credits=Fraction(amount)))
    assert refused.value.code == "credits_out_of_range"


@pytest.mark.parametrize("number", [0, -5, -0.0, 100_000.001, 0.0005, 1e300, 4.00000000001, 0.1 + 0.2])
def test_credits_out_of_range_are_refused_on_reading(number: float) -> None:
    assert refusal(with_subject(SCHOOL.badge(), creditsEarned=number)) == "credits_out_of_range"


@pytest.mark.parametrize(
    "draft",
    [
        outcome(subject_id=None, identifiers=()),
        outcome(name={}),
        outcome(description={}),
        outcome(criteria={"en": ""}),
        outcome(score=Fraction(101)),
        outcome(attendance=Fraction(2, 3)),
        outcome(hours=Fraction(-1)),
    ],
)
def test_an_outcome_that_cannot_be_stated_is_refused(draft: Any) -> None:
    with pytest.raises(CredentialError) as refused:
        SCHOOL.badge(draft)
    assert refused.value.code == "malformed_credential"


BADGE = SCHOOL.badge()
ALIGNMENTS = BADGE["credentialSubject"]["achievement"]["alignment"]
RESULTS = BADGE["credentialSubject"]["result"]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (changed(BADGE, type=["OpenBadgeCredential"]), "malformed_credential"),
        (changed(BADGE, type=["VerifiableCredential", "OpenBadgeCredential", "TestCredential"]), "test_credential"),
        (changed(BADGE, id=None), "malformed_credential"),
        (changed(BADGE, id=5), "malformed_credential"),
        (changed(BADGE, issuer=None), "malformed_credential"),
        (changed(BADGE, issuer=["did:web:a.example", "did:web:b.example"]), "cardinality"),
        (changed(BADGE, issuer={"name": "somebody"}), "malformed_credential"),
        (changed(BADGE, validFrom=None), "malformed_credential"),
        (changed(BADGE, validFrom="2026-05-31T00:00:00"), "malformed_credential"),
        (changed(BADGE, validFrom="2026-05-31"), "malformed_credential"),
        (changed(BADGE, validFrom="2026-02-30T00:00:00Z"), "malformed_credential"),
        (changed(BADGE, validFrom="2026-05-31T00:00:00Z\n"), "malformed_credential"),
        (changed(BADGE, validFrom="٢٠٢٦-05-31T00:00:00Z"), "malformed_credential"),
        (changed(BADGE, validFrom="0001-01-01T00:00:00+14:00"), "out_of_range"),
        (changed(BADGE, validUntil="9999-12-31T23:59:59-14:00"), "out_of_range"),
        (changed(BADGE, validUntil="2020-01-01T00:00:00Z"), "malformed_credential"),
        (changed(BADGE, issuanceDate="2026-05-31T00:00:00Z"), "version_confusion"),
        (
            changed(BADGE, **{"@context": ["https://www.w3.org/2018/credentials/v1", *BADGE["@context"][1:]]}),
            "version_confusion",
        ),
        (
            changed(BADGE, **{"@context": ["https://www.w3.org/2018/credentials/v1", *BADGE["@context"]]}),
            "version_confusion",
        ),
        (changed(BADGE, credentialSubject=[BADGE["credentialSubject"]] * 2), "cardinality"),
        (changed(BADGE, credentialSubject="did:web:a.example"), "malformed_credential"),
        (changed(BADGE, credentialStatus="https://a.example"), "malformed_credential"),
        (with_subject(BADGE, creditsEarned=[5, 500]), "cardinality"),
        (with_subject(BADGE, creditsEarned="5"), "malformed_credential"),
        (with_subject(BADGE, creditsEarned=True), "malformed_credential"),
        (with_subject(BADGE, achievement=None), "malformed_credential"),
        (with_subject(BADGE, achievement=[1, 2]), "cardinality"),
        (with_subject(BADGE, type=["Person"]), "malformed_credential"),
        (with_subject(BADGE, id=None, identifier=None), "malformed_credential"),
        (with_subject(BADGE, activityEndDate="2026-01-01T00:00:00Z"), "malformed_credential"),
        (with_subject(BADGE, activityEndDate="tomorrow"), "malformed_credential"),
        (with_subject(BADGE, result=[*RESULTS, RESULTS[0]]), "cardinality"),
        (with_subject(BADGE, result=[{**RESULTS[0], "value": "١٢"}]), "malformed_credential"),
        (with_subject(BADGE, result=[{**RESULTS[0], "value": "100.5"}]), "out_of_range"),
        (with_subject(BADGE, result=[{**RESULTS[1], "value": "101"}]), "out_of_range"),
        (with_achievement(BADGE, creditsAvailable=[5, 500]), "cardinality"),
        (with_achievement(BADGE, name=None, related=None), "malformed_credential"),
        (with_achievement(BADGE, name=["Welding", "Baking"]), "cardinality"),
        (with_achievement(BADGE, name={"en": "Welding"}), "malformed_credential"),
        (with_achievement(BADGE, inLanguage="e n"), "malformed_language_tag"),
        (with_achievement(BADGE, alignment=[*ALIGNMENTS, {**ALIGNMENTS[0], "targetCode": "scqf"}]), "cardinality"),
        (with_achievement(BADGE, alignment=[*ALIGNMENTS, {**ALIGNMENTS[3], "targetCode": "8"}]), "cardinality"),
        (with_achievement(BADGE, alignment=[{"targetType": "ext:CreditUnit"}]), "malformed_credential"),
        (with_achievement(BADGE, alignment=[ALIGNMENTS[0]] * 501), "too_complex"),
        (
            with_subject(BADGE, identifier=[{"identityHash": "md5$00", "identityType": "x", "hashed": True}]),
            "malformed_credential",
        ),
        (with_subject(BADGE, identifier=[{"identityHash": "a", "identityType": "x"}]), "malformed_credential"),
    ],
)
def test_a_document_of_another_shape_is_refused_by_name(document: dict[str, Any], code: str) -> None:
    assert refusal(document) == code
