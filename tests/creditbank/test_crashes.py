"""kill -9 at any moment: what was acknowledged is there, with its leaf and a checkpoint; what is there is whole."""

import os
import random
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from creditbank.bank import Bank
from creditbank.gather import Gatherer
from creditbank.store import leaves
from creditbank.transactions import deposits as transaction
from tests.bank_world import OwnSigner, open_world
from tests.creditbank.persons import Person

SHORT, LONG = 15, 150
ORPHANS = {
    "a deposit without its leaf": "SELECT deposit_id FROM bank.deposit d WHERE NOT EXISTS "
    "(SELECT FROM bank.leaf WHERE subject = d.deposit_id::text)",
    "a deposit without its entry": "SELECT deposit_id FROM bank.deposit d WHERE NOT EXISTS "
    "(SELECT FROM bank.posting p WHERE p.award_id = d.deposit_id)",
    "a leaf without its deposit": "SELECT subject FROM bank.leaf l WHERE subject ~ '^[0-9a-f-]{36}$' AND NOT EXISTS "
    "(SELECT FROM bank.deposit d WHERE d.deposit_id::text = l.subject)",
    "an identity without its deposit": "SELECT deposit_id FROM bank.deposit_key k WHERE NOT EXISTS "
    "(SELECT FROM bank.deposit d WHERE d.deposit_id = k.deposit_id)",
    "a hole in the log": "SELECT leaf_index FROM (SELECT leaf_index, row_number() OVER (ORDER BY leaf_index) - 1 AS n "
    "FROM bank.leaf) AS l WHERE leaf_index <> n",
    "a head that is not the log's": "SELECT size FROM bank.head WHERE size <> (SELECT count(*) FROM bank.leaf)",
}


@contextmanager
def another_process(work: Callable[[int], None]) -> Iterator[tuple[int, int]]:
    """A child that does the work and writes to a pipe: its process id, and the end to read from. It is reaped."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work(write_end)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(write_end)
    try:
        yield child, read_end
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(read_end)


def everything(read_end: int) -> bytes:
    """All that a dead child has written."""
    return b"".join(iter(lambda: os.read(read_end, 65_536), b""))


def depositing(url: str, folder: Path, key_of: OwnSigner) -> Callable[[int], None]:
    """Four callers deposit through a gatherer, and tell each acknowledgement as soon as they have it."""

    def work(pipe: int) -> None:
        with open_world(url, folder) as world:
            signer, gatherer = OwnSigner(world, key_of.caller, key_of.key, key_of.key_id), Gatherer(world.bank)
            os.write(pipe, b"open\n")

            def caller() -> None:
                while True:
                    document = signer.document(**Person().by_did())
                    answer = gatherer.deposit(world.bank.prepare(signer.post(signer.sign(document)))).result()
                    os.write(pipe, f"{answer.outcome.deposit_id} {answer.outcome.leaf_index}\n".encode())

            threads = [threading.Thread(target=caller) for _ in range(4)]
            for thread in threads:
                thread.start()
            threads[0].join()

    return work


def killed_while_depositing(url: str, folder: Path, signer: OwnSigner, chance: random.Random) -> list[tuple[UUID, int]]:
    """One life of a bank, ended some milliseconds after some acknowledgement: all those that got out before."""
    with another_process(depositing(url, folder, signer)) as (child, pipe):
        assert os.read(pipe, 5) == b"open\n", "the bank did not open after the last crash"
        told, enough = b"", chance.randrange(8)
        while told.count(b"\n") < enough:
            told += os.read(pipe, 65_536) or pytest.fail("the bank died by itself")
        time.sleep(chance.uniform(0, 0.05))
        os.kill(child, signal.SIGKILL)
        lines = (told + everything(pipe)).decode().splitlines()
    whole = [line.split() for line in lines if len(line.split()) == 2]
    return [(UUID(deposit), int(leaf)) for deposit, leaf in whole]


def orphans(admin_url: str) -> dict[str, list[object]]:
    with psycopg.connect(admin_url) as connection:
        found = {name: [row[0] for row in connection.execute(query.encode())] for name, query in ORPHANS.items()}
    return {name: rows for name, rows in found.items() if rows}


def prepare(url: str, folder: Path) -> OwnSigner:
    """A school that signs for itself; its bank is closed again, so that a child can be forked."""
    with open_world(url, folder) as world:
        return world.own_signer()


@pytest.mark.parametrize("kills", [SHORT, pytest.param(LONG, marks=pytest.mark.slow)])
def test_no_acknowledged_deposit_is_lost(
    database_url: str, admin_database_url: str, tmp_path: Path, kills: int, request: pytest.FixtureRequest
) -> None:
    """O01, M02: the long campaign runs where `-m slow` asks for it."""
    if kills == LONG and "slow" not in (request.config.option.markexpr or ""):
        pytest.skip("a long campaign: ask for it with -m slow")
    chance, signer = random.Random(kills), prepare(database_url, tmp_path)
    acknowledged: list[tuple[UUID, int]] = []
    for _ in range(kills):
        acknowledged += killed_while_depositing(database_url, tmp_path, signer, chance)
        assert orphans(admin_database_url) == {}
    assert len(acknowledged) > kills
    with open_world(database_url, tmp_path) as world:
        latest = world.bank.publisher.latest()
        assert latest is not None and latest.checkpoint.size == world.bank.run(leaves.head).size
        for deposit, leaf in acknowledged:
            proof = world.bank.receipt_of(str(deposit))
            assert proof.receipt.index == leaf and proof.entry is not None
            assert world.bank.stored(deposit).state == "credited"
        report = world.bank.audit()
        assert report.findings == ()
        assert report.entries >= len(acknowledged)


def dies(*_arguments: object, **_options: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


POINTS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], bool]] = {
    "before anything is written": (lambda m: m.setattr(transaction, "write", dies), False),
    "after the rows, before the log": (lambda m: m.setattr(transaction.logbook, "log", dies), False),
    "after the log, before the commit": (lambda m: m.setattr(transaction.requests, "release", dies), False),
    "after the commit, before the publication": (lambda m: m.setattr(Bank, "publish", dies), True),
    "after the publication, before the answer": (lambda m: m.setattr(Bank, "receipts", dies), True),
}


@pytest.mark.parametrize("point", POINTS)
def test_a_crash_leaves_the_whole_or_nothing(
    database_url: str, admin_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    """At every step of one deposit; the next start publishes what was committed, and asking again completes it once."""
    signer = prepare(database_url, tmp_path)
    token = signer.sign(signer.document())
    die, committed = POINTS[point]

    def work(_pipe: int) -> None:
        with open_world(database_url, tmp_path) as world:
            item = world.bank.prepare(signer.post(token))
            die(monkeypatch)
            Gatherer(world.bank).deposit(item).result(30)

    with another_process(work) as (child, pipe):
        assert everything(pipe) == b""
        assert os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT).si_status == signal.SIGKILL  # type: ignore[union-attr]
    assert orphans(admin_database_url) == {}
    with open_world(database_url, tmp_path) as world:
        head, latest = world.bank.run(leaves.head), world.bank.publisher.latest()
        assert latest is not None and latest.checkpoint.size == head.size
        assert (world.counts()["entries"] == 1) is committed
        assert world.bank.deposit(signer.post(token)).repeated is committed
        assert world.counts()["entries"] == 1
        assert world.bank.audit().findings == ()
