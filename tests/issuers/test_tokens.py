"""Client assertions and access tokens: each passes at its own door and at no other."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from credentials.jose import sign_compact
from credentials.keys import PrivateKey, PublicKey
from issuers.access_token import AccessToken, issue_access_token, verify_access_token
from issuers.client_assertion import (
    ClientAssertion,
    claimed_client_id,
    make_client_assertion,
    verify_client_assertion,
)
from issuers.errors import TokenError

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
BANK, TOKEN_URL, API = "https://bank.example", "https://bank.example/oauth/token", "https://bank.example/v1"
CLIENT = PrivateKey.generate("ES256")
BANK_KEY = PrivateKey.generate("EdDSA")
KEYS = {"school-1": CLIENT.public_key}


def assertion(
    header: Mapping[str, Any] | None = None, signer: PrivateKey = CLIENT, without: str = "", **claims: Any
) -> str:
    known = {"iss": "school", "sub": "school", "aud": TOKEN_URL, "jti": "n1", "iat": SECONDS, "exp": SECONDS + 60}
    kept = {name: value for name, value in (known | claims).items() if name != without}
    return sign_compact(kept, signer, {"typ": "JWT", "kid": "school-1"} if header is None else header)


def verify(token: str, keys: Mapping[str, PublicKey] = KEYS, at: datetime = NOW) -> ClientAssertion:
    return verify_client_assertion(token, keys, client_id="school", audiences={BANK, TOKEN_URL}, at=at)


def refusal(action: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(TokenError) as refused:
        action(*arguments, **options)
    return refused.value.code


def test_a_fresh_assertion_of_the_client_is_taken() -> None:
    token = make_client_assertion(
        CLIENT, client_id="school", key_id="school-1", audience=TOKEN_URL, token_id="n1", at=NOW
    )
    assert claimed_client_id(token) == "school"
    assert verify(token) == ClientAssertion("school", "n1", NOW + timedelta(seconds=60))


@pytest.mark.parametrize(
    "token",
    [
        assertion(aud=[BANK]),
        assertion({"typ": "JWT"}),
        assertion({"typ": "client-authentication+jwt", "kid": "school-1"}),
        assertion(nbf=SECONDS, exp=SECONDS + 300),
        assertion(without="iat"),
    ],
)
def test_the_other_ways_to_write_one_are_taken_too(token: str) -> None:
    assert verify(token).client_id == "school"


def test_an_assertion_by_another_library_is_taken() -> None:
    key = rsa.generate_private_key(65537, 2048)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    claims = {"iss": "school", "sub": "school", "aud": BANK, "jti": "n1", "exp": SECONDS + 60}
    token = jwt.encode(claims, key, algorithm="RS256", headers={"kid": "rsa"})
    assert verify(token, {"rsa": PublicKey.from_jwk(public), **KEYS}).token_id == "n1"


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (assertion({"typ": "at+jwt", "kid": "school-1"}), "wrong_type"),
        (assertion({"typ": "jwt", "kid": "school-1"}), "wrong_type"),
        (assertion({"typ": "vc+jwt", "kid": "school-1"}), "wrong_type"),
        (assertion({"kid": "school-1"}), "wrong_type"),
        (assertion({"typ": "JWT", "kid": "school-2"}), "unknown_key"),
        (assertion(signer=PrivateKey.generate("ES256")), "bad_signature"),
        (assertion(signer=PrivateKey.generate("EdDSA")), "alg_key_mismatch"),
        (assertion(iss="other"), "client_mismatch"),
        (assertion(sub="other"), "client_mismatch"),
        (assertion(iss="other", sub="other"), "client_mismatch"),
        (assertion(without="sub"), "missing_claim"),
        (assertion(without="jti"), "missing_claim"),
        (assertion(without="exp"), "missing_claim"),
        (assertion(without="aud"), "missing_claim"),
        (assertion(jti=""), "malformed_claim"),
        (assertion(jti=7), "malformed_claim"),
        (assertion(jti="x" * 513), "malformed_claim"),
        (assertion(aud="https://other.example"), "wrong_audience"),
        (assertion(aud=TOKEN_URL + "/"), "wrong_audience"),
        (assertion(aud=[TOKEN_URL, "https://other.example"]), "wrong_audience"),
        (assertion(aud=[]), "wrong_audience"),
        (assertion(aud={"x": 1}), "malformed_claim"),
        (assertion(exp=SECONDS), "expired"),
        (assertion(exp=SECONDS + 331), "lifetime_too_long"),
        (assertion(iat=SECONDS + 31), "not_yet_valid"),
        (assertion(nbf=SECONDS + 31), "not_yet_valid"),
        (assertion(exp=str(SECONDS + 60)), "malformed_claim"),
        (assertion(exp="٩٩٩٩٩٩٩٩٩٩"), "malformed_claim"),
        (assertion(exp=True), "malformed_claim"),
        (assertion(exp=None), "malformed_claim"),
        (assertion(exp=-1), "malformed_claim"),
        (assertion(exp=10**15), "malformed_claim"),
        (assertion(iat="now"), "malformed_claim"),
        (assertion() + "==", "malformed_token"),
        (assertion() + "\n", "malformed_token"),
        ("a.b", "malformed_token"),
        ("", "malformed_token"),
        (assertion(note="x" * 9000), "too_long"),
    ],
)
def test_any_other_assertion_is_refused_by_name(token: str, code: str) -> None:
    assert refusal(verify, token) == code


def part(content: str) -> str:
    return base64.urlsafe_b64encode(content.encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("alg", ['"none"', '"None"', '"HS256"', '"ES512"', "null", "[]", "5"])
def test_no_algorithm_outside_the_list_is_looked_at(alg: str) -> None:
    _, payload, signature = assertion().split(".")
    header = part(f'{{"alg":{alg},"typ":"JWT"}}')
    assert refusal(verify, f"{header}.{payload}.{signature}") == "alg_not_allowed"


@pytest.mark.parametrize(
    ("header", "payload"),
    [
        ('{"alg":"none","alg":"ES256","typ":"JWT"}', "{}"),
        ('{"alg":"ES256","typ":"JWT"}', '{"sub":"a","sub":"b"}'),
        ('{"alg":"ES256","typ":"JWT"}', '{"exp":1e400}'),
        ('{"alg":"ES256","typ":"JWT","crit":["x"],"x":1}', "{}"),
        ('{"alg":"ES256","typ":"JWT","jku":"https://evil.example"}', "{}"),
        ('{"alg":"ES256","typ":"JWT"}', "[]"),
    ],
)
def test_tokens_with_two_meanings_are_malformed(header: str, payload: str) -> None:
    assert refusal(verify, f"{part(header)}.{part(payload)}.{part('signature')}") == "malformed_token"


def test_a_key_must_be_named_where_there_are_several() -> None:
    keys = {**KEYS, "school-2": PrivateKey.generate("ES256").public_key}
    assert refusal(verify, assertion({"typ": "JWT"}), keys) == "unknown_key"
    assert refusal(verify, assertion({"typ": "JWT"}), {}) == "unknown_key"


def access(scopes: frozenset[str] = frozenset({"deposits:write", "accounts:read"})) -> str:
    return issue_access_token(
        BANK_KEY, issuer=BANK, audience=API, client_id="school", scopes=scopes, token_id="t1", at=NOW
    )


BANK_KEYS = {BANK_KEY.public_key.thumbprint(): BANK_KEY.public_key}


def verify_access(token: str, at: datetime = NOW) -> AccessToken:
    return verify_access_token(token, BANK_KEYS, issuer=BANK, audience=API, at=at)


def test_an_access_token_lives_ten_minutes_and_carries_its_scopes() -> None:
    token = verify_access(access(), NOW + timedelta(minutes=10) - timedelta(seconds=1))
    assert (token.client_id, token.token_id) == ("school", "t1")
    assert token.scopes == {"deposits:write", "accounts:read"}
    assert refusal(verify_access, access(), NOW + timedelta(minutes=10)) == "expired"
    assert refusal(verify_access, access(), NOW - timedelta(seconds=1)) == "not_yet_valid"


def test_a_scope_is_its_whole_name() -> None:
    token = verify_access(access())
    token.require("deposits:write")
    for scope in ("deposits", "deposits:writes", "*", "", "accounts:write"):
        assert refusal(token.require, scope) == "insufficient_scope"


@pytest.mark.parametrize("scopes", [frozenset(), frozenset({""}), frozenset({"a b"}), frozenset({'a"'})])
def test_a_scope_that_is_none_is_not_issued(scopes: frozenset[str]) -> None:
    assert refusal(access, scopes) == "malformed_claim"


def forged(
    header: Mapping[str, Any] | None = None, signer: PrivateKey = BANK_KEY, without: str = "", **claims: Any
) -> str:
    known = {
        "iss": BANK,
        "aud": API,
        "sub": "school",
        "client_id": "school",
        "scope": "x",
        "jti": "t",
        "iat": SECONDS,
        "exp": SECONDS + 600,
    }
    kept = {name: value for name, value in (known | claims).items() if name != without}
    named = {"typ": "at+jwt", "kid": BANK_KEY.public_key.thumbprint()} | dict(header or {})
    return sign_compact(kept, signer, named)


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (forged({"typ": "JWT"}), "wrong_type"),
        (forged({"typ": "AT+JWT"}), "wrong_type"),
        (forged({"typ": "application/at+jwt"}), "wrong_type"),
        (forged({"kid": "other"}), "unknown_key"),
        (forged(signer=PrivateKey.generate("EdDSA")), "bad_signature"),
        (forged(signer=PrivateKey.generate("ES256")), "alg_key_mismatch"),
        (forged(iss="https://other.example"), "wrong_issuer"),
        (forged(aud=BANK), "wrong_audience"),
        (forged(exp=SECONDS + 601), "lifetime_too_long"),
        (forged(without="exp"), "missing_claim"),
        (forged(exp=str(SECONDS + 600)), "malformed_claim"),
        (forged(sub="someone"), "client_mismatch"),
        (forged(without="scope"), "malformed_claim"),
        (forged(scope=["x"]), "malformed_claim"),
        (forged(scope="x  y"), "malformed_claim"),
        (forged(scope="x\n"), "malformed_claim"),
    ],
)
def test_any_other_access_token_is_refused_by_name(token: str, code: str) -> None:
    assert refusal(verify_access, token) == code


def test_an_access_token_an_assertion_and_a_credential_never_take_each_others_place() -> None:
    """SECURITY S25: here one key even signs all three, and type and claims still keep them apart."""
    named = {"typ": "JWT", "kid": BANK_KEY.public_key.thumbprint()}
    claims = {"iss": "did:web:school.example", "sub": "did:example:learner", "jti": "urn:c:1", "nbf": SECONDS}
    badge = sign_compact(claims, BANK_KEY, named)
    self_issued = sign_compact(claims | {"iss": "school", "sub": "school"}, BANK_KEY, named)
    assert refusal(verify_access, badge) == "wrong_type"
    assert refusal(verify, badge, BANK_KEYS) == "client_mismatch"
    assert refusal(verify, self_issued, BANK_KEYS) == "missing_claim"
    assert refusal(verify, access(), BANK_KEYS) == "wrong_type"
    assert refusal(verify_access, assertion()) == "wrong_type"
