"""Traps 3, 7 and 8: acknowledged is committed, committed is logged, and what was published is never taken back."""

import shutil
import uuid
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from creditbank.errors import BankError, SelfCheckFailed, Unavailable
from creditbank.gather import Acknowledgement, Gatherer
from creditbank.log.errors import LogError
from creditbank.postgres import url_for
from creditbank.recognising import Recognising
from creditbank.store.database import SERVICE
from tests.bank_world import World
from tests.security.attacks import everything, watched_world


def seen_by_others(admin_url: str, acknowledgement: Acknowledgement) -> tuple[int, int, int, int]:
    """What a connection of somebody else's sees: the deposit, its postings, its leaf, and the head."""
    with psycopg.connect(admin_url) as other:
        deposit = str(acknowledgement.outcome.deposit_id)
        row = other.execute(
            "SELECT (SELECT count(*) FROM bank.deposit WHERE deposit_id = %(d)s),"
            " (SELECT count(*) FROM bank.posting WHERE award_id = %(d)s),"
            " (SELECT count(*) FROM bank.leaf WHERE subject = %(s)s), (SELECT size FROM bank.head)",
            {"d": deposit, "s": deposit},
        ).fetchone()
    assert row is not None
    return row[0], row[1], row[2], row[3]


def test_trap_3_whoever_is_told_can_be_believed_by_everybody(world: World, admin_database_url: str) -> None:
    """In the very moment in which each future resolves, another connection sees all of it."""
    school, gatherer = world.school(), Gatherer(world.bank)
    items = [world.bank.prepare(world.issue(school)) for _ in range(8)]
    seen: list[tuple[int, int, int, int]] = []

    def look(future: "Future[Acknowledgement]") -> None:
        seen.append(seen_by_others(admin_database_url, future.result()))

    for item in items:
        gatherer.deposit(item).add_done_callback(look)
    gatherer.close()
    assert [row[:3] for row in seen] == [(1, 2, 1)] * 8
    published = world.bank.publisher.latest()
    assert published is not None
    assert published.checkpoint.size == world.counts()["leaves"] == seen[-1][3]


@contextmanager
def commits_that_fail(world: World, admin_url: str) -> Iterator[list[int]]:
    """The server ends the connection at the moment of the commit; what it then answers is its own doing."""
    ended: list[int] = []
    engine = world.bank._database._engine

    def end(connection: Any) -> None:
        pid = connection.connection.driver_connection.info.backend_pid
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        ended.append(pid)

    event.listen(engine, "commit", end)
    try:
        yield ended
    finally:
        event.remove(engine, "commit", end)


def test_trap_3_a_commit_that_fails_is_never_acknowledged(world: World, admin_database_url: str) -> None:
    school = world.school()
    items = [world.bank.prepare(world.issue(school)) for _ in range(2)]
    before = everything(world)
    gatherer = Gatherer(world.bank)
    with commits_that_fail(world, admin_database_url) as ended:
        futures = [gatherer.deposit(item) for item in items]
        for future in futures:
            with pytest.raises(Unavailable, match="database_unavailable"):
                future.result(timeout=30)
    gatherer.close()
    assert ended
    world.bank._database.close()  # connections that the server ended
    assert everything(world) == before
    assert [world.bank.deposit_many([item])[0].state for item in items] == ["credited", "credited"]  # type: ignore[union-attr]
    assert world.bank.audit().clean


def test_trap_3_the_answer_comes_after_the_publication(world: World) -> None:
    """Where the checkpoint cannot be published nobody is told anything; later the deposit is found on record."""
    posted = world.issue(world.school())
    store = world.bank.publisher.store
    broken = replace(world.bank.publisher, store=_FullDisk(store))
    world.bank.publisher, honest = broken, world.bank.publisher
    with pytest.raises(OSError, match="no space"):
        world.bank.deposit(posted)
    world.bank.publisher = honest
    world.bank.publish()
    assert world.bank.deposit(posted).repeated
    assert world.bank.audit().clean


class _FullDisk:
    def __init__(self, store: Any) -> None:
        self._store = store

    def latest(self) -> bytes | None:
        found: bytes | None = self._store.latest()
        return found

    def swap(self, _expected: bytes | None, _new: bytes) -> bool:
        raise OSError("no space left on device")


class Broken(Exception):
    """What goes wrong in the middle."""


@contextmanager
def salts_that_fail_after(world: World, good: int) -> Iterator[None]:
    """A salt is drawn for each leaf after its postings are written: the failure falls exactly between the two."""
    whole, left = world.bank.office, iter(range(good))

    def salt() -> bytes:
        if next(left, None) is None:
            raise Broken
        return whole.new_salt()

    world.bank.office = replace(whole, new_salt=salt)
    try:
        yield
    finally:
        world.bank.office = whole


@pytest.mark.parametrize("good", [0, 1, 2], ids=["7 the first leaf", "7 the second", "7 the third"])
def test_trap_7_a_failure_between_posting_and_leaf_leaves_nothing(world: World, good: int) -> None:
    school = world.school()
    items = [world.bank.prepare(world.issue(school)) for _ in range(3)]
    before = everything(world)
    with salts_that_fail_after(world, good), pytest.raises(Broken):
        world.bank.deposit_many(items)
    assert everything(world) == before
    assert len(world.bank.deposit_many(items)) == 3
    assert world.bank.audit().clean


def test_trap_7_nor_does_a_failure_in_a_recognition_or_a_revocation(world: World) -> None:
    school = world.school()
    posted = world.issue(school)
    book = world.bank.deposit(posted).book_id
    world.publish_pack()
    for good in (0, 1):
        before = everything(world)
        with salts_that_fail_after(world, good), pytest.raises(Broken):
            Recognising(world.bank).recognise(book, world.request())
        assert everything(world) == before
    Recognising(world.bank).recognise(book, world.request())
    claims = world.bank.verify(posted.data).verification.claims
    assert claims is not None
    for good in (0, 1, 2, 3):
        before = everything(world)
        with salts_that_fail_after(world, good), pytest.raises(Broken):
            world.bank.set_status(school, claims.credential_id, "revocation", value=True, reason="fraud")
        assert everything(world) == before
    assert world.bank.audit().clean


def test_trap_7_an_error_of_the_database_leaves_no_half_either(world: World, admin_database_url: str) -> None:
    """A leaf that cannot be written takes the postings with it, and the next leaf has the index it would have had."""
    item = world.bank.prepare(world.issue(world.school()))
    before = everything(world)
    with psycopg.connect(admin_database_url, autocommit=True) as admin:
        admin.execute(f"ALTER TABLE bank.leaf ADD CONSTRAINT closed CHECK (leaf_index < {before['head']}) NOT VALID")
        assert isinstance(world.bank.deposit_many([item])[0], BankError)
        admin.execute("ALTER TABLE bank.leaf DROP CONSTRAINT closed")
    assert everything(world) == before
    assert world.bank.deposit_many([item])[0].leaf_index == before["head"]  # type: ignore[union-attr]
    assert world.bank.audit().clean


@pytest.fixture
def backup(database_url: str, admin_database_url: str) -> Iterator[Any]:
    """A function that copies the bank's database as it stands and answers the copy's URL for the service."""
    source = admin_database_url.rpartition("/")[2].partition("?")[0]
    name = f"restored_{uuid.uuid4().hex}"
    server = url_for(admin_database_url, database="postgres")

    def take(world: World) -> str:
        world.bank._database.close()
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
            admin.execute(f"GRANT CONNECT ON DATABASE {name} TO {SERVICE}")
        return url_for(admin_database_url, role=SERVICE, database=name)

    yield take
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def test_trap_8_a_restored_backup_does_not_open(database_url: str, tmp_path: Path, backup: Any) -> None:
    with watched_world(database_url, tmp_path) as world:
        school = world.school()
        world.deposit(school)
        restored = backup(world)
        world.deposit(school)
    with pytest.raises(SelfCheckFailed) as refusal, watched_world(restored, tmp_path):
        pass
    assert refusal.value.code == "database_behind_checkpoint"
    with watched_world(database_url, tmp_path) as world:  # the true one still does
        assert world.bank.audit().clean


@pytest.mark.parametrize("more", [1, 2, 3], ids=["8 of the same size", "8 larger by one", "8 larger by two"])
def test_trap_8_a_restored_backup_that_went_on_is_a_fork_and_does_not_open(
    database_url: str, tmp_path: Path, backup: Any, more: int
) -> None:
    """Somebody restored the backup with its checkpoints, wrote postings, and then came back to the true checkpoints."""
    with watched_world(database_url, tmp_path) as world:
        school = world.school()
        world.deposit(school)
        restored = backup(world)
        shutil.copytree(tmp_path, tmp_path.with_name(f"{tmp_path.name}-old"))
        world.deposit(school)
        published = world.bank.publisher.store.latest()
    with watched_world(restored, tmp_path.with_name(f"{tmp_path.name}-old")) as other:
        other.number = 50
        for _ in range(more):
            other.deposit(school)
    with pytest.raises(LogError) as refusal, watched_world(restored, tmp_path):
        pass
    assert refusal.value.code == "log_forked"
    with watched_world(database_url, tmp_path) as world:
        assert world.bank.publisher.store.latest() == published
        assert world.bank.audit().clean


def test_trap_8_a_fork_that_is_open_already_publishes_and_acknowledges_nothing(
    database_url: str, tmp_path: Path, backup: Any
) -> None:
    """Two instances with one log key on two databases: whoever publishes second stops, before anybody is told."""
    with watched_world(database_url, tmp_path) as world:
        school = world.school()
        posted = [world.issue(school) for _ in range(2)]
        restored = backup(world)
        with watched_world(restored, tmp_path) as twin:
            world.bank.deposit(posted[0])
            with pytest.raises(LogError) as refusal:
                twin.bank.deposit(posted[1])
            assert refusal.value.code == "log_forked"
        assert world.bank.audit().clean


def test_trap_8_lost_checkpoints_do_not_begin_a_new_history(database_url: str, tmp_path: Path) -> None:
    with watched_world(database_url, tmp_path) as world:
        world.deposit(world.school())
    shutil.rmtree(tmp_path / "checkpoints")
    with pytest.raises(SelfCheckFailed) as refusal, watched_world(database_url, tmp_path):
        pass
    assert refusal.value.code == "checkpoints_missing"
