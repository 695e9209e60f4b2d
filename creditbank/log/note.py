"""C2SP signed-note: a text and the signature lines under it; and the Ed25519 keys that make and check them."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum
from hashlib import sha256
from typing import Protocol, Self

from credentials.errors import KeyRefused, ProofInvalid
from credentials.keys import PublicKey
from creditbank.log.errors import BadNoteSignature, MalformedLogKey, MalformedNote

MAX_NOTE_BYTES = 262_144
"""A note longer than this is refused unread; sixteen post-quantum signatures need about 110,000 bytes."""
MAX_SIGNATURES = 64
"""Signature lines allowed in a note; the specification asks for at least 16."""
MAX_TIMESTAMP = 2**63 - 1
_KEY_ID_SIZE, _SIGNATURE_SIZE, _TIMESTAMP_SIZE = 4, 64, 8
_DASH = "— "


class Kind(IntEnum):
    """The signature types used here (signed-note, "Signature types"): the log's own, and a witness's."""

    ED25519 = 0x01
    COSIGNATURE_V1 = 0x04


class NoteSigner(Protocol):
    """What signs: a held key, a KMS, a token. Ed25519 over `data`, 64 bytes."""

    def sign(self, data: bytes) -> bytes:
        """The signature over exactly these bytes."""
        ...


def read_base64(text: str) -> bytes:
    """Standard base64 in its one canonical form; errors: `ValueError` for any other spelling."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise ValueError("not base64") from None
    if write_base64(data) != text:
        raise ValueError("base64 with stray bits")
    return data


def write_base64(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")


def _is_key_name(name: str) -> bool:
    return bool(name) and not any(c.isspace() or c == "+" or _is_banned(c) for c in name)


def _is_banned(character: str) -> bool:
    """Control characters, and halves of characters that UTF-8 cannot write."""
    return character < " " or "\ud800" <= character <= "\udfff"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Who may sign: a key name (for a log, its origin), 32 bytes of Ed25519 public key, and the kind of signature."""

    name: str
    public_key: bytes
    kind: Kind = Kind.ED25519
    _key: PublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a name or key that no note can carry; errors: `malformed_log_key`."""
        if not _is_key_name(self.name):
            raise MalformedLogKey(reason="its name is empty or holds a space or a plus")
        try:
            object.__setattr__(self, "_key", PublicKey("EdDSA", self.public_key))
        except KeyRefused:
            raise MalformedLogKey(reason="it is not 32 bytes of a sound Ed25519 key") from None

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Read a vkey, `<name>+<hex key id>+<base64>`; errors: `malformed_log_key`."""
        try:
            name, key_id, material = vkey.split("+", 2)
            raw = read_base64(material)
            key = cls(name, raw[1:], Kind(raw[0]))
        except (ValueError, IndexError):
            raise MalformedLogKey(reason="it is not name+id+key of a known kind") from None
        if key.key_id.hex() != key_id:
            raise MalformedLogKey(reason="its id is not the hash of its name and key")
        return key

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that a signature line repeats: SHA-256(name ‖ LF ‖ kind ‖ public key), cut."""
        return sha256(self.name.encode() + b"\n" + self._material()).digest()[:_KEY_ID_SIZE]

    @property
    def vkey(self) -> str:
        """The key as operators pass it on: name, id and key in one line."""
        return f"{self.name}+{self.key_id.hex()}+{write_base64(self._material())}"

    def _material(self) -> bytes:
        return bytes([self.kind]) + self.public_key

    def check(self, text: str, blob: bytes) -> int | None:
        """Check a signature's bytes over a note text.

        Returns the witness's POSIX time in seconds for a cosignature, else None. Errors: `bad_note_signature`.
        """
        timestamp, signature = self._split(blob)
        try:
            self._key.verify(signature, _message(text, timestamp))
        except ProofInvalid:
            raise BadNoteSignature(name=self.name) from None
        return timestamp

    def _split(self, blob: bytes) -> tuple[int | None, bytes]:
        """tlog-cosignature, `timestamped_signature`: 8 bytes of time before the signature; else the signature."""
        stamp_size = _TIMESTAMP_SIZE if self.kind is Kind.COSIGNATURE_V1 else 0
        stamp, signature = blob[:stamp_size], blob[stamp_size:]
        if len(signature) != _SIGNATURE_SIZE or int.from_bytes(stamp) > MAX_TIMESTAMP:
            raise BadNoteSignature(name=self.name)
        return (int.from_bytes(stamp) if stamp else None), signature


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key's name, its 4-byte id, and the signature's bytes as the key's kind lays them out."""

    name: str
    key_id: bytes
    blob: bytes

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a line without its newline; errors: `malformed_note`."""
        name, space, encoded = line.removeprefix(_DASH).partition(" ")
        if not (line.startswith(_DASH) and space and _is_key_name(name)):
            raise MalformedNote(reason="a signature line is not a dash, a name and a signature")
        try:
            raw = read_base64(encoded)
        except ValueError:
            raise MalformedNote(reason="a signature is not base64") from None
        if len(raw) <= _KEY_ID_SIZE:
            raise MalformedNote(reason="a signature is too short")
        return cls(name, raw[:_KEY_ID_SIZE], raw[_KEY_ID_SIZE:])

    @property
    def line(self) -> str:
        """The line as it stands in the note, without its newline."""
        return f"{_DASH}{self.name} {write_base64(self.key_id + self.blob)}"


@dataclass(frozen=True, slots=True)
class Verified:
    """A signature that held: by which key, and for a cosignature the witness's POSIX time in seconds."""

    key: VerifierKey
    timestamp: int | None


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline and the signatures under it, none of them checked yet."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __post_init__(self) -> None:
        """Hold signed-note, "Format"; errors: `malformed_note`."""
        if not self.text.endswith("\n"):
            raise MalformedNote(reason="its text does not end in a newline")
        if any(_is_banned(c) and c != "\n" for c in self.text):
            raise MalformedNote(reason="it holds a control character or a lone surrogate")
        signers = {(s.name, s.key_id) for s in self.signatures}
        if len(signers) != len(self.signatures) or len(signers) > MAX_SIGNATURES:
            raise MalformedNote(reason="a key signed twice, or there are too many signatures")

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a signed note without trusting any of it; errors: `malformed_note`."""
        if len(data) > MAX_NOTE_BYTES:
            raise MalformedNote(reason="it is too long")
        try:
            body, blank, tail = data.decode("utf-8").rpartition("\n\n")
        except UnicodeDecodeError:
            raise MalformedNote(reason="it is not UTF-8") from None
        if not (blank and tail.endswith("\n")):
            raise MalformedNote(reason="it has no signature lines, or the last is cut off")
        lines = tail[:-1].split("\n")
        return cls(body + "\n", tuple(Signature.parse(line) for line in lines))

    def encode(self) -> bytes:
        """The note's bytes. Errors: `malformed_note` if nobody has signed."""
        if not self.signatures:
            raise MalformedNote(reason="it has no signatures")
        return "\n".join([self.text, *(s.line for s in self.signatures), ""]).encode()

    def signed_by(self, key: VerifierKey, signer: NoteSigner, *, timestamp: int | None = None) -> Self:
        """This note with one more signature, checked against `key` before it is let out.

        `timestamp`, POSIX seconds, is for a cosignature and only there. Errors: `bad_note_signature` when the signer
        is not the key's, or a bit flipped on the way; `malformed_note` when the key has signed already.
        """
        stamp = b"" if timestamp is None else timestamp.to_bytes(_TIMESTAMP_SIZE)
        blob = stamp + signer.sign(_message(self.text, timestamp))
        if key.check(self.text, blob) != timestamp:
            raise BadNoteSignature(name=key.name)
        return replace(self, signatures=(*self.signatures, Signature(key.name, key.key_id, blob)))

    def verify(self, keys: Iterable[VerifierKey]) -> tuple[Verified, ...]:
        """The signatures by these keys, each checked; those by other keys are ignored, as the specification orders.

        Errors: `bad_note_signature` if a line of a known key does not verify: then the whole note is refused.
        """
        known = {(key.name, key.key_id): key for key in keys}
        ours = ((known.get((s.name, s.key_id)), s) for s in self.signatures)
        return tuple(Verified(key, key.check(self.text, s.blob)) for key, s in ours if key)


def _message(text: str, timestamp: int | None) -> bytes:
    """What is signed: the text; for a cosignature two lines before it (tlog-cosignature, "Ed25519 signed message")."""
    header = "" if timestamp is None else f"cosignature/v1\ntime {timestamp}\n"
    return (header + text).encode()
