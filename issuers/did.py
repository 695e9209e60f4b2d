"""did:web, did:key, did:jwk: the identifier's grammar, the document's keys, the documents of hosted issuers — pure.

Specifications: DID Core 1.0, the did:web, did:key and did:jwk method specifications (CCG), Controlled Identifiers 1.0
for ``Multikey`` and ``JsonWebKey``. One identifier has one spelling here: lower-case host, ``%3A`` before a port, plain
path.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from credentials import strict_json
from credentials.did_keys import is_key_did, read_key_did
from credentials.errors import CredentialError
from credentials.keys import PublicKey
from issuers.addresses import is_host_name
from issuers.errors import DidError
from issuers.issuer import KeyRecord
from issuers.registry import KeyState, state

MAX_DID = 512
"""Characters of an identifier."""
MAX_DOCUMENT = 256 * 1024
"""Bytes of a DID document."""
MAX_METHODS = 64
"""Verification methods of a DID document."""

_WEB = re.compile(r"did:web:([a-z0-9.-]+)(?:%3A([1-9][0-9]{0,4}))?((?::[A-Za-z0-9._-]+)*)", re.ASCII)
_KEY = re.compile(r"did:key:z[1-9A-HJ-NP-Za-km-z]+", re.ASCII)
_FRAGMENT = re.compile(r"[A-Za-z0-9._~-]{1,512}", re.ASCII)
_CONTEXT = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]


@dataclass(frozen=True, slots=True)
class DidWeb:
    """The parts of a did:web: a host name, a port (443 unless given) and path segments."""

    host: str
    port: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResolvedKey:
    """A key that a DID document allows for credentials: its full id, and the key."""

    verification_method: str
    key: PublicKey


def parse_did_web(did: str) -> DidWeb:
    """The parts of a did:web, by its whole grammar.

    Errors: ``malformed_did``, ``did_method_not_allowed``, ``address_not_allowed``. A dotted or bare host passes
    (hosted issuers on a developer's machine have one); ``issuers.fetch`` does not connect to it.
    """
    if len(did) > MAX_DID:
        raise DidError("malformed_did")
    if did.startswith(("did:web:[", "did:web:%5B")):
        raise DidError("address_not_allowed")
    found = _WEB.fullmatch(did)
    if found is None:
        raise DidError("malformed_did" if did.startswith(("did:web:", "did:key:")) else "did_method_not_allowed")
    host, port, path = found.groups()
    segments = tuple(path.split(":")[1:])
    if not is_host_name(host) or int(port or 443) > 65535 or {".", ".."} & set(segments):
        raise DidError("malformed_did")
    return DidWeb(host, int(port or 443), segments)


def did_web_url(did: str) -> str:
    """Where the document of a did:web is: ``https://host[:port]/a/b/did.json`` or ``/.well-known/did.json``."""
    web = parse_did_web(did)
    port = "" if web.port == 443 else f":{web.port}"
    return f"https://{web.host}{port}/{'/'.join(web.path or ('.well-known',))}/did.json"


def check_did(did: str) -> None:
    """Refuse whatever is neither a well-formed did:web nor a did:key or did:jwk with an acceptable key.

    Errors: those of ``parse_did_web``, and ``credentials.errors.KeyRefused`` for the key.
    """
    if did.startswith("did:key:"):
        did_key_method(did)
    elif is_key_did(did):
        read_key_did(did)
    else:
        parse_did_web(did)


def did_key_method(did: str) -> ResolvedKey:
    """The one key of a did:key under its id ``<did>#<multibase>``; errors: ``malformed_did``, ``KeyRefused``."""
    if len(did) > MAX_DID or _KEY.fullmatch(did) is None:
        raise DidError("malformed_did")
    return ResolvedKey(f"{did}#{did.removeprefix('did:key:')}", PublicKey.from_did_key(did))


def parse_did_document(data: bytes, did: str) -> tuple[ResolvedKey, ...]:
    """The keys with which ``did`` may sign credentials, from the bytes of its document.

    1. At most 256 kB of strict JSON (else ``malformed_did_document``).
    2. Its ``id`` is ``did`` (else ``did_mismatch``).
    3. At most 64 verification methods (else ``too_many_keys``), each with an id of its own under ``did``, controlled
       by ``did`` (else ``controller_mismatch``), without private parts (else ``private_key_published``).
    4. The keys are those of ``assertionMethod``, by reference or embedded (none: ``no_assertion_key``); an
       unacceptable one among them raises ``credentials.errors.KeyRefused``.
    """
    document = check_document(data, did)
    methods = _methods(document, did)
    asserted = dict.fromkeys(_method_id(entry, did) for entry in _array(document, "assertionMethod"))
    if not asserted:
        raise DidError("no_assertion_key")
    if not asserted.keys() <= methods.keys():
        raise _malformed("assertionMethod names a method that is not there")
    return tuple(ResolvedKey(name, public_key(methods[name])) for name in asserted)


def check_document(data: bytes, did: str) -> dict[str, Any]:
    """The document as JSON, if it is one about ``did``, with sound methods; steps 1 to 3 of ``parse_did_document``."""
    document = _object(_load(data))
    if document.get("id") != did:
        raise DidError("did_mismatch")
    _methods(document, did)
    return document


def _load(data: bytes) -> Any:
    try:
        return strict_json.loads(data, max_bytes=MAX_DOCUMENT)
    except CredentialError as error:
        raise _malformed(f"it is not strict JSON ({error.code})") from error


def _methods(document: Mapping[str, Any], did: str) -> Mapping[str, Mapping[str, Any]]:
    embedded = [entry for entry in _array(document, "assertionMethod") if isinstance(entry, dict)]
    entries = [*_array(document, "verificationMethod"), *embedded]
    if len(entries) > MAX_METHODS:
        raise DidError("too_many_keys", limit=MAX_METHODS)
    methods = {_method_id(_object(entry), did): entry for entry in entries}
    if len(methods) != len(entries):
        raise _malformed("two verification methods have one id")
    for method in methods.values():
        _check_method(method, did)
    return MappingProxyType(methods)


def _check_method(method: Mapping[str, Any], did: str) -> None:
    if method.get("controller") != did:
        raise DidError("controller_mismatch")
    check_no_private_part(method)


def check_no_private_part(method: Mapping[str, Any]) -> None:
    """Refuse a verification method that gives its secret away (``private_key_published``)."""
    jwk = method.get("publicKeyJwk")
    if isinstance(jwk, dict) and jwk.keys() & {"d", "p", "q", "dp", "dq", "qi", "k"}:
        raise DidError("private_key_published")
    if {"privateKeyJwk", "secretKeyMultibase", "privateKeyMultibase", "privateKeyBase58"} & method.keys():
        raise DidError("private_key_published")


def _method_id(entry: Any, did: str) -> str:
    reference = entry.get("id") if isinstance(entry, dict) else entry
    if not isinstance(reference, str):
        raise _malformed("a verification method has no id")
    fragment = reference.removeprefix(did).removeprefix("#")
    if reference not in (f"{did}#{fragment}", f"#{fragment}") or _FRAGMENT.fullmatch(fragment) is None:
        raise _malformed("a verification method's id is not a fragment of the identifier")
    return f"{did}#{fragment}"


def public_key(method: Mapping[str, Any]) -> PublicKey:
    """The key of a verification method. Raises ``malformed_did_document``, ``KeyRefused``."""
    match method:
        case {"type": "Multikey" | "Ed25519VerificationKey2020", "publicKeyMultibase": str(text)}:
            return PublicKey.from_multibase(text)
        case {"type": "JsonWebKey" | "JsonWebKey2020", "publicKeyJwk": dict(jwk)}:
            return PublicKey.from_jwk(jwk)
        case _:
            raise _malformed("a key for credentials is neither a Multikey nor a JsonWebKey")


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _malformed("an object is missing")
    return value


def _array(document: Mapping[str, Any], name: str) -> list[Any]:
    value = document.get(name, [])
    if not isinstance(value, list):
        raise _malformed(f"{name} is not an array")
    return value


def _malformed(reason: str) -> DidError:
    return DidError("malformed_did_document", reason=reason)


def build_did_document(did: str, records: Iterable[KeyRecord], at: datetime) -> dict[str, Any]:
    """The DID document of a hosted issuer as of ``at``, ready to serve as ``application/did+json``.

    Retired keys stay, so that others can verify what they signed; compromised and not yet active keys are left out.
    """
    methods = [_method(record) for record in _published(did, records, at)]
    return {
        "@context": list(_CONTEXT),
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def build_jwks(did: str, records: Iterable[KeyRecord], at: datetime) -> dict[str, Any]:
    """The same keys as a JWK Set (RFC 7517); ``kid`` is the verification method, as in the credentials' headers."""
    published = _published(did, records, at)
    return {"keys": [{**record.key.jwk(), "kid": record.verification_method} for record in published]}


def _published(did: str, records: Iterable[KeyRecord], at: datetime) -> list[KeyRecord]:
    shown = {KeyState.ACTIVE, KeyState.RETIRED}
    kept = [record for record in records if record.controller == did and state(record, at) in shown]
    return sorted(kept, key=lambda record: (record.active_from, record.verification_method))


def _method(record: KeyRecord) -> dict[str, Any]:
    identity = {"id": record.verification_method, "controller": record.controller}
    if record.key.algorithm == "RS256":
        return {**identity, "type": "JsonWebKey", "publicKeyJwk": record.key.jwk()}
    return {**identity, "type": "Multikey", "publicKeyMultibase": record.key.multibase()}
