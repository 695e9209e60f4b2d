"""The log, and the status of what the bank has issued."""

from migrations.statements import append_only, mutable, run

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create leaves with their deletable openings, the log's head, and status lists with their history."""
    run(
        """
        CREATE TABLE bank.leaf (
            leaf_index bigint CONSTRAINT leaf_pkey PRIMARY KEY,
            hash bytea NOT NULL CONSTRAINT leaf_hash_check CHECK (length(hash) = 32),
            commitment bytea NOT NULL CONSTRAINT leaf_commitment_check CHECK (length(commitment) = 32),
            subject text NOT NULL,
            logged_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """,
        "CREATE INDEX leaf_subject_idx ON bank.leaf (subject)",
        """
        CREATE TABLE bank.leaf_opening (
            leaf_index bigint CONSTRAINT leaf_opening_pkey PRIMARY KEY,
            version smallint NOT NULL,
            salt bytea NOT NULL CONSTRAINT leaf_opening_salt_check CHECK (length(salt) = 16),
            content bytea NOT NULL
        )
        """,
        """
        CREATE TABLE bank.erasure (
            leaf_index bigint CONSTRAINT erasure_pkey PRIMARY KEY,
            reason text NOT NULL,
            erased_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """,
        """
        CREATE TABLE bank.subtree (
            level smallint NOT NULL,
            position bigint NOT NULL,
            hash bytea NOT NULL CONSTRAINT subtree_hash_check CHECK (length(hash) = 32),
            CONSTRAINT subtree_pkey PRIMARY KEY (level, position)
        )
        """,
        """
        CREATE TABLE bank.head (
            single boolean DEFAULT true CONSTRAINT head_pkey PRIMARY KEY CONSTRAINT head_single_check CHECK (single),
            size bigint NOT NULL CONSTRAINT head_size_check CHECK (size >= 0),
            frontier bytea[] NOT NULL
        )
        """,
        "INSERT INTO bank.head (size, frontier) VALUES (0, '{}')",
        """
        CREATE TABLE bank.status_list (
            list_id text CONSTRAINT status_list_pkey PRIMARY KEY,
            issuer_id text NOT NULL CONSTRAINT status_list_issuer_id_fkey REFERENCES bank.issuer,
            purpose text NOT NULL CONSTRAINT status_list_purpose_check
                CHECK (purpose IN ('revocation', 'suspension')),
            size integer NOT NULL CONSTRAINT status_list_size_check CHECK (size >= 131072),
            used integer NOT NULL DEFAULT 0,
            opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT status_list_used_check CHECK (used BETWEEN 0 AND size)
        )
        """,
        "CREATE INDEX status_list_issuer_id_idx ON bank.status_list (issuer_id, purpose)",
        """
        CREATE TABLE bank.issued (
            issuer_id text NOT NULL CONSTRAINT issued_issuer_id_fkey REFERENCES bank.issuer,
            credential_id text CONSTRAINT issued_pkey PRIMARY KEY,
            book_id uuid NOT NULL,
            deposit_id uuid NOT NULL,
            issued_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """,
        """
        CREATE TABLE bank.status_entry (
            list_id text NOT NULL CONSTRAINT status_entry_list_id_fkey REFERENCES bank.status_list,
            list_index integer NOT NULL,
            credential_id text NOT NULL,
            CONSTRAINT status_entry_pkey PRIMARY KEY (list_id, list_index),
            CONSTRAINT status_entry_credential_key UNIQUE (credential_id, list_id)
        )
        """,
        """
        CREATE TABLE bank.status_change (
            list_id text NOT NULL,
            list_index integer NOT NULL,
            sequence integer NOT NULL,
            value boolean NOT NULL,
            reason text NOT NULL,
            actor text NOT NULL,
            changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT status_change_pkey PRIMARY KEY (list_id, list_index, sequence),
            CONSTRAINT status_change_entry_fkey FOREIGN KEY (list_id, list_index) REFERENCES bank.status_entry
        )
        """,
    )
    append_only("leaf", ("leaf_index", "hash", "commitment", "subject"))
    mutable("leaf_opening", delete=True)
    append_only("erasure", ("leaf_index", "reason"))
    append_only("subtree", ("level", "position", "hash"))
    mutable("head", update=("size", "frontier"))
    mutable("status_list", update=("used",))
    append_only("issued", ("issuer_id", "credential_id", "book_id", "deposit_id"))
    append_only("status_entry", ("list_id", "list_index", "credential_id"))
    append_only("status_change", ("list_id", "list_index", "sequence", "value", "reason", "actor"))


def downgrade() -> None:
    """There is no way back from an open bank: restore a backup instead."""
    raise RuntimeError("the bank's schema only moves forward")
