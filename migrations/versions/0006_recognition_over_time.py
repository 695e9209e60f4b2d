"""What a decision rested on, what changed it later, who ordered that, and how far a long run has come."""

from migrations.statements import append_only, mutable, run

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the kept inputs of decisions, the tables they were read with, notices, orders and progress."""
    run(
        # Units and levels as they stood, by digest: the program ships newer ones with time.
        """
        CREATE TABLE bank.rule_table (
            digest text CONSTRAINT rule_table_pkey PRIMARY KEY,
            kind text NOT NULL CONSTRAINT rule_table_kind_check CHECK (kind IN ('units', 'levels')),
            content text NOT NULL
        )
        """,
        # `content` is the canonical JSON of awards and uses, compressed; `outcome` is read off the result, so that a
        # population is compared without reading traces. Decisions from before this table have no row here: their
        # inputs are read off the events and uses of their time.
        """
        CREATE TABLE bank.recognition_input (
            book_id uuid NOT NULL,
            recognition_id uuid NOT NULL,
            content bytea NOT NULL,
            units text NOT NULL,
            levels text NOT NULL,
            outcome jsonb NOT NULL,
            CONSTRAINT recognition_input_pkey PRIMARY KEY (book_id, recognition_id),
            CONSTRAINT recognition_input_recognition_fkey
                FOREIGN KEY (book_id, recognition_id) REFERENCES bank.recognition
        )
        """,
        """
        CREATE TABLE bank.recognition_notice (
            book_id uuid NOT NULL,
            notice_id uuid NOT NULL,
            cause text NOT NULL CONSTRAINT recognition_notice_cause_check CHECK (cause IN
                ('revoked', 'suspended', 'reversed', 'superseded', 'reinstated', 'retroactive_rule')),
            reference text NOT NULL,
            before_id uuid NOT NULL,
            after_id uuid NOT NULL,
            difference jsonb NOT NULL,
            alternative jsonb,
            made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT recognition_notice_pkey PRIMARY KEY (book_id, notice_id),
            CONSTRAINT recognition_notice_before_fkey
                FOREIGN KEY (book_id, before_id) REFERENCES bank.recognition (book_id, recognition_id),
            CONSTRAINT recognition_notice_after_fkey
                FOREIGN KEY (book_id, after_id) REFERENCES bank.recognition (book_id, recognition_id)
        )
        """,
        """
        CREATE TABLE bank.retroaction (
            pack_id text NOT NULL,
            version text NOT NULL,
            reason text NOT NULL,
            proposed_by text NOT NULL,
            proposed_at timestamptz NOT NULL,
            approved_by text,
            approved_at timestamptz,
            CONSTRAINT retroaction_pkey PRIMARY KEY (pack_id, version),
            CONSTRAINT retroaction_rule_pack_fkey FOREIGN KEY (pack_id, version) REFERENCES bank.rule_pack,
            CONSTRAINT retroaction_four_eyes_check CHECK (approved_by IS NULL OR approved_by <> proposed_by),
            CONSTRAINT retroaction_approval_check CHECK ((approved_by IS NULL) = (approved_at IS NULL))
        )
        """,
        """
        CREATE TABLE bank.job_progress (
            job text CONSTRAINT job_progress_pkey PRIMARY KEY,
            after_book uuid,
            after_id uuid,
            state jsonb NOT NULL,
            saved_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """,
        "CREATE INDEX recognition_pack_idx ON bank.recognition (pack_id, pack_version)",
    )
    append_only("rule_table", ("digest", "kind", "content"))
    append_only("recognition_input", ("book_id", "recognition_id", "content", "units", "levels", "outcome"))
    append_only(
        "recognition_notice",
        ("book_id", "notice_id", "cause", "reference", "before_id", "after_id", "difference", "alternative"),
    )
    mutable("retroaction", update=("approved_by", "approved_at"))
    mutable("job_progress", update=("after_book", "after_id", "state", "saved_at"), delete=True)


def downgrade() -> None:
    """There is no way back from an open bank: restore a backup instead."""
    raise RuntimeError("the bank's schema only moves forward")
