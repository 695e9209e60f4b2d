"""All that the bank knows about a credential before it is verified, in one transaction: keys, issuer, first sight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credentials.claims import SecuredClaims, content_digest
from credentials.credential import Credential
from creditbank.claim import IssuerFacts
from creditbank.office import Office
from creditbank.store import Transaction, deposits, registry
from creditbank.transactions.registry import issuer_facts, key_records
from issuers.issuer import KeyRecord

LONGEST_REMEMBERED = 1_000
MOST_ISSUERS = 60


@dataclass(frozen=True, slots=True)
class Dossier:
    """The keys of every issuer named, what is known of the first one, and when this content was logged first."""

    keys: tuple[KeyRecord, ...]
    issuer: IssuerFacts | None
    first_seen: datetime | None


def dossier(tx: Transaction, office: Office, credential: Credential, named: Sequence[str] = ()) -> Dossier:
    """Looked up under what the credential claims; nothing of it is believed before the verification.

    `named` are all issuers that it and the credentials inside it name: of at most sixty the keys are looked up.
    """
    issuer_id = credential.issuer_id
    if issuer_id is None:
        return Dossier((), None, None)
    keys, facts = _registered(tx, office, issuer_id, _achievement_id(credential.document))
    others = [one for one in named if one != issuer_id][:MOST_ISSUERS]
    keys += tuple(key for one in others for key in _registered(tx, office, one, None)[0])
    return Dossier(keys, facts, deposits.first_seen(tx, issuer_id, content_digest(credential.document)))


def dossier_of(tx: Transaction, office: Office, claims: SecuredClaims) -> Dossier:
    """The same, under what a verification has found to be signed."""
    keys, facts = _registered(tx, office, claims.issuer_id, claims.achievement.id)
    return Dossier(keys, facts, deposits.first_seen(tx, claims.issuer_id, claims.content_digest))


def _registered(
    tx: Transaction, office: Office, issuer_did: str, achievement_id: str | None
) -> tuple[tuple[KeyRecord, ...], IssuerFacts | None]:
    """Keys and facts of an issuer, remembered for as long as the registry's version stays the same.

    The version is read first: what is read after it may be newer, and is then read anew the next time. Anybody may
    name anything, so what is named at great length is not remembered.
    """
    if len(issuer_did) + len(achievement_id or "") > LONGEST_REMEMBERED:
        return _read(tx, issuer_did, achievement_id)
    version = registry.version(tx)
    return office.remembered((issuer_did, achievement_id), version, lambda: _read(tx, issuer_did, achievement_id))


def _read(
    tx: Transaction, issuer_did: str, achievement_id: str | None
) -> tuple[tuple[KeyRecord, ...], IssuerFacts | None]:
    facts = issuer_facts(tx, issuer_did, achievement_id)
    return (key_records(tx, issuer_did) if facts else ()), facts


def _achievement_id(document: Mapping[str, Any]) -> str | None:
    found: object = document
    for member in ("credentialSubject", "achievement", "id"):
        found = found[0] if isinstance(found, list) and len(found) == 1 else found
        found = found.get(member) if isinstance(found, dict) else None
    return found if isinstance(found, str) else None
