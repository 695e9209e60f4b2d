"""Refreshing a credential: what is offered, and what may take its place (P38)."""

from datetime import timedelta
from typing import Any

import pytest

from credentials.claims import SecuredClaims
from credentials.errors import ProofInvalid
from credentials.read import read
from credentials.refresh import RefreshOffer, check_refreshed, refresh_offer
from credentials.verify import verify
from tests.credential_samples import DAY, NOW, OTHER, SCHOOL, School, material, with_subject

SERVICE = {"id": "https://college.example/refresh/1", "type": "1EdTechCredentialRefresh"}
OFFER = RefreshOffer("1EdTechCredentialRefresh", "https://college.example/refresh/1")


@pytest.mark.parametrize(
    ("service", "offer"),
    [
        (SERVICE, OFFER),
        ([SERVICE], OFFER),
        ([{"id": "urn:x:y", "type": "Other"}, SERVICE], OFFER),
        ({**SERVICE, "type": ["1EdTechCredentialRefresh"]}, OFFER),
        (
            {**SERVICE, "type": "VerifiableCredentialRefreshService2021"},
            RefreshOffer("VerifiableCredentialRefreshService2021", OFFER.url),
        ),
        ({**SERVICE, "type": "ManualRefreshService2018"}, None),
        ({**SERVICE, "id": "http://college.example/refresh/1"}, None),
        ({**SERVICE, "id": "file:///etc/passwd"}, None),
        ({**SERVICE, "id": "https://college.example@evil.example/"}, None),
        ([], None),
    ],
)
def test_only_known_services_over_https_are_offered(service: Any, offer: RefreshOffer | None) -> None:
    assert refresh_offer({"refreshService": service}) == offer
    assert refresh_offer({}) is None


def claims(school: School = SCHOOL, created: timedelta = -DAY, **facts: Any) -> SecuredClaims:
    document = school.badge(**facts)
    found = verify(read(school.sign(document, created=NOW + created)), material(school), NOW).claims
    assert found is not None
    return found


def test_a_newer_one_of_the_same_issuer_and_id_takes_its_place() -> None:
    old = claims(valid_from=NOW - 3 * DAY)
    check_refreshed(old, claims(valid_from=NOW - 2 * DAY))
    check_refreshed(claims(created=-2 * DAY), claims(created=-DAY))


@pytest.mark.parametrize(
    ("new", "member"),
    [
        (claims(OTHER), "issuer_id"),
        (claims(credential_id="urn:uuid:another"), "credential_id"),
        (claims(), "valid_from"),
        (claims(valid_from=NOW - 5 * DAY), "valid_from"),
    ],
    ids=["another issuer", "another id", "the same", "older"],
)
def test_nothing_else_does(new: SecuredClaims, member: str) -> None:
    with pytest.raises(ProofInvalid) as refused:
        check_refreshed(claims(), new)
    assert (refused.value.code, refused.value.facts) == ("refresh_refused", {"member": member})


def test_a_refreshed_badge_stays_with_its_learner() -> None:
    document = with_subject(SCHOOL.badge(), id="did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
    new = verify(read(SCHOOL.sign(document, created=NOW)), material(SCHOOL), NOW).claims
    assert new is not None
    with pytest.raises(ProofInvalid):
        check_refreshed(claims(), new)
