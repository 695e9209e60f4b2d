"""The PostgreSQL behind the bank: its roles, its migrations, the connection pool, and the check before opening."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from creditbank.errors import SelfCheckFailed
from creditbank.store.rows import SCHEMA
from creditbank.store.transaction import Transaction, translated

OWNER, SERVICE, AUDITOR = "creditbank_owner", "creditbank_service", "creditbank_auditor"
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
APPEND_ONLY = (
    "seal_check", "merge", "merge_proposal", "deposit_key", "deposit", "deposit_event", "entry", "posting", "use",
    "use_release", "recognition", "leaf", "erasure", "subtree", "issued", "status_entry", "status_change",
    "foreign_alert", "rule_table", "recognition_input", "recognition_notice",
    "judgement", "appeal", "appeal_event", "quote",
)  # fmt: skip
"""The tables that only ever grow; a test compares them with the migrated database."""
TRIGGERS = frozenset(f"{table}_append_only" for table in APPEND_ONLY) | {
    "entry_whole", "posting_whole", "posting_covered", "rule_pack_one_body", "recognition_within_scope",
}  # fmt: skip

__all__ = ["AUDITOR", "OWNER", "SCHEMA", "SERVICE", "Database", "init_roles", "migrate"]


def _url(address: str) -> URL:
    return make_url(address).set(drivername="postgresql+psycopg")


@contextmanager
def _administration(address: str) -> Iterator[Connection]:
    """A connection in autocommit, for statements about roles and databases."""
    engine = create_engine(_url(address), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


def init_roles(admin_url: str, database: str = "creditbank", passwords: Mapping[str, str] | None = None) -> None:
    """Make the three roles and the database where they are missing; running it again changes nothing.

    Roles belong to the whole cluster: an owner without login, for migrations only; the service; the auditor.
    `passwords` (by role) are set for a server that asks for them; the embedded one knows its own OS users.
    """
    with _administration(admin_url) as connection:
        for role, login in ((OWNER, "NOLOGIN"), (SERVICE, "LOGIN"), (AUDITOR, "LOGIN")):
            _make_role(connection, role, login, (passwords or {}).get(role))
        known = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": database})
        if known.first() is None:
            connection.execute(text(f'CREATE DATABASE "{database}" OWNER {OWNER} TEMPLATE template0 ENCODING utf8'))
    _close_to_others(make_url(admin_url).set(database=database), database)


def _make_role(connection: Connection, role: str, login: str, password: str | None) -> None:
    known = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).first()
    options = f"{login} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
    connection.execute(text(f"{'ALTER' if known else 'CREATE'} ROLE {role} WITH {options}"))
    if password:
        quoted = connection.connection.driver_connection.pgconn.escape_literal(password.encode()).decode()  # type: ignore[union-attr]
        connection.exec_driver_sql(f"ALTER ROLE {role} PASSWORD {quoted}")


def _close_to_others(url: URL, database: str) -> None:
    with _administration(url.render_as_string(hide_password=False)) as connection:
        connection.execute(text(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC'))
        connection.execute(text(f'GRANT CREATE ON DATABASE "{database}" TO {OWNER}'))  # it may be of others' making
        connection.execute(text(f'GRANT CONNECT ON DATABASE "{database}" TO {SERVICE}, {AUDITOR}'))
        connection.execute(text("REVOKE ALL ON SCHEMA public FROM PUBLIC"))


def migrate(admin_url: str, revision: str = "head") -> None:
    """Bring the database at `admin_url` to `revision`; the revisions themselves run as the owner role."""
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    engine = create_engine(_url(admin_url), poolclass=NullPool)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


class Database:
    """A pool of connections as one role. Sessions come from here; the bank decides when one begins and commits."""

    def __init__(self, address: str, *, pool_size: int = 8) -> None:
        self._engine: Engine = create_engine(_url(address), pool_size=pool_size, max_overflow=pool_size)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One transaction: committed where the block ends, rolled back where it raises. For the bank alone.

        READ COMMITTED, with books locked first and the log's head last (see ARCHITECTURE.md). No constraint is
        deferred, so that nothing but a lost connection can fail in the commit. Raises TryAgain, BankError.
        """
        with translated(), Session(self._engine, expire_on_commit=False, autoflush=False) as tx, tx.begin():
            yield tx

    @contextmanager
    def alone(self, what: str) -> Iterator[bool]:
        """Hold a name while the block runs, over many transactions; whether it was free.

        The server gives it back when the process ends, in whatever way.
        """
        names = "hashtext('run'), hashtext(:what)"
        with self._engine.connect() as connection:
            held = connection.execution_options(isolation_level="AUTOCOMMIT")
            free = held.execute(text(f"SELECT pg_try_advisory_lock({names})"), {"what": what}).scalar_one()
            try:
                yield free
            finally:
                if free:
                    held.execute(text(f"SELECT pg_advisory_unlock({names})"), {"what": what})

    def close(self) -> None:
        """Give the connections back to the server."""
        self._engine.dispose()

    def self_check(self) -> None:
        """Refuse to serve from a database that could lose or change what was acknowledged.

        Raises SelfCheckFailed: `not_durable`, `grants_too_wide`, `trigger_missing`, `schema_missing`.
        """
        with self._engine.connect() as connection:
            _check_schema(connection)
            _check_durability(connection)
            _check_grants(connection)
            _check_triggers(connection)


def _check_schema(connection: Connection) -> None:
    found = connection.execute(text("SELECT to_regclass(:table)"), {"table": f"{SCHEMA}.head"}).scalar()
    if found is None:
        raise SelfCheckFailed("schema_missing", "The database is empty: run `creditbank db migrate` first.")


def _check_durability(connection: Connection) -> None:
    for setting, wanted in DURABLE.items():
        value = connection.execute(text(f"SHOW {setting}")).scalar()
        if value != wanted:
            raise SelfCheckFailed("not_durable", f"PostgreSQL runs with {setting} = {value}.", setting=setting)


def _check_grants(connection: Connection) -> None:
    """No change of what only grows, be it of one column; no instant of one's own; no way to become the owner."""
    wide = connection.execute(
        text(
            "SELECT t FROM unnest(CAST(:tables AS text[])) AS t "
            "WHERE has_table_privilege(t, 'UPDATE, DELETE, TRUNCATE') OR has_any_column_privilege(t, 'UPDATE') "
            "OR EXISTS (SELECT FROM pg_attribute a JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
            "WHERE a.attrelid = CAST(t AS regclass) AND pg_get_expr(d.adbin, d.adrelid) = 'clock_timestamp()' "
            "AND has_column_privilege(a.attrelid, a.attnum, 'INSERT'))"
        ),
        {"tables": [f"{SCHEMA}.{table}" for table in APPEND_ONLY]},
    ).scalar()
    if wide:
        raise SelfCheckFailed(
            "grants_too_wide", f"This role may change the table {wide}, or date its rows.", table=wide
        )
    if connection.execute(text("SELECT pg_has_role(:owner, 'MEMBER')"), {"owner": OWNER}).scalar():
        raise SelfCheckFailed("grants_too_wide", "This role may become the owner of the tables.", table=None)


def _check_triggers(connection: Connection) -> None:
    query = text(
        "SELECT tgname FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = "
        "CAST(:schema AS regnamespace)) AND tgenabled IN ('O', 'A')"
    )
    missing = TRIGGERS - set(connection.execute(query, {"schema": SCHEMA}).scalars())
    if missing:
        name = min(missing)
        raise SelfCheckFailed("trigger_missing", f"The trigger {name} is missing or off.", trigger=name)
    if connection.execute(text("SHOW session_replication_role")).scalar() != "origin":
        raise SelfCheckFailed("trigger_missing", "Triggers are off in this role's sessions.", trigger=None)


@contextmanager
def all_or_nothing(tx: Transaction) -> Iterator[None]:
    """A part of an open transaction that is taken back as a whole where it raises; the rest goes on."""
    with tx.begin_nested():
        yield
