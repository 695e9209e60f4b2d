"""The migrated database is what the rows say, its constraints bear telling names, and migrating twice is once."""

import re
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from creditbank.store.database import AUDITOR, OWNER, SERVICE, init_roles, migrate
from creditbank.store.rows import METADATA, SCHEMA

CONVENTION = {
    "p": r"{table}_pkey",
    "f": r"{table}_\w+_fkey",
    "u": r"{table}_\w+_key",
    "c": r"{table}_\w+_check",
    "n": r"{table}_\w+_not_null",
}
DUMP = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
    "WHERE table_schema = 'bank' ORDER BY 1, 2",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'bank'::regnamespace ORDER BY 1, 2",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger "
    "WHERE tgrelid::regclass::text LIKE 'bank.%' AND NOT tgisinternal ORDER BY 1, 2",
    "grants": "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'bank'::regnamespace ORDER BY 1",
    "roles": "SELECT rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls "
    "FROM pg_roles WHERE rolname LIKE 'creditbank%' ORDER BY 1",
    "head": "SELECT size, frontier FROM bank.head",
}


@pytest.fixture
def engine(admin_database_url: str) -> Iterator[Engine]:
    address = make_url(admin_database_url).set(drivername="postgresql+psycopg")
    opened = create_engine(address, poolclass=NullPool)
    yield opened
    opened.dispose()


def picture(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Everything that a migration could have changed."""
    with psycopg.connect(url) as connection:
        return {name: connection.execute(query.encode()).fetchall() for name, query in DUMP.items()}


def test_from_an_empty_database_to_the_newest_revision_and_again(empty_database_url: str) -> None:
    name = make_url(empty_database_url).database
    assert name
    init_roles(empty_database_url, database=name)
    migrate(empty_database_url)
    first = picture(empty_database_url)
    init_roles(empty_database_url, database=name)
    migrate(empty_database_url)
    assert picture(empty_database_url) == first
    assert first["head"] == [(0, [])]
    assert first["roles"] == [
        (AUDITOR, True, False, False, False, False, False),
        (OWNER, False, False, False, False, False, False),
        (SERVICE, True, False, False, False, False, False),
    ]


def test_every_table_belongs_to_the_owner_and_nobody_else_has_a_share(engine: Engine) -> None:
    with engine.connect() as connection:
        owners = connection.execute(text("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'bank'"))
        assert list(owners.scalars()) == [OWNER]
        query = "SELECT DISTINCT grantee FROM information_schema.role_table_grants WHERE table_schema = 'bank'"
        assert set(connection.execute(text(query)).scalars()) == {OWNER, SERVICE, AUDITOR}


def test_rows_and_database_agree_on_every_column(engine: Engine) -> None:
    """Names, types, nullability and primary keys."""
    inspector = inspect(engine)
    tables = {table.name: table for table in METADATA.tables.values()}
    assert set(inspector.get_table_names(SCHEMA)) - {"alembic_version"} == set(tables)
    for name, table in tables.items():
        found = {column["name"]: column for column in inspector.get_columns(name, SCHEMA)}
        compiled = {c.name: (c.type.compile(engine.dialect), bool(c.nullable)) for c in table.columns}
        stored = {n: (c["type"].compile(engine.dialect), bool(c["nullable"])) for n, c in found.items()}
        assert stored == compiled, name
        assert inspector.get_pk_constraint(name, SCHEMA)["constrained_columns"] == [c.name for c in table.primary_key]


def test_every_constraint_and_index_is_named_by_the_convention(engine: Engine) -> None:
    with engine.connect() as connection:
        constraints = connection.execute(
            text(
                "SELECT c.relname, k.contype, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
                "WHERE k.connamespace = 'bank'::regnamespace AND c.relname <> 'alembic_version'"
            )
        ).all()
        indexes = connection.execute(
            text("SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'bank'")
        ).all()
    odd = [
        row.conname
        for row in constraints
        if not re.fullmatch(CONVENTION[row.contype].format(table=row.relname), row.conname)
    ]
    odd += [
        row.indexname
        for row in indexes
        if not re.fullmatch(rf"{row.tablename}_(\w+_idx|\w+_key|pkey|pkc)", row.indexname)
    ]
    assert odd == []


def test_the_book_is_part_of_every_key_of_the_ledger(engine: Engine) -> None:
    """So that the tables spread over partitions or shards unchanged."""
    inspector = inspect(engine)
    for table in ("deposit", "deposit_event", "entry", "posting", "use", "use_release", "recognition"):
        assert inspector.get_pk_constraint(table, SCHEMA)["constrained_columns"][0] == "book_id", table
        for key in inspector.get_unique_constraints(table, SCHEMA):
            assert "book_id" in key["column_names"], key["name"]
        for key in inspector.get_foreign_keys(table, SCHEMA):
            assert "book_id" in key["constrained_columns"] or key["referred_table"] == "rule_pack", key["name"]


def test_functions_with_the_owners_rights_have_a_fixed_search_path(engine: Engine) -> None:
    query = "SELECT proname, prosecdef, proconfig FROM pg_proc WHERE pronamespace = 'bank'::regnamespace"
    with engine.connect() as connection:
        found = connection.execute(text(query)).all()
    assert {row.proname for row in found} >= {"check_entries", "check_awards", "refuse_change"}
    assert all(row.prosecdef and row.proconfig == ["search_path=bank, pg_temp"] for row in found)
