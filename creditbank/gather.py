"""The gatherer: deposits that arrive together are booked together, in one transaction with one publication.

One writer thread a process takes whatever stands in the queue, without a timer: an idle bank answers at once, a busy
one makes larger groups. The queue is bounded; when it is full the caller hears so at once (503) and nothing is lost.
"""

import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from creditbank.bank import Bank, LoggedReceipt
from creditbank.errors import BankError, Unavailable
from creditbank.transactions.prepared import DepositOutcome, PreparedDeposit

MAX_GROUP = 500


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What a depositor is told: the outcome, and the receipt under the checkpoint published for it.

    `discreet`: without the learner's book and the log entry that names it.
    """

    outcome: DepositOutcome
    receipt: LoggedReceipt
    discreet: bool = False


@dataclass(frozen=True, slots=True)
class _Waiting:
    item: PreparedDeposit
    future: "Future[Acknowledgement]" = field(default_factory=Future)


class Gatherer:
    """Collects prepared deposits into groups. A future ends with an acknowledgement, after commit and publication."""

    def __init__(self, bank: Bank, queue_size: int = 1000) -> None:
        self._bank = bank
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(queue_size)
        self._closing = False
        self._door = threading.Lock()  # so that nothing is queued behind the word to stop, where nobody would book it
        self._thread = threading.Thread(target=self._work, name="gatherer", daemon=True)
        self._thread.start()

    def deposit(self, item: PreparedDeposit) -> "Future[Acknowledgement]":
        """Queue a deposit. The future raises what refuses it; cancelled before its turn, nothing is booked for it.

        Raises Unavailable `queue_full`, `closing` at once.
        """
        waiting = _Waiting(item)
        with self._door:
            if self._closing:
                raise Unavailable("closing", "The bank is closing; please try again shortly.")
            try:
                self._queue.put_nowait(waiting)
            except queue.Full:
                raise Unavailable("queue_full", "The bank is busy; please try again shortly.") from None
        return waiting.future

    def close(self) -> None:
        """Book what stands in the queue, then stop; whoever comes later is told so."""
        with self._door:
            first, self._closing = not self._closing, True
        if first:
            self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        while True:
            taken, last = self._group()
            # From here on nobody can call off: a future cancelled later would refuse its answer and stop this thread.
            group = [waiting for waiting in taken if waiting.future.set_running_or_notify_cancel()]
            if group:
                self._book(group)
            if last:
                return

    def _group(self) -> tuple[list[_Waiting], bool]:
        """Wait for one, then take all that stand there."""
        group: list[_Waiting] = []
        waiting = self._queue.get()
        while waiting is not None:
            group.append(waiting)
            if len(group) == MAX_GROUP:
                return group, False
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _book(self, group: Sequence[_Waiting]) -> None:
        """Book and answer. Whatever goes wrong ends in the futures: a waiting caller is never left without a word."""
        try:
            results = self._bank.deposit_many([waiting.item for waiting in group])
            outcomes = [result for result in results if isinstance(result, DepositOutcome)]
            indexes = list(dict.fromkeys(outcome.leaf_index for outcome in outcomes))
            receipts = dict(zip(indexes, self._bank.receipts(indexes, self._bank.checkpoint()), strict=True))
        except Exception as error:
            for waiting in group:
                waiting.future.set_exception(error)
            return
        for waiting, result in zip(group, results, strict=True):
            if isinstance(result, BankError):
                waiting.future.set_exception(result)
            else:
                waiting.future.set_result(Acknowledgement(result, receipts[result.leaf_index], waiting.item.discreet))
