"""What is asked outside for a verification: as little as will do, of nobody for what is refused, never without end."""

import json
import zlib
from datetime import timedelta
from typing import Any

import pytest

from credentials import data_integrity
from credentials.contexts import OPEN_BADGES_EXTENSIONS
from credentials.jws import sign_compact
from credentials.keys import PrivateKey
from credentials.multibase import base64url_encode
from credentials.status_entry import StatusEntry
from credentials.vc_jwt import to_vc_jwt
from creditbank.material import MAX_QUESTIONS
from creditbank.wanted import MAX_LISTS
from tests.bank_world import ANNA, World
from tests.creditbank.foreign_school import ForeignSchool
from tests.security.foreign_network import ForeignNetwork, page


def did_document(school: ForeignSchool, *names: str, key: PrivateKey | None = None) -> None:
    """The school's DID document with its key (or another) under these names."""
    multibase = (key or school.key).public_key.multibase()
    methods = [
        {"id": f"{school.did}#{name}", "type": "Multikey", "controller": school.did, "publicKeyMultibase": multibase}
        for name in names
    ]
    document = {"id": school.did, "verificationMethod": methods, "assertionMethod": [m["id"] for m in methods]}
    school.serve("/.well-known/did.json", document, "application/did+json")


def answer(world: World, token: str) -> tuple[str, str | None]:
    found = world.bank.verify(token.encode()).verification
    return found.verdict, found.code


def test_a_registered_key_may_be_called_otherwise_in_the_issuers_own_document(
    world: World, network: ForeignNetwork
) -> None:
    school = ForeignSchool(world, network).register()
    token = to_vc_jwt(school.badge(), school.key, key_id=f"{school.did}#key-1")
    assert answer(world, token) == ("indeterminate", "key_unavailable")
    did_document(school, "key-1")
    assert answer(world, token) == ("valid", None)


def test_a_key_that_is_not_registered_is_none_however_it_is_published(world: World, network: ForeignNetwork) -> None:
    """Whoever takes over the school's host publishes a key of his own; the registry does not know it."""
    school = ForeignSchool(world, network).register()
    intruder = PrivateKey.generate("EdDSA")
    did_document(school, "key-1", key=intruder)
    token = to_vc_jwt(school.badge(), intruder, key_id=f"{school.did}#key-1")
    assert answer(world, token) == ("invalid", "unknown_key")


def test_a_compromise_follows_the_key_under_every_name(world: World, network: ForeignNetwork) -> None:
    school = ForeignSchool(world, network).register()
    did_document(school, "key-1")
    token = to_vc_jwt(school.badge(), school.key, key_id=f"{school.did}#key-1")
    world.administration.compromise_key(ANNA, school.issuer_id, school.key_id, world.now - timedelta(days=2))
    assert answer(world, token) == ("invalid", "key_compromised")


def test_an_issuer_that_is_an_https_address(world: World, network: ForeignNetwork) -> None:
    """Its `kid` is an address of its own host, which serves the key; another host's is nobody's."""
    school = ForeignSchool(world, network)
    url = f"https://{school.host}/issuer"
    made = school.badge()
    document = {**made, "issuer": {**made["issuer"], "id": url}}
    kid = f"https://{school.host}/keys/1"
    network.pages["/keys/1"] = page(json.dumps(school.key.public_key.jwk()).encode(), media_type="application/jwk+json")
    token = to_vc_jwt(document, school.key, key_id=kid)
    assert answer(world, token) == ("indeterminate", "untrusted_issuer")
    elsewhere = to_vc_jwt(document, school.key, key_id="https://evil.example/keys/1")
    network.dialled.clear()
    assert answer(world, elsewhere) == ("invalid", "controller_mismatch")
    assert network.dialled == []


def test_no_credential_is_an_amplifier(world: World, network: ForeignNetwork) -> None:
    school = ForeignSchool(world, network).register()
    entries = [school.entry(f"l{number}", number) for number in range(40)]
    token = to_vc_jwt(school.badge(*entries), school.key, key_id=school.key_id)
    assert answer(world, token) == ("indeterminate", "status_unavailable")
    assert len(network.dialled) == MAX_LISTS <= MAX_QUESTIONS


def endorsed(school: ForeignSchool, endorser: ForeignSchool, key: PrivateKey | None = None) -> dict[str, Any]:
    """A badge with an endorsement of the school by another, signed in Data Integrity."""
    made = school.badge()
    endorsement = {
        "@context": made["@context"], "id": f"https://{endorser.host}/endorsements/1",
        "type": ["VerifiableCredential", "EndorsementCredential"], "issuer": endorser.did,
        "validFrom": made["validFrom"], "name": "Endorsement",
        "credentialSubject": {"id": made["id"], "type": ["EndorsementSubject"], "endorsementComment": "Good."},
    }  # fmt: skip
    signed = data_integrity.sign(
        endorsement, key or endorser.key, cryptosuite="eddsa-jcs-2022", verification_method=f"{endorser.did}#key-1",
        created=school.world.now,
    )  # fmt: skip
    return {**made, "endorsement": [signed]}


def test_an_endorsers_key_is_asked_for_and_never_matters_to_the_verdict(world: World, network: ForeignNetwork) -> None:
    school = ForeignSchool(world, network).register()
    endorser = ForeignSchool(world, network, host="endorser.example", issuer_id="endorser")
    token = to_vc_jwt(endorsed(school, endorser), school.key, key_id=school.key_id)
    assert answer(world, token) == ("valid", None)
    assert [part.verification.verdict for part in world.bank.examine(token.encode())[2].parts] == ["indeterminate"]
    did_document(endorser, "key-1")
    assert [part.verification.verdict for part in world.bank.examine(token.encode())[2].parts] == ["valid"]
    forged = to_vc_jwt(endorsed(school, endorser, PrivateKey.generate("EdDSA")), school.key, key_id=school.key_id)
    assert answer(world, forged) == ("valid", None)
    assert [part.verification.verdict for part in world.bank.examine(forged.encode())[2].parts] == ["invalid"]


def test_nothing_is_asked_for_what_is_refused_anyway(world: World, network: ForeignNetwork) -> None:
    school = ForeignSchool(world, network).register()
    school.publish("r")
    badge = school.badge(school.entry("r", 1))
    for document, key in (
        (badge, PrivateKey.generate("EdDSA")),
        ({**badge, "validFrom": (world.now + timedelta(days=9)).isoformat()}, school.key),
        ({**badge, "credentialSchema": {"id": "http://169.254.169.254/x", "type": "JsonSchema"}}, school.key),
    ):
        token = sign_compact(document, key, {"typ": "JWT", "kid": school.key_id})
        assert answer(world, token)[0] != "valid"
    assert network.asked in ([], ["school.example"]), "the schema's host is never asked (P37)"


def test_a_1edtech_list_elsewhere_than_at_the_issuers_is_not_asked(world: World, network: ForeignNetwork) -> None:
    """T02: unsigned, it would say whatever its host likes."""
    school = ForeignSchool(world, network).register()
    made = school.badge()
    document = {**made, "credentialStatus": {"id": "https://evil.example/revoked", "type": "1EdTechRevocationList"}}
    contexts = [*made["@context"], OPEN_BADGES_EXTENSIONS]
    token = to_vc_jwt({**document, "@context": contexts}, school.key, key_id=school.key_id)
    assert answer(world, token)[0] == "indeterminate"
    assert network.dialled == []


def test_what_is_the_banks_own_is_never_asked_outside(world: World, network: ForeignNetwork) -> None:
    bank = world.bank.public_url
    entry = StatusEntry("revocation", f"{bank}/status/no-such-list", 1)
    school = ForeignSchool(world, network).register()
    token = to_vc_jwt(school.badge(entry), school.key, key_id=school.key_id)
    assert answer(world, token) == ("indeterminate", "status_unavailable")
    stranger = ForeignSchool(world, network, host="bank.example")
    assert (
        answer(world, to_vc_jwt(stranger.badge(), stranger.key, key_id=f"{stranger.did}:issuers:x#k"))[0] == "invalid"
    )
    assert network.dialled == []


@pytest.mark.parametrize(("index", "expected"), [(0, ("valid", None)), (8, ("invalid", "revoked"))])
def test_a_wallets_credential_is_looked_up_in_its_token_status_list(
    world: World, network: ForeignNetwork, index: int, expected: tuple[str, str | None]
) -> None:
    school = ForeignSchool(world, network).register()
    uri = f"https://{school.host}/statuslists/1"
    listed = {"bits": 1, "lst": base64url_encode(zlib.compress(bytes([0, 1])))}
    said = {"sub": uri, "iat": int(world.now.timestamp()), "ttl": 3600, "status_list": listed}
    token = sign_compact(said, school.key, {"typ": "statuslist+jwt", "kid": school.key_id})
    network.pages["/statuslists/1"] = page(token.encode(), media_type="application/statuslist+jwt")
    claims = {**school.badge(), "status": {"status_list": {"idx": index, "uri": uri}}}
    given = sign_compact(claims, school.key, {"typ": "vc+jwt", "kid": school.key_id})
    assert answer(world, given) == expected
