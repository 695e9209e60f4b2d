"""VC Data Model 2.0, section 4, member by member: what a credential may say and what makes it malformed."""

import json
from typing import Any

import pytest

from credentials.data_model import check_data_model
from credentials.errors import CredentialError
from credentials.read import read
from credentials.shape import contents
from credentials.verify import verify
from tests.credential_samples import NOW, SCHOOL, changed, check, material

PLAIN: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:uuid:6a1676b8-b51f-11ed-937b-d76685a20ff5",
    "type": ["VerifiableCredential"],
    "issuer": SCHOOL.id,
    "validFrom": "2026-05-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:learner"},
}
IMAGE = {"id": "https://college.example/image.png", "digestMultibase": "uELq9FnJ5YLa5iAszyJ518bXcnlc5P7xp1u-5uJRDYKvc"}
EN = {"@value": "Welding", "@language": "en"}


def answer(**members: Any) -> str | None:
    document = changed(PLAIN, **members)
    data = json.dumps({**document, "proof": SCHOOL.bare_proof(document)}).encode()
    return verify(read(data), material(SCHOOL), NOW).code


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"id": None},
        {"validFrom": None},
        {"issuer": {"id": SCHOOL.id}},
        {"issuer": {"id": SCHOOL.id, "name": [EN, {"@value": "용접", "@language": "ko"}], "description": "A college"}},
        {"name": "Welding", "description": EN},
        {"name": [EN, {"@value": "لحام", "@language": "ar"}]},
        {"credentialSubject": [{"id": "did:example:a"}, {"id": "did:example:b"}]},
        {"termsOfUse": {"type": "TrustFrameworkPolicy"}},
        {"termsOfUse": [{"type": "TrustFrameworkPolicy", "id": "https://college.example/terms"}]},
        {"evidence": [{"type": ["Evidence"]}, {"type": "Evidence"}]},
        {"refreshService": {"type": "VerifiableCredentialRefreshService2021"}},
        {"confidenceMethod": {"type": "X", "id": "urn:x"}},
        {"relatedResource": IMAGE},
        {"relatedResource": [IMAGE, {**IMAGE, "id": "https://college.example/other.png"}]},
        {"validFrom": "2026-05-01T00:00:00.5Z", "validUntil": "2026-06-01T12:00:00+00:00"},
    ],
)
def test_what_the_data_model_allows_is_valid(members: dict[str, Any]) -> None:
    assert answer(**members) is None


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"id": ["urn:a:b", "urn:a:c"]}, "malformed_credential"),
        ({"id": "not a url"}, "relative_iri"),
        ({"type": []}, "malformed_credential"),
        ({"type": ["VerifiableCredential", ""]}, "malformed_credential"),
        ({"type": "OpenBadgeCredential"}, "malformed_credential"),
        ({"type": ["VerifiableCredential", {"id": "urn:x"}]}, "malformed_credential"),
        ({"issuer": None}, "malformed_credential"),
        ({"issuer": ""}, "malformed_credential"),
        ({"issuer": {"name": "College"}}, "malformed_credential"),
        ({"issuer": {"id": SCHOOL.id, "name": {**EN, "url": "urn:x"}}}, "malformed_credential"),
        ({"issuer": [SCHOOL.id]}, "cardinality"),
        ({"name": {**EN, "extra": "x"}}, "malformed_credential"),
        ({"name": {"@language": "en"}}, "malformed_credential"),
        ({"name": 5}, "malformed_credential"),
        ({"name": []}, "malformed_credential"),
        ({"name": [EN, EN]}, "cardinality"),
        ({"description": {"@value": "Welding", "@language": "not a tag"}}, "malformed_language_tag"),
        ({"description": {**EN, "@direction": "up"}}, "malformed_credential"),
        ({"credentialSubject": None}, "malformed_credential"),
        ({"credentialSubject": {}}, "malformed_credential"),
        ({"credentialSubject": []}, "malformed_credential"),
        ({"credentialSubject": [{"id": "did:example:a"}, {}]}, "malformed_credential"),
        ({"credentialSubject": "did:example:learner"}, "malformed_credential"),
        ({"validFrom": "2026-05-02T00:00:00Z", "validUntil": "2026-05-01T00:00:00Z"}, "malformed_credential"),
        ({"validFrom": "2026-05-01T00:00:00"}, "malformed_credential"),
        ({"validUntil": "never"}, "malformed_credential"),
        ({"issuanceDate": "2026-05-01T00:00:00Z"}, "version_confusion"),
        ({"credentialSchema": {"type": "JsonSchema"}}, "malformed_credential"),
        ({"credentialSchema": {"id": "https://college.example/schema"}}, "malformed_credential"),
        ({"credentialSchema": {"id": "schema", "type": "JsonSchema"}}, "relative_iri"),
        ({"credentialStatus": {"id": "https://college.example/status#1"}}, "malformed_credential"),
        ({"credentialStatus": []}, "malformed_credential"),
        ({"termsOfUse": {"id": "https://college.example/terms"}}, "malformed_credential"),
        ({"evidence": {"id": "https://college.example/evidence"}}, "malformed_credential"),
        ({"evidence": "https://college.example/evidence"}, "malformed_credential"),
        ({"refreshService": {"id": "https://college.example/refresh"}}, "malformed_credential"),
        ({"relatedResource": [IMAGE, IMAGE]}, "cardinality"),
        ({"relatedResource": {"id": "https://college.example/image.png"}}, "malformed_credential"),
        ({"relatedResource": {"digestSRI": "sha256-x"}}, "malformed_credential"),
        ({"relatedResource": "https://college.example/image.png"}, "malformed_credential"),
    ],
)
def test_what_it_does_not_allow_is_refused(members: dict[str, Any], code: str) -> None:
    document = {name: value for name, value in {**PLAIN, **members}.items() if name not in members or value is not None}
    data = json.dumps({**document, "proof": SCHOOL.bare_proof(document)}).encode()
    found = verify(read(data), material(SCHOOL), NOW)
    assert (found.verdict, found.code) == ("invalid", code)


def test_a_text_may_state_its_direction() -> None:
    check_data_model({**PLAIN, "name": {**EN, "@direction": "rtl"}})


def test_of_a_partly_disclosed_credential_only_what_is_there_is_judged() -> None:
    shown = changed(PLAIN, credentialSubject=None)
    check_data_model(shown, partial=True)
    assert contents(shown, partial=True).subject is None
    with pytest.raises(CredentialError):
        check_data_model(shown)
    with pytest.raises(CredentialError):
        check_data_model({**shown, "evidence": {"id": "urn:x:y"}}, partial=True)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2026-06-01T12:00:00Z", None, None),
        ("2026-06-01T12:00:00.000001Z", None, "not_yet_valid"),
        ("2026-06-01T21:00:00+09:00", None, None),
        ("2026-06-01T12:00:01+00:00", None, "not_yet_valid"),
        ("9999-12-31T23:59:59Z", None, "not_yet_valid"),
        ("2026-05-01T00:00:00Z", "2026-06-01T12:00:00Z", None),
        ("2026-05-01T00:00:00Z", "2026-06-01T11:59:59.999999Z", "expired"),
        ("2026-05-01T00:00:00Z", "2026-06-01T07:00:00-05:00", None),
        ("2026-05-01T00:00:00Z", "2026-06-01T06:59:59-05:00", "expired"),
        ("0001-01-01T00:00:00+14:00", None, "out_of_range"),
        ("2026-05-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "out_of_range"),
        ("0000-01-01T00:00:00Z", None, "out_of_range"),
        ("2026-05-01T23:59:60Z", None, "malformed_credential"),
        ("2026-02-29T00:00:00Z", None, "malformed_credential"),
        ("2026-05-01T00:00:00+14:01", None, "malformed_credential"),
        ("2026-05-01T00:00:00\n", None, "malformed_credential"),
        ("20260501T000000Z", None, "malformed_credential"),
        (1_767_225_600, None, "malformed_credential"),
    ],
)
def test_dates_are_kept_to_the_microsecond_in_every_offset(first: Any, last: str | None, code: str | None) -> None:
    """N13; VC Data Model 2.0, 4.9: both ends belong to the period of validity."""
    assert answer(validFrom=first, validUntil=last) == code


def test_a_badge_is_held_to_the_data_model_too() -> None:
    badge = {**SCHOOL.badge(), "evidence": [{"id": "https://college.example/evidence"}]}
    assert check({**badge, "proof": SCHOOL.bare_proof(badge)}).code == "malformed_credential"
