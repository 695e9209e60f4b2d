"""Rule packs: proposed by one person, published by another, and never changed afterwards.

    draft ─mended in the next version─▶        checked ─second person─▶ scheduled ─its day comes─▶ published
      └────────────── withdrawn ◀─────────────────┘

The state is read off the row and the day; nothing has to run for a scheduled version to come into force.
"""

import hashlib
from datetime import date
from typing import Literal

from creditbank.errors import Conflict, NeedsApproval, NotFound
from creditbank.office import Office
from creditbank.store import Transaction, rows, rules
from creditbank.transactions import logbook

State = Literal["draft", "checked", "scheduled", "published", "withdrawn"]


def state_of(row: rows.RulePack, today: date) -> State:
    """How a version stands on a day."""
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.published_at is None:
        return "draft" if row.findings else "checked"
    return "scheduled" if row.in_force_from and row.in_force_from > today else "published"


def propose(tx: Transaction, row: rows.RulePack) -> rows.RulePack:
    """Keep a parsed and digested version. Raises Conflict `pack_version_exists`, Forbidden `pack_of_another`."""
    rules.add_pack(tx, row)
    return row


def known(tx: Transaction, pack_id: str, version: str) -> rows.RulePack:
    """One version. Raises NotFound `rule_pack_not_found`."""
    row = rules.pack(tx, pack_id, version)
    if row is None:
        raise NotFound("rule_pack")
    return row


def check_newest(tx: Transaction, pack_id: str, newest: rows.RulePack | None) -> None:
    """That the version published last is still the one that was compared with. Raises Conflict `published_meanwhile`.

    Two that are approved at once come one after the other: the lock is held to the end of the transaction.
    """
    rules.lock_pack(tx, pack_id)
    now = rules.newest_published(tx, pack_id)
    if (now and now.version) != (newest and newest.version):
        raise Conflict("published_meanwhile", "Another version was published just now; look again.")


def publish(
    tx: Transaction, office: Office, pack_id: str, version: str, by: str, *, retroactive: bool = False
) -> rows.RulePack:
    """A second person agrees, and the log says so; from its day on decisions may rest on it.

    A day in the past needs both to say `retroactive`. Raises NotFound; NeedsApproval `retroactive_not_agreed`;
    Conflict `already_published`, `pack_withdrawn`, `pack_not_checked`, `second_person_needed`, `in_force_day_passed`.
    """
    row = known(tx, pack_id, version)
    _check_publishable(row, retroactive=retroactive)
    rules.publish_pack(tx, row, by, office.clock())
    logbook.log(tx, office, [(f"pack:{pack_id}@{version}", _facts(row, by))])
    return row


def _check_publishable(row: rows.RulePack, *, retroactive: bool) -> None:
    if row.published_at is not None:
        raise Conflict("already_published", "This version has been published already.")
    if row.withdrawn_at is not None:
        raise Conflict("pack_withdrawn", "This version was withdrawn; propose the next one.")
    if row.findings:
        sentence = "Its check found errors; mend them in the next version."
        raise Conflict("pack_not_checked", sentence, findings=len(row.findings))
    if row.retroactive and not retroactive:
        sentence = "This version comes into force on a day in the past: the second person has to say retroactive, too."
        raise NeedsApproval("retroactive_not_agreed", sentence)


def _facts(row: rows.RulePack, by: str) -> dict[str, object]:
    facts: dict[str, object] = {
        "type": "rule_publication",
        "pack": row.pack_id,
        "version": row.version,
        "digest": row.digest,
        "by": by,
    }
    later = {
        "scope": row.scope,
        "in_force_from": row.in_force_from.isoformat() if row.in_force_from else None,
        "retroactive": row.retroactive or None,
        "kind": row.kind if row.kind != "rules" else None,
        "base": f"{row.base_id}@{row.base_version}" if row.base_id else None,
        "cases": hashlib.sha256(row.cases.encode()).hexdigest() if row.cases else None,
    }
    return facts | {name: value for name, value in later.items() if value is not None}


def withdraw(tx: Transaction, office: Office, pack_id: str, version: str, by: str) -> rows.RulePack:
    """Give up a version that was never published. Raises NotFound; Conflict `already_published`, `pack_withdrawn`."""
    row = known(tx, pack_id, version)
    if row.published_at is not None:
        raise Conflict("already_published", "A published version stays; a correction is the next version.")
    if row.withdrawn_at is not None:
        raise Conflict("pack_withdrawn", "This version was withdrawn already.")
    rules.withdraw_pack(tx, row, by, office.clock())
    return row
