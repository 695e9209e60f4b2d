"""Keys are typed objects, checked once (SECURITY S04, S05, S07, S08, S10, S11, S13, P23, P22)."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from credentials import multibase
from credentials.curves import SMALL_ORDER_Y
from credentials.errors import CredentialError, KeyRefused, LimitExceeded, ProofInvalid
from credentials.keys import Algorithm, PrivateKey, PublicKey

L = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SIGNING: tuple[Algorithm, ...] = ("EdDSA", "ES256", "ES384")


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def okp(**changes: Any) -> dict[str, Any]:
    return PrivateKey.from_bytes("EdDSA", bytes(range(32))).public_key.jwk() | changes


def elliptic(**changes: Any) -> dict[str, Any]:
    return PrivateKey.from_bytes("ES256", bytes(range(1, 33))).public_key.jwk() | changes


def rsa_jwk(n: int, e: int = 65537) -> dict[str, Any]:
    return {
        "kty": "RSA",
        "n": b64(n.to_bytes((n.bit_length() + 7) // 8)),
        "e": b64(e.to_bytes((e.bit_length() + 7) // 8)),
    }


REFUSED_JWKS: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "S04 symmetric": (lambda: {"kty": "oct", "k": b64(b"secret")}, "key_type_not_allowed"),
    "S05 with its private part": (lambda: okp(d=b64(bytes(32))), "private_key_published"),
    "S05 RSA with a prime": (lambda: rsa_jwk(2**2048 + 1) | {"p": "AQ"}, "private_key_published"),
    "S07 RSA of 1024 bits": (lambda: rsa_jwk(2**1023 + 1), "weak_key"),
    "S07 RSA of 16384 bits": (lambda: rsa_jwk(2**16383 + 1), "weak_key"),
    "S07 RSA with exponent 3": (lambda: rsa_jwk(2**2047 + 1, 3), "weak_key"),
    "S07 RSA with an even modulus": (lambda: rsa_jwk(2**2048), "weak_key"),
    "S08 the identity point": (lambda: okp(x=b64(b"\x01" + bytes(31))), "small_order_key"),
    "an x that is not on the curve": (lambda: okp(x=b64(b"\x02" + bytes(31))), "malformed_key"),
    "an x too short": (lambda: okp(x=b64(bytes(31))), "malformed_key"),
    "an x with padding": (lambda: okp(x=okp()["x"] + "="), "malformed_key"),
    "an x that is a number": (lambda: okp(x=5), "malformed_key"),
    "no x": (lambda: {"kty": "OKP", "crv": "Ed25519"}, "malformed_key"),
    "P23 X25519": (lambda: okp(crv="X25519"), "key_type_not_allowed"),
    "P23 secp256k1": (lambda: elliptic(crv="secp256k1"), "key_type_not_allowed"),
    "P23 P-521": (lambda: elliptic(crv="P-521"), "key_type_not_allowed"),
    "a point off P-256": (lambda: elliptic(x=b64(bytes(31) + b"\x05")), "malformed_key"),
    "a coordinate with a zero in front": (lambda: elliptic(x=b64(b"\0" + bytes(32))), "malformed_key"),
    "an encryption key": (lambda: okp(use="enc"), "key_type_not_allowed"),
    "a key that must not verify": (lambda: okp(key_ops=["encrypt"]), "key_type_not_allowed"),
    "alg of another key": (lambda: elliptic(alg="ES384"), "key_type_not_allowed"),
    "RSA for PSS": (lambda: rsa_jwk(2**2047 + 1) | {"alg": "PS256"}, "key_type_not_allowed"),
    "no kty": (dict, "key_type_not_allowed"),
    "a kty that is a list": (lambda: {"kty": ["OKP"]}, "key_type_not_allowed"),
}


@pytest.mark.parametrize(("make", "code"), REFUSED_JWKS.values(), ids=REFUSED_JWKS.keys())
def test_refuses_jwk(make: Callable[[], dict[str, Any]], code: str) -> None:
    with pytest.raises(KeyRefused) as refusal:
        PublicKey.from_jwk(make())
    assert refusal.value.code == code


def ed25519_multikey(data: bytes) -> str:
    return multibase.encode(b"\xed\x01" + data)


GOOD = PrivateKey.from_bytes("EdDSA", bytes(range(32))).public_key
REFUSED_MULTIKEYS = {
    "P23 X25519": (multibase.encode(b"\xec\x01" + bytes(range(32))), "key_type_not_allowed"),
    "P23 secp256k1": (multibase.encode(b"\xe7\x01\x02" + bytes(range(32))), "key_type_not_allowed"),
    "P23 P-521": (multibase.encode(b"\x82\x24\x02" + bytes(66)), "key_type_not_allowed"),
    "P23 RSA": (multibase.encode(b"\x85\x24" + bytes(100)), "key_type_not_allowed"),
    "P23 too short": (ed25519_multikey(GOOD.material[:31]), "malformed_key"),
    "P23 trailing byte": (ed25519_multikey(GOOD.material + b"\0"), "malformed_key"),
    "P23 P-256 uncompressed": (multibase.encode(b"\x80\x24\x04" + bytes(64)), "malformed_key"),
    "P23 P-256 off the curve": (multibase.encode(b"\x80\x24\x02" + bytes(31) + b"\x02"), "malformed_key"),
    "S08 identity": (ed25519_multikey(b"\x01" + bytes(31)), "small_order_key"),
    "S08 identity, sign bit set": (ed25519_multikey(b"\x01" + bytes(30) + b"\x80"), "small_order_key"),
    "S08 identity, not reduced": (ed25519_multikey((P + 1).to_bytes(32, "little")), "small_order_key"),
    "S08 order 4": (ed25519_multikey(bytes(32)), "small_order_key"),
    "a y that is not reduced": (ed25519_multikey((P + 3).to_bytes(32, "little")), "malformed_key"),
    "not base58": ("z0OIl", "malformed_key"),
    "base64url": ("u7QE", "malformed_key"),
    "nothing": ("", "malformed_key"),
    "a line feed": (GOOD.multibase() + "\n", "malformed_key"),
}


@pytest.mark.parametrize(("text", "code"), REFUSED_MULTIKEYS.values(), ids=REFUSED_MULTIKEYS.keys())
def test_refuses_multikey_and_did_key(text: str, code: str) -> None:
    for read in (PublicKey.from_multibase, lambda text: PublicKey.from_did_key(f"did:key:{text}")):
        with pytest.raises(KeyRefused) as refusal:
            read(text)
        assert refusal.value.code == code


def test_p22_a_long_did_key_is_refused_by_length() -> None:
    with pytest.raises(LimitExceeded) as refusal:
        PublicKey.from_did_key("did:key:z" + "6" * 50_000)
    assert refusal.value.code == "too_long"


def small_order_encodings() -> list[bytes]:
    """Each of the eight points, in every encoding that decodes to it."""
    numbers = [y + multiple for y in SMALL_ORDER_Y for multiple in (0, P) if y + multiple < 2**255]
    return [(number | sign << 255).to_bytes(32, "little") for number in numbers for sign in (0, 1)]


def test_every_point_of_small_order_is_refused() -> None:
    assert len(small_order_encodings()) == 14
    for encoded in small_order_encodings():
        with pytest.raises(KeyRefused) as refusal:
            PublicKey("EdDSA", encoded)
        assert refusal.value.code == "small_order_key"


@pytest.mark.parametrize("algorithm", SIGNING)
def test_a_key_is_the_same_in_every_spelling(algorithm: Algorithm) -> None:
    private = PrivateKey.generate(algorithm)
    public = private.public_key
    assert PublicKey.from_jwk(public.jwk()) == public
    assert PublicKey.from_multibase(public.multibase()) == public
    assert PublicKey.from_did_key(public.did_key()) == public
    assert PrivateKey.from_bytes(algorithm, private.to_bytes()).public_key == public


@pytest.mark.parametrize("algorithm", SIGNING)
def test_signs_and_verifies(algorithm: Algorithm) -> None:
    private = PrivateKey.generate(algorithm)
    signature = private.sign(b"four credits")
    private.public_key.verify(signature, b"four credits")
    assert signature == private.sign(b"four credits")  # no nonce to leak
    for wrong in (signature[:-1], signature + b"\0", b"", bytes(len(signature)), signature[::-1]):
        with pytest.raises(ProofInvalid):
            private.public_key.verify(wrong, b"four credits")
    with pytest.raises(ProofInvalid):
        private.public_key.verify(signature, b"five credits")


def test_s10_a_signature_with_s_beyond_the_order_is_refused() -> None:
    private = PrivateKey.from_bytes("EdDSA", bytes(range(32)))
    signature = private.sign(b"payload")
    shifted = int.from_bytes(signature[32:], "little") + L
    with pytest.raises(ProofInvalid) as refusal:
        private.public_key.verify(signature[:32] + shifted.to_bytes(32, "little"), b"payload")
    assert refusal.value.code == "bad_signature"


def test_s11_a_signature_whose_nonce_point_is_of_small_order_is_refused() -> None:
    for y in (1, 0, P - 1):
        with pytest.raises(ProofInvalid) as refusal:
            GOOD.verify(y.to_bytes(32, "little") + bytes(32), b"payload")
        assert refusal.value.code == "small_order_r"


def test_s13_ecdsa_signatures_have_one_form() -> None:
    private = PrivateKey.from_bytes("ES256", bytes(range(1, 33)))
    good = private.sign(b"payload")
    r, s = (int.from_bytes(half) for half in (good[:32], good[32:]))
    der = encode_dss_signature(r, s)
    assert decode_dss_signature(der) == (r, s)
    zeros, order = bytes(64), N.to_bytes(32) * 2
    for bad in (
        der,
        der + b"\0",
        zeros,
        order,
        good + b"\0",
        b"\0" + good,
        ((r + N) % 2**256).to_bytes(32) + good[32:],
    ):
        with pytest.raises(ProofInvalid) as refusal:
            private.public_key.verify(bad, b"payload")
        assert refusal.value.code == "bad_signature"


def test_rsa_verifies_and_has_no_multikey() -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    private = rsa.generate_private_key(65537, 2048)
    numbers = private.public_key().public_numbers()
    public = PublicKey.from_jwk(rsa_jwk(numbers.n, numbers.e))
    public.verify(private.sign(b"x", padding.PKCS1v15(), hashes.SHA256()), b"x")
    assert PublicKey.from_jwk(public.jwk()) == public
    with pytest.raises(ProofInvalid):
        public.verify(private.sign(b"x", padding.PKCS1v15(), hashes.SHA1()), b"x")
    with pytest.raises(KeyRefused):
        public.multibase()
    with pytest.raises(KeyRefused):
        PrivateKey.generate("RS256")


def test_thumbprint_of_rfc_8037() -> None:
    """RFC 8037, appendix A.3."""
    key = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert PublicKey.from_jwk(key).thumbprint() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_private_key_does_not_show_itself() -> None:
    private = PrivateKey.from_bytes("EdDSA", bytes(range(32)))
    assert repr(private) == "PrivateKey(EdDSA)"


@pytest.mark.parametrize(
    ("algorithm", "raw"), [("EdDSA", b"x"), ("ES256", bytes(32)), ("ES256", N.to_bytes(32)), ("ES384", bytes(32))]
)
def test_refuses_what_is_no_private_key(algorithm: Algorithm, raw: bytes) -> None:
    with pytest.raises(CredentialError) as refusal:
        PrivateKey.from_bytes(algorithm, raw)
    assert refusal.value.code == "malformed_key"


def test_a_key_of_one_algorithm_is_not_material_for_another() -> None:
    point = ec.derive_private_key(5, ec.SECP256R1()).public_key()
    spki = PublicKey.from_jwk(rsa_jwk(2**2047 + 1)).material
    numbers = point.public_numbers()
    compressed = bytes([2 + numbers.y % 2]) + numbers.x.to_bytes(32)
    for algorithm, material in (("EdDSA", compressed), ("ES384", compressed), ("RS256", compressed), ("ES256", spki)):
        with pytest.raises(KeyRefused):
            PublicKey(algorithm, material)  # type: ignore[arg-type]


@pytest.mark.parametrize("algorithm", SIGNING)
def test_a_private_jwk_is_read_back(algorithm: Algorithm) -> None:
    key = PrivateKey.generate(algorithm)
    written = key.public_key.jwk() | {"d": b64(key.to_bytes()), "alg": algorithm, "use": "sig", "key_ops": ["sign"]}
    assert PrivateKey.from_jwk(written) == key
    assert PrivateKey.from_jwk(written).to_bytes() == key.to_bytes()


@pytest.mark.parametrize(
    "key",
    [
        okp(),
        okp(d=b64(bytes(32))),
        okp(d=b64(bytes(31))),
        okp(d="not base64url!"),
        elliptic(d=b64(bytes(range(32)))),
        rsa_jwk(2**2047 + 1) | {"d": "AQ"},
    ],
)
def test_a_private_jwk_that_is_no_good_is_refused(key: dict[str, Any]) -> None:
    with pytest.raises(KeyRefused):
        PrivateKey.from_jwk(key)
