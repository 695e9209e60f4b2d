"""Comprehensive Learner Records 2.0: many issuers' credentials in one, and as good as the weakest of them."""

import copy
import json
import time
from typing import Any

import pytest

from credentials.checks import Outcome, Verification
from credentials.comprehensive_learner_record import (
    ASSOCIATION_TYPES,
    MAX_CREDENTIALS,
    Association,
    associations,
    clr,
    inner_credentials,
)
from credentials.credential import Format
from credentials.errors import CredentialError
from credentials.jose import sign_compact
from credentials.read import read
from tests.credential_samples import (
    DAY,
    LEARNER,
    NOW,
    SECURED,
    School,
    changed,
    check,
    material,
    revocable,
    with_subject,
)

COLLEGE = School()
ACADEMY = School(id="did:web:academy.example", seed=5)
REGISTRAR = School(id="did:web:registrar.example", seed=6)
KNOWN = material(COLLEGE, ACADEMY, REGISTRAR)
PRECEDES = Association("precedes", "urn:uuid:0", "urn:uuid:1")


def badge(number: int, how: str, **facts: Any) -> dict[str, Any] | str:
    """A signed credential of one of two issuers: the document with its proof, or a token."""
    school = (COLLEGE, ACADEMY)[number % 2]
    signed = school.sign(school.badge(credential_id=f"urn:uuid:{number}", **facts), how).decode()
    return signed if how == "vc-jwt" else json.loads(signed)


def record(*credentials: Any, **facts: Any) -> dict[str, Any]:
    given = {"subject_id": LEARNER, "name": "Transcript", "credential_id": "urn:uuid:record", **facts}
    named = {"issuer_id": REGISTRAR.id, "issuer_name": {"en": "Registrar"}, "valid_from": NOW - DAY}
    return clr(credentials, **named, **given)


def two(how: str = "eddsa-jcs-2022", **facts: Any) -> dict[str, Any]:
    return record(badge(0, how), badge(1, how), **{"associations": [PRECEDES], **facts})


def answer(document: dict[str, Any], how: str = "eddsa-rdfc-2022") -> Verification:
    return check(REGISTRAR.sign(document, how), KNOWN)


def spoilt(document: dict[str, Any], place: int, **members: Any) -> dict[str, Any]:
    """A copy of a record in which one credential has other members."""
    copied = copy.deepcopy(document)
    copied["credentialSubject"]["verifiableCredential"][place] |= members
    return copied


@pytest.mark.parametrize("outer", SECURED)
@pytest.mark.parametrize("inner", SECURED)
def test_a_record_and_every_credential_in_it_verify(inner: str, outer: str) -> None:
    found = answer(two(inner), outer)
    assert (found.verdict, found.code, found.claims) == ("valid", None, None)
    assert [(part.kind, part.id, part.verification.verdict) for part in found.parts] == [
        ("credential", "urn:uuid:0", "valid"),
        ("credential", "urn:uuid:1", "valid"),
    ]
    issuers = [part.verification.claims.issuer_id for part in found.parts if part.verification.claims]
    assert issuers == [COLLEGE.id, ACADEMY.id]
    assert found.check("inner_credentials").outcome is Outcome.PASSED


def test_what_is_in_a_record_is_read_as_it_was_signed() -> None:
    document = record(badge(0, "eddsa-jcs-2022"), badge(1, "vc-jwt"), associations=[PRECEDES], partial=True)
    found = [item for item in inner_credentials(document) if not isinstance(item, CredentialError)]
    assert [item.format for item in found] == [Format.DATA_INTEGRITY, Format.VC_JWT]
    assert associations(document) == (PRECEDES,)
    assert document["partial"] is True
    assert answer(document).verdict == "valid"


def test_one_bad_credential_makes_the_record_invalid_and_is_named() -> None:
    document = spoilt(two(), 1, name="Other")
    found = answer(document)
    assert (found.verdict, found.code) == ("invalid", "inner_credential_invalid")
    assert [part.verification.code for part in found.parts] == [None, "bad_signature"]
    assert found.check("signature").outcome is Outcome.PASSED


def test_an_undecided_credential_leaves_the_record_undecided() -> None:
    found = answer(record(badge(0, "vc-jwt", status_entries=[revocable()]), badge(1, "vc-jwt")))
    assert (found.verdict, found.code) == ("indeterminate", "inner_credential_undecided")


@pytest.mark.parametrize("source", [5, None, [], {}, "text", "eyJ", {"proof": 1}])
def test_what_is_no_credential_is_a_part_that_failed(source: Any) -> None:
    document = two()
    document["credentialSubject"]["verifiableCredential"][1] = source
    payload = {**document, "iss": REGISTRAR.id}
    data = sign_compact(payload, REGISTRAR.key, {"typ": "JWT", "kid": REGISTRAR.method}).encode()
    found = check(data, KNOWN)
    assert (found.verdict, found.code) == ("invalid", "inner_credential_invalid")
    assert found.parts[1].verification.verdict == "invalid"


def test_the_selection_and_the_associations_are_the_registrars_word() -> None:
    signed = json.loads(REGISTRAR.sign(two(), "eddsa-rdfc-2022"))
    for change in (
        {"association": []},
        {"verifiableCredential": signed["credentialSubject"]["verifiableCredential"][:1]},
        {"association": [{**signed["credentialSubject"]["association"][0], "associationType": "replacedBy"}]},
    ):
        found = check(with_subject(signed, **change), KNOWN)
        assert (found.verdict, found.parts) == ("invalid", ())


def test_nothing_can_be_moved_between_the_credentials_of_one_learner() -> None:
    """The registrar's signature over RDF would still hold; each credential's own does not."""
    document = two("eddsa-rdfc-2022")
    signed = json.loads(REGISTRAR.sign(document, "eddsa-rdfc-2022"))
    first, second = (item["credentialSubject"] for item in signed["credentialSubject"]["verifiableCredential"])
    first["activityStartDate"], second["activityEndDate"] = None, first.pop("activityEndDate")
    del first["activityStartDate"]
    found = check(signed, KNOWN)
    assert found.verdict == "invalid"
    assert all(part.verification.claims is None for part in found.parts[:1])


def test_credits_written_beside_the_record_are_not_the_learners() -> None:
    """RDF takes the learner of the record and of a credential for one; nobody reads credits from a record."""
    signed = json.loads(REGISTRAR.sign(record(badge(0, "eddsa-rdfc-2022")), "eddsa-rdfc-2022"))
    inner = signed["credentialSubject"]["verifiableCredential"][0]["credentialSubject"]
    signed["credentialSubject"] |= {"type": ["ClrSubject", "AchievementSubject"]}
    signed["credentialSubject"]["creditsEarned"] = inner["creditsEarned"]
    assert check(signed, KNOWN).claims is None
    both = {**signed, "type": ["VerifiableCredential", "ClrCredential", "OpenBadgeCredential"]}
    assert check(both, KNOWN).verdict == "invalid"


def with_twin(credential_id: str) -> dict[str, Any]:
    document = two("eddsa-rdfc-2022")
    inner = document["credentialSubject"]["verifiableCredential"]
    inner[0] = json.loads(COLLEGE.sign(COLLEGE.badge(credential_id=credential_id), "eddsa-rdfc-2022"))
    return changed(document, credentialSubject=changed(document["credentialSubject"], association=None))


def test_no_credential_in_a_record_has_the_name_of_another() -> None:
    found = answer(with_twin("urn:uuid:1"))
    assert (found.verdict, found.code, found.parts) == ("invalid", "not_canonical_shape", ())
    with pytest.raises(CredentialError) as refused:
        answer(with_twin("urn:uuid:record"))
    assert refused.value.code == "not_canonical_shape"


def test_a_programme_of_study_can_stand_above_its_courses() -> None:
    """An achievement of the record itself, which is no credential; the courses' own may be repeated beside it."""
    programme = {**COLLEGE.badge()["credentialSubject"]["achievement"], "id": "urn:uuid:programme"}
    course = COLLEGE.badge()["credentialSubject"]["achievement"]
    part = Association("isPartOf", course["id"], programme["id"])
    document = record(badge(0, "eddsa-rdfc-2022"), achievements=[programme, course], associations=[part])
    assert answer(document).verdict == "valid"


def test_a_credential_about_somebody_else_is_pointed_out() -> None:
    found = answer(record(badge(0, "vc-jwt"), subject_id="did:example:another"))
    assert found.verdict == "valid"
    assert found.check("inner_subjects").code == "subject_differs"


@pytest.mark.parametrize("kind", sorted(ASSOCIATION_TYPES))
def test_every_association_of_the_standard_can_be_stated(kind: str) -> None:
    assert associations(two(associations=[Association(kind, "urn:uuid:1", "urn:uuid:0")]))[0].type == kind


@pytest.mark.parametrize(
    "change",
    [
        {"associations": [Association("resembles", "urn:uuid:0", "urn:uuid:1")]},
        {"associations": [Association("precedes", "urn:uuid:0", "urn:uuid:elsewhere")]},
        {"subject_id": None},
    ],
)
def test_a_record_that_names_nobody_or_nothing_is_not_assembled(change: Any) -> None:
    with pytest.raises(CredentialError) as refused:
        two(**change)
    assert refused.value.code == "malformed_credential"
    with pytest.raises(CredentialError):
        record()
    with pytest.raises(CredentialError):
        record("eyJ")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": ["AchievementSubject"]}, "malformed_credential"),
        ({"verifiableCredential": None}, "malformed_credential"),
        ({"verifiableCredential": [{"id": "urn:uuid:0"}] * (MAX_CREDENTIALS + 1)}, "too_complex"),
        ({"association": [{"associationType": "precedes"}]}, "malformed_credential"),
    ],
)
def test_a_record_that_is_not_well_formed_is_refused_however_well_it_is_signed(change: Any, code: str) -> None:
    document = with_subject(two(), **change)
    data = sign_compact({**document, "iss": REGISTRAR.id}, REGISTRAR.key, {"typ": "JWT", "kid": REGISTRAR.method})
    found = check(data.encode(), KNOWN)
    assert (found.verdict, found.code) == ("invalid", code)


def nested(depth: int) -> dict[str, Any]:
    document = two("eddsa-jcs-2022")
    for level in range(depth - 1):
        held = json.loads(REGISTRAR.sign(changed(document, id=f"urn:uuid:record-{level}"), "eddsa-jcs-2022"))
        document = record(held)
    return document


def test_a_record_may_stand_in_a_record_but_not_deeper() -> None:
    assert answer(nested(2), "eddsa-jcs-2022").verdict == "valid"
    assert answer(nested(3), "eddsa-jcs-2022").verdict != "valid"


def test_a_large_record_is_verified_and_one_beyond_all_measure_is_not() -> None:
    badges = [badge(number, "eddsa-jcs-2022") for number in range(60)]
    assert answer(record(*badges)).verdict == "valid"
    plain = {**two(), "type": ["VerifiableCredential"]}
    plain["credentialSubject"] = {"type": ["ClrSubject"], "verifiableCredential": badges}
    with pytest.raises(CredentialError) as refused:
        REGISTRAR.sign(plain, "eddsa-rdfc-2022")
    assert refused.value.code == "too_complex"
    data = json.dumps({**two(), "name": [{"@value": "x", "@language": "en"}] * 5_100}).encode()
    started = time.process_time()
    assert check(data, KNOWN).verdict == "invalid"
    assert time.process_time() - started < 3


def test_a_record_is_read_from_bytes_like_any_credential() -> None:
    data = REGISTRAR.sign(two("vc-jwt"), "vc-jwt")
    assert "ClrCredential" in read(data).types
