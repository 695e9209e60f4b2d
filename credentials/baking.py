"""Badges inside images: Open Badges 3.0 (section 5.3) and 2.0 (baking specification), PNG and SVG, in and out.

Every bound is checked before a parser sees the data. A template image is redrawn: what it carried besides pixels or
plain drawing elements (text, Exif, scripts, an older badge) does not reach the baked image.
"""

import io
from dataclasses import dataclass
from typing import Final

from openbadges_bakery import png_bakery

from credentials import svg_image
from credentials.errors import CredentialError, LimitExceeded, MalformedCredential
from credentials.jose import MAX_TOKEN_BYTES, read_compact
from credentials.open_badges_2 import hosted_address, is_assertion, is_fetchable
from credentials.png_image import MAX_TEXT_CHUNK, Chunk, assemble, chunks, malformed, redrawn
from credentials.strict_json import loads

MAX_IMAGE_BYTES: Final = 2 * 1_048_576
KEYWORD: Final = b"openbadgecredential"
OLD_KEYWORD: Final = b"openbadges"
_PLAIN: Final = b"\0\0\0\0\0"  # end of keyword, not compressed, method 0, no language tag, no translated keyword


@dataclass(frozen=True, slots=True)
class BakedText:
    """The text of the badge in an image, and whether it stands where Open Badges 2.0 and older versions put it."""

    text: str
    is_old: bool


def bake_png(image: bytes, credential_text: str) -> bytes:
    """The image, redrawn, with the credential (JSON with its proof, or a compact JWS) in one `iTXt` chunk.

    Raises LimitExceeded `too_large`, MalformedCredential `malformed_png`, `malformed_credential` for other text.
    """
    _check_image_size(image)
    _check_text(credential_text)
    first, *rest = redrawn(image)
    badge = KEYWORD + _PLAIN + credential_text.encode()
    _check_chunk_size(badge)
    return assemble([first, (b"iTXt", badge), *rest])


def bake_svg(image: bytes, credential_text: str) -> bytes:
    """The image, its drawing elements written afresh, with the credential right after `<svg>`.

    A compact JWS goes into the attribute `verify`, JSON into a CDATA section. Raises LimitExceeded, MalformedCredential
    `malformed_svg`, `dtd_forbidden`, `malformed_credential`.
    """
    _check_image_size(image)
    is_token = _check_text(credential_text)
    verify, body = (credential_text, None) if is_token else (None, credential_text)
    return svg_image.redrawn(image, svg_image.Element(*svg_image.CREDENTIAL, verify, body))


def bake_png_2(image: bytes, assertion_text: str) -> bytes:
    """As `bake_png`, for an Open Badges 2.0 assertion: hosted (its JSON) or signed (a compact JWS)."""
    _check_image_size(image)
    _check_assertion(assertion_text)
    _check_chunk_size(OLD_KEYWORD + _PLAIN + assertion_text.encode())
    clean = io.BytesIO(assemble(redrawn(image)))
    baked = png_bakery.bake(clean, assertion_text, io.BytesIO())
    return bytes(baked.read())


def bake_svg_2(image: bytes, assertion_text: str) -> bytes:
    """As `bake_svg`, for an Open Badges 2.0 assertion: hosted (its JSON) or signed (a compact JWS).

    The attribute `verify` holds the address of a hosted one, or the JWS; the JSON goes into a CDATA section.
    """
    _check_image_size(image)
    address = _check_assertion(assertion_text)
    verify, body = (assertion_text, None) if address is None else (address, assertion_text)
    return svg_image.redrawn(image, svg_image.Element(*svg_image.ASSERTION, verify, body))


def extract_png(image: bytes) -> str:
    """The text of the one badge in the image, whatever its version; errors as `badge_in_png`."""
    return badge_in_png(image).text


def extract_svg(image: bytes) -> str:
    """The text of the one badge in the image, whatever its version; errors as `badge_in_svg`."""
    return badge_in_svg(image).text


def badge_in_png(image: bytes) -> BakedText:
    """The one badge in the image.

    Raises MalformedCredential `no_badge`, `duplicate_badge` (badges of two versions are two), `compressed_chunk`,
    `malformed_png`; LimitExceeded `too_large`.
    """
    _check_image_size(image)
    badges = [chunk for chunk in chunks(image) if _keyword(chunk) in (KEYWORD, OLD_KEYWORD)]
    if not badges:
        raise MalformedCredential("no_badge")
    if len(badges) > 1:
        raise MalformedCredential("duplicate_badge")
    is_old = _keyword(badges[0]) == OLD_KEYWORD
    return BakedText(_latin(badges[0]) if is_old and badges[0][0] == b"tEXt" else _text(badges[0]), is_old)


def badge_in_svg(image: bytes) -> BakedText:
    """The one badge in the image; of an older badge the attribute `verify`, where it has one.

    Raises MalformedCredential `no_badge`, `duplicate_badge` (badges of two versions are two), `malformed_svg`,
    `dtd_forbidden`; LimitExceeded `too_large`, `too_deep`, `too_complex`.
    """
    _check_image_size(image)
    return BakedText(*svg_image.badge(image))


def _keyword(chunk: Chunk) -> bytes | None:
    type_, content = chunk
    return content.partition(b"\0")[0] if type_ in (b"iTXt", b"tEXt", b"zTXt") else None


def _text(chunk: Chunk) -> str:
    """The text of an `iTXt` chunk, language tag and translated keyword left aside (PNG, section 11.3.3.4)."""
    type_, content = chunk
    rest = content.partition(b"\0")[2]
    if type_ == b"zTXt" or rest[:1] == b"\x01":
        raise MalformedCredential("compressed_chunk")
    fields = rest[2:].split(b"\0", 2)
    if type_ != b"iTXt" or rest[:2] != b"\0\0" or len(fields) != 3:
        raise malformed("badge is not in an iTXt chunk")
    try:
        return fields[2].decode("utf-8")
    except UnicodeDecodeError:
        raise malformed("badge is not UTF-8") from None


def _latin(chunk: Chunk) -> str:
    """The text of a `tEXt` chunk, which the first versions used: Latin-1, of which a badge needs no more than ASCII."""
    try:
        return chunk[1].partition(b"\0")[2].decode("ascii")
    except UnicodeDecodeError:
        raise malformed("badge is not ASCII") from None


def _check_image_size(image: bytes) -> None:
    if len(image) > MAX_IMAGE_BYTES:
        raise LimitExceeded("too_large", limit=MAX_IMAGE_BYTES)


def _check_chunk_size(content: bytes) -> None:
    if len(content) > MAX_TEXT_CHUNK:
        raise LimitExceeded("too_large", limit=MAX_TEXT_CHUNK)


def _check_text(credential_text: str) -> bool:
    """Whether the text is a compact JWS rather than a JSON object; anything else is refused."""
    if not credential_text.startswith("{"):
        return _check_token(credential_text)
    if not isinstance(loads(credential_text, max_bytes=MAX_TEXT_CHUNK), dict):
        raise MalformedCredential("malformed_credential")
    return False


def _check_assertion(assertion_text: str) -> str | None:
    """The address of a hosted assertion, None for a signed one; anything else is refused before a library sees it."""
    if _check_text(assertion_text):
        return None
    document = loads(assertion_text, max_bytes=MAX_TEXT_CHUNK)
    address = hosted_address(document) if isinstance(document, dict) and is_assertion(document) else None
    if address is None or not is_fetchable(address):
        raise MalformedCredential("malformed_credential")
    return address


def _check_token(token: str) -> bool:
    if len(token) > MAX_TOKEN_BYTES:
        raise LimitExceeded("too_large", limit=MAX_TOKEN_BYTES)
    try:
        read_compact(token)
    except CredentialError:
        raise MalformedCredential("malformed_credential") from None
    return True
