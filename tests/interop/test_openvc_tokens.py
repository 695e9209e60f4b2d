"""`openvc-core` and `joserfc`, in Python, and ours accept one another's tokens, SD-JWTs and presentations."""

from typing import Any

import pytest
from joserfc import jws as joserfc_jws
from joserfc.jwk import ECKey, OKPKey

from credentials import presentation
from credentials.errors import CredentialError
from credentials.jws import read_compact
from credentials.keys import Algorithm, PrivateKey
from credentials.multibase import base64url_encode
from credentials.read import read
from credentials.sd_jwt_issue import Disclosing, present, to_sd_jwt_vc
from credentials.vc_jwt import Profile, to_vc_jwt
from credentials.verify import verify
from tests.credential_samples import NOW, School, material, outcome
from tests.sd_jwt_samples import CHALLENGE, CHOICE, VCT, VERIFIER, salts

openvc_keys = pytest.importorskip("openvc.keys", reason="openvc-core is not installed")
sd_jwt = pytest.importorskip("openvc.proof.sd_jwt")
vc_jwt = pytest.importorskip("openvc.proof.vc_jwt")

ALGORITHMS: tuple[Algorithm, ...] = ("EdDSA", "ES256", "ES384")


def private_jwk(key: PrivateKey) -> dict[str, Any]:
    return {**key.public_key.jwk(), "d": base64url_encode(key.to_bytes())}


def foreign(school: School) -> Any:
    """The school's key as openvc-core has it."""
    return openvc_keys.signing_key_from_jwk({**private_jwk(school.key), "kid": school.method}, kid=school.method)


def holder_of(algorithm: Algorithm) -> PrivateKey:
    return PrivateKey.from_bytes(algorithm, bytes([9]) * (48 if algorithm == "ES384" else 32))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_our_sd_jwt_vc_is_accepted_there(algorithm: Algorithm) -> None:
    school, holder = School(algorithm=algorithm), holder_of(algorithm)
    token = to_sd_jwt_vc(
        school.badge(), school.key, vct=VCT, key_id=school.method, holder_key=holder.public_key,
        disclosing=Disclosing(CHOICE, salts(), 2), issued_at=NOW,
    )  # fmt: skip
    shown = present(token, shown=["/ld/credentialSubject/creditsEarned"], signer=holder, audience=VERIFIER,
                    nonce=CHALLENGE, issued_at=NOW)  # fmt: skip
    suite, jwk = sd_jwt.SdJwtVcProofSuite(), school.key.public_key.jwk()
    asked = {"public_key_jwk": jwk, "require_key_binding": True, "now": NOW, "expected_vct": VCT}
    answer = suite.verify(shown, audience=VERIFIER, nonce=CHALLENGE, **asked)
    assert answer.claims["ld"]["credentialSubject"]["creditsEarned"] == 4.5
    assert "achievement" not in answer.claims["ld"]["credentialSubject"]
    with pytest.raises(Exception, match=r"(?i)nonce|bind"):
        suite.verify(shown, audience=VERIFIER, nonce="another", **asked)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_their_sd_jwt_vc_is_accepted_here(algorithm: Algorithm) -> None:
    school, holder = School(algorithm=algorithm), holder_of(algorithm)
    claims = {"iss": school.id, "given_name": "Anna", "family_name": "Kim"}
    token = sd_jwt.SdJwtVcProofSuite().issue(
        claims, signing_key=foreign(school), disclosable=["given_name", "family_name"], vct=VCT,
        holder_jwk=holder.public_key.jwk(), decoys=3,
    )  # fmt: skip
    credential = read(token.encode())
    assert {**claims, "issuer": school.id}.items() >= {**credential.document, "iss": school.id}.items()
    answer = verify(credential, material(school), NOW.replace(year=2027))
    assert (answer.verdict, answer.claims) == ("valid", None)
    assert "given_name" not in read(present(token, shown=[]).encode()).document


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("profile", list(Profile))
def test_joserfc_accepts_our_tokens_and_we_theirs(algorithm: Algorithm, profile: Profile) -> None:
    school = School(algorithm=algorithm)
    badge = school.badge(outcome())
    token = to_vc_jwt(badge, school.key, key_id=school.method, profile=profile)
    importer = OKPKey if algorithm == "EdDSA" else ECKey
    public = importer.import_key({name: value for name, value in school.key.public_key.jwk().items() if name != "use"})
    found = joserfc_jws.deserialize_compact(token, public, algorithms=[algorithm])
    assert found.headers() == dict(read_compact(token).header)
    private = importer.import_key({n: v for n, v in private_jwk(school.key).items() if n not in ("use", "alg")})
    back = joserfc_jws.serialize_compact(found.headers(), found.payload, private, algorithms=[algorithm])
    answer = verify(read(back.encode()), material(school), NOW)
    assert answer.verdict == "valid"
    assert answer.claims is not None
    assert answer.claims.document == badge


def test_a_vc_claim_whose_time_is_not_the_credentials_is_refused() -> None:
    """openvc-core reads and writes VCDM 1.1 tokens alone, and writes the time of signing as `nbf`."""
    school = School()
    theirs = vc_jwt.VcJwtProofSuite().sign(school.badge(), signing_key=foreign(school))
    with pytest.raises(CredentialError) as refused:
        read(theirs.encode())
    assert (refused.value.code, refused.value.facts["claim"]) == ("claim_mismatch", "nbf")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_vp_jwt_with_openvc(algorithm: Algorithm) -> None:
    vp_jwt = pytest.importorskip("openvc.proof.vp_jwt")
    school, holder = School(algorithm=algorithm), holder_of(algorithm)
    did = holder.public_key.did_key()
    method = f"{did}#{holder.public_key.multibase()}"
    badge = to_vc_jwt(school.badge(outcome(subject_id=did)), school.key, key_id=school.method, profile=Profile.W3C)
    key = openvc_keys.signing_key_from_jwk({**private_jwk(holder), "kid": method}, kid=method)
    made = vp_jwt.VpJwtProofSuite().sign([badge], holder_key=key, audience=VERIFIER, nonce=CHALLENGE, holder=did)
    found = presentation.verify(
        presentation.read(made.encode()), material(school), NOW.replace(year=2027), challenge=CHALLENGE, domain=VERIFIER
    )
    assert found.verdict == "valid", found.code
