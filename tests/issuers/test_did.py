"""did:web and did:key: one spelling, the owner's keys only, and documents that read back."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from credentials.errors import KeyRefused
from credentials.keys import PrivateKey
from issuers.did import (
    build_did_document,
    build_jwks,
    check_did,
    did_key_method,
    did_web_url,
    parse_did_document,
)
from issuers.errors import DidError
from issuers.issuer import Custody, KeyRecord
from issuers.registry import compromise, retire, verification_method

DID = "did:web:college.example"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
KEY = PrivateKey.generate("EdDSA").public_key


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:college.example", "https://college.example/.well-known/did.json"),
        ("did:web:college.example:issuers:42", "https://college.example/issuers/42/did.json"),
        ("did:web:college.example%3A8443:a:b", "https://college.example:8443/a/b/did.json"),
        ("did:web:college.example%3A443", "https://college.example/.well-known/did.json"),
        ("did:web:localhost%3A8000:issuers:x", "https://localhost:8000/issuers/x/did.json"),
    ],
)
def test_a_did_web_says_where_its_document_is(did: str, url: str) -> None:
    assert did_web_url(did) == url


@pytest.mark.parametrize(
    "did",
    [
        "did:web:good.example%40evil.example",
        "did:web:good.example:%2F..%2Fx%23",
        "did:web:good.example:..:admin",
        "did:web:good.example:.:admin",
        "did:web:good.example:a::b",
        "did:web:good.example:",
        "did:web:good.example%3Fq=",
        "did:web:good.example:%3Fq=",
        "did:web:good.example%5Cevil",
        "did:web:good.example/evil",
        "did:web:good.example#key",
        "did:web:Good.Example",
        "did:web:xn--80ak6aa92e.com",
        "did:web:good.xn--p1ai",
        "did:web:gооd.example",
        "did:web:대학.kr",
        "did:web:good..example",
        "did:web:.example",
        "did:web:-good.example",
        "did:web:good.example%3A0",
        "did:web:good.example%3A65536",
        "did:web:good.example%3a8443",
        "did:web:good.example:8443%3A1",
        "did:web:good.example\n",
        "did:web:good.example ",
        " did:web:good.example",
        "did:web:",
        "did:web:" + "a." * 300 + "example",
        "did:key:z6Mk ",
        "did:key:",
        "did:key:u6Mk",
        "did:key:z" + "6" * 50_000,
    ],
)
def test_identifiers_outside_the_grammar_are_malformed(did: str) -> None:
    with pytest.raises(DidError) as refusal:
        check_did(did)
    assert refusal.value.code in ({"malformed_did"} if did.startswith("did:") else {"did_method_not_allowed"})
    assert did.strip() not in refusal.value.message


@pytest.mark.parametrize("did", ["did:web:[::1]", "did:web:%5B::1%5D"])
def test_bracketed_addresses_are_named_for_what_they_are(did: str) -> None:
    with pytest.raises(DidError) as refusal:
        check_did(did)
    assert refusal.value.code == "address_not_allowed"


@pytest.mark.parametrize("did", ["did:ion:abc", "did:WEB:good.example", "https://good.example", ""])
def test_other_methods_are_not_accepted(did: str) -> None:
    with pytest.raises(DidError) as refusal:
        check_did(did)
    assert refusal.value.code == "did_method_not_allowed"


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "ES384"])
def test_a_did_key_is_its_own_document(algorithm: Any) -> None:
    key = PrivateKey.generate(algorithm).public_key
    method = did_key_method(key.did_key())
    assert method.key == key
    assert method.verification_method == f"{key.did_key()}#{key.multibase()}"


def test_a_did_key_of_another_kind_of_key_is_refused() -> None:
    x25519 = "did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc"
    with pytest.raises(KeyRefused) as refusal:
        check_did(x25519)
    assert refusal.value.code == "key_type_not_allowed"


def multikey(name: str = f"{DID}#k1", **changes: object) -> dict[str, Any]:
    method = {"id": name, "type": "Multikey", "controller": DID, "publicKeyMultibase": KEY.multibase()}
    return method | changes


def document(**changes: object) -> dict[str, Any]:
    return {"id": DID, "verificationMethod": [multikey()], "assertionMethod": [f"{DID}#k1"]} | changes


def parse(content: object) -> tuple[Any, ...]:
    return parse_did_document(json.dumps(content).encode(), DID)


def test_the_keys_for_credentials_are_those_of_assertion_method() -> None:
    other = multikey(f"{DID}#login", publicKeyMultibase=PrivateKey.generate("EdDSA").public_key.multibase())
    content = document(verificationMethod=[other, multikey()], authentication=[f"{DID}#login"])
    assert [(k.verification_method, k.key) for k in parse(content)] == [(f"{DID}#k1", KEY)]


def test_relative_references_embedded_methods_and_json_web_keys_are_understood() -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": KEY.jwk()["x"]}
    web_key = {"id": "#k2", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": jwk}
    keys = parse(document(assertionMethod=["#k1", web_key]))
    assert [(k.verification_method, k.key) for k in keys] == [(f"{DID}#k1", KEY), (f"{DID}#k2", KEY)]


def test_a_key_for_something_else_may_be_of_any_kind() -> None:
    agreement = multikey(f"{DID}#ka", publicKeyMultibase="z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc")
    assert len(parse(document(verificationMethod=[multikey(), agreement]))) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "did:web:evil.example"}, "did_mismatch"),
        ({"id": f"{DID} "}, "did_mismatch"),
        ({"id": None}, "did_mismatch"),
        ({"verificationMethod": [multikey(controller="did:web:university.example")]}, "controller_mismatch"),
        ({"verificationMethod": [{k: v for k, v in multikey().items() if k != "controller"}]}, "controller_mismatch"),
        ({"verificationMethod": [multikey(f"{DID}#{n}") for n in range(65)]}, "too_many_keys"),
        ({"verificationMethod": [multikey(publicKeyJwk={"kty": "OKP", "d": "AA"})]}, "private_key_published"),
        ({"verificationMethod": [multikey(secretKeyMultibase="z1")]}, "private_key_published"),
        ({"assertionMethod": []}, "no_assertion_key"),
        ({"assertionMethod": [f"{DID}#k9"]}, "malformed_did_document"),
        ({"assertionMethod": f"{DID}#k1"}, "malformed_did_document"),
        ({"assertionMethod": ["did:web:evil.example#k1"]}, "malformed_did_document"),
        ({"assertionMethod": [7]}, "malformed_did_document"),
        ({"verificationMethod": [multikey(), multikey()]}, "malformed_did_document"),
        ({"verificationMethod": ["x"]}, "malformed_did_document"),
        ({"verificationMethod": [multikey(type="Unheard")]}, "malformed_did_document"),
    ],
)
def test_documents_that_say_too_much_or_too_little_are_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(DidError) as refusal:
        parse(document(**changes))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "data",
    [b"<!doctype html><title>Welcome</title>", b"[]", b"", b'{"id":1,"id":2}', b"\xff", b" " * 300_000, b"[" * 5000],
)
def test_whatever_else_a_server_says_is_no_document(data: bytes) -> None:
    with pytest.raises(DidError) as refusal:
        parse_did_document(data, DID)
    assert refusal.value.code == "malformed_did_document"


def test_a_weak_key_for_credentials_is_refused_by_its_own_code() -> None:
    identity = {"kty": "OKP", "crv": "Ed25519", "x": "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
    method = {"id": f"{DID}#k1", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": identity}
    with pytest.raises(KeyRefused) as refusal:
        parse(document(verificationMethod=[method]))
    assert refusal.value.code == "small_order_key"


def record(algorithm: Any, active_from: datetime) -> KeyRecord:
    key = PrivateKey.generate(algorithm).public_key
    return KeyRecord("college", verification_method(DID, key), DID, key, Custody.HOSTED, active_from)


def test_a_hosted_issuers_document_shows_present_and_past_keys_and_no_others() -> None:
    retired = retire(record("ES256", NOW - timedelta(days=90)), NOW - timedelta(days=30))
    active = record("EdDSA", NOW - timedelta(days=30))
    stolen = compromise(record("EdDSA", NOW - timedelta(days=80)), NOW - timedelta(days=9), declared_at=NOW)
    pending = record("EdDSA", NOW + timedelta(days=1))
    records = [pending, stolen, active, retired]
    served = json.dumps(build_did_document(DID, records, NOW)).encode()
    keys = parse_did_document(served, DID)
    assert [(k.verification_method, k.key) for k in keys] == [
        (shown.verification_method, shown.key) for shown in (retired, active)
    ]
    jwks = build_jwks(DID, records, NOW)["keys"]
    assert [(k["kid"], k["alg"]) for k in jwks] == [
        (retired.verification_method, "ES256"),
        (active.verification_method, "EdDSA"),
    ]
    assert not any("d" in jwk for jwk in jwks)
