"""The checkpoint store: one winner among many, nothing lost, and whole files after a crash."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from creditbank.checkpoint_store import CHECKPOINT, HISTORY, CheckpointStore

COUNTER = """
import sys
from pathlib import Path
from creditbank.checkpoint_store import CheckpointStore

store, won = CheckpointStore(Path(sys.argv[1])), 0
while won < 15:
    latest = store.latest()
    won += store.swap(latest, b"%d" % (int(latest or 0) + 1))
"""


@pytest.fixture
def store(tmp_path: Path) -> CheckpointStore:
    return CheckpointStore(tmp_path / "outside" / "checkpoints")


def test_the_first_checkpoint_follows_none(store: CheckpointStore) -> None:
    assert store.latest() is None
    assert list(store.history()) == []
    assert store.swap(None, b"one")
    assert store.latest() == b"one"
    assert not store.swap(None, b"another first")


def test_only_he_who_knows_the_latest_replaces_it_and_all_are_kept(store: CheckpointStore) -> None:
    assert store.swap(None, b"one\n\n1\n")
    assert store.swap(b"one\n\n1\n", b"two")
    assert not store.swap(b"one\n\n1\n", b"forked two")
    assert store.swap(b"two", b"three")
    assert store.latest() == b"three"
    assert list(store.history()) == [b"one\n\n1\n", b"two", b"three"]


def test_another_process_finds_what_this_one_published(store: CheckpointStore, tmp_path: Path) -> None:
    store.swap(None, b"one")
    again = CheckpointStore(tmp_path / "outside" / "checkpoints")
    assert again.latest() == b"one"
    assert again.swap(b"one", b"two")
    assert list(store.history()) == [b"one", b"two"]


def test_publishing_the_same_again_changes_nothing(store: CheckpointStore) -> None:
    store.swap(None, b"one")
    assert store.swap(b"one", b"one")
    assert list(store.history()) == [b"one"]


def test_of_many_threads_one_wins(store: CheckpointStore) -> None:
    store.swap(None, b"base")
    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(lambda n: store.swap(b"base", b"%d" % n), range(24)))
    assert sum(won) == 1
    assert store.latest() == b"%d" % won.index(True)


def test_processes_that_race_lose_no_checkpoint(store: CheckpointStore, tmp_path: Path) -> None:
    command = [sys.executable, "-c", COUNTER, str(tmp_path / "outside" / "checkpoints")]
    racers = [subprocess.Popen(command, cwd=Path(__file__).parents[2]) for _ in range(3)]
    assert [racer.wait(timeout=60) for racer in racers] == [0, 0, 0]
    assert list(store.history()) == [b"%d" % n for n in range(1, 46)]


class TestAfterACrash:
    """Each test lays out what a crash at one place leaves behind, and goes on."""

    def test_in_the_middle_of_the_history_s_line(self, store: CheckpointStore, tmp_path: Path) -> None:
        store.swap(None, b"one")
        store.swap(b"one", b"two")
        with (tmp_path / "outside" / "checkpoints" / HISTORY).open("ab") as history:
            history.write(b"dHd")
        assert list(store.history()) == [b"one", b"two"]
        assert store.swap(b"two", b"three")
        assert list(store.history()) == [b"one", b"two", b"three"]

    def test_between_history_and_checkpoint(
        self, store: CheckpointStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store.swap(None, b"one")
        with monkeypatch.context() as crash:
            crash.setattr(Path, "replace", _die)
            with pytest.raises(_PowerFailure):
                store.swap(b"one", b"two")
        assert (tmp_path / "outside" / "checkpoints" / HISTORY).read_bytes() == b"b25l\n"
        assert store.latest() == b"one"
        assert list(store.history()) == [b"one"]
        assert store.swap(b"one", b"another two")
        assert list(store.history()) == [b"one", b"another two"]

    def test_before_the_directory_was_synced(self, store: CheckpointStore, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as crash:
            crash.setattr(os, "open", _die)
            with pytest.raises(_PowerFailure):
                store.swap(None, b"one")
        assert store.latest() in (None, b"one")
        assert store.swap(store.latest(), b"two")


def test_a_history_longer_than_one_block_is_read_from_its_end(store: CheckpointStore) -> None:
    long = [bytes([n]) * 60_000 for n in range(4)]
    latest = None
    for checkpoint in long:
        assert store.swap(latest, checkpoint)
        latest = checkpoint
    assert list(store.history()) == long


def test_the_latest_can_be_served_as_a_file(store: CheckpointStore, tmp_path: Path) -> None:
    store.swap(None, b"one")
    assert (tmp_path / "outside" / "checkpoints" / CHECKPOINT).read_bytes() == b"one"


class _PowerFailure(BaseException):
    """Not an `Exception`: nothing on the way may catch it."""


def _die(*_: object, **__: object) -> None:
    raise _PowerFailure
