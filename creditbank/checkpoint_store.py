"""Where published checkpoints live: a directory outside the database and its backup, changed by compare-and-swap.

A database restored from a backup meets here the checkpoint that it had published since, cannot show that its log
extends it, and stops, instead of signing a second history. So keep the directory off the data folder and never
restore it to an older state. An empty directory beside a log that is not empty is a question for a person: the
caller has to ask it, for `latest` cannot tell a first start from a wiped disk.
"""

import fcntl
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

CHECKPOINT = "checkpoint"
"""The latest one, as it was signed; it can be served as a static file."""
HISTORY = "superseded"
"""Every earlier one, oldest first, each as base64 on a line of its own; only ever added to."""
_LOCK, _TEMPORARY = "lock", "checkpoint.new"
_BLOCK = 65_536


class CheckpointStore:
    """The latest checkpoint and all before it, in a directory on one machine (or on a file system with POSIX locks).

    Errors: `OSError` as the file system gives it; nothing is then known to be published.
    """

    def __init__(self, directory: Path) -> None:
        """Use this directory, made if it is not there."""
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        _sync_directory(directory.parent)

    def latest(self) -> bytes | None:
        """The checkpoint published last, or None before the first. Takes no lock: the file is replaced whole."""
        try:
            return (self._directory / CHECKPOINT).read_bytes()
        except FileNotFoundError:
            return None

    def history(self) -> Iterator[bytes]:
        """Every checkpoint published, oldest first, the latest at the end: the evidence if a fork is alleged."""
        with self._locked(), self._history() as history:
            latest, end = self.latest(), _end_of_last_line(history.fileno())
        with self._history() as history:  # read without the lock: what stands before `end` never changes
            history.seek(0)
            while history.tell() < end:
                checkpoint = b64decode(history.readline())
                if history.tell() < end or checkpoint != latest:
                    yield checkpoint
        if latest is not None:
            yield latest

    def swap(self, expected: bytes | None, new: bytes) -> bool:
        """Publish `new` if `expected` is still the latest; tell whether it was. Atomic across threads and processes.

        True means that it is durable. After a crash inside, the latest is either `expected` or `new`, never a part.
        """
        with self._locked():
            if self.latest() != expected:
                return False
            if expected is not None and expected != new:
                self._supersede(expected)
            self._publish(new)
            return True

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Alone in the directory. The lock dies with its process, so that a crash leaves nothing to clear away."""
        with (self._directory / _LOCK).open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _supersede(self, expected: bytes) -> None:
        """Write the outgoing checkpoint into the history first, so that replacing it never loses it."""
        line = b64encode(expected) + b"\n"
        with self._history() as history:
            end = _end_of_last_line(history.fileno())
            # A crash in the append below leaves a line without its end; it was never relied on, so it is cut off.
            history.truncate(end)
            if _tail(history.fileno(), end, len(line) + 1).removeprefix(b"\n") != line:
                history.write(line)
                history.flush()
            os.fsync(history.fileno())
        # A crash here leaves the outgoing checkpoint both latest and last in the history: the comparison above keeps
        # the next swap from writing it twice, and `history` from telling it twice.

    def _publish(self, new: bytes) -> None:
        temporary = self._directory / _TEMPORARY
        with temporary.open("wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        # A crash here leaves a temporary file that nobody reads and the next swap overwrites.
        temporary.replace(self._directory / CHECKPOINT)
        # A crash here leaves either name on disk: the caller was not told, and asks `latest` when it starts again.
        _sync_directory(self._directory)

    def _history(self) -> BinaryIO:
        return (self._directory / HISTORY).open("a+b")


def _end_of_last_line(descriptor: int) -> int:
    """The offset after the last newline, or 0."""
    end = os.fstat(descriptor).st_size
    while end:
        start = max(0, end - _BLOCK)
        newline = os.pread(descriptor, end - start, start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0


def _tail(descriptor: int, end: int, length: int) -> bytes:
    """The last bytes before `end`, at most `length` of them."""
    start = max(0, end - length)
    return os.pread(descriptor, end - start, start)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
