"""Many at once, on a real database: one posting, one book, one use; the log stays dense, and every request ends."""

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest

from creditbank.errors import BankError, Conflict, NeedsApproval
from creditbank.gather import Gatherer
from creditbank.intake import Posted
from creditbank.log.checkpoint import check_extends, open_checkpoint
from creditbank.log.proof import assemble, plan_consistency
from creditbank.recognising import Recognising
from creditbank.store import Transaction, leaves, ledger
from creditbank.store.transaction import run
from tests.bank_world import ANNA, World, open_world
from tests.creditbank.persons import Person, deposit, held

T = TypeVar("T")


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
def second_bank(world: World, database_url: str, tmp_path: Path) -> Iterator[World]:
    """Another worker process's bank, as it were: its own connections, the same secrets and checkpoints."""
    with open_world(database_url, tmp_path) as opened:
        opened.now = world.now
        yield opened


def all_at_once(works: Sequence[Callable[[], T]], threads: int = 16) -> list[T | BaseException]:
    """What each piece of work gives or raises; they start together."""
    start = threading.Barrier(min(threads, len(works)))

    def attempt(number: int, work: Callable[[], T]) -> T | BaseException:
        if number < start.parties:
            start.wait(60)
        try:
            return work()
        except BaseException as error:
            return error

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(attempt, range(len(works)), works))


def counts(world: World) -> dict[str, int]:
    """How many rows stand in the tables that count."""

    def work(tx: Transaction) -> dict[str, int]:
        tables = ("deposit", "entry", "posting", "deposit_key")
        found = {table: run(tx, f"SELECT count(*) AS n FROM bank.{table}")[0].n for table in tables}
        return {**found, "books": run(tx, "SELECT count(*) AS n FROM bank.book")[0].n}

    return world.bank.run(work)


def assert_dense_and_consistent(world: World) -> None:
    """Every leaf has its index, the audit is clean, and each checkpoint ever published extends the one before."""
    assert world.bank.audit().findings == ()
    history, trusted = world.bank.publisher.store.history(), world.bank.publisher.trusted
    published = [open_checkpoint(signed, trusted).checkpoint for signed in history]
    assert [c.size for c in published] == sorted({c.size for c in published})
    for before, after in pairwise(c for c in published if c.size):
        plan = plan_consistency(before.size, after.size)
        found = world.bank.run(lambda tx, plan=plan: leaves.hashes(tx, plan.spans))  # type: ignore[misc]
        check_extends(before, after, assemble(plan, found))
    assert published[-1].size == world.bank.run(leaves.head).size


@pytest.mark.parametrize("by", ["key", "content"])
def test_the_same_deposit_sent_64_times_is_posted_once(world: World, by: str) -> None:
    """Under one Idempotency-Key, or under none and told by its content (L01, L05)."""
    signer = world.own_signer()
    posted = signer.post(signer.sign(signer.document()))
    key = "one-key" if by == "key" else None
    asked = Posted(posted.data, posted.media_type, posted.caller, idempotency_key=key)
    results = all_at_once([lambda: world.bank.deposit(asked)] * 64)
    assert [error for error in results if isinstance(error, BaseException)] == []
    assert len({result.deposit_id for result in results}) == 1  # type: ignore[union-attr]
    assert sum(not result.repeated for result in results) == 1  # type: ignore[union-attr]
    assert counts(world) == {"deposit": 1, "entry": 1, "posting": 2, "deposit_key": 1, "books": 1}
    assert_dense_and_consistent(world)


def test_a_reused_key_for_another_request_is_refused_whoever_comes_first(world: World) -> None:
    signer = world.own_signer()
    tokens = [signer.sign(signer.document()).encode() for _ in range(6)]
    asked = [Posted(token, None, signer.caller, idempotency_key="one-key") for token in tokens]
    results = all_at_once([lambda each=each: world.bank.deposit(each) for each in asked])  # type: ignore[misc]
    codes = sorted(result.code if isinstance(result, Conflict) else "booked" for result in results)
    assert codes == ["booked"] + ["idempotency_key_reused"] * 5
    assert counts(world)["entry"] == 1


def test_a_new_person_named_by_many_at_once_gets_one_book(world: World, second_bank: World) -> None:
    signer, person = world.own_signer(), Person()
    subjects = [person.by_did(), person.by_both()] * 8
    posted = [signer.post(signer.sign(signer.document(credits=Fraction(1), **subject))) for subject in subjects]
    banks = [world.bank, second_bank.bank] * 8
    results = all_at_once(
        [lambda b=bank, p=item: b.deposit(p) for bank, item in zip(banks, posted, strict=True)]  # type: ignore[misc]
    )
    assert [error for error in results if isinstance(error, BaseException)] == []
    assert len({result.book_id for result in results}) == 1  # type: ignore[union-attr]
    assert counts(world)["books"] == 1
    assert held(world, results[0].book_id) == {"ects": Fraction(16)}  # type: ignore[union-attr]
    assert_dense_and_consistent(world)


def test_of_two_programmes_that_compete_for_an_award_one_counts_it(world: World, second_bank: World) -> None:
    """Each recognition locks the book first, so the second sees the first's use (trap 5, L11)."""
    school = world.school()
    book = world.deposit(school).book_id
    world.publish_pack()
    requests = [world.request(programme) for programme in ("bachelor", "associate-2")] * 4
    banks = [world.bank, second_bank.bank] * 4
    results = all_at_once(
        [
            lambda b=bank, r=request: Recognising(b).recognise(book, r)
            for bank, request in zip(banks, requests, strict=True)
        ]  # type: ignore[misc]
    )
    assert [error for error in results if isinstance(error, BaseException)] == []
    uses = world.bank.run(lambda tx: ledger.standing_uses(tx, book))
    assert len(uses) == 1, "one award, one purpose, one use"
    balances = world.bank.statement(book, world.now.date()).balances
    assert sum(b.grains > 0 for b in balances if b.account.startswith("programme")) == 1
    assert held(world, book) == {}
    assert_dense_and_consistent(world)


def test_parallel_reissues_form_one_chain(world: World, second_bank: World) -> None:
    signer, credential, person = world.own_signer(), f"urn:uuid:{uuid4()}", Person()
    first = deposit(signer, person.by_did(), credential_id=credential, valid_from=world.now - timedelta(hours=2))
    documents = [
        signer.document(
            credential_id=credential,
            credits=Fraction(n + 1),
            valid_from=world.now - timedelta(minutes=60 - n),
            **person.by_did(),
        )
        for n in range(8)
    ]
    posted = [signer.post(signer.sign(document)) for document in documents]
    banks = [world.bank, second_bank.bank] * 4
    results = all_at_once(
        [lambda b=bank, p=item: b.deposit(p) for bank, item in zip(banks, posted, strict=True)]  # type: ignore[misc]
    )
    refused = [result for result in results if isinstance(result, BaseException)]
    assert all(isinstance(error, Conflict) and error.code == "already_recorded" for error in refused)
    record = world.learners.record(first.book_id)
    assert sorted(d.version for d in record) == list(range(1, 10 - len(refused)))
    assert [d.state for d in record].count("credited") == 1
    assert held(world, first.book_id) == {"ects": Fraction(8)}, "the newest is alive, whichever came first"
    assert_dense_and_consistent(world)


def test_one_held_deposit_promoted_by_many_is_credited_once(world: World, second_bank: World) -> None:
    newcomer, person = world.own_signer("newcomer", ()), Person()
    waiting = deposit(newcomer, person.by_did())
    row = world.administration.accreditations("newcomer")
    assert len(row) == 1
    world.bank.promote_all = lambda _did: []  # type: ignore[method-assign]
    world.accredit("newcomer", ("ects",))
    results = all_at_once([lambda b=b: b.promote(waiting.deposit_id) for b in [world.bank, second_bank.bank] * 5])  # type: ignore[misc]
    assert [error for error in results if isinstance(error, BaseException)] == []
    assert counts(world)["entry"] == 1
    assert_dense_and_consistent(world)


def test_two_workers_keep_one_dense_log(world: World, second_bank: World) -> None:
    """Two gatherers on one database: every acknowledged deposit has a receipt under a checkpoint that covers it."""
    school = world.school()
    items = [world.bank.prepare(world.issue(school, **Person().by_did())) for _ in range(60)]
    gatherers = [Gatherer(world.bank), Gatherer(second_bank.bank)]
    futures = [gatherers[n % 2].deposit(item) for n, item in enumerate(items)]
    answers = [future.result(60) for future in futures]
    for gatherer in gatherers:
        gatherer.close()
    assert len({answer.outcome.leaf_index for answer in answers}) == 60
    for answer in answers:
        assert answer.receipt.entry is not None
        answer.receipt.receipt.check(answer.receipt.entry, world.bank.publisher.trusted)
    assert_dense_and_consistent(world)


MERGES = [(0, 1), (1, 0), (2, 3), (1, 3)]
"""Source and target, by number of book: both ways round, and in a chain."""


def test_under_mixed_load_every_request_ends(world: World, second_bank: World) -> None:
    """Deposits, repeats, revocations, recognitions, promotions and merges over few books, from two workers (L28)."""
    chance = random.Random(5)
    school, newcomer = world.school(), world.own_signer("newcomer", ())
    world.publish_pack()
    persons = [Person() for _ in range(4)]
    posted = [world.issue(school, **person.by_did()) for person in persons for _ in range(3)]
    outcomes = [world.bank.deposit(item) for item in posted]
    ids = [claims.credential_id for item in posted if (claims := world.bank.verify(item.data).verification.claims)]
    waiting = [deposit(newcomer, person.by_did()) for person in persons]
    books = sorted({outcome.book_id for outcome in outcomes})
    fresh = [world.issue(school, **subject) for person in persons for subject in (person.by_did(), person.by_both())]
    works: list[Callable[[Any], Any]] = [
        *(lambda bank, item=item: bank.deposit(item) for item in [*fresh, *fresh, *posted[:4]]),
        *(
            lambda bank, i=i: bank.set_status(school, i, "revocation", value=True, reason="test")
            for i in [*ids[:4], *ids[:2]]
        ),
        *(lambda bank, book=book: Recognising(bank).recognise(book, world.request()) for book in books * 2),
        *(lambda bank, d=d: bank.promote(d.deposit_id) for d in waiting * 2),
        *(lambda bank, s=s, t=t: bank.merge(books[s], books[t], ANNA.client_id) for s, t in MERGES),
    ]
    chance.shuffle(works)
    banks = [world.bank, second_bank.bank]
    results = all_at_once(
        [lambda w=work, n=n: w(banks[n % 2]) for n, work in enumerate(works)],  # type: ignore[misc]
        threads=10,
    )
    odd = [
        error
        for error in results
        if isinstance(error, BaseException)
        and (not isinstance(error, BankError) or error.code in ("constraint", "too_contended", "database_unavailable"))
    ]
    assert odd == []
    assert any(isinstance(error, NeedsApproval | Conflict) or not isinstance(error, BaseException) for error in results)
    assert_dense_and_consistent(world)
