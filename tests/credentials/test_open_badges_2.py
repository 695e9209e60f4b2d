"""Open Badges 2.0: hosted and signed badges are read, verified against their issuer's documents, and issued."""

import json
from typing import Any

import pytest

from credentials.baking import bake_png_2, bake_svg_2
from credentials.checks import Outcome
from credentials.credential import Format
from credentials.errors import CredentialError
from credentials.open_badges_2 import MAX_DOCUMENTS, issuer_of, wanted_documents
from credentials.open_badges_2_issue import assertion
from credentials.open_badges_2_verification import NAMES
from credentials.read import read
from tests.credential_samples import DAY, LEARNER, NOW, chunk, outcome, png, svg
from tests.credentials.old_badges import BADGE_AT, COLLEGE, EXPIRES, HOSTED_AT, SITE, Web


@pytest.fixture
def web() -> Web:
    return Web()


def gathered(data: bytes, web: Web) -> list[str]:
    """The addresses asked for, in rounds, until nothing more is wanted."""
    credential, known = read(data), dict[str, Any]()
    asked: list[str] = []
    while wanted := [url for url in wanted_documents(credential, known) if url not in asked]:
        asked += wanted
        known |= {url: web.documents[url] for url in wanted if url in web.documents}
    assert issuer_of(credential, known) == COLLEGE.id
    return asked


def test_a_hosted_badge_holds_because_its_issuer_serves_it(web: Web) -> None:
    answer = web.check(web.hosted)
    assert (answer.verdict, answer.code) == ("valid", None)
    assert [check.name for check in answer.checks] == list(NAMES)
    assert gathered(json.dumps(web.hosted).encode(), web) == [HOSTED_AT, BADGE_AT, COLLEGE.id]


def test_a_signed_badge_holds_under_a_key_that_its_issuer_names(web: Web) -> None:
    answer = web.check(web.token())
    assert (answer.verdict, answer.code) == ("valid", None)
    asked = gathered(web.token(), web)
    assert asked == [BADGE_AT, COLLEGE.id, COLLEGE.key_address, COLLEGE.revocation_list]
    assert len(asked) <= MAX_DOCUMENTS


def test_the_claims_are_what_the_issuer_serves_and_never_credits(web: Web) -> None:
    claims = web.check(web.hosted).claims
    assert claims is not None
    assert (claims.issuer_id, claims.credential_id) == (COLLEGE.id, HOSTED_AT)
    assert (claims.valid_from, claims.valid_until) == (NOW - DAY, EXPIRES)
    assert claims.identifiers[0].matches("anna@learners.example")
    assert claims.identifiers[0].identity_type == "emailAddress"
    assert (claims.achievement.id, claims.achievement.name) == (BADGE_AT, {"en": "Welding"})
    assert claims.achievement.criteria == {"en": "Four test pieces, each inspected"}
    assert claims.credits_earned is None
    assert claims.document["badge"]["issuer"]["name"] == "Riverside College"


def test_a_badge_for_a_did_names_its_subject(web: Web) -> None:
    web.documents[HOSTED_AT]["recipient"] = {"type": "id", "identity": LEARNER, "hashed": False}
    claims = web.check(web.documents[HOSTED_AT]).claims
    assert claims is not None
    assert (claims.subject_id, claims.identifiers) == (LEARNER, ())


def test_nobody_is_recognised_by_an_md5_hash(web: Web) -> None:
    web.documents[HOSTED_AT]["recipient"] = {"type": "email", "identity": "md5$" + "0" * 32, "hashed": True}
    answer = web.check(web.documents[HOSTED_AT])
    assert answer.verdict == "valid"
    assert answer.check("recipient").code == "weak_identity_hash"
    assert answer.claims is not None
    assert (answer.claims.identifiers, answer.claims.subject_id) == ((), None)


@pytest.mark.parametrize("wrap", [bake_png_2, bake_svg_2])
def test_hosted_and_signed_badges_are_read_from_images(web: Web, wrap: Any) -> None:
    image = png() if wrap is bake_png_2 else svg()
    for text in (json.dumps(web.hosted), web.token().decode()):
        baked = wrap(image, text)
        assert read(baked).format is Format.OPEN_BADGES_2
        assert web.check(baked).verdict == "valid"


@pytest.mark.parametrize(
    "image",
    [
        png(chunk(b"tEXt", b"openbadges\0" + HOSTED_AT.encode())),
        png(chunk(b"iTXt", b"openbadges\0\0\0\0\0" + HOSTED_AT.encode())),
        svg(f'<o:assertion xmlns:o="http://openbadges.org" verify="{HOSTED_AT}"/>'),
    ],
)
def test_an_image_may_hold_no_more_than_the_badges_address(web: Web, image: bytes) -> None:
    assert read(image).document == {"id": HOSTED_AT}
    assert web.check(image).verdict == "valid"
    assert gathered(image, web)[0] == HOSTED_AT
    assert Web({}).check(png(chunk(b"tEXt", b"openbadges\0https://other.example/1"))).code == "document_unavailable"


@pytest.mark.parametrize(
    "address", ["http://college.example/1", "https://a@college.example/1", "https://x/a/../b", "https://x/%2E%2e/b"]
)
def test_an_address_that_cannot_vouch_for_anything_is_refused(address: str) -> None:
    with pytest.raises(CredentialError) as refused:
        read(png(chunk(b"tEXt", b"openbadges\0" + address.encode())))
    assert refused.value.code == "malformed_credential"


def test_a_bare_address_is_no_credential() -> None:
    for data in (HOSTED_AT.encode(), png(chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + HOSTED_AT.encode()))):
        with pytest.raises(CredentialError):
            read(data)


@pytest.mark.parametrize("missing", [HOSTED_AT, BADGE_AT, COLLEGE.id])
def test_what_is_not_at_hand_leaves_a_hosted_badge_open(web: Web, missing: str) -> None:
    hosted = web.hosted
    del web.documents[missing]
    answer = web.check(hosted)
    assert (answer.verdict, answer.code, answer.claims) == ("indeterminate", "document_unavailable", None)


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        (BADGE_AT, "document_unavailable"),
        (COLLEGE.id, "document_unavailable"),
        (COLLEGE.key_address, "document_unavailable"),
        (COLLEGE.revocation_list, "status_unavailable"),
    ],
)
def test_what_is_not_at_hand_leaves_a_signed_badge_open(web: Web, missing: str, code: str) -> None:
    del web.documents[missing]
    answer = web.check(web.token())
    assert (answer.verdict, answer.code) == ("indeterminate", code)


SCOPES = [
    ({"startsWith": f"{SITE}/badges/"}, True),
    ({"startsWith": f"{SITE}/badges"}, True),
    ({"startsWith": [f"{SITE}/other", HOSTED_AT]}, True),
    ({"startsWith": f"{SITE}:443/badges/"}, True),
    ({"startsWith": f"{SITE}/bad"}, False),
    ({"startsWith": "https://college.example.evil/"}, False),
    ({"startsWith": "https://college.examp"}, False),
    ({"startsWith": f"http://{SITE[8:]}/badges/"}, False),
    ({"startsWith": f"{SITE}:8443/badges/"}, False),
    ({"startsWith": []}, False),
    ({"startsWith": f"{SITE}/badges/../"}, False),
    ({"allowedOrigins": "college.example"}, True),
    ({"allowedOrigins": ["other.example", "COLLEGE.example"]}, True),
    ({"allowedOrigins": SITE}, True),
    ({"allowedOrigins": "example"}, False),
    ({"allowedOrigins": "ollege.example"}, False),
    ({"allowedOrigins": []}, False),
    ({"allowedOrigins": "other.example", "startsWith": f"{SITE}/badges/"}, False),
    ({}, True),
]


@pytest.mark.parametrize(("rules", "allowed"), SCOPES)
def test_a_hosted_badge_must_stand_where_its_issuer_publishes(web: Web, rules: Any, allowed: bool) -> None:
    web.documents[COLLEGE.id]["verification"] = rules
    assert web.check(web.hosted).code == (None if allowed else "hosted_scope")


@pytest.mark.parametrize(
    "place",
    [
        "https://college.example.evil/badges/1.json",
        "https://evil.example/badges/1.json",
        "https://college.example:8443/badges/1.json",
        "https://badges.college.example/1.json",
    ],
)
def test_without_rules_only_the_issuers_own_origin_counts(web: Web, place: str) -> None:
    del web.documents[COLLEGE.id]["verification"]
    web.documents[place] = {**web.hosted, "id": place}
    answer = web.check(web.documents[place])
    assert (answer.verdict, answer.code, answer.claims) == ("invalid", "hosted_scope", None)


def test_a_hosted_badge_is_what_its_own_id_serves(web: Web) -> None:
    other = f"{SITE}/badges/2.json"
    web.documents[other] = web.hosted
    assert web.check(png(chunk(b"tEXt", b"openbadges\0" + other.encode()))).code == "hosted_mismatch"


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("recipient", {"type": "email", "identity": "eve@evil.example", "hashed": False}),
        ("badge", f"{SITE}/other-badge"),
        ("issuedOn", "2026-01-01T00:00:00Z"),
        ("expires", "2099-01-01T00:00:00Z"),
        ("narrative", "Credits: 600 ects"),
        ("evidence", "https://evil.example/"),
    ],
)
def test_a_copy_that_says_something_else_is_refused(web: Web, member: str, value: Any) -> None:
    answer = web.check({**web.hosted, member: value})
    assert (answer.verdict, answer.code, answer.claims) == ("invalid", "hosted_mismatch", None)


def test_a_copy_may_hold_the_badge_class_itself_and_spell_dates_otherwise(web: Web) -> None:
    copy = {**web.hosted, "badge": web.documents[BADGE_AT], "issuedOn": "2026-05-31T14:00:00.000+02:00"}
    assert web.check(copy).verdict == "valid"


@pytest.mark.parametrize("served", [{"revoked": True}, {"revoked": True, "revocationReason": "withdrawn"}])
def test_a_revoked_hosted_badge_is_invalid_even_where_nothing_else_is_served(web: Web, served: Any) -> None:
    hosted = web.hosted
    web.documents[HOSTED_AT] = {"@context": "https://w3id.org/openbadges/v2", "id": HOSTED_AT, **served}
    for data in (json.dumps(hosted).encode(), png(chunk(b"tEXt", b"openbadges\0" + HOSTED_AT.encode()))):
        answer = web.check(data)
        assert (answer.verdict, answer.code, answer.claims) == ("invalid", "revoked", None)
    web.documents[HOSTED_AT] = {**hosted, **served}
    answer = web.check(hosted)
    assert (answer.code, answer.claims is not None) == ("revoked", True)


LISTED = ["urn:uuid:1", {"id": "urn:uuid:1", "revocationReason": "error"}]


@pytest.mark.parametrize("entry", LISTED)
def test_a_signed_badge_on_the_revocation_list_is_revoked(web: Web, entry: Any) -> None:
    web.documents[COLLEGE.revocation_list]["revokedAssertions"] = [*(f"urn:uuid:{n}" for n in range(2, 900)), entry]
    assert web.check(web.token()).code == "revoked"


@pytest.mark.parametrize("listed", [[], "text", {"revokedAssertions": "urn:uuid:1"}, {"revokedAssertions": [5]}])
def test_a_revocation_list_that_is_none_leaves_the_status_open(web: Web, listed: Any) -> None:
    web.documents[COLLEGE.revocation_list] = listed
    answer = web.check(web.token())
    assert (answer.verdict, answer.code) == ("indeterminate", "status_unverified")


def test_an_issuer_without_a_revocation_list_is_pointed_out(web: Web) -> None:
    del web.documents[COLLEGE.id]["revocationList"]
    answer = web.check(web.token())
    assert (answer.verdict, answer.check("status").outcome) == ("valid", Outcome.WARNING)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"verification": {"type": "SignedBadge"}}, "no_proof"),
        ({"verification": None}, "malformed_credential"),
        ({"verification": {"type": ["HostedBadge", "SignedBadge"]}}, "malformed_credential"),
        ({"verification": {"type": "Trust me"}}, "malformed_credential"),
        ({"type": "BadgeClass"}, "malformed_credential"),
        ({"recipient": []}, "cardinality"),
        ({"recipient": None}, "malformed_credential"),
        ({"issuedOn": "yesterday"}, "malformed_credential"),
        ({"issuedOn": True}, "malformed_credential"),
        ({"badge": 5}, "malformed_credential"),
        ({"@context": ["https://w3id.org/openbadges/v2", {"badge": "urn:evil"}]}, "context_not_allowed"),
        ({"id": "https://college.example/badges/ 1"}, "malformed_iri"),
    ],
)
def test_an_assertion_that_is_not_well_formed_is_refused(web: Web, changes: Any, code: str) -> None:
    answer = web.check({**web.hosted, **changes})
    assert (answer.verdict, answer.code, answer.claims) == ("invalid", code, None)


def test_time_is_looked_at(web: Web) -> None:
    assert web.check(web.hosted, EXPIRES).code is None
    assert web.check(web.hosted, EXPIRES + DAY).code == "expired"
    assert web.check(web.hosted, NOW - 2 * DAY).code == "proof_time"


def test_a_learner_without_a_name_is_not_issued_to(web: Web) -> None:
    nobody = outcome(subject_id=None, identifiers=())
    with pytest.raises(CredentialError):
        assertion(nobody, COLLEGE, credential_id=HOSTED_AT, issued_on=NOW)
    with pytest.raises(CredentialError):
        assertion(outcome(), COLLEGE, credential_id="http://college.example/1", issued_on=NOW)
