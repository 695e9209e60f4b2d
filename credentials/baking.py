"""Badges inside images, by the rules of Open Badges 3.0 (section 5.3): PNG `iTXt`, SVG `openbadges:credential`.

Every bound is checked before a parser sees the data. A template image is redrawn: what it carried besides pixels or
plain drawing elements (text, Exif, scripts, an older badge) does not reach the baked image.
"""

from typing import Final

from credentials import svg_image
from credentials.errors import CredentialError, LimitExceeded, MalformedCredential, UnsupportedFormat
from credentials.jose import MAX_TOKEN_BYTES, read_compact
from credentials.png_image import MAX_TEXT_CHUNK, Chunk, assemble, chunks, malformed, redrawn
from credentials.strict_json import loads

MAX_IMAGE_BYTES: Final = 2 * 1_048_576
KEYWORD: Final = b"openbadgecredential"
_OLD_KEYWORD: Final = b"openbadges"
_PLAIN: Final = b"\0\0\0\0\0"  # end of keyword, not compressed, method 0, no language tag, no translated keyword


def bake_png(image: bytes, credential_text: str) -> bytes:
    """The image, redrawn, with the credential (JSON with its proof, or a compact JWS) in one `iTXt` chunk.

    Raises LimitExceeded `too_large`, MalformedCredential `malformed_png`, `malformed_credential` for other text.
    """
    _check_image_size(image)
    _check_text(credential_text)
    first, *rest = redrawn(image)
    badge = KEYWORD + _PLAIN + credential_text.encode()
    if len(badge) > MAX_TEXT_CHUNK:
        raise LimitExceeded("too_large", limit=MAX_TEXT_CHUNK)
    return assemble([first, (b"iTXt", badge), *rest])


def bake_svg(image: bytes, credential_text: str) -> bytes:
    """The image, its drawing elements written afresh, with the credential right after `<svg>`.

    A compact JWS goes into the attribute `verify`, JSON into a CDATA section. Raises LimitExceeded, MalformedCredential
    `malformed_svg`, `dtd_forbidden`, `malformed_credential`.
    """
    _check_image_size(image)
    is_token = _check_text(credential_text)
    return svg_image.redrawn(image, credential_text, is_token=is_token)


def extract_png(image: bytes) -> str:
    """The text of the one badge in the image.

    Raises MalformedCredential `no_badge`, `duplicate_badge`, `compressed_chunk`, `malformed_png`; LimitExceeded
    `too_large`; UnsupportedFormat `unsupported_format` for an Open Badges 1 or 2 badge.
    """
    _check_image_size(image)
    badges = [chunk for chunk in chunks(image) if _keyword(chunk) in (KEYWORD, _OLD_KEYWORD)]
    if not badges:
        raise MalformedCredential("no_badge")
    if len(badges) > 1:
        raise MalformedCredential("duplicate_badge")
    if _keyword(badges[0]) == _OLD_KEYWORD:
        raise UnsupportedFormat("unsupported_format")
    return _text(badges[0])


def extract_svg(image: bytes) -> str:
    """The text of the one badge in the image.

    Raises MalformedCredential `no_badge`, `duplicate_badge`, `malformed_svg`, `dtd_forbidden`; LimitExceeded
    `too_large`, `too_deep`, `too_complex`; UnsupportedFormat `unsupported_format` for an Open Badges 1 or 2 badge.
    """
    _check_image_size(image)
    return svg_image.badge(image)


def _keyword(chunk: Chunk) -> bytes | None:
    type_, content = chunk
    return content.partition(b"\0")[0] if type_ in (b"iTXt", b"tEXt", b"zTXt") else None


def _text(chunk: Chunk) -> str:
    """The text of an `iTXt` chunk, language tag and translated keyword left aside (PNG, section 11.3.3.4)."""
    type_, content = chunk
    rest = content[len(KEYWORD) + 1 :]
    if type_ == b"zTXt" or rest[:1] == b"\x01":
        raise MalformedCredential("compressed_chunk")
    fields = rest[2:].split(b"\0", 2)
    if type_ != b"iTXt" or rest[:2] != b"\0\0" or len(fields) != 3:
        raise malformed("badge is not in an iTXt chunk")
    try:
        return fields[2].decode("utf-8")
    except UnicodeDecodeError:
        raise malformed("badge is not UTF-8") from None


def _check_image_size(image: bytes) -> None:
    if len(image) > MAX_IMAGE_BYTES:
        raise LimitExceeded("too_large", limit=MAX_IMAGE_BYTES)


def _check_text(credential_text: str) -> bool:
    """Whether the text is a compact JWS rather than a JSON object; anything else is refused."""
    if not credential_text.startswith("{"):
        return _check_token(credential_text)
    if not isinstance(loads(credential_text, max_bytes=MAX_TEXT_CHUNK), dict):
        raise MalformedCredential("malformed_credential")
    return False


def _check_token(token: str) -> bool:
    if len(token) > MAX_TOKEN_BYTES:
        raise LimitExceeded("too_large", limit=MAX_TOKEN_BYTES)
    try:
        read_compact(token)
    except CredentialError:
        raise MalformedCredential("malformed_credential") from None
    return True
