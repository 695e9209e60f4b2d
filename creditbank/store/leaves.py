"""The log's rows: one head that every writer locks last, dense leaves, and the hashes that proofs are made of."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from creditbank.log.leaf import Opening
from creditbank.log.proof import Span
from creditbank.log.tree import Frontier, Subtree
from creditbank.store.transaction import Transaction, run


@dataclass(frozen=True, slots=True)
class NewLeaf:
    """A leaf to append: what it is about, and its opening."""

    subject: str
    opening: Opening


def head(tx: Transaction, *, lock: bool = False) -> Frontier:
    """The log's right edge; locked, it makes this transaction the only writer until it ends."""
    found = run(tx, f"SELECT size, frontier FROM bank.head{' FOR UPDATE' if lock else ''}")[0]
    return Frontier.from_list(found.size, found.frontier)


def append(tx: Transaction, leaves: Sequence[NewLeaf]) -> int:
    """Append leaves under the head's lock; the index of the first. Indexes are dense: the head is the counter.

    A crash before the commit leaves neither leaf nor head: both are of the transaction that holds the postings.
    """
    before = head(tx, lock=True)
    after, subtrees = before.append(leaf.opening.leaf_hash() for leaf in leaves)
    indexes = list(range(before.size, after.size))
    _add_leaves(tx, indexes, leaves)
    _add_subtrees(tx, subtrees)
    run(tx, "UPDATE bank.head SET size = :size, frontier = :frontier", size=after.size, frontier=after.to_list())
    return before.size


def _add_leaves(tx: Transaction, indexes: Sequence[int], leaves: Sequence[NewLeaf]) -> None:
    run(
        tx,
        "WITH opened AS (INSERT INTO bank.leaf_opening SELECT * FROM unnest(CAST(:indexes AS bigint[]), "
        "CAST(:versions AS smallint[]), CAST(:salts AS bytea[]), CAST(:contents AS bytea[]))) "
        "INSERT INTO bank.leaf (leaf_index, hash, commitment, subject) SELECT * FROM unnest("
        "CAST(:indexes AS bigint[]), CAST(:hashes AS bytea[]), CAST(:commitments AS bytea[]), "
        "CAST(:subjects AS text[]))",
        indexes=list(indexes),
        versions=[leaf.opening.version for leaf in leaves],
        salts=[leaf.opening.salt for leaf in leaves],
        contents=[leaf.opening.entry for leaf in leaves],
        hashes=[leaf.opening.leaf_hash() for leaf in leaves],
        commitments=[leaf.opening.commitment() for leaf in leaves],
        subjects=[leaf.subject for leaf in leaves],
    )


def _add_subtrees(tx: Transaction, subtrees: Iterable[Subtree]) -> None:
    for subtree in subtrees:  # one in 256 leaves
        run(
            tx,
            "INSERT INTO bank.subtree (level, position, hash) VALUES (:level, :position, :hash)",
            level=subtree.level,
            position=subtree.position,
            hash=subtree.hash,
        )


def hashes(tx: Transaction, spans: Iterable[Span]) -> dict[tuple[int, int], bytes]:
    """The stored hashes in these spans, by level and index."""
    fetched: dict[tuple[int, int], bytes] = {}
    for span in spans:
        table, column, level = _stored_at(span.level)
        found = run(
            tx,
            f"SELECT {column} AS place, hash FROM bank.{table} "
            f"WHERE {level} AND {column} >= :start AND {column} < :end",
            start=span.start,
            end=span.end,
            **({"level": span.level} if span.level else {}),
        )
        fetched.update({(span.level, row.place): bytes(row.hash) for row in found})
    return fetched


def _stored_at(level: int) -> tuple[str, str, str]:
    """Table, column and condition: leaves stand in a table of their own, and higher levels together."""
    return ("leaf", "leaf_index", "true") if level == 0 else ("subtree", "position", "level = :level")


def commitments(tx: Transaction, start: int, end: int) -> list[bytes]:
    """The leaves' data from `start` up to, and without, `end`."""
    found = run(
        tx,
        "SELECT commitment FROM bank.leaf WHERE leaf_index >= :start AND leaf_index < :end ORDER BY leaf_index",
        start=start,
        end=end,
    )
    return [bytes(row.commitment) for row in found]


def indexes_of(tx: Transaction, subjects: Collection[str]) -> dict[str, int]:
    """The newest leaf about each of these subjects."""
    found = run(
        tx,
        "SELECT subject, max(leaf_index) AS place FROM bank.leaf WHERE subject = ANY(:subjects) GROUP BY subject",
        subjects=list(subjects),
    )
    return {row.subject: row.place for row in found}


def openings(tx: Transaction, indexes: Collection[int]) -> dict[int, Opening]:
    """The openings of these leaves that have not been erased."""
    found = run(
        tx,
        "SELECT leaf_index, version, salt, content FROM bank.leaf_opening WHERE leaf_index = ANY(:indexes)",
        indexes=list(indexes),
    )
    return {row.leaf_index: Opening(bytes(row.salt), bytes(row.content), row.version) for row in found}
