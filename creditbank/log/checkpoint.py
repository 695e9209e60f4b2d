"""C2SP tlog-checkpoint: the log's signed head, and what a verifier asks of one before believing it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from creditbank.log.errors import (
    CheckpointNotSigned,
    ConsistencyProofInvalid,
    LogForked,
    LogKeyRetired,
    MalformedCheckpoint,
    MalformedLogKey,
    MalformedNote,
    OriginUnknown,
    TooFewWitnesses,
)
from creditbank.log.note import Kind, Note, NoteSigner, Verified, VerifierKey, read_base64, write_base64
from creditbank.log.proof import verify_consistency
from creditbank.log.tree import EMPTY_ROOT, HASH_SIZE, MAX_SIZE

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def read_decimal(text: str) -> int:
    """A number of at most 2^63 - 1 in ASCII digits without leading zeros; errors: `ValueError` for anything else."""
    if not _DECIMAL.fullmatch(text) or int(text) > MAX_SIZE:
        raise ValueError("not a decimal number in range")
    return int(text)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One state of one log: its origin, how many leaves, and their root (32 bytes). A claim until it is signed."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        """Refuse what no log can state; errors: `malformed_checkpoint`."""
        if not self.origin or "\n" in self.origin:
            raise MalformedCheckpoint(reason="its origin is empty or has several lines")
        if not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_SIZE:
            raise MalformedCheckpoint(reason="its size is out of range or its root is not 32 bytes")
        if not self.size and self.root != EMPTY_ROOT:
            raise MalformedCheckpoint(reason="the empty tree has another root")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a note's text: origin, size, root, and no extension lines (allowed by the specification, never ours).

        Errors: `malformed_checkpoint`.
        """
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise MalformedCheckpoint(reason="its text is not exactly three lines")
        try:
            return cls(lines[0], read_decimal(lines[1]), read_base64(lines[2]))
        except ValueError:
            raise MalformedCheckpoint(reason="its size or root is not in the canonical form") from None

    @property
    def text(self) -> str:
        """The note text that is signed."""
        return f"{self.origin}\n{self.size}\n{write_base64(self.root)}\n"

    def signed_by(self, key: VerifierKey, signer: NoteSigner) -> bytes:
        """The signed checkpoint's bytes, ready to publish.

        The caller has proved consistency with the last one published (tlog-checkpoint: a log must sign no other).
        Errors: `origin_unknown` when the key is another log's, `bad_note_signature` when the signer is not the key's.
        """
        if key.name != self.origin:
            raise OriginUnknown(expected=key.name)
        return Note(self.text).signed_by(key, signer).encode()


@dataclass(frozen=True, slots=True)
class TrustedLog:
    """A pinned log: its one key, named by its origin, and once that key is retired the last size it may sign.

    After a rotation the log goes on under a new origin; a verifier pins both, each for its own range.
    """

    key: VerifierKey
    last_size: int | None = None

    def __post_init__(self) -> None:
        """Refuse a witness's key; errors: `malformed_log_key`."""
        if self.key.kind is not Kind.ED25519:
            raise MalformedLogKey(reason="it is a witness's key, not a log's")

    @property
    def origin(self) -> str:
        """The first line that its checkpoints must have."""
        return self.key.name


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint that the pinned log signed, and the witnesses, known to the verifier, that cosigned it."""

    checkpoint: Checkpoint
    note: Note
    cosignatures: tuple[Verified, ...]


def open_checkpoint(
    data: bytes, log: TrustedLog, *, witnesses: Iterable[VerifierKey] = (), quorum: int = 0
) -> SignedCheckpoint:
    """Believe a checkpoint, or say why not.

    1. The bytes are a note, and its text is a checkpoint: `malformed_checkpoint`.
    2. It is of the pinned origin: `origin_unknown`.
    3. The pinned key signed it: `bad_note_signature`, `checkpoint_not_signed`; a line in the log's name under another
       key alone is `malformed_checkpoint`.
    4. The key may still sign that size: `log_key_retired`.
    5. At least `quorum` of the known witnesses cosigned it: `bad_note_signature`, `too_few_witnesses`.
    """
    note = _parse_note(data)
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != log.origin:
        raise OriginUnknown(expected=log.origin)
    _require_log_signature(note, log)
    if log.last_size is not None and checkpoint.size > log.last_size:
        raise LogKeyRetired(origin=log.origin, size=checkpoint.size, last_size=log.last_size)
    return SignedCheckpoint(checkpoint, note, _cosignatures(note, witnesses, quorum))


def check_extends(older: Checkpoint, newer: Checkpoint, proof: Sequence[bytes]) -> None:
    """Raise `log_forked` unless `newer` extends `older`, as the consistency proof must show.

    The empty tree is extended by every other, without a proof. Errors: also `origin_unknown` for two logs.
    """
    if older.origin != newer.origin:
        raise OriginUnknown(expected=older.origin)
    if older.size == 0:
        return
    try:
        verify_consistency(older.size, newer.size, older.root, newer.root, proof)
    except ConsistencyProofInvalid as error:
        raise LogForked(origin=older.origin, older=older.size, newer=newer.size) from error


def _parse_note(data: bytes) -> Note:
    try:
        return Note.parse(data)
    except MalformedNote as error:
        raise MalformedCheckpoint(reason=str(error.facts["reason"])) from None


def _require_log_signature(note: Note, log: TrustedLog) -> None:
    if note.verify([log.key]):
        return
    if any(signature.name == log.origin for signature in note.signatures):
        raise MalformedCheckpoint(reason="the line in the log's name carries another key id")
    raise CheckpointNotSigned(origin=log.origin)


def _cosignatures(note: Note, witnesses: Iterable[VerifierKey], quorum: int) -> tuple[Verified, ...]:
    """Witnesses count by public key: one under two names is one."""
    found = note.verify(w for w in witnesses if w.kind is Kind.COSIGNATURE_V1)
    count = len({verified.key.public_key for verified in found})
    if count < quorum:
        raise TooFewWitnesses(wanted=quorum, found=count)
    return found
