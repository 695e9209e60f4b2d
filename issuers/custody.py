"""Secrets at rest: envelope encryption, and the hosted keys that sign from inside it.

A key-encryption key (KEK) wraps data keys (DEK), a data key seals secrets with AES-256-GCM (NIST SP 800-38D, 96-bit
random nonces). Whatever is sealed is bound to a *context* (purpose and names, see ``context_of``), so that a sealed
value moved to another row does not open. Rotating the KEK re-wraps data keys and leaves what they sealed as it is;
destroying a wrapped data key destroys everything under it, which is how a learner is forgotten.

A key-management service or a PKCS#11 module plugs in twice: as a ``KeyEncryptionKey`` (its wrap and unwrap calls, the
context as its encryption context or AAD), or as a ``credentials.keys.Signer`` of its own beside ``HostedSigner``, for
keys that never leave it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from credentials.keys import Algorithm, PrivateKey, PublicKey
from issuers.errors import CustodyError

_VERSION = b"\x01"
_ENVELOPE = b"\x02"
_NONCE = 12
_TAG = 16
_KEY = 32
_CHECK = b"creditbank kek check"


def context_of(purpose: str, *names: str) -> bytes:
    """The bytes that bind a sealed value to its place; each part is prefixed with its length in 4 bytes."""
    parts = [part.encode() for part in (purpose, *names)]
    return b"".join(len(part).to_bytes(4) + part for part in parts)


class KeyEncryptionKey(Protocol):
    """What wraps data keys: local bytes, a key-management service, or a hardware module."""

    @property
    def id(self) -> str:
        """A stable name of at most 255 ASCII characters, stored beside what the key wrapped."""

    def wrap(self, dek: bytes, context: bytes) -> bytes:
        """The data key, encrypted and bound to the context."""

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """The data key again; raises ``CustodyError`` ``unsealing_failed`` if altered or out of context."""


class LocalKeyEncryptionKey:
    """A key-encryption key in this process's memory, from 32 random bytes (``malformed_kek`` otherwise).

    Its id is derived from the secret, so that a wrong key is noticed by name before anything is tried.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) != _KEY:
            raise CustodyError("malformed_kek")
        self._cipher = AESGCM(secret)
        self._id = "local-" + hmac.new(secret, _CHECK, hashlib.sha256).hexdigest()[:16]

    @property
    def id(self) -> str:
        """``local-`` and 16 hexadecimal digits."""
        return self._id

    def wrap(self, dek: bytes, context: bytes) -> bytes:
        """Nonce, ciphertext and tag of the data key."""
        return _encrypt(self._cipher, dek, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """The data key; errors: ``unsealing_failed``."""
        return _decrypt(self._cipher, wrapped, context)


@dataclass(frozen=True, slots=True)
class DataKey:
    """A data key in the clear: seals and opens, and shows itself to nobody."""

    _secret: bytes = field(repr=False)

    def seal(self, plaintext: bytes, context: bytes) -> bytes:
        """Version, nonce, ciphertext and tag: 29 bytes longer than the plaintext."""
        return _VERSION + _encrypt(AESGCM(self._secret), plaintext, _VERSION + context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """The plaintext; errors: ``malformed_envelope``, ``unsealing_failed``."""
        if sealed[:1] != _VERSION:
            raise CustodyError("malformed_envelope")
        return _decrypt(AESGCM(self._secret), sealed[1:], _VERSION + context)


class Keyring:
    """The KEK that wraps from now on, and the earlier ones that can still unwrap."""

    def __init__(self, current: KeyEncryptionKey, previous: Sequence[KeyEncryptionKey] = ()) -> None:
        self.current = current
        self._by_id = {key.id: key for key in (*previous, current)}

    def new_data_key(self, context: bytes) -> tuple[DataKey, bytes]:
        """A fresh data key, and the wrapped form to store (in a place of its own if it is ever to be destroyed)."""
        secret = secrets.token_bytes(_KEY)
        return DataKey(secret), self._wrap(secret, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> DataKey:
        """The data key; errors: ``kek_mismatch``, ``malformed_envelope``, ``unsealing_failed``."""
        return DataKey(self._unwrap(wrapped, context))

    def rewrap(self, wrapped: bytes, context: bytes) -> bytes:
        """The same data key under the current KEK; what it sealed stays valid. Errors as ``unwrap``."""
        if kek_id(wrapped) == self.current.id:
            return wrapped
        return self._wrap(self._unwrap(wrapped, context), context)

    def check_value(self) -> bytes:
        """Bytes to store at set-up, by which ``check`` later knows that the right KEK is at hand."""
        return Envelope(self).seal(_CHECK, context_of("kek-check"))

    def check(self, check_value: bytes) -> None:
        """Refuse to start with another KEK than that of ``check_value`` (SECURITY I20); errors: ``kek_mismatch``."""
        try:
            Envelope(self).open(check_value, context_of("kek-check"))
        except CustodyError as error:
            raise CustodyError("kek_mismatch", key_id=kek_id(check_value)) from error

    def _wrap(self, secret: bytes, context: bytes) -> bytes:
        name = self.current.id.encode("ascii")
        return _VERSION + len(name).to_bytes(1) + name + self.current.wrap(secret, context)

    def _unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        name, inner = _split_wrapped(wrapped)
        if name not in self._by_id:
            raise CustodyError("kek_mismatch", key_id=name)
        return self._by_id[name].unwrap(inner, context)


class Envelope:
    """Sealing with a data key of its own for each value, wrapped beside it: for single secrets such as signing keys."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def seal(self, plaintext: bytes, context: bytes) -> bytes:
        """Version, length of the wrapped data key (2 bytes), the wrapped data key, the sealed plaintext."""
        data_key, wrapped = self._keyring.new_data_key(context)
        return _join_envelope(wrapped, data_key.seal(plaintext, context))

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """The plaintext; errors: ``kek_mismatch``, ``malformed_envelope``, ``unsealing_failed``."""
        wrapped, inner = _split_envelope(sealed)
        return self._keyring.unwrap(wrapped, context).open(inner, context)

    def rewrap(self, sealed: bytes, context: bytes) -> bytes:
        """The same envelope with its data key under the current KEK; the sealed secret is not opened."""
        wrapped, inner = _split_envelope(sealed)
        return _join_envelope(self._keyring.rewrap(wrapped, context), inner)


@dataclass(frozen=True, slots=True)
class HostedKey:
    """A key pair of an issuer that the bank keeps: the public key, and the envelope of the private one."""

    issuer_id: str
    public_key: PublicKey
    sealed: bytes = field(repr=False)

    @property
    def context(self) -> bytes:
        """The issuer and the key's RFC 7638 thumbprint: a sealed key opens for no other issuer and no other key."""
        return context_of("hosted-key", self.issuer_id, self.public_key.thumbprint())


def generate_hosted_key(envelope: Envelope, issuer_id: str, algorithm: Algorithm) -> HostedKey:
    """A new key pair, its private part sealed before it leaves this function."""
    private = PrivateKey.generate(algorithm)
    hosted = HostedKey(issuer_id, private.public_key, b"")
    return HostedKey(issuer_id, private.public_key, envelope.seal(private.to_bytes(), hosted.context))


class HostedSigner:
    """A ``credentials.keys.Signer`` that unseals its private key for each signature and keeps it no longer."""

    def __init__(self, hosted: HostedKey, envelope: Envelope) -> None:
        self._hosted = hosted
        self._envelope = envelope

    @property
    def public_key(self) -> PublicKey:
        """The public key that verifies what ``sign`` makes."""
        return self._hosted.public_key

    def sign(self, data: bytes) -> bytes:
        """The signature; errors: those of ``Envelope.open``."""
        raw = self._envelope.open(self._hosted.sealed, self._hosted.context)
        return PrivateKey.from_bytes(self.public_key.algorithm, raw).sign(data)


def kek_id(sealed: bytes) -> str:
    """The id of the KEK over a wrapped data key or an envelope; errors: ``malformed_envelope``."""
    wrapped = _split_envelope(sealed)[0] if sealed[:1] == _ENVELOPE else sealed
    return _split_wrapped(wrapped)[0]


def _join_envelope(wrapped: bytes, inner: bytes) -> bytes:
    return _ENVELOPE + len(wrapped).to_bytes(2) + wrapped + inner


def _split_envelope(sealed: bytes) -> tuple[bytes, bytes]:
    end = 3 + int.from_bytes(sealed[1:3])
    if sealed[:1] != _ENVELOPE or len(sealed) <= end:
        raise CustodyError("malformed_envelope")
    return sealed[3:end], sealed[end:]


def _split_wrapped(wrapped: bytes) -> tuple[str, bytes]:
    end = 2 + int.from_bytes(wrapped[1:2])
    name = wrapped[2:end]
    if wrapped[:1] != _VERSION or len(wrapped) <= end or not name.isascii():
        raise CustodyError("malformed_envelope")
    return name.decode("ascii"), wrapped[end:]


def _encrypt(cipher: AESGCM, plaintext: bytes, context: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + cipher.encrypt(nonce, plaintext, context)


def _decrypt(cipher: AESGCM, sealed: bytes, context: bytes) -> bytes:
    if len(sealed) < _NONCE + _TAG:
        raise CustodyError("malformed_envelope")
    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], context)
    except InvalidTag as error:
        raise CustodyError("unsealing_failed") from error
