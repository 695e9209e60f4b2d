"""Rule packs: proposed by one person, published by another, and never changed afterwards."""

from creditbank.errors import Conflict, NotFound
from creditbank.office import Office
from creditbank.store import Transaction, rows, rules
from creditbank.transactions import logbook


def propose(tx: Transaction, row: rows.RulePack) -> rows.RulePack:
    """Keep a parsed and digested version. Raises Conflict `pack_version_exists`."""
    rules.add_pack(tx, row)
    return row


def publish(tx: Transaction, office: Office, pack_id: str, version: str, by: str) -> rows.RulePack:
    """A second person agrees; from now on decisions may rest on it. Raises NotFound, Conflict."""
    row = rules.pack(tx, pack_id, version)
    if row is None:
        raise NotFound("rule_pack")
    if row.published_at is not None:
        raise Conflict("already_published", "This version has been published already.")
    rules.publish_pack(tx, row, by, office.clock())
    facts = {"type": "rule_publication", "pack": pack_id, "version": version, "digest": row.digest, "by": by}
    logbook.log(tx, office, [(f"pack:{pack_id}@{version}", facts)])
    return row
