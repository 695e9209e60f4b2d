"""What a verification rests on, had in the order of what it costs: the registry, our own status lists, then others.

Anybody may hand in anything, so nothing is fetched for a credential that is refused anyway: it is verified with what
is at hand, and only where it holds so far and lacks a key or a status list is that one question asked outside.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from credentials.checks import Verification
from credentials.credential import Credential
from credentials.errors import CredentialError
from credentials.read import read
from credentials.status_entry import status_entries
from credentials.verification_material import IssuerKey, VerificationMaterial
from credentials.verify import verify
from issuers.errors import IssuerError
from issuers.fetch import Fetcher
from issuers.issuer import KeyRecord
from issuers.registry import material_keys
from issuers.resolve import resolve

STATUS_MEDIA_TYPES = ("application/vc+ld+json", "application/vc", "application/vc+jwt", "application/json",
                      "application/ld+json", "application/jwt", "text/plain")  # fmt: skip
MAX_STATUS_LIST = 1_500_000
MAX_LISTS = 8
"""Status lists looked up for one credential; further ones stay unchecked, so that no credential is an amplifier."""
_ALWAYS = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where verification material comes from besides the registry: the bank's own status lists, guarded fetching."""

    own_status_list: Callable[[str], bytes | None]
    is_own: Callable[[str], bool]
    fetcher: Fetcher


def examine(
    credential: Credential,
    registered: Sequence[KeyRecord],
    sources: Sources,
    clock: Callable[[], datetime],
    first_seen: datetime | None,
) -> Verification:
    """Verify, asking outside only what is still open.

    1. With the registered keys and the bank's own status lists. Most credentials end here, and every forged one.
    2. Where nothing but the key of a did:web is wanting: once more with its DID document.
    3. Where the signature holds and status lists of others are wanting: once more with those.
    The clock is asked once all is at hand: a status list may have been signed a moment ago, and is not of the future.
    What cannot be had is left out; the verification then says *could not be checked*, never *valid*.
    """
    material = _at_hand(credential, registered, sources)
    found = verify(credential, material, clock(), first_seen)
    if _wants(found, "key_unavailable"):
        material = _with_did_document(material, credential, sources)
        found = verify(credential, material, clock(), first_seen)
    if found.claims and _wants(found, "status_unavailable"):
        material = _with_lists_of_others(material, credential, sources)
        found = verify(credential, material, clock(), first_seen)
    return found


def _wants(found: Verification, code: str) -> bool:
    return found.verdict == "indeterminate" and any(check.code == code for check in found.checks)


def _at_hand(credential: Credential, registered: Sequence[KeyRecord], sources: Sources) -> VerificationMaterial:
    issuer_id = credential.issuer_id or ""
    unknown = not registered and issuer_id.startswith("did:web:")
    own = {url: sources.own_status_list(url) for url in _list_urls(credential)}
    return VerificationMaterial(
        keys=material_keys(registered),
        status_lists={url: read(data) for url, data in own.items() if data is not None},
        unreachable=frozenset({issuer_id} if unknown else ()),
    )


def _with_did_document(
    material: VerificationMaterial, credential: Credential, sources: Sources
) -> VerificationMaterial:
    issuer_id = credential.issuer_id or ""
    try:
        found = resolve(issuer_id, sources.fetcher)
    except (IssuerError, CredentialError):
        return material
    keys = {key.verification_method: IssuerKey(key.verification_method, issuer_id, key.key, _ALWAYS) for key in found}
    return replace(material, keys=keys, unreachable=frozenset())


def _with_lists_of_others(
    material: VerificationMaterial, credential: Credential, sources: Sources
) -> VerificationMaterial:
    lists: dict[str, Credential] = dict(material.status_lists)
    fetched_at: dict[str, datetime] = {}
    for url in _list_urls(credential):
        if not sources.is_own(url) and (answer := _fetched(url, sources.fetcher)):
            lists[url], fetched_at[url] = answer
    return replace(material, status_lists=lists, status_fetched_at=fetched_at)


def _fetched(url: str, fetcher: Fetcher) -> tuple[Credential, datetime] | None:
    try:
        answer = fetcher.get(url, max_bytes=MAX_STATUS_LIST, accept=STATUS_MEDIA_TYPES)
        return read(answer.body), answer.fetched_at
    except (IssuerError, CredentialError):
        return None


def _list_urls(credential: Credential) -> list[str]:
    try:
        urls: Mapping[str, None] = dict.fromkeys(entry.list_url for entry in status_entries(credential.document))
    except CredentialError:
        return []  # the verification itself will say what is wrong with them
    return list(urls)[:MAX_LISTS]
