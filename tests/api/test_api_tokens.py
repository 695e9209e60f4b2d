"""Tokens: who gets one, what it allows, and what is no token (A04, A05, S25; RFC 6749, 6750, 7523)."""

from datetime import timedelta

import pytest

from credentials.jose import sign_compact
from credentials.keys import PrivateKey
from issuers.access_token import issue_access_token
from issuers.client_assertion import ASSERTION_TYPE
from tests.api.http_world import Http, Speaker, outcome, refused
from tests.bank_world import PUBLIC_URL


def test_a_client_proves_itself_and_gets_what_it_is_registered_for(http: Http) -> None:
    http.world.school()
    http.register("sis", "issuer", ["deposits:read", "deposits:write"], issuer="hanbit")
    answer = http.ask_token("sis").json()
    assert (answer["token_type"], answer["scope"]) == ("Bearer", "deposits:read deposits:write")
    assert http.ask_token("sis", "deposits:read").json()["scope"] == "deposits:read"


def test_an_assertion_is_good_for_one_token(http: Http) -> None:
    http.register("desk", "administrator")
    first, again = (http.ask_token("desk", token_id="once") for _ in range(2))
    assert first.status_code == 200
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")


def test_other_assertions_are_refused(http: Http, subtests: pytest.Subtests) -> None:
    http.register("desk", "administrator")
    cases: list[dict[str, object]] = [
        {"audience": "https://other.example/oauth/token"},
        {"client_id": "somebody-else"},
        {"at": http.now - timedelta(hours=1)},
        {"at": http.now + timedelta(hours=1)},
        {"key_id": "unknown"},
    ]
    for facts in cases:
        with subtests.test(str(facts)):
            answer = http.ask_token("desk", **facts)
            assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
            assert answer.headers["www-authenticate"].startswith("Bearer")


def test_an_unknown_client_and_a_wrong_key_are_answered_alike(http: Http) -> None:
    http.register("desk", "administrator")
    unknown = http.ask_token("desk", client_id="nobody")
    http.keys["desk"] = PrivateKey.generate("EdDSA")
    wrong = http.ask_token("desk")
    assert (unknown.status_code, unknown.json()) == (wrong.status_code, wrong.json())


FORMS = [
    (b"grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
    (b"grant_type=password&username=a&password=b", "unsupported_grant_type"),
    (b"grant_type=client_credentials", "invalid_client"),
    (b"%ff=%ff", "invalid_request"),
    (b"\xff", "invalid_request"),
    (
        f"grant_type=client_credentials&client_assertion_type={ASSERTION_TYPE}&client_assertion=a.b.c".encode(),
        "invalid_client",
    ),
]


def test_a_malformed_question_gets_the_standard_answer(http: Http, subtests: pytest.Subtests) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for body, code in FORMS:
        with subtests.test(body):
            answer = http.client.post("/oauth/token", content=body, headers=headers)
            assert answer.json()["error"] == code
            assert answer.headers["cache-control"] == "no-store"


def test_a_scope_beyond_the_clients_is_not_given(http: Http) -> None:
    http.world.school()
    http.register("sis", "issuer", ["deposits:read"], issuer="hanbit")
    answer = http.ask_token("sis", "deposits:read registry:write")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_without_a_token_there_is_a_challenge(http: Http) -> None:
    answer = http.client.get("/v1/issuers")
    refused(answer, 401, "token_missing")
    assert answer.headers["www-authenticate"] == 'Bearer realm="creditbank"'


def test_what_is_no_access_token_opens_nothing(http: Http) -> None:
    """S25: a credential, a client assertion, a quote, another service's token, an expired one, an unsigned one."""
    school = http.school()
    bank = http.world.bank
    facts = {
        "issuer": PUBLIC_URL,
        "audience": PUBLIC_URL,
        "client_id": "hanbit-sis",
        "scopes": ["deposits:read"],
        "token_id": "1",
    }
    signer, other = bank.office.vault.token_key, PrivateKey.generate("EdDSA")
    tokens = {
        "wrong_type": [school.made("/v1/credentials", outcome())["credential"], http.assertion("hanbit-sis")],
        "unknown_key": [issue_access_token(other, at=http.now, **facts)],
        "wrong_audience": [issue_access_token(signer, at=http.now, **{**facts, "audience": "https://other.example"})],
        "wrong_issuer": [issue_access_token(signer, at=http.now, **{**facts, "issuer": "https://other.example"})],
        "expired": [issue_access_token(signer, at=http.now - timedelta(hours=1), **facts)],
        "malformed_token": ["a.b.c", "x", school.token + "="],
    }
    forged = sign_compact(
        {"sub": "hanbit-sis"}, bank.office.vault.quote_key, {"typ": "at+jwt", "kid": signer.public_key.thumbprint()}
    )
    tokens["bad_signature"] = [forged]
    for code, some in tokens.items():
        for token in some:
            answer = Speaker(http.client, token).get("/v1/deposits")
            refused(answer, 401, code)
            assert 'error="invalid_token"' in answer.headers["www-authenticate"]


WRITES = [
    ("POST", "/v1/deposits", "deposits:write"),
    ("POST", "/v1/credentials", "credentials:issue"),
    ("POST", "/v1/issuers/hanbit/keys", "keys:write"),
    ("GET", "/v1/learners/7b0a1c2d-3e4f-4a5b-8c6d-7e8f9a0b1c2d", "learners:read"),
    ("POST", "/v1/issuers", "registry:write"),
    ("POST", "/v1/quotes", "quotes:write"),
]


def test_a_token_for_reading_writes_nothing(http: Http, subtests: pytest.Subtests) -> None:
    """A04: no wildcard, no prefix, no other scope does."""
    http.school()
    reader = http.speaker("hanbit-sis", "deposits:read")
    headers = reader.headers(**{"Content-Type": "application/json"})
    for method, path, scope in WRITES:
        with subtests.test(path):
            answer = http.client.request(method, path, headers=headers, content=b"{}" if method == "POST" else None)
            assert refused(answer, 403, "insufficient_scope")["facts"] == {"scope": scope}
            assert f'scope="{scope}"' in answer.headers["www-authenticate"]


def test_a_client_cannot_be_given_more_than_its_role(http: Http) -> None:
    http.world.school()
    desk = http.administrator()
    body = {
        "id": "sis", "name": "SIS", "role": "issuer", "issuer": "hanbit", "scopes": ["registry:write"],
        "public_jwk": PrivateKey.generate("EdDSA").public_key.jwk(),
    }  # fmt: skip
    refused(desk.post("/v1/clients", body), 403, "scope_not_grantable")
    made = desk.made("/v1/clients", {**body, "scopes": ["deposits:read"]})
    assert made["scopes"] == ["deposits:read"]
    refused(desk.post("/v1/clients", {**body, "scopes": ["deposits:read"]}), 409, "client_exists")
    refused(desk.post("/v1/clients", {**body, "issuer": None}), 422, "invalid_request")
    school = http.speaker(http.register("other-sis", "issuer", issuer="hanbit"))
    refused(school.post("/v1/clients", body), 403, "insufficient_scope")


def test_keys_that_must_never_verify_anything_are_not_registered(http: Http) -> None:
    """Trap 4, S04, S05, S08: shared secrets, private parts, the identity point."""
    desk, school = http.administrator(), http.school()
    good = PrivateKey.generate("EdDSA").public_key.jwk()
    identity = {"kty": "OKP", "crv": "Ed25519", "x": "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
    for jwk, code in (
        ({"kty": "oct", "k": "c2VjcmV0"}, "key_type_not_allowed"),
        ({**good, "d": "AAAA"}, "private_key_published"),
        (identity, "small_order_key"),
    ):
        refused(school.post("/v1/issuers/hanbit/keys", {"public_jwk": jwk}), 422, code)
        client = {"id": "c", "name": "C", "role": "employer", "scopes": ["quotes:write"], "public_jwk": jwk}
        refused(desk.post("/v1/clients", client), 422, code)
