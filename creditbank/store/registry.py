"""Institutions, accreditations, keys, achievements and callers."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from creditbank.store import rows
from creditbank.store.transaction import Transaction, add, run


def add_issuer(tx: Transaction, issuer: rows.Issuer) -> None:
    """Register an institution. Raises Conflict `issuer_exists`."""
    add(tx, issuer)


def issuer(tx: Transaction, issuer_id: str) -> rows.Issuer | None:
    """The institution with this id."""
    return tx.get(rows.Issuer, issuer_id)


def issuer_by_did(tx: Transaction, did: str) -> rows.Issuer | None:
    """The institution that signs under this DID."""
    return tx.exec(select(rows.Issuer).where(rows.Issuer.did == did)).first()


def issuers(tx: Transaction, after: str, limit: int) -> Sequence[rows.Issuer]:
    """Institutions in the order of their ids, from the one after `after`."""
    query = select(rows.Issuer).where(col(rows.Issuer.issuer_id) > after).order_by(col(rows.Issuer.issuer_id))
    return tx.exec(query.limit(limit)).all()


def add_accreditation(tx: Transaction, accreditation: rows.Accreditation) -> None:
    """Record a proposed accreditation; it counts for nothing until it is approved."""
    add(tx, accreditation)


def accreditation(tx: Transaction, accreditation_id: UUID) -> rows.Accreditation | None:
    """One accreditation, locked until the transaction ends."""
    query = select(rows.Accreditation).where(rows.Accreditation.accreditation_id == accreditation_id)
    return tx.exec(query.with_for_update()).first()


def accreditations(tx: Transaction, issuer_id: str) -> Sequence[rows.Accreditation]:
    """All accreditations of an institution, proposed ones too, oldest first."""
    query = select(rows.Accreditation).where(rows.Accreditation.issuer_id == issuer_id)
    return tx.exec(query.order_by(col(rows.Accreditation.proposed_at))).all()


def approve_accreditation(tx: Transaction, row: rows.Accreditation, by: str, at: datetime) -> None:
    """A second person agrees. Raises Conflict `second_person_needed`."""
    row.approved_by, row.approved_at = by, at
    add(tx, row)


def withdraw_accreditation(tx: Transaction, row: rows.Accreditation, on: date) -> None:
    """Nothing may be awarded under it from `on`; what was awarded before stays."""
    row.withdrawn_on = on
    add(tx, row)


def add_key(tx: Transaction, key: rows.IssuerKey) -> None:
    """Record a key. Raises Conflict `key_exists`."""
    add(tx, key)


def key(tx: Transaction, key_id: str) -> rows.IssuerKey | None:
    """One key, locked until the transaction ends."""
    return tx.exec(select(rows.IssuerKey).where(rows.IssuerKey.key_id == key_id).with_for_update()).first()


def keys(tx: Transaction, issuer_id: str) -> Sequence[rows.IssuerKey]:
    """All keys of an institution, oldest first."""
    query = select(rows.IssuerKey).where(rows.IssuerKey.issuer_id == issuer_id)
    return tx.exec(query.order_by(col(rows.IssuerKey.active_from), col(rows.IssuerKey.key_id))).all()


def compromised(tx: Transaction, keys: Collection[tuple[str, str]]) -> bool:
    """Whether any of these keys, each by its issuer's DID and its thumbprint, is declared compromised by now."""
    found = run(
        tx,
        "SELECT 1 FROM bank.issuer_key k JOIN bank.issuer i USING (issuer_id) "
        "JOIN unnest(CAST(:dids AS text[]), CAST(:thumbprints AS text[])) AS used(did, thumbprint) "
        "USING (did, thumbprint) WHERE k.compromised_from IS NOT NULL LIMIT 1",
        dids=[did for did, _ in keys],
        thumbprints=[thumbprint for _, thumbprint in keys],
    )
    return bool(found)


def save_key(tx: Transaction, row: rows.IssuerKey) -> None:
    """Write a key's retirement or compromise."""
    add(tx, row)


def add_achievement(tx: Transaction, achievement: rows.Achievement) -> None:
    """Register what an institution offers. Raises Conflict `achievement_exists`."""
    add(tx, achievement)


def achievement(tx: Transaction, issuer_id: str, achievement_id: str) -> rows.Achievement | None:
    """One achievement of an institution."""
    return tx.get(rows.Achievement, (issuer_id, achievement_id))


def achievements(tx: Transaction, issuer_id: str, after: str, limit: int) -> Sequence[rows.Achievement]:
    """Achievements of an institution in the order of their ids."""
    table = rows.Achievement
    query = select(table).where(table.issuer_id == issuer_id, col(table.achievement_id) > after)
    return tx.exec(query.order_by(col(table.achievement_id)).limit(limit)).all()


def add_client(tx: Transaction, client: rows.Client) -> None:
    """Register a machine that may call. Raises Conflict `client_exists`."""
    add(tx, client)


def roles_of_key(tx: Transaction, jwk: Mapping[str, str]) -> list[str]:
    """The roles of the clients that have this key; one registration of a key at a time, until the transaction ends."""
    run(tx, "SELECT pg_advisory_xact_lock(hashtext('client_key'))")
    found = run(tx, "SELECT role FROM bank.client WHERE public_jwk @> CAST(:jwk AS jsonb)", jwk=json.dumps(dict(jwk)))
    return [row.role for row in found]


def client(tx: Transaction, client_id: str) -> rows.Client | None:
    """The caller with this id, disabled or not."""
    return tx.get(rows.Client, client_id)


def count_change(tx: Transaction) -> None:
    """The registry has changed: what processes remember of it is out of date from the commit on."""
    run(tx, "UPDATE bank.registry_version SET changes = changes + 1")


def version(tx: Transaction) -> int:
    """How often the registry has changed."""
    changes: int = run(tx, "SELECT changes FROM bank.registry_version")[0].changes
    return changes


def use_assertion(tx: Transaction, client_id: str, jti: str, expires_at: datetime, now: datetime) -> None:
    """Accept a client assertion once. Raises Conflict `assertion_replayed`."""
    run(tx, "DELETE FROM bank.client_assertion WHERE expires_at < :now", now=now)
    add(tx, rows.ClientAssertion(client_id=client_id, jti=jti, expires_at=expires_at))


def seal_checks(tx: Transaction) -> Sequence[rows.SealCheck]:
    """By which key-encryption keys the bank's secrets are sealed."""
    return tx.exec(select(rows.SealCheck)).all()


def add_seal_check(tx: Transaction, key_id: str, sealed: bytes) -> None:
    """Remember a key-encryption key, so that a wrong one is noticed at start-up."""
    run(
        tx,
        "INSERT INTO bank.seal_check (key_id, sealed) VALUES (:key_id, :sealed) ON CONFLICT DO NOTHING",
        key_id=key_id,
        sealed=sealed,
    )
