"""Credentials in a ZIP archive, within bounds that are looked at before anything is unpacked.

Names of entries are shown and never used as paths; nothing is written anywhere.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from credentials.report_certificate import visible
from creditbank.errors import BankError, Refused

MAX_TOTAL: Final = 50 * 1_000_000
"""Bytes of an archive, and of all its entries unpacked."""
MAX_ENTRIES: Final = 2_000
MAX_RATIO: Final = 100
_MAX_DIRECTORY: Final = 2 * 1_048_576
_END: Final = struct.Struct("<4s4H2LH")  # the end of central directory record (APPNOTE 6.3.10, 4.3.16)
_MAGIC: Final = (b"PK\x03\x04", b"PK\x05\x06")
_PLAIN: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1
_CLUTTER: Final = ("__MACOSX/",)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its name as text to be shown, and its bytes, or why it is not read."""

    name: str
    data: bytes | None
    trouble: BankError | None = None


def is_archive(data: bytes) -> bool:
    """Whether the data begin as a ZIP archive does."""
    return data.startswith(_MAGIC)


def entries(data: bytes) -> Iterator[Entry]:
    """The files in an archive, in the order of its directory. Folders are passed over.

    Raises Refused for the archive as a whole, before anything is unpacked: `archive_too_large` (50 MB, packed or
    unpacked), `archive_too_many_entries` (2,000), `archive_ratio` (an entry unpacks to more than a hundredfold),
    `archive_malformed`. A single entry may be in the way of itself: `archive_nested`, `archive_entry_refused`
    (encrypted, a link, an unusual method), `archive_entry_damaged`.
    """
    _check_size(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [
                info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith(_CLUTTER)
            ]
            _check_directory(archive.infolist())
            for info in infos:
                yield _entry(archive, info)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, ValueError, struct.error, OverflowError):
        raise Refused("archive_malformed", "The archive is damaged.") from None


def _check_size(data: bytes) -> None:
    """The record at the very end says how much there is to a directory, before anybody parses that."""
    if len(data) > MAX_TOTAL:
        raise _too_large()
    end = data[-_END.size :]
    if len(end) < _END.size or not end.startswith(_MAGIC[1]):
        raise Refused("archive_malformed", "The archive does not end as archives do; one with a comment is not read.")
    _, _, _, _, count, size, offset, _ = _END.unpack(end)
    if count > MAX_ENTRIES or size > _MAX_DIRECTORY or offset > len(data):
        raise Refused(
            "archive_too_many_entries", f"The archive has more than {MAX_ENTRIES} entries.", limit=MAX_ENTRIES
        )


def _check_directory(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_ENTRIES:
        raise Refused(
            "archive_too_many_entries", f"The archive has more than {MAX_ENTRIES} entries.", limit=MAX_ENTRIES
        )
    if sum(info.file_size for info in infos) > MAX_TOTAL:
        raise _too_large()
    if any(info.file_size > MAX_RATIO * max(info.compress_size, 1) for info in infos):
        raise Refused("archive_ratio", f"An entry unpacks to more than {MAX_RATIO} times its size.", limit=MAX_RATIO)


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Entry:
    name = visible(info.filename)
    if _is_unusual(info):
        return Entry(
            name, None, Refused("archive_entry_refused", "The entry is encrypted, a link, or packed unusually.")
        )
    try:
        with archive.open(info) as file:
            data = file.read(info.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError):
        return Entry(name, None, Refused("archive_entry_damaged", "The entry is damaged."))
    if is_archive(data):
        return Entry(name, None, Refused("archive_nested", "The entry is an archive itself, which is not opened."))
    return Entry(name, data)


def _is_unusual(info: zipfile.ZipInfo) -> bool:
    mode = info.external_attr >> 16
    return (
        bool(info.flag_bits & _ENCRYPTED)
        or info.compress_type not in _PLAIN
        or (stat.S_IFMT(mode) not in (0, stat.S_IFREG))
    )


def _too_large() -> Refused:
    return Refused("archive_too_large", f"The archive holds more than {MAX_TOTAL} bytes.", limit=MAX_TOTAL)
