"""did:key and did:jwk: an identifier that is a key, in its one form."""

import json
from typing import Any

import pytest

from credentials.did_keys import read_key_did
from credentials.errors import CredentialError
from credentials.keys import PrivateKey
from credentials.multibase import base64url_encode
from credentials.vc_jwt import Profile, to_vc_jwt
from credentials.verify import VerificationMaterial
from tests.credential_samples import DAY, NOW, School, check

KEYS = {
    algorithm: PrivateKey.from_bytes(algorithm, bytes([7]) * (48 if algorithm == "ES384" else 32))
    for algorithm in ("EdDSA", "ES256", "ES384")
}


def did_jwk(jwk: Any) -> str:
    text = jwk if isinstance(jwk, str) else json.dumps(jwk)
    return f"did:jwk:{base64url_encode(text.encode())}"


@pytest.mark.parametrize("algorithm", KEYS)
@pytest.mark.parametrize("kind", ["key", "jwk"])
@pytest.mark.parametrize("profile", list(Profile))
def test_an_issuer_that_is_its_own_key(algorithm: Any, kind: str, profile: Profile) -> None:
    """did:key and did:jwk, with Ed25519, P-256 and P-384, in both profiles; nothing is registered or fetched."""
    key = KEYS[algorithm]
    did = key.public_key.did_key() if kind == "key" else did_jwk(key.public_key.jwk())
    method, found = read_key_did(did)
    assert found == key.public_key
    badge = School(id=did).badge()
    for key_id in (method, did, f"#{method.partition('#')[2]}"):
        token = to_vc_jwt(badge, key, key_id=key_id, profile=profile, issued_at=NOW - DAY)
        answer = check(token.encode(), VerificationMaterial())
        assert answer.verdict == "valid"
        assert answer.claims is not None
        assert answer.claims.verification_method == method
        assert answer.claims.signed_at == NOW - DAY


JWK = KEYS["ES256"].public_key.jwk()


@pytest.mark.parametrize(
    ("did", "code"),
    [
        (did_jwk({**JWK, "d": "AAAA"}), "private_key_published"),
        (did_jwk({"kty": "oct", "k": "AAAA"}), "key_type_not_allowed"),
        (did_jwk({**JWK, "crv": "secp256k1"}), "key_type_not_allowed"),
        (did_jwk({**JWK, "use": "enc"}), "key_type_not_allowed"),
        (did_jwk({**JWK, "x": JWK["y"]}), "malformed_key"),
        (did_jwk("[]"), "malformed_key"),
        (did_jwk("{"), "malformed_key"),
        (did_jwk('{"kty":"OKP","kty":"EC"}'), "malformed_key"),
        (did_jwk(JWK) + "=", "malformed_key"),
        (did_jwk(JWK) + "#1", "malformed_key"),
        (did_jwk(JWK) + "#", "malformed_key"),
        (did_jwk(JWK) + "#0#0", "malformed_key"),
        (did_jwk(" " * 5000 + json.dumps(JWK)), "malformed_key"),
        ("did:jwk:", "malformed_key"),
        (KEYS["EdDSA"].public_key.did_key() + "#key-1", "malformed_key"),
        ("did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc", "key_type_not_allowed"),  # X25519
        ("did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", "key_type_not_allowed"),  # secp256k1
        ("did:key:z", "malformed_key"),
        ("did:key:z" + "1" * 50_000, "too_long"),
    ],
)
def test_p23_other_keys_and_spellings_are_refused(did: str, code: str) -> None:
    with pytest.raises(CredentialError) as refused:
        read_key_did(did)
    assert refused.value.code == code


def test_a_key_of_somebody_else_is_not_the_issuers() -> None:
    issuer, other = did_jwk(KEYS["EdDSA"].public_key.jwk()), did_jwk(JWK)
    token = to_vc_jwt(School(id=issuer).badge(), KEYS["ES256"], key_id=f"{other}#0", profile=Profile.W3C)
    assert check(token.encode(), VerificationMaterial()).code == "controller_mismatch"
