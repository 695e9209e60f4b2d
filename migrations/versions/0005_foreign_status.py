"""What other institutions' status lists said when they were last looked at, and which deposits rest on them."""

from migrations.statements import append_only, mutable, run

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the references, the lists with their schedule, the alerts, and how far the log has been read for them."""
    run(
        # Derived from the deposits' sealed documents: it may be emptied and is then built anew.
        """
        CREATE TABLE bank.foreign_reference (
            list_url text NOT NULL,
            deposit_id uuid NOT NULL,
            entry smallint NOT NULL,
            kind text NOT NULL CONSTRAINT foreign_reference_kind_check
                CHECK (kind IN ('bitstring', 'revocation_list', 'hosted', 'badge_revocation_list', 'token')),
            purpose text NOT NULL CONSTRAINT foreign_reference_purpose_check
                CHECK (purpose IN ('revocation', 'suspension')),
            place text NOT NULL,
            CONSTRAINT foreign_reference_pkey PRIMARY KEY (list_url, deposit_id, entry)
        )
        """,
        "CREATE INDEX foreign_reference_deposit_id_idx ON bank.foreign_reference (deposit_id)",
        # `revoked` holds every bit that was ever seen set for revocation: such a bit never counts as cleared again.
        """
        CREATE TABLE bank.foreign_list (
            list_url text CONSTRAINT foreign_list_pkey PRIMARY KEY,
            due_at timestamptz NOT NULL,
            seen_at timestamptz,
            digest bytea,
            revoked bytea,
            failures integer NOT NULL DEFAULT 0,
            problem text
        )
        """,
        "CREATE INDEX foreign_list_due_at_idx ON bank.foreign_list (due_at, list_url)",
        """
        CREATE TABLE bank.foreign_alert (
            list_url text NOT NULL,
            digest bytea NOT NULL,
            code text NOT NULL,
            facts jsonb NOT NULL,
            raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT foreign_alert_pkey PRIMARY KEY (list_url, digest, code)
        )
        """,
        """
        CREATE TABLE bank.foreign_progress (
            single boolean DEFAULT true CONSTRAINT foreign_progress_pkey PRIMARY KEY
                CONSTRAINT foreign_progress_single_check CHECK (single),
            leaves bigint NOT NULL
        )
        """,
        "INSERT INTO bank.foreign_progress (leaves) VALUES (0)",
    )
    mutable("foreign_reference", delete=True)
    mutable("foreign_list", update=("due_at", "seen_at", "digest", "revoked", "failures", "problem"))
    append_only("foreign_alert", ("list_url", "digest", "code", "facts"))
    mutable("foreign_progress", update=("leaves",))


def downgrade() -> None:
    """There is no way back from an open bank: restore a backup instead."""
    raise RuntimeError("the bank's schema only moves forward")
