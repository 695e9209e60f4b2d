"""Whose key signed an Open Badges 2.0 assertion: one that the issuer's own profile names, and no other."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credentials.errors import CredentialError
from credentials.keys import PrivateKey
from credentials.multibase import base64url_encode
from credentials.open_badges_2_issue import cryptographic_key
from credentials.open_badges_2_keys import key_of_pem, pem_of_key
from credentials.read import read
from credentials.verify import IssuerKey
from tests.credential_samples import DAY, NOW
from tests.credentials.old_badges import BADGE_AT, COLLEGE, KEY, SITE, Web

STRANGER = PrivateKey.from_bytes("ES256", bytes(range(2, 34)))


@pytest.fixture
def web() -> Web:
    return Web()


def forged(web: Web, **key: Any) -> bytes:
    """A badge in the college's name, signed by a stranger whose key document says what is given."""
    place = "https://evil.example/key.json"
    own = cryptographic_key(COLLEGE, STRANGER.public_key)
    web.documents[place] = {**own, "id": place, **key}
    return web.token(STRANGER, verification={"type": "SignedBadge", "creator": place})


def test_a_strangers_key_is_not_the_issuers_whatever_it_says_of_itself(web: Web) -> None:
    del web.documents[COLLEGE.revocation_list]
    for data in (forged(web), forged(web, owner="https://evil.example/"), web.token(STRANGER)):
        answer = web.check(data)
        assert answer.verdict == "invalid"
        assert answer.code in ("key_issuer_mismatch", "bad_signature")
        assert answer.claims is None
    assert web.check(forged(web)).code == "key_issuer_mismatch"


def test_an_embedded_profile_proves_nothing(web: Web) -> None:
    place = "https://evil.example/key.json"
    issuer = {**web.documents[COLLEGE.id], "publicKey": place}
    data = forged(web)
    token = read(data).document
    badge = {**web.documents[BADGE_AT], "issuer": issuer}
    answer = web.check(web.token(STRANGER, badge=badge, verification=token["verification"]))
    assert (answer.verdict, answer.code) == ("invalid", "key_issuer_mismatch")


def test_a_key_must_be_owned_by_the_issuer(web: Web) -> None:
    web.documents[COLLEGE.key_address]["owner"] = "https://other.example/issuer.json"
    assert web.check(web.token()).code == "key_issuer_mismatch"


def test_a_key_may_stand_in_the_profile_itself(web: Web) -> None:
    web.documents[COLLEGE.id]["publicKey"] = [web.documents.pop(COLLEGE.key_address)]
    assert web.check(web.token()).verdict == "valid"
    without_creator = web.token(verification={"type": "SignedBadge"})
    assert web.check(without_creator).verdict == "valid"


def test_a_registered_key_is_not_saved_from_its_compromise_by_the_profile(web: Web) -> None:
    record = IssuerKey(f"{SITE}/renamed", COLLEGE.id, KEY.public_key, NOW - 9 * DAY, compromised_from=NOW - 2 * DAY)
    answer = web.check(web.token(), keys={record.verification_method: record})
    assert (answer.verdict, answer.code) == ("invalid", "key_compromised")


def test_rs256_is_verified_and_a_weak_key_is_not(web: Web) -> None:
    for size, code in ((2048, None), (1024, "weak_key")):
        key = rsa.generate_private_key(public_exponent=65537, key_size=size)
        pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        web.documents[COLLEGE.key_address]["publicKeyPem"] = pem
        assert web.check(rs256(web.signed, key)).code == code


def rs256(document: Any, key: rsa.RSAPrivateKey) -> bytes:
    parts = [base64url_encode(json.dumps(part).encode()) for part in ({"alg": "RS256"}, document)]
    signature = key.sign(".".join(parts).encode(), padding.PKCS1v15(), hashes.SHA256())
    return ".".join([*parts, base64url_encode(signature)]).encode()


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "ES384"])
def test_keys_travel_as_pem_text(algorithm: Any) -> None:
    key = PrivateKey.generate(algorithm).public_key
    assert key_of_pem(pem_of_key(key)) == key


@pytest.mark.parametrize("text", ["", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "x" * 20_000, "é"])
def test_text_that_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(CredentialError) as refused:
        key_of_pem(text)
    assert refused.value.code == "malformed_key"
