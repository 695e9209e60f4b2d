"""Verification tells stories: who signed, with which key, when, and what it is worth now."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from credentials import data_integrity
from credentials.baking import bake_png, bake_svg
from credentials.canonical import jcs, sha256
from credentials.checks import Check, Outcome, Verification
from credentials.claims import SecuredClaims
from credentials.contexts import OPEN_BADGES_EXTENSIONS
from credentials.jose import sign_compact
from credentials.read import read
from credentials.verify import NAMES, VerificationMaterial, verify
from tests.credential_samples import (
    DAY,
    LEARNER,
    NOW,
    SECURED,
    School,
    changed,
    did_key_school,
    material,
    outcome,
    png,
    svg,
    with_achievement,
    with_subject,
)

SCHOOL = School()
OTHER = School(id="did:web:other.example", seed=2)
BADGE = SCHOOL.badge()


def check(data: bytes | dict[str, Any], gathered: VerificationMaterial | None = None, **more: Any) -> Verification:
    raw = json.dumps(data).encode() if isinstance(data, dict) else data
    known = material(SCHOOL, OTHER) if gathered is None else gathered
    return verify(read(raw), known, more.get("at", NOW), more.get("first_seen"))


# Valid credentials


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


# The same content in every wrapping


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


# Forged and tampered


def tampered(how: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> bytes:
    return json.dumps(change(SCHOOL.prove(BADGE, how))).encode()


@pytest.mark.parametrize("how", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
@pytest.mark.parametrize(
    "change",
    [
        lambda badge: with_subject(badge, creditsEarned=450),
        lambda badge: with_subject(badge, id="did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"),
        lambda badge: with_achievement(badge, alignment=None),
        lambda badge: changed(badge, validUntil="2100-01-01T00:00:00Z"),
        lambda badge: changed(badge, issuer=OTHER.id),
    ],
)
def test_a_badge_altered_after_signing_is_refused_and_nothing_of_it_is_claimed(how: str, change: Any) -> None:
    answer = check(tampered(how, change))
    assert answer.verdict == "invalid"
    assert answer.code in ("bad_signature", "controller_mismatch")
    assert answer.claims is None
    assert {one.code for one in answer.checks[6:]} == {"not_reached"}


def test_a_token_altered_after_signing_is_refused() -> None:
    head, _, signature = SCHOOL.sign(BADGE, "vc-jwt").split(b".")
    body = SCHOOL.sign(with_subject(BADGE, creditsEarned=450), "vc-jwt").split(b".")[1]
    assert check(b".".join((head, body, signature))).code == "bad_signature"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda badge: changed(badge, proof=None), "no_proof"),
        (lambda badge: changed(badge, proof=[]), "no_proof"),
        (lambda badge: changed(badge, proof="z3abc"), "no_proof"),
        (lambda badge: changed(badge, proof=badge["proof"] * 11), "too_complex"),
        (lambda badge: {**badge, "@context": [*badge["@context"], {"name": "urn:evil"}]}, "context_not_allowed"),
        (lambda badge: {**badge, "@context": None}, "context_not_allowed"),
        (lambda badge: {**badge, "@context": ["https://127.0.0.1/context"]}, "context_not_allowed"),
        (lambda badge: with_subject(badge, **{"@graph": []}), "keyword_not_allowed"),
        (lambda badge: with_subject(badge, id=LEARNER + " "), "malformed_iri"),
        (lambda badge: with_subject(badge, id=LEARNER + "\n"), "malformed_iri"),
        (lambda badge: with_subject(badge, id=LEARNER[:20] + "\u200b" + LEARNER[20:]), "malformed_iri"),
        (lambda badge: with_subject(badge, id="learner"), "relative_iri"),
        (lambda badge: changed(badge, issuer=SCHOOL.id + " "), "malformed_iri"),
        (lambda badge: changed(badge, id="urn:uuid:" + "0" * 3000), "malformed_iri"),
    ],
)
def test_what_a_signature_could_not_cover_is_refused_before_it_is_looked_at(change: Any, code: str) -> None:
    answer = check(tampered("eddsa-rdfc-2022", change))
    assert (answer.verdict, answer.code, answer.claims) == ("invalid", code, None)


@pytest.mark.parametrize(
    "change",
    [
        lambda badge: {**badge, "admin": True},
        lambda badge: with_subject(badge, creditsAvailable=1000),
        lambda badge: with_achievement(badge, tag=[]),
        lambda badge: with_achievement(badge, type=["Achievement", "Achievement"]),
    ],
)
def test_members_that_rdf_drops_cannot_be_added_under_a_signature(change: Any) -> None:
    answer = check(tampered("eddsa-rdfc-2022", change))
    assert answer.verdict == "invalid"
    assert answer.code in ("data_loss_detected", "not_canonical_shape")


def test_members_cannot_be_moved_between_objects_of_one_id() -> None:
    """RDF takes two objects with one id for one node: without its unit the badge would count in another."""
    achieved = BADGE["credentialSubject"]["achievement"]
    twice = with_subject(BADGE, source={"id": achieved["id"], "type": ["Achievement"], "name": "x"})
    signed = SCHOOL.prove(twice, "eddsa-rdfc-2022")
    answer = check(signed)
    assert (answer.code, answer.check("coverage").outcome) == ("not_canonical_shape", Outcome.FAILED)


# Whose key


def test_a_key_that_nobody_registered_is_unknown() -> None:
    assert check(SCHOOL.sign(BADGE), material(OTHER)).code == "unknown_key"


@pytest.mark.parametrize("how", SECURED)
def test_an_issuer_whose_keys_could_not_be_had_is_neither_valid_nor_invalid(how: str) -> None:
    answer = check(SCHOOL.sign(BADGE, how), VerificationMaterial(unreachable=frozenset({SCHOOL.id})))
    assert (answer.verdict, answer.code, answer.claims) == ("indeterminate", "key_unavailable", None)


@pytest.mark.parametrize("how", SECURED)
def test_a_strangers_own_key_does_not_speak_for_the_school(how: str) -> None:
    stranger = did_key_school(66)
    answer = check(stranger.sign(BADGE, how))
    assert (answer.verdict, answer.code, answer.claims) == ("invalid", "controller_mismatch", None)


@pytest.mark.parametrize("how", SECURED)
def test_another_schools_key_does_not_speak_for_the_school(how: str) -> None:
    assert check(OTHER.sign(BADGE, how)).code == "controller_mismatch"


def test_a_strangers_document_that_names_the_school_as_controller_does_not_help() -> None:
    stranger = School(id="did:web:evil.example", seed=66, registered={"controller": SCHOOL.id})
    assert check(stranger.sign(BADGE), material(stranger)).code == "controller_mismatch"


def test_an_unregistered_address_elsewhere_is_somebody_elses() -> None:
    stranger = School(id="did:web:evil.example", seed=66)
    assert check(stranger.sign(BADGE)).code == "controller_mismatch"


def token(school: School, document: dict[str, Any] = BADGE, **header: Any) -> bytes:
    payload = {**document, "iss": school.id, "jti": document["id"]}
    return sign_compact(payload, school.key, {"typ": "JWT", **header}).encode()


def test_two_schools_may_give_their_keys_the_same_name() -> None:
    for school in (SCHOOL, OTHER):
        assert check(token(school, school.badge(), kid="key-1")).verdict == "valid"
    assert check(token(replace(OTHER, id=SCHOOL.id), kid="key-1")).code == "bad_signature"


def test_a_token_without_a_key_id_names_no_key() -> None:
    assert check(token(SCHOOL)).code == "unknown_key"


def test_a_key_inside_the_token_must_be_a_registered_one() -> None:
    own, foreign = SCHOOL.key.public_key.jwk(), OTHER.key.public_key.jwk()
    assert check(token(SCHOOL, jwk=own)).verdict == "valid"
    assert check(token(SCHOOL, jwk=own, kid=SCHOOL.method)).verdict == "valid"
    assert check(token(SCHOOL, jwk=foreign, kid=SCHOOL.method)).code == "untrusted_key_hint"
    assert check(token(replace(OTHER, id=SCHOOL.id), jwk=foreign)).code == "untrusted_key_hint"


def test_the_algorithm_is_the_keys_and_not_the_tokens() -> None:
    twin = School(algorithm="ES256")
    assert check(token(twin, kid=SCHOOL.method)).code == "alg_key_mismatch"


# When the key could sign

FEBRUARY = datetime(2026, 2, 1, tzinfo=NOW.tzinfo)


def signed_on(day: datetime, first_seen: datetime | None = None, **life: Any) -> Verification:
    school = School(registered=life)
    badge = school.badge(valid_from=day)
    answers = [check(school.sign(badge, how, created=day), material(school), first_seen=first_seen) for how in SECURED]
    assert len({answer.code for answer in answers}) == 1
    return answers[0]


def test_a_badge_from_before_the_keys_retirement_stays_valid() -> None:
    assert signed_on(FEBRUARY - DAY, retired_at=FEBRUARY).verdict == "valid"


def test_a_retired_key_signs_nothing_new() -> None:
    answer = signed_on(FEBRUARY, retired_at=FEBRUARY)
    assert (answer.verdict, answer.code, answer.claims) == ("invalid", "key_retired", None)


def test_a_key_signs_nothing_before_it_is_active() -> None:
    assert signed_on(FEBRUARY - DAY, active_from=FEBRUARY).code == "key_not_yet_active"
    assert signed_on(FEBRUARY, active_from=FEBRUARY).verdict == "valid"


def test_a_compromised_key_signs_nothing_from_that_day_on() -> None:
    answer = signed_on(FEBRUARY, first_seen=FEBRUARY - DAY, compromised_from=FEBRUARY)
    assert (answer.verdict, answer.code) == ("invalid", "key_compromised")


def test_a_badge_logged_before_the_compromise_stays_valid() -> None:
    assert signed_on(FEBRUARY - 30 * DAY, FEBRUARY - DAY, compromised_from=FEBRUARY).verdict == "valid"


@pytest.mark.parametrize("first_seen", [None, FEBRUARY, FEBRUARY + 28 * DAY])
def test_a_badge_first_seen_after_the_compromise_may_be_back_dated(first_seen: datetime | None) -> None:
    answer = signed_on(FEBRUARY - 30 * DAY, first_seen, compromised_from=FEBRUARY)
    assert (answer.verdict, answer.code) == ("indeterminate", "signing_time_unproven")
    assert answer.claims is not None


@pytest.mark.parametrize("spelling", ["{did}", "{did}#{key}"])
def test_no_spelling_of_a_did_key_escapes_its_compromise(spelling: str) -> None:
    school = did_key_school()
    record = replace(school.record(), compromised_from=NOW - 10 * DAY)
    known = VerificationMaterial({record.verification_method: record})
    method = spelling.format(did=school.id, key=school.name)
    assert check(token(school, school.badge(), kid=method), known).code == "key_compromised"


@pytest.mark.parametrize(
    ("created", "expires", "code"),
    [
        (NOW + timedelta(minutes=4), None, None),
        (NOW + timedelta(minutes=6), None, "proof_time"),
        (NOW + 3650 * DAY, None, "proof_time"),
        (NOW - DAY, NOW - DAY / 2, "proof_time"),
        (NOW - DAY, NOW + DAY, None),
    ],
)
def test_a_proof_is_not_made_in_the_future_nor_used_after_its_end(
    created: datetime, expires: datetime | None, code: str | None
) -> None:
    times = {"created": created.isoformat(), **({"expires": expires.isoformat()} if expires else {})}
    assert check({**BADGE, "proof": SCHOOL.bare_proof(BADGE, **times)}).code == code


def test_a_token_issued_in_the_future_is_refused() -> None:
    payload = {**BADGE, "iat": int((NOW + DAY).timestamp())}
    data = sign_compact(payload, SCHOOL.key, {"typ": "JWT", "kid": SCHOOL.method}).encode()
    assert check(data).code == "proof_time"


# Dates


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


# Several proofs


def test_any_one_proof_of_the_issuer_suffices_and_the_others_are_reported() -> None:
    both = OTHER.prove(SCHOOL.prove(BADGE))
    answer = check({**both, "proof": both["proof"][::-1]})
    assert answer.verdict == "valid"
    assert (answer.check("proof_1").outcome, answer.check("proof_1").code) == (Outcome.WARNING, "controller_mismatch")


def test_the_issuers_proof_suffices_when_the_co_signers_was_taken_away() -> None:
    assert check(SCHOOL.prove(BADGE)).verdict == "valid"
    alone = OTHER.prove(SCHOOL.prove(BADGE))
    assert check({**alone, "proof": alone["proof"][1:]}).code == "controller_mismatch"


def test_a_co_signature_that_a_policy_demands_must_be_there_and_hold() -> None:
    both = OTHER.prove(SCHOOL.prove(BADGE))
    demanded = replace(material(SCHOOL, OTHER), required_signers=frozenset({OTHER.id}))
    assert check(both, demanded).verdict == "valid"
    assert check(SCHOOL.prove(BADGE), demanded).code == "missing_required_signer"
    both["proof"][1]["proofValue"] = both["proof"][0]["proofValue"]
    assert check(both, demanded).code == "missing_required_signer"


def test_a_chain_of_proofs_holds_only_whole() -> None:
    first = OTHER.bare_proof(BADGE, id="urn:proof:1")
    how = {"cryptosuite": "eddsa-jcs-2022", "verification_method": SCHOOL.method, "previous_proof": "urn:proof:1"}
    signed = data_integrity.sign({**BADGE, "proof": [first]}, SCHOOL.key, created=NOW - DAY, **how)
    last = signed["proof"][1]
    assert check(signed).verdict == "valid"
    assert check({**signed, "proof": [last]}).code == "proof_chain"
    broken = {**first, "proofValue": last["proofValue"]}
    assert check({**signed, "proof": [last, broken]}).code == "bad_signature"
    assert check(signed, material(SCHOOL)).code == "proof_chain"


# Warnings


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


# The verdict


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
    packages = [Path(__file__).parents[2] / name for name in ("api", "credentials", "creditbank", "issuers")]
    sources = {file.name: file.read_text("utf-8") for package in packages for file in package.rglob("*.py")}
    assert {name for name, text in sources.items() if re.search(r"\bsealed\(|_SEAL\b", text)} == {
        "claims.py",
        "verify.py",
    }
