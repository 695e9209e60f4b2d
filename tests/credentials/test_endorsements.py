"""Endorsements: each verified for itself, shown beside the credential, and never part of its verdict (P40)."""

import json
from typing import Any

import pytest

from credentials.checks import Outcome, Verification
from credentials.endorsements import MAX_ENDORSEMENTS
from credentials.read import read
from credentials.verify import verify
from tests.credential_samples import (
    DAY,
    LEARNER,
    LIST_URL,
    NOW,
    OTHER,
    SCHOOL,
    SECURED,
    School,
    changed,
    did_key_school,
    material,
    revocable,
    with_achievement,
)

BADGE = SCHOOL.badge()
ACHIEVEMENT = BADGE["credentialSubject"]["achievement"]["id"]
BODY = did_key_school()


def endorsement(about: str = BADGE["id"], school: School = BODY, number: int = 1, **members: Any) -> dict[str, Any]:
    return changed(
        {
            "@context": BADGE["@context"],
            "id": f"urn:uuid:00000000-0000-4000-8000-{number:012}",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "name": "In good standing",
            "issuer": {"id": school.id, "type": ["Profile"], "name": "Accreditation body"},
            "validFrom": "2026-05-01T00:00:00Z",
            "credentialSubject": {"id": about, "type": ["EndorsementSubject"], "endorsementComment": "A good school"},
        },
        **members,
    )


def signed(document: dict[str, Any], school: School = BODY) -> dict[str, Any]:
    return {**document, "proof": school.bare_proof(document)}


def token(document: dict[str, Any], school: School = BODY) -> str:
    return school.sign(document, "vc-jwt").decode()


def answer(badge: dict[str, Any], how: str = "careless", **more: Any) -> Verification:
    if how == "careless":
        data = json.dumps({**badge, "proof": SCHOOL.bare_proof(badge)}).encode()
    else:
        data = SCHOOL.sign(badge, how)
    return verify(read(data), material(SCHOOL, OTHER, **more), NOW)


def places(found: dict[str, Any], jwt: str) -> list[dict[str, Any]]:
    """The badge with endorsements in each place that may hold them."""
    both = {"endorsement": [found], "endorsementJwt": [jwt]}
    issuer = {**BADGE["issuer"], **both}
    return [{**BADGE, **both}, with_achievement(BADGE, **both), {**BADGE, "issuer": issuer}]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_endorsement_of_each_thing_is_verified_where_it_stands(place: int) -> None:
    about = [BADGE["id"], ACHIEVEMENT, SCHOOL.id][place]
    badge = places(signed(endorsement(about)), token(endorsement(about, number=2)))[place]
    found = answer(badge)
    assert (found.verdict, found.check("endorsements").outcome) == ("valid", Outcome.PASSED)
    assert [(part.kind, part.verification.verdict) for part in found.parts] == [("endorsement", "valid")] * 2
    assert [part.id for part in found.parts] == [endorsement()["id"], endorsement(number=2)["id"]]


@pytest.mark.parametrize("how", SECURED)
def test_endorsed_badges_are_verified_however_they_are_secured(how: str) -> None:
    inner = BODY.prove(endorsement(), "eddsa-rdfc-2022")
    found = answer({**BADGE, "endorsement": [inner], "endorsementJwt": [token(endorsement(number=2))]}, how)
    assert (found.verdict, len(found.parts), found.check("endorsements").outcome) == ("valid", 2, "passed")


def test_an_endorsement_of_the_credential_may_be_about_what_it_holds() -> None:
    for about in (BADGE["id"], ACHIEVEMENT, SCHOOL.id, LEARNER):
        assert answer({**BADGE, "endorsement": [signed(endorsement(about))]}).check("endorsements").outcome == "passed"


BROKEN: dict[str, Any] = {
    "unsigned": endorsement(),
    "altered": {**signed(endorsement()), "name": "Altered"},
    "by nobody we know": signed(endorsement(school=School(id="did:web:nobody.example")), School(seed=9)),
    "in another's name": signed(endorsement(school=OTHER), BODY),
    "about another badge": signed(endorsement("urn:uuid:another")),
    "about nothing": signed(endorsement(credentialSubject={"type": ["EndorsementSubject"], "endorsementComment": "x"})),
    "no endorsement": signed(endorsement(type=["VerifiableCredential"])),
    "a badge": SCHOOL.prove({**BADGE, "id": "urn:uuid:other"}),
    "of another kind of subject": signed(endorsement(credentialSubject={"id": BADGE["id"], "type": ["Profile"]})),
    "expired": signed(endorsement(validUntil="2026-05-02T00:00:00Z")),
    "not yet valid": signed(endorsement(validFrom="2027-05-02T00:00:00Z")),
    "with its status unknown": signed(endorsement(credentialStatus=revocable().document())),
    "a number": 5,
    "an empty object": {},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_endorsement_is_shown_as_unverified_and_changes_nothing(name: str) -> None:
    good = signed(endorsement(number=2))
    found = answer({**BADGE, "endorsement": [BROKEN[name], good]})
    warned = found.check("endorsements")
    if name not in ("a number", "an empty object"):
        assert (found.verdict, found.claims is not None) == ("valid", True)
    assert (warned.outcome, warned.code, warned.facts) == ("warning", "endorsement_unverified", {"count": 1})
    assert [part.verification.verdict == "valid" for part in found.parts] == [False, True]
    assert all(part.verification.claims is None for part in found.parts)


@pytest.mark.parametrize(
    "jwt", ["", "x", "eyJ.e.y", token(endorsement())[:-2], token(endorsement(), OTHER), 7, {"id": BADGE["id"]}]
)
def test_a_broken_token_is_no_better(jwt: Any) -> None:
    found = answer({**BADGE, "endorsementJwt": [jwt]})
    assert (found.verdict, found.check("endorsements").code) == ("valid", "endorsement_unverified")
    assert [part.verification.verdict for part in found.parts] == ["invalid"]


def test_an_endorsement_stands_for_the_thing_that_it_stands_in() -> None:
    elsewhere = with_achievement(BADGE, endorsement=[signed(endorsement(SCHOOL.id))])
    [part] = answer(elsewhere).parts
    assert (part.verification.verdict, part.verification.code) == ("invalid", "endorsement_mismatch")


def test_a_revoked_endorsement_is_one_no_longer() -> None:
    badge = {**BADGE, "endorsement": [signed(endorsement(credentialStatus=revocable().document()))]}
    [part] = answer(badge, lists={LIST_URL: BODY.status_list(94_567)}).parts
    assert part.verification.code == "revoked"
    assert answer(badge, lists={LIST_URL: BODY.status_list()}).parts[0].verification.verdict == "valid"


def test_endorsements_of_endorsements_are_left_alone() -> None:
    nested = signed(endorsement(endorsement=[signed(endorsement(number=3))]))
    found = answer({**BADGE, "endorsement": [nested]})
    assert found.parts[0].verification.parts == ()
    assert found.check("endorsements").outcome == "passed"


def test_no_more_are_looked_at_than_anybody_needs() -> None:
    many = [token(endorsement(number=number)) for number in range(MAX_ENDORSEMENTS + 5)]
    found = answer({**BADGE, "endorsementJwt": many})
    assert len(found.parts) == MAX_ENDORSEMENTS
    assert found.check("endorsements").facts == {"count": 5}


def test_nothing_inside_is_shown_of_a_badge_whose_signature_fails() -> None:
    """When the signature fails, only that is shown: whatever else it says was said by nobody."""
    badge = {**BADGE, "endorsement": [signed(endorsement())]}
    data = {**badge, "proof": SCHOOL.bare_proof(badge), "name": "Altered"}
    found = verify(read(json.dumps(data).encode()), material(SCHOOL), NOW)
    assert (found.verdict, found.code, found.parts, found.claims) == ("invalid", "bad_signature", (), None)
    after = [check.code for check in found.checks if check.number > found.check("signature").number]
    assert set(after) == {"not_reached"}


def test_co_signatures_are_demanded_of_the_badge_and_not_of_its_endorsements() -> None:
    badge = {**BADGE, "endorsement": [signed(endorsement())]}
    found = answer(badge, required_signers=frozenset({SCHOOL.id}))
    assert (found.verdict, found.parts[0].verification.verdict) == ("valid", "valid")
    assert NOW - DAY < NOW
