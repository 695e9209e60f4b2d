"""Enveloped credentials and presentations: a token in the data: URL of an object (VC Data Model 2.0, 4.13, 4.14)."""

from collections.abc import Mapping
from typing import Any, Final

from credentials.contexts import CREDENTIALS_V2
from credentials.errors import MalformedCredential, UnsupportedFormat

CREDENTIAL: Final = "EnvelopedVerifiableCredential"
PRESENTATION: Final = "EnvelopedVerifiablePresentation"
_MEDIA_TYPES: Final = {
    CREDENTIAL: ("application/vc+jwt", "application/vc+sd-jwt", "application/dc+sd-jwt", "application/jwt"),
    PRESENTATION: ("application/vp+jwt", "application/vp+sd-jwt", "application/jwt"),
}
_SCHEME: Final = "data:"


def envelope(kind: str, token: str, media_type: str) -> dict[str, Any]:
    """The object that carries a token."""
    return {"@context": [CREDENTIALS_V2], "id": f"{_SCHEME}{media_type},{token}", "type": kind}


def enveloped_token(value: Mapping[str, Any], kind: str = CREDENTIAL) -> str | None:
    """The token that an object of this kind carries; None where the object is of another kind.

    Nothing else in the object is signed, and nothing else is read. Raises MalformedCredential `malformed_credential`
    where it is not such an object after all; UnsupportedFormat `unsupported_format` for a token of another type.
    """
    if kind not in _values(value.get("type")):
        return None
    url = value.get("id")
    if CREDENTIALS_V2 not in _values(value.get("@context")) or _values(value.get("type")) != [kind]:
        raise MalformedCredential("malformed_credential", "The envelope has another context or a further type.")
    if not isinstance(url, str) or not url.startswith(_SCHEME):
        raise MalformedCredential("malformed_credential", "The envelope does not hold its content as a data: URL.")
    media_type, comma, token = url.removeprefix(_SCHEME).partition(",")
    if not comma or media_type not in _MEDIA_TYPES[kind]:
        raise UnsupportedFormat("unsupported_format")
    return token


def _values(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
