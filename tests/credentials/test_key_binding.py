"""Key binding: the holder signs what is shown, with the key that the credential was issued to (RFC 9901, 4.3)."""

from typing import Any

import pytest

from credentials.errors import CredentialError
from credentials.keys import PrivateKey
from credentials.sd_jwt_issue import present
from tests.credential_samples import NOW, SCHOOL, changed, check
from tests.sd_jwt_samples import BADGE, CHOICE, CREDITS, HOLDER, VERIFIER, key_binding, sd_jwt, w3c


def code(data: bytes) -> str | None:
    """Why the bytes are refused, by reading or by verification; None where they are valid."""
    try:
        return check(data).code
    except CredentialError as refused:
        return refused.code


def bound(**claims: Any) -> bytes:
    shown = present(w3c(), shown=list(CHOICE))
    return (shown + key_binding(shown, **claims)).encode()


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({}, None),
        ({"nonce": "another"}, None),  # for a presentation to check
        ({"key": SCHOOL.key}, "bad_signature"),
        ({"key": PrivateKey.from_bytes("ES256", bytes([5]) * 32)}, "alg_key_mismatch"),
        ({"typ": "JWT"}, "key_binding_invalid"),
        ({"sd_hash": "AAAA"}, "key_binding_invalid"),
        ({"sd_hash": None}, "key_binding_invalid"),
        ({"nonce": None}, "key_binding_invalid"),
        ({"nonce": ""}, "key_binding_invalid"),
        ({"aud": None}, "key_binding_invalid"),
        ({"aud": [VERIFIER]}, "key_binding_invalid"),
        ({"iat": None}, "key_binding_invalid"),
        ({"iat": "now"}, "key_binding_invalid"),
        ({"iat": int(NOW.timestamp()) + 1000}, "proof_time"),
        ({"exp": int(NOW.timestamp())}, "proof_time"),
    ],
)
def test_a_key_binding_that_is_there_must_hold(claims: dict[str, Any], expected: str | None) -> None:
    assert code(bound(**claims)) == expected


def test_a_key_binding_is_over_what_is_shown_with_it() -> None:
    token = w3c()
    more = present(token, shown=list(CHOICE))
    less = present(token, shown=[CREDITS])
    assert code((more + key_binding(less)).encode()) == "key_binding_invalid"
    assert code((more + key_binding(more)).encode()) is None


@pytest.mark.parametrize(
    "cnf", [None, {}, {"jwk": {"kty": "oct", "k": "AAAA"}}, {"kid": "did:web:a.example#1"}, "text"]
)
def test_a_key_binding_needs_a_key_in_the_credential(cnf: Any) -> None:
    shown = sd_jwt(changed({**BADGE, "cnf": cnf})).decode()
    assert code((shown + key_binding(shown)).encode()) in ("key_binding_invalid", "key_type_not_allowed")


def test_a_key_may_be_named_by_its_did() -> None:
    shown = sd_jwt({**BADGE, "cnf": {"kid": HOLDER.public_key.did_key()}}).decode()
    assert code((shown + key_binding(shown)).encode()) is None
