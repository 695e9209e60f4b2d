"""From settings to an open bank: the one place where database, secrets, log and fetcher are put together.

prepare_database(settings)                 # roles, database and tables; running it again changes nothing
with open_bank(settings) as bank: ...      # checked, and its log's head published, before anybody is served
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from sqlalchemy.exc import OperationalError

from creditbank.administration import Administration
from creditbank.bank import Bank
from creditbank.checkpoint_store import CheckpointStore
from creditbank.errors import Unavailable
from creditbank.office import Office, builtin_levels, builtin_units
from creditbank.postgres import running, url_for
from creditbank.publishing import Publisher
from creditbank.settings import Settings
from creditbank.store.database import AUDITOR, SERVICE, Database, init_roles, migrate
from creditbank.vault import open_vault
from issuers.fetch import Fetcher

DATABASE = "creditbank"
"""The embedded server's database; with a server of one's own, the settings' URL names it."""


@contextmanager
def open_bank(settings: Settings) -> Iterator[Bank]:
    """An open bank as the service's role, for as long as the block lasts; the embedded server is held meanwhile.

    1. The schema, durability, grants and triggers are as they must be. 2. The key-encryption key is the one that the
    secrets are sealed under. 3. The database is not older than what was published; a committed tail is published.
    Raises SelfCheckFailed `schema_missing`, `not_durable`, `grants_too_wide`, `trigger_missing`,
    `checkpoints_missing`, `database_behind_checkpoint`; CustodyError `kek_mismatch`, `unsealing_failed`; LogError;
    Unavailable `database_unavailable` and what the embedded server answers.
    """
    with _address(settings) as address, _database(address, settings.pool_size) as database:
        bank = assemble(settings, database)
        with _reachable():
            database.self_check()
        Administration(bank).check_seal()
        bank.open()
        yield bank


@contextmanager
def open_for_audit(settings: Settings, auditor_url: str | None = None) -> Iterator[Bank]:
    """A bank that can read and not write: as the auditor's role, unchecked, and nothing is published.

    `auditor_url` is the auditor's own address of a server of one's own; without it the service's is read.
    """
    with _address(settings, AUDITOR) as address, _database(auditor_url or address, 1) as database, _reachable():
        yield assemble(settings, database)


def assemble(settings: Settings, database: Database) -> Bank:
    """The bank's parts joined, nothing checked yet. Raises CustodyError `kek_mismatch`, `unsealing_failed`."""
    vault = open_vault(settings.key_dir)
    office = Office(vault, builtin_units(), builtin_levels())
    publisher = Publisher(settings.log_origin, vault, CheckpointStore(settings.checkpoint_dir))
    fetcher = Fetcher(settings.allowed_hosts, clock=office.clock)
    return Bank(database, office, publisher, fetcher, settings.public_url)


def prepare_database(settings: Settings) -> None:
    """Make roles, database and tables where they are missing; running it again changes nothing."""
    make_roles(settings)
    make_tables(settings)


def make_roles(settings: Settings, auditor_url: str | None = None) -> None:
    """The owner, service and auditor roles and the database. A server that asks for passwords gets those of the URLs.

    Raises Unavailable `admin_url_missing`, `database_unavailable`.
    """
    passwords = _passwords({SERVICE: settings.database_url, AUDITOR: auditor_url})
    with _admin_address(settings) as address, _reachable():
        init_roles(url_for(address, database="postgres"), _database_name(settings), passwords)


def make_tables(settings: Settings) -> None:
    """Bring the tables to the newest revision. Raises Unavailable `admin_url_missing`, `database_unavailable`."""
    with _admin_address(settings) as address, _reachable():
        migrate(url_for(address, database=_database_name(settings)))


@contextmanager
def _address(settings: Settings, role: str = SERVICE) -> Iterator[str]:
    """Where a role finds the database. A server of one's own is named by the settings, with its password."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    with running(settings.data_dir) as admin_address:
        yield url_for(admin_address, role=role, database=DATABASE)


@contextmanager
def _admin_address(settings: Settings) -> Iterator[str]:
    if settings.embedded:
        with running(settings.data_dir) as address:
            yield address
    elif settings.admin_database_url is not None:
        yield settings.admin_database_url
    else:
        raise Unavailable(
            "admin_url_missing", "Set CREDITBANK_ADMIN_DATABASE_URL to a superuser's address of the database."
        )


@contextmanager
def _database(address: str, pool_size: int) -> Iterator[Database]:
    database = Database(address, pool_size=pool_size)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _reachable() -> Iterator[None]:
    """What the driver says when there is no server, no such database or no such role, in the bank's words."""
    try:
        yield
    except OperationalError as error:
        raise Unavailable("database_unavailable", "The database cannot be reached, or does not exist yet.") from error


def _database_name(settings: Settings) -> str:
    if settings.database_url is None:
        return DATABASE
    return unquote(urlsplit(settings.database_url).path.removeprefix("/")) or DATABASE


def _passwords(addresses: Mapping[str, str | None]) -> dict[str, str]:
    """The password of each role's own URL, where that URL is the role's and holds one."""
    found = {role: urlsplit(address) for role, address in addresses.items() if address}
    return {role: unquote(parts.password) for role, parts in found.items() if parts.password and parts.username == role}
