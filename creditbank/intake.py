"""Before any transaction: reading, verifying and claiming a credential, so that the counter only books."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credentials.checks import Verification
from credentials.claims import SecuredClaims
from credentials.credential import Credential
from credentials.errors import CredentialError
from credentials.read import read
from credentials.status_entry import status_entries
from credentials.verification_material import IssuerKey, VerificationMaterial
from creditbank.caller import Caller
from creditbank.claim import Claim, IssuerFacts, claim, earned_on
from creditbank.errors import Refused
from creditbank.identity import PlainIdentifier, identifiers_of
from creditbank.office import Office
from creditbank.store.requests import RequestKey
from creditbank.transactions.prepared import PreparedDeposit
from issuers.errors import IssuerError
from issuers.fetch import Fetcher
from issuers.issuer import KeyRecord
from issuers.registry import material_keys
from issuers.resolve import resolve

STATUS_MEDIA_TYPES = ("application/vc+ld+json", "application/vc", "application/vc+jwt", "application/json",
                      "application/ld+json", "application/jwt", "text/plain")  # fmt: skip
MAX_STATUS_LIST = 1_500_000
HOLDABLE = frozenset(
    {
        "status_unavailable", "status_unverified", "status_stale", "status_recursion", "status_type_unsupported",
        "signing_time_unproven", "schema_unavailable",
    }
)  # fmt: skip
"""What could not be checked now and may be checked later: such a deposit is held, never counted."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where verification material comes from besides the registry: the bank's own status lists, guarded fetching."""

    own_status_list: Callable[[str], bytes | None]
    fetcher: Fetcher


def gather(credential: Credential, registered: Sequence[KeyRecord], sources: Sources) -> VerificationMaterial:
    """Keys and status lists for one credential, had before verification, which itself never fetches.

    What cannot be had is left out; the verification then says *could not be checked*, never *valid*.
    """
    issuer_id = credential.issuer_id
    keys, unreachable = _keys(issuer_id, registered, sources) if issuer_id else ({}, frozenset[str]())
    lists: dict[str, Credential] = {}
    for url in _list_urls(credential):
        found = _status_list(url, sources)
        if found is not None:
            lists[url] = found
    return VerificationMaterial(keys=keys, status_lists=lists, unreachable=unreachable)


def _keys(
    issuer_id: str, registered: Sequence[KeyRecord], sources: Sources
) -> tuple[Mapping[str, IssuerKey], frozenset[str]]:
    if registered:
        return material_keys(registered), frozenset()
    if not issuer_id.startswith("did:web:"):
        return {}, frozenset()
    try:
        found = resolve(issuer_id, sources.fetcher)
    except (IssuerError, CredentialError):
        return {}, frozenset({issuer_id})
    return {
        k.verification_method: IssuerKey(k.verification_method, issuer_id, k.key, _ALWAYS) for k in found
    }, frozenset()


_ALWAYS = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


def _list_urls(credential: Credential) -> list[str]:
    try:
        return list(dict.fromkeys(entry.list_url for entry in status_entries(credential.document)))
    except CredentialError:
        return []  # the verification itself will say what is wrong with them


def _status_list(url: str, sources: Sources) -> Credential | None:
    own = sources.own_status_list(url)
    try:
        if own is not None:
            return read(own)
        return read(sources.fetcher.get(url, max_bytes=MAX_STATUS_LIST, accept=STATUS_MEDIA_TYPES).body)
    except (IssuerError, CredentialError):
        return None


@dataclass(frozen=True, slots=True)
class Posted:
    """A credential as it was handed in: the bytes, by whom, with which plain identifiers, under which request key."""

    data: bytes
    media_type: str | None
    caller: Caller
    identifiers: tuple[PlainIdentifier, ...] = ()
    idempotency_key: str | None = None
    issued_by: str | None = None

    def request(self) -> RequestKey | None:
        """The request's key and the digest of all that was asked."""
        if self.idempotency_key is None:
            return None
        digest = hashlib.sha256(self.data)
        for item in self.identifiers:
            digest.update(f"\x00{item.type}\x00{item.value}".encode())
        return RequestKey(self.caller.client_id, self.idempotency_key, digest.digest())


def admissible(verification: Verification) -> SecuredClaims:
    """The claims, if this may be deposited at all: verified, or verified but for what can be checked later.

    Raises Refused with the check's own code and sentence.
    """
    claims = verification.claims
    if verification.verdict == "valid" and claims:
        return claims
    if verification.verdict == "indeterminate" and verification.code in HOLDABLE and claims:
        return claims
    decisive = next((check for check in verification.checks if check.code == verification.code), None)
    message = decisive.message if decisive else "The credential was not verified."
    raise Refused(verification.code or "not_verified", message)


def prepare(posted: Posted, verification: Verification, issuer: IssuerFacts | None, office: Office) -> PreparedDeposit:
    """From a verification to what the counter books. Raises Refused; nothing has been booked, logged or fetched."""
    claims = admissible(verification)
    deposit_id = office.new_id()
    claimed = claim(claims, issuer, str(deposit_id), office.today())
    if verification.verdict != "valid":
        claimed = Claim(None, verification.code)
    speaks = posted.caller.issuer_id is not None and issuer is not None and posted.caller.issuer_id == issuer.issuer_id
    return PreparedDeposit(
        deposit_id=deposit_id,
        new_book=office.new_id(),
        issuer_did=claims.issuer_id,
        credential_id=claims.credential_id or f"urn:sha256:{claims.content_digest.hex()}",
        content_digest=claims.content_digest,
        valid_from=claims.valid_from,
        earned_on=earned_on(claims),
        identifiers=identifiers_of(office.vault, claims, posted.identifiers, issuer_speaks=speaks),
        document=posted.data,
        claim=claimed,
        facts=_facts(claims, claimed),
        key_thumbprint=claims.key_thumbprint,
        signed_at=claims.signed_at,
        actor=posted.caller.client_id,
        confined_to=posted.caller.book_id,
        issued_by=posted.issued_by,
        request=posted.request(),
    )


def _facts(claims: SecuredClaims, claimed: Claim) -> dict[str, Any]:
    """What the record shows of a deposit whether or not it could be credited; nothing personal."""
    achievement = claims.achievement
    return {
        "title": dict(achievement.name) if achievement else {},
        "achievement": achievement.id if achievement else None,
        "earned_on": earned_on(claims).isoformat(),
        "detail": claimed.detail,
    }
