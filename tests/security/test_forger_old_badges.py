"""A forger with a web site of his own tries Open Badges 2.0; what honest hosts write is accepted beside it."""

import json
from typing import Any

import pytest

from credentials.checks import Verification
from credentials.errors import CredentialError
from credentials.open_badges_2 import MAX_DOCUMENTS, is_fetchable, wanted_documents
from credentials.open_badges_2_issue import cryptographic_key
from credentials.read import read
from tests.credentials.old_badges import BADGE_AT, COLLEGE, HOSTED_AT, Web
from tests.security.old_badge_forgeries import ATTACKS, EVIL, FORGER, HASH, Attack, Data, list_at, of_forger, profile


@pytest.fixture
def web() -> Web:
    return Web()


def answered(web: Web, data: Data) -> tuple[str, str | None, Verification | None]:
    """The verdict and code, and the verification if reading did not refuse already; fetching is looked at too."""
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    try:
        credential = read(raw)
    except CredentialError as refused:
        return "invalid", refused.code, None
    for known in ({}, web.documents):
        asked = wanted_documents(credential, known)
        assert len(asked) <= MAX_DOCUMENTS
        assert all(is_fetchable(url) for url in asked)
    found = web.check(raw)
    return found.verdict, found.code, found


WITH_CLAIMS = {"revoked", "status_unverified", "status_unavailable"}


@pytest.mark.parametrize(("attack", "code"), ATTACKS.values(), ids=ATTACKS.keys())
def test_a_forged_badge_is_refused(web: Web, attack: Attack, code: str) -> None:
    verdict, found, verification = answered(web, attack(web))
    assert found == code
    assert verdict == ("indeterminate" if code in ("status_unverified", "status_unavailable") else "invalid")
    assert verification is None or verification.claims is None or code in WITH_CLAIMS


def test_a_profile_that_holds_its_list_is_no_word_on_the_status(web: Web) -> None:
    assert answered(web, list_at({"revokedAssertions": []})(web))[:2] == ("invalid", "malformed_credential")


def test_what_the_forger_signs_for_himself_is_his(web: Web) -> None:
    """It holds, and says so: whose it is, is the forger's own address, which no register knows."""
    key = {**cryptographic_key(COLLEGE, FORGER.public_key), "id": f"{EVIL}/key", "owner": f"{EVIL}/issuer.json"}
    issuer = of_forger(web, publicKey=key, revocationList=None, name="Riverside College")
    badge = {**web.documents[BADGE_AT], "issuer": issuer}
    data = web.token(FORGER, verification={"type": "SignedBadge", "creator": f"{EVIL}/key"}, badge=badge)
    claims = web.check(data).claims
    assert claims is not None
    assert (claims.issuer_id, claims.credits_earned) == (issuer, None)
    assert claims.verification_method == f"{EVIL}/key"


def without_what_is_null(web: Web) -> Data:
    """What many hosts serve: members that they have nothing for are null, which says as much as if they were absent."""
    empty = dict.fromkeys(("evidence", "narrative", "expires", "image", "uid", "revocationReason"))
    web.documents[HOSTED_AT] = {**web.hosted, **empty}
    web.documents[BADGE_AT].update(alignment=None, tags=None)
    web.documents[COLLEGE.id].update(
        publicKey=None, revocationList=None, verification=None, email=None, telephone=None, image=None
    )
    return web.documents[HOSTED_AT]


def like_badgr(web: Web) -> Data:
    """The members of a badge of the most widely used host, as its public API answers."""
    host = "https://api.badgr.example/public"
    issuer, badge, place = f"{host}/issuers/Xq1", f"{host}/badges/Bq2", f"{host}/assertions/Aq3"
    context = "https://w3id.org/openbadges/v2"
    web.documents = {
        issuer: {"@context": context, "type": "Issuer", "id": issuer, "name": "College", "url": "https://c.example",
                 "email": "a@c.example", "image": f"{issuer}/image"},
        badge: {"@context": context, "type": "BadgeClass", "id": badge, "name": "Robotics", "description": "Robots",
                "image": f"{badge}/image", "issuer": issuer, "criteria": {"narrative": "Build"}, "alignment": [],
                "tags": ["robot"]},
        place: {"@context": context, "type": "Assertion", "id": place, "badge": badge, "issuedOn":
                "2019-02-14T09:30:00.123456+00:00", "image": {"id": f"{place}/image"}, "narrative": "Well done",
                "evidence": [], "verification": {"type": "HostedBadge"}, "revoked": False,
                "recipient": {"hashed": True, "identity": HASH, "type": "email", "salt": "a4f"}},
    }  # fmt: skip
    return web.documents[place]


def like_credly(web: Web) -> Data:
    host = "https://api.credly.example/v1/obi/v2"
    issuer, place = f"{host}/issuers/1b2c", f"{host}/badge_assertions/9d8e"
    badge = f"{issuer}/badge_classes/77aa"
    context = "https://w3id.org/openbadges/v2"
    web.documents = {
        issuer: {"@context": context, "type": "Issuer", "id": issuer, "name": "Big Co", "url": "https://big.example"},
        badge: {"@context": context, "type": "BadgeClass", "id": badge, "name": "Cloud", "description": "…",
                "criteria": "https://www.credly.example/org/big/badge/cloud", "image": "https://i.example/c.png",
                "issuer": issuer, "tags": []},
        place: {"@context": context, "type": "Assertion", "id": place, "badge": badge, "uid": "9d8e",
                "issuedOn": "2021-03-01T00:00:00.000Z", "expires": None, "evidence": None, "verify": None,
                "verification": {"type": "hosted"}, "image": "https://i.example/baked.png",
                "recipient": {"type": "email", "identity": HASH, "hashed": True, "salt": None}},
    }  # fmt: skip
    return web.documents[place]


def with_the_class_inside(web: Web) -> Data:
    issuer = web.documents[COLLEGE.id]
    return {**web.hosted, "badge": {**web.documents[BADGE_AT], "issuer": issuer}}


def with_old_and_new_verification(web: Web) -> Data:
    web.documents[HOSTED_AT] = {**web.hosted, "verify": {"type": "hosted", "url": HOSTED_AT}}
    return web.documents[HOSTED_AT]


def list_without_its_issuer(web: Web) -> Data:
    del web.documents[COLLEGE.revocation_list]["issuer"]
    return web.token()


def with_empty_rules(web: Web) -> Data:
    profile(web, verification={})
    return web.hosted


HONEST: dict[str, Attack] = {
    "hosted": lambda web: web.hosted,
    "signed": lambda web: web.token(),
    "nothing is null": without_what_is_null,
    "as Badgr writes it": like_badgr,
    "as Credly writes it": like_credly,
    "its class inside it": with_the_class_inside,
    "both spellings of verification": with_old_and_new_verification,
    "a list that does not say whose it is": list_without_its_issuer,
    "the profile's rules are empty": with_empty_rules,
}


@pytest.mark.parametrize("make", HONEST.values(), ids=HONEST.keys())
def test_an_honest_badge_is_accepted(web: Web, make: Attack) -> None:
    verdict, code, found = answered(web, make(web))
    assert (verdict, code) == ("valid", None)
    assert found is not None
    assert found.claims is not None


@pytest.mark.parametrize("value", [10**16, -(10**16), 2.0**70 + 0.0, float("inf"), "\ud800", ["\udfff"], {"\ud800": 1}])
@pytest.mark.parametrize("where", [HOSTED_AT, BADGE_AT, COLLEGE.id])
def test_a_document_that_was_not_read_strictly_has_no_digest(web: Web, where: str, value: Any) -> None:
    """Strict reading lets no such value in; a caller who gathers documents otherwise gets an answer, not an error."""
    web.documents[where]["extra"] = value
    hosted = web.check({name: item for name, item in web.hosted.items() if name != "extra"})
    assert hosted.verdict in ("valid", "invalid")
    assert hosted.verdict == ("invalid" if where == HOSTED_AT and value != 2.0**70 else hosted.verdict)
