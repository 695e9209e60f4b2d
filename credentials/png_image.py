"""PNG images as lists of chunks, checked and bounded (PNG, third edition): no pixel is decoded to read a badge."""

import io
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import png

from credentials.errors import LimitExceeded, MalformedCredential

SIGNATURE: Final = bytes(png.signature)
MAX_PIXELS: Final = 4_194_304
MAX_TEXT_CHUNK: Final = 262_144
_MAX_CHUNKS: Final = 10_000
_MAX_SIDE: Final = 65_535
_TEXT_CHUNKS: Final = frozenset({b"iTXt", b"tEXt", b"zTXt"})
_DRAWING_CHUNKS: Final = frozenset({b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"})
_DEPTHS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_ADAM7: Final = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))

Chunk = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Header:
    """What IHDR says: size in pixels, bits a sample, colour type, whether the rows are interlaced (Adam7)."""

    width: int
    height: int
    depth: int
    colour: int
    interlaced: bool

    def passes(self) -> Iterable[tuple[int, int]]:
        """Bytes a row (without its filter byte) and number of rows of each pass that is not empty."""
        bits = self.depth * _CHANNELS[self.colour]
        for x, y, dx, dy in _ADAM7 if self.interlaced else ((0, 0, 1, 1),):
            columns, rows = -(-(self.width - x) // dx), -(-(self.height - y) // dy)
            if columns > 0 and rows > 0:
                yield (columns * bits + 7) // 8, rows


def chunks(image: bytes) -> list[Chunk]:
    """The chunks of an image, IHDR to IEND, their checksums verified; bytes after IEND are not part of it.

    Raises MalformedCredential `malformed_png`; LimitExceeded `too_large` for a text chunk over 256 kB, too many
    chunks, or more than 4 megapixels.
    """
    found: list[Chunk] = []
    try:
        for type_, content in png.Reader(bytes=image).chunks():
            found.append((bytes(type_), bytes(content)))
            _check_size(found)
    except (png.Error, EOFError):
        raise malformed("broken or missing chunk") from None
    _check_order(found)
    _check_animation(found)
    header(found)
    return found


def header(found: list[Chunk]) -> Header:
    """The image's header; raises `malformed_png` for what no PNG may say, `too_large` over 4 megapixels."""
    content = found[0][1]
    if len(content) != 13:
        raise malformed("header")
    width, height = int.from_bytes(content[:4]), int.from_bytes(content[4:8])
    depth, colour, compression, filtering, interlace = content[8:]
    if not 0 < width <= _MAX_SIDE or not 0 < height <= _MAX_SIDE:
        raise malformed("size")
    if depth not in _DEPTHS.get(colour, ()) or compression or filtering or interlace > 1:
        raise malformed("header")
    if width * height > MAX_PIXELS:
        raise LimitExceeded("too_large", "The image has more than {limit} pixels.", limit=MAX_PIXELS)
    return Header(width, height, depth, colour, interlace == 1)


def redrawn(image: bytes) -> list[Chunk]:
    """The image's chunks with its pixels packed afresh and nothing else: no text, no Exif, no animation.

    Raises as `chunks`, and `malformed_png` when the pixel data do not fill the image exactly.
    """
    found = chunks(image)
    packed = b"".join(content for type_, content in found if type_ == b"IDAT")
    rows = _rows(packed, list(header(found).passes()))
    drawing = [chunk for chunk in found if chunk[0] in _DRAWING_CHUNKS]
    return [found[0], *drawing, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]


def assemble(found: Iterable[Chunk]) -> bytes:
    """The chunks as an image, with signature and checksums."""
    out = io.BytesIO()
    png.write_chunks(out, found)
    return out.getvalue()


def malformed(reason: str) -> MalformedCredential:
    """The error for data that are no PNG image."""
    return MalformedCredential("malformed_png", reason=reason)


def _check_size(found: list[Chunk]) -> None:
    type_, content = found[-1]
    if type_ in _TEXT_CHUNKS and len(content) > MAX_TEXT_CHUNK:
        raise LimitExceeded("too_large", limit=MAX_TEXT_CHUNK)
    if len(found) > _MAX_CHUNKS:
        raise LimitExceeded("too_complex", limit=_MAX_CHUNKS, unit="chunks")


def _check_order(found: list[Chunk]) -> None:
    types = [type_ for type_, _ in found]
    if not types or types[0] != b"IHDR" or types[-1] != b"IEND" or b"IDAT" not in types:
        raise malformed("chunks missing or out of order")
    if types.count(b"IHDR") != 1 or types.count(b"PLTE") > 1:
        raise malformed("chunk repeated")


def _check_animation(found: list[Chunk]) -> None:
    """PNG, third edition, 11.3.6.1: an animation has at least one frame, and a number of them that the format holds."""
    for type_, content in found:
        if type_ == b"acTL" and (len(content) != 8 or not 0 < int.from_bytes(content[:4]) < 2**31):
            raise malformed("animation")


def _rows(packed: bytes, passes: list[tuple[int, int]]) -> bytes:
    """The filtered rows, exactly as many as the header announces; inflating stops one byte past that."""
    expected = sum((width + 1) * rows for width, rows in passes)
    inflater = zlib.decompressobj()
    try:
        rows = inflater.decompress(packed, expected + 1)
    except zlib.error:
        raise malformed("pixel data") from None
    if len(rows) != expected or not inflater.eof:
        raise malformed("pixel data")
    return rows
