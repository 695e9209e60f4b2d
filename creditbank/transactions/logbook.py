"""Facts into leaves: what is booked is logged in the same transaction, last, under the head's lock."""

from collections.abc import Mapping, Sequence
from typing import Any

from credentials.canonical import jcs
from creditbank.ledger.entry import Entry
from creditbank.log.leaf import Opening
from creditbank.office import Office
from creditbank.store import Transaction, leaves, ledger

Facts = Mapping[str, Any]


def log(tx: Transaction, office: Office, items: Sequence[tuple[str, Facts]]) -> int:
    """Append a leaf for each (subject, facts); the index of the first. The head stays locked until the commit."""
    new = [leaves.NewLeaf(subject, Opening(office.new_salt(), jcs(facts))) for subject, facts in items]
    return leaves.append(tx, new) if new else leaves.head(tx).size


def book(tx: Transaction, office: Office, entries: Sequence[Entry]) -> None:
    """Append whole entries to the ledger, and a leaf for each to the log."""
    ledger.append(tx, entries)
    log(tx, office, [(str(entry.id), entry.facts()) for entry in entries])
