"""A backup restored beside checkpoints that are newer: the bank stops, loudly, instead of telling a second history."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from creditbank.errors import SelfCheckFailed
from creditbank.log.errors import LogForked
from creditbank.postgres import url_for
from creditbank.store.database import SERVICE
from tests.bank_world import OwnSigner, World, open_world


@pytest.fixture
def backup(admin_database_url: str) -> Iterator[Callable[[], str]]:
    """Copy the test's database, page by page, as it is now; the copy's address, as the service's role."""
    server = url_for(admin_database_url, database="postgres")
    with psycopg.connect(server, autocommit=True) as admin, ExitStack() as undo:
        source = psycopg.conninfo.conninfo_to_dict(admin_database_url)["dbname"]

        def copy() -> str:
            name = f"backup_{uuid4().hex}"
            names = {"name": sql.Identifier(name), "source": sql.Identifier(str(source))}
            admin.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {source} STRATEGY wal_log").format(**names))
            undo.callback(admin.execute, sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**names))
            return url_for(admin_database_url, role=SERVICE, database=name)

        yield copy


def deposits(url: str, folder: Path, count: int) -> OwnSigner:
    """Open the bank, let a new school deposit, close it."""
    with open_world(url, folder) as world:
        signer = world.own_signer(f"school-{uuid4().hex[:8]}")
        for _ in range(count):
            world.bank.deposit(signer.post(signer.sign(signer.document())))
        return signer


def opens(url: str, folder: Path) -> World:
    with open_world(url, folder) as world:
        return world


def test_a_backup_older_than_the_last_checkpoint_does_not_open(
    database_url: str, tmp_path: Path, backup: Callable[[], str]
) -> None:
    deposits(database_url, tmp_path, 2)
    restored = backup()
    deposits(database_url, tmp_path, 1)
    with pytest.raises(SelfCheckFailed, match="database_behind_checkpoint"):
        opens(restored, tmp_path)


@pytest.mark.parametrize("more", [1, 4], ids=["to the same size", "beyond"])
def test_a_backup_that_went_on_by_itself_cannot_publish(
    database_url: str, tmp_path: Path, backup: Callable[[], str], more: int
) -> None:
    """As many leaves or more, but others: no proof leads from what was published to them (M05, M07)."""
    deposits(database_url, tmp_path, 2)
    restored, elsewhere = backup(), tmp_path / "elsewhere"
    shutil.copytree(tmp_path / "checkpoints", elsewhere / "checkpoints")
    shutil.copytree(tmp_path / "keys", elsewhere / "keys")
    deposits(database_url, tmp_path, 1)
    deposits(restored, elsewhere, more)
    before = (tmp_path / "checkpoints" / "checkpoint").read_bytes()
    with pytest.raises(LogForked):
        opens(restored, tmp_path)
    assert (tmp_path / "checkpoints" / "checkpoint").read_bytes() == before
    assert opens(database_url, tmp_path).now, "the true one goes on"


def test_a_bank_that_lost_its_checkpoints_does_not_open(database_url: str, tmp_path: Path) -> None:
    deposits(database_url, tmp_path, 1)
    shutil.rmtree(tmp_path / "checkpoints")
    with pytest.raises(SelfCheckFailed, match="checkpoints_missing"):
        opens(database_url, tmp_path)


@pytest.mark.parametrize("count", [1, 3, 5], ids=["behind", "as far", "beyond"])
def test_a_fork_that_runs_already_acknowledges_nothing(
    database_url: str, tmp_path: Path, backup: Callable[[], str], count: int
) -> None:
    """Two databases, one store of checkpoints: who publishes second gets no acknowledgement out, however far it is."""
    school = deposits(database_url, tmp_path, 1)
    restored = backup()
    with open_world(restored, tmp_path) as fork, open_world(database_url, tmp_path) as true:
        signers = [OwnSigner(world, school.caller, school.key, school.key_id) for world in (fork, true)]
        items = [
            [world.bank.prepare(signer.post(signer.sign(signer.document()))) for _ in range(number)]
            for world, signer, number in zip((fork, true), signers, (3, count), strict=True)
        ]
        fork.bank.deposit_many(items[0])
        with pytest.raises(LogForked):
            true.bank.deposit_many(items[1])
