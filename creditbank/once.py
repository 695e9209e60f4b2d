"""A change that is carried out once: its answer is kept under the caller's `Idempotency-Key`, in the same transaction.

Deposits have this from the gatherer. Here is the same for every other change: a bank that stands for one request.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from creditbank.bank import Bank
from creditbank.errors import Conflict
from creditbank.store import Transaction, requests
from creditbank.store.requests import RequestKey

T = TypeVar("T")


class AnsweredBefore(Exception):
    """The request was carried out earlier: `answer` is what was said then. Nothing was done now."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        super().__init__("the request was answered before")
        self.answer = answer


class KeyedBank(Bank):
    """The bank as one request under an `Idempotency-Key` sees it; it shares everything with the bank it stands for.

    The request's first change takes the key and keeps the answer, so both are there or neither is: a crash before the
    commit leaves the key free. Whoever comes second waits for the first, then raises `AnsweredBefore`, or Conflict
    `idempotency_key_reused` where the question was another.
    """

    def __init__(self, bank: Bank, request: RequestKey, answer_of: Callable[[Any], Mapping[str, Any]]) -> None:
        self.__dict__.update(bank.__dict__)
        self._request: RequestKey | None = request
        self._answer_of = answer_of

    def change(self, work: Callable[[Transaction], T]) -> T:
        """The first change carries the key; what follows from it is done as ever."""
        request, self._request = self._request, None
        if request is None:
            return super().change(work)
        return super().change(lambda tx: self._once(tx, request, work))

    def recall(self) -> "KeyedBank":
        """Itself, where nothing was answered under the key yet: what was done once is not looked at again.

        What has changed since (a quote that ran out, rules that were published) does not change an answer that was
        given. Raises AnsweredBefore; Conflict `idempotency_key_reused`.
        """
        request = self._request
        earlier = self.run(lambda tx: requests.known(tx, request)) if request is not None else None
        if isinstance(earlier, Conflict):
            raise earlier
        if earlier is not None:
            raise AnsweredBefore(earlier)
        return self

    def _once(self, tx: Transaction, request: RequestKey, work: Callable[[Transaction], T]) -> T:
        earlier = requests.reserve(tx, [request]).get(request)
        if isinstance(earlier, Conflict):
            raise earlier
        if earlier is not None:
            raise AnsweredBefore(earlier)
        done = work(tx)
        requests.answer(tx, {request: self._answer_of(done)})
        return done
