"""Each test that asks for a database has the migrated schema to itself, and is the service, not the owner."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from creditbank.store.database import SCHEMA, Database

PROJECT = Path(__file__).parents[2]


def test_the_clone_is_migrated_and_passes_the_banks_own_check(database_url: str) -> None:
    database = Database(database_url, pool_size=1)
    try:
        database.self_check()
    finally:
        database.close()


@pytest.mark.parametrize("_", ["first", "second"])
def test_what_one_test_leaves_another_does_not_find(admin_database_url: str, _: str) -> None:
    with psycopg.connect(admin_database_url) as connection:
        connection.execute("CREATE TABLE left_behind (number int)")


@pytest.mark.parametrize("url", ["database_url", "auditor_database_url"])
def test_neither_service_nor_auditor_may_change_the_schema(request: pytest.FixtureRequest, url: str) -> None:
    address: str = request.getfixturevalue(url)
    with psycopg.connect(address) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"CREATE TABLE {SCHEMA}.intruder (number int)")


def test_an_empty_database_has_no_schema_yet(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute("SELECT to_regnamespace(%s)", [SCHEMA]).fetchone() == (None,)


STORY = """
import os, psycopg, pytest
@pytest.mark.parametrize("n", range(4))
def test_server(n, database_url):
    with psycopg.connect(database_url) as connection:
        start = connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0]
    with open(os.environ["SEEN"], "a") as seen:
        seen.write(f"{os.environ['PYTEST_XDIST_WORKER']} {start.isoformat()} {os.environ['CREDITBANK_TEST_FOLDER']}\\n")
"""


def test_workers_share_one_server_that_goes_with_the_run(tmp_path: Path) -> None:
    (tmp_path / "test_story.py").write_text(STORY)
    (tmp_path / "conftest.py").write_text((PROJECT / "tests/conftest.py").read_text())
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "CREDITBANK"))}
    environment |= {"SEEN": str(tmp_path / "seen"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "xdist",
        "-n",
        "2",
        "--dist",
        "each",
        "-p",
        "no:cacheprovider",
        str(tmp_path),
    ]
    run = subprocess.run(
        [*command, "-c", os.devnull, "--rootdir", str(tmp_path)], env=environment, cwd=PROJECT, capture_output=True
    )
    assert run.returncode == 0, run.stdout.decode()
    workers, starts, folders = zip(*(line.split() for line in (tmp_path / "seen").open()), strict=True)
    assert (set(workers), len(set(starts)), len(set(folders))) == ({"gw0", "gw1"}, 1, 1)
    assert not Path(folders[0]).exists()
