"""Trap 15: nothing that anybody hands in makes the bank speak to a machine that it should not speak to."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from credentials.jws import sign_compact
from credentials.keys import PrivateKey
from credentials.open_badges import build
from tests.bank_world import ANNA, World
from tests.security.attacks import (
    assert_refused,
    careless_token,
    code_of_deposit,
    differences,
    everything,
    network_given_back,
    verdict,
)
from tests.security.conftest import Target
from tests.security.foreign_network import PUBLIC, ForeignNetwork, page

LOOPBACK = ("127.0.0.1", "2130706433", "0x7f000001", "127.1", "0", "[::ffff:127.0.0.1]", "127。0。0。1", "0177.0.0.1",
            "[::1]", "localhost", "localhost.", "printer", "db.internal", "169.254.169.254", "10.0.0.1", "１２７.0.0.1",
            "127.0.0.1.", "[fe80::1%25eth0]", "anna.local")  # fmt: skip
STRANGER = PrivateKey.generate("EdDSA")


def badge_of(world: World, did: str, **facts: Any) -> bytes:
    """A badge signed by a stranger in the name of any DID."""
    document = build(
        world.outcome(unit="ects"), issuer_id=did, issuer_name={"en": "Stranger"}, credential_id="urn:uuid:1-2",
        valid_from=world.now - timedelta(hours=1),
    )  # fmt: skip
    return sign_compact({**document, **facts}, STRANGER, {"typ": "JWT", "kid": f"{did}#key-1"}).encode()


@pytest.fixture
def world(target: Target) -> World:
    """The file's one bank: what is refused or held here leaves no trace that matters to the next test."""
    return target.world


@pytest.fixture
def network(world: World) -> Iterator[ForeignNetwork]:
    made = ForeignNetwork()
    with network_given_back(world):
        made.serve_to(world)
        yield made


DIDS = {
    **{f"15 {host}": f"did:web:{host.replace(':', '%3A')}" for host in LOOPBACK if host.isascii()},
    "15 a user name": "did:web:good.example%40evil.example",
    "15 a path that climbs": "did:web:good.example%2F..%2Fx%23",
    "15 dots as segments": "did:web:good.example:..:admin",
    "15 a query": "did:web:good.example%3Fq=1",
    "15 a backslash": "did:web:good.example%5Cevil.example",
    "15 capitals": "did:web:Good.example",
    "15 punycode": "did:web:xn--80ak6aa92e.com",
    "15 a port of nothing": "did:web:good.example%3A0",
    "15 a port too high": "did:web:good.example%3A65536",
    "15 a port in clear": "did:web:good.example:8080%3A1",
    "15 an empty segment": "did:web:good.example::a",
}


@pytest.mark.parametrize("did", DIDS.values(), ids=DIDS.keys())
def test_trap_15_no_such_issuer_is_asked_for_its_keys(world: World, network: ForeignNetwork, did: str) -> None:
    before = everything(world)
    badge = badge_of(world, did)
    code = code_of_deposit(world, badge, ANNA)
    assert verdict(world, badge) == ("invalid", code)
    assert code in {"address_not_allowed", "malformed_did", "malformed_iri"}
    assert (network.asked, network.dialled) == ([], [])
    assert everything(world) == before


URLS = {
    **{f"15 {host}": f"https://{host}/list" for host in LOOPBACK},
    "15 plain http": "http://status.example/list",
    "15 a file": "file:///etc/passwd",
    "15 gopher": "gopher://status.example/",
    "15 a user name": "https://good.example@evil.example/list",
    "15 a user name escaped": "https://good.example%40evil.example/list",
    "15 a backslash": "https://good.example\\@evil.example/list",
    "15 a line feed": "https://status.example/list\n",
    "15 a header": "https://status.example/ HTTP/1.1\r\nX: y",
    "15 punycode": "https://xn--80ak6aa92e.com/list",
    "15 capitals": "https://STATUS.example/list",
    "15 our own lists": "https://bank.example/status/no-such-list",
    "15 our own lists, climbing": "https://bank.example/status/../v1/issuers",
}


@pytest.mark.parametrize("url", URLS.values(), ids=URLS.keys())
def test_trap_15_no_such_status_list_is_fetched(target: Target, network: ForeignNetwork, url: str) -> None:
    """The signature is genuine and the institution accredited, so the bank does want the list."""
    world, signer = target.world, target.signer
    entry = {"id": "https://status.example/list#7", "type": "BitstringStatusListEntry",
             "statusPurpose": "revocation", "statusListIndex": "7", "statusListCredential": url}  # fmt: skip
    token = careless_token(signer, {**signer.document(), "credentialStatus": [entry]})
    before = everything(world)
    assert verdict(world, token.encode()) == ("indeterminate", "status_unavailable")
    assert world.bank.deposit(signer.post(token)).state == "held"
    assert (network.asked, network.dialled) == ([], [])
    assert differences(before, everything(world)).keys() & {"entry", "posting"} == set()


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"], ["::1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"],
     ["2002:7f00:1::"], ["fe80::1%eth0"], ["0.0.0.0"], ["224.0.0.1"], [PUBLIC, "127.0.0.1"]],
    ids=lambda addresses: f"15 {addresses[-1]}",
)  # fmt: skip
def test_trap_15_a_name_that_leads_inwards_is_not_connected_to(
    world: World, network: ForeignNetwork, addresses: list[str]
) -> None:
    network.addresses = lambda _host: addresses
    assert verdict(world, badge_of(world, "did:web:rebinding.example")) == ("indeterminate", "key_unavailable")
    assert (network.asked, network.dialled) == (["rebinding.example"], [])


def did_document(did: str) -> bytes:
    method = {"id": f"{did}#key-1", "type": "Multikey", "controller": did,
              "publicKeyMultibase": STRANGER.public_key.multibase()}  # fmt: skip
    return json.dumps({"id": did, "verificationMethod": [method], "assertionMethod": [method["id"]]}).encode()


def test_trap_15_an_honest_stranger_is_asked_once_and_held(world: World, network: ForeignNetwork) -> None:
    """So the refusals here are not owed to a network that never answers. Nobody knows this issuer, so it is held."""
    did = "did:web:stranger.example"
    network.pages["/.well-known/did.json"] = page(did_document(did), media_type="application/did+json")
    badge = badge_of(world, did)
    assert verdict(world, badge) == ("indeterminate", "untrusted_issuer")
    assert network.dialled == [PUBLIC]


REDIRECTS = (
    "https://127.0.0.1/did.json",
    "http://stranger.example/did.json",
    "/did.json",
    "https://elsewhere.example/",
)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_trap_15_no_redirect_is_followed(world: World, network: ForeignNetwork, status: str) -> None:
    did = "did:web:stranger.example"
    network.pages["/did.json"] = page(did_document(did), media_type="application/did+json")
    for target in REDIRECTS:
        network.pages["/.well-known/did.json"] = page(
            did_document(did), f"Location: {target}", status=status, media_type="application/did+json"
        )
        network.dialled.clear()
        assert verdict(world, badge_of(world, did)) == ("indeterminate", "key_unavailable")
        assert network.dialled == [PUBLIC]


def test_trap_15_a_document_about_somebody_else_gives_no_key(world: World, network: ForeignNetwork) -> None:
    network.pages["/.well-known/did.json"] = page(did_document("did:web:victim.example"), media_type="application/json")
    assert verdict(world, badge_of(world, "did:web:stranger.example")) == ("indeterminate", "key_unavailable")


def test_trap_15_a_forgery_asks_for_nothing_it_names(target: Target) -> None:
    """Not for its status lists, its schema, its images, its evidence, nor a refreshed edition of itself."""
    evil = "https://evil.example/"
    named = {
        "credentialStatus": [{"id": f"{evil}s#{n}", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
                              "statusListIndex": "1", "statusListCredential": f"{evil}s/{n}"} for n in range(400)],
        "credentialSchema": [{"id": f"{evil}schema", "type": "JsonSchema"}],
        "refreshService": {"id": f"{evil}refresh", "type": "1EdTechCredentialRefresh"},
        "evidence": [{"id": f"{evil}evidence", "type": ["Evidence"]}],
        "image": {"id": f"{evil}image", "type": "Image"},
    }  # fmt: skip
    token = careless_token(target.signer, {**target.signer.document(), **named})
    other = careless_token(target.signer, target.signer.document())
    assert_refused(target.world, f"{token.rpartition('.')[0]}.{other.rpartition('.')[2]}", "bad_signature")
    assert verdict(target.world, badge_of(target.world, target.signer.document()["issuer"]["id"], **named)) == (
        "invalid",
        "unknown_key",
    )


def test_trap_15_an_unsigned_badge_of_a_stranger_asks_for_no_keys(target: Target) -> None:
    document = target.signer.document()
    document["issuer"]["id"] = "did:web:stranger.example"
    assert_refused(target.world, json.dumps(document), "no_proof")
    assert_refused(target.world, json.dumps({**document, "@context": []}), "context_not_allowed")
