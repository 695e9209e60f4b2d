"""Many files on all cores: results in the order of the files, memory flat, one broken file never in the way of others.

Each process reads its files itself and gets the trust bundle once, as bytes, when it starts; so it makes no difference
how processes are started. At most a few files a process are under way at a time.
"""

import os
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from itertools import chain, islice
from multiprocessing import get_context
from typing import Final

from credentials.read import MEDIA_TYPES
from credentials.report import Report
from credentials.report_sentences import DEFAULT
from creditbank.errors import BankError
from creditbank.offline.items import LONGEST, Item, Trouble, read_file
from creditbank.offline.judging import Judge
from creditbank.offline.network import examiner, fetcher
from creditbank.offline.presented import NOT_ASKED, Occasion
from creditbank.trust_bundle import read_bundle
from issuers.errors import IssuerError
from issuers.fetch import Fetcher

FEW: Final = 256
"""Up to so many files, starting processes would take longer than verifying."""
_AHEAD: Final = 4


@dataclass(frozen=True, slots=True)
class Task:
    """How to verify: what every process is told once. `hosts`: None for no network, empty for any host."""

    bundle: bytes | None = None
    pin: str | None = None
    at: datetime | None = None
    language: str = DEFAULT
    hosts: frozenset[str] | None = None
    occasion: Occasion = NOT_ASKED


@dataclass(frozen=True, slots=True)
class Judged:
    """One item's report with the SHA-256 of its bytes, or what is in the way of one."""

    name: str
    sha256: str | None = None
    report: Report | None = None
    trouble: Trouble | None = None


class Desk:
    """One process at work on a task. Making it raises what `read_bundle` raises."""

    def __init__(self, task: Task) -> None:
        self._task = task
        examine = None if task.hosts is None else examiner(self._fetcher, task.at)
        trust = None if task.bundle is None else read_bundle(task.bundle, task.pin)
        self._judge = Judge(trust, task.at, task.language, examine, task.occasion)

    @cached_property
    def _fetcher(self) -> Fetcher:
        return fetcher(self._task.hosts or frozenset())

    def judged(self, item: Item) -> Judged:
        """One item. Whatever goes wrong with it is its own trouble."""
        if item.trouble:
            return Judged(item.name, trouble=item.trouble)
        try:
            data = self._data(item)
            return Judged(item.name, sha256(data).hexdigest(), self._judge.report(data))
        except OSError as trouble:
            return Judged(item.name, trouble=Trouble("file_unreadable", trouble.strerror or "It cannot be read."))
        except (BankError, IssuerError) as refused:
            return Judged(item.name, trouble=Trouble(refused.code, refused.message))
        except Exception as fault:  # a fault of ours with one file must not cost the answers on all others
            return Judged(item.name, trouble=Trouble("internal_error", f"The program failed ({type(fault).__name__})."))

    def _data(self, item: Item) -> bytes:
        if item.data is not None:
            return item.data
        if item.path is not None:
            return read_file(item.path)
        return self._fetcher.get(item.url or "", max_bytes=LONGEST, accept=tuple(MEDIA_TYPES)).body


def judge_all(found: Iterable[Item], task: Task, jobs: int | None = None) -> Generator[Judged, None, None]:
    """Every item judged, in order; `jobs` processes, by default as many as there are cores.

    Raises what `Desk` raises before anything is judged. Ending the iteration early ends the processes.
    """
    desk, incoming = Desk(task), iter(found)
    first, workers = list(islice(incoming, FEW + 1)), jobs or cores()
    if len(first) <= FEW or workers == 1:
        yield from map(desk.judged, chain(first, incoming))
        return
    crew = _Crew(task, workers)
    try:
        yield from _in_order(chain(first, incoming), crew, workers * _AHEAD)
    finally:
        crew.dismiss()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _in_order(found: Iterator[Item], crew: "_Crew", ahead: int) -> Iterator[Judged]:
    under_way: deque[tuple[Item, Future[Judged]]] = deque()
    for item in found:
        under_way.append((item, crew.submit(item)))
        if len(under_way) >= ahead:
            yield crew.result(*under_way.popleft())
    while under_way:
        yield crew.result(*under_way.popleft())


class _Crew:
    """The processes. One that dies (killed, out of memory) takes the others with it: they are started anew."""

    def __init__(self, task: Task, workers: int) -> None:
        self._task, self._workers = task, workers
        self._pool = self._started(workers)

    def submit(self, item: Item) -> "Future[Judged]":
        with _starting():
            try:
                return self._pool.submit(_work, item)
            except BrokenProcessPool:
                self._pool = self._started(self._workers)
                return self._pool.submit(_work, item)

    def result(self, item: Item, future: "Future[Judged]") -> Judged:
        try:
            return future.result()
        except BrokenProcessPool:
            return self._alone(item)

    def _alone(self, item: Item) -> Judged:
        """In a process of its own, to tell the file that ends processes from those that were beside it."""
        with self._started(1) as pool:
            try:
                with _starting():
                    future = pool.submit(_work, item)
                return future.result()
            except BrokenProcessPool:
                return Judged(item.name, trouble=Trouble("worker_lost", "The process that read this file was ended."))

    def dismiss(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _started(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, get_context("spawn"), _begin, (self._task,))


@contextmanager
def _starting() -> Iterator[None]:
    """While processes are started interrupts wait, and the processes inherit that: an interrupt from the keyboard is
    for the parent alone, which then ends them.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_DESKS: Final[list[Desk]] = []


def _begin(task: Task) -> None:
    """What a process does first."""
    _DESKS[:] = [Desk(task)]


def _work(item: Item) -> Judged:
    return _DESKS[0].judged(item)
