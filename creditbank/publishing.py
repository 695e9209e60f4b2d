"""Signing the head of the log and publishing it, after the commit and before anybody is told.

Order: commit → prove consistency with the last checkpoint → sign → publish by compare-and-swap → answer. A crash after
the commit leaves an unpublished tail, which the next publication (or the next start) covers; nothing is lost by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from creditbank.checkpoint_store import CheckpointStore
from creditbank.errors import SelfCheckFailed
from creditbank.log.checkpoint import Checkpoint, SignedCheckpoint, TrustedLog, check_extends, open_checkpoint
from creditbank.log.errors import LogForked
from creditbank.log.proof import Span, assemble, plan_consistency
from creditbank.log.tree import Frontier
from creditbank.vault import Vault

Hashes = Mapping[tuple[int, int], bytes]


@dataclass(frozen=True, slots=True)
class Publisher:
    """The log's voice: its origin, its key, and the place outside the database where the last word stands."""

    origin: str
    vault: Vault
    store: CheckpointStore

    @property
    def trusted(self) -> TrustedLog:
        """The log as a verifier pins it."""
        return TrustedLog(self.vault.log_verifier(self.origin))

    def latest(self) -> SignedCheckpoint | None:
        """The last published checkpoint, checked against the log's own key."""
        published = self.store.latest()
        return open_checkpoint(published, self.trusted) if published else None

    def size_of(self, checkpoint: bytes) -> int:
        """How many leaves a checkpoint of this log covers."""
        return open_checkpoint(checkpoint, self.trusted).checkpoint.size

    def needed(self, last: SignedCheckpoint | None, head: Frontier) -> tuple[Span, ...]:
        """The stored hashes that the consistency proof from the last checkpoint to `head` is made of."""
        size = last.checkpoint.size if last else 0
        return plan_consistency(size, head.size).spans if 0 < size < head.size else ()

    def publish(self, head: Frontier, hashes: Hashes) -> bytes:
        """Publish `head`, or what another process published that covers it; the signed checkpoint that stands now.

        Raises LogForked where the last checkpoint is not a prefix of this log: a restored backup stops here, loudly.
        """
        while True:
            before = self.store.latest()
            last = open_checkpoint(before, self.trusted).checkpoint if before else None
            if before and last and last.size >= head.size:
                _same_if_equal(last, head)
                return before
            new = Checkpoint(self.origin, head.size, head.root())
            if last:
                check_extends(last, new, _proof(last, new, hashes))
            signed = new.signed_by(self.vault.log_verifier(self.origin), self.vault.log_key)
            if self.store.swap(before, signed):
                return signed

    def check_covers(self, checkpoint: bytes, head: Frontier, hashes: Hashes) -> None:
        """Raise LogForked unless a checkpoint that another process published is one of this log, as far as `head`.

        `head` is read after it was published, so that a smaller one is another database's.
        """
        last = open_checkpoint(checkpoint, self.trusted).checkpoint
        if last.size > head.size:
            raise LogForked(origin=self.origin, older=head.size, newer=last.size)
        here = Checkpoint(self.origin, head.size, head.root())
        check_extends(last, here, _proof(last, here, hashes) if last.size < here.size else [])

    def check_start(self, head: Frontier) -> None:
        """A bank with leaves and no checkpoint at all has lost its memory of what it promised: it does not open.

        Raises SelfCheckFailed `checkpoints_missing`, `database_behind_checkpoint`.
        """
        last = self.latest()
        if last is None and head.size:
            raise SelfCheckFailed("checkpoints_missing", "The log has leaves, but no checkpoint was found.")
        if last and last.checkpoint.size > head.size:
            raise SelfCheckFailed(
                "database_behind_checkpoint", "The database is older than what was published: a restored backup?"
            )


def _same_if_equal(last: Checkpoint, head: Frontier) -> None:
    if last.size == head.size:
        check_extends(last, Checkpoint(last.origin, head.size, head.root()), [])


def _proof(last: Checkpoint, new: Checkpoint, hashes: Hashes) -> list[bytes]:
    return assemble(plan_consistency(last.size, new.size), hashes) if last.size else []
