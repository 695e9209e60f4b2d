"""Rule packs with a life cycle and a scope; judgements; appeals against one step of a decision."""

from migrations.statements import SERVICE, append_only, mutable, run

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Widen the packs, guard the decisions, and create the tables of judgements and appeals."""
    run(*_packs(), *_recognitions(), *_judgements(), *_appeals())
    run(f"GRANT UPDATE (withdrawn_by, withdrawn_at) ON bank.rule_pack TO {SERVICE}")
    append_only(
        "judgement",
        (
            "book_id", "judgement_id", "question", "award", "answer", "target", "evidence", "signer", "body",
            "signed_on", "valid_until", "token",
        ),
    )  # fmt: skip
    append_only(
        "appeal", ("book_id", "appeal_id", "recognition_id", "step", "evidence", "opened_by", "opened_at", "due_on")
    )
    append_only("appeal_event", ("book_id", "appeal_id", "sequence", "kind", "actor", "facts", "happened_at"))
    mutable("appeal_text", delete=True, audited=False)


def _packs() -> tuple[str, ...]:
    return (
        """
        ALTER TABLE bank.rule_pack
            ADD COLUMN cases text,
            ADD COLUMN findings jsonb NOT NULL DEFAULT '[]',
            ADD COLUMN cases_held integer NOT NULL DEFAULT 0,
            ADD COLUMN scope text CONSTRAINT rule_pack_scope_fkey REFERENCES bank.issuer,
            ADD COLUMN in_force_from date,
            ADD COLUMN retroactive boolean NOT NULL DEFAULT false,
            ADD COLUMN withdrawn_by text,
            ADD COLUMN withdrawn_at timestamptz,
            ADD CONSTRAINT rule_pack_retroactive_check CHECK (in_force_from IS NULL OR retroactive
                OR in_force_from >= (proposed_at AT TIME ZONE 'UTC')::date),
            ADD CONSTRAINT rule_pack_in_time_check CHECK (published_at IS NULL OR in_force_from IS NULL OR retroactive
                OR in_force_from >= (published_at AT TIME ZONE 'UTC')::date),
            ADD CONSTRAINT rule_pack_checked_check CHECK (published_at IS NULL OR jsonb_array_length(findings) = 0),
            ADD CONSTRAINT rule_pack_withdrawn_check CHECK (withdrawn_at IS NULL OR published_at IS NULL)
        """,
        # All versions of a pack are one body's: the bank's (scope null) or an institution's.
        """
        CREATE FUNCTION bank.keep_pack_scope() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = bank, pg_temp AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtext('rule_pack'), hashtext(NEW.pack_id));
            IF EXISTS (SELECT 1 FROM bank.rule_pack WHERE pack_id = NEW.pack_id
                       AND scope IS DISTINCT FROM NEW.scope) THEN
                RAISE EXCEPTION 'the pack belongs to another body' USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'rule_pack_one_body';
            END IF;
            RETURN NEW;
        END $$
        """,
        "CREATE TRIGGER rule_pack_one_body BEFORE INSERT ON bank.rule_pack "
        "FOR EACH ROW EXECUTE FUNCTION bank.keep_pack_scope()",
    )


def _recognitions() -> tuple[str, ...]:
    return (
        # An institution's rules decide for that institution and for nobody else.
        """
        CREATE FUNCTION bank.refuse_foreign_rules() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = bank, pg_temp AS $$
        DECLARE
            owner text;
        BEGIN
            SELECT scope INTO owner FROM bank.rule_pack WHERE pack_id = NEW.pack_id AND version = NEW.pack_version;
            IF owner IS NOT NULL AND NEW.request ->> 'institution' IS DISTINCT FROM owner THEN
                RAISE EXCEPTION 'the rules are those of another institution' USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'recognition_within_scope';
            END IF;
            RETURN NEW;
        END $$
        """,
        "CREATE TRIGGER recognition_within_scope BEFORE INSERT ON bank.recognition "
        "FOR EACH ROW EXECUTE FUNCTION bank.refuse_foreign_rules()",
    )


def _judgements() -> tuple[str, ...]:
    return (
        """
        CREATE TABLE bank.judgement (
            book_id uuid NOT NULL CONSTRAINT judgement_book_id_fkey REFERENCES bank.book,
            judgement_id uuid NOT NULL,
            question text NOT NULL,
            award text,
            answer jsonb NOT NULL,
            target text,
            evidence text,
            signer text NOT NULL,
            body text,
            signed_on date NOT NULL,
            valid_until date,
            token text NOT NULL,
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT judgement_pkey PRIMARY KEY (book_id, judgement_id),
            CONSTRAINT judgement_dates_check CHECK (valid_until IS NULL OR valid_until >= signed_on)
        )
        """,
    )


def _appeals() -> tuple[str, ...]:
    return (
        """
        CREATE TABLE bank.appeal (
            book_id uuid NOT NULL CONSTRAINT appeal_book_id_fkey REFERENCES bank.book,
            appeal_id uuid NOT NULL,
            recognition_id uuid NOT NULL,
            step integer NOT NULL CONSTRAINT appeal_step_check CHECK (step >= 0),
            evidence jsonb NOT NULL,
            opened_by text NOT NULL,
            opened_at timestamptz NOT NULL,
            due_on date NOT NULL,
            CONSTRAINT appeal_pkey PRIMARY KEY (book_id, appeal_id),
            CONSTRAINT appeal_recognition_fkey FOREIGN KEY (book_id, recognition_id) REFERENCES bank.recognition
        )
        """,
        "CREATE INDEX appeal_appeal_id_idx ON bank.appeal (appeal_id)",
        "CREATE INDEX appeal_recognition_idx ON bank.appeal (book_id, recognition_id)",
        """
        CREATE TABLE bank.appeal_event (
            book_id uuid NOT NULL,
            appeal_id uuid NOT NULL,
            sequence integer NOT NULL,
            kind text NOT NULL CONSTRAINT appeal_event_kind_check CHECK
                (kind IN ('assigned', 'proposed', 'disagreed', 'decided', 'withdrawn')),
            actor text NOT NULL,
            facts jsonb NOT NULL,
            happened_at timestamptz NOT NULL,
            CONSTRAINT appeal_event_pkey PRIMARY KEY (book_id, appeal_id, sequence),
            CONSTRAINT appeal_event_appeal_fkey FOREIGN KEY (book_id, appeal_id) REFERENCES bank.appeal
        )
        """,
        # What people wrote, sealed under the key of the learner's book: destroying that key forgets it.
        """
        CREATE TABLE bank.appeal_text (
            book_id uuid NOT NULL,
            appeal_id uuid NOT NULL,
            sequence integer NOT NULL,
            sealed bytea NOT NULL,
            CONSTRAINT appeal_text_pkey PRIMARY KEY (book_id, appeal_id, sequence)
        )
        """,
    )


def downgrade() -> None:
    """There is no way back from an open bank: restore a backup instead."""
    raise RuntimeError("the bank's schema only moves forward")
