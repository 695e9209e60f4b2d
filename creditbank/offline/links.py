"""A table of links (CSV, RFC 4180): the column `url`, one credential a line. Read strictly, whole or not at all."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from creditbank.errors import Refused

COLUMN: Final = "url"
ENCODINGS: Final = ("utf-8", "utf-8-sig", "utf-16", "cp949", "euc-kr", "gb18030", "big5", "shift_jis", "cp1252")
"""What may be declared; nothing is guessed."""
MAX_ROWS: Final = 100_000
MAX_LINK: Final = 2_048


@dataclass(frozen=True, slots=True)
class Link:
    """One link and the line it stands in, the first line being 1."""

    line: int
    url: str


def links(data: bytes, encoding: str, *, network: bool) -> list[Link]:
    """Every link of the table.

    Raises Refused, of the whole table and with the line where there is one: `network_not_allowed`, `encoding_unknown`,
    `table_encoding` (not of the declared encoding, or with a byte order mark that was not declared), `table_malformed`
    (NUL, an unterminated quotation, lines of unequal length), `table_column_missing`, `table_too_long`.
    """
    if not network:
        raise Refused("network_not_allowed", "A table of links is followed only with --online.")
    rows = list(_rows(_decoded(data, encoding)))
    header = rows[0][1] if rows else []
    if header.count(COLUMN) != 1:
        raise Refused("table_column_missing", f"The first line has to name one column {COLUMN}.", line=1)
    place = header.index(COLUMN)
    for line, row in rows[1:]:
        if len(row) != len(header) or len(row[place]) > MAX_LINK or not row[place].strip():
            raise _malformed(line)
    return [Link(line, row[place].strip()) for line, row in rows[1:]]


def _decoded(data: bytes, encoding: str) -> str:
    if encoding.lower() not in ENCODINGS:
        raise Refused("encoding_unknown", f"The encoding has to be one of {', '.join(ENCODINGS)}.")
    try:
        text = data.decode(codecs.lookup(encoding).name, errors="strict")
    except UnicodeError:
        raise Refused("table_encoding", "The table is not written in the encoding that was declared.") from None
    if text.startswith("\ufeff"):
        raise Refused("table_encoding", "The table begins with a byte order mark; declare utf-8-sig.", line=1)
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the line that it ends in."""
    if "\x00" in text:
        raise _malformed(text[: text.index("\x00")].count("\n") + 1)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if reader.line_num > MAX_ROWS:
                raise Refused("table_too_long", f"The table has more than {MAX_ROWS} lines.", limit=MAX_ROWS)
            if row:
                yield reader.line_num, row
    except csv.Error:
        raise _malformed(reader.line_num) from None


def _malformed(line: int) -> Refused:
    return Refused("table_malformed", f"Line {line} of the table is not as CSV has to be.", line=line)
