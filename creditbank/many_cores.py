"""Much work on all cores: results in the order of the work, memory flat, a few pieces under way at a time.

Each process is started afresh (`spawn`) and told once what it needs, so it makes no difference how processes are
started. An interrupt from the keyboard is for the parent alone, which then ends the others.
"""

import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import get_context
from typing import Any, TypeVar

from creditbank.errors import Unavailable
from creditbank.offline.many import cores

__all__ = ["cores", "in_order"]

P = TypeVar("P")
R = TypeVar("R")
AHEAD = 3
"""Pieces under way for each process: one at work, the next at hand."""
FEW = 2
"""Up to so many pieces, starting processes would take longer than the work."""


def in_order(
    begin: Callable[..., None], told: tuple[Any, ...], work: Callable[[P], R], pieces: Iterable[P], jobs: int = 0
) -> Generator[R, None, None]:
    """The result of each piece, in order. `begin(*told)` is called once in each process, then `work(piece)` in any.

    `jobs` processes, 0 for as many as there are cores. All three are functions of a module, which a new process can
    import. Raises Unavailable `worker_lost` where a process is ended from outside, and what `work` raises. Ending the
    iteration early ends the processes.
    """
    incoming = iter(pieces)
    first, workers = list(islice(incoming, FEW + 1)), jobs or cores()
    if len(first) <= FEW or workers == 1:
        begin(*told)
        yield from map(work, chain(first, incoming))
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), begin, told)
    try:
        yield from _drawn(pool, work, chain(first, incoming), workers * AHEAD)
    except BrokenProcessPool as error:
        raise Unavailable("worker_lost", "A process of this run was ended; start the run again to go on.") from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _drawn(pool: ProcessPoolExecutor, work: Callable[[P], R], pieces: Iterator[P], ahead: int) -> Iterator[R]:
    under_way: deque[Future[R]] = deque()
    for piece in pieces:
        with _starting():
            under_way.append(pool.submit(work, piece))
        if len(under_way) >= ahead:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()


@contextmanager
def _starting() -> Iterator[None]:
    """While processes may be started interrupts wait, and the processes inherit that."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
