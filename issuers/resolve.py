"""A decentralised identifier to the keys with which it may sign credentials."""

from issuers.did import MAX_DOCUMENT, ResolvedKey, did_key_method, did_web_url, parse_did_document
from issuers.fetch import Fetcher

_DOCUMENT_TYPES = (
    "application/did+json",
    "application/did+ld+json",
    "application/did",
    "application/json",
    "application/ld+json",
)


def resolve(did: str, fetcher: Fetcher, *, fresh: bool = False) -> tuple[ResolvedKey, ...]:
    """The signing keys of a did:web (fetched, cached unless ``fresh``) or did:key (computed).

    Errors: ``DidError``, ``FetchError``, and ``credentials.errors.KeyRefused`` for an unacceptable key.
    """
    if did.startswith("did:key:"):
        return (did_key_method(did),)
    fetched = fetcher.get(did_web_url(did), max_bytes=MAX_DOCUMENT, accept=_DOCUMENT_TYPES, fresh=fresh)
    return parse_did_document(fetched.body, did)
