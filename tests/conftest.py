"""One embedded PostgreSQL a test run, and a fresh clone of the migrated database for each test that asks for one.

The process that starts the run (xdist's controller, or pytest itself) names a folder and, at the end, stops the server
in it; whichever worker first needs the server starts it. So it outlives workers, and pure tests never start it.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from creditbank.postgres import ensure_running, stop, url_for
from creditbank.store.database import AUDITOR, SERVICE, init_roles, migrate
from tests.bank_world import World
from tests.creditbank.foreign_school import ForeignSchool
from tests.security.foreign_network import ForeignNetwork

FOLDER = "CREDITBANK_TEST_FOLDER"
PREFIX = "creditbank-tests-"
PROJECT = Path(__file__).parents[1]
NOT_OURS = {"node_modules", "__pycache__", "dist", "secrets"}
TEMPLATE = "creditbank_template"
_run_locks: list[int] = []


def pytest_configure(config: pytest.Config) -> None:
    """In the controller only: name the run's folder, which the workers inherit, and clear what killed runs left."""
    if hasattr(config, "workerinput"):
        return
    _sweep()
    os.environ[FOLDER] = str(_new_folder())


def pytest_unconfigure(config: pytest.Config) -> None:
    """In the controller only, after the last worker: stop the server and remove its folder."""
    if not hasattr(config, "workerinput") and FOLDER in os.environ:
        _remove(Path(os.environ.pop(FOLDER)))
        os.close(_run_locks.pop())


def _new_folder() -> Path:
    """A folder locked for this run; another run's sweep may have come between making and locking: then once more."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)  # the server's own OS user must pass
    lock = _lock(folder / "run.lock")
    if not (folder / "run.lock").exists():
        os.close(lock)
        return _new_folder()
    _run_locks.append(lock)
    return folder


def _sweep() -> None:
    """Stop and remove what killed runs left: their locks are free."""
    for lock in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/run.lock"):
        try:
            descriptor = _lock(lock, fcntl.LOCK_NB)
        except OSError:  # that run is still going, or is somebody else's
            continue
        _remove(lock.parent)
        os.close(descriptor)


def _lock(path: Path, option: int = 0) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | option)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _remove(folder: Path) -> None:
    if (folder / "data").exists():
        stop(folder / "data")
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = _lock(path)
    try:
        yield
    finally:
        os.close(descriptor)


def _execute(url: str, *statements: str, **names: str) -> None:
    identifiers = {key: sql.Identifier(name) for key, name in names.items()}
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(sql.SQL(statement).format(**identifiers))


@pytest.fixture(scope="session")
def database_server() -> str:
    """The administrator's URL of the run's server, with the migrated template database in it."""
    folder = Path(os.environ[FOLDER])
    with _locked(folder / "template.lock"):
        url = ensure_running(folder / "data")
        if not (folder / "template.done").exists():
            _build_template(url)
            (folder / "template.done").touch()
    return url


def _build_template(url: str) -> None:
    _execute(url, "DROP DATABASE IF EXISTS {template}", template=TEMPLATE)
    init_roles(url, database=TEMPLATE)
    migrate(url_for(url, database=TEMPLATE))
    _execute(url, "ALTER DATABASE {template} WITH ALLOW_CONNECTIONS false", template=TEMPLATE)


@pytest.fixture
def empty_database_url(database_server: str) -> Iterator[str]:
    """The administrator's URL of a new database without any tables, for tests of the migrations themselves."""
    name = f"empty_{uuid.uuid4().hex}"
    _execute(database_server, "CREATE DATABASE {name} TEMPLATE template0", name=name)
    yield url_for(database_server, database=name)
    _execute(database_server, "DROP DATABASE {name} WITH (FORCE)", name=name)


@pytest.fixture
def admin_database_url(database_server: str) -> Iterator[str]:
    """The administrator's URL of this test's own migrated database; it is dropped after the test."""
    name = f"test_{uuid.uuid4().hex}"
    _execute(
        database_server,
        "CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log",  # file_copy measured slower
        "REVOKE ALL ON DATABASE {name} FROM PUBLIC",  # a clone does not inherit the grants on its template
        "GRANT CONNECT ON DATABASE {name} TO {service}, {auditor}",
        name=name,
        template=TEMPLATE,
        service=SERVICE,
        auditor=AUDITOR,
    )
    yield url_for(database_server, database=name)
    _execute(database_server, "DROP DATABASE {name} WITH (FORCE)", name=name)


@pytest.fixture
def database_url(admin_database_url: str) -> str:
    """This test's own migrated database, as the service's role."""
    return url_for(admin_database_url, role=SERVICE)


@pytest.fixture
def auditor_database_url(admin_database_url: str) -> str:
    """The same database as `database_url`, as the auditor's role."""
    return url_for(admin_database_url, role=AUDITOR)


@pytest.fixture(scope="session")
def tracked_files() -> list[str]:
    """The project's own files, as paths below its root: what git tracks, or where there is no git, what lies there."""
    if shutil.which("git") and (PROJECT / ".git").exists():
        command = ["git", "-c", "safe.directory=*", "ls-files"]  # a checkout of another user's is only read here
        listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.splitlines()
        return [path for path in listed if (PROJECT / path).is_file()]
    found = (path.relative_to(PROJECT) for path in PROJECT.rglob("*") if path.is_file())
    return sorted(str(path) for path in found if not _not_ours(path))


def _not_ours(path: Path) -> bool:
    hidden = path.parts[0].startswith(".") and path.parts[0] not in (".ci", ".gitignore")
    return hidden or not NOT_OURS.isdisjoint(path.parts)


@pytest.fixture
def network(world: World) -> ForeignNetwork:
    """All that the test's bank can reach outside."""
    made = ForeignNetwork()
    made.serve_to(world)
    return made


@pytest.fixture
def school(world: World, network: ForeignNetwork) -> ForeignSchool:
    """An accredited school elsewhere, with an empty list of revocations on its host."""
    made = ForeignSchool(world, network).register()
    made.publish("r")
    return made
