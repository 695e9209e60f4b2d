"""Which bit of a status list a credential gets: a keyed permutation of a counter.

Bitstring Status List 1.0, "Random Index Selection": indexes must not tell in which order credentials were issued.
A four-round Feistel network over the smallest even number of bits, walked until the value falls inside the list,
permutes 0…size-1 exactly: no index is given twice and no table of used indexes is needed.
"""

import hashlib
import hmac

_ROUNDS = 4


def index_of(number: int, size: int, secret: bytes, list_id: str) -> int:
    """The place of the `number`-th credential (from 0) in the list `list_id` of `size` bits, under `secret`.

    Raises ValueError unless 0 <= number < size.
    """
    if not 0 <= number < size:
        raise ValueError("the number is not in the list")
    half = ((size - 1).bit_length() + 1) // 2
    value = _shuffle(number, half, secret, list_id)
    while value >= size:
        value = _shuffle(value, half, secret, list_id)
    return value


def _shuffle(value: int, half: int, secret: bytes, list_id: str) -> int:
    mask = (1 << half) - 1
    left, right = value >> half, value & mask
    for round_number in range(_ROUNDS):
        left, right = right, left ^ (_mix(right, round_number, secret, list_id) & mask)
    return left << half | right


def _mix(value: int, round_number: int, secret: bytes, list_id: str) -> int:
    message = f"{list_id}|{round_number}|{value}".encode()
    return int.from_bytes(hmac.digest(secret, message, hashlib.sha256)[:8])
