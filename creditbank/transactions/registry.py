"""Changes to the registry: each is written with a leaf of its own, so nobody's rights change unseen."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from credentials.keys import PublicKey
from creditbank.claim import IssuerFacts, RegisteredAchievement
from creditbank.errors import Conflict, NotFound
from creditbank.office import Office
from creditbank.store import Transaction, registry, rows
from creditbank.transactions import logbook
from issuers.issuer import Accreditation, Custody, KeyRecord
from issuers.registry import compromise, retire, rotate


def _log(tx: Transaction, office: Office, subject: str, change: str, facts: Mapping[str, Any]) -> None:
    registry.count_change(tx)
    logbook.log(tx, office, [(subject, {"type": "issuer_change", "change": change, **facts})])


def register_issuer(tx: Transaction, office: Office, row: rows.Issuer) -> rows.Issuer:
    """Register an institution. Raises Conflict `issuer_exists`."""
    registry.add_issuer(tx, row)
    facts = {"issuer": row.issuer_id, "did": row.did, "kind": row.kind, "name": row.name}
    _log(tx, office, f"issuer:{row.issuer_id}", "registered", facts)
    return row


def issuer(tx: Transaction, issuer_id: str) -> rows.Issuer:
    """The institution. Raises NotFound `issuer_not_found`."""
    found = registry.issuer(tx, issuer_id)
    if found is None:
        raise NotFound("issuer")
    return found


def propose_accreditation(tx: Transaction, office: Office, row: rows.Accreditation) -> rows.Accreditation:
    """Record what an authority allows; a second person has to approve it before it counts."""
    issuer(tx, row.issuer_id)
    registry.add_accreditation(tx, row)
    _log(tx, office, f"accreditation:{row.accreditation_id}", "accreditation proposed", _accreditation_facts(row))
    return row


def _accreditation_facts(row: rows.Accreditation) -> dict[str, Any]:
    return {
        "issuer": row.issuer_id,
        "accreditation": str(row.accreditation_id),
        "authority": row.authority,
        "units": row.units,
        "achievements": row.achievements,
        "levels": row.levels,
        "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "withdrawn_on": row.withdrawn_on.isoformat() if row.withdrawn_on else None,
        "by": row.approved_by or row.proposed_by,
    }


def approve_accreditation(tx: Transaction, office: Office, accreditation_id: UUID, by: str) -> rows.Accreditation:
    """A second person agrees. Raises NotFound; Conflict `already_approved`, `second_person_needed`."""
    row = _accreditation(tx, accreditation_id)
    if row.approved_by is not None:
        raise Conflict("already_approved", "This accreditation has been approved already.")
    registry.approve_accreditation(tx, row, by, office.clock())
    _log(tx, office, f"accreditation:{accreditation_id}", "accreditation approved", _accreditation_facts(row))
    return row


def withdraw_accreditation(tx: Transaction, office: Office, accreditation_id: UUID, on: date) -> rows.Accreditation:
    """From `on` nothing may be awarded under it. Raises NotFound; Conflict `already_withdrawn`."""
    row = _accreditation(tx, accreditation_id)
    if row.withdrawn_on is not None and row.withdrawn_on <= on:
        raise Conflict("already_withdrawn", "This accreditation was withdrawn from an earlier day.")
    registry.withdraw_accreditation(tx, row, on)
    _log(tx, office, f"accreditation:{accreditation_id}", "accreditation withdrawn", _accreditation_facts(row))
    return row


def _accreditation(tx: Transaction, accreditation_id: UUID) -> rows.Accreditation:
    row = registry.accreditation(tx, accreditation_id)
    if row is None:
        raise NotFound("accreditation")
    return row


def add_key(
    tx: Transaction, office: Office, new: KeyRecord, sealed: bytes | None, replaces: str | None
) -> rows.IssuerKey:
    """Record a key; with `replaces`, the old one retires the moment the new one becomes active (rotation).

    What is signed is dated to the second: in the one in which they change, both may have signed.
    """
    if replaces:
        old_row = _key(tx, replaces, new.issuer_id)
        old, _ = rotate(record_of(old_row, new.controller), new)
        _save(tx, office, old_row, old, "key retired")
    row = rows.IssuerKey(
        key_id=new.verification_method,
        issuer_id=new.issuer_id,
        algorithm=new.key.algorithm,
        public_jwk=new.key.jwk(),
        thumbprint=new.thumbprint,
        sealed_private_key=sealed,
        active_from=new.active_from.replace(microsecond=0),
    )
    registry.add_key(tx, row)
    _log(tx, office, f"key:{row.key_id}", "key added", _key_facts(row))
    return row


def retire_key(tx: Transaction, office: Office, key_id: str, issuer_id: str, at: datetime) -> rows.IssuerKey:
    """The key signs no more from `at`; what it signed before stays valid."""
    row = _key(tx, key_id, issuer_id)
    return _save(tx, office, row, retire(record_of(row, ""), at), "key retired")


def compromise_key(tx: Transaction, office: Office, key_id: str, issuer_id: str, since: datetime) -> rows.IssuerKey:
    """The key was in foreign hands from `since`: what was not logged before then is no longer believed."""
    row = _key(tx, key_id, issuer_id)
    return _save(tx, office, row, compromise(record_of(row, ""), since, declared_at=office.clock()), "key compromised")


def _key(tx: Transaction, key_id: str, issuer_id: str) -> rows.IssuerKey:
    row = registry.key(tx, key_id)
    if row is None or row.issuer_id != issuer_id:
        raise NotFound("key")
    return row


def _save(tx: Transaction, office: Office, row: rows.IssuerKey, record: KeyRecord, change: str) -> rows.IssuerKey:
    row.retired_at, row.compromised_from = record.retired_at, record.compromised_from
    row.declared_compromised_at = record.declared_compromised_at
    registry.save_key(tx, row)
    _log(tx, office, f"key:{row.key_id}", change, _key_facts(row))
    return row


def _key_facts(row: rows.IssuerKey) -> dict[str, Any]:
    instants = ("active_from", "retired_at", "compromised_from")
    dates = {name: value.isoformat() if (value := getattr(row, name)) else None for name in instants}
    return {"issuer": row.issuer_id, "key": row.key_id, "thumbprint": row.thumbprint, **dates}


def record_of(row: rows.IssuerKey, did: str) -> KeyRecord:
    """A key's row as the registry's value."""
    return KeyRecord(
        row.issuer_id,
        row.key_id,
        did,
        PublicKey.from_jwk(row.public_jwk),
        Custody.HOSTED if row.sealed_private_key else Custody.OWN,
        row.active_from,
        row.retired_at,
        row.compromised_from,
        row.declared_compromised_at,
    )


def key_records(tx: Transaction, did: str) -> tuple[KeyRecord, ...]:
    """All keys registered for the institution that signs under this DID; none if it is not registered."""
    found = registry.issuer_by_did(tx, did)
    return tuple(record_of(row, did) for row in registry.keys(tx, found.issuer_id)) if found else ()


def register_achievement(tx: Transaction, office: Office, row: rows.Achievement) -> rows.Achievement:
    """Register what an institution offers, in which unit and at which level."""
    registry.add_achievement(tx, row)
    facts = {"issuer": row.issuer_id, "achievement": row.achievement_id, "unit": row.unit, "credits": row.credits}
    _log(tx, office, f"achievement:{row.issuer_id}:{row.achievement_id}", "achievement registered", facts)
    return row


def issuer_facts(tx: Transaction, did: str, achievement_id: str | None) -> IssuerFacts | None:
    """What `claim` needs to know of an issuer; None if it is not registered."""
    found = registry.issuer_by_did(tx, did)
    if found is None:
        return None
    known = registry.achievement(tx, found.issuer_id, achievement_id) if achievement_id else None
    return IssuerFacts(
        found.issuer_id,
        found.provider_root,
        found.country,
        _approved(registry.accreditations(tx, found.issuer_id)),
        _achievement(known) if known else None,
        found.name,
    )


def accreditations_of(tx: Transaction, row: rows.Issuer) -> tuple[Accreditation, ...]:
    """What an institution may award, as far as a second person has approved it."""
    return _approved(registry.accreditations(tx, row.issuer_id))


def find_issuer(tx: Transaction, name: str) -> rows.Issuer:
    """An institution by the identifier that it signs under, or its id at this bank. Raises NotFound."""
    found = registry.issuer_by_did(tx, name) or registry.issuer(tx, name)
    if found is None:
        raise NotFound("issuer")
    return found


def _approved(found: Sequence[rows.Accreditation]) -> tuple[Accreditation, ...]:
    return tuple(
        Accreditation(
            str(row.accreditation_id),
            row.issuer_id,
            row.authority,
            None if row.achievements is None else frozenset(row.achievements),
            None if row.levels is None else frozenset((framework, level) for framework, level in row.levels),
            frozenset(row.units),
            row.valid_from,
            row.valid_until,
            row.withdrawn_on,
        )
        for row in found
        if row.approved_by is not None
    )


def _achievement(row: rows.Achievement) -> RegisteredAchievement:
    level = (row.level_framework, row.level_value) if row.level_framework and row.level_value else None
    return RegisteredAchievement(row.unit, level, row.source_type, row.course_class)


def register_client(tx: Transaction, office: Office, row: rows.Client, key: PublicKey, by: str) -> rows.Client:
    """Let a machine call. Raises Conflict `client_exists`, `key_in_use`."""
    with_key = registry.roles_of_key(tx, key.jwk())
    if with_key and "administrator" in (row.role, *with_key):
        raise Conflict("key_in_use", "An administrator's key is no other client's: make a new pair.")
    registry.add_client(tx, row)
    facts = {"type": "client", "client": row.client_id, "role": row.role, "key": key.thumbprint(), "by": by}
    logbook.log(tx, office, [(f"client:{row.client_id}", facts)])
    return row
