"""Trap 6: append-only for the service by its grants, for the owner by triggers, for a superuser by the audit.

What the bank checks of its walls before it opens stands in tests/store/test_self_check.py.
"""

from itertools import product
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from creditbank.log.errors import LogForked
from creditbank.recognising import Recognising
from tests.bank_world import World
from tests.security.attacks import everything, watched_world

TABLES = (
    "deposit_key", "deposit", "deposit_event", "entry", "posting", "use", "use_release", "recognition", "leaf",
    "erasure", "subtree", "issued", "status_entry", "status_change",
)  # fmt: skip
ATTEMPTS = (
    "UPDATE bank.{table} SET {column} = {column}",
    "DELETE FROM bank.{table}",
    "TRUNCATE bank.{table} CASCADE",
)


@pytest.fixture
def full(world: World) -> World:
    """A bank with something to change in it."""
    school = world.school()
    posted = world.issue(school)
    book = world.bank.deposit(posted).book_id
    world.deposit(school)
    world.publish_pack()
    Recognising(world.bank).recognise(book, world.request())
    claims = world.bank.verify(posted.data).verification.claims
    assert claims is not None
    world.bank.set_status(school, claims.credential_id, "revocation", value=True, reason="fraud")
    return world


def column_of(connection: "psycopg.Connection[tuple[object, ...]]", table: str) -> str:
    row = connection.execute(
        "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND attgenerated = '' ORDER BY attnum LIMIT 1",
        (f"bank.{table}",),
    ).fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize("role", ["service", "owner", "superuser"])
def test_trap_6_nobody_changes_empties_or_removes(
    full: World, role: str, database_url: str, admin_database_url: str
) -> None:
    """The service has no right to; whoever has it is stopped by the trigger."""
    url = database_url if role == "service" else admin_database_url
    expected = errors.InsufficientPrivilege if role == "service" else errors.RaiseException
    before = everything(full)
    with psycopg.connect(url, autocommit=True) as connection:
        if role == "owner":
            connection.execute("SET ROLE creditbank_owner")
        for table, attempt in product(TABLES, ATTEMPTS):
            statement = attempt.format(table=table, column=column_of(connection, table))
            with pytest.raises((expected, errors.InsufficientPrivilege)):
                connection.execute(statement)
    assert everything(full) == before
    assert full.bank.audit().clean


def test_trap_6_an_upsert_is_a_change_too(full: World, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        for table in ("posting", "entry", "leaf", "use"):
            column = column_of(connection, table)
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(
                    f"INSERT INTO bank.{table} ({column}) SELECT {column} FROM bank.{table} "
                    f"ON CONFLICT ON CONSTRAINT {table}_pkey DO UPDATE SET {column} = EXCLUDED.{column}"
                )


SERVICE_ATTEMPTS = {
    "6 switch the trigger off": "ALTER TABLE bank.posting DISABLE TRIGGER ALL",
    "6 drop the trigger": "DROP TRIGGER posting_append_only ON bank.posting",
    "6 drop a constraint": "ALTER TABLE bank.posting DROP CONSTRAINT posting_grains_check",
    "6 as a replica": "SET session_replication_role = replica",
    "6 as the owner": "SET ROLE creditbank_owner",
    "6 replace the guard": "CREATE OR REPLACE FUNCTION bank.refuse_change() RETURNS trigger LANGUAGE plpgsql "
    "AS $$ BEGIN RETURN NULL; END $$",
    "6 a table of one's own": "CREATE TABLE bank.mine (x int)",
    "6 a shadow in public": "CREATE TABLE public.posting (x int)",
    "6 a program": "COPY bank.posting TO PROGRAM 'cat'",
    "6 a file": "COPY bank.posting TO '/tmp/x'",
    "6 its own clock": "INSERT INTO bank.leaf (leaf_index, hash, commitment, subject, logged_at) VALUES "
    "(999, sha256('a'), sha256('b'), 'x', '2020-01-01')",
    "6 a backdated entry": "INSERT INTO bank.entry (posted_at) VALUES ('2020-01-01')",
    "6 a backdated deposit": "INSERT INTO bank.deposit (received_at) VALUES ('2020-01-01')",
}


@pytest.mark.parametrize("attempt", SERVICE_ATTEMPTS.values(), ids=SERVICE_ATTEMPTS.keys())
def test_trap_6_the_service_cannot_help_itself(world: World, database_url: str, attempt: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(attempt)


def test_trap_6_a_grant_to_oneself_grants_nothing(world: World, database_url: str) -> None:
    """PostgreSQL answers with a warning only, so what counts is the privilege afterwards."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("GRANT UPDATE ON bank.posting TO creditbank_service")
        assert connection.execute("SELECT has_any_column_privilege('bank.posting', 'UPDATE')").fetchone() == (False,)


def test_trap_6_who_reads_may_not_write(full: World, auditor_database_url: str) -> None:
    with psycopg.connect(auditor_database_url, autocommit=True) as connection:
        for table in TABLES:
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(f"INSERT INTO bank.{table} DEFAULT VALUES")
        for table in ("document", "book_key"):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(f"SELECT * FROM bank.{table}")


TAMPERING = {
    "6 more credits": "UPDATE bank.posting SET grains = grains * 2",
    "6 another learner": "UPDATE bank.posting SET account = 'learner' WHERE account LIKE 'issuer:%'",
}


@pytest.mark.parametrize("tampering", TAMPERING.values(), ids=TAMPERING.keys())
def test_trap_6_what_a_superuser_changes_the_audit_finds(full: World, admin_database_url: str, tampering: str) -> None:
    assert full.bank.audit().clean
    with psycopg.connect(admin_database_url, autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(tampering)
    assert not full.bank.audit().clean


def test_trap_6_nor_does_a_changed_tree_survive_the_next_opening(
    database_url: str, admin_database_url: str, tmp_path: Path
) -> None:
    """With leaves, hashes and head made consistent again, the published checkpoint is what does not fit."""
    with watched_world(database_url, tmp_path) as world:
        world.deposit(world.school())
    with psycopg.connect(admin_database_url, autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE bank.head SET frontier = array(SELECT sha256(x) FROM unnest(frontier) x)")
    with pytest.raises(LogForked), watched_world(database_url, tmp_path):
        pass
