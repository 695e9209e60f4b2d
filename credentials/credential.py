"""A credential as it was received. Nothing here has been verified: these views serve look-ups before verification."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from credentials.jws import CompactJws
from credentials.sd_jwt import SdJwt


class Format(StrEnum):
    """How a credential is secured."""

    DATA_INTEGRITY = "data-integrity"
    VC_JWT = "vc-jwt"
    SD_JWT = "sd-jwt"
    OPEN_BADGES_2 = "open-badges-2"


class Container(StrEnum):
    """What the bytes were that carried the credential."""

    JSON = "json"
    JWS = "jws"
    PNG = "png"
    SVG = "svg"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Credential:
    """The bytes as received and the document inside them. The document is never changed; make a copy instead.

    `document` is the credential with its proofs, and without the claims of the JWT that may have carried it. An image
    of Open Badges 2.0 may hold no more than the assertion's address: then the document is `{"id": address}`. Of an
    SD-JWT the document is what is disclosed, and `jws` the issuer's, with the disclosures put back into its payload.
    """

    received: bytes = field(repr=False)
    container: Container
    format: Format
    document: Mapping[str, Any] = field(repr=False)
    jws: CompactJws | None = field(default=None, repr=False)
    sd_jwt: SdJwt | None = field(default=None, repr=False)

    @property
    def id(self) -> str | None:
        """What the credential says its id is."""
        return _text(self.document.get("id"))

    @property
    def issuer_id(self) -> str | None:
        """Whom the credential names as its issuer."""
        issuer = self.document.get("issuer")
        return _text(issuer.get("id") if isinstance(issuer, dict) else issuer)

    @property
    def subject_id(self) -> str | None:
        """Whom the credential names as its one subject."""
        subject = self.document.get("credentialSubject")
        return _text(subject.get("id")) if isinstance(subject, dict) else None

    @property
    def types(self) -> tuple[str, ...]:
        """The types that the credential claims to have."""
        return tuple(item for item in _values(self.document.get("type")) if isinstance(item, str))

    @property
    def proofs(self) -> tuple[Mapping[str, Any], ...]:
        """The embedded proofs; none in a JWT."""
        return tuple(item for item in _values(self.document.get("proof")) if isinstance(item, dict))

    @property
    def verification_methods(self) -> tuple[str, ...]:
        """The key ids that the proofs name: what to gather before verification."""
        named = [proof.get("verificationMethod") for proof in self.proofs]
        named += [self.jws.header.get("kid")] if self.jws else []
        return tuple(method for method in named if isinstance(method, str))

    @property
    def status_list_urls(self) -> tuple[str, ...]:
        """The addresses of the status lists that the credential points to: what to gather before verification."""
        entries = _values(self.document.get("credentialStatus"))
        named = [entry.get("statusListCredential") for entry in entries if isinstance(entry, dict)]
        return tuple(dict.fromkeys(url for url in named if isinstance(url, str)))


def _values(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
