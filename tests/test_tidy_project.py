"""Rules for everything that is not Python logic: what tracked files may not say, and what documents must list."""

import importlib
import inspect
import os
import pkgutil
import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest

PROJECT = Path(__file__).parents[1]
PACKAGES = ("creditbank", "credentials", "issuers", "recognition_rules")
HERE = "tests/test_tidy_project.py"
BINARY = (".png", ".pdf", ".woff2", ".ico", ".gz")
UNFINISHED = re.compile(r".*\b(TODO|FIXME|XXX|NotImplementedError)\b.*")
MACHINE = re.compile(r".*(?<![\w.$}/])/(work|root|home/[a-z]\w*|Users|opt/(pypi|wheels|pypi-more))/.*")
ENTRIES = ("run", ".ci/run")


def _registry_hosts() -> set[str]:
    """The hosts that uv.lock names, and npm's; only the lock itself may name them."""
    packages = tomllib.loads((PROJECT / "uv.lock").read_text(encoding="utf-8"))["package"]
    files = (file["url"] for package in packages for file in package.get("wheels", ()))
    registries = (package["source"].get("registry", "") for package in packages)
    return {host for url in (*files, *registries) if (host := urlsplit(url).hostname)} | {"registry.npmjs" + ".org"}


@pytest.fixture(scope="module")
def lines(tracked_files: list[str]) -> list[tuple[str, str]]:
    """(file:line, its text), of every text file of ours but the lock and this one."""
    texts = [path for path in tracked_files if path not in (HERE, "uv.lock") and not path.endswith(BINARY)]
    return [
        (f"{path}:{number}", line)
        for path in texts
        for number, line in enumerate((PROJECT / path).read_text(encoding="utf-8").splitlines(), start=1)
    ]


def test_nothing_is_left_unfinished(lines: list[tuple[str, str]]) -> None:
    found = [f"{place}: {line.strip()}" for place, line in lines if UNFINISHED.fullmatch(line)]
    assert not found, "unfinished work:\n" + "\n".join(found)


def test_no_file_names_a_path_of_one_machine(lines: list[tuple[str, str]]) -> None:
    found = [f"{place}: {line.strip()}" for place, line in lines if MACHINE.fullmatch(line)]
    assert not found, "a path that exists on one machine only:\n" + "\n".join(found)


def test_no_file_names_a_package_registry(lines: list[tuple[str, str]]) -> None:
    hosts = _registry_hosts()
    found = [f"{place}: {line.strip()}" for place, line in lines if any(host in line for host in hosts)]
    assert not found, "a registry's host (it is each machine's to choose):\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("see /work" + "/shared/x", True),
        ("cd /root" + "/x", True),
        ("/home" + "/anna/x", True),
        ("../shared/vectors", False),
        ("/v1/home/x", False),
        ("/opt/creditbank/bin", False),
        ("$HOME/work/x", False),
    ],
)
def test_the_rule_on_paths_bites(line: str, refused: bool) -> None:
    assert bool(MACHINE.fullmatch(line)) is refused


def test_every_decision_record_is_listed() -> None:
    folder = PROJECT / "docs/adr"
    records = [path.name for path in sorted(folder.glob("*.md")) if path.name != "README.md"]
    listed = (folder / "README.md").read_text(encoding="utf-8") if (folder / "README.md").exists() else ""
    assert [name for name in records if f"({name})" not in listed] == [], "not linked in docs/adr/README.md"


def test_every_link_between_documents_leads_somewhere(tracked_files: list[str]) -> None:
    documents = [path for path in tracked_files if path.endswith(".md") and not path.startswith("tests/")]
    found = [
        f"{path}: {target}"
        for path in documents
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", (PROJECT / path).read_text(encoding="utf-8"))
        if not urlsplit(target).scheme and not (PROJECT / path).parent.joinpath(target).exists()
    ]
    assert not found, "links to nothing:\n" + "\n".join(found)


@pytest.mark.parametrize("path", ENTRIES)
def test_entry_scripts_are_executable(path: str) -> None:
    assert os.access(PROJECT / path, os.X_OK), f"{path} is not executable"


def _modules() -> Iterator[ModuleType]:
    for name in PACKAGES:
        package = importlib.import_module(name)
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            yield importlib.import_module(found.name)


def _errors() -> set[type[Exception]]:
    """Every exception of ours that carries a stable code, wherever it is defined."""
    return {
        thing
        for module in _modules()
        for _, thing in inspect.getmembers(module, inspect.isclass)
        if issubclass(thing, Exception) and thing.__module__ == module.__name__ and _has_code(thing)
    }


def _has_code(error: type[Exception]) -> bool:
    ours = (base for base in error.__mro__ if base.__module__.partition(".")[0] in PACKAGES)
    return any("code" in inspect.getsource(base) for base in ours)


def test_every_error_has_its_status_in_problems() -> None:
    """By itself or by a base class; the table is whatever mapping api/problems.py keys by exception classes."""
    if find_spec("api.problems") is None:
        pytest.skip("api/problems.py is not written yet")
    problems = importlib.import_module("api.problems")
    keys = {
        key
        for table in vars(problems).values()
        if isinstance(table, Mapping)
        for key in table
        if inspect.isclass(key) and issubclass(key, Exception) and key is not Exception
    }
    assert keys, "api/problems.py holds no table by exception class"
    missing = sorted(f"{e.__module__}.{e.__name__}" for e in _errors() if not keys & set(e.__mro__))
    assert not missing, "no status for: " + ", ".join(missing)
