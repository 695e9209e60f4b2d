"""Keys as typed objects, checked at construction: Ed25519, P-256, P-384, and RSA for verification only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from credentials import jwk, multibase
from credentials.canonical import jcs, sha256
from credentials.curves import (
    ED25519_CODEC,
    ED25519_KEY_LENGTH,
    ED25519_SIGNATURE_LENGTH,
    NIST_CURVES,
    Algorithm,
    Curve,
    check_edwards_point,
    check_rsa_numbers,
    is_small_order,
)
from credentials.errors import KeyRefused, MalformedCredential, ProofInvalid

__all__ = ["ALGORITHMS", "Algorithm", "PrivateKey", "PublicKey", "Signer"]

ALGORITHMS: Final[tuple[Algorithm, ...]] = ("EdDSA", "ES256", "ES384", "RS256")

_Handle = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey
_CODECS: Final[Mapping[Algorithm, bytes]] = {
    "EdDSA": ED25519_CODEC,
    **{name: curve.codec for name, curve in NIST_CURVES.items()},
}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key bound to one algorithm; there is no other way to have one than to pass the checks here.

    `material`: 32 bytes for Ed25519 (RFC 8032), the compressed point for P-256 and P-384 (33 and 49 bytes),
    SubjectPublicKeyInfo in DER for RSA. Raises KeyRefused (`malformed_key`, `key_type_not_allowed`,
    `weak_key`, `small_order_key`, `private_key_published`).
    """

    algorithm: Algorithm
    material: bytes
    _handle: _Handle = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_handle", _load(self.algorithm, self.material))

    @classmethod
    def from_jwk(cls, key: Mapping[str, Any]) -> Self:
        """The key of a JWK (RFC 7517); one that carries its private part or is symmetric is refused."""
        return cls(*jwk.read(key))

    @classmethod
    def from_multibase(cls, text: str) -> Self:
        """The key of a Multikey's `publicKeyMultibase` (`z…`, at most 256 characters)."""
        try:
            data = multibase.decode(text, max_length=multibase.MAX_KEY_LENGTH)
        except MalformedCredential:
            raise KeyRefused("malformed_key", reason="not base58btc multibase") from None
        for algorithm, codec in _CODECS.items():
            if data.startswith(codec):
                return cls(algorithm, data[len(codec) :])
        raise KeyRefused("key_type_not_allowed", reason="unknown multicodec")

    @classmethod
    def from_did_key(cls, did: str) -> Self:
        """The key that a `did:key` is (CCG did:key)."""
        if not did.startswith("did:key:"):
            raise KeyRefused("malformed_key", reason="not a did:key")
        return cls.from_multibase(did.removeprefix("did:key:"))

    def jwk(self) -> dict[str, str]:
        """The key as a JWK with `alg` and `use`."""
        return jwk.write(self.algorithm, self._handle) | {"alg": self.algorithm, "use": "sig"}

    def multibase(self) -> str:
        """The key as `publicKeyMultibase`. Raises KeyRefused `key_type_not_allowed` for RSA."""
        if self.algorithm not in _CODECS:
            raise KeyRefused("key_type_not_allowed", reason="RSA has no multicodec here")
        return multibase.encode(_CODECS[self.algorithm] + self.material)

    def did_key(self) -> str:
        """The key as a `did:key`."""
        return f"did:key:{self.multibase()}"

    def thumbprint(self) -> str:
        """The JWK thumbprint with SHA-256, base64url without padding (RFC 7638)."""
        return _thumbprint(self)

    def verify(self, signature: bytes, data: bytes) -> None:
        """Check a signature: Ed25519 64 bytes, ECDSA raw r‖s, RSA PKCS #1 v1.5.

        Raises ProofInvalid `bad_signature`, or `small_order_r` for an Ed25519 signature that hides its nonce
        point.
        """
        if isinstance(self._handle, ed25519.Ed25519PublicKey):
            _verify_ed25519(self._handle, signature, data)
        elif isinstance(self._handle, ec.EllipticCurvePublicKey):
            _verify_ecdsa(self._handle, NIST_CURVES[self.algorithm], signature, data)
        else:
            _verify_rsa(self._handle, signature, data)


@lru_cache(maxsize=1024)
def _thumbprint(key: PublicKey) -> str:
    return multibase.base64url_encode(sha256(jcs(jwk.write(key.algorithm, key._handle))))


class Signer(Protocol):
    """Whoever can sign: a key in memory, a KMS, a PKCS #11 token."""

    @property
    def public_key(self) -> PublicKey:
        """The public key that the signatures verify under."""

    def sign(self, data: bytes) -> bytes:
        """The signature: Ed25519 64 bytes, ECDSA raw r‖s (64 or 96 bytes)."""


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKey:
    """A signing key in memory; its representation never shows the secret. RSA is not offered for signing."""

    public_key: PublicKey
    _handle: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey = field(compare=False)

    @classmethod
    def generate(cls, algorithm: Algorithm) -> Self:
        """A fresh key. Raises KeyRefused `key_type_not_allowed` for RS256."""
        if algorithm == "EdDSA":
            return cls._of(algorithm, ed25519.Ed25519PrivateKey.generate())
        return cls._of(algorithm, ec.generate_private_key(_signing_curve(algorithm).curve))

    @classmethod
    def from_bytes(cls, algorithm: Algorithm, raw: bytes) -> Self:
        """The key of an Ed25519 seed (32 bytes) or big-endian scalar (32, 48); else KeyRefused
        `malformed_key`.
        """
        try:
            if algorithm == "EdDSA":
                return cls._of(algorithm, ed25519.Ed25519PrivateKey.from_private_bytes(raw))
            curve = _signing_curve(algorithm)
            if len(raw) != curve.length:
                raise KeyRefused("malformed_key", reason="wrong length")
            return cls._of(algorithm, ec.derive_private_key(int.from_bytes(raw), curve.curve))
        except ValueError:
            raise KeyRefused("malformed_key", reason="not a private key") from None

    @classmethod
    def from_jwk(cls, key: Mapping[str, Any]) -> Self:
        """The key of a private JWK (RFC 7517), such as `creditbank client key` writes; RSA is not offered.

        Raises KeyRefused `malformed_key`, also where the private part does not belong to the public one.
        """
        public = PublicKey.from_jwk({name: value for name, value in key.items() if name not in ("d", "key_ops")})
        try:
            secret = multibase.base64url_decode(str(key.get("d", "")))
        except MalformedCredential:
            raise KeyRefused("malformed_key", reason="its private part cannot be read") from None
        found = cls.from_bytes(public.algorithm, secret)
        if found.public_key != public:
            raise KeyRefused("malformed_key", reason="its parts do not belong together")
        return found

    @classmethod
    def _of(cls, algorithm: Algorithm, handle: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> Self:
        return cls(PublicKey(algorithm, _material(handle.public_key())), handle)

    def to_bytes(self) -> bytes:
        """The inverse of `from_bytes`: for the custodian who encrypts it, and nobody else."""
        if isinstance(self._handle, ed25519.Ed25519PrivateKey):
            return self._handle.private_bytes_raw()
        length = NIST_CURVES[self.public_key.algorithm].length
        return self._handle.private_numbers().private_value.to_bytes(length)

    def sign(self, data: bytes) -> bytes:
        """Sign the data; ECDSA nonces are derived from key and data (RFC 6979)."""
        if isinstance(self._handle, ed25519.Ed25519PrivateKey):
            return self._handle.sign(data)
        curve = NIST_CURVES[self.public_key.algorithm]
        der = self._handle.sign(data, ec.ECDSA(curve.digest, deterministic_signing=True))
        return b"".join(number.to_bytes(curve.length) for number in decode_dss_signature(der))

    def __repr__(self) -> str:
        return f"PrivateKey({self.public_key.algorithm})"


@lru_cache(maxsize=4096)
def _load(algorithm: Algorithm, material: bytes) -> _Handle:
    """Key material as a checked key object; kept, because the checks cost modular exponentiations."""
    try:
        if algorithm == "EdDSA":
            check_edwards_point(material)
            return ed25519.Ed25519PublicKey.from_public_bytes(material)
        if algorithm in NIST_CURVES:
            return _load_point(NIST_CURVES[algorithm], material)
        if algorithm == "RS256":
            return _load_rsa(material)
    except ValueError:
        raise KeyRefused("malformed_key", reason="not a public key") from None
    raise KeyRefused("key_type_not_allowed", reason="unknown algorithm")


def _load_point(curve: Curve, material: bytes) -> ec.EllipticCurvePublicKey:
    if len(material) != curve.length + 1 or material[0] not in (2, 3):
        raise KeyRefused("malformed_key", reason="not a compressed point of this curve")
    return ec.EllipticCurvePublicKey.from_encoded_point(curve.curve, material)


def _load_rsa(material: bytes) -> rsa.RSAPublicKey:
    handle = serialization.load_der_public_key(material)
    if not isinstance(handle, rsa.RSAPublicKey):
        raise KeyRefused("key_type_not_allowed", reason="not RSA")
    numbers = handle.public_numbers()
    check_rsa_numbers(numbers.n, numbers.e)
    return handle


def _material(handle: _Handle) -> bytes:
    if isinstance(handle, ed25519.Ed25519PublicKey):
        return handle.public_bytes_raw()
    if isinstance(handle, ec.EllipticCurvePublicKey):
        return handle.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
    return handle.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _signing_curve(algorithm: Algorithm) -> Curve:
    if algorithm not in NIST_CURVES:
        raise KeyRefused("key_type_not_allowed", reason="not an algorithm to sign with")
    return NIST_CURVES[algorithm]


def _verify_ed25519(handle: ed25519.Ed25519PublicKey, signature: bytes, data: bytes) -> None:
    if len(signature) != ED25519_SIGNATURE_LENGTH:
        raise ProofInvalid("bad_signature")
    if is_small_order(signature[:ED25519_KEY_LENGTH]):
        raise ProofInvalid("small_order_r")
    try:
        handle.verify(signature, data)
    except InvalidSignature:
        raise ProofInvalid("bad_signature") from None


def _verify_ecdsa(handle: ec.EllipticCurvePublicKey, curve: Curve, signature: bytes, data: bytes) -> None:
    r, s = (int.from_bytes(half) for half in (signature[: curve.length], signature[curve.length :]))
    if len(signature) != 2 * curve.length or not (0 < r < curve.order and 0 < s < curve.order):
        raise ProofInvalid("bad_signature")
    try:
        handle.verify(encode_dss_signature(r, s), data, ec.ECDSA(curve.digest))
    except InvalidSignature:
        raise ProofInvalid("bad_signature") from None


def _verify_rsa(handle: rsa.RSAPublicKey, signature: bytes, data: bytes) -> None:
    try:
        handle.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise ProofInvalid("bad_signature") from None
