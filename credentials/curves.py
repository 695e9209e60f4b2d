"""The parameters of the signature algorithms, and what makes key material unfit for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from credentials.errors import KeyRefused
from credentials.multibase import varint_encode

Algorithm = Literal["EdDSA", "ES256", "ES384", "RS256"]

ED25519_CODEC: Final = varint_encode(0xED)
ED25519_KEY_LENGTH: Final = 32
ED25519_SIGNATURE_LENGTH: Final = 64

_P: Final = 2**255 - 19
_D: Final = -121665 * pow(121666, -1, _P) % _P


@dataclass(frozen=True, slots=True)
class Curve:
    """One NIST curve as JOSE, multicodec and OpenSSL name it; lengths in bytes."""

    name: str
    codec: bytes
    curve: ec.EllipticCurve
    digest: hashes.HashAlgorithm
    length: int
    order: int


NIST_CURVES: Final[Mapping[Algorithm, Curve]] = MappingProxyType(
    {
        "ES256": Curve("P-256", varint_encode(0x1200), ec.SECP256R1(), hashes.SHA256(), 32, ec.SECP256R1().group_order),
        "ES384": Curve("P-384", varint_encode(0x1201), ec.SECP384R1(), hashes.SHA384(), 48, ec.SECP384R1().group_order),
    }
)


def names_algorithm(name: object, algorithm: Algorithm) -> bool:
    """Whether the `alg` of a header or of a JWK is this algorithm: EdDSA has the name Ed25519 too (RFC 9864, 2.2)."""
    return name == algorithm or (name == "Ed25519" and algorithm == "EdDSA")


def _small_order_y() -> frozenset[int]:
    """The y coordinates of the eight points of small order on edwards25519, by their definition.

    y = 1 and y = -1 (orders 1, 2), y = 0 (order 4), and the roots of d·y⁴ + 2y² - 1 = 0 (order 8).
    """
    root = _square_root((1 + _D) % _P)
    squares = [(sign * root - 1) * pow(_D, -1, _P) % _P for sign in (1, -1)]
    y = next(_square_root(square) for square in squares if pow(square, (_P - 1) // 2, _P) == 1)
    return frozenset({0, 1, _P - 1, y, _P - y})


def _square_root(value: int) -> int:
    candidate = pow(value, (_P + 3) // 8, _P)
    return candidate if candidate * candidate % _P == value else candidate * pow(2, (_P - 1) // 4, _P) % _P


SMALL_ORDER_Y: Final = _small_order_y()


def is_small_order(encoded: bytes) -> bool:
    """Whether 32 bytes encode a point of small order, canonically or not: a key that anybody can sign for."""
    return (int.from_bytes(encoded, "little") & (2**255 - 1)) % _P in SMALL_ORDER_Y


def check_edwards_point(encoded: bytes) -> None:
    """Refuse what is not the canonical encoding of a point of large order on edwards25519 (RFC 8032)."""
    if len(encoded) != ED25519_KEY_LENGTH:
        raise KeyRefused("malformed_key", reason="wrong length")
    if is_small_order(encoded):
        raise KeyRefused("small_order_key")
    y = int.from_bytes(encoded, "little") & (2**255 - 1)
    x_squared = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    if y >= _P or pow(x_squared, (_P - 1) // 2, _P) != 1:
        raise KeyRefused("malformed_key", reason="not a point on the curve")


# Infineon's generator (ROCA, CVE-2017-15361) makes moduli that are powers of 65537 modulo every small prime.
_SMALL_PRIMES: Final = [n for n in range(3, 168) if all(n % divisor for divisor in range(2, n))]
_ROCA_SUBGROUPS: Final = {
    prime: frozenset(pow(65537, exponent, prime) for exponent in range(prime)) for prime in _SMALL_PRIMES
}


def check_rsa_numbers(modulus: int, exponent: int) -> None:
    """Refuse RSA keys that are `weak_key`.

    They have 2048 to 4096 bits, an odd modulus not made by a known faulty generator, and the exponent 65537.
    """
    if not 2048 <= modulus.bit_length() <= 4096:
        raise KeyRefused("weak_key", reason="modulus not of 2048 to 4096 bits")
    if modulus % 2 == 0:
        raise KeyRefused("weak_key", reason="even modulus")
    if exponent != 65537:
        raise KeyRefused("weak_key", reason="exponent other than 65537")
    if all(modulus % prime in powers for prime, powers in _ROCA_SUBGROUPS.items()):
        raise KeyRefused("weak_key", reason="primes of a known faulty generator")
