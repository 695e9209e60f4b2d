"""Multibase and multicodec, strictly: base58btc, unpadded base64url, and unsigned varints.

Each value has exactly one accepted spelling, so that one key or signature never has two names.
"""

import base64
import re
from typing import Final

from credentials.errors import LimitExceeded, MalformedCredential

MAX_KEY_LENGTH: Final = 256
MAX_PROOF_LENGTH: Final = 512

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_VALUES: Final = {character: value for value, character in enumerate(_BASE58)}
_BASE58_TEXT: Final = re.compile(f"[{_BASE58}]+")
_BASE64URL_TEXT: Final = re.compile("[A-Za-z0-9_-]*")


def encode(data: bytes) -> str:
    """The data in base58btc with its prefix `z`."""
    return "z" + base58_encode(data)


def decode(text: str, *, max_length: int = MAX_PROOF_LENGTH) -> bytes:
    """The bytes of a base58btc multibase value (`z…`); base58 is quadratic, hence the cap (characters).

    Raises LimitExceeded `too_long`, MalformedCredential `malformed_multibase`.
    """
    if len(text) > max_length:
        raise LimitExceeded("too_long", limit=max_length)
    if not text.startswith("z"):
        raise MalformedCredential("malformed_multibase", encoding="base58btc")
    return base58_decode(text[1:])


def base58_encode(data: bytes) -> str:
    """The data in the Bitcoin alphabet, each leading zero byte as one `1`."""
    number = int.from_bytes(data)
    digits = []
    while number:
        number, digit = divmod(number, 58)
        digits.append(_BASE58[digit])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(digits))


def base58_decode(text: str) -> bytes:
    """The inverse of `base58_encode`. Callers cap the length first."""
    if not _BASE58_TEXT.fullmatch(text):
        raise MalformedCredential("malformed_multibase", encoding="base58btc")
    number = 0
    for character in text:
        number = number * 58 + _BASE58_VALUES[character]
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def base64url_encode(data: bytes) -> str:
    """The data in base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def base64url_decode(text: str) -> bytes:
    """The bytes of unpadded base64url; padding, other characters and stray trailing bits are refused.

    Raises MalformedCredential `malformed_multibase`.
    """
    if not _BASE64URL_TEXT.fullmatch(text) or len(text) % 4 == 1:
        raise MalformedCredential("malformed_multibase", encoding="base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64url_encode(data) != text:
        raise MalformedCredential("malformed_multibase", encoding="base64url")
    return data


def varint_encode(number: int) -> bytes:
    """An unsigned varint (multiformats): seven bits a byte, least significant first."""
    octets = bytearray()
    while number > 0x7F:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*octets, number])
