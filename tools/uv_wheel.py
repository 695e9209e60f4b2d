"""uv itself, fetched as the wheel that uv.lock pins by SHA-256: from the lock's address or the configured registry.

Nothing is pinned here. The wheel's name, digest and address stand in uv.lock, since uv is a development dependency.
"""

import base64
import hashlib
import html.parser
import io
import netrc
import os
import platform
import re
import shutil
import ssl
import sys
import tempfile
import tomllib
import urllib.parse
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

from pip_configuration import Registry

_SECONDS = 120


class CannotFetch(Exception):
    """uv cannot be had; the message says why."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """One file of the lock."""

    name: str
    url: str
    sha256: str


def locked(lock: Path) -> tuple[str, list[Wheel]]:
    """The lock's registry, and the wheels of uv in it."""
    packages = tomllib.loads(lock.read_text(encoding="utf-8"))["package"]
    uv = next(package for package in packages if package["name"] == "uv")
    wheels = [
        Wheel(urllib.parse.unquote(w["url"].rpartition("/")[2]), w["url"], w["hash"].removeprefix("sha256:"))
        for w in uv["wheels"]
    ]
    return uv["source"]["registry"], wheels


def fitting(wheels: list[Wheel]) -> Wheel:
    """The wheel for this machine (PEP 425, 600 and 656 tags)."""
    for wheel in wheels:
        if any(_runs_here(tag) for tag in wheel.name.removesuffix(".whl").split("-")[-1].split(".")):
            return wheel
    raise CannotFetch(f"the lock holds no uv for {sys.platform} on {platform.machine()}; please install uv")


def _runs_here(tag: str) -> bool:
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        return tag.startswith("macosx_") and tag.endswith(machine)
    library, version = platform.libc_ver()
    if library != "glibc":
        return tag.startswith("musllinux_") and tag.endswith("_" + machine)
    found = re.fullmatch(r"manylinux_(\d+)_(\d+)_(\w+)", tag)
    have = tuple(int(part) for part in version.split(".")[:2])
    return found is not None and found[3] == machine and (int(found[1]), int(found[2])) <= have


def fetch(lock: Path, source: Registry, folder: Path) -> Path:
    """The path of uv below `folder`, which is fetched, checked against the lock and unpacked if it is not there yet."""
    lock_registry, wheels = locked(lock)
    wheel = fitting(wheels)
    home = folder / f"uv-{wheel.sha256[:16]}"
    if not (home / "uv").exists():
        print(f"run: fetching {wheel.name}", file=sys.stderr)
        data = _download(_address(wheel, source, lock_registry), source)
        if hashlib.sha256(data).hexdigest() != wheel.sha256:
            raise CannotFetch(f"{wheel.name} is not the file that uv.lock pins: its SHA-256 differs")
        _unpack(data, home)
    return home / "uv"


def _unpack(data: bytes, home: Path) -> None:
    """Unpack beside its place and rename: whoever looks sees a whole uv or none."""
    home.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=home.parent))
    with zipfile.ZipFile(io.BytesIO(data)) as wheel:
        member = next(name for name in wheel.namelist() if name.endswith(".data/scripts/uv"))
        (part / "uv").write_bytes(wheel.read(member))
    (part / "uv").chmod(0o755)
    try:
        part.rename(home)
    except OSError:  # another process was first; its copy has the same digest
        shutil.rmtree(part)


def _address(wheel: Wheel, source: Registry, lock_registry: str) -> str:
    for place in source.find_links:
        if (Path(place) / wheel.name).is_file():
            return (Path(place) / wheel.name).resolve().as_uri()
    if source.no_index:
        raise CannotFetch(f"pip is configured without an index here, and {wheel.name} is in none of its links")
    if source.index is None or not source.replaces(lock_registry):
        return wheel.url
    return _listed(wheel, source)


def _listed(wheel: Wheel, source: Registry) -> str:
    """The wheel's address in a registry, by the simple repository API (PEP 503)."""
    for index in (source.index, *source.extra_indexes):
        page = f"{index}".rstrip("/") + "/uv/" + ("index.html" if f"{index}".startswith("file:") else "")
        links = _Links()
        links.feed(_download(page, source).decode("utf-8", "replace"))
        for link in links.found:
            address = urllib.parse.urljoin(page, link.partition("#")[0])
            if urllib.parse.unquote(address.rpartition("/")[2]) == wheel.name:
                return _with_login_of(page, address)
    raise CannotFetch(f"the configured registry does not list {wheel.name}")


class _Links(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _with_login_of(page: str, address: str) -> str:
    """A file on the registry's own host is fetched with the registry's login, as pip does."""
    theirs, ours = urllib.parse.urlsplit(address), urllib.parse.urlsplit(page)
    same = (theirs.scheme, theirs.hostname, theirs.port) == (ours.scheme, ours.hostname, ours.port)
    return urllib.parse.urlunsplit(theirs._replace(netloc=ours.netloc)) if same else address


def _download(address: str, source: Registry) -> bytes:
    """Fetch one address; a login in it, or in .netrc, goes to that host only and follows no redirect."""
    parts = urllib.parse.urlsplit(address)
    login, _, server = parts.netloc.rpartition("@")
    request = urllib.request.Request(urllib.parse.urlunsplit(parts._replace(netloc=server)))  # noqa: S310 - configured
    login = urllib.parse.unquote(login) or _login_from_netrc(parts.hostname or "")
    if login:
        request.add_unredirected_header("Authorization", "Basic " + base64.b64encode(login.encode()).decode())
    trusted = ssl.create_default_context(cafile=source.certificates or os.environ.get("SSL_CERT_FILE"))
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS, context=trusted) as answer:  # noqa: S310
            return bytes(answer.read())
    except OSError as error:
        raise CannotFetch(f"{parts.hostname or parts.path} does not answer as it should: {error}") from error


def _login_from_netrc(host: str) -> str:
    try:
        found = netrc.netrc().authenticators(host)
    except (OSError, netrc.NetrcParseError):
        return ""
    return f"{found[0]}:{found[2]}" if found else ""
