"""The bank does not open on a database that could lose or change what was acknowledged."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

from creditbank.errors import SelfCheckFailed
from creditbank.store.database import OWNER, SERVICE, Database

Administrator = Callable[[str], None]


@pytest.fixture
def administrator(admin_database_url: str) -> Administrator:
    """Execute one statement as the superuser of this test's own database; `{database}` is its name."""

    def execute(statement: str) -> None:
        with psycopg.connect(admin_database_url, autocommit=True) as connection:
            names = {"database": sql.Identifier(connection.info.dbname)}
            connection.execute(sql.SQL(statement).format(**names))

    return execute


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def code_of(database: Database) -> str | None:
    try:
        database.self_check()
    except SelfCheckFailed as refusal:
        return refusal.code
    return None


def test_a_migrated_database_is_fit_to_serve(database: Database) -> None:
    assert code_of(database) is None


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("ALTER DATABASE {database} SET synchronous_commit = off", "not_durable"),
        ("ALTER DATABASE {database} SET session_replication_role = replica", "trigger_missing"),
        ("ALTER TABLE bank.posting DISABLE TRIGGER posting_whole", "trigger_missing"),
        ("ALTER TABLE bank.posting DISABLE TRIGGER posting_covered", "trigger_missing"),
        ("ALTER TABLE bank.entry DISABLE TRIGGER ALL", "trigger_missing"),
        ("ALTER TABLE bank.leaf ENABLE REPLICA TRIGGER leaf_append_only", "trigger_missing"),
        ("DROP TRIGGER use_release_append_only ON bank.use_release", "trigger_missing"),
        ("ALTER TABLE bank.status_change DISABLE TRIGGER USER", "trigger_missing"),
        (f"GRANT UPDATE ON bank.posting TO {SERVICE}", "grants_too_wide"),
        (f"GRANT UPDATE (grains) ON bank.posting TO {SERVICE}", "grants_too_wide"),
        (f"GRANT DELETE ON bank.status_change TO {SERVICE}", "grants_too_wide"),
        (f"GRANT TRUNCATE ON bank.use_release TO {SERVICE}", "grants_too_wide"),
        ("GRANT UPDATE ON bank.leaf TO PUBLIC", "grants_too_wide"),
        (f"GRANT INSERT (posted_at) ON bank.entry TO {SERVICE}", "grants_too_wide"),
        (f"GRANT INSERT ON bank.leaf TO {SERVICE}", "grants_too_wide"),
        ("DROP SCHEMA bank CASCADE", "schema_missing"),
    ],
)
def test_a_weakened_database_is_refused(
    database: Database, administrator: Administrator, statement: str, code: str
) -> None:
    administrator(statement)
    assert code_of(database) == code


@pytest.mark.parametrize("role", [OWNER, "postgres"])
def test_a_role_that_could_lift_the_walls_is_refused(admin_database_url: str, role: str) -> None:
    database = Database(admin_database_url + f"&options=-c%20role%3D{role}")
    assert code_of(database) == "grants_too_wide"
    database.close()
