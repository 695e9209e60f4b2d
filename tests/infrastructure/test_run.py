"""`./run` on a bare machine: a registry in a folder, a uv that only says how it was called, and nothing else."""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
TAG = "macosx_11_0_arm64" if sys.platform == "darwin" else f"manylinux_2_17_{platform.machine()}"
WHEEL = f"uv-0.13.0-py3-none-{TAG}.manylinux2014_{platform.machine()}.whl"
UV = """#!/bin/sh
echo "$PWD|$UV_PYTHON_DOWNLOADS|$UV_SYSTEM_CERTS|$*" >> "$SAID"
case "$1" in venv) mkdir -p "$4";; esac
"""
LOCK = """
[[package]]
name = "uv"
version = "0.13.0"
source = {{ registry = "https://locked.invalid/simple" }}
wheels = [
    {{ url = "https://locked.invalid/uv-0.13.0-py3-none-win32.whl", hash = "sha256:00" }},
    {{ url = "https://locked.invalid/{name}", hash = "sha256:{digest}" }},
]
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """A home, a checkout with `run` in it, and a registry that holds one wheel."""

    root: Path

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        known = {"HOME": str(self.root / "home"), "PATH": f"{self.root / 'bin'}:/usr/bin:/bin", "SAID": str(self.said)}
        return subprocess.run(
            [str(self.root / "checkout/run"), *arguments],
            env={name: value for name, value in (known | environment).items() if value},
            cwd=self.root,
            capture_output=True,
            text=True,
        )

    @property
    def said(self) -> Path:
        return self.root / "said"

    @property
    def index(self) -> str:
        return (self.root / "registry/simple").as_uri()

    def calls(self) -> list[str]:
        return self.said.read_text().splitlines() if self.said.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    for folder in ("home", "bin", "checkout", "registry/files", "registry/simple/uv"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "bin/python3").symlink_to(sys._base_executable)
    for name in ("run", "tools", "pyproject.toml"):
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, tmp_path / "checkout" / name)
    wheel = tmp_path / "registry/files" / WHEEL
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("uv-0.13.0.data/scripts/uv", UV)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (tmp_path / "checkout/uv.lock").write_text(LOCK.format(name=WHEEL, digest=digest))
    page = f'<a href="../../files/{WHEEL}#sha256={digest}">{WHEEL}</a>'
    (tmp_path / "registry/simple/uv/index.html").write_text(page)
    return Machine(tmp_path)


def configure(machine: Machine, place: str) -> dict[str, str]:
    """Point pip at the registry in one of the places where pip looks."""
    text = f"[global]\nindex-url = {machine.index}\n"
    files = {
        "user": (machine.root / "home/.config/pip/pip.conf", {}),
        "legacy": (machine.root / "home/.pip/pip.conf", {}),
        "system": (machine.root / "etc/pip/pip.conf", {"XDG_CONFIG_DIRS": str(machine.root / "etc")}),
        "named": (machine.root / "named.conf", {"PIP_CONFIG_FILE": str(machine.root / "named.conf")}),
    }
    if place == "variable":
        return {"PIP_INDEX_URL": machine.index}
    path, environment = files[place]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return environment


@pytest.mark.parametrize("place", ["variable", "user", "legacy", "system", "named"])
def test_uv_comes_from_the_registry_that_pip_is_configured_for(machine: Machine, place: str) -> None:
    environment = configure(machine, place)
    ended = machine.run("creditbank", "demo", "--fast", **environment)
    assert ended.returncode == 0, ended.stderr
    assert WHEEL in ended.stderr
    checkout = machine.root / "checkout"
    last = f"{machine.root}|never|true|run --no-sync --project {checkout} -- creditbank demo --fast"
    assert machine.calls()[-1] == last
    assert not list((machine.root / "home/.cache/creditbank").glob("tmp*"))


def test_another_registry_than_the_locks_installs_by_digest_and_once(machine: Machine) -> None:
    assert machine.run("pytest", PIP_INDEX_URL=machine.index).returncode == 0
    commands = [call.split("|")[3].split()[0:2] for call in machine.calls()]
    steps = ["venv --quiet", "export --quiet", "pip install", "pip install", "run --no-sync"]
    assert [" ".join(command) for command in commands] == steps
    export, install = machine.calls()[1:3]
    assert "--frozen" in export
    assert "--require-hashes" in install
    assert f"--default-index {machine.index}" in install
    assert machine.run("pytest", PIP_INDEX_URL=machine.index).returncode == 0
    assert len(machine.calls()) == 6


def test_uv_on_the_path_is_used_and_the_lock_decides_where_nothing_is_configured(machine: Machine) -> None:
    uv = machine.root / "bin/uv"
    uv.write_text(UV.replace("case", '[ "$1" = --version ] && echo "uv 0.13.0 (abc)"\ncase'))
    uv.chmod(0o755)
    ended = machine.run("pytest", "-x", PIP_CONFIG_FILE=os.devnull)
    assert (ended.stderr, ended.returncode) == ("", 0)
    checkout = machine.root / "checkout"
    assert machine.calls()[-1] == f"{checkout}|never|true|run --frozen --project {checkout} -- pytest -x"
    assert not (machine.root / "home/.cache/creditbank").exists()


def test_a_uv_too_old_for_the_lock_is_passed_over(machine: Machine) -> None:
    uv = machine.root / "bin/uv"
    uv.write_text('#!/bin/sh\necho "uv 0.4.1"\n')
    uv.chmod(0o755)
    assert WHEEL in machine.run("pytest", PIP_INDEX_URL=machine.index).stderr


def test_a_wheel_of_another_digest_is_not_unpacked(machine: Machine) -> None:
    with (machine.root / "registry/files" / WHEEL).open("ab") as wheel:
        wheel.write(b"tampered")
    ended = machine.run("pytest", PIP_INDEX_URL=machine.index)
    assert ended.returncode == 1
    assert "SHA-256 differs" in ended.stderr
    assert not list(machine.root.rglob("uv-*/uv"))


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PIP_INDEX_URL": "file:///nowhere/simple"}, "does not answer"),
        ({"PIP_NO_INDEX": "1"}, "without an index"),
        ({"PIP_CONFIG_FILE": os.devnull}, "locked.invalid"),
    ],
)
def test_what_cannot_be_fetched_is_said_in_one_sentence(
    machine: Machine, environment: dict[str, str], sentence: str
) -> None:
    ended = machine.run("pytest", **environment)
    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_folder_of_wheels_is_enough(machine: Machine) -> None:
    links = str(machine.root / "registry/files")
    assert machine.run("pytest", PIP_NO_INDEX="1", PIP_FIND_LINKS=links).returncode == 0
    assert f"--no-index --find-links {links}" in machine.calls()[2]


def test_without_a_home_the_cache_is_still_private(machine: Machine) -> None:
    ended = machine.run("pytest", HOME=os.devnull, TMPDIR=str(machine.root), PIP_INDEX_URL=machine.index)
    assert ended.returncode == 0, ended.stderr
    cache = machine.root / f"creditbank-cache-{os.getuid()}"
    assert cache.stat().st_mode & 0o077 == 0
    assert list(cache.rglob("uv-*/uv"))


def test_without_python_3_11_it_says_so(machine: Machine) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        (machine.root / "bin" / name).unlink(missing_ok=True)
        (machine.root / "bin" / name).write_text("#!/bin/sh\nexit 1\n")
        (machine.root / "bin" / name).chmod(0o755)
    ended = machine.run("pytest")
    assert ended.returncode == 1
    assert "Python 3.11" in ended.stderr


def test_without_a_command_it_shows_its_use(machine: Machine) -> None:
    assert "usage: ./run" in machine.run().stderr
