"""DID resolution as a service answers it: the document a key is, error codes by name, and the issuers' profiles."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from credentials.canonical import jcs
from credentials.errors import KeyRefused
from credentials.keys import PrivateKey
from credentials.multibase import base64url_encode
from issuers.errors import DidError
from issuers.profile import is_profile_url, origin, parse_key, parse_profile
from issuers.resolution import ResolutionOptions, resolve_did
from issuers.resolve import resolve
from tests.issuers.outbound_world import HOST, Server, World, answer

# The example of the did:key specification: an Ed25519 key and the X25519 key that follows from it.
DID = "did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b"
METHOD = f"{DID}#{DID.removeprefix('did:key:')}"
AGREEMENT = f"{DID}#z6LSfHfAMAopsuBxaBzvp51GXrPf38Az13j2fmwqadbwwrzJ"
KEY = PrivateKey.generate("EdDSA").public_key
PROFILE = f"https://{HOST}/issuer"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    server = Server(tmp_path)
    yield World(server)
    server.close()


def error_of(did_url: str, **options: Any) -> str | None:
    return resolve_did(did_url, None, ResolutionOptions(**options)).error


def test_a_did_key_is_its_own_document() -> None:
    found = resolve_did(DID, None)
    document = found.to_json()["didDocument"]
    assert (found.error, document["id"], document["assertionMethod"]) == (None, DID, [METHOD])
    [method] = document["verificationMethod"]
    assert method == {"id": METHOD, "controller": DID, "type": "Multikey", "publicKeyMultibase": METHOD.split("#")[1]}
    assert "keyAgreement" not in document
    assert found.to_json()["didResolutionMetadata"] == {"contentType": "application/did+ld+json"}


def test_the_key_for_encryption_is_derived_where_it_is_asked_for() -> None:
    [agreement] = resolve_did(DID, None, ResolutionOptions(derive_agreement_key=True)).document["keyAgreement"]
    assert agreement["id"] == AGREEMENT


@pytest.mark.parametrize("form", ["Multikey", "JsonWebKey", "JsonWebKey2020", "Ed25519VerificationKey2020"])
def test_a_key_is_written_in_the_form_asked_for(form: str) -> None:
    document = resolve_did(DID, None, ResolutionOptions(form)).document
    [method] = document["verificationMethod"]
    assert method["type"] == form
    assert ("publicKeyJwk" in method) == form.startswith("JsonWebKey")
    assert len(document["@context"]) == 2


@pytest.mark.parametrize("algorithm", ["ES256", "ES384"])
def test_nist_keys_have_no_ed25519_form(algorithm: Any) -> None:
    did = PrivateKey.generate(algorithm).public_key.did_key()
    assert resolve_did(did, None).error is None
    assert error_of(did, public_key_format="Ed25519VerificationKey2020") == "invalidPublicKeyType"
    assert "keyAgreement" not in resolve_did(did, None, ResolutionOptions(derive_agreement_key=True)).document


@pytest.mark.parametrize(
    ("did_url", "code"),
    [
        ("notDid:key:z6Mk", "invalidDid"),
        ("did:experimental:z6Mk", "methodNotSupported"),
        (f"did:key:-4:{DID.removeprefix('did:key:')}", "invalidDid"),
        (f"did:key:{DID.removeprefix('did:key:z')}", "invalidDid"),
        ("did:key:@", "invalidDid"),
        ("did:key:zTjsVPtY", "invalidPublicKeyLength"),
        ("did:key:z" + "1" * 5000, "invalidDid"),
        (f"{DID}/^bar^/?query=`#{METHOD.split('#')[1]}", "invalidDidUrl"),
        (f"{DID}#other", "notFound"),
        (f"{DID}#", "invalidDidUrl"),
        ("did:web:college.example", "notFound"),
        ("did:web:good.example%40evil.example", "invalidDid"),
        ("did:jwk:e30", "invalidDid"),
        ("", "invalidDid"),
        ("did:key:z6Mk\n", "invalidDid"),
    ],
)
def test_each_fault_has_its_name(did_url: str, code: str) -> None:
    assert error_of(did_url) == code
    assert set(resolve_did(did_url, None).to_json()) >= {"@context", "didDocument", "didDocumentMetadata"}


@pytest.mark.parametrize(
    ("form", "code"), [("unknown", "unsupportedPublicKeyType"), ("Ed25519VerificationKey2018", "invalidPublicKeyType")]
)
def test_a_form_that_is_not_given_out(form: str, code: str) -> None:
    for did_url in (DID, METHOD, AGREEMENT):
        assert error_of(did_url, public_key_format=form) == code


def test_a_did_url_leads_to_its_method() -> None:
    for name in (METHOD, AGREEMENT):
        found = resolve_did(name, None).to_json()
        assert (found["didDocument"]["id"], found["didDocument"]["controller"]) == (name, DID)
        assert "didDereferencingMetadata" in found


def test_a_did_jwk_is_its_own_document() -> None:
    jwk = {name: value for name, value in KEY.jwk().items() if name not in ("alg", "use")}
    did = f"did:jwk:{base64url_encode(jcs(jwk))}"
    document = resolve_did(did, None).document
    assert document["assertionMethod"] == [f"{did}#0"]
    assert document["verificationMethod"][0]["publicKeyJwk"] == jwk


def test_a_did_web_is_fetched_and_must_be_about_itself(world: World) -> None:
    did = f"did:web:{HOST}"
    document = {
        "@context": ["https://www.w3.org/ns/did/v1"], "id": did,
        "verificationMethod": [
            {"id": f"{did}#k", "type": "Multikey", "controller": did, "publicKeyMultibase": KEY.multibase()}
        ],
        "assertionMethod": [f"{did}#k"],
    }  # fmt: skip
    world.server.handler = answer(jcs(document))
    assert resolve_did(did, world.fetcher()).document == document
    assert resolve_did(f"{did}#k", world.fetcher()).document["publicKeyMultibase"] == KEY.multibase()
    world.server.handler = answer(jcs({**document, "id": "did:web:other.example"}))
    assert resolve_did(did, world.fetcher()).error == "invalidDidDocument"
    world.server.handler = answer(b"", status="404 Not Found")
    assert resolve_did(did, world.fetcher()).error == "notFound"
    assert resolve_did(did, None, own=lambda name: document if name == did else None).document == document


# ── profiles ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def profile(**members: Any) -> bytes:
    method = {"id": "#key", "type": "Multikey", "controller": PROFILE, "publicKeyMultibase": KEY.multibase()}
    found = {"id": PROFILE, "type": ["Profile"], "name": "College", "verificationMethod": [method], **members}
    return json.dumps(found).encode()


@pytest.mark.parametrize(
    ("url", "good"),
    [
        (PROFILE, True), ("https://college.example:8443/a", True), ("http://college.example/a", False),
        ("https://college.example/a?b", False), ("https://college.example/a#b", False), ("https://127.0.0.1/", False),
        ("https://2130706433/", False), ("https://a@college.example/", False), ("https://[::1]/", False),
        ("https://localhost/", False), ("https://College.example/", False), ("https://college.example\\@evil/", False),
    ],
)  # fmt: skip
def test_only_a_plain_address_names_an_issuer(url: str, good: bool) -> None:
    assert is_profile_url(url) is good


def test_a_profile_names_its_keys() -> None:
    [key], jwks = parse_profile(profile(), PROFILE)
    assert (key.verification_method, key.key, jwks) == (f"{PROFILE}#key", KEY, None)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"id": "https://college.example/other"}, "did_mismatch"),
        ({"verificationMethod": [{"id": "#k", "controller": "https://evil.example/"}]}, "controller_mismatch"),
        ({"verificationMethod": [{"id": "https://evil.example/#k", "controller": PROFILE}]}, "controller_mismatch"),
        ({"verificationMethod": [{"id": "#k", "controller": PROFILE, "publicKeyJwk": {"d": "x"}}]},
         "private_key_published"),
        ({"verificationMethod": [{"id": f"#{n}", "controller": PROFILE} for n in range(65)]}, "too_many_keys"),
        ({"verificationMethod": [{"id": "#k", "controller": PROFILE, "type": "Other"}]}, "malformed_did_document"),
    ],
)  # fmt: skip
def test_a_profile_speaks_for_itself_alone(members: dict[str, Any], code: str) -> None:
    with pytest.raises(DidError) as refused:
        parse_profile(profile(**members), PROFILE)
    assert refused.value.code == code


def test_a_jwks_elsewhere_is_not_followed() -> None:
    assert parse_profile(profile(jwks_uri="https://evil.example/jwks"), PROFILE)[1] is None
    assert parse_profile(profile(jwks_uri=f"https://{HOST}/jwks"), PROFILE)[1] == f"https://{HOST}/jwks"
    assert origin("https://college.example:443/x") == "college.example"


def test_keys_behind_an_address() -> None:
    url = f"https://{HOST}/keys/1"
    assert parse_key(jcs(KEY.jwk()), url)[0].verification_method == url
    keys = {"keys": [{**KEY.jwk(), "kid": url}, {**KEY.jwk(), "kid": "two"}]}
    assert [key.verification_method for key in parse_key(jcs(keys), url)] == [url, f"{url}#two"]
    with pytest.raises(KeyRefused):
        parse_key(jcs({"kty": "oct", "k": "AAAA"}), url)


def test_a_kid_on_the_issuers_own_host_is_asked_and_no_other(world: World) -> None:
    world.server.handler = answer(jcs(KEY.jwk()), media_type="application/jwk+json")
    [key] = resolve(PROFILE, world.fetcher(), methods=[f"https://{HOST}/keys/1"])
    assert (key.verification_method, key.key) == (f"https://{HOST}/keys/1", KEY)
    world.server.handler = answer(profile())
    [key] = resolve(PROFILE, world.fetcher(), methods=["https://elsewhere.example/keys/1"])
    assert key.verification_method == f"{PROFILE}#key"
