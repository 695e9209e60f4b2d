"""Banks under attack: one a test, and one a file for attacks that must leave nothing behind anyway."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from creditbank.postgres import url_for
from creditbank.store.database import AUDITOR, SERVICE
from tests.api.http_world import Http, Speaker, serving
from tests.bank_world import OwnSigner, World
from tests.conftest import TEMPLATE
from tests.security.attacks import network_given_back, own_signer, watched_world
from tests.security.catalogue import Scene
from tests.security.status_world import Seoul


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """A bank of this test's own."""
    with watched_world(database_url, tmp_path) as opened:
        yield opened


@dataclass(frozen=True)
class Target:
    """A bank with a school that signs for itself, by Ed25519 and by P-256."""

    world: World
    signer: OwnSigner
    nist_signer: OwnSigner


@pytest.fixture(scope="module")
def target(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """One bank a file: every attack on it is refused and leaves nothing, which each test checks."""
    name = f"attacked_{uuid.uuid4().hex}"
    _execute(database_server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY wal_log")
    _execute(database_server, f"GRANT CONNECT ON DATABASE {name} TO {SERVICE}, {AUDITOR}")
    try:
        with watched_world(url_for(database_server, role=SERVICE, database=name), tmp_path_factory.mktemp("bank")) as w:
            yield Target(w, own_signer(w, "seoul"), own_signer(w, "helsinki", "ES256"))
    finally:
        _execute(database_server, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement))


@pytest.fixture(scope="module")
def http(target: Target, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Http]:
    with serving(target.world, tmp_path_factory.mktemp("served")) as opened:
        yield opened


@pytest.fixture(scope="module")
def counter(http: Http) -> Speaker:
    """The school's system, with a token that lasts as long as the bank's clock stands still."""
    return http.speaker(http.register("seoul-sis", "issuer", issuer="seoul"))


@pytest.fixture
def scene(http: Http, target: Target, counter: Speaker) -> Iterator[Scene]:
    """The file's one bank, with a network that is new to each case."""
    with network_given_back(target.world):
        seoul = Seoul(target.world, target.signer)
        seoul.network.serve_to(target.world)
        yield Scene(http, target.signer, target.nist_signer, counter, seoul)
