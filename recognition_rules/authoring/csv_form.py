"""CSV files of registrars, in the encodings and with the separators that their programs write."""

import csv
import io

from charset_normalizer import from_bytes

from recognition_rules.authoring.sheets import Row, Sheet
from recognition_rules.errors import PackInvalid

MAX_BYTES = 8_000_000
ENCODINGS = ("utf_8", "utf_16", "cp949", "gb18030", "big5", "cp1252")
"""What is looked for, apart from a byte-order mark: UTF-8 first, then what Korean and Chinese offices write."""
_EAST_ASIAN = ("cp949", "gb18030", "big5")
FEWEST_SIGNS = 4
"""So many characters beyond ASCII a Korean or Chinese file without a mark has, or its encoding cannot be told."""
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SEPARATORS = ",;\t"


def read_csv(data: bytes, *, file: str, name: str, encoding: str | None = None) -> Sheet:
    """The rows of a CSV file; raises `PackInvalid`. `encoding` None means that it is found out."""
    if len(data) > MAX_BYTES:
        raise PackInvalid(file=file, line=None, problem="The file is larger than eight million bytes.")
    text = decoded(data, file=file, encoding=encoding)
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    return Sheet(file, name, tuple(_rows(text, separator, file)))


def decoded(data: bytes, *, file: str, encoding: str | None = None, otherwise: str | None = None) -> str:
    """The text of a file, by its byte-order mark, as UTF-8, or as what it most likely is, or is `otherwise`."""
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    chosen = encoding or marked or otherwise or _most_likely(data)
    try:
        text = data.decode(chosen) if chosen else ""
    except (UnicodeDecodeError, LookupError):
        chosen = None
    if chosen is None or "\x00" in text:
        problem = "The text cannot be read: save the file as UTF-8 (a sheet as CSV UTF-8)."
        raise PackInvalid(file=file, line=None, problem=problem, problem_code="encoding_unknown")
    return text


def _most_likely(data: bytes) -> str | None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(data, cp_isolation=list(ENCODINGS)).best()
        return best.encoding if best and _is_sure(data, best.encoding) else None
    return "utf-8"


def _is_sure(data: bytes, encoding: str) -> bool:
    """Korean and Chinese bytes can be read as each other: a few signs tell nothing, and Korean is mostly Hangul."""
    if encoding not in _EAST_ASIAN:
        return True
    signs = [each for each in data.decode(encoding, "replace") if each >= "\x80"]
    hangul = sum("가" <= each <= "힣" for each in signs)
    return len(signs) >= FEWEST_SIGNS and (encoding != "cp949" or 10 * hangul >= 9 * len(signs))


def _rows(text: str, separator: str, file: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            rows.append(Row(line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error:
        problem = "a cell in quotation marks is not closed, or goes on after the closing mark, or is too long."
        raise PackInvalid(file=file, line=line, problem=problem) from None
    return rows


def write_csv(sheet: Sheet) -> bytes:
    """The sheet as CSV in UTF-8 with a byte-order mark, so that spreadsheets show every script."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(row.cells for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")
