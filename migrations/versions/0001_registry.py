"""The registry: institutions, what they may award, their keys and achievements, the callers, the published rules."""

from migrations.statements import AUDITOR, SERVICE, append_only, mutable, run

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the registry's tables and the trigger function that keeps append-only tables so."""
    run(
        f"GRANT USAGE ON SCHEMA bank TO {SERVICE}, {AUDITOR}",
        """
        CREATE FUNCTION bank.refuse_change() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = bank, pg_temp AS $$
        BEGIN
            RAISE EXCEPTION 'the table % only ever grows: a correction is a new row', TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END $$
        """,
        """
        CREATE TABLE bank.issuer (
            issuer_id text CONSTRAINT issuer_pkey PRIMARY KEY,
            did text NOT NULL CONSTRAINT issuer_did_key UNIQUE,
            kind text NOT NULL CONSTRAINT issuer_kind_check
                CHECK (kind IN ('vocational', 'higher', 'continuing', 'community')),
            name jsonb NOT NULL,
            country text NOT NULL,
            url text,
            provider_root text NOT NULL,
            registered_at timestamptz NOT NULL
        )
        """,
        """
        CREATE TABLE bank.accreditation (
            accreditation_id uuid CONSTRAINT accreditation_pkey PRIMARY KEY,
            issuer_id text NOT NULL CONSTRAINT accreditation_issuer_id_fkey REFERENCES bank.issuer,
            authority text NOT NULL,
            reference text,
            achievements jsonb,
            levels jsonb,
            units jsonb NOT NULL,
            valid_from date NOT NULL,
            valid_until date,
            withdrawn_on date,
            proposed_by text NOT NULL,
            proposed_at timestamptz NOT NULL,
            approved_by text,
            approved_at timestamptz,
            CONSTRAINT accreditation_dates_check CHECK (valid_until IS NULL OR valid_until >= valid_from),
            CONSTRAINT accreditation_four_eyes_check CHECK (approved_by IS NULL OR approved_by <> proposed_by)
        )
        """,
        "CREATE INDEX accreditation_issuer_id_idx ON bank.accreditation (issuer_id)",
        """
        CREATE TABLE bank.issuer_key (
            key_id text CONSTRAINT issuer_key_pkey PRIMARY KEY,
            issuer_id text NOT NULL CONSTRAINT issuer_key_issuer_id_fkey REFERENCES bank.issuer,
            algorithm text NOT NULL,
            public_jwk jsonb NOT NULL,
            thumbprint text NOT NULL,
            sealed_private_key bytea,
            active_from timestamptz NOT NULL,
            retired_at timestamptz,
            compromised_from timestamptz,
            declared_compromised_at timestamptz,
            CONSTRAINT issuer_key_thumbprint_key UNIQUE (issuer_id, thumbprint)
        )
        """,
        """
        CREATE TABLE bank.achievement (
            issuer_id text NOT NULL CONSTRAINT achievement_issuer_id_fkey REFERENCES bank.issuer,
            achievement_id text NOT NULL,
            name jsonb NOT NULL,
            description jsonb NOT NULL,
            criteria jsonb NOT NULL,
            achievement_type text NOT NULL,
            unit text NOT NULL,
            credits text NOT NULL,
            level_framework text,
            level_value text,
            source_type text,
            course_class text,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT achievement_pkey PRIMARY KEY (issuer_id, achievement_id)
        )
        """,
        """
        CREATE TABLE bank.client (
            client_id text CONSTRAINT client_pkey PRIMARY KEY,
            name text NOT NULL,
            role text NOT NULL CONSTRAINT client_role_check
                CHECK (role IN ('administrator', 'issuer', 'learner', 'employer')),
            issuer_id text CONSTRAINT client_issuer_id_fkey REFERENCES bank.issuer,
            book_id uuid,
            public_jwk jsonb NOT NULL,
            scopes jsonb NOT NULL,
            registered_at timestamptz NOT NULL,
            disabled_at timestamptz,
            CONSTRAINT client_owner_check CHECK ((role = 'issuer') = (issuer_id IS NOT NULL)
                AND (role = 'learner') = (book_id IS NOT NULL))
        )
        """,
        """
        CREATE TABLE bank.client_assertion (
            client_id text NOT NULL CONSTRAINT client_assertion_client_id_fkey REFERENCES bank.client,
            jti text NOT NULL,
            expires_at timestamptz NOT NULL,
            CONSTRAINT client_assertion_pkey PRIMARY KEY (client_id, jti)
        )
        """,
        """
        CREATE TABLE bank.rule_pack (
            pack_id text NOT NULL,
            version text NOT NULL,
            digest text NOT NULL,
            content text NOT NULL,
            proposed_by text NOT NULL,
            proposed_at timestamptz NOT NULL,
            approved_by text,
            published_at timestamptz,
            CONSTRAINT rule_pack_pkey PRIMARY KEY (pack_id, version),
            CONSTRAINT rule_pack_four_eyes_check CHECK (approved_by IS NULL OR approved_by <> proposed_by)
        )
        """,
        # Counts the registry's changes, so that a process knows by one look whether what it remembers still stands.
        """
        CREATE TABLE bank.registry_version (
            single boolean DEFAULT true CONSTRAINT registry_version_pkey PRIMARY KEY
                CONSTRAINT registry_version_single_check CHECK (single),
            changes bigint NOT NULL
        )
        """,
        "INSERT INTO bank.registry_version (changes) VALUES (0)",
        """
        CREATE TABLE bank.request_key (
            client_id text NOT NULL,
            key text NOT NULL,
            digest bytea NOT NULL,
            answer jsonb,
            made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT request_key_pkey PRIMARY KEY (client_id, key)
        )
        """,
        """
        CREATE TABLE bank.seal_check (
            key_id text CONSTRAINT seal_check_pkey PRIMARY KEY,
            sealed bytea NOT NULL,
            made_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """,
    )
    mutable("issuer", update=("name", "url", "provider_root"))
    mutable("accreditation", update=("withdrawn_on", "approved_by", "approved_at"))
    mutable(
        "issuer_key",
        update=("retired_at", "compromised_from", "declared_compromised_at", "sealed_private_key"),
        audited=False,
    )
    public = "key_id, issuer_id, algorithm, public_jwk, thumbprint, active_from, retired_at, compromised_from"
    run(f"GRANT SELECT ({public}, declared_compromised_at) ON bank.issuer_key TO {AUDITOR}")  # and no sealed key
    mutable("achievement")
    mutable("client", update=("disabled_at", "scopes"))
    mutable("client_assertion", delete=True, audited=False)
    mutable("rule_pack", update=("approved_by", "published_at"))
    mutable("registry_version", update=("changes",))
    mutable("request_key", update=("answer",), delete=True, audited=False)
    append_only("seal_check", ("key_id", "sealed"))


def downgrade() -> None:
    """There is no way back from an open bank: restore a backup instead."""
    raise RuntimeError("the bank's schema only moves forward")
