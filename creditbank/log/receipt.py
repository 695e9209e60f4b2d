"""C2SP tlog-proof: a receipt that shows offline that one entry is in the log, whoever carries it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from creditbank.log.checkpoint import SignedCheckpoint, TrustedLog, open_checkpoint, read_decimal
from creditbank.log.errors import MalformedReceipt
from creditbank.log.leaf import SALT_SIZE, Opening
from creditbank.log.note import MAX_NOTE_BYTES, VerifierKey, read_base64, write_base64
from creditbank.log.proof import verify_inclusion
from creditbank.log.tree import HASH_SIZE, MAX_SIZE

HEADER = "c2sp.org/tlog-proof@v1"
MEDIA_TYPE = "text/plain; charset=utf-8"
FILE_EXTENSION = ".tlog-proof"
MAX_RECEIPT_BYTES = MAX_NOTE_BYTES + 8_192
"""A receipt longer than this is refused unread."""
MAX_EXTRA = 1_024
"""Bytes of extra data allowed in a receipt; the bank's own holds 17."""
_MAX_PROOF = 63


@dataclass(frozen=True, slots=True)
class Receipt:
    """A leaf's index, its audit path, the signed checkpoint it leads to, and extra data that nothing vouches for.

    The bank puts the leaf's version and salt in `extra`: receipt and entry together open the commitment.
    """

    index: int
    proof: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def __post_init__(self) -> None:
        """Refuse what the format cannot carry; errors: `malformed_receipt`."""
        if not 0 <= self.index <= MAX_SIZE or len(self.proof) > _MAX_PROOF or len(self.extra) > MAX_EXTRA:
            raise MalformedReceipt(reason="its index, proof or extra data is out of range")
        if any(len(h) != HASH_SIZE for h in self.proof):
            raise MalformedReceipt(reason="a hash is not 32 bytes")
        if not self.checkpoint:
            raise MalformedReceipt(reason="it has no checkpoint")

    @classmethod
    def for_opening(cls, opening: Opening, index: int, proof: Iterable[bytes], checkpoint: bytes) -> Self:
        """The receipt as the bank gives it out: with the leaf's version and salt, without the entry."""
        return cls(index, tuple(proof), checkpoint, bytes([opening.version]) + opening.salt)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a receipt without trusting any of it; errors: `malformed_receipt`."""
        if len(data) > MAX_RECEIPT_BYTES:
            raise MalformedReceipt(reason="it is too long")
        head, _, checkpoint = data.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
            index, proof, extra = _read_head(lines)
        except ValueError:
            raise MalformedReceipt(reason="its head is not header, extra, index and hashes") from None
        return cls(index, proof, checkpoint, extra)

    def encode(self) -> bytes:
        """The receipt's bytes, for a file that ends in `.tlog-proof`."""
        extra = [f"extra {write_base64(self.extra)}"] if self.extra else []
        lines = [HEADER, *extra, f"index {self.index}", *map(write_base64, self.proof), "", ""]
        return "\n".join(lines).encode() + self.checkpoint

    def opening(self, entry: bytes) -> Opening:
        """The opening of the leaf, if this canonical entry is what it holds.

        Errors: `malformed_receipt` where the extra data is not a version and a salt, `malformed_leaf`.
        """
        if len(self.extra) != 1 + SALT_SIZE:
            raise MalformedReceipt(reason="its extra data is not a leaf's version and salt")
        return Opening(salt=self.extra[1:], entry=entry, version=self.extra[0])

    def check(
        self, entry: Opening | bytes, log: TrustedLog, *, witnesses: Iterable[VerifierKey] = (), quorum: int = 0
    ) -> SignedCheckpoint:
        """Show, with nothing but pinned public keys, that exactly this entry is number `index` of this log.

        1. The leaf hash from the opening; for plain entry bytes, with the salt from `extra`: see `opening`.
        2. The checkpoint is the pinned log's, and witnesses enough cosigned it: see `open_checkpoint`.
        3. The audit path leads from the leaf to the checkpoint's root: `inclusion_proof_invalid`.
        """
        opening = entry if isinstance(entry, Opening) else self.opening(entry)
        signed = open_checkpoint(self.checkpoint, log, witnesses=witnesses, quorum=quorum)
        head = signed.checkpoint
        verify_inclusion(self.index, head.size, opening.leaf_hash(), self.proof, head.root)
        return signed


def _read_head(lines: list[str]) -> tuple[int, tuple[bytes, ...], bytes]:
    """tlog-proof, "Format": header, perhaps extra, index, hashes. Errors: `ValueError`."""
    header, *rest = lines
    extra = read_base64(rest.pop(0).removeprefix("extra ")) if _is_extra(rest) else b""
    name, _, index = rest[0].partition(" ") if rest else ("", "", "")
    if header != HEADER or name != "index":
        raise ValueError("no header or no index")
    return read_decimal(index), tuple(map(read_base64, rest[1:])), extra


def _is_extra(rest: list[str]) -> bool:
    return bool(rest) and rest[0].startswith("extra ")
