"""Several uses of one award at once, by leave; decisions that were undone and could not be made anew."""

from migrations.statements import SERVICE, run

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """A use says beside which others it stands; one that says nothing still needs the release of all before it."""
    run(
        # `beside`: by what leave it stands beside a use that was not released. `surplus` is a rest, which the learner's
        # account guards; `kept` is a decision made anew, beside which another had its leave before; the others are the
        # pack's named exceptions, whose credits come from the account `again`.
        """
        ALTER TABLE bank.use
            DROP COLUMN previous,
            ADD COLUMN beside text CONSTRAINT use_beside_check
                CHECK (beside IN ('surplus', 'kept', 'purpose', 'dual-award', 'upgrade'))
        """,
        # The book is locked first, as the bank has done already: of two writers the second sees the first's use.
        """
        CREATE FUNCTION bank.refuse_second_use() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = bank, pg_temp AS $$
        BEGIN
            PERFORM 1 FROM book WHERE book_id IN (SELECT book_id FROM touched) ORDER BY book_id FOR NO KEY UPDATE;
            IF EXISTS (
                SELECT 1 FROM touched t JOIN use u USING (book_id, award_id, purpose)
                LEFT JOIN use_release r ON r.book_id = u.book_id AND r.award_id = u.award_id
                    AND r.purpose = u.purpose AND r.nth = u.nth
                WHERE t.beside IS NULL AND u.nth <> t.nth AND r.nth IS NULL
            ) THEN
                RAISE EXCEPTION 'the award is in use for this purpose' USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'use_once';
            END IF;
            RETURN NULL;
        END $$
        """,
        "CREATE TRIGGER use_once AFTER INSERT ON bank.use REFERENCING NEW TABLE AS touched "
        "FOR EACH STATEMENT EXECUTE FUNCTION bank.refuse_second_use()",
        # No credit is counted again but beside a use that says by which exception.
        """
        CREATE FUNCTION bank.refuse_counting_again() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = bank, pg_temp AS $$
        BEGIN
            IF EXISTS (
                SELECT 1 FROM touched t JOIN entry e USING (book_id, entry_id)
                WHERE t.account = 'again' AND t.grains < 0 AND e.kind = 'recognition' AND NOT EXISTS (
                    SELECT 1 FROM use u LEFT JOIN use_release r USING (book_id, award_id, purpose, nth)
                    WHERE u.book_id = t.book_id AND u.award_id = t.award_id AND r.nth IS NULL)
            ) THEN
                RAISE EXCEPTION 'credits are counted again without an earlier use'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'again_beside_a_use';
            END IF;
            RETURN NULL;
        END $$
        """,
        "CREATE TRIGGER posting_again AFTER INSERT ON bank.posting REFERENCING NEW TABLE AS touched "
        "FOR EACH STATEMENT EXECUTE FUNCTION bank.refuse_counting_again()",
        # A decision that could not be made anew stands no more, and has no successor: its notice says so.
        "ALTER TABLE bank.recognition_notice ALTER COLUMN after_id DROP NOT NULL",
        "CREATE INDEX recognition_notice_withdrawn_idx ON bank.recognition_notice (book_id, before_id) "
        "WHERE after_id IS NULL",
        "REVOKE ALL ON FUNCTION bank.refuse_second_use(), bank.refuse_counting_again() FROM PUBLIC",
        f"GRANT INSERT (beside) ON bank.use TO {SERVICE}",
    )


def downgrade() -> None:
    """There is no way back from an open bank: restore a backup instead."""
    raise RuntimeError("the bank's schema only moves forward")
