"""The bank's own secrets: key-encryption keys in files, and everything else sealed under them.

The folder holds the key-encryption keys (see `issuers.key_files`; a key-management service takes their place where
there is one) and `secrets`, an envelope with the keys of the log, of access tokens, of quotes and of statements (what
the bank says to anybody of what it verified and whom it trusts), and those of two keyed functions (identifiers, status
indexes). A secret that a later version of the program needs is added to those of an older one; none that was there is
ever replaced. Nothing here is ever written to the database in the clear.
"""

import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from credentials.keys import PrivateKey
from creditbank.log.note import VerifierKey
from issuers.custody import DataKey, Envelope, Keyring, LocalKeyEncryptionKey, context_of
from issuers.key_files import create_kek, load_keyring

_CONTEXT = context_of("bank-secrets")
_SIGNING = ("log", "tokens", "quotes", "statements")
_ADDED_LATER = ("statements",)
_KEYED = ("identifiers", "status_indexes", "personal")


@dataclass(frozen=True, slots=True)
class Vault:
    """The opened secrets. `envelope` seals single secrets, such as hosted issuers' keys, under the same KEK."""

    keyring: Keyring
    envelope: Envelope
    log_key: PrivateKey
    token_key: PrivateKey
    quote_key: PrivateKey
    statement_key: PrivateKey
    status_secret: bytes
    _identifier_secret: bytes
    _personal: Keyring

    def keyed_hash(self, kind: str, value: str) -> bytes:
        """An identifier under the bank's key (HMAC-SHA-256): found again, and useless to anybody without the key."""
        return hmac.digest(self._identifier_secret, f"{kind}\x00{value}".encode(), hashlib.sha256)

    def new_book_key(self, book: UUID) -> tuple[DataKey, bytes]:
        """A key for one learner's personal data, and its sealed form; destroying that form forgets the person."""
        return self._personal.new_data_key(context_of("book", str(book)))

    def book_key(self, book: UUID, sealed: bytes) -> DataKey:
        """The key of a book's personal data. In memory only: no network, so it may be used inside a transaction."""
        return self._personal.unwrap(sealed, context_of("book", str(book)))

    def log_verifier(self, origin: str) -> VerifierKey:
        """The log's public key in the form that receipts are checked with (C2SP signed-note)."""
        return VerifierKey(origin, self.log_key.public_key.material)


def open_vault(folder: Path) -> Vault:
    """Open the secrets in `folder`, making them the first time. Errors: `kek_mismatch`, `kek_exposed`, …"""
    with _locked(folder):
        keyring = _keyring(folder)
        envelope = Envelope(keyring)
        path = folder / "secrets"
        if not path.exists():
            _write(path, envelope.seal(_new_secrets(), _CONTEXT))
        stored = _complete(path, envelope)
    values = {name: bytes.fromhex(text) for name, text in stored.items()}
    log_key, token_key, quote_key, statement_key = (PrivateKey.from_bytes("EdDSA", values[name]) for name in _SIGNING)
    return Vault(
        keyring,
        envelope,
        log_key,
        token_key,
        quote_key,
        statement_key,
        values["status_indexes"],
        values["identifiers"],
        Keyring(LocalKeyEncryptionKey(values["personal"])),
    )


def _complete(path: Path, envelope: Envelope) -> dict[str, str]:
    """The secrets, with those that an older version of the program did not know yet."""
    stored: dict[str, str] = json.loads(envelope.open(path.read_bytes(), _CONTEXT))
    missing = [name for name in _ADDED_LATER if name not in stored]
    if missing:
        stored |= _new_keys(missing)
        _write(path, envelope.seal(json.dumps(stored).encode(), _CONTEXT))
    return stored


def _new_keys(names: Iterable[str]) -> dict[str, str]:
    return {name: PrivateKey.generate("EdDSA").to_bytes().hex() for name in names}


def _new_secrets() -> bytes:
    signing = _new_keys(_SIGNING)
    return json.dumps(signing | {name: secrets.token_bytes(32).hex() for name in _KEYED}).encode()


def _keyring(folder: Path) -> Keyring:
    """The key-encryption keys; a new one only where nothing is sealed yet, never in the place of one that was lost."""
    if any(folder.glob("kek-*.key")) or (folder / "secrets").exists():
        return load_keyring(folder)
    return create_kek(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time, so that two that start together make one set of secrets."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: written beside, synced, renamed. A crash before the rename leaves no secrets file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
