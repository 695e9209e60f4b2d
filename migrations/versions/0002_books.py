"""Books and persons: the book is the key of the ledger; whoever it belongs to stands in tables of its own."""

from migrations.statements import append_only, mutable, run

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create books, the identifiers that lead to them, and the personal tables that can be emptied."""
    run(
        """
        CREATE TABLE bank.book (
            book_id uuid CONSTRAINT book_pkey PRIMARY KEY,
            state text NOT NULL CONSTRAINT book_state_check CHECK (state IN ('unclaimed', 'claimed', 'sealed')),
            merged_into uuid,
            opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT book_merged_check CHECK ((state = 'sealed') = (merged_into IS NOT NULL))
        )
        """,
        # Unique over all books, so it stands outside the tables that are keyed by book and refers to none.
        """
        CREATE TABLE bank.identifier (
            type text NOT NULL,
            keyed_hash bytea NOT NULL,
            book_id uuid NOT NULL,
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT identifier_pkey PRIMARY KEY (type, keyed_hash)
        )
        """,
        "CREATE INDEX identifier_book_id_idx ON bank.identifier (book_id)",
        """
        CREATE TABLE bank.merge (
            source_book uuid NOT NULL CONSTRAINT merge_source_book_fkey REFERENCES bank.book,
            target_book uuid NOT NULL CONSTRAINT merge_target_book_fkey REFERENCES bank.book,
            requested_by text NOT NULL,
            approved_by text,
            conflicts jsonb NOT NULL,
            merged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT merge_pkey PRIMARY KEY (source_book),
            CONSTRAINT merge_four_eyes_check CHECK (approved_by IS NULL OR approved_by <> requested_by)
        )
        """,
        "CREATE INDEX merge_target_book_idx ON bank.merge (target_book)",
        """
        CREATE TABLE bank.merge_proposal (
            source_book uuid NOT NULL CONSTRAINT merge_proposal_source_book_fkey REFERENCES bank.book,
            target_book uuid NOT NULL CONSTRAINT merge_proposal_target_book_fkey REFERENCES bank.book,
            proposed_by text NOT NULL,
            conflicts jsonb NOT NULL,
            proposed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT merge_proposal_pkey PRIMARY KEY (source_book, target_book)
        )
        """,
        """
        CREATE TABLE bank.book_key (
            book_id uuid CONSTRAINT book_key_pkey PRIMARY KEY,
            sealed_key bytea NOT NULL
        )
        """,
        """
        CREATE TABLE bank.profile (
            book_id uuid CONSTRAINT profile_pkey PRIMARY KEY,
            sealed bytea NOT NULL
        )
        """,
        """
        CREATE TABLE bank.document (
            book_id uuid NOT NULL,
            deposit_id uuid NOT NULL,
            sealed bytea NOT NULL,
            CONSTRAINT document_pkey PRIMARY KEY (book_id, deposit_id)
        )
        """,
    )
    mutable("book", update=("state", "merged_into"))
    mutable("identifier", delete=True)
    append_only("merge", ("source_book", "target_book", "requested_by", "approved_by", "conflicts"))
    append_only("merge_proposal", ("source_book", "target_book", "proposed_by", "conflicts"))
    mutable("book_key", delete=True, audited=False)
    mutable("profile", update=("sealed",), delete=True, audited=False)
    mutable("document", delete=True, audited=False)


def downgrade() -> None:
    """There is no way back from an open bank: restore a backup instead."""
    raise RuntimeError("the bank's schema only moves forward")
