"""DID resolution and dereferencing as a service answers them: document, metadata, and the error's registered name.

W3C DID Resolution, sections 3 to 5, and the did:key method's own error codes. An answer always has all of its parts,
so that whoever asks reads one shape.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials.did_keys import DID_JWK, DID_KEY
from credentials.errors import CredentialError, KeyRefused
from credentials.multibase import decode
from issuers.did import MAX_DID, check_document, did_web_url, parse_did_web
from issuers.did_key_document import (
    AGREEMENT_FORMATS,
    EXPERIMENTAL_FORMATS,
    SIGNATURE_FORMATS,
    default_format,
    did_document,
    fits,
)
from issuers.errors import DidError, FetchError
from issuers.fetch import Fetcher
from issuers.resolve import fetch_document

RESULT_CONTEXT: Final = "https://w3id.org/did-resolution/v1"
CONTENT_TYPE: Final = "application/did+ld+json"
_SCHEME: Final = re.compile(r"did:([a-z0-9]+):([A-Za-z0-9._:%-]+)", re.ASCII)
_FRAGMENT: Final = re.compile(r"[A-Za-z0-9._~-]{1,512}", re.ASCII)
_LENGTHS: Final = {b"\xed\x01": 34, b"\x80\x24": 35, b"\x81\x24": 51, b"\xec\x01": 34}
"""Bytes of a did:key with each multicodec that is known, the multicodec included."""
_MAX_URL: Final = 4_608

Documents = Callable[[str], Mapping[str, Any] | None]
"""The DID documents that the service itself publishes, by DID; None for others'."""


@dataclass(frozen=True, slots=True)
class ResolutionOptions:
    """`publicKeyFormat` (None: the method's default); whether to derive a key for encryption; the did:key options."""

    public_key_format: str | None = None
    derive_agreement_key: bool = False


_DEFAULTS: Final = ResolutionOptions()


class _Failed(Exception):
    """The resolution ends with this registered name; it never leaves this module."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Resolution:
    """What is answered. `error` is None or a registered name such as `invalidDid` or `notFound`."""

    document: Mapping[str, Any]
    error: str | None
    dereferenced: bool

    def to_json(self) -> dict[str, Any]:
        """The resolution result; the document is empty, never missing, where there is an error."""
        about = "didDereferencingMetadata" if self.dereferenced else "didResolutionMetadata"
        metadata = {"error": self.error} if self.error else {"contentType": CONTENT_TYPE}
        return {
            "@context": RESULT_CONTEXT,
            "didDocument": dict(self.document),
            "didDocumentMetadata": {},
            about: metadata,
        }


def resolve_did(
    did_url: str, fetcher: Fetcher | None, options: ResolutionOptions = _DEFAULTS, own: Documents = lambda _: None
) -> Resolution:
    """The DID document of a did:key, did:jwk or did:web, or the verification method that a DID URL names in it.

    `own` gives documents that this service publishes itself; without a fetcher nothing is asked outside. Never raises;
    errors: `invalidDid`, `invalidDidUrl`, `methodNotSupported`, `notFound`, `invalidPublicKey`,
    `invalidPublicKeyLength`, `invalidPublicKeyType`, `unsupportedPublicKeyType`, `invalidDidDocument`.
    """
    did, sign, fragment = did_url.partition("#")
    try:
        _check_url(did, fragment if sign else None)
        document = _document(did, fetcher, options, own, dereferencing=bool(sign))
        found = _method(document, did, fragment) if sign else document
    except _Failed as failed:
        return Resolution({}, failed.name, dereferenced=bool(sign) and failed.name != "invalidDid")
    return Resolution(found, None, dereferenced=bool(sign))


def _check_url(did: str, fragment: str | None) -> None:
    if len(did) > _MAX_URL or _SCHEME.fullmatch(did) is None:
        raise _Failed("invalidDidUrl" if fragment is not None and _SCHEME.fullmatch(_bare(did)) else "invalidDid")
    if fragment is not None and _FRAGMENT.fullmatch(fragment) is None:
        raise _Failed("invalidDidUrl")


def _bare(did_url: str) -> str:
    """The DID that a DID URL with path or query begins with."""
    return did_url.partition("/")[0].partition("?")[0]


def _document(
    did: str, fetcher: Fetcher | None, options: ResolutionOptions, own: Documents, *, dereferencing: bool
) -> Mapping[str, Any]:
    if did.startswith((DID_KEY, DID_JWK)):
        return _of_key(did, options, dereferencing=dereferencing)
    if not did.startswith("did:web:"):
        raise _Failed("methodNotSupported")
    return _of_web(did, fetcher, own)


def _of_key(did: str, options: ResolutionOptions, *, dereferencing: bool) -> dict[str, Any]:
    named = options.public_key_format
    if named is not None and named not in (*SIGNATURE_FORMATS, *AGREEMENT_FORMATS):
        raise _Failed("invalidPublicKeyType" if named in EXPERIMENTAL_FORMATS else "unsupportedPublicKeyType")
    if did.startswith(DID_KEY):
        _check_key(did)
    try:
        chosen = "Ed25519VerificationKey2020" if named == "X25519KeyAgreementKey2020" else named or default_format(did)
        if not fits(did, chosen):
            raise _Failed("invalidPublicKeyType")
        return did_document(did, chosen, with_agreement=options.derive_agreement_key or dereferencing)
    except KeyRefused as error:
        raise _Failed("invalidDid" if did.startswith(DID_JWK) else _key_error(error)) from None


def _check_key(did: str) -> None:
    """One spelling: no version, base58btc, a multicodec that is known, and as many bytes as it wants."""
    text = did.removeprefix(DID_KEY)
    if len(did) > MAX_DID or ":" in text or not text.startswith("z"):
        raise _Failed("invalidDid")
    try:
        data = decode(text, max_length=256)
    except CredentialError:
        raise _Failed("invalidDid") from None
    if _LENGTHS.get(data[:2], 0) != len(data):
        raise _Failed("invalidPublicKeyLength")


def _key_error(error: KeyRefused) -> str:
    return "invalidPublicKeyType" if error.code == "key_type_not_allowed" else "invalidPublicKey"


def _of_web(did: str, fetcher: Fetcher | None, own: Documents) -> Mapping[str, Any]:
    try:
        parse_did_web(did)
    except DidError:
        raise _Failed("invalidDid") from None
    published = own(did)
    if published is not None:
        return published
    if fetcher is None:
        raise _Failed("notFound")
    try:
        return check_document(fetch_document(did_web_url(did), fetcher).body, did)
    except (FetchError, DidError, CredentialError) as error:
        raise _Failed("invalidDidDocument" if isinstance(error, DidError) else "notFound") from None


def _method(document: Mapping[str, Any], did: str, fragment: str) -> Mapping[str, Any]:
    names = (f"{did}#{fragment}", f"#{fragment}")
    embedded = [document.get(name, []) for name in ("verificationMethod", "assertionMethod", "keyAgreement")]
    for method in (item for group in embedded if isinstance(group, list) for item in group):
        if isinstance(method, dict) and method.get("id") in names:
            return {"@context": document.get("@context"), **method}
    raise _Failed("notFound")
