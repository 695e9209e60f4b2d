"""The two proof values of ecdsa-sd-2023 as bytes (Data Integrity ECDSA Cryptosuites 1.0, 3.5.2, 3.5.3, 3.5.7, 3.5.8).

CBOR has many spellings of one value and tags that make a decoder work. Read is only what is written back the same:
definite lengths in their shortest form, no tags, nothing behind.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import cbor2

from credentials import multibase
from credentials.curves import NIST_CURVES
from credentials.data_integrity.selection import check_pointers
from credentials.errors import CredentialError, LimitExceeded, ProofInvalid
from credentials.keys import PublicKey

MAX_VALUE_LENGTH: Final = 200_000
_BASE: Final = bytes.fromhex("d95d00")
_DERIVED: Final = bytes.fromhex("d95d01")
_CODEC: Final = NIST_CURVES["ES256"].codec
_SIGNATURE: Final = 64
_DIGEST: Final = 32


@dataclass(frozen=True, slots=True)
class BaseValue:
    """What the issuer gives the holder: with the HMAC key and a signature for each statement that may be withheld."""

    base_signature: bytes
    public_key: bytes
    hmac_key: bytes
    signatures: tuple[bytes, ...]
    mandatory_pointers: tuple[str, ...]

    def write(self) -> str:
        """The `proofValue`."""
        signatures, pointers = list(self.signatures), list(self.mandatory_pointers)
        return _write(_BASE, [self.base_signature, self.public_key, self.hmac_key, signatures, pointers])


@dataclass(frozen=True, slots=True)
class DerivedValue:
    """What the holder shows: signatures of the statements disclosed; labels (HMACs) by the number of the canonical
    blank node; the places of the mandatory statements.
    """

    base_signature: bytes
    public_key: bytes
    signatures: tuple[bytes, ...]
    labels: Mapping[int, bytes]
    mandatory_indexes: tuple[int, ...]

    def write(self) -> str:
        """The `proofValue`."""
        signatures, indexes = list(self.signatures), list(self.mandatory_indexes)
        return _write(_DERIVED, [self.base_signature, self.public_key, signatures, dict(self.labels), indexes])

    def proof_key(self) -> PublicKey:
        """The key of this one proof, P-256. Raises KeyRefused for what is no such key."""
        return PublicKey("ES256", self.public_key[len(_CODEC) :])


def public_key_bytes(key: PublicKey) -> bytes:
    """A P-256 key as it stands in a proof value: multicodec and compressed point, 35 bytes."""
    return _CODEC + key.material


def is_base(value: object) -> bool:
    """Whether this is a base proof's value, which only its holder can use."""
    return isinstance(value, str) and value.startswith(_multibase(_BASE))


def read_base(value: object) -> BaseValue:
    """The parts of a base proof's value. Raises ProofInvalid `malformed_proof`, LimitExceeded `too_long`."""
    signature, key, hmac_key, signatures, pointers = _parts(value, _BASE)
    shaped = _is_bytes(hmac_key, _DIGEST) and _are(signatures, _is_signature) and isinstance(pointers, list)
    if not shaped or not _is_signature(signature) or not _is_key(key):
        raise _malformed()
    try:
        check_pointers(pointers)
    except CredentialError:
        raise _malformed() from None
    return BaseValue(signature, key, hmac_key, tuple(signatures), tuple(pointers))


def read_derived(value: object) -> DerivedValue:
    """The parts of a derived proof's value; no label and no place is there twice.

    Raises ProofInvalid `base_proof`, `malformed_proof`; LimitExceeded `too_long`.
    """
    if is_base(value):
        raise ProofInvalid("base_proof")
    signature, key, signatures, labels, indexes = _parts(value, _DERIVED)
    shaped = _are(signatures, _is_signature) and isinstance(labels, dict) and _are(indexes, _is_index)
    if not shaped or not _is_signature(signature) or not _is_key(key):
        raise _malformed()
    named = all(map(_is_index, labels)) and all(_is_bytes(label, _DIGEST) for label in labels.values())
    if not named or len(set(labels.values())) != len(labels) or len(set(indexes)) != len(indexes):
        raise _malformed()
    return DerivedValue(signature, key, tuple(signatures), labels, tuple(indexes))


def _write(header: bytes, parts: list[Any]) -> str:
    return _multibase(header + cbor2.dumps(parts))


def _multibase(data: bytes) -> str:
    return "u" + multibase.base64url_encode(data)


def _parts(value: object, header: bytes) -> list[Any]:
    """The five parts behind the header, of whatever types they are."""
    if isinstance(value, str) and len(value) > MAX_VALUE_LENGTH:
        raise LimitExceeded("too_long", limit=MAX_VALUE_LENGTH)
    if not isinstance(value, str) or not value.startswith("u"):
        raise _malformed()
    try:
        data = multibase.base64url_decode(value[1:])
        parts = _decoded(data.removeprefix(header))
    except (CredentialError, cbor2.CBORError, RecursionError, ValueError, TypeError):
        raise _malformed() from None
    if not isinstance(parts, list) or len(parts) != 5 or header + cbor2.dumps(parts) != data:
        raise _malformed()
    return parts


def _decoded(data: bytes) -> Any:
    return cbor2.loads(
        data, semantic_decoders=_NoTags(), max_depth=3, allow_indefinite=False, allow_duplicate_keys=False
    )


class _NoTags(dict[int, Any]):
    """Every tag's decoder is a refusal: none is used here, and some would cost memory or time."""

    def __contains__(self, _: object) -> bool:
        return True

    def __getitem__(self, _: int) -> Callable[..., NoReturn]:
        return _refuse_tag

    def get(self, _: int, default: Any = None) -> Callable[..., NoReturn]:  # noqa: ARG002 - the interface of a mapping
        return _refuse_tag


def _refuse_tag(*_: object) -> NoReturn:
    raise ValueError("a tag")


def _is_bytes(value: object, length: int) -> bool:
    return isinstance(value, bytes) and len(value) == length


def _is_signature(value: object) -> bool:
    return _is_bytes(value, _SIGNATURE)


def _is_key(value: object) -> bool:
    return isinstance(value, bytes) and value.startswith(_CODEC) and len(value) == len(_CODEC) + 33


def _is_index(value: object) -> bool:
    return type(value) is int and value >= 0


def _are(values: object, fits: Callable[[object], bool]) -> bool:
    return isinstance(values, list) and all(map(fits, values))


def _malformed() -> ProofInvalid:
    return ProofInvalid("malformed_proof", member="proofValue")
