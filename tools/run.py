"""Installs the project as uv.lock says, then runs a command in it. The door is the script `run` beside this folder.

    python3 tools/run.py run <command> [arguments]     install what is missing, and run
    python3 tools/run.py install [--no-dev …]          install only (the container image's builder)

The standard library is all there is here: this runs before anything is installed.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from pip_configuration import Registry, registry
from uv_wheel import CannotFetch, fetch, locked

PROJECT = Path(__file__).resolve().parent.parent
LOCK = PROJECT / "uv.lock"
USAGE = "usage: ./run <command> [arguments], as in ./run creditbank demo, or ./run pytest"


@dataclass(frozen=True, slots=True)
class Installer:
    """uv, the environment it runs in, the registry, and the virtual environment it fills."""

    uv: str
    environment: Mapping[str, str]
    source: Registry
    venv: Path

    def call(self, *arguments: str) -> None:
        """Run uv quietly; its complaint, if any, goes to the terminal, and its status out."""
        ended = subprocess.run([self.uv, *arguments], cwd=PROJECT, env=dict(self.environment), check=False)  # noqa: S603
        if ended.returncode != 0:
            sys.exit(ended.returncode)


def main(arguments: list[str]) -> NoReturn:
    """Do as the module's head says."""
    if len(arguments) < 1 or arguments[0] not in ("run", "install") or arguments == ["run"]:
        sys.exit(USAGE)
    try:
        installer = _installer()
    except CannotFetch as error:
        sys.exit(f"run: uv is not on the PATH and cannot be fetched: {error}")
    if arguments[0] == "install":
        _install(installer, *arguments[1:])
        sys.exit()
    _run(installer, arguments[1:])


def _run(installer: Installer, command: list[str]) -> NoReturn:
    """Become the command. The development tools work on the project; creditbank on the caller's own files."""
    option = "--frozen"
    if installer.source.replaces(locked(LOCK)[0]):
        _install(installer)
        option = "--no-sync"
    if command[0] != "creditbank":
        os.chdir(PROJECT)
    line = [installer.uv, "run", option, "--project", str(PROJECT), "--", *command]
    sys.stdout.flush()
    os.execve(installer.uv, line, dict(installer.environment))  # noqa: S606


def _install(installer: Installer, *options: str) -> None:
    """Fill the virtual environment: by uv's own sync, or, from another registry, by name, version and digest."""
    if not installer.source.replaces(locked(LOCK)[0]):
        installer.call("sync", "--frozen", *options)
        return
    stamp = installer.venv / "installed-from"
    wanted = _digest(LOCK.read_bytes(), (PROJECT / "pyproject.toml").read_bytes(), repr((installer.source, options)))
    if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
        _install_from(installer, options)
        stamp.write_text(wanted, encoding="ascii")


def _install_from(installer: Installer, options: tuple[str, ...]) -> None:
    """The lock names its registry's addresses; another registry is asked for the same files by their digests."""
    source, venv = _source_options(installer.source), str(installer.venv)
    groups = [option for option in options if option != "--no-editable"]
    project = [str(PROJECT)] if "--no-editable" in options else ["--editable", str(PROJECT)]
    installer.call("venv", "--quiet", "--allow-existing", venv)
    with tempfile.TemporaryDirectory() as folder:
        names = str(Path(folder) / "requirements.txt")
        installer.call("export", "--quiet", "--frozen", "--no-emit-project", *groups, "--output-file", names)
        into = ("pip", "install", "--python", venv, *source)
        installer.call(*into, "--require-hashes", "--no-deps", "--requirements", names)
    installer.call(*into, "--no-deps", *project)


def _source_options(source: Registry) -> list[str]:
    """As uv's options. Every file is pinned by digest, so that any index may serve it."""
    options = ["--no-index"] if source.no_index else ["--index-strategy", "unsafe-best-match"]
    if source.index:
        options += ["--default-index", source.index]
    options += [part for url in source.extra_indexes for part in ("--index", url)]
    return options + [part for place in source.find_links for part in ("--find-links", place)]


def _installer() -> Installer:
    source = registry(os.environ)
    cache = _cache_folder()
    venv = PROJECT / ".venv"
    if not os.access(PROJECT, os.W_OK):  # a checkout of somebody else's
        venv = cache / "creditbank" / f"venv-{_digest(str(PROJECT))[:16]}"
    venv = Path(os.environ.get("UV_PROJECT_ENVIRONMENT") or venv)
    uv = _uv_on_path() or str(fetch(LOCK, source, cache / "creditbank"))
    return Installer(uv, _environment(source, cache, venv), source, PROJECT / venv)


def _environment(source: Registry, cache: Path, venv: Path) -> dict[str, str]:
    """uv's settings: this machine's Python and certificates, never a downloaded interpreter."""
    settings = {"UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "true", "UV_CACHE_DIR": str(cache / "uv")}
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):  # then Python would compile everything anew at each start
        settings["UV_COMPILE_BYTECODE"] = "true"
    if source.certificates:
        settings["SSL_CERT_FILE"] = source.certificates
    fixed = {"UV_PROJECT_ENVIRONMENT": str(venv)}
    return settings | dict(os.environ) | fixed


def _uv_on_path() -> str | None:
    """uv where it is, unless it is too old to read this project's lock."""
    uv = shutil.which("uv")
    if uv is None:
        return None
    wanted = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]["required-version"]
    answer = subprocess.run([uv, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    return uv if _numbers(answer) >= _numbers(wanted) else None


def _numbers(text: str) -> tuple[int, ...]:
    found = re.fullmatch(r"\D*(\d+(?:\.\d+)*).*", text, re.DOTALL)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def _cache_folder() -> Path:
    """XDG_CACHE_HOME or ~/.cache; where there is no home to write to, a private folder among the temporary ones."""
    configured = Path(os.environ.get("XDG_CACHE_HOME", ""))
    home = Path(os.path.expanduser("~")) / ".cache"  # noqa: PTH111 - Path.home() fails where there is none
    for folder in (configured, home):
        if folder.is_absolute() and _can_write(folder):
            return folder
    private = Path(tempfile.gettempdir()) / f"creditbank-cache-{os.getuid()}"
    private.mkdir(mode=0o700, exist_ok=True)
    if private.is_symlink() or private.stat().st_uid != os.getuid() or private.stat().st_mode & 0o077:
        sys.exit(f"run: {private} is not this user's alone; set XDG_CACHE_HOME")
    return private


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _digest(*parts: bytes | str) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part if isinstance(part, bytes) else part.encode())
    return whole.hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
