"""kill -9 of the database itself, under load: every caller gets an answer, and what was acknowledged is still there."""

import contextlib
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from creditbank.errors import Unavailable
from creditbank.gather import Acknowledgement, Gatherer
from creditbank.postgres import ensure_running, stop, url_for
from creditbank.store import Transaction
from creditbank.store.database import SERVICE, init_roles, migrate
from creditbank.transactions.prepared import DepositOutcome
from tests.bank_world import World, open_world
from tests.creditbank.persons import Person


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder of this test's own, which the server's user may reach."""
    folder = Path(tempfile.mkdtemp(prefix="creditbank-test-"))
    folder.chmod(0o711)
    yield folder / "data"
    stop(folder / "data")
    shutil.rmtree(folder)


def prepared_server(data_dir: Path) -> str:
    """A migrated bank's database on a server of its own; the service's address."""
    url = ensure_running(data_dir)
    init_roles(url)
    migrate(url_for(url, database="creditbank"))
    return url_for(url, role=SERVICE, database="creditbank")


def kill_server(data_dir: Path) -> None:
    """End the postmaster without warning; its backends follow."""
    process = int(next(data_dir.rglob("postmaster.pid")).read_text().splitlines()[0])
    os.kill(process, signal.SIGKILL)


def acknowledged(futures: "list[Future[Acknowledgement]]") -> list[UUID]:
    return [future.result().outcome.deposit_id for future in futures if future.exception() is None]


def test_a_dead_database_loses_nothing_and_hangs_nobody(data_dir: Path, tmp_path: Path) -> None:
    with open_world(prepared_server(data_dir), tmp_path) as world:
        signer, gatherer = world.own_signer(), Gatherer(world.bank)
        documents = [signer.document(**Person().by_did()) for _ in range(60)]
        items = [world.bank.prepare(signer.post(signer.sign(document))) for document in documents]
        futures = [gatherer.deposit(item) for item in items[:20]]
        wait(futures[:1], 30)
        futures += [gatherer.deposit(item) for item in items[20:]]
        time.sleep(0.02)
        kill_server(data_dir)
        done, waiting = wait(futures, 60)
        assert not waiting, "a caller was left without a word"
        failures = {type(error) for future in done if (error := future.exception())}
        assert failures <= {Unavailable}, failures
        before = acknowledged(futures)
        assert before
        ensure_running(data_dir)
        assert_nothing_lost(world, before)
        again = [gatherer.deposit(item).result(30).outcome for item in items]
        assert len({outcome.deposit_id for outcome in again}) == 60
        assert set(before) <= {outcome.deposit_id for outcome in again}
        gatherer.close()
        assert world.counts()["entries"] == 60
        assert world.bank.audit().findings == ()


def assert_nothing_lost(world: World, deposits: list[UUID]) -> None:
    """The same bank goes on with the database that came back: its dead connections are replaced."""
    with contextlib.suppress(Unavailable):
        world.bank.stored(deposits[0])
    assert [world.bank.stored(deposit).state for deposit in deposits] == ["credited"] * len(deposits)


def test_an_answer_lost_at_the_commit_is_read_back(database_url: str, tmp_path: Path) -> None:
    """The commit arrived and its answer did not: the depositor is told what was booked, and it is booked once."""
    with open_world(database_url, tmp_path) as world:
        signer = world.own_signer()
        items = [world.bank.prepare(signer.post(signer.sign(signer.document()))) for _ in range(3)]
        run, lost = world.bank.run, []

        def lossy(work: Callable[[Transaction], Any]) -> Any:
            done = run(work)
            if not lost:
                lost.append(done)
                raise Unavailable("database_unavailable", "The connection was lost.")
            return done

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(world.bank, "run", lossy)
            outcomes = world.bank.deposit_many(items)
        booked = [(o.deposit_id, o.repeated) for o in outcomes if isinstance(o, DepositOutcome)]
        assert booked == [(item.deposit_id, True) for item in items]
        assert world.counts()["entries"] == 3
