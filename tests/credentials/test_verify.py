"""A verification answers every check by name; its claims are what was signed, in whatever wrapping."""

import json
import re
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from credentials.baking import bake_png, bake_svg
from credentials.canonical import jcs, sha256
from credentials.checks import Check, Outcome, Verification
from credentials.claims import SecuredClaims
from credentials.contexts import OPEN_BADGES_EXTENSIONS
from credentials.jose import sign_compact
from credentials.verify import NAMES, VerificationMaterial
from tests.credential_samples import (
    DAY,
    LEARNER,
    NOW,
    OTHER,
    SCHOOL,
    SECURED,
    School,
    changed,
    check,
    did_key_school,
    material,
    outcome,
    png,
    svg,
    with_achievement,
    with_subject,
)

BADGE = SCHOOL.badge()


@pytest.mark.parametrize("how", SECURED)
def test_a_schools_badge_is_valid_however_it_is_secured(how: str) -> None:
    answer = check(SCHOOL.sign(BADGE, how))
    assert (answer.verdict, answer.code) == ("valid", None)
    assert [one.name for one in answer.checks] == list(NAMES)
    assert [one.number for one in answer.checks] == list(range(1, len(NAMES) + 1))


@pytest.mark.parametrize("algorithm", ["ES256", "ES384"])
def test_a_jwt_may_be_signed_on_the_nist_curves(algorithm: Any) -> None:
    school = School(algorithm=algorithm)
    assert check(school.sign(BADGE, "vc-jwt"), material(school)).verdict == "valid"


@pytest.mark.parametrize("how", SECURED)
def test_a_did_key_issuer_needs_no_material(how: str) -> None:
    school = did_key_school()
    assert check(school.sign(school.badge(), how), VerificationMaterial()).verdict == "valid"


def test_the_claims_are_what_was_signed() -> None:
    claims = check(SCHOOL.sign(BADGE)).claims
    assert claims is not None
    assert (claims.issuer_id, claims.subject_id, claims.credential_id) == (SCHOOL.id, LEARNER, BADGE["id"])
    assert (claims.credits_earned, claims.achievement.unit) == (Fraction(9, 2), "ects")
    assert (claims.score, claims.attendance, claims.hours) == (Fraction(175, 2), Fraction(9, 10), 112)
    assert (claims.verification_method, claims.signed_at) == (SCHOOL.method, NOW - DAY)
    assert claims.key_thumbprint == SCHOOL.key.public_key.thumbprint()
    assert claims.document == BADGE


def test_claims_cannot_be_made_up_or_altered() -> None:
    claims = check(SCHOOL.sign(BADGE)).claims
    assert claims is not None
    facts = {name: getattr(claims, name) for name in SecuredClaims.__dataclass_fields__ if name != "seal"}
    with pytest.raises(TypeError):
        SecuredClaims(**facts, seal=object())
    with pytest.raises((TypeError, ValueError)):
        replace(claims, credential_id="urn:uuid:other")


def test_personal_data_stay_out_of_logs() -> None:
    assert LEARNER not in repr(check(SCHOOL.sign(BADGE)))


def test_every_wrapping_of_a_credential_has_the_same_content_digest() -> None:
    token, proved = SCHOOL.sign(BADGE, "vc-jwt"), SCHOOL.sign(BADGE, "eddsa-rdfc-2022")
    twin = School(algorithm="ES256", name="key-2")
    spaced = json.dumps(dict(reversed(json.loads(proved).items())), indent=2).encode()
    wrappings = [
        token,
        proved,
        spaced,
        SCHOOL.sign(BADGE, "eddsa-jcs-2022"),
        SCHOOL.sign(BADGE, "eddsa-jcs-2022", created=NOW - DAY / 2),
        twin.sign(BADGE, "vc-jwt"),
        twin.sign(BADGE, "vc-jwt"),
        bake_png(png(), token.decode()),
        bake_svg(svg(), proved.decode()),
    ]
    known = material(SCHOOL, twin)
    digests = {check(data, known).claims.content_digest for data in wrappings}  # type: ignore[union-attr]
    assert digests == {sha256(jcs(BADGE))}


@pytest.mark.parametrize(
    "document",
    [
        with_subject(BADGE, creditsEarned=5),
        changed(BADGE, validUntil="2030-01-01T00:00:00Z"),
        with_subject(BADGE, id="did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"),
    ],
)
def test_another_content_has_another_digest(document: dict[str, Any]) -> None:
    one, two = check(SCHOOL.sign(BADGE)).claims, check(SCHOOL.sign(document)).claims
    assert one is not None
    assert two is not None
    assert one.content_digest != two.content_digest


@pytest.mark.parametrize("how", SECURED)
@pytest.mark.parametrize(
    ("at", "code"),
    [(NOW - 2 * DAY, "not_yet_valid"), (NOW - DAY, None), (NOW + DAY, None), (NOW + 2 * DAY, "expired")],
)
def test_a_badge_counts_within_its_dates_only(how: str, at: datetime, code: str | None) -> None:
    badge = SCHOOL.badge(outcome(valid_until=NOW + DAY))
    answer = check(SCHOOL.sign(badge, how, created=NOW - 3 * DAY), at=at)
    assert answer.code == code
    assert answer.claims is not None


def test_a_name_that_displays_otherwise_than_it_reads_is_flagged_and_still_valid() -> None:
    answer = check(SCHOOL.sign(with_achievement(BADGE, name="Welding \u202egnikaB")))
    assert (answer.verdict, answer.check("text").outcome) == ("valid", Outcome.WARNING)


def test_an_endorsement_with_a_broken_proof_changes_nothing() -> None:
    endorsement = {
        "@context": BADGE["@context"],
        "id": "urn:uuid:endorsement",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Endorsement",
        "issuer": {"id": OTHER.id, "type": ["Profile"]},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": BADGE["credentialSubject"]["achievement"]["id"],
            "type": ["EndorsementSubject"],
            "endorsementComment": "Excellent",
        },
        "proof": [{**SCHOOL.prove(BADGE)["proof"][0]}],
    }
    del endorsement["proof"][0]["@context"]
    badge = with_achievement(BADGE, endorsement=[endorsement])
    for how in SECURED:
        answer = check(SCHOOL.sign(badge, how))
        assert (answer.verdict, answer.code) == ("valid", None), how
        assert answer.check("endorsements").outcome is Outcome.WARNING


def test_a_schema_that_is_not_at_hand_leaves_the_verdict_open() -> None:
    known = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
    for schema, verdict in ((known, "valid"), ("http://127.0.0.1/schema.json", "indeterminate")):
        entry = {"id": schema, "type": "1EdTechJsonSchemaValidator2019"}
        extended = {**BADGE, "@context": [*BADGE["@context"], OPEN_BADGES_EXTENSIONS], "credentialSchema": [entry]}
        assert check(SCHOOL.sign(extended)).verdict == verdict


def test_no_checks_are_no_verification() -> None:
    assert (Verification().verdict, Verification().code) == ("indeterminate", "not_verified")
    warned = Verification((Check(1, "text", Outcome.WARNING, "deceptive_text"),))
    assert warned.verdict == "indeterminate"


def test_the_banks_own_checks_join_the_verdict() -> None:
    answer = check(SCHOOL.sign(BADGE)).with_check(Check.passed("accreditation"))
    assert (answer.verdict, answer.checks[-1].number) == ("valid", len(NAMES) + 1)
    refused = answer.with_check(Check(0, "inclusion", Outcome.FAILED, "not_logged", "The log does not hold it."))
    assert (refused.verdict, refused.code) == ("invalid", "not_logged")
    with pytest.raises(KeyError):
        refused.check("nothing of this name")


def test_a_preview_is_refused_however_well_it_is_signed() -> None:
    preview = changed(BADGE, type=[*BADGE["type"], "TestCredential"])
    payload = {**preview, "iss": SCHOOL.id}
    data = sign_compact(payload, SCHOOL.key, {"typ": "JWT", "kid": SCHOOL.method}).encode()
    assert check(data).code == "test_credential"


def test_only_verification_seals_claims() -> None:
    root = Path(__file__).parents[2]
    files = [file for name in ("api", "credentials", "creditbank", "issuers") for file in (root / name).rglob("*.py")]
    sealing = [file for file in files if re.search(r"\bsealed\(|_SEAL\b", file.read_text("utf-8"))]
    assert {file.relative_to(root).as_posix() for file in sealing} == {
        "credentials/claims.py", "credentials/verify.py", "credentials/open_badges_2_verification.py"
    }  # fmt: skip
