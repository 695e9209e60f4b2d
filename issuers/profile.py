"""Keys of an issuer that is an https address: its profile, its JWK Set, or the address that a `kid` is — pure.

Open Badges 3.0 lets an issuer be named by the URL of its Profile, and a `kid` be a URL that leads to the key. Only what
the issuer's own host serves is read, and a profile speaks for nobody but itself.
"""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urljoin

from credentials import strict_json
from credentials.errors import CredentialError, MalformedCredential
from credentials.keys import PublicKey
from credentials.members import items
from issuers.addresses import is_address_spelling, is_host_name
from issuers.did import MAX_DOCUMENT, MAX_METHODS, ResolvedKey, check_no_private_part, public_key
from issuers.errors import DidError

_URL: Final = re.compile(r"https://([a-z0-9.-]+(?::[1-9][0-9]{0,4})?)(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?", re.ASCII)
MAX_URL: Final = 512


def is_profile_url(text: str) -> bool:
    """Whether an issuer's id is a plain https address: lower-case host, no user, no query, no fragment."""
    found = _URL.fullmatch(text) if len(text) <= MAX_URL else None
    if found is None:
        return False
    host = found.group(1).partition(":")[0]
    return is_host_name(host) and not is_address_spelling(host)


def origin(url: str) -> str | None:
    """The host and port of a plain https address; None for anything else."""
    found = _URL.fullmatch(url.partition("#")[0]) if len(url) <= MAX_URL else None
    return found.group(1).removesuffix(":443") if found else None


def parse_profile(data: bytes, url: str) -> tuple[tuple[ResolvedKey, ...], str | None]:
    """The keys in a profile served at `url`, and its `jwks_uri` if it has one on the same host.

    Errors: `malformed_did_document`, `did_mismatch` where it is about somebody else, `controller_mismatch`,
    `private_key_published`, `too_many_keys`; KeyRefused for a key that is no good.
    """
    document = _object(data)
    if document.get("id") != url:
        raise DidError("did_mismatch")
    entries = [*_entries(document, "verificationMethod"), *_entries(document, "publicKey")]
    if len(entries) > MAX_METHODS:
        raise DidError("too_many_keys", limit=MAX_METHODS)
    allowed = _allowed(document, url)
    keys = [_key(entry, url) for entry in entries]
    jwks = document.get("jwks_uri")
    own = isinstance(jwks, str) and origin(jwks) == origin(url)
    return tuple(key for key in keys if allowed is None or key.verification_method in allowed), jwks if own else None


def parse_key(data: bytes, url: str) -> tuple[ResolvedKey, ...]:
    """The keys at an address: one JWK, which is named by that address, or a set, each named by its own `kid`.

    A `kid` without a scheme is a fragment of the address. Errors: those of `parse_profile`.
    """
    document = _object(data)
    if "keys" not in document:
        return (ResolvedKey(url, _from_jwk(document)),)
    entries = _entries(document, "keys")
    if len(entries) > MAX_METHODS:
        raise DidError("too_many_keys", limit=MAX_METHODS)
    named = [(entry.get("kid"), entry) for entry in entries]
    return tuple(ResolvedKey(_kid(kid, url), _from_jwk(entry)) for kid, entry in named if isinstance(kid, str))


def _kid(kid: str, url: str) -> str:
    return kid if kid.startswith("https://") else f"{url.partition('#')[0]}#{kid}"


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = strict_json.loads(data, max_bytes=MAX_DOCUMENT)
    except CredentialError as error:
        raise _malformed(f"it is not strict JSON ({error.code})") from error
    if not isinstance(value, dict):
        raise _malformed("an object is missing")
    return value


def _entries(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    try:
        return [item for item in items(document, name) if isinstance(item, dict)]
    except MalformedCredential:
        raise DidError("too_many_keys", limit=MAX_METHODS) from None


def _allowed(document: Mapping[str, Any], url: str) -> set[str] | None:
    """The methods of `assertionMethod`; without it every key of the profile is for credentials."""
    if "assertionMethod" not in document:
        return None
    named = items(document, "assertionMethod")
    found = [item.get("id") if isinstance(item, dict) else item for item in named]
    return {urljoin(url, item) for item in found if isinstance(item, str)}


def _key(entry: Mapping[str, Any], url: str) -> ResolvedKey:
    check_no_private_part(entry)
    name = entry.get("id")
    if not isinstance(name, str):
        raise _malformed("a key has no id")
    if entry.get("controller", entry.get("owner", url)) != url:
        raise DidError("controller_mismatch")
    method = urljoin(url, name)
    if origin(method) != origin(url):
        raise DidError("controller_mismatch")
    return ResolvedKey(method, public_key(entry))


def _from_jwk(jwk: Mapping[str, Any]) -> PublicKey:
    return PublicKey.from_jwk({name: value for name, value in jwk.items() if name != "kid"})


def _malformed(reason: str) -> DidError:
    return DidError("malformed_did_document", reason=reason)
