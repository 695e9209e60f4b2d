"""The ledger: deposits, entries, postings, uses and recognitions, each keyed by book; balance is held here too."""

from migrations.statements import append_only, run

revision = "0003"
down_revision = "0002"

MAX_GRAINS = 100_000 * 11_645_447_814_000
STATES = "'held', 'credited', 'reversed', 'suspended', 'revoked', 'superseded', 'moved'"


def upgrade() -> None:
    """Create the append-only tables and the triggers that keep every entry whole and balanced."""
    run(*_deposits(), *_entries(), *_uses(), *_balance())
    append_only(
        "deposit_key",
        ("issuer_did", "credential_id", "version", "deposit_id", "book_id", "content_digest", "valid_from"),
    )
    append_only(
        "deposit",
        (
            "book_id", "deposit_id", "issuer_did", "credential_id", "version", "content_digest", "facts",
            "key_thumbprint", "signed_at", "moved_from",
        ),
    )  # fmt: skip
    append_only("deposit_event", ("book_id", "deposit_id", "sequence", "state", "reason", "actor", "award"))
    append_only(
        "entry",
        (
            "book_id", "entry_id", "kind", "effective_on", "reverses", "reason", "reference", "legs", "legs_hash",
        ),
    )  # fmt: skip
    append_only("posting", ("book_id", "entry_id", "leg", "account", "unit", "grains", "award_id"))
    append_only("use", ("book_id", "award_id", "purpose", "nth", "reference"))
    append_only("use_release", ("book_id", "award_id", "purpose", "nth", "reason"))
    append_only(
        "recognition",
        (
            "book_id", "recognition_id", "programme", "pack_id", "pack_version", "decided_on", "request",
            "result", "entry_id", "replaces",
        ),
    )  # fmt: skip


def _deposits() -> tuple[str, ...]:
    return (
        # The same credential is (issuer, credential id); its versions form a chain with one alive, the highest.
        """
        CREATE TABLE bank.deposit_key (
            issuer_did text NOT NULL,
            credential_id text NOT NULL,
            version integer NOT NULL,
            deposit_id uuid NOT NULL CONSTRAINT deposit_key_deposit_id_key UNIQUE,
            book_id uuid NOT NULL,
            content_digest bytea NOT NULL,
            valid_from timestamptz NOT NULL,
            CONSTRAINT deposit_key_pkey PRIMARY KEY (issuer_did, credential_id, version)
        )
        """,
        """
        CREATE TABLE bank.deposit (
            book_id uuid NOT NULL CONSTRAINT deposit_book_id_fkey REFERENCES bank.book,
            deposit_id uuid NOT NULL,
            issuer_did text NOT NULL,
            credential_id text NOT NULL,
            version integer NOT NULL,
            content_digest bytea NOT NULL,
            facts jsonb NOT NULL,
            key_thumbprint text NOT NULL,
            signed_at timestamptz,
            received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            moved_from uuid,
            CONSTRAINT deposit_pkey PRIMARY KEY (book_id, deposit_id)
        )
        """,
        "CREATE INDEX deposit_deposit_id_idx ON bank.deposit (deposit_id)",
        "CREATE INDEX deposit_issuer_did_idx ON bank.deposit (issuer_did, received_at)",
        "CREATE INDEX deposit_content_digest_idx ON bank.deposit (content_digest)",
        "CREATE INDEX deposit_key_thumbprint_idx ON bank.deposit (key_thumbprint)",
        f"""
        CREATE TABLE bank.deposit_event (
            book_id uuid NOT NULL,
            deposit_id uuid NOT NULL,
            sequence integer NOT NULL,
            state text NOT NULL CONSTRAINT deposit_event_state_check CHECK (state IN ({STATES})),
            reason text NOT NULL,
            actor text NOT NULL,
            award jsonb,
            happened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT deposit_event_award_check CHECK ((state = 'credited') = (award IS NOT NULL)),
            CONSTRAINT deposit_event_pkey PRIMARY KEY (book_id, deposit_id, sequence),
            CONSTRAINT deposit_event_deposit_fkey FOREIGN KEY (book_id, deposit_id) REFERENCES bank.deposit
        )
        """,
        # Few, and looked at again after every merge.
        "CREATE INDEX deposit_event_ambiguous_idx ON bank.deposit_event (deposit_id) "
        "WHERE reason = 'subject_ambiguous'",
    )


def _entries() -> tuple[str, ...]:
    return (
        """
        CREATE TABLE bank.entry (
            book_id uuid NOT NULL CONSTRAINT entry_book_id_fkey REFERENCES bank.book,
            entry_id uuid NOT NULL,
            kind text NOT NULL CONSTRAINT entry_kind_check
                CHECK (kind IN ('award', 'recognition', 'reversal', 'closing', 'opening')),
            effective_on date NOT NULL,
            posted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            reverses uuid,
            reason text NOT NULL,
            reference jsonb NOT NULL,
            legs smallint NOT NULL CONSTRAINT entry_legs_check CHECK (legs >= 2),
            legs_hash bytea NOT NULL,
            CONSTRAINT entry_pkey PRIMARY KEY (book_id, entry_id),
            CONSTRAINT entry_reverses_fkey FOREIGN KEY (book_id, reverses) REFERENCES bank.entry,
            CONSTRAINT entry_reverses_key UNIQUE (book_id, reverses),
            CONSTRAINT entry_reversal_check CHECK ((kind = 'reversal') = (reverses IS NOT NULL))
        )
        """,
        f"""
        CREATE TABLE bank.posting (
            book_id uuid NOT NULL,
            entry_id uuid NOT NULL,
            leg smallint NOT NULL CONSTRAINT posting_leg_check CHECK (leg >= 1),
            account text NOT NULL,
            unit text NOT NULL,
            grains bigint NOT NULL CONSTRAINT posting_grains_check
                CHECK (grains <> 0 AND abs(grains) <= {MAX_GRAINS}),
            award_id uuid NOT NULL,
            CONSTRAINT posting_pkey PRIMARY KEY (book_id, entry_id, leg),
            CONSTRAINT posting_entry_fkey FOREIGN KEY (book_id, entry_id) REFERENCES bank.entry,
            CONSTRAINT posting_award_fkey FOREIGN KEY (book_id, award_id) REFERENCES bank.deposit
        )
        """,
        "CREATE INDEX posting_account_idx ON bank.posting (book_id, award_id, account, unit)",
    )


def _uses() -> tuple[str, ...]:
    return (
        # The nth use of an award for a purpose needs the release of the one before: one use a purpose, declared.
        """
        CREATE TABLE bank.use (
            book_id uuid NOT NULL,
            award_id uuid NOT NULL,
            purpose text NOT NULL,
            nth integer NOT NULL CONSTRAINT use_nth_check CHECK (nth >= 1),
            previous integer GENERATED ALWAYS AS (NULLIF(nth - 1, 0)) STORED,
            reference uuid NOT NULL,
            used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT use_pkey PRIMARY KEY (book_id, award_id, purpose, nth),
            CONSTRAINT use_award_fkey FOREIGN KEY (book_id, award_id) REFERENCES bank.deposit
        )
        """,
        """
        CREATE TABLE bank.use_release (
            book_id uuid NOT NULL,
            award_id uuid NOT NULL,
            purpose text NOT NULL,
            nth integer NOT NULL,
            reason text NOT NULL,
            released_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT use_release_pkey PRIMARY KEY (book_id, award_id, purpose, nth),
            CONSTRAINT use_release_use_fkey FOREIGN KEY (book_id, award_id, purpose, nth) REFERENCES bank.use
        )
        """,
        """
        ALTER TABLE bank.use ADD CONSTRAINT use_previous_fkey
            FOREIGN KEY (book_id, award_id, purpose, previous) REFERENCES bank.use_release
        """,
        """
        CREATE TABLE bank.recognition (
            book_id uuid NOT NULL CONSTRAINT recognition_book_id_fkey REFERENCES bank.book,
            recognition_id uuid NOT NULL,
            programme text NOT NULL,
            pack_id text NOT NULL,
            pack_version text NOT NULL,
            decided_on date NOT NULL,
            request jsonb NOT NULL,
            result jsonb NOT NULL,
            entry_id uuid,
            replaces uuid,
            decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT recognition_pkey PRIMARY KEY (book_id, recognition_id),
            CONSTRAINT recognition_entry_fkey FOREIGN KEY (book_id, entry_id) REFERENCES bank.entry,
            CONSTRAINT recognition_replaces_fkey FOREIGN KEY (book_id, replaces) REFERENCES bank.recognition,
            CONSTRAINT recognition_replaces_key UNIQUE (book_id, replaces),
            CONSTRAINT recognition_rule_pack_fkey
                FOREIGN KEY (pack_id, pack_version) REFERENCES bank.rule_pack (pack_id, version)
        )
        """,
    )


def _balance() -> tuple[str, ...]:
    return (
        """
        CREATE FUNCTION bank.legs_hash(the_book uuid, the_entry uuid) RETURNS bytea LANGUAGE sql STABLE
        SECURITY DEFINER SET search_path = bank, pg_temp AS $$
            SELECT sha256(convert_to(string_agg(
                format('%s|%s|%s|%s|%s', leg, account, unit, grains, award_id), E'\\n' ORDER BY leg), 'UTF8'))
            FROM posting WHERE book_id = the_book AND entry_id = the_entry
        $$
        """,
        # Called with the entries one statement touched. All legs are read anew, so a late leg breaks count and hash.
        # SECURITY DEFINER: run as the caller under row-level security it would see only some legs.
        """
        CREATE FUNCTION bank.check_entries() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = bank, pg_temp AS $$
        DECLARE broken record;
        BEGIN
            SELECT e.entry_id, e.legs, count(p.leg) AS found INTO broken
            FROM (SELECT DISTINCT book_id, entry_id FROM touched) t
            JOIN entry e USING (book_id, entry_id)
            LEFT JOIN posting p USING (book_id, entry_id)
            GROUP BY e.book_id, e.entry_id, e.legs, e.legs_hash
            HAVING count(p.leg) <> e.legs OR legs_hash(e.book_id, e.entry_id) IS DISTINCT FROM e.legs_hash
            LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'entry % is sealed with % legs, found %, or their hash differs',
                    broken.entry_id, broken.legs, broken.found
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_sealed';
            END IF;
            SELECT p.entry_id, p.unit INTO broken
            FROM (SELECT DISTINCT book_id, entry_id FROM touched) t
            JOIN posting p USING (book_id, entry_id)
            GROUP BY p.book_id, p.entry_id, p.unit HAVING sum(p.grains) <> 0 LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'entry % does not sum to zero in %', broken.entry_id, broken.unit
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_balanced';
            END IF;
            RETURN NULL;
        END $$
        """,
        # An award's credits are the learner's to use once: what is left of them is never below zero. The book is locked
        # first, as the bank has done already: two writers who had not would each see only their own withdrawal.
        """
        CREATE FUNCTION bank.check_awards() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = bank, pg_temp AS $$
        DECLARE overdrawn record;
        BEGIN
            PERFORM 1 FROM book WHERE book_id IN (SELECT book_id FROM touched WHERE account = 'learner' AND grains < 0)
            ORDER BY book_id FOR NO KEY UPDATE;
            SELECT p.award_id, p.unit INTO overdrawn
            FROM (SELECT DISTINCT book_id, award_id FROM touched WHERE account = 'learner' AND grains < 0) t
            JOIN posting p USING (book_id, award_id)
            WHERE p.account = 'learner'
            GROUP BY p.book_id, p.award_id, p.unit HAVING sum(p.grains) < 0 LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'award % has fewer credits left in % than are taken', overdrawn.award_id, overdrawn.unit
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'award_not_overdrawn';
            END IF;
            RETURN NULL;
        END $$
        """,
        "CREATE TRIGGER entry_whole AFTER INSERT ON bank.entry REFERENCING NEW TABLE AS touched "
        "FOR EACH STATEMENT EXECUTE FUNCTION bank.check_entries()",
        "CREATE TRIGGER posting_whole AFTER INSERT ON bank.posting REFERENCING NEW TABLE AS touched "
        "FOR EACH STATEMENT EXECUTE FUNCTION bank.check_entries()",
        "CREATE TRIGGER posting_covered AFTER INSERT ON bank.posting REFERENCING NEW TABLE AS touched "
        "FOR EACH STATEMENT EXECUTE FUNCTION bank.check_awards()",
        "REVOKE ALL ON FUNCTION bank.check_entries(), bank.check_awards(), bank.legs_hash(uuid, uuid) FROM PUBLIC",
    )


def downgrade() -> None:
    """There is no way back from an open bank: restore a backup instead."""
    raise RuntimeError("the bank's schema only moves forward")
