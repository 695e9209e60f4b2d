"""Which package registry pip on this machine is configured for: read as pip itself reads it, without pip.

pip may be absent where this runs. Order of precedence (pip's "Configuration" page): global files, the user's, the
interpreter's, the file that PIP_CONFIG_FILE names, PIP_… variables; in the files `[install]` goes before `[global]`.
"""

import configparser
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Registry:
    """Where packages come from. `index` None: nothing is configured, so the lock file's own addresses hold."""

    index: str | None = None
    extra_indexes: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    no_index: bool = False
    certificates: str | None = None

    def replaces(self, locked: str) -> bool:
        """True where the machine wants another registry than the lock's."""
        return self.no_index or (self.index is not None and self.index.rstrip("/") != locked.rstrip("/"))


def registry(environment: Mapping[str, str]) -> Registry:
    """What pip would use for `pip install` in this environment."""
    options = _options(environment)
    return Registry(
        index=options.get("index-url") or None,
        extra_indexes=tuple(options.get("extra-index-url", "").split()),
        find_links=tuple(options.get("find-links", "").split()),
        no_index=options.get("no-index", "").lower() in ("1", "true", "yes", "on", "y", "t"),
        certificates=options.get("cert") or None,
    )


def _options(environment: Mapping[str, str]) -> dict[str, str]:
    sections: dict[str, dict[str, str]] = {"global": {}, "install": {}}
    for path in _files(environment):
        parser = configparser.RawConfigParser()
        parser.read(path, encoding="utf-8")  # a file that is not there is passed over
        for section in sections.keys() & set(parser.sections()):
            sections[section] |= {_name(key): value for key, value in parser.items(section)}
    variables = {_name(key[4:]): value for key, value in environment.items() if key.startswith("PIP_") and value}
    return sections["global"] | sections["install"] | variables


def _name(key: str) -> str:
    return key.lower().removeprefix("--").replace("_", "-")


def _files(environment: Mapping[str, str]) -> Iterator[Path]:
    """pip's configuration files, weakest first; PIP_CONFIG_FILE=/dev/null turns all of them off."""
    named = environment.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return
    for folder in environment.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":"):
        yield Path(folder, "pip", "pip.conf")
    yield Path("/etc/pip.conf")
    if not (named and Path(named).exists()):
        yield from _user_files(environment)
    yield Path(sys.prefix, "pip.conf")
    if named:
        yield Path(named)


def _user_files(environment: Mapping[str, str]) -> Iterator[Path]:
    home = Path(environment.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111 - answers even without a home
    yield home / ".pip" / "pip.conf"
    yield Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf"
