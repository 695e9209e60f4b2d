"""Deposits: their identity over all books, their rows by book, and what has happened to each."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from creditbank.store.transaction import Transaction, run


@dataclass(frozen=True, slots=True)
class DepositKey:
    """Which credential a deposit is: issuer and credential id, its version, and the digest of what was secured."""

    issuer_did: str
    credential_id: str
    version: int
    deposit_id: UUID
    book_id: UUID
    content_digest: bytes
    valid_from: datetime


@dataclass(frozen=True, slots=True)
class NewDeposit:
    """A deposit's row: pseudonymous facts only; the document itself lies sealed beside it."""

    book_id: UUID
    key: DepositKey
    facts: Mapping[str, Any]
    award: Mapping[str, Any] | None
    key_thumbprint: str
    signed_at: datetime | None
    state: str
    reason: str
    actor: str
    moved_from: UUID | None = None


@dataclass(frozen=True, slots=True)
class StoredDeposit:
    """A deposit as it stands now; `received_at` is when the bank had it first, in whichever book."""

    book_id: UUID
    deposit_id: UUID
    issuer_did: str
    credential_id: str
    version: int
    content_digest: bytes
    facts: Mapping[str, Any]
    award: Mapping[str, Any] | None
    key_thumbprint: str
    signed_at: datetime | None
    received_at: datetime
    moved_from: UUID | None
    state: str
    reason: str
    since: datetime
    events: int


def claim_keys(tx: Transaction, keys: Sequence[DepositKey]) -> set[UUID]:
    """Take the identity of each credential, in a fixed order; the deposits that got theirs.

    A second writer of the same identity waits here until the first has committed, then finds it taken.
    """
    ordered = sorted(keys, key=lambda k: (k.issuer_did, k.credential_id, k.version))
    found = run(
        tx,
        "INSERT INTO bank.deposit_key SELECT * FROM unnest(CAST(:issuers AS text[]), CAST(:ids AS text[]), "
        "CAST(:versions AS int[]), CAST(:deposits AS uuid[]), CAST(:books AS uuid[]), CAST(:digests AS bytea[]), "
        "CAST(:dates AS timestamptz[])) ON CONFLICT (issuer_did, credential_id, version) DO NOTHING "
        "RETURNING deposit_id",
        issuers=[k.issuer_did for k in ordered],
        ids=[k.credential_id for k in ordered],
        versions=[k.version for k in ordered],
        deposits=[k.deposit_id for k in ordered],
        books=[k.book_id for k in ordered],
        digests=[k.content_digest for k in ordered],
        dates=[k.valid_from for k in ordered],
    )
    return {row.deposit_id for row in found}


def versions(tx: Transaction, issuer_did: str, credential_id: str) -> list[DepositKey]:
    """All versions of a credential, oldest first; the last one is alive."""
    found = run(
        tx,
        "SELECT * FROM bank.deposit_key WHERE issuer_did = :issuer AND credential_id = :id ORDER BY version",
        issuer=issuer_did,
        id=credential_id,
    )
    return [
        DepositKey(
            row.issuer_did, row.credential_id, row.version, row.deposit_id, row.book_id, bytes(row.content_digest),
            row.valid_from,
        )
        for row in found
    ]  # fmt: skip


def first_seen(tx: Transaction, issuer_did: str | None, digest: bytes) -> datetime | None:
    """When the bank first logged exactly this content of an issuer; None if it never has.

    By content, not by id: whoever holds a stolen key can sign other content under an old id.
    """
    found = run(
        tx,
        "SELECT min(received_at) AS at FROM bank.deposit WHERE issuer_did = :issuer AND content_digest = :digest",
        issuer=issuer_did,
        digest=digest,
    )
    at: datetime | None = found[0].at
    return at


def record_of(
    tx: Transaction, issuer_did: str, credential_id: str | None, digest: bytes
) -> tuple["StoredDeposit", int] | None:
    """The deposit that holds exactly this content, and how many versions of the credential there are."""
    known = versions(tx, issuer_did, credential_id or f"urn:sha256:{digest.hex()}")
    same = next((key for key in known if key.content_digest == digest), None)
    stored = by_id(tx, same.deposit_id) if same else None
    return (stored, len(known)) if stored else None


def add(tx: Transaction, deposits: Sequence[NewDeposit]) -> None:
    """Write deposits with the first event of each."""
    if not deposits:
        return
    run(
        tx,
        "INSERT INTO bank.deposit (book_id, deposit_id, issuer_did, credential_id, version, content_digest, facts, "
        "key_thumbprint, signed_at, moved_from) SELECT * FROM unnest(CAST(:books AS uuid[]), "
        "CAST(:deposits AS uuid[]), CAST(:issuers AS text[]), CAST(:ids AS text[]), CAST(:versions AS int[]), "
        "CAST(:digests AS bytea[]), CAST(:facts AS jsonb[]), CAST(:thumbprints AS text[]), "
        "CAST(:signed AS timestamptz[]), CAST(:moved AS uuid[]))",
        books=[d.book_id for d in deposits],
        deposits=[d.key.deposit_id for d in deposits],
        issuers=[d.key.issuer_did for d in deposits],
        ids=[d.key.credential_id for d in deposits],
        versions=[d.key.version for d in deposits],
        digests=[d.key.content_digest for d in deposits],
        facts=[json.dumps(d.facts, ensure_ascii=False) for d in deposits],
        thumbprints=[d.key_thumbprint for d in deposits],
        signed=[d.signed_at for d in deposits],
        moved=[d.moved_from for d in deposits],
    )
    run(
        tx,
        "INSERT INTO bank.deposit_event (book_id, deposit_id, sequence, state, reason, actor, award) "
        "SELECT b, d, 1, s, r, a, w FROM unnest(CAST(:books AS uuid[]), CAST(:deposits AS uuid[]), "
        "CAST(:states AS text[]), CAST(:reasons AS text[]), CAST(:actors AS text[]), CAST(:awards AS jsonb[])) "
        "AS t(b, d, s, r, a, w)",
        books=[d.book_id for d in deposits],
        deposits=[d.key.deposit_id for d in deposits],
        states=[d.state for d in deposits],
        reasons=[d.reason for d in deposits],
        actors=[d.actor for d in deposits],
        awards=[_json(d.award) for d in deposits],
    )


def add_event(
    tx: Transaction,
    deposit: StoredDeposit,
    state: str,
    reason: str,
    actor: str,
    award: Mapping[str, Any] | None = None,
) -> None:
    """What happens to a deposit next; the sequence is unique, so two writers cannot both be next."""
    run(
        tx,
        "INSERT INTO bank.deposit_event (book_id, deposit_id, sequence, state, reason, actor, award) "
        "VALUES (:book, :deposit, :sequence, :state, :reason, :actor, CAST(:award AS jsonb))",
        book=deposit.book_id,
        deposit=deposit.deposit_id,
        sequence=deposit.events + 1,
        state=state,
        reason=reason,
        actor=actor,
        award=_json(award),
    )


def _json(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


_READ = """
SELECT d.*, (SELECT min(o.received_at) FROM bank.deposit o WHERE o.deposit_id = d.deposit_id) AS first_received,
       e.state, e.reason, e.happened_at AS since, e.sequence AS events, a.award
FROM bank.deposit d JOIN LATERAL (
    SELECT state, reason, happened_at, sequence FROM bank.deposit_event e
    WHERE e.book_id = d.book_id AND e.deposit_id = d.deposit_id ORDER BY sequence DESC LIMIT 1
) e ON true LEFT JOIN LATERAL (
    SELECT award FROM bank.deposit_event a WHERE a.book_id = d.book_id AND a.deposit_id = d.deposit_id
    AND a.award IS NOT NULL ORDER BY sequence DESC LIMIT 1
) a ON true
"""


def by_id(tx: Transaction, deposit_id: UUID) -> StoredDeposit | None:
    """A deposit in the book it stands in now: merging moves it on."""
    found = run(
        tx,
        f"{_READ} WHERE d.deposit_id = :deposit AND e.state <> 'moved' ORDER BY d.received_at DESC LIMIT 1",
        deposit=deposit_id,
    )
    return _stored(found[0]) if found else None


def in_books(tx: Transaction, books: Collection[UUID]) -> list[StoredDeposit]:
    """Every deposit of these books, in order of arrival."""
    found = run(
        tx,
        f"{_READ} WHERE d.book_id = ANY(:books) ORDER BY d.received_at, d.deposit_id",
        books=list(books),
    )
    return [_stored(row) for row in found]


def in_book(tx: Transaction, book: UUID, deposit_id: UUID) -> StoredDeposit | None:
    """A deposit as it stands, or as it left, in one book."""
    found = run(tx, f"{_READ} WHERE d.book_id = :book AND d.deposit_id = :deposit", book=book, deposit=deposit_id)
    return _stored(found[0]) if found else None


def ambiguous(tx: Transaction) -> list[StoredDeposit]:
    """Deposits held because their identifiers lead to several books; each waits in a book of its own."""
    found = run(
        tx,
        f"{_READ} WHERE d.deposit_id IN (SELECT deposit_id FROM bank.deposit_event WHERE reason = 'subject_ambiguous') "
        "AND e.state = 'held' AND e.reason = 'subject_ambiguous' ORDER BY d.received_at, d.deposit_id",
    )
    return [_stored(row) for row in found]


def of_issuer(tx: Transaction, issuer_did: str, states: Collection[str]) -> list[StoredDeposit]:
    """Deposits of an institution that stand in one of these states, in order of arrival."""
    found = run(
        tx,
        f"{_READ} WHERE d.issuer_did = :issuer AND e.state = ANY(:states) ORDER BY d.received_at, d.deposit_id",
        issuer=issuer_did,
        states=list(states),
    )
    return [_stored(row) for row in found]


def signed_by(tx: Transaction, issuer_did: str, thumbprint: str, states: Collection[str]) -> list[StoredDeposit]:
    """Deposits of an issuer whose signature was checked with this key, in one of these states.

    A key does not name its issuer: anybody may have registered the public key of another.
    """
    found = run(
        tx,
        f"{_READ} WHERE d.issuer_did = :issuer AND d.key_thumbprint = :thumbprint AND e.state = ANY(:states) "
        "ORDER BY d.received_at",
        issuer=issuer_did,
        thumbprint=thumbprint,
        states=list(states),
    )
    return [_stored(row) for row in found]


def page(
    tx: Transaction, after: tuple[datetime, UUID] | None, limit: int, issuer_did: str | None
) -> list[StoredDeposit]:
    """Deposits in order of arrival, of one institution or of all."""
    found = run(
        tx,
        f"{_READ} WHERE e.state <> 'moved' AND (CAST(:issuer AS text) IS NULL OR d.issuer_did = :issuer) "
        "AND (CAST(:at AS timestamptz) IS NULL OR (d.received_at, d.deposit_id) > (:at, CAST(:id AS uuid))) "
        "ORDER BY d.received_at, d.deposit_id LIMIT :limit",
        issuer=issuer_did,
        at=after[0] if after else None,
        id=after[1] if after else None,
        limit=limit,
    )
    return [_stored(row) for row in found]


def events(tx: Transaction, book_id: UUID, deposit_id: UUID) -> Sequence[Row[Any]]:
    """What has happened to a deposit, in order: sequence, state, reason, actor, happened_at."""
    return run(
        tx,
        "SELECT sequence, state, reason, actor, happened_at FROM bank.deposit_event "
        "WHERE book_id = :book AND deposit_id = :deposit ORDER BY sequence",
        book=book_id,
        deposit=deposit_id,
    )


def _stored(row: Row[Any]) -> StoredDeposit:
    return StoredDeposit(
        row.book_id, row.deposit_id, row.issuer_did, row.credential_id, row.version, bytes(row.content_digest),
        row.facts, row.award, row.key_thumbprint, row.signed_at, row.first_received, row.moved_from,
        row.state, row.reason, row.since, row.events,
    )  # fmt: skip
