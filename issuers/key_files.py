"""Key-encryption keys as files: one folder, readable by its owner only, kept outside the database and its backup.

``kek-0001-local-<digits>.key`` holds 32 bytes; the highest number wraps, the others can still unwrap. A file is written
under another name, synced and linked into place: a crash leaves either no key or a whole one.
"""

import os
import re
import secrets
import stat
from pathlib import Path

from issuers.custody import Keyring, LocalKeyEncryptionKey
from issuers.errors import CustodyError

_NAME = re.compile(r"kek-(\d{4})-local-[0-9a-f]{16}\.key", re.ASCII)


def load_keyring(folder: Path) -> Keyring:
    """The keyring in ``folder``; errors: ``kek_missing``, ``kek_exposed``, ``malformed_kek``, ``kek_mismatch``."""
    paths = _key_paths(folder)
    if not paths:
        raise CustodyError("kek_missing")
    *previous, current = [_load(path) for path in paths]
    return Keyring(current, previous)


def create_kek(folder: Path) -> Keyring:
    """A new key-encryption key in ``folder`` (made with mode 0700 if missing), and the keyring that now wraps with it.

    The first call sets a bank up, later ones rotate: re-wrap everything (``Keyring.rewrap``, ``Envelope.rewrap``), then
    remove the old files.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = secrets.token_bytes(32)
    number = 1 + max((_number(path) for path in _key_paths(folder)), default=0)
    _write(folder / f"kek-{number:04}-{LocalKeyEncryptionKey(secret).id}.key", secret)
    return load_keyring(folder)


def _key_paths(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))


def _number(path: Path) -> int:
    return int(path.name.split("-")[1])


def _load(path: Path) -> LocalKeyEncryptionKey:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise CustodyError("kek_exposed")
    key = LocalKeyEncryptionKey(path.read_bytes())
    if f"-{key.id}.key" not in path.name:
        raise CustodyError("kek_mismatch", key_id=key.id)
    return key


def _write(path: Path, secret: bytes) -> None:
    draft = path.with_suffix(f".{secrets.token_hex(4)}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
