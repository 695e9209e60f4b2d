"""Quotes are kept: whoever was promised something finds it, and the bank knows what it has promised."""

from migrations.statements import append_only, run

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the table of quotes, and the way from a quote to the decisions that kept it."""
    run(
        # `book_id` is whose it is; null: anybody's who earns the outcome. `promised` is exact text in `unit`, as it can
        # be no whole number of grains. `recognition` is the canonical JSON of the whole answer, compressed.
        """
        CREATE TABLE bank.quote (
            quote_id uuid CONSTRAINT quote_pkey PRIMARY KEY,
            book_id uuid CONSTRAINT quote_book_id_fkey REFERENCES bank.book,
            asked_by text NOT NULL,
            pack_id text NOT NULL,
            pack_version text NOT NULL,
            programme text NOT NULL,
            institution text,
            exit_award text,
            status text NOT NULL,
            promised text NOT NULL,
            unit text NOT NULL,
            issued_at timestamptz NOT NULL,
            valid_until timestamptz NOT NULL,
            token text NOT NULL,
            recognition bytea NOT NULL,
            CONSTRAINT quote_rule_pack_fkey FOREIGN KEY (pack_id, pack_version) REFERENCES bank.rule_pack,
            CONSTRAINT quote_dates_check CHECK (issued_at < valid_until)
        )
        """,
        "CREATE INDEX quote_book_idx ON bank.quote (book_id, issued_at)",
        "CREATE INDEX quote_asked_by_idx ON bank.quote (asked_by, issued_at)",
        "CREATE INDEX quote_valid_until_idx ON bank.quote (valid_until)",
        "CREATE INDEX recognition_quote_idx ON bank.recognition ((request ->> 'quote')) "
        "WHERE (request ->> 'quote') IS NOT NULL",
    )
    append_only(
        "quote",
        (
            "quote_id", "book_id", "asked_by", "pack_id", "pack_version", "programme", "institution", "exit_award",
            "status", "promised", "unit", "issued_at", "valid_until", "token", "recognition",
        ),
    )  # fmt: skip


def downgrade() -> None:
    """There is no way back from an open bank: restore a backup instead."""
    raise RuntimeError("the bank's schema only moves forward")
