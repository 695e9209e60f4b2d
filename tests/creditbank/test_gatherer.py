"""The gatherer: groups as they stand, a bad item alone, a bounded queue, and no caller ever left without a word."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from creditbank.bank import Bank
from creditbank.errors import BankError, Unavailable
from creditbank.gather import Acknowledgement, Gatherer
from creditbank.transactions.deposits import Result
from creditbank.transactions.prepared import PreparedDeposit
from tests.bank_world import World, open_world


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(database_url, tmp_path) as opened:
        yield opened


class SlowBank:
    """The real bank behind a door: groups are counted, and the first waits until the test opens the door."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self.groups: list[int] = []
        self.door = threading.Event()
        self.entered = threading.Event()
        self.failure: Exception | None = None

    def deposit_many(self, items: Sequence[PreparedDeposit]) -> list[Result]:
        self.groups.append(len(items))
        self.entered.set()
        assert self.door.wait(30)
        return self._bank.deposit_many(items)

    def checkpoint(self) -> bytes:
        if self.failure:
            raise self.failure
        return self._bank.checkpoint()

    def receipts(self, indexes: Sequence[int], checkpoint: bytes) -> Any:
        return self._bank.receipts(indexes, checkpoint)


@pytest.fixture
def slow(world: World) -> SlowBank:
    return SlowBank(world.bank)


def prepared(world: World, count: int) -> list[PreparedDeposit]:
    school = world.school()
    return [world.bank.prepare(world.issue(school)) for _ in range(count)]


def behind_the_door(slow: SlowBank, gatherer: Gatherer, item: PreparedDeposit) -> "Future[Acknowledgement]":
    """One deposit that is being booked, so that whatever comes next has to queue."""
    future = gatherer.deposit(item)
    assert slow.entered.wait(30)
    return future


def test_what_arrives_together_is_booked_together(world: World, slow: SlowBank) -> None:
    gatherer = Gatherer(slow)  # type: ignore[arg-type]
    first, *others = prepared(world, 6)
    futures = [behind_the_door(slow, gatherer, first), *map(gatherer.deposit, others)]
    slow.door.set()
    answers = [future.result(30) for future in futures]
    gatherer.close()
    assert slow.groups == [1, 5]
    assert [answer.outcome.state for answer in answers] == ["credited"] * 6
    for answer in answers:
        assert answer.receipt.entry is not None
        answer.receipt.receipt.check(answer.receipt.entry, world.bank.publisher.trusted)
    assert world.bank.audit().clean


def test_a_bad_item_fails_alone(world: World, slow: SlowBank) -> None:
    """Other content under a taken id, and facts that the database cannot store: the neighbours are credited."""
    signer = world.own_signer()
    taken = signer.document(credits=Fraction(2))
    world.bank.deposit(signer.post(signer.sign(taken)))
    other = signer.document(credits=Fraction(9), credential_id=taken["id"])
    documents = [signer.document() for _ in range(4)]
    documents[1] = {**other, "validFrom": taken["validFrom"]}
    items = [world.bank.prepare(signer.post(signer.sign(document))) for document in documents]
    items[2] = replace(items[2], facts={**items[2].facts, "title": {"en": "a NUL: \x00"}})
    gatherer = Gatherer(slow)  # type: ignore[arg-type]
    gate = behind_the_door(slow, gatherer, world.bank.prepare(world.issue(world.school())))
    futures = [gatherer.deposit(item) for item in items]
    slow.door.set()
    gate.result(30)
    codes = [error.code if isinstance(error := f.exception(30), BankError) else error for f in futures]
    assert codes == [None, "already_recorded", "not_storable", None]
    assert [futures[n].result().outcome.state for n in (0, 3)] == ["credited", "credited"]
    gatherer.close()
    assert world.bank.audit().clean


def test_a_full_queue_says_so_at_once(world: World, slow: SlowBank) -> None:
    gatherer = Gatherer(slow, queue_size=2)  # type: ignore[arg-type]
    first, *others = prepared(world, 4)
    futures = [behind_the_door(slow, gatherer, first), gatherer.deposit(others[0]), gatherer.deposit(others[1])]
    with pytest.raises(Unavailable, match="queue_full"):
        gatherer.deposit(others[2])
    slow.door.set()
    assert [future.result(30).outcome.state for future in futures] == ["credited"] * 3
    gatherer.close()


def test_closing_books_what_stands_in_the_queue_and_takes_no_more(world: World, slow: SlowBank) -> None:
    gatherer = Gatherer(slow)  # type: ignore[arg-type]
    first, *others = prepared(world, 4)
    futures = [behind_the_door(slow, gatherer, first), gatherer.deposit(others[0]), gatherer.deposit(others[1])]
    closing = threading.Thread(target=gatherer.close)
    closing.start()
    slow.door.set()
    closing.join(30)
    assert [future.result(0).outcome.state for future in futures] == ["credited"] * 3
    with pytest.raises(Unavailable, match="closing"):
        gatherer.deposit(others[2])


def test_whoever_hangs_up_harms_nobody_else(world: World, slow: SlowBank) -> None:
    """A client that disconnects cancels its future, before its turn or in the midst of it."""
    gatherer = Gatherer(slow)  # type: ignore[arg-type]
    first, second, third, fourth = prepared(world, 4)
    in_the_midst = behind_the_door(slow, gatherer, first)
    before_its_turn, patient = gatherer.deposit(second), gatherer.deposit(third)
    assert not in_the_midst.cancel(), "what is being booked is not called off"
    assert before_its_turn.cancel()
    slow.door.set()
    assert patient.result(30).outcome.state == "credited"
    assert gatherer.deposit(fourth).result(30).outcome.state == "credited"
    gatherer.close()
    assert world.counts()["entries"] == 3, "called off in time, nothing was booked for it"


@pytest.mark.parametrize("failure", [OSError("disk gone"), Unavailable("too_contended", "Try again.")])
def test_a_failure_of_publication_answers_every_caller(world: World, slow: SlowBank, failure: Exception) -> None:
    gatherer = Gatherer(slow)  # type: ignore[arg-type]
    first, *others = prepared(world, 3)
    futures = [behind_the_door(slow, gatherer, first), *map(gatherer.deposit, others)]
    slow.failure = failure
    slow.door.set()
    assert [future.exception(30) for future in futures] == [failure] * 3
    slow.failure = None
    again = gatherer.deposit(first).result(30)
    assert again.outcome.repeated, "it was booked, only not published: asked again, it is told and proved"
    gatherer.close()
    assert world.bank.audit().clean
