"""All that the bank knows about a credential before it is verified, in one transaction: keys, issuer, first sight."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credentials.claims import content_digest
from credentials.credential import Credential
from creditbank.claim import IssuerFacts
from creditbank.store import Transaction, deposits
from creditbank.transactions.registry import issuer_facts, key_records
from issuers.issuer import KeyRecord


@dataclass(frozen=True, slots=True)
class Dossier:
    """The keys registered for the claimed issuer, what else is known of it, and when this content was logged first."""

    keys: tuple[KeyRecord, ...]
    issuer: IssuerFacts | None
    first_seen: datetime | None


def dossier(tx: Transaction, credential: Credential) -> Dossier:
    """Looked up under what the credential claims; nothing of it is believed before the verification."""
    issuer_id = credential.issuer_id
    if issuer_id is None:
        return Dossier((), None, None)
    facts = issuer_facts(tx, issuer_id, _achievement_id(credential.document))
    keys = key_records(tx, issuer_id) if facts else ()
    return Dossier(keys, facts, deposits.first_seen(tx, issuer_id, content_digest(credential.document)))


def _achievement_id(document: Mapping[str, Any]) -> str | None:
    found: object = document
    for member in ("credentialSubject", "achievement", "id"):
        found = found[0] if isinstance(found, list) and len(found) == 1 else found
        found = found.get(member) if isinstance(found, dict) else None
    return found if isinstance(found, str) else None
