"""A leaf: a salted commitment to one canonical entry, and the opening that proves what was committed to."""

from dataclasses import dataclass
from hashlib import sha256

from creditbank.log.errors import MalformedLeaf
from creditbank.log.tree import leaf_hash

LEAF_VERSION = 1
"""The version of leaf that is written now. A new encoding takes the next number; old leaves stay as they are."""
SALT_SIZE = 16
"""Bytes of fresh randomness in each leaf; without them a guessed entry could be confirmed from the log."""
_KNOWN_VERSIONS = frozenset({1})


def commitment(version: int, salt: bytes, entry: bytes) -> bytes:
    """The log's data for one entry, 32 bytes: SHA-256(version byte ‖ salt ‖ canonical entry).

    Version and salt have fixed lengths, so that no two triples concatenate to the same bytes (M04).
    Errors: `malformed_leaf` for an unknown version or a salt that is not 16 bytes.
    """
    if version not in _KNOWN_VERSIONS:
        raise MalformedLeaf(reason="its version is not known")
    if len(salt) != SALT_SIZE:
        raise MalformedLeaf(reason=f"its salt is not {SALT_SIZE} bytes")
    return sha256(bytes([version]) + salt + entry).digest()


@dataclass(frozen=True, slots=True)
class Opening:
    """What turns a commitment back into a statement: version, 16 random bytes, canonical entry bytes.

    Deleting the salt forgets the entry: the log still verifies, and nobody can prove what the leaf said.
    """

    salt: bytes
    entry: bytes
    version: int = LEAF_VERSION

    def __post_init__(self) -> None:
        """Refuse what cannot be committed to; errors: `malformed_leaf`."""
        commitment(self.version, self.salt, b"")

    def commitment(self) -> bytes:
        """The leaf's data in the log, 32 bytes."""
        return commitment(self.version, self.salt, self.entry)

    def leaf_hash(self) -> bytes:
        """The leaf's hash in the tree, 32 bytes: SHA-256(0x00 ‖ commitment)."""
        return leaf_hash(self.commitment())
