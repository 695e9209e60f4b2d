"""Books, the identifiers that lead to them, and the personal tables beside them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select

from creditbank.store import rows
from creditbank.store.transaction import Transaction, run

IdentifierKey = tuple[str, bytes]
"""Type of identifier and its hash under the bank's key."""


def find(tx: Transaction, identifiers: Collection[IdentifierKey]) -> dict[IdentifierKey, UUID]:
    """The living book behind each identifier that is known; merged books lead on to the one they became."""
    led = leads_to(tx, identifiers)
    alive = living(tx, set(led.values()))
    return {key: alive[book] for key, book in led.items()}


def leads_to(tx: Transaction, identifiers: Collection[IdentifierKey]) -> dict[IdentifierKey, UUID]:
    """The book each known identifier was tied to, which may have been opened by this very transaction."""
    found = run(
        tx,
        "SELECT i.type, i.keyed_hash, i.book_id FROM bank.identifier i "
        "JOIN unnest(CAST(:types AS text[]), CAST(:hashes AS bytea[])) AS wanted(type, keyed_hash) "
        "USING (type, keyed_hash)",
        types=[kind for kind, _ in identifiers],
        hashes=[keyed for _, keyed in identifiers],
    )
    return {(row.type, bytes(row.keyed_hash)): row.book_id for row in found}


def living(tx: Transaction, books: Collection[UUID]) -> dict[UUID, UUID]:
    """For each book, the book that lives on in its place: itself unless it was merged."""
    if not books:
        return {}
    found = run(
        tx,
        "WITH RECURSIVE path(start, book_id, merged_into) AS ("
        "SELECT book_id, book_id, merged_into FROM bank.book WHERE book_id = ANY(:books) "
        "UNION ALL SELECT p.start, b.book_id, b.merged_into FROM path p JOIN bank.book b ON b.book_id = p.merged_into"
        ") SELECT start, book_id FROM path WHERE merged_into IS NULL",
        books=list(books),
    )
    return {row.start: row.book_id for row in found}


def claim_identifiers(tx: Transaction, wanted: Mapping[IdentifierKey, UUID]) -> None:
    """Let identifiers lead to books, where they are free; sorted, so that two writers never wait for each other."""
    ordered = sorted(wanted.items())
    run(
        tx,
        "INSERT INTO bank.identifier (type, keyed_hash, book_id) "
        "SELECT * FROM unnest(CAST(:types AS text[]), CAST(:hashes AS bytea[]), CAST(:books AS uuid[])) "
        "ON CONFLICT DO NOTHING",
        types=[key[0] for key, _ in ordered],
        hashes=[key[1] for key, _ in ordered],
        books=[book for _, book in ordered],
    )


def release_identifiers(tx: Transaction, book: UUID, identifiers: Iterable[IdentifierKey]) -> None:
    """Take identifiers from a book they were attached to."""
    for kind, keyed in identifiers:
        run(
            tx,
            "DELETE FROM bank.identifier WHERE type = :kind AND keyed_hash = :keyed AND book_id = :book",
            kind=kind,
            keyed=keyed,
            book=book,
        )


def identifiers(tx: Transaction, book: UUID) -> Sequence[rows.Identifier]:
    """The identifiers that lead straight to a book."""
    query = select(rows.Identifier).where(rows.Identifier.book_id == book)
    return tx.exec(query.order_by(col(rows.Identifier.recorded_at))).all()


def open_books(tx: Transaction, books: Iterable[UUID]) -> None:
    """Open unclaimed books."""
    run(
        tx,
        "INSERT INTO bank.book (book_id, state) SELECT b, 'unclaimed' FROM unnest(CAST(:books AS uuid[])) AS b",
        books=list(books),
    )


def lock(tx: Transaction, books: Collection[UUID]) -> dict[UUID, rows.Book]:
    """Lock books in the order of their ids until the transaction ends; caps and uses are read only after this."""
    if not books:
        return {}
    query = select(rows.Book).where(col(rows.Book.book_id).in_(books)).order_by(col(rows.Book.book_id))
    found = tx.exec(query.with_for_update().execution_options(populate_existing=True)).all()
    return {book.book_id: book for book in found}


def book(tx: Transaction, book_id: UUID) -> rows.Book | None:
    """One book, as it is now."""
    return tx.get(rows.Book, book_id)


def set_state(tx: Transaction, book_id: UUID, state: str, merged_into: UUID | None = None) -> None:
    """Claim a book, or seal it."""
    run(
        tx,
        "UPDATE bank.book SET state = :state, merged_into = :merged_into WHERE book_id = :book_id",
        book_id=book_id,
        state=state,
        merged_into=merged_into,
    )


def add_merge(tx: Transaction, merge: Mapping[str, object]) -> None:
    """Record who merged which books."""
    run(
        tx,
        "INSERT INTO bank.merge (source_book, target_book, requested_by, approved_by, conflicts) "
        "VALUES (:source_book, :target_book, :requested_by, :approved_by, CAST(:conflicts AS jsonb))",
        **merge,
    )


def propose_merge(tx: Transaction, source: UUID, target: UUID, by: str, conflicts: str) -> None:
    """Remember that somebody wants two books merged although it costs credits; a second person decides."""
    run(
        tx,
        "INSERT INTO bank.merge_proposal (source_book, target_book, proposed_by, conflicts) "
        "VALUES (:source, :target, :by, CAST(:conflicts AS jsonb)) ON CONFLICT DO NOTHING",
        source=source,
        target=target,
        by=by,
        conflicts=conflicts,
    )


def merge_proposal(tx: Transaction, source: UUID, target: UUID) -> rows.MergeProposal | None:
    """Who asked first for these two books to be merged."""
    return tx.get(rows.MergeProposal, (source, target))


def merges(tx: Transaction, book: UUID) -> Sequence[rows.Merge]:
    """The books that were merged into this one, and those merged into them."""
    found = run(
        tx,
        "WITH RECURSIVE path AS (SELECT m.* FROM bank.merge m WHERE target_book = :book "
        "UNION SELECT m.* FROM bank.merge m JOIN path p ON m.target_book = p.source_book) "
        "SELECT source_book FROM path",
        book=book,
    )
    sources = [row.source_book for row in found]
    query = select(rows.Merge).where(col(rows.Merge.source_book).in_(sources))
    return tx.exec(query.order_by(col(rows.Merge.merged_at))).all()


def sealed_keys(tx: Transaction, books: Collection[UUID]) -> dict[UUID, bytes]:
    """The sealed personal key of each book that has one."""
    found = run(tx, "SELECT book_id, sealed_key FROM bank.book_key WHERE book_id = ANY(:books)", books=list(books))
    return {row.book_id: bytes(row.sealed_key) for row in found}


def add_sealed_keys(tx: Transaction, keys: Mapping[UUID, bytes]) -> None:
    """Keep the sealed personal keys of new books."""
    run(
        tx,
        "INSERT INTO bank.book_key SELECT * FROM unnest(CAST(:books AS uuid[]), CAST(:keys AS bytea[]))",
        books=list(keys),
        keys=list(keys.values()),
    )


def add_documents(tx: Transaction, documents: Sequence[tuple[UUID, UUID, bytes]]) -> None:
    """Keep sealed documents: (book, deposit, sealed bytes)."""
    run(
        tx,
        "INSERT INTO bank.document SELECT * FROM "
        "unnest(CAST(:books AS uuid[]), CAST(:deposits AS uuid[]), CAST(:sealed AS bytea[]))",
        books=[book for book, _, _ in documents],
        deposits=[deposit for _, deposit, _ in documents],
        sealed=[sealed for _, _, sealed in documents],
    )


def remove_document(tx: Transaction, book_id: UUID, deposit_id: UUID) -> None:
    """Take a document away: another one takes its place."""
    run(
        tx,
        "DELETE FROM bank.document WHERE book_id = :book AND deposit_id = :deposit",
        book=book_id,
        deposit=deposit_id,
    )


def document(tx: Transaction, book_id: UUID, deposit_id: UUID) -> bytes | None:
    """The sealed document of a deposit, unless it was erased."""
    found = run(
        tx,
        "SELECT sealed FROM bank.document WHERE book_id = :book AND deposit_id = :deposit",
        book=book_id,
        deposit=deposit_id,
    )
    return bytes(found[0].sealed) if found else None


def profile(tx: Transaction, book_id: UUID) -> bytes | None:
    """The sealed profile of the person a book belongs to."""
    found = run(tx, "SELECT sealed FROM bank.profile WHERE book_id = :book", book=book_id)
    return bytes(found[0].sealed) if found else None


def save_profile(tx: Transaction, book_id: UUID, sealed: bytes) -> None:
    """Keep or replace a sealed profile."""
    run(
        tx,
        "INSERT INTO bank.profile VALUES (:book, :sealed) ON CONFLICT (book_id) DO UPDATE SET sealed = EXCLUDED.sealed",
        book=book_id,
        sealed=sealed,
    )
