"""Whose key signed, and could it sign then: strangers, namesakes, rotation, retirement, compromise."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from credentials.checks import Verification
from credentials.jose import sign_compact
from credentials.verify import VerificationMaterial
from tests.credential_samples import (
    DAY,
    NOW,
    OTHER,
    SCHOOL,
    SECURED,
    School,
    check,
    did_key_school,
    material,
)

BADGE = SCHOOL.badge()


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


def test_a_key_inside_the_token_of_an_issuer_whose_keys_could_not_be_had_is_undecided_too() -> None:
    token = sign_compact(BADGE, SCHOOL.key, {"typ": "JWT", "jwk": SCHOOL.key.public_key.jwk()})
    answer = check(token.encode(), VerificationMaterial(unreachable=frozenset({SCHOOL.id})))
    assert (answer.verdict, answer.code, answer.claims) == ("indeterminate", "key_unavailable", None)
