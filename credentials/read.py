"""Bytes to a Credential: JSON, JWS, SD-JWT, PNG, SVG, PDF. Limits come before parsers; nothing is verified here."""

from typing import Final

from credentials.baking import MAX_IMAGE_BYTES, badge_in_png, badge_in_svg
from credentials.credential import Container, Credential, Format
from credentials.enveloped import enveloped_token
from credentials.errors import LimitExceeded, MalformedCredential, UnsupportedFormat
from credentials.jws import MAX_TOKEN_BYTES, CompactJws, Document, read_compact
from credentials.open_badges_2 import is_assertion, is_fetchable, without_nulls
from credentials.pdf_attachment import MAGIC, MAX_PDF_BYTES, credential_in_pdf
from credentials.png_image import SIGNATURE
from credentials.sd_jwt import read_sd_jwt
from credentials.sd_jwt_credential import from_sd_jwt, issuer_jws
from credentials.strict_json import MAX_BYTES, Json, loads
from credentials.vc_jwt import from_vc_jwt

MEDIA_TYPES: Final = {
    "application/json": Container.JSON,
    "application/ld+json": Container.JSON,
    "application/vc": Container.JSON,
    "application/vc+ld+json": Container.JSON,
    "application/jwt": Container.JWS,
    "application/jose": Container.JWS,
    "application/vc+jwt": Container.JWS,
    "application/sd-jwt": Container.JWS,
    "application/vc+sd-jwt": Container.JWS,
    "application/dc+sd-jwt": Container.JWS,
    "text/plain": Container.JWS,
    "image/png": Container.PNG,
    "image/svg+xml": Container.SVG,
    "application/pdf": Container.PDF,
}
_ANY: Final = ("application/octet-stream", "")
_JWT_TYPES: Final = ("JWT", "vc+jwt")
_OLD_JWT_TYPES: Final = ("JWT", "JWS", "JOSE", "JOSE+JSON")
_ADDRESS: Final = ("https://", "http://")
_WEB_PAGES: Final = (b"<!doctype html", b"<html")
_PRESENTATIONS: Final = frozenset({"VerifiablePresentation", "EnvelopedVerifiablePresentation"})


def read(data: bytes, media_type: str | None = None) -> Credential:
    """The credential in the data; without a media type, or with a general one, the data tell what they are.

    Of an image that holds only the address of an Open Badges 2.0 assertion, the document is `{"id": address}`: what
    is served there is the assertion. An address by itself is no credential.

    Raises CredentialError and nothing else: LimitExceeded `too_large` over 8 MiB (PDF), 2 MiB (images), 1 MiB (JSON),
    128 kB (JWS); UnsupportedFormat `unsupported_format`; MalformedCredential with the codes of `strict_json.loads`,
    `read_compact`, `from_vc_jwt`, `read_sd_jwt`, `from_sd_jwt`, `enveloped_token`, `badge_in_png`, `badge_in_svg`,
    `credential_in_pdf`, and `wrong_type` for a token of another kind or data that are not of the media type stated.
    """
    container = _container(data)
    limit = MAX_PDF_BYTES if container is Container.PDF else MAX_IMAGE_BYTES
    if len(data) > limit:
        raise LimitExceeded("too_large", limit=limit)
    if media_type is not None and _stated(media_type) not in (None, container):
        raise MalformedCredential("wrong_type", "The data are not of the media type that is stated for them.")
    if container in (Container.PNG, Container.SVG):
        return _from_image(data, container)
    return _from_text(data, credential_in_pdf(data) if container is Container.PDF else data, container)


def _from_image(data: bytes, container: Container) -> Credential:
    badge = badge_in_png(data) if container is Container.PNG else badge_in_svg(data)
    if badge.is_old and badge.text.startswith(_ADDRESS):
        if not is_fetchable(badge.text):
            raise MalformedCredential("malformed_credential", "The address of the badge in the image is not usable.")
        return Credential(data, container, Format.OPEN_BADGES_2, {"id": badge.text})
    return _from_text(data, badge.text, container)


def _container(data: bytes) -> Container:
    """What the data are, by their first bytes."""
    if data.startswith(SIGNATURE):
        return Container.PNG
    if data.startswith(MAGIC):
        return Container.PDF
    if _is_token(data):
        return Container.JWS
    start = data[:512].lstrip(b" \t\r\n\xef\xbb\xbf")
    if start[:14].lower().startswith(_WEB_PAGES):
        raise UnsupportedFormat("unsupported_format")
    return Container.SVG if start.startswith(b"<") else Container.JSON


def _stated(media_type: str) -> Container | None:
    """The container that a media type stands for, its parameters aside; None where it leaves that open."""
    name = media_type.partition(";")[0].strip().lower()
    if name in _ANY:
        return None
    if name not in MEDIA_TYPES:
        raise UnsupportedFormat("unsupported_format")
    return MEDIA_TYPES[name]


def _from_text(received: bytes, text: str | bytes, container: Container) -> Credential:
    """The credential in the text that a container held: a JSON object or a compact JWS."""
    if _is_token(text):
        return _from_token(received, text, container)
    value = loads(text, max_bytes=MAX_BYTES)
    if isinstance(value, dict) and is_assertion(value):
        return Credential(received, container, Format.OPEN_BADGES_2, without_nulls(value))
    token = enveloped_token(value) if isinstance(value, dict) else None
    if token is not None:
        return _from_token(received, token, container)
    return Credential(received, container, Format.DATA_INTEGRITY, _credential_document(value))


def _is_token(text: str | bytes) -> bool:
    return text.startswith(b"eyJ") if isinstance(text, bytes) else text.startswith("eyJ")


def _from_token(received: bytes, text: str | bytes, container: Container) -> Credential:
    if len(text) > MAX_TOKEN_BYTES + 2:
        raise LimitExceeded("too_large", limit=MAX_TOKEN_BYTES)
    token = _ascii(text).removesuffix("\n").removesuffix("\r")
    if "~" in token:
        return _from_sd_jwt(received, token, container)
    jws = read_compact(token)
    if is_assertion(jws.payload):
        return _from_old_token(received, jws, container)
    if jws.header.get("typ", "JWT") not in _JWT_TYPES:
        raise MalformedCredential("wrong_type")
    return Credential(received, container, Format.VC_JWT, _credential_document(from_vc_jwt(jws)), jws)


def _from_sd_jwt(received: bytes, token: str, container: Container) -> Credential:
    sd_jwt = read_sd_jwt(token)
    document = _credential_document(from_sd_jwt(sd_jwt))
    return Credential(received, container, Format.SD_JWT, document, issuer_jws(sd_jwt), sd_jwt)


def _from_old_token(received: bytes, jws: CompactJws, container: Container) -> Credential:
    """A signed assertion of Open Badges 2.0 or 1.x: the payload is the assertion, and `typ` is mostly left out."""
    if jws.header.get("typ", "JWT").upper() not in _OLD_JWT_TYPES:
        raise MalformedCredential("wrong_type")
    return Credential(received, container, Format.OPEN_BADGES_2, without_nulls(jws.payload), jws)


def _ascii(text: str | bytes) -> str:
    try:
        return text.decode("ascii") if isinstance(text, bytes) else text.encode("ascii").decode()
    except UnicodeError:
        raise MalformedCredential("malformed_jws", reason="not ASCII") from None


def _credential_document(value: Json) -> Document:
    """The value, if it may be a credential: an object with a context, of a kind that is read."""
    if not isinstance(value, dict):
        raise MalformedCredential("malformed_credential", "The data are not a JSON object.")
    if any(item in _PRESENTATIONS for item in _values(value.get("type")) if isinstance(item, str)):
        raise UnsupportedFormat("unsupported_format")
    return value


def _values(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]
