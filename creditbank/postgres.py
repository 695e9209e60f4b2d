"""The embedded PostgreSQL: started by the program itself in a data folder, shared by all its processes.

    with running(settings.data_dir) as admin_url: ...     # the last process to leave stops the server
    ensure_running(data_dir) / stop(data_dir)             # the same, by hand

Access is by the socket alone, for the OS user that runs the program and root (peer, with a map); see postgres_home.
The server is started detached: it survives the process that started it, and the next one finds it by the data folder.
"""

import fcntl
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from creditbank.errors import Unavailable
from creditbank.postgres_home import PORT, Home, data_folder, prepare, write_configuration

_START_SECONDS = 60
_RESTARTS_AFTER_A_CRASH = 20  # the dead server's backends need a moment before its shared memory is free
_PAUSE_SECONDS = 0.25
_INITDB = (
    "--username=postgres",
    "--auth=peer",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--data-checksums",
    "--no-instructions",
)


@dataclass(frozen=True, slots=True)
class _Ended:
    """How one of PostgreSQL's programs ended."""

    status: int
    output: str


def ensure_running(data_dir: Path) -> str:
    """Start the server of `data_dir` unless it runs, making its data the first time; return the administrator's URL.

    The URL is a libpq URI for role and database `postgres`; `url_for` turns it into another role's. Safe to call from
    several processes at once. Raises `Unavailable`: database_not_started, database_version_mismatch, and the codes of
    `postgres_home`.
    """
    with _locked(data_dir) as home:
        return _started(home)


def stop(data_dir: Path) -> None:
    """Stop the server of `data_dir`, ending its sessions; nothing happens where it does not run."""
    with _locked(data_dir) as home:
        _stop(home)


@contextmanager
def running(data_dir: Path) -> Iterator[str]:
    """Hold the server of `data_dir` for a while; the last holder to leave, of all processes, stops it.

    Holding is a shared file lock, so a holder that is killed has left too.
    """
    with _lock_file(data_folder(data_dir) / "holders") as holders:
        with _locked(data_dir) as home:
            fcntl.flock(holders, fcntl.LOCK_SH)
            url = _started(home)
        try:
            yield url
        finally:
            with _locked(data_dir) as home:
                _stop_if_last(home, holders)


def in_use(data_dir: Path) -> bool:
    """True where some process holds the server of `data_dir` (see `running`); False where there is none yet."""
    if not (data_dir / "holders").exists():
        return False
    with _lock_file(data_dir / "holders") as holders:
        try:
            fcntl.flock(holders, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def url_for(url: str, *, role: str | None = None, database: str | None = None) -> str:
    """`url` with another role or database, its server and options unchanged."""
    parts = urlsplit(url)
    login, at, server = parts.netloc.rpartition("@")
    if role is not None:
        login, at = quote(role, safe=""), "@"
    path = parts.path if database is None else "/" + quote(database, safe="")
    return urlunsplit(parts._replace(netloc=f"{login}{at}{server}", path=path))


@contextmanager
def _locked(data_dir: Path) -> Iterator[Home]:
    """One process at a time makes, starts or stops what stands in a data folder."""
    root = data_folder(data_dir)
    with _lock_file(root / "lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield prepare(root)


@contextmanager
def _lock_file(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _stop_if_last(home: Home, holders: int) -> None:
    try:
        fcntl.flock(holders, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    _stop(home)


def _started(home: Home) -> str:
    _initialise(home)
    if not _answers(home):
        _start(home)
    return f"postgresql://postgres@/postgres?host={quote(str(_socket(home)), safe='')}&port={PORT}"


def _initialise(home: Home) -> None:
    """Make the cluster under another name and rename it: after a crash there is a whole cluster or none."""
    if home.cluster.exists():
        _check_version(home)
        return
    part = home.root / "postgres.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    os.chown(part, home.user.pw_uid, home.user.pw_gid)
    ended = _run(home, "initdb", "-D", str(part), *_INITDB)
    if ended.status != 0:
        raise Unavailable("database_not_started", "initdb failed.", output=ended.output)
    part.rename(home.cluster)


def _check_version(home: Home) -> None:
    ours = _run(home, "postgres", "--version").output.split()[-1].split(".")[0]
    theirs = (home.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    if ours != theirs:
        raise Unavailable(
            "database_version_mismatch",
            f"The data folder was made by PostgreSQL {theirs}; this is {ours}. Dump it with {theirs} and load it anew.",
        )


def _answers(home: Home) -> bool:
    """True once the server accepts connections; one that is still recovering is waited for."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        status = _run(home, "pg_isready", "-q", "-h", str(_socket(home)), "-p", str(PORT)).status
        if status != 1:  # 1 is "rejecting": starting up, recovering or shutting down
            return status == 0
        time.sleep(_PAUSE_SECONDS)
    raise Unavailable("database_not_started", "PostgreSQL did not become ready in time.")


def _start(home: Home) -> None:
    """Start the server; after a crash its predecessor's last backends may hold the shared memory for a moment."""
    write_configuration(home)
    crashed = (home.cluster / "postmaster.pid").exists()
    options = shlex.join(["-c", f"config_file={home.configuration / 'postgresql.conf'}"])
    command = ("start", "-w", "-t", str(_START_SECONDS), "-l", str(home.log / "start.log"), "-o", options)
    for _ in range(_RESTARTS_AFTER_A_CRASH if crashed else 1):
        ended = _run(home, "pg_ctl", "-D", str(home.cluster), *command)
        if ended.status == 0:
            return
        time.sleep(_PAUSE_SECONDS)
    raise Unavailable("database_not_started", f"PostgreSQL did not start; see {home.log}.", output=ended.output)


def _stop(home: Home) -> None:
    if home.cluster.exists() and _answers(home):
        _run(home, "pg_ctl", "-D", str(home.cluster), "stop", "-w", "-m", "fast")


def _socket(home: Home) -> Path:
    """Where the server listens: what a running one wrote down, else where the next one will."""
    try:
        lines = (home.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return home.socket
    return Path(lines[4]) if len(lines) > 4 and lines[4] else home.socket


def _run(home: Home, program: str, *arguments: str) -> _Ended:
    """Run one of PostgreSQL's programs as the server's user, in a clean environment.

    Its output goes to a file: a pipe would stay open in the server that it leaves behind.
    """
    environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        ended = subprocess.run(  # noqa: S603 - our own binaries, and no input but the data folder's path
            [str(home.binaries / program), *arguments],
            user=home.user.pw_uid if home.as_root else None,
            group=home.user.pw_gid if home.as_root else None,
            extra_groups=[] if home.as_root else None,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=home.root,
            umask=0o077,
        )
        output.seek(0)
        return _Ended(ended.returncode, output.read())
