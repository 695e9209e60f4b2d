"""Multibase and multicodec, strictly: base58btc, unpadded base64url, and unsigned varints.

Each value has exactly one accepted spelling, so that one key or signature never has two names.
"""

import binascii
import re
from operator import mul
from typing import Final

from credentials.errors import LimitExceeded, MalformedCredential

MAX_KEY_LENGTH: Final = 256
MAX_PROOF_LENGTH: Final = 512

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_VALUES: Final = {character: value for value, character in enumerate(_BASE58)}
_PAIRS: Final = [first + second for first in _BASE58 for second in _BASE58]
_CHUNK_LENGTH: Final = 10  # the longest that stays within a machine word
_CHUNK: Final = 58**_CHUNK_LENGTH
_POWERS: Final = [58**place for place in range(_CHUNK_LENGTH)]
# The characters that a text in base64url may end with, by its length modulo four: their stray bits are not set.
_LAST: Final = ("", "", "AQgw", "AEIMQUYcgkosw048")
_BASE58_TEXT: Final = re.compile(f"[{_BASE58}]+")


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
    number, chunks = int.from_bytes(data), list[str]()
    while number:
        number, chunk = divmod(number, _CHUNK)
        chunks.append(_chunk_text(chunk))
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(chunks)).lstrip("1")


def base58_decode(text: str) -> bytes:
    """The inverse of `base58_encode`. Callers cap the length first."""
    if not _BASE58_TEXT.fullmatch(text):
        raise MalformedCredential("malformed_multibase", encoding="base58btc")
    number = 0
    digits = list(map(_BASE58_VALUES.__getitem__, text))
    for start in range(0, len(digits), _CHUNK_LENGTH):
        chunk = digits[start : start + _CHUNK_LENGTH]
        number = number * 58 ** len(chunk) + sum(map(mul, reversed(chunk), _POWERS))
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def _chunk_text(number: int) -> str:
    """Ten digits, in pairs (58² = 3364): small numbers are divided so much faster than large ones."""
    high, low = divmod(number, 58**4)
    first, middle = divmod(high, 58**4)
    return _PAIRS[first] + _PAIRS[middle // 3364] + _PAIRS[middle % 3364] + _PAIRS[low // 3364] + _PAIRS[low % 3364]


def base64url_encode(data: bytes) -> str:
    """The data in base64url without padding (RFC 7515, section 2)."""
    return binascii.b2a_base64(data, newline=False).decode().rstrip("=").replace("+", "-").replace("/", "_")


def base64url_decode(text: str) -> bytes:
    """The bytes of unpadded base64url; padding, other characters and stray trailing bits are refused.

    Raises MalformedCredential `malformed_multibase`.
    """
    if "+" in text or "/" in text or "=" in text:
        raise MalformedCredential("malformed_multibase", encoding="base64url")
    beyond = len(text) % 4
    if beyond and text[-1] not in _LAST[beyond]:
        raise MalformedCredential("malformed_multibase", encoding="base64url")
    standard = text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)
    try:
        return binascii.a2b_base64(standard, strict_mode=True)
    except ValueError:
        raise MalformedCredential("malformed_multibase", encoding="base64url") from None


def varint_encode(number: int) -> bytes:
    """An unsigned varint (multiformats): seven bits a byte, least significant first."""
    octets = bytearray()
    while number > 0x7F:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*octets, number])
