"""Questions to others, through the one guarded fetcher: keys, status lists, documents. No answer is None, not an error.

What is fetched is believed by nobody yet: a verification looks at it like at everything else.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from credentials.errors import CredentialError
from credentials.jws import MAX_TOKEN_BYTES
from credentials.open_badges_2 import document_of
from creditbank.wanted import Question
from issuers.did import ResolvedKey
from issuers.errors import FetchError, IssuerError
from issuers.fetch import Fetched, Fetcher
from issuers.resolve import address_of, resolve

STATUS_MEDIA_TYPES = ("application/vc+ld+json", "application/vc", "application/vc+jwt", "application/json",
                      "application/ld+json", "application/jwt", "text/plain")  # fmt: skip
DOCUMENT_MEDIA_TYPES = ("application/json", "application/ld+json", "application/vc+ld+json", "application/vc",
                        "application/schema+json", "application/x-pem-file", "text/plain")  # fmt: skip
TOKEN_MEDIA_TYPES = ("application/statuslist+jwt", "application/jwt", "text/plain")
MAX_STATUS_LIST = 1_500_000
MAX_DOCUMENT = 1_048_576
GONE = 410
_LISTS = {"bitstring": (MAX_STATUS_LIST, STATUS_MEDIA_TYPES), "token": (MAX_TOKEN_BYTES, TOKEN_MEDIA_TYPES)}


def address(question: Question) -> str:
    """The address that a question goes to; empty where it goes nowhere."""
    return address_of(question.about) if question.kind == "keys" else question.about


def keys(issuer_id: str, methods: Sequence[str], fetcher: Fetcher) -> tuple[ResolvedKey, ...]:
    """The keys of a did:web or of a profile; none where they cannot be had or are not acceptable."""
    try:
        return resolve(issuer_id, fetcher, methods=methods)
    except (IssuerError, CredentialError):
        return ()


def ask(url: str, kind: str, fetcher: Fetcher) -> Fetched:
    """A list of this `Place.kind`, asked for anew and kept for the next question. Raises FetchError."""
    limit, types = _LISTS.get(kind, (MAX_DOCUMENT, DOCUMENT_MEDIA_TYPES))
    return fetcher.get(url, max_bytes=limit, accept=types, fresh=True)


def status_list(url: str, fetcher: Fetcher) -> Fetched | None:
    """A bitstring status list as served."""
    try:
        return fetcher.get(url, max_bytes=MAX_STATUS_LIST, accept=STATUS_MEDIA_TYPES)
    except IssuerError:
        return None


def status_token(url: str, fetcher: Fetcher) -> tuple[str, datetime] | None:
    """A status list as a token of its own (Token Status List, 8.1), and when it came."""
    try:
        found = fetcher.get(url, max_bytes=MAX_TOKEN_BYTES, accept=TOKEN_MEDIA_TYPES)
        return found.body.decode("ascii").strip(), found.fetched_at
    except (IssuerError, UnicodeDecodeError):
        return None


def document(url: str, fetcher: Fetcher) -> tuple[Any, datetime] | None:
    """A JSON document and when it came. A badge that is gone (410) is one that says so of itself (Open Badges 2.0)."""
    try:
        found = fetcher.get(url, max_bytes=MAX_DOCUMENT, accept=DOCUMENT_MEDIA_TYPES)
        return document_of(found.body), found.fetched_at
    except FetchError as error:
        return ({"id": url, "revoked": True}, fetcher.now()) if is_gone(error) else None
    except CredentialError:
        return None


def is_gone(error: FetchError) -> bool:
    """Whether the address says that there was something and never will be again (410)."""
    return error.code == "unexpected_status" and error.facts.get("status") == GONE
