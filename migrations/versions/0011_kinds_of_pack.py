"""Tables of grades and rules of issuance go through the life cycle of packs, too."""

from migrations.statements import run

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Say of a pack what it holds; all its versions hold the same. An institution writes rules of recognition alone."""
    run(
        """
        ALTER TABLE bank.rule_pack
            ADD COLUMN kind text NOT NULL DEFAULT 'rules',
            ADD CONSTRAINT rule_pack_kind_check CHECK (kind IN ('rules', 'grades', 'issuance')),
            ADD CONSTRAINT rule_pack_of_the_bank_check CHECK (kind = 'rules' OR scope IS NULL)
        """,
        """
        CREATE OR REPLACE FUNCTION bank.keep_pack_scope() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = bank, pg_temp AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtext('rule_pack'), hashtext(NEW.pack_id));
            IF EXISTS (SELECT 1 FROM bank.rule_pack WHERE pack_id = NEW.pack_id
                       AND (scope IS DISTINCT FROM NEW.scope OR base_id IS DISTINCT FROM NEW.base_id
                            OR kind <> NEW.kind)) THEN
                RAISE EXCEPTION 'the pack belongs to another body' USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'rule_pack_one_body';
            END IF;
            IF NEW.base_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM bank.rule_pack WHERE pack_id = NEW.base_id
                       AND version = NEW.base_version AND scope IS NULL AND published_at IS NOT NULL) THEN
                RAISE EXCEPTION 'local rules stand over published rules of the bank' USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'rule_pack_over_the_bank_s';
            END IF;
            RETURN NEW;
        END $$
        """,
    )


def downgrade() -> None:
    """There is no way back from an open bank: restore a backup instead."""
    raise RuntimeError("the bank's schema only moves forward")
