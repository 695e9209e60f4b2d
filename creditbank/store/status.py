"""What the bank has issued, and the status lists that say whether it still stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from creditbank.store import rows
from creditbank.store.transaction import Transaction, run

LIST_SIZE = 131_072
"""Entries of a status list: the least that Bitstring Status List 1.0 allows, for herd privacy."""


@dataclass(frozen=True, slots=True)
class StatusPlace:
    """Where a credential's status stands: which list, for which purpose, at which index."""

    list_id: str
    purpose: str
    index: int


def take_number(tx: Transaction, issuer_id: str, purpose: str, new_list_id: str) -> tuple[str, int]:
    """The list with room and the next number in it; the number becomes an index by a keyed permutation.

    A full list is followed by a new one. A number taken and not used (a crash before signing) stays unused.
    """
    found = run(
        tx,
        "UPDATE bank.status_list SET used = used + 1 WHERE list_id = ("
        "SELECT list_id FROM bank.status_list WHERE issuer_id = :issuer AND purpose = :purpose AND used < size "
        "ORDER BY opened_at LIMIT 1 FOR UPDATE) RETURNING list_id, used - 1 AS number",
        issuer=issuer_id,
        purpose=purpose,
    )
    if found:
        return found[0].list_id, found[0].number
    run(
        tx,
        "INSERT INTO bank.status_list (list_id, issuer_id, purpose, size, used) "
        "VALUES (:list, :issuer, :purpose, :size, 1)",
        list=new_list_id,
        issuer=issuer_id,
        purpose=purpose,
        size=LIST_SIZE,
    )
    return new_list_id, 0


def add_entry(tx: Transaction, list_id: str, index: int, credential_id: str) -> None:
    """Give a credential its place in a list."""
    run(
        tx,
        "INSERT INTO bank.status_entry (list_id, list_index, credential_id) VALUES (:list, :index, :credential)",
        list=list_id,
        index=index,
        credential=credential_id,
    )


def places(tx: Transaction, credential_id: str) -> list[StatusPlace]:
    """Every place in which a credential's status stands."""
    found = run(
        tx,
        "SELECT e.list_id, l.purpose, e.list_index FROM bank.status_entry e JOIN bank.status_list l USING (list_id) "
        "WHERE e.credential_id = :credential ORDER BY l.purpose",
        credential=credential_id,
    )
    return [StatusPlace(row.list_id, row.purpose, row.list_index) for row in found]


def value(tx: Transaction, place: StatusPlace) -> bool:
    """Whether the bit is set now."""
    found = run(
        tx,
        "SELECT value FROM bank.status_change WHERE list_id = :list AND list_index = :index "
        "ORDER BY sequence DESC LIMIT 1",
        list=place.list_id,
        index=place.index,
    )
    return bool(found and found[0].value)


def change(tx: Transaction, place: StatusPlace, value: bool, reason: str, actor: str) -> None:
    """Set or clear a bit; the history stays."""
    run(
        tx,
        "INSERT INTO bank.status_change (list_id, list_index, sequence, value, reason, actor) "
        "SELECT :list, :index, 1 + count(*), :value, :reason, :actor FROM bank.status_change "
        "WHERE list_id = :list AND list_index = :index",
        list=place.list_id,
        index=place.index,
        value=value,
        reason=reason,
        actor=actor,
    )


def status_list(tx: Transaction, list_id: str) -> rows.StatusList | None:
    """One list."""
    return tx.get(rows.StatusList, list_id)


def list_ids(tx: Transaction) -> list[str]:
    """The id of every list of the bank, oldest first."""
    found = run(tx, "SELECT list_id FROM bank.status_list ORDER BY opened_at, list_id")
    return [row.list_id for row in found]


def set_bits(tx: Transaction, list_id: str) -> tuple[int, list[int]]:
    """The version of a list, and the indexes that are set now.

    The version counts the changes of its bits and of its institution's keys: after a theft no list signed with the
    stolen key is served on.
    """
    found = run(
        tx,
        "SELECT coalesce(sum(sequence), 0) + (SELECT count(*) + count(retired_at) + count(compromised_from) "
        "FROM bank.issuer_key JOIN bank.status_list USING (issuer_id) WHERE list_id = :list) AS version, "
        "coalesce(array_agg(list_index) FILTER (WHERE value), '{}') AS indexes "
        "FROM (SELECT DISTINCT ON (list_index) list_index, value, sequence "
        "FROM bank.status_change WHERE list_id = :list ORDER BY list_index, sequence DESC) AS latest",
        list=list_id,
    )[0]
    return int(found.version), list(found.indexes)


def add_issued(tx: Transaction, issuer_id: str, credential_id: str, book_id: UUID, deposit_id: UUID) -> None:
    """Remember that the bank signed this credential for its issuer."""
    run(
        tx,
        "INSERT INTO bank.issued (issuer_id, credential_id, book_id, deposit_id) "
        "VALUES (:issuer, :credential, :book, :deposit)",
        issuer=issuer_id,
        credential=credential_id,
        book=book_id,
        deposit=deposit_id,
    )


def issued(tx: Transaction, credential_id: str) -> rows.Issued | None:
    """A credential that the bank signed."""
    return tx.get(rows.Issued, credential_id)


def issued_by(tx: Transaction, issuer_id: str, after: str, limit: int) -> Sequence[rows.Issued]:
    """What an institution issued through the bank, in the order of the credentials' ids."""
    table = rows.Issued
    query = select(table).where(table.issuer_id == issuer_id, col(table.credential_id) > after)
    return tx.exec(query.order_by(col(table.credential_id)).limit(limit)).all()
