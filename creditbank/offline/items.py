"""What there is to verify: files, folders, patterns, standard input; archives and tables of links are opened.

Everything is named for people only. What cannot be read is an item too, so that it is told in its place.
"""

import glob
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from credentials.report_certificate import visible
from creditbank.errors import BankError
from creditbank.offline import archives, links

SUFFIXES: Final = frozenset(
    {".json", ".jsonld", ".jwt", ".jws", ".sd-jwt", ".sdjwt", ".vc", ".png", ".svg", ".pdf", ".zip"}
)
"""Of a folder, files with these endings are looked at, and none whose name begins with a dot."""
LONGEST: Final = 16 * 1_048_576
"""Bytes of a file that are read; what is longer is no credential."""
STDIN: Final = "-"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no answer: a stable code and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to verify, of which one of these is given: a path to read, its bytes, a link, or what is in the way."""

    name: str
    path: Path | None = None
    data: bytes | None = None
    url: str | None = None
    trouble: Trouble | None = None


def items(
    given: Sequence[str], *, network: bool, encoding: str, passed_over: list[str] | None = None
) -> Iterator[Item]:
    """Every item of the paths given, in order. `encoding` is that of tables of links, which need the network.

    The files of folders that are not looked at are added to `passed_over`, by names fit to be shown.
    """
    over = [] if passed_over is None else passed_over
    for text in given:
        if text == STDIN:
            yield from _opened(STDIN, sys.stdin.buffer.read(archives.MAX_TOTAL + 1), network=network, encoding=encoding)
            continue
        for path in _paths(text):
            if path.is_dir():
                over += [visible(str(other)) for other in _other_files(path)]
            yield from _of_path(path, network=network, encoding=encoding)


def read_file(path: Path) -> bytes:
    """The bytes of a regular file, at most one more than is read of a credential. Raises OSError."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "Not a regular file", str(path))
    with path.open("rb") as file:
        return file.read(LONGEST + 1)


def _paths(text: str) -> Iterator[Path]:
    """The path itself, or what matches it as a pattern (for shells that do not expand any)."""
    path = Path(text)
    if not path.exists() and glob.has_magic(text):
        found = sorted(glob.glob(text, recursive=True))  # noqa: PTH207 - the pattern may be absolute
        yield from map(Path, found or [text])
    else:
        yield path


def _of_path(path: Path, *, network: bool, encoding: str) -> Iterator[Item]:
    try:
        if path.is_dir():
            yield from _of_folder(path, network=network, encoding=encoding)
        elif path.suffix.lower() in (".zip", ".csv"):
            yield from _opened(str(path), _whole(path), network=network, encoding=encoding)
        else:
            yield Item(visible(str(path)), path=path)
    except OSError as trouble:
        yield Item(visible(str(path)), trouble=Trouble("file_unreadable", trouble.strerror or "It cannot be read."))


def _of_folder(folder: Path, *, network: bool, encoding: str) -> Iterator[Item]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _of_folder(path, network=network, encoding=encoding)
        elif path.suffix.lower() in SUFFIXES and path.is_file():
            yield from _of_path(path, network=network, encoding=encoding)


def _other_files(folder: Path) -> Iterator[Path]:
    """The files of a folder and of those in it that `_of_folder` does not look at; none that is hidden."""
    try:
        for path in sorted(folder.iterdir()):
            if path.is_dir() and not path.is_symlink() and not path.name.startswith("."):
                yield from _other_files(path)
            elif path.suffix.lower() not in SUFFIXES and path.is_file() and not path.name.startswith("."):
                yield path
    except OSError:
        return  # that it cannot be read is told where it is looked through for certificates


def _whole(path: Path) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "Not a regular file", str(path))
    with path.open("rb") as file:
        return file.read(archives.MAX_TOTAL + 1)


def _opened(name: str, data: bytes, *, network: bool, encoding: str) -> Iterator[Item]:
    """An archive's entries, a table's links, or the data as they are; an archive that is refused is one item."""
    shown = visible(name)
    try:
        if archives.is_archive(data):
            for number, entry in enumerate(archives.entries(data), 1):
                yield Item(f"{shown}: {entry.name or number}", data=entry.data, trouble=_refused(entry.trouble))
        elif name.lower().endswith(".csv"):
            for link in links.links(data, encoding, network=network):
                yield Item(f"{shown}:{link.line}: {visible(link.url)}", url=link.url)
        else:
            yield Item(shown, data=data[: LONGEST + 1])
    except BankError as error:
        yield Item(shown, trouble=_refused(error))


def _refused(error: BankError | None) -> Trouble | None:
    return Trouble(error.code, error.message) if error else None
