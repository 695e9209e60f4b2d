"""Trap 4: key confusion. A key has one type and one algorithm, checked once, where it is registered."""

import hmac
import json
from datetime import timedelta
from typing import Any

import pytest

from credentials.errors import CredentialError
from credentials.keys import PrivateKey, PublicKey
from creditbank.errors import Conflict, NotFound
from creditbank.store import rows
from tests.bank_world import ANNA, World
from tests.security.attacks import assert_refused, careless_token, differences, everything, own_signer, verdict
from tests.security.conftest import Target
from tests.security.forgeries import SMALL_ORDER, b64, modulus, rsa_jwk, token_with

SECRETS = {
    "4 the key's 32 bytes": lambda key: key.material,
    "4 its multibase": lambda key: key.multibase().encode(),
    "4 its JWK": lambda key: json.dumps(key.jwk()).encode(),
    "4 its base64url": lambda key: b64(key.material).encode(),
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_trap_4_a_public_key_is_never_an_hmac_secret(target: Target, algorithm: str, secret: Any) -> None:
    signer = target.signer
    digest = f"sha{algorithm[2:]}"
    header = {"alg": algorithm, "typ": "JWT", "kid": signer.key_id}
    mac = lambda data: hmac.digest(secret(signer.key.public_key), data, digest)  # noqa: E731
    assert_refused(target.world, token_with(header, signer.document(), mac), "alg_not_allowed")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", None, [], "PS256", "ES512", "EdDSA ", "RSA"])
def test_trap_4_no_algorithm_but_the_four(target: Target, algorithm: object) -> None:
    header = {"alg": algorithm, "typ": "JWT", "kid": target.signer.key_id}
    token = token_with(header, target.signer.document(), target.signer.key.sign)
    assert_refused(target.world, token, "alg_not_allowed")


def test_trap_4_a_key_verifies_by_its_own_algorithm_only(target: Target) -> None:
    header = {"alg": "ES256", "typ": "JWT", "kid": target.signer.key_id}
    token = token_with(header, target.signer.document(), target.signer.key.sign)
    assert_refused(target.world, token, "alg_key_mismatch")


def test_trap_4_a_key_from_the_header_is_not_believed(target: Target) -> None:
    stranger = PrivateKey.generate("EdDSA")
    document = target.signer.document()
    for header, code in (
        ({"jwk": stranger.public_key.jwk()}, "untrusted_key_hint"),
        ({"kid": stranger.public_key.did_key()}, "controller_mismatch"),
        ({"kid": target.nist_signer.key_id}, "controller_mismatch"),
        ({"kid": f"{target.signer.key_id}x"}, "unknown_key"),
    ):
        full = {"alg": "EdDSA", "typ": "JWT", **header}
        assert_refused(target.world, token_with(full, document, stranger.sign), code)
    for member, value in (("jku", "https://evil.example/jwks"), ("x5u", "https://evil.example/x"), ("x5c", ["MII"])):
        full = {"alg": "EdDSA", "typ": "JWT", "kid": target.signer.key_id, member: value}
        assert_refused(target.world, token_with(full, document, stranger.sign), "untrusted_key_hint")


def test_trap_4_one_institution_does_not_sign_for_another(target: Target) -> None:
    """The attacker is accredited and its signature genuine; only the issuer it names is not itself."""
    document = target.signer.document()
    token = careless_token(target.nist_signer, document)
    assert_refused(target.world, token, "controller_mismatch", target.nist_signer.caller)


PRIVATE = {"kty": "OKP", "crv": "Ed25519", "x": b64(PrivateKey.from_bytes("EdDSA", b"7" * 32).public_key.material)}
BAD_KEYS: dict[str, tuple[dict[str, Any], str]] = {
    **{f"4 small order {p[:4]}": ({"kty": "OKP", "crv": "Ed25519", "x": b64(bytes.fromhex(p))}, "small_order_key")
       for p in SMALL_ORDER},
    "4 symmetric": ({"kty": "oct", "k": b64(b"s" * 32)}, "key_type_not_allowed"),
    "4 with its private part": ({**PRIVATE, "d": b64(b"7" * 32)}, "private_key_published"),
    "4 for agreement": ({"kty": "OKP", "crv": "X25519", "x": b64(b"9" * 32)}, "key_type_not_allowed"),
    "4 Bitcoin's curve": ({"kty": "EC", "crv": "secp256k1", "x": b64(b"1" * 32), "y": b64(b"1" * 32)},
                          "key_type_not_allowed"),
    "4 a point off the curve": ({"kty": "EC", "crv": "P-256", "x": b64(b"1" * 32), "y": b64(b"1" * 32)},
                                "malformed_key"),
    "4 RSA of 1024 bits": (rsa_jwk(modulus(1024)), "weak_key"),
    "4 RSA with exponent 3": (rsa_jwk(modulus(2048, 3), 3), "weak_key"),
    "4 RSA with an even modulus": (rsa_jwk(2**2048), "weak_key"),
    "4 RSA of 16384 bits": (rsa_jwk(2**16384 - 1), "weak_key"),
}  # fmt: skip


@pytest.mark.parametrize(("jwk", "code"), BAD_KEYS.values(), ids=BAD_KEYS.keys())
def test_trap_4_such_a_key_is_registered_for_nobody(target: Target, jwk: dict[str, Any], code: str) -> None:
    """`register_key` takes a key as a typed object, and there is none of such a key; a client's arrives as a JWK."""
    world = target.world
    client = rows.Client(client_id="evil", role="issuer", scopes=[], issuer_id="seoul", public_jwk=jwk)
    before = everything(world)
    for attempt in (
        lambda: world.administration.register_key(ANNA, "seoul", PublicKey.from_jwk(jwk), world.now),
        lambda: world.administration.register_client(ANNA, client),
    ):
        with pytest.raises(CredentialError) as refusal:
            attempt()
        assert refusal.value.code == code
    assert everything(world) == before


@pytest.mark.parametrize("point", SMALL_ORDER, ids=[f"4 {point[:4]}" for point in SMALL_ORDER])
def test_trap_4_one_constant_signature_verifies_nothing(target: Target, point: str) -> None:
    """R the identity and S zero would hold for every message under the identity as key: as did:key, and as raw key."""
    with pytest.raises(CredentialError) as refusal:
        PublicKey("EdDSA", bytes.fromhex(point))
    assert refusal.value.code == "small_order_key"
    constant = bytes.fromhex(SMALL_ORDER[0]) + bytes(32)
    header = {"alg": "EdDSA", "typ": "JWT", "kid": target.signer.key_id}
    token = token_with(header, target.signer.document(), lambda _: constant)
    assert_refused(target.world, token, "small_order_r")


def test_trap_4_whoever_registers_a_foreign_key_takes_nothing_with_it(world: World) -> None:
    """Public keys are public: an institution may register another's, and declare *its* registration compromised."""
    victim, attacker = own_signer(world, "seoul"), own_signer(world, "mallory")
    token = victim.sign(victim.document())
    outcome = world.bank.deposit(victim.post(token))
    office = world.administration
    stolen = office.register_key(attacker.caller, "mallory", victim.key.public_key, world.now - timedelta(days=400))
    with pytest.raises(NotFound, match="key_not_found"):
        office.compromise_key(attacker.caller, "mallory", victim.key_id, world.now - timedelta(days=300))
    _, taken = office.compromise_key(attacker.caller, "mallory", stolen.key_id, world.now - timedelta(days=300))
    assert taken == []
    assert world.bank.stored(outcome.deposit_id).state == "credited"
    assert verdict(world, token.encode()) == ("valid", None)


def test_trap_4_a_registered_foreign_key_signs_for_nobody_else(target: Target) -> None:
    """Neither does a badge in the victim's name verify under the attacker's registration of the victim's key."""
    document = target.signer.document()
    document["issuer"]["id"] = "did:web:bank.example:issuers:helsinki"
    assert_refused(target.world, careless_token(target.signer, document), "controller_mismatch")


def test_trap_4_a_compromise_between_looking_and_booking_is_not_overlooked(world: World) -> None:
    """Verified and queued, then the key is declared compromised, and only then does the counter get to it."""
    signer = own_signer(world, "seoul")
    item = world.bank.prepare(signer.post(signer.sign(signer.document())))
    fine = world.bank.prepare(world.issue(world.school("hanbit")))
    world.administration.compromise_key(signer.caller, "seoul", signer.key_id, world.now - timedelta(minutes=1))
    before = everything(world)
    refused, booked = world.bank.deposit_many([item, fine])
    assert isinstance(refused, Conflict)
    assert refused.code == "key_compromised_meanwhile"
    assert booked.state == "credited"  # type: ignore[union-attr]
    assert differences(before, everything(world))["deposit"] == 1
    again = world.bank.deposit(signer.post(signer.sign(signer.document())))
    assert (again.state, again.reason) == ("held", "signing_time_unproven")
    assert world.bank.audit().clean
