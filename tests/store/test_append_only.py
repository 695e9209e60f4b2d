"""Append-only by grant and by trigger: the catalogue is walked, no table is listed by hand (L16, L17, L19)."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors, sql

from creditbank.store.database import APPEND_ONLY, OWNER
from tests.store.books_at_hand import BookAtHand

MUTABLE = {
    "issuer", "accreditation", "issuer_key", "achievement", "client", "client_assertion", "rule_pack", "request_key",
    "registry_version",
    "book", "identifier", "book_key", "profile", "document", "leaf_opening", "head", "status_list", "alembic_version",
    "foreign_reference", "foreign_list", "foreign_progress", "retroaction", "job_progress",
    "appeal_text",
}  # fmt: skip
"""Whatever may change is named here: a new table is append-only, or somebody has decided otherwise."""
FORBIDDEN = {
    "update": "UPDATE bank.{table} SET {column} = {column}",
    "delete": "DELETE FROM bank.{table}",
    "truncate": "TRUNCATE bank.{table} CASCADE",
    "upsert": "INSERT INTO bank.{table} DEFAULT VALUES ON CONFLICT ON CONSTRAINT {key} "
    "DO UPDATE SET {column} = EXCLUDED.{column}",
    "trigger": "ALTER TABLE bank.{table} DISABLE TRIGGER ALL",
    "drop": "DROP TABLE bank.{table} CASCADE",
    "rule": "CREATE RULE away AS ON INSERT TO bank.{table} DO INSTEAD NOTHING",
}

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def service(database_url: str) -> Iterator[Connection]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def owner(admin_database_url: str) -> Iterator[Connection]:
    """A superuser's connection that has put on the owner's role."""
    with psycopg.connect(admin_database_url, autocommit=True) as connection:
        connection.execute(f"SET ROLE {OWNER}")
        yield connection


def tables(connection: Connection) -> set[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'bank'").fetchall()
    return {str(name) for (name,) in found}


def statements(connection: Connection, table: str) -> dict[str, sql.Composed]:
    """Every forbidden statement about a table, with its first column and its primary key."""
    column = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", [f"bank.{table}"]
    ).fetchone()
    assert column is not None
    names = {"table": sql.Identifier(table), "column": sql.Identifier(str(column[0]))}
    names["key"] = sql.Identifier(f"{table}_pkey")
    return {name: sql.SQL(statement).format(**names) for name, statement in FORBIDDEN.items()}


def test_every_table_is_append_only_or_named_as_mutable(service: Connection) -> None:
    assert tables(service) - MUTABLE == set(APPEND_ONLY)


def test_the_service_cannot_change_what_only_grows(service: Connection) -> None:
    BookAtHand(service).awarded()
    for table in sorted(tables(service) - MUTABLE):
        for name, statement in statements(service, table).items():
            with pytest.raises(errors.InsufficientPrivilege):
                service.execute(statement)
                pytest.fail(f"{name} on {table} went through")


@pytest.mark.parametrize("role", ["owner", "superuser"])
def test_even_the_owner_is_stopped_by_the_trigger(owner: Connection, role: str) -> None:
    """Not from malice, which disables the trigger and is then told by the self-check and the log: from mistakes."""
    if role == "superuser":
        owner.execute("RESET ROLE")
    for table in sorted(tables(owner) - MUTABLE):
        forbidden = statements(owner, table)
        for name in ("update", "delete", "truncate"):
            with pytest.raises(errors.InsufficientPrivilege, match="only ever grows"):
                owner.execute(forbidden[name])
                pytest.fail(f"{name} on {table} went through")


def test_the_database_alone_says_when(service: Connection) -> None:
    """No instant, no generated column may be given by the service (L19)."""
    found = service.execute(
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum) "
        "WHERE c.relnamespace = 'bank'::regnamespace AND c.relname = ANY(%s) "
        "AND has_column_privilege(c.oid, attnum, 'INSERT')",
        [list(APPEND_ONLY)],
    ).fetchall()
    assert found == []
    book = BookAtHand(service)
    statement = (
        "INSERT INTO bank.entry (book_id, entry_id, kind, effective_on, posted_at, reason, reference, legs, legs_hash) "
        "VALUES (%s, %s, 'award', '2026-06-20', '2001-01-01', 'test', '{}', 2, '')"
    )
    with pytest.raises(errors.InsufficientPrivilege):
        service.execute(statement, [book.book, book.book])


@pytest.mark.parametrize(
    "statement",
    [
        f"SET ROLE {OWNER}",
        "SET session_replication_role = replica",
        "CREATE TABLE bank.mine (a int)",
        "CREATE TABLE public.mine (a int)",
        "CREATE FUNCTION bank.refuse_change() RETURNS trigger LANGUAGE sql AS ''",
        "UPDATE bank.issuer SET issuer_id = 'x'",
        "UPDATE bank.issuer SET did = 'did:web:x'",
        "UPDATE bank.accreditation SET units = '[]'",
        "UPDATE bank.accreditation SET proposed_by = 'x'",
        "UPDATE bank.issuer_key SET public_jwk = '{}'",
        "UPDATE bank.client SET role = 'administrator'",
        "UPDATE bank.rule_pack SET content = ''",
        "UPDATE bank.book SET book_id = gen_random_uuid()",
        "UPDATE bank.leaf_opening SET content = ''",
        "UPDATE bank.identifier SET book_id = gen_random_uuid()",
        "UPDATE bank.document SET sealed = ''",
        "UPDATE bank.request_key SET digest = ''",
        "DELETE FROM bank.issuer",
        "DELETE FROM bank.book",
        "DELETE FROM bank.head",
        "TRUNCATE bank.identifier",
        "UPDATE bank.alembic_version SET version_num = 'x'",
        "COPY bank.issuer TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/hostname')",
    ],
)
def test_the_service_cannot_do_what_it_never_needs(service: Connection, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        service.execute(statement.encode())
