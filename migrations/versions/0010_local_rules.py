"""Local rules: an institution's departures from a pack of the bank, over one version of it."""

from migrations.statements import run

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Say of a pack over which version of which other it stands; all its versions stand over that one pack."""
    run(
        """
        ALTER TABLE bank.rule_pack
            ADD COLUMN base_id text,
            ADD COLUMN base_version text,
            ADD CONSTRAINT rule_pack_base_fkey FOREIGN KEY (base_id, base_version) REFERENCES bank.rule_pack,
            ADD CONSTRAINT rule_pack_base_check CHECK ((base_id IS NULL) = (base_version IS NULL)),
            ADD CONSTRAINT rule_pack_local_check CHECK (base_id IS NULL OR scope IS NOT NULL)
        """,
        "CREATE INDEX rule_pack_base_idx ON bank.rule_pack (base_id, base_version, scope) WHERE base_id IS NOT NULL",
        """
        CREATE OR REPLACE FUNCTION bank.keep_pack_scope() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = bank, pg_temp AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtext('rule_pack'), hashtext(NEW.pack_id));
            IF EXISTS (SELECT 1 FROM bank.rule_pack WHERE pack_id = NEW.pack_id
                       AND (scope IS DISTINCT FROM NEW.scope OR base_id IS DISTINCT FROM NEW.base_id)) THEN
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
