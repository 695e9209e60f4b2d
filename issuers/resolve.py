"""An issuer's identifier to the keys with which it may sign credentials: a DID, or the address of a profile."""

from collections.abc import Sequence

from credentials.did_keys import is_key_did, read_key_did
from issuers.addresses import is_address_spelling
from issuers.did import MAX_DOCUMENT, ResolvedKey, check_did, did_web_url, parse_did_document, parse_did_web
from issuers.errors import DidError
from issuers.fetch import Fetched, Fetcher
from issuers.profile import is_profile_url, origin, parse_key, parse_profile

_DOCUMENT_TYPES = (
    "application/did+json",
    "application/did+ld+json",
    "application/did",
    "application/json",
    "application/ld+json",
)
_KEY_TYPES = ("application/jwk+json", "application/jwk-set+json", "application/json", "application/ld+json")


def resolve(
    issuer_id: str, fetcher: Fetcher, *, methods: Sequence[str] = (), fresh: bool = False
) -> tuple[ResolvedKey, ...]:
    """The signing keys of a did:web or https profile (fetched, cached unless `fresh`), did:key or did:jwk (computed).

    `methods` are the keys that a credential names: one that is an address on the profile's own host is asked first. At
    most three requests. Errors: `DidError`, `FetchError`, and `KeyRefused` for an unacceptable key.
    """
    if is_key_did(issuer_id):
        return (ResolvedKey(*read_key_did(issuer_id)),)
    if is_profile_url(issuer_id):
        return _of_profile(issuer_id, fetcher, methods, fresh=fresh)
    return parse_did_document(fetch_document(did_web_url(issuer_id), fetcher, fresh=fresh).body, issuer_id)


def fetch_document(url: str, fetcher: Fetcher, *, fresh: bool = False) -> Fetched:
    """A DID document or a profile as served. Raises `FetchError`."""
    return fetcher.get(url, max_bytes=MAX_DOCUMENT, accept=_DOCUMENT_TYPES, fresh=fresh)


def _of_profile(url: str, fetcher: Fetcher, methods: Sequence[str], *, fresh: bool) -> tuple[ResolvedKey, ...]:
    named = next((name for name in methods if _is_elsewhere_on(name, url)), None)
    if named is not None:
        return _of_address(named.partition("#")[0], fetcher, fresh=fresh)
    keys, jwks = parse_profile(fetch_document(url, fetcher, fresh=fresh).body, url)
    return keys + _of_address(jwks, fetcher, fresh=fresh) if jwks else keys


def _is_elsewhere_on(method: str, url: str) -> bool:
    """Whether a key is named by an address of its own on the issuer's host."""
    return origin(method) == origin(url) and method.partition("#")[0] != url


def _of_address(url: str, fetcher: Fetcher, *, fresh: bool) -> tuple[ResolvedKey, ...]:
    found = fetcher.get(url, max_bytes=MAX_DOCUMENT, accept=_KEY_TYPES, fresh=fresh)
    return tuple(key for key in parse_key(found.body, url) if origin(key.verification_method) == origin(url))


def check_issuer_id(issuer_id: str) -> None:
    """Refuse an identifier under which no issuer can be registered: no DID that is read, and no plain https address.

    Errors: those of ``issuers.did.check_did``.
    """
    if not is_profile_url(issuer_id):
        check_did(issuer_id)


def check_address(issuer_id: str) -> None:
    """Refuse an identifier under which nobody outside can be asked: malformed, or the name of an inner address.

    Errors: ``malformed_did``, ``address_not_allowed``.
    """
    if not is_profile_url(issuer_id) and is_address_spelling(parse_did_web(issuer_id).host):
        raise DidError("address_not_allowed")


def is_resolvable(issuer_id: str) -> bool:
    """Whether others may be asked for this issuer's keys at all."""
    return issuer_id.startswith("did:web:") or is_profile_url(issuer_id)


def address_of(issuer_id: str) -> str:
    """Where an issuer's document is; empty for an identifier that leads nowhere."""
    if is_profile_url(issuer_id):
        return issuer_id
    try:
        return did_web_url(issuer_id)
    except DidError:
        return ""


def host_of(issuer_id: str) -> str | None:
    """The host (with its port unless 443) that an issuer speaks from; None where its identifier names none."""
    if is_profile_url(issuer_id):
        return origin(issuer_id)
    try:
        web = parse_did_web(issuer_id)
    except DidError:
        return None
    return web.host if web.port == 443 else f"{web.host}:{web.port}"
