"""Tokens as other issuers write them: none of these is wrong, and none of them is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from credentials.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from credentials.errors import CredentialError
from tests.credential_samples import NOW, SCHOOL, changed, check
from tests.sd_jwt_samples import HOLDER, HOLDER_ID, jws, sd_jwt

START = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS = int(START.timestamp())
OLD_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
COURSE = {
    "id": "https://college.example/courses/1",
    "type": ["Achievement"],
    "name": "Course",
    "description": "A course",
    "criteria": {"narrative": "Pass"},
}
SUBJECT: dict[str, Any] = {"id": HOLDER_ID, "type": ["AchievementSubject"], "achievement": COURSE}
COMMON: dict[str, Any] = {
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "Course",
    "issuer": {"id": SCHOOL.id, "type": ["Profile"], "name": "College"},
    "credentialSubject": SUBJECT,
}
OLD = {**COMMON, "@context": [CREDENTIALS_V1, OLD_BADGES], "issuanceDate": "2026-01-01T00:00:00Z"}
MODERN = {**COMMON, "@context": [CREDENTIALS_V2, BADGES], "validFrom": "2026-01-01T00:00:00Z"}
CLAIMS = {"iss": SCHOOL.id, "sub": HOLDER_ID, "jti": "urn:uuid:1", "nbf": SECONDS}
ATTESTED = changed(OLD, issued=OLD["issuanceDate"], validFrom="2026-01-01T01:00:00+01:00")


def token(payload: dict[str, Any], **header: Any) -> bytes:
    return jws(payload, **{"typ": "JWT", **header}).encode()


TOKENS: dict[str, bytes] = {
    "members said by claims alone": token(
        {**CLAIMS, "vc": {**changed(OLD, id=None, issuer=None, issuanceDate=None),
                          "credentialSubject": changed(SUBJECT, id=None)}}),
    "members said by claims too": token({**CLAIMS, "iat": SECONDS + 5, "vc": OLD}),
    "version 2.0 in the claim of version 1.1": token({**CLAIMS, "iat": SECONDS + 3, "vc": MODERN}),
    "fractions of a second": token({**CLAIMS, "vc": {**MODERN, "validFrom": "2026-01-01T00:00:00.873954Z"}}),
    "the start said in both ways of version 1.1": token({**CLAIMS, "iat": SECONDS, "vc": ATTESTED}),
    "the end said in both ways of version 1.1": token(
        {**CLAIMS, "vc": {**OLD, "validUntil": "2030-01-01T00:00:00Z", "expirationDate": "2030-01-01T00:00:00Z"}}),
    "1EdTech's profile": token({**MODERN, **CLAIMS}),
    "1EdTech's profile with a key": token({**MODERN, **CLAIMS}, kid=None, jwk=SCHOOL.key.public_key.jwk()),
    "W3C's profile": token(MODERN, typ="vc+jwt", cty="vc"),
    "W3C's profile with an end of the signature": token(
        {**MODERN, "iss": SCHOOL.id, "iat": SECONDS, "exp": int((NOW + timedelta(days=9)).timestamp())}, typ="vc+jwt"),
    "W3C's profile with its whole type": token(MODERN, typ="application/vc+jwt"),
    "types as texts": token({**MODERN, "credentialSubject": {**SUBJECT, "type": "AchievementSubject"}}),
    "the issuer as a text": token({**MODERN, "issuer": SCHOOL.id}),
    "a start elsewhere on the globe": token({**MODERN, "validFrom": "2026-01-01T09:00:00+09:00"}),
    "an SD-JWT with its whole type": sd_jwt(MODERN, typ="application/vc+sd-jwt"),
    "a wallet's identity": sd_jwt(
        {"iss": SCHOOL.id, "vct": "urn:eudi:pid:1", "iat": SECONDS, "cnf": {"jwk": HOLDER.public_key.jwk()},
         "given_name": "Anna", "_sd": ["decoy"], "_sd_alg": "sha-256"}, typ="dc+sd-jwt"),
}  # fmt: skip


@pytest.mark.parametrize("data", TOKENS.values(), ids=TOKENS.keys())
def test_a_foreign_token_is_valid(data: bytes) -> None:
    answer = check(data)
    assert (answer.verdict, answer.code) == ("valid", None)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({**OLD, "validFrom": "2026-01-01T00:00:01Z"}, "version_confusion"),
        ({**OLD, "validUntil": "2030-01-01T00:00:00Z"}, "version_confusion"),
        ({**changed(OLD, issuanceDate=None), "validFrom": "2026-01-01T00:00:00Z"}, "version_confusion"),
        ({**OLD, "expirationDate": "2029-01-01T00:00:00Z", "validUntil": "2030-01-01T00:00:00Z"}, "version_confusion"),
        ({**MODERN, "issuanceDate": MODERN["validFrom"]}, "version_confusion"),
    ],
)
def test_what_is_said_twice_is_said_alike(document: dict[str, Any], code: str) -> None:
    assert check(token({"iss": SCHOOL.id, "vc": document})).code == code


@pytest.mark.parametrize("typ", ["application/kb+jwt", "text/vc+jwt", "application/x/vc+jwt", "application/", "VC+JWT"])
def test_no_other_type_is_taken_for_a_credential(typ: str) -> None:
    with pytest.raises(CredentialError) as refused:
        check(token(MODERN, typ=typ))
    assert refused.value.code == "wrong_type"
