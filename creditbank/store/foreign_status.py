"""Other institutions' status lists: which deposits rest on them, when each is due, and what each said last."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from creditbank.store import rows
from creditbank.store.transaction import Transaction, run


@dataclass(frozen=True, slots=True)
class Reference:
    """A deposit's place in a list: which kind of list, for which purpose, and the index or id to look for in it."""

    deposit_id: UUID
    entry: int
    list_url: str
    kind: str
    purpose: str
    place: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A reference, and the state of its deposit now, in the book where it lives."""

    reference: Reference
    state: str
    reason: str


def progress(tx: Transaction) -> int:
    """How many leaves of the log have been read for references."""
    leaves: int = run(tx, "SELECT leaves FROM bank.foreign_progress")[0].leaves
    return leaves


def subjects(tx: Transaction, start: int, limit: int) -> list[str]:
    """What the leaves from `start` on are about, in order; the log is dense, so none can come in between later."""
    found = run(
        tx,
        "SELECT subject FROM bank.leaf WHERE leaf_index >= :start ORDER BY leaf_index LIMIT :limit",
        start=start,
        limit=limit,
    )
    return [row.subject for row in found]


def add(tx: Transaction, references: Sequence[Reference], due_at: datetime, leaves: int) -> None:
    """Keep references, their lists due at once, and how far the log has been read. What is known already stays."""
    run(
        tx,
        "INSERT INTO bank.foreign_list (list_url, due_at) SELECT DISTINCT url, CAST(:due AS timestamptz) "
        "FROM unnest(CAST(:urls AS text[])) AS url ON CONFLICT DO NOTHING",
        urls=[one.list_url for one in references],
        due=due_at,
    )
    run(
        tx,
        "INSERT INTO bank.foreign_reference (list_url, deposit_id, entry, kind, purpose, place) "
        "SELECT * FROM unnest(CAST(:urls AS text[]), CAST(:deposits AS uuid[]), CAST(:entries AS smallint[]), "
        "CAST(:kinds AS text[]), CAST(:purposes AS text[]), CAST(:places AS text[])) ON CONFLICT DO NOTHING",
        urls=[one.list_url for one in references],
        deposits=[one.deposit_id for one in references],
        entries=[one.entry for one in references],
        kinds=[one.kind for one in references],
        purposes=[one.purpose for one in references],
        places=[one.place for one in references],
    )
    run(tx, "UPDATE bank.foreign_progress SET leaves = greatest(leaves, :leaves)", leaves=leaves)


def due(tx: Transaction, at: datetime | None) -> list[str]:
    """The lists that are due at `at` (None: all of them), those that wait longest first."""
    found = run(
        tx,
        "SELECT list_url FROM bank.foreign_list WHERE CAST(:at AS timestamptz) IS NULL OR due_at <= :at "
        "ORDER BY due_at, list_url",
        at=at,
    )
    return [row.list_url for row in found]


def one(tx: Transaction, list_url: str) -> rows.ForeignList | None:
    """A list as it was seen last."""
    return tx.get(rows.ForeignList, list_url)


def postpone(tx: Transaction, list_url: str, due_at: datetime) -> None:
    """Nothing that counts rests on a list: nobody is asked for it now."""
    run(tx, "UPDATE bank.foreign_list SET due_at = :due WHERE list_url = :url", due=due_at, url=list_url)


_STANDING = """
SELECT r.*, e.state, e.reason FROM bank.foreign_reference r
JOIN LATERAL (
    SELECT d.book_id FROM bank.deposit d WHERE d.deposit_id = r.deposit_id
) d ON true
JOIN LATERAL (
    SELECT state, reason FROM bank.deposit_event e WHERE e.book_id = d.book_id AND e.deposit_id = r.deposit_id
    ORDER BY sequence DESC LIMIT 1
) e ON e.state <> 'moved'
"""


def standing(
    tx: Transaction, list_url: str, after: tuple[UUID, int] | None, limit: int, states: Collection[str]
) -> list[Standing]:
    """References to a list whose deposits stand in one of these states, in the order of their ids."""
    found = run(
        tx,
        f"{_STANDING} WHERE r.list_url = :url AND e.state = ANY(:states) AND (CAST(:deposit AS uuid) IS NULL "
        "OR (r.deposit_id, r.entry) > (CAST(:deposit AS uuid), :entry)) ORDER BY r.deposit_id, r.entry LIMIT :limit",
        url=list_url,
        states=list(states),
        deposit=after[0] if after else None,
        entry=after[1] if after else 0,
        limit=limit,
    )
    return [
        Standing(
            Reference(row.deposit_id, row.entry, row.list_url, row.kind, row.purpose, row.place), row.state, row.reason
        )
        for row in found
    ]


def issuers(tx: Transaction, list_url: str) -> frozenset[str]:
    """Who issued the deposits that rest on a list."""
    found = run(
        tx,
        "SELECT DISTINCT d.issuer_did FROM bank.foreign_reference r "
        "JOIN bank.deposit d ON d.deposit_id = r.deposit_id WHERE r.list_url = :url",
        url=list_url,
    )
    return frozenset(row.issuer_did for row in found)


def record(tx: Transaction, list_url: str, due_at: datetime, seen_at: datetime, digest: bytes, revoked: bytes) -> None:
    """A list was had and all that rests on it was compared with it."""
    run(
        tx,
        "UPDATE bank.foreign_list SET due_at = :due, seen_at = :seen, digest = :digest, revoked = :revoked, "
        "failures = 0, problem = NULL WHERE list_url = :url",
        due=due_at,
        seen=seen_at,
        digest=digest,
        revoked=revoked,
        url=list_url,
    )


def fail(tx: Transaction, list_url: str, due_at: datetime, problem: str) -> None:
    """A list could not be had or believed: everything stays as it was, and it is asked again later."""
    run(
        tx,
        "UPDATE bank.foreign_list SET due_at = :due, failures = failures + 1, problem = :problem WHERE list_url = :url",
        due=due_at,
        problem=problem,
        url=list_url,
    )


def seen_revoked(tx: Transaction, list_urls: Collection[str]) -> dict[str, bytes]:
    """By list: every bit that was ever seen set for revocation, as it was kept."""
    if not list_urls:
        return {}
    found = run(
        tx,
        "SELECT list_url, revoked FROM bank.foreign_list WHERE list_url = ANY(:urls) AND revoked IS NOT NULL",
        urls=list(list_urls),
    )
    return {row.list_url: bytes(row.revoked) for row in found}


def alert(tx: Transaction, list_url: str, digest: bytes, code: str, facts: Mapping[str, Any]) -> bool:
    """Remember what a list must not do, once for each of its contents; whether it is new."""
    found = run(
        tx,
        "INSERT INTO bank.foreign_alert (list_url, digest, code, facts) "
        "VALUES (:url, :digest, :code, CAST(:facts AS jsonb)) ON CONFLICT DO NOTHING RETURNING code",
        url=list_url,
        digest=digest,
        code=code,
        facts=json.dumps(facts),
    )
    return bool(found)


def alerts(tx: Transaction) -> Sequence[rows.ForeignAlert]:
    """Every alert, oldest first."""
    table = rows.ForeignAlert
    return tx.exec(select(table).order_by(col(table.raised_at), col(table.list_url))).all()
