"""Hostile VC-JWTs, all rightly signed by the school: accepted only where every reader reads the same."""

import json
from typing import Any

import pytest

from credentials.canonical import jcs, sha256
from credentials.errors import CredentialError
from credentials.multibase import base64url_encode
from tests.credential_samples import DAY, NOW, OTHER, SCHOOL, changed, check, with_achievement, with_subject

BADGE = SCHOOL.badge()
HEADER = {"alg": "EdDSA", "typ": "JWT", "kid": SCHOOL.method}


def token(payload: dict[str, Any] | str, **header: Any) -> bytes:
    """A token over exactly this text, however odd: the school's software took no care."""
    text = payload if isinstance(payload, str) else json.dumps(payload)
    parts = (json.dumps({**HEADER, **header}), text)
    signed = ".".join(base64url_encode(part.encode()) for part in parts)
    return f"{signed}.{base64url_encode(SCHOOL.key.sign(signed.encode()))}".encode()


def code(data: bytes) -> str | None:
    """Why the bytes are refused, by reading or by verification; None where they are valid."""
    try:
        answer = check(data)
    except CredentialError as refused:
        return refused.code
    assert answer.verdict != "invalid" or answer.claims is None or answer.code in ("expired", "not_yet_valid")
    return answer.code


RICH = with_subject(BADGE, creditsEarned=450)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"vc": BADGE}, None),
        ({"vc": BADGE, "id": BADGE["id"]}, None),
        ({"vc": BADGE, "jti": BADGE["id"], "custom": "of the issuer's own"}, None),
        ({**RICH, "vc": BADGE}, "claim_mismatch"),
        ({**BADGE, "vc": RICH}, "claim_mismatch"),
        ({"vc": BADGE, "credentialSubject": RICH["credentialSubject"]}, "claim_mismatch"),
        ({"vc": BADGE, "validUntil": "2999-01-01T00:00:00Z"}, "claim_mismatch"),
        ({"vc": BADGE, "issuer": OTHER.id}, "claim_mismatch"),
        ({"vc": [BADGE]}, "malformed_claim"),
        ({"vc": "eyJ"}, "malformed_claim"),
        ({"vc": {**BADGE, "vc": RICH}}, None),
        ({**BADGE, "vp": {}}, "malformed_claim"),
        ({"vc": BADGE, "vp": {"verifiableCredential": []}}, "malformed_claim"),
        ({"vp": {"verifiableCredential": [BADGE]}}, "malformed_claim"),
    ],
)
def test_a_credential_stands_in_one_place_of_a_token(payload: dict[str, Any], expected: str | None) -> None:
    assert code(token(payload)) == expected
    if expected is None:
        assert check(token(payload)).claims.credits_earned == 9 / 2  # type: ignore[union-attr]


@pytest.mark.parametrize("proof", [SCHOOL.prove(BADGE)["proof"], OTHER.prove(RICH)["proof"][0], {}, "z", []])
def test_a_token_may_hold_embedded_proofs_and_stands_for_itself(proof: Any) -> None:
    """Open Badges 3.0, verification, step 2: any one proof may be accepted; the token's covers the others."""
    answer = check(token({**BADGE, "proof": proof}))
    assert answer.verdict == "valid"
    assert answer.claims is not None
    assert answer.claims.document == BADGE
    assert answer.claims.content_digest == sha256(jcs(BADGE))


SUBJECT = BADGE["credentialSubject"]


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (changed(BADGE, credentialSubject=[SUBJECT]), "cardinality"),
        (changed(BADGE, credentialSubject=[SUBJECT, SUBJECT]), "cardinality"),
        (with_subject(BADGE, achievement=[SUBJECT["achievement"]]), "cardinality"),
        (with_subject(BADGE, achievement=SUBJECT["achievement"]["id"]), "malformed_credential"),
        (with_subject(BADGE, type="AchievementSubject"), None),
        (with_subject(BADGE, type={}), "malformed_credential"),
        (changed(BADGE, issuer=[SCHOOL.id]), "cardinality"),
        (changed(BADGE, issuer=SCHOOL.id), None),
        (changed(BADGE, issuer={"id": [SCHOOL.id]}), "malformed_credential"),
        (changed(BADGE, issuer={"name": "no id"}), "malformed_credential"),
        ({**BADGE, "@context": BADGE["@context"][0]}, "context_not_allowed"),
        ({**BADGE, "@context": BADGE["@context"][::-1]}, "context_not_allowed"),
        ({**BADGE, "@context": [*BADGE["@context"], BADGE["@context"][1]]}, "context_not_allowed"),
        ({**BADGE, "issuanceDate": BADGE["validFrom"]}, "version_confusion"),
        (changed(BADGE, validFrom=None), "malformed_credential"),
        (changed(BADGE, validUntil="2026-05-31T12:00:00Z"), "expired"),
        (changed(BADGE, validUntil="2020-01-01T00:00:00Z"), "malformed_credential"),
        ({**BADGE, "exp": int(NOW.timestamp())}, "claim_mismatch"),
        ({**BADGE, "nbf": int((NOW - DAY).timestamp()) + 1}, "claim_mismatch"),
        ({**BADGE, "nbf": float((NOW - DAY).timestamp())}, None),
        ({**BADGE, "iat": int((NOW - 500 * DAY).timestamp())}, "key_not_yet_active"),
        ({**BADGE, "iat": -1e300}, "out_of_range"),
        ({**BADGE, "iss": OTHER.id}, "claim_mismatch"),
        ({**BADGE, "sub": None}, "malformed_claim"),
        (with_subject(BADGE, id=BADGE["id"]), None),  # the JSON itself is signed: nothing can move
        (with_achievement(BADGE, name="x" * 60_000), None),
        (with_achievement(BADGE, name="x" * 100_000), "too_large"),
    ],
)
def test_shapes_that_readers_take_differently_are_refused(payload: dict[str, Any], expected: str | None) -> None:
    assert code(token(payload)) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({"typ": "vc+jwt"}, None),
        ({"typ": "VC+JWT"}, "wrong_type"),
        ({"typ": "application/vc+jwt"}, None),
        ({"typ": "vp+jwt"}, "wrong_type"),
        ({"typ": ["JWT"]}, "malformed_header"),
        ({"alg": "eddsa"}, "alg_not_allowed"),
        ({"alg": "ES256"}, "alg_key_mismatch"),
        ({"alg": "none"}, "alg_not_allowed"),
        ({"kid": SCHOOL.method + " "}, "unknown_key"),
        ({"kid": SCHOOL.method + "\n"}, "unknown_key"),
        ({"kid": SCHOOL.method.upper()}, "controller_mismatch"),
        ({"kid": OTHER.method}, "bad_signature"),
        ({"kid": ""}, "unknown_key"),
        ({"kid": None}, "malformed_header"),
        ({"jwk": OTHER.key.public_key.jwk()}, "untrusted_key_hint"),
        ({"b64": False}, "malformed_header"),
        ({"zip": "DEF"}, None),
    ],
)
def test_headers_are_taken_to_the_letter(header: dict[str, Any], expected: str | None) -> None:
    assert code(token(BADGE, **header)) == expected


def test_a_payload_is_strict_json_as_well() -> None:
    text = json.dumps(BADGE)
    assert code(token(text)) is None
    assert code(token(text[:-1] + ', "issuer": "did:web:other.example"}')) == "duplicate_json_key"
    assert code(token(text[:-1] + ', "\\u0069ssuer": "did:web:other.example"}')) == "duplicate_json_key"
    assert code(token("\ufeff" + text)) == "malformed_json"
    assert code(token(f"[{text}]")) == "malformed_jws"
    assert code(token(text.replace("4.5", "NaN"))) == "malformed_number"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1e2", "100"),
        ("4.50", "9/2"),
        ("45e-1", "9/2"),
        ("0.001", "1/1000"),
        ("99999.999", "99999999/1000"),
        ("100000", "100000"),
        ("1E+5", "100000"),
        ("3.0000", "3"),
        ("100000.001", "credits_out_of_range"),
        ("0.30000000000000004", "credits_out_of_range"),
        ("0.0005", "credits_out_of_range"),
        ("-0", "credits_out_of_range"),
        ("-0.0", "credits_out_of_range"),
        ("-4.5", "credits_out_of_range"),
        ("1e-400", "out_of_range"),
        ("1e400", "malformed_number"),
        ('"4.5"', "malformed_credential"),
        ("true", "malformed_credential"),
        ("null", "malformed_credential"),
        ("[4.5]", "cardinality"),
        ("[]", "cardinality"),
        ('{"@value": 4.5}', "malformed_credential"),
        ("4.", "malformed_json"),
        ("04.5", "malformed_json"),
        ("+4.5", "malformed_json"),
        ("\u0664.\u0665", "malformed_json"),
    ],
)
def test_credits_are_what_the_number_says_to_the_last_digit(written: str, said: str) -> None:
    data = token(json.dumps(BADGE).replace('"creditsEarned": 4.5', f'"creditsEarned": {written}'))
    refusal = code(data)
    assert refusal == said or (refusal is None and str(check(data).claims.credits_earned) == said)  # type: ignore[union-attr]


def test_every_number_of_three_decimals_survives() -> None:
    """Doubles carry 15 digits and more; credits have eight at most."""
    for thousandths in (*range(1, 100_000_000, 999_983), 99_999_999, 100_000_000):
        whole, places = divmod(thousandths, 1000)
        text = json.dumps(BADGE).replace('"creditsEarned": 4.5', f'"creditsEarned": {whole}.{places:03}')
        earned = check(token(text)).claims.credits_earned  # type: ignore[union-attr]
        assert earned is not None
        assert earned * 1000 == thousandths
