"""W3C's vc+jwt, and credentials in envelopes (VC-JOSE-COSE; VC Data Model 2.0, 4.13)."""

import json
from typing import Any

import pytest

from credentials.contexts import CREDENTIALS_V2
from credentials.credential import Container, Format
from credentials.enveloped import CREDENTIAL, envelope
from credentials.errors import CredentialError
from credentials.jws import read_compact
from credentials.read import read
from credentials.vc_jwt import Profile, to_vc_jwt
from tests.credential_samples import DAY, NOW, SCHOOL, changed, check, png
from tests.sd_jwt_samples import BADGE, ietf, w3c

MEDIA_TYPE = "application/vc+jwt"


def token(document: dict[str, Any] = BADGE, **more: Any) -> str:
    return to_vc_jwt(document, SCHOOL.key, key_id=SCHOOL.method, profile=Profile.W3C, **more)


def test_the_payload_is_the_credential() -> None:
    """VC-JOSE-COSE, 3.1.1: `typ` and `cty` say so; only the issuer is repeated, for those who look for keys by it."""
    jws = read_compact(token())
    assert jws.header == {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": SCHOOL.method}
    assert jws.payload == {**BADGE, "iss": SCHOOL.id}
    assert read_compact(token(issued_at=NOW)).payload == {**jws.payload, "iat": int(NOW.timestamp())}
    assert check(token().encode()).verdict == "valid"


@pytest.mark.parametrize("name", ["vc", "vp", "iss", "exp"])
def test_a_member_named_like_a_claim_is_not_signed(name: str) -> None:
    for profile in Profile:
        with pytest.raises(CredentialError) as refused:
            to_vc_jwt({**BADGE, name: 1}, SCHOOL.key, key_id=SCHOOL.method, profile=profile)
        assert refused.value.code == "malformed_claim"


@pytest.mark.parametrize(
    ("made", "media_type", "format_"),
    [
        (token(), MEDIA_TYPE, Format.VC_JWT),
        (w3c(), "application/vc+sd-jwt", Format.SD_JWT),
        (ietf(), "application/dc+sd-jwt", Format.SD_JWT),
    ],
)
def test_an_envelope_is_its_token(made: str, media_type: str, format_: Format) -> None:
    data = json.dumps(envelope(CREDENTIAL, made, media_type)).encode()
    credential = read(data)
    assert (credential.container, credential.format) == (Container.JSON, format_)
    assert credential.document == BADGE
    assert check(data).verdict == "valid"
    assert read(made.encode(), media_type).document == BADGE


def test_what_stands_beside_the_token_is_not_read() -> None:
    data = {**envelope(CREDENTIAL, token(), MEDIA_TYPE), "credentialSubject": {"creditsEarned": 450}}
    answer = check(data)
    assert answer.claims is not None
    assert answer.claims.credits_earned == 9 / 2


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"type": ["EnvelopedVerifiableCredential"]}, None),
        ({"@context": CREDENTIALS_V2}, None),
        ({"type": ["EnvelopedVerifiableCredential", "VerifiableCredential"]}, "malformed_credential"),
        ({"type": "EnvelopedVerifiablePresentation"}, "unsupported_format"),
        ({"@context": None}, "malformed_credential"),
        ({"@context": ["https://www.w3.org/2018/credentials/v1"]}, "malformed_credential"),
        ({"id": None}, "malformed_credential"),
        ({"id": token()}, "malformed_credential"),
        ({"id": f"https://a.example/{token()}"}, "malformed_credential"),
        ({"id": f"data:{MEDIA_TYPE}"}, "unsupported_format"),
        ({"id": f"data:,{token()}"}, "unsupported_format"),
        ({"id": f"data:text/plain,{token()}"}, "unsupported_format"),
        ({"id": f"data:application/vc+cose;base64,{token()}"}, "unsupported_format"),
        ({"id": f"data:{MEDIA_TYPE};base64,{token()}"}, "unsupported_format"),
        ({"id": f"data:{MEDIA_TYPE},"}, "malformed_jws"),
        ({"id": f"data:{MEDIA_TYPE},{token()}=="}, "malformed_jws"),
        ({"id": f"data:{MEDIA_TYPE},{json.dumps(envelope(CREDENTIAL, 'x', 'y'))}"}, "malformed_jws"),
        ({"id": f"data:{MEDIA_TYPE}," + "x" * 200_000}, "too_large"),
    ],
)
def test_an_envelope_is_taken_to_the_letter(members: dict[str, Any], code: str | None) -> None:
    data = json.dumps(changed(envelope(CREDENTIAL, token(), MEDIA_TYPE), **members)).encode()
    if code is None:
        assert read(data).document == BADGE
        return
    with pytest.raises(CredentialError) as refused:
        read(data)
    assert refused.value.code == code


def test_a_media_type_that_does_not_fit_is_refused() -> None:
    with pytest.raises(CredentialError) as refused:
        read(png(), "application/vc+sd-jwt")
    assert refused.value.code == "wrong_type"


def test_the_signatures_end_is_not_the_credentials() -> None:
    """VC-JOSE-COSE, 3.1.3: `exp` ends what the signature says, `validUntil` what the credential says."""
    document = changed(BADGE, validUntil=(NOW + DAY).isoformat().replace("+00:00", "Z"))
    assert check(token(document).encode()).verdict == "valid"
    answer = check(token(document).encode(), at=NOW + 2 * DAY)
    assert answer.code == "expired"
    assert answer.claims is not None
