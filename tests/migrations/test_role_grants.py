"""What each role may do, tried on the real database: the auditor reads the books and no person, and writes nothing."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import errors, sql

from creditbank.bank import Bank
from creditbank.recognising import Recognising
from creditbank.store import Database
from tests.bank_world import World, open_world

PERSONAL = {"profile", "document", "book_key", "client_assertion", "request_key", "appeal_text"}
SECRET_COLUMNS = {("issuer_key", "sealed_private_key")}

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
def auditor(auditor_database_url: str) -> Iterator[Connection]:
    with psycopg.connect(auditor_database_url, autocommit=True) as connection:
        yield connection


def tables(connection: Connection) -> list[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'bank' ORDER BY 1").fetchall()
    return [str(name) for (name,) in found if name != "alembic_version"]


def test_the_auditor_audits_the_whole_bank(world: World, auditor_database_url: str) -> None:
    """With nothing but its own role: every sum, every seal, the root and the last checkpoint."""
    school = world.school()
    world.deposit(school)
    world.publish_pack()
    Recognising(world.bank).recognise(world.deposit(school).book_id, world.request())
    database = Database(auditor_database_url)
    bank = Bank(database, world.bank.office, world.bank.publisher, world.bank._sources.fetcher, world.bank.public_url)
    assert bank.audit() == world.bank.audit()
    assert bank.audit().clean
    database.close()


def test_the_auditor_reads_no_personal_table(auditor: Connection) -> None:
    for table in tables(auditor):
        query = sql.SQL("SELECT count(*) FROM bank.{}").format(sql.Identifier(table))  # any column's grant will do
        if table in PERSONAL:
            with pytest.raises(errors.InsufficientPrivilege):
                auditor.execute(query)
        else:
            auditor.execute(query)


@pytest.mark.parametrize(("table", "column"), sorted(SECRET_COLUMNS))
def test_the_auditor_reads_no_sealed_key(auditor: Connection, table: str, column: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        auditor.execute(sql.SQL("SELECT {} FROM bank.{}").format(sql.Identifier(column), sql.Identifier(table)))


@pytest.mark.parametrize("statement", ["INSERT INTO bank.{} DEFAULT VALUES", "DELETE FROM bank.{}", "TRUNCATE bank.{}"])
def test_the_auditor_writes_nothing(auditor: Connection, statement: str) -> None:
    for table in tables(auditor):
        with pytest.raises(errors.InsufficientPrivilege):
            auditor.execute(sql.SQL(statement).format(sql.Identifier(table)))


def test_the_ledger_and_the_log_hold_no_name_and_no_identifier(world: World, admin_database_url: str) -> None:
    """Every cell outside the personal tables is searched for what the credential said of the person (G02, G07)."""
    did = world.wallet.public_key.did_key()
    signer = world.own_signer()
    document = signer.document()
    document["credentialSubject"]["identifier"] = [
        {
            "type": "IdentityObject",
            "identityHash": "canary@example.org",
            "identityType": "emailAddress",
            "hashed": False,
        }
    ]
    assert world.bank.deposit(signer.post(signer.sign(document))).state == "credited"
    with psycopg.connect(admin_database_url) as connection:
        for table in tables(connection):
            text = str(
                connection.execute(sql.SQL("SELECT t::text FROM bank.{} t").format(sql.Identifier(table))).fetchall()
            )
            content = connection.execute("SELECT content FROM bank.leaf_opening").fetchall()
            text += str(content) if table == "leaf_opening" else ""
            assert "canary" not in text and did not in text, table
            assert b"canary".hex() not in text and did.encode().hex() not in text, table


def test_a_stranger_does_not_get_in(admin_database_url: str) -> None:
    with psycopg.connect(admin_database_url) as connection:
        found = connection.execute("SELECT datacl::text FROM pg_database WHERE datname = current_database()").fetchone()
        assert found is not None
        assert "{=" not in str(found[0]) and ",=" not in str(found[0]), "PUBLIC has rights on the database"
