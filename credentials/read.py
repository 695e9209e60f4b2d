"""Bytes to a Credential: JSON, compact JWS, PNG, SVG. Limits come before parsers; nothing is verified here."""

from typing import Final

from credentials.baking import MAX_IMAGE_BYTES, extract_png, extract_svg
from credentials.credential import Container, Credential, Format
from credentials.errors import LimitExceeded, MalformedCredential, UnsupportedFormat
from credentials.jws import MAX_TOKEN_BYTES, Document, read_compact
from credentials.png_image import SIGNATURE
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
    "text/plain": Container.JWS,
    "image/png": Container.PNG,
    "image/svg+xml": Container.SVG,
}
_ANY: Final = ("application/octet-stream", "")
_JWT_TYPES: Final = ("JWT", "vc+jwt")
_OLD_BADGES: Final = "https://w3id.org/openbadges/"
_PRESENTATIONS: Final = frozenset(
    {"VerifiablePresentation", "EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation"}
)


def read(data: bytes, media_type: str | None = None) -> Credential:
    """The credential in the data; without a media type, or with a general one, the data tell what they are.

    Raises CredentialError and nothing else: LimitExceeded `too_large` over 2 MiB (images), 1 MiB (JSON), 128 kB (JWS);
    UnsupportedFormat `unsupported_format`; MalformedCredential with the codes of `strict_json.loads`, `read_compact`,
    `from_vc_jwt`, `extract_png`, `extract_svg`, and `wrong_type` for a token of another kind or data that are not of
    the media type stated.
    """
    if len(data) > MAX_IMAGE_BYTES:
        raise LimitExceeded("too_large", limit=MAX_IMAGE_BYTES)
    container = _container(data)
    if media_type is not None and _stated(media_type) not in (None, container):
        raise MalformedCredential("wrong_type", "The data are not of the media type that is stated for them.")
    if container is Container.PNG:
        return _from_text(data, extract_png(data), container)
    if container is Container.SVG:
        return _from_text(data, extract_svg(data), container)
    return _from_text(data, data, container)


def _container(data: bytes) -> Container:
    """What the data are, by their first bytes."""
    if data.startswith(SIGNATURE):
        return Container.PNG
    if _is_token(data):
        return Container.JWS
    start = data[:512].lstrip(b" \t\r\n\xef\xbb\xbf")
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
    return Credential(received, container, Format.DATA_INTEGRITY, _credential_document(value))


def _is_token(text: str | bytes) -> bool:
    return text.startswith(b"eyJ") if isinstance(text, bytes) else text.startswith("eyJ")


def _from_token(received: bytes, text: str | bytes, container: Container) -> Credential:
    if len(text) > MAX_TOKEN_BYTES + 2:
        raise LimitExceeded("too_large", limit=MAX_TOKEN_BYTES)
    token = _ascii(text).removesuffix("\n").removesuffix("\r")
    if "~" in token:
        raise UnsupportedFormat("unsupported_format")  # SD-JWT, with its disclosures
    jws = read_compact(token)
    if jws.header.get("typ", "JWT") not in _JWT_TYPES:
        raise MalformedCredential("wrong_type")
    return Credential(received, container, Format.VC_JWT, _credential_document(from_vc_jwt(jws)), jws)


def _ascii(text: str | bytes) -> str:
    try:
        return text.decode("ascii") if isinstance(text, bytes) else text.encode("ascii").decode()
    except UnicodeError:
        raise MalformedCredential("malformed_jws", reason="not ASCII") from None


def _credential_document(value: Json) -> Document:
    """The value, if it may be a credential: an object with a context, of a kind that is read."""
    if not isinstance(value, dict):
        raise MalformedCredential("malformed_credential", "The data are not a JSON object.")
    context, types = _values(value.get("@context")), _values(value.get("type"))
    if any(isinstance(item, str) and item.startswith(_OLD_BADGES) for item in context):
        raise UnsupportedFormat("unsupported_format")  # Open Badges 1 and 2
    if any(item in _PRESENTATIONS for item in types if isinstance(item, str)):
        raise UnsupportedFormat("unsupported_format")
    return value


def _values(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]
