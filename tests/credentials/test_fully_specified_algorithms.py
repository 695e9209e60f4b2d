"""RFC 9864 names EdDSA over edwards25519 `Ed25519`: one algorithm with two names, which fits one kind of key."""

from typing import Any

import pytest

from credentials.errors import CredentialError
from credentials.jws import read_compact, sign_compact
from credentials.keys import PublicKey
from tests.credential_samples import SCHOOL, School, check, material
from tests.sd_jwt_samples import BADGE, jws, sd_jwt

NIST = School(algorithm="ES256")


@pytest.mark.parametrize("typ", ["JWT", "vc+jwt"])
def test_a_token_by_the_new_name_is_valid(typ: str) -> None:
    assert check(jws(BADGE, typ=typ, alg="Ed25519").encode()).verdict == "valid"


def test_an_sd_jwt_by_the_new_name_is_valid() -> None:
    assert check(sd_jwt(BADGE, alg="Ed25519")).verdict == "valid"


@pytest.mark.parametrize(
    ("school", "alg", "code"),
    [
        (NIST, "Ed25519", "alg_key_mismatch"),
        (NIST, "EdDSA", "alg_key_mismatch"),
        (SCHOOL, "ES256", "alg_key_mismatch"),
        (SCHOOL, "Ed448", "alg_not_allowed"),
        (SCHOOL, "ed25519", "alg_not_allowed"),
        (SCHOOL, "ESP256", "alg_not_allowed"),
    ],
)
def test_no_name_makes_another_key_fit(school: School, alg: str, code: str) -> None:
    data = jws(BADGE, school.key, typ="JWT", alg=alg, kid=school.method).encode()
    try:
        found = check(data, material(school)).code
    except CredentialError as refused:
        found = refused.code
    assert found == code


def test_a_signature_by_another_key_stays_one() -> None:
    other = School(seed=5)
    assert check(jws(BADGE, other.key, typ="JWT", alg="Ed25519").encode()).code == "bad_signature"


@pytest.mark.parametrize(("alg", "fits"), [("EdDSA", True), ("Ed25519", True), ("ES256", False), ("Ed448", False)])
def test_a_jwk_may_have_the_new_name(alg: str, fits: bool) -> None:
    jwk: dict[str, Any] = {**SCHOOL.key.public_key.jwk(), "alg": alg}
    if fits:
        assert PublicKey.from_jwk(jwk) == SCHOOL.key.public_key
        return
    with pytest.raises(CredentialError) as refused:
        PublicKey.from_jwk(jwk)
    assert refused.value.code == "key_type_not_allowed"


def test_tokens_are_written_by_the_name_that_everybody_knows() -> None:
    assert read_compact(sign_compact(BADGE, SCHOOL.key, {"typ": "JWT"})).header["alg"] == "EdDSA"
    with pytest.raises(CredentialError) as refused:
        sign_compact(BADGE, SCHOOL.key, {"typ": "JWT", "alg": "Ed25519"})
    assert refused.value.code == "alg_key_mismatch"
