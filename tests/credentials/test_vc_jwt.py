"""Credentials as JWTs: what the claims repeat must agree (SECURITY S26, S28)."""

from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from credentials.errors import CredentialError
from credentials.jose import from_vc_jwt, read_compact, sign_compact, to_vc_jwt, verify_compact
from credentials.keys import PrivateKey, PublicKey

KID = "did:web:college.example#key-1"
NBF = 1772355600  # 2026-03-01T09:00:00Z


def read_back(payload: dict[str, Any], key: PrivateKey, typ: str = "JWT") -> dict[str, Any]:
    return from_vc_jwt(read_compact(sign_compact(payload, key, {"typ": typ})))


@pytest.fixture
def payload(badge: dict[str, Any], p256: PrivateKey) -> dict[str, Any]:
    return read_compact(to_vc_jwt(badge, p256, key_id=KID)).payload


def test_the_1edtech_profile(badge: dict[str, Any], p256: PrivateKey) -> None:
    """Open Badges 3.0, 8.2.4: alg, kid and typ in the header; iss, jti, sub, nbf and exp beside the credential."""
    jws = read_compact(to_vc_jwt(badge, p256, key_id=KID))
    verify_compact(jws, p256.public_key)
    assert jws.header == {"alg": "ES256", "kid": KID, "typ": "JWT"}
    assert {name: jws.payload[name] for name in ("iss", "jti", "sub", "nbf", "exp")} == {
        "iss": "did:web:college.example",
        "jti": badge["id"],
        "sub": badge["credentialSubject"]["id"],
        "nbf": NBF,
        "exp": 1930122000,
    }
    assert from_vc_jwt(jws) == badge


def test_a_subject_without_id_has_no_sub(badge: dict[str, Any], p256: PrivateKey) -> None:
    del badge["credentialSubject"]["id"]
    payload = read_compact(to_vc_jwt(badge, p256, key_id=KID)).payload
    assert "sub" not in payload
    assert from_vc_jwt(read_compact(sign_compact(payload, p256, {}))) == badge


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "did:web:evil.example"),
        ("sub", "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH"),
        ("jti", "urn:uuid:other"),
        ("nbf", NBF + 1),
        ("nbf", 0),
        ("exp", 1930122001),
    ],
)
def test_s28_a_claim_that_differs_is_refused(
    payload: dict[str, Any], p256: PrivateKey, claim: str, value: object
) -> None:
    with pytest.raises(CredentialError) as refusal:
        read_back(payload | {claim: value}, p256)
    assert refusal.value.code == "claim_mismatch"
    assert refusal.value.facts["claim"] == claim


def test_s28_an_end_that_the_credential_does_not_name_is_refused(payload: dict[str, Any], p256: PrivateKey) -> None:
    del payload["validUntil"]
    with pytest.raises(CredentialError) as refusal:
        read_back(payload, p256)
    assert refusal.value.code == "claim_mismatch"


@pytest.mark.parametrize(
    ("claim", "value", "code"),
    [
        ("exp", "1930122000", "malformed_claim"),
        ("exp", "٩٩٩٩٩٩٩٩٩٩", "malformed_claim"),
        ("exp", True, "malformed_claim"),
        ("nbf", None, "malformed_claim"),
        ("iss", 5, "malformed_claim"),
        ("sub", ["did:a:b"], "malformed_claim"),
        ("exp", 1e18, "out_of_range"),
        ("nbf", -1e12, "out_of_range"),
        ("iat", 10**13, "out_of_range"),
    ],
)
def test_s26_claims_have_their_types(
    payload: dict[str, Any], p256: PrivateKey, claim: str, value: object, code: str
) -> None:
    with pytest.raises(CredentialError) as refusal:
        read_back(payload | {claim: value}, p256)
    assert refusal.value.code == code


def test_a_fraction_of_a_second_is_no_difference(badge: dict[str, Any], p256: PrivateKey) -> None:
    badge["validFrom"] = "2026-03-01T09:00:00.750Z"
    payload = read_compact(to_vc_jwt(badge, p256, key_id=KID)).payload
    assert payload["nbf"] == NBF
    assert read_back(payload | {"nbf": NBF + 0.75}, p256) == badge


def test_the_vc_claim_of_version_1_1_is_completed(p256: PrivateKey) -> None:
    """VC Data Model 1.1, 6.3.1: members may stand as claims only."""
    claim = {"@context": ["https://www.w3.org/2018/credentials/v1"], "type": ["VerifiableCredential"]}
    payload = {
        "iss": "did:web:college.example",
        "sub": "did:a:learner",
        "jti": "urn:uuid:1",
        "nbf": NBF,
        "exp": 1930122000,
        "vc": claim | {"issuer": {"name": "College"}, "credentialSubject": {"degree": "BSc"}},
    }
    assert read_back(payload, p256) == claim | {
        "id": "urn:uuid:1",
        "issuer": {"id": "did:web:college.example", "name": "College"},
        "credentialSubject": {"id": "did:a:learner", "degree": "BSc"},
        "issuanceDate": "2026-03-01T09:00:00Z",
        "expirationDate": "2031-03-01T09:00:00Z",
    }


def test_the_vc_claim_must_agree_too(payload: dict[str, Any], badge: dict[str, Any], p256: PrivateKey) -> None:
    wrapped = {"iss": payload["iss"], "jti": badge["id"], "sub": "did:a:somebody-else", "vc": badge}
    with pytest.raises(CredentialError) as refusal:
        read_back(wrapped, p256)
    assert refusal.value.code == "claim_mismatch"


def test_the_w3c_profile_has_no_vc_claim(payload: dict[str, Any], badge: dict[str, Any], p256: PrivateKey) -> None:
    assert read_back(badge, p256, "vc+jwt") == badge
    for wrapped in ({"vc": badge}, badge | {"vc": badge}):
        with pytest.raises(CredentialError) as refusal:
            read_back(wrapped, p256, "vc+jwt")
        assert refusal.value.code == "malformed_claim"


def test_what_is_not_covered_is_not_signed(badge: dict[str, Any], p256: PrivateKey) -> None:
    """Traps 1 and 2 hold for JWTs as well: the same document may be signed in another form tomorrow."""
    learner = badge["credentialSubject"]
    for spoilt, code in (
        (badge | {"credentialSubject": learner | {"id": learner["id"] + " "}}, "malformed_iri"),
        (badge | {"admin": True}, "data_loss_detected"),
        (badge | {"@context": [*badge["@context"], {"name": "urn:evil"}]}, "context_not_allowed"),
        (badge | {"nbf": 5}, "malformed_claim"),
    ):
        with pytest.raises(CredentialError) as refusal:
            to_vc_jwt(spoilt, p256, key_id=KID)
        assert refusal.value.code == code


class RsaToken:
    """A school's hardware token with an RSA key: it signs, and never gives the key away."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(65537, 2048)

    @property
    def public_key(self) -> PublicKey:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return PublicKey("RS256", self._key.public_key().public_bytes(serialization.Encoding.DER, form))

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def test_rs256_as_1edtech_asks(badge: dict[str, Any]) -> None:
    """Open Badges 3.0, 8.2.1: RS256 is what every verifier must take; keys of that kind stay with their owner."""
    token = RsaToken()
    jws = read_compact(to_vc_jwt(badge, token, key_id=KID))
    verify_compact(jws, token.public_key)
    assert jws.header["alg"] == "RS256"
    assert from_vc_jwt(jws) == badge
