"""JSON Web Keys (RFC 7517, RFC 7518, RFC 8037): public keys only, in their one canonical spelling."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from credentials.curves import NIST_CURVES, Algorithm, check_rsa_numbers, names_algorithm
from credentials.errors import KeyRefused, MalformedCredential
from credentials.multibase import base64url_decode, base64url_encode

_PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth"})
_MAX_MEMBER_LENGTH: Final = 3072
_PublicHandle = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey


def read(key: Mapping[str, Any]) -> tuple[Algorithm, bytes]:
    """The algorithm and material (see `PublicKey`) of a public JWK.

    Raises KeyRefused: `key_type_not_allowed` (symmetric or unknown, not for signatures),
    `private_key_published`, `weak_key`, `malformed_key`.
    """
    key_type = key.get("kty")
    readers: Mapping[Any, Callable[[Mapping[str, Any]], tuple[Algorithm, bytes]]]
    readers = {"OKP": _read_okp, "EC": _read_ec, "RSA": _read_rsa}
    if not isinstance(key_type, str) or key_type not in readers:
        raise KeyRefused("key_type_not_allowed", reason="kty is not OKP, EC or RSA")
    if _PRIVATE_MEMBERS & key.keys():
        raise KeyRefused("private_key_published")
    algorithm, material = readers[key_type](key)
    _check_use(key, algorithm)
    return algorithm, material


def write(algorithm: Algorithm, handle: _PublicHandle) -> dict[str, str]:
    """The required members of the JWK, and no other: what a thumbprint is made of (RFC 7638)."""
    if isinstance(handle, ed25519.Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url_encode(handle.public_bytes_raw())}
    if isinstance(handle, ec.EllipticCurvePublicKey):
        curve, point = NIST_CURVES[algorithm], handle.public_numbers()
        x, y = (base64url_encode(number.to_bytes(curve.length)) for number in (point.x, point.y))
        return {"kty": "EC", "crv": curve.name, "x": x, "y": y}
    numbers = handle.public_numbers()
    return {"kty": "RSA", "n": _unsigned(numbers.n), "e": _unsigned(numbers.e)}


def _check_use(key: Mapping[str, Any], algorithm: Algorithm) -> None:
    """What a key says it is for must fit: a signature, by its one algorithm (RFC 7517, 4.2 to 4.4)."""
    operations = key.get("key_ops", ["verify"])
    if key.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        raise KeyRefused("key_type_not_allowed", reason="not a key for signatures")
    if not names_algorithm(key.get("alg", algorithm), algorithm):
        raise KeyRefused("key_type_not_allowed", reason="alg does not fit the key")


def _read_okp(key: Mapping[str, Any]) -> tuple[Algorithm, bytes]:
    if key.get("crv") != "Ed25519":
        raise KeyRefused("key_type_not_allowed", reason="curve is not Ed25519")
    return "EdDSA", _member(key, "x")


def _read_ec(key: Mapping[str, Any]) -> tuple[Algorithm, bytes]:
    for algorithm, curve in NIST_CURVES.items():
        if key.get("crv") == curve.name:
            return algorithm, _compressed(
                curve.curve, _coordinate(key, "x", curve.length), _coordinate(key, "y", curve.length)
            )
    raise KeyRefused("key_type_not_allowed", reason="curve is not P-256 or P-384")


def _read_rsa(key: Mapping[str, Any]) -> tuple[Algorithm, bytes]:
    modulus, exponent = (_member(key, name) for name in ("n", "e"))
    if not modulus or not exponent or modulus[0] == 0 or exponent[0] == 0:
        raise KeyRefused("malformed_key", reason="number not in its shortest form")
    n, e = int.from_bytes(modulus), int.from_bytes(exponent)
    check_rsa_numbers(n, e)
    handle = rsa.RSAPublicNumbers(e, n).public_key()
    return "RS256", handle.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _compressed(curve: ec.EllipticCurve, x: int, y: int) -> bytes:
    """The compressed point; building the key refuses a point that is not on the curve."""
    try:
        handle = ec.EllipticCurvePublicNumbers(x, y, curve).public_key()
    except ValueError:
        raise KeyRefused("malformed_key", reason="not a point on the curve") from None
    return handle.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)


def _coordinate(key: Mapping[str, Any], name: str, length: int) -> int:
    data = _member(key, name)
    if len(data) != length:
        raise KeyRefused("malformed_key", reason="wrong length")
    return int.from_bytes(data)


def _member(key: Mapping[str, Any], name: str) -> bytes:
    text = key.get(name)
    if not isinstance(text, str) or len(text) > _MAX_MEMBER_LENGTH:
        raise KeyRefused("malformed_key", reason=f"member {name}")
    try:
        return base64url_decode(text)
    except MalformedCredential:
        raise KeyRefused("malformed_key", reason=f"member {name}") from None


def _unsigned(number: int) -> str:
    return base64url_encode(number.to_bytes((number.bit_length() + 7) // 8))
