"""The audit of published rules: each version is the one that two people agreed to and that the log holds."""

import json
from collections.abc import Iterator
from typing import Any

from creditbank.pack_kinds import RULES, read
from creditbank.store import Transaction, leaves, rows, rules
from recognition_rules.errors import PackInvalid


def audit_packs(tx: Transaction) -> Iterator[str]:
    """What is wrong with published versions: text, digest, owner and day against the leaf of the publication."""
    published = {f"pack:{row.pack_id}@{row.version}": row for row in rules.packs(tx) if row.published_at is not None}
    places = leaves.indexes_of(tx, list(published))
    opened = leaves.openings(tx, list(places.values()))
    for subject, row in published.items():
        opening = opened.get(places.get(subject, -1))
        if opening is None:
            yield f"{subject}: published without a leaf"
            continue
        logged: dict[str, Any] = json.loads(opening.entry)
        yield from (f"{subject}: {name} is not what was logged" for name in _other(row, logged))
        if _digest_of(row) != row.digest:
            yield f"{subject}: the text is not the one of its digest"


def _other(row: rows.RulePack, logged: dict[str, Any]) -> Iterator[str]:
    told = {
        "digest": row.digest,
        "by": row.approved_by,
        "scope": row.scope,
        "in_force_from": row.in_force_from.isoformat() if row.in_force_from else None,
        "retroactive": row.retroactive or None,
        "kind": row.kind if row.kind != RULES else None,
        "base": f"{row.base_id}@{row.base_version}" if row.base_id else None,
    }
    yield from (name for name, value in told.items() if logged.get(name) != value)


def _digest_of(row: rows.RulePack) -> str:
    """The digest of the text, as packs of its kind are read; none where it cannot be read any more."""
    try:
        return read(row.kind, row.content).digest
    except (PackInvalid, KeyError):
        return ""
