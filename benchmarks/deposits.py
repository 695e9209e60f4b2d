"""Deposits a second through HTTP: real server processes, a real PostgreSQL, signed badges of new learners.

    ./run python -m benchmarks.deposits [--seconds 15] [--clients 16]

Every deposit is acknowledged after its commit and its checkpoint. The load comes from a process of its own on the same
machine, so on two cores it takes its share; the raw limits are measured before, with nothing else running.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
from rich.console import Console
from rich.table import Table

from credentials.keys import PrivateKey
from credentials.open_badges import OutcomeDraft
from creditbank.administration import Administration
from creditbank.caller import SCOPES, Caller
from creditbank.opening import open_bank, prepare_database
from creditbank.postgres import ensure_running, running, url_for
from creditbank.settings import Settings
from creditbank.store import rows
from issuers.client import BATCH_PATH, DEPOSITS_PATH, CredentialSigner, Deposit, SchoolClient

ANNA, BORIS = (Caller(name, "administrator", SCOPES["administrator"]) for name in ("anna", "boris"))
BATCH = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: what was done, how often a second, and how long a request took (milliseconds)."""

    what: str
    rate: float
    latencies: list[float]


@dataclass(frozen=True, slots=True)
class School:
    """An accredited institution that signs for itself, and its client's key."""

    signer: CredentialSigner
    client_key: PrivateKey

    def badge(self) -> Deposit:
        """A fresh badge of a learner nobody has seen."""
        outcome = OutcomeDraft(
            achievement_id="https://school.example/courses/1",
            name={"en": "A course"},
            description={"en": "A course."},
            criteria={"en": "Attend and pass."},
            credits=Fraction(3),
            unit="ects",
            subject_id=f"urn:uuid:{uuid4()}",
            activity_end=date(2026, 6, 30),
        )
        moment = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
        token = self.signer.sign(outcome, credential_id=f"urn:uuid:{uuid4()}", valid_from=moment)
        return Deposit(token.encode())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--clients", type=int, default=16)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="creditbank-benchmark-") as folder:
        Path(folder).chmod(0o711)  # the database's own OS user must pass
        settings = _settings(Path(folder))
        with running(settings.data_dir):
            prepare_database(settings)
            school = _founded(settings)
            commits, checks = _raw_commits(settings), _raw_checks()
            lines = [line for workers in (1, 2) for line in _served(settings, school, workers, options)]
            _print(lines, commits, checks)


def _settings(folder: Path) -> Settings:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Settings(
        data_dir=folder / "data",
        key_dir=folder / "keys",
        checkpoint_dir=folder / "checkpoints",
        public_url=f"http://127.0.0.1:{port}",
        port=port,
    )


def _founded(settings: Settings) -> School:
    key, client_key = PrivateKey.generate("EdDSA"), PrivateKey.generate("EdDSA")
    did, now = "did:web:school.example", datetime.now(UTC)
    with open_bank(settings) as bank:
        office = Administration(bank)
        office.register_issuer(
            ANNA,
            rows.Issuer(
                issuer_id="school",
                did=did,
                kind="higher",
                name={"en": "School"},
                country="FI",
                provider_root="school",
                registered_at=now,
            ),
        )
        office.register_key(ANNA, "school", key.public_key, now - timedelta(days=1))
        accreditation = rows.Accreditation(
            accreditation_id=uuid4(),
            issuer_id="school",
            authority="benchmark",
            units=["ects"],
            valid_from=date(2020, 1, 1),
            proposed_by=ANNA.client_id,
            proposed_at=now,
        )
        office.propose_accreditation(ANNA, accreditation)
        office.approve_accreditation(BORIS, accreditation.accreditation_id)
        client = rows.Client(
            client_id="school-system",
            name="School",
            role="issuer",
            issuer_id="school",
            public_jwk=client_key.public_key.jwk(),
            scopes=sorted(SCOPES["issuer"]),
            registered_at=now,
        )
        office.register_client(ANNA, client)
    return School(CredentialSigner(did, {"en": "School"}, key), client_key)


def _raw_commits(settings: Settings) -> float:
    """One row, one durable commit, one connection: what this disk and PostgreSQL can do at most without grouping."""
    url = url_for(ensure_running(settings.data_dir))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE warm (n int)")
        connection.execute("CREATE TABLE IF NOT EXISTS raw_commit (n int)")
        done, start = 0, time.perf_counter()
        while time.perf_counter() - start < 3:
            connection.execute("INSERT INTO raw_commit VALUES (1)")
            done += 1
        elapsed = time.perf_counter() - start
        connection.execute("DROP TABLE raw_commit")
    return done / elapsed


def _raw_checks() -> float:
    """Ed25519 signatures checked a second by `cryptography`, in one thread."""
    key = PrivateKey.generate("EdDSA")
    data, public = b"x" * 2000, key.public_key
    signature = key.sign(data)
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < 1:
        public.verify(signature, data)
        done += 1
    return done / (time.perf_counter() - start)


def _served(settings: Settings, school: School, workers: int, options: argparse.Namespace) -> list[Line]:
    with _server(settings, workers):
        single = _load(settings, school, options, DEPOSITS_PATH, 1)
        batch = _load(settings, school, options, BATCH_PATH, BATCH)
    plural = "worker" if workers == 1 else "workers"
    return [
        Line(f"{workers} {plural}, one by one", *single),
        Line(f"{workers} {plural}, batches of {BATCH}", *batch),
    ]


@contextmanager
def _server(settings: Settings, workers: int) -> Iterator[None]:
    chosen: dict[str, object] = {
        "DATA_DIR": settings.data_dir,
        "KEY_DIR": settings.key_dir,
        "CHECKPOINT_DIR": settings.checkpoint_dir,
    }
    chosen |= {"PUBLIC_URL": settings.public_url, "PORT": settings.port, "WORKERS": workers}
    environment = os.environ | {f"CREDITBANK_{name}": str(value) for name, value in chosen.items()}
    command = [sys.executable, "-c", "from creditbank.cli import main; main()", "serve"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        _await(settings.public_url, process)
        yield
    finally:
        process.terminate()
        process.wait(60)


def _await(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit("the server did not start")
        try:
            if httpx.get(f"{url}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server did not answer within a minute")


def _load(
    settings: Settings, school: School, options: argparse.Namespace, path: str, size: int
) -> tuple[float, list[float]]:
    """Clients that post as fast as they are answered; badges are signed beforehand, so signing costs nothing here."""
    expected = int(options.seconds * (400 if size == 1 else 500))
    badges = [school.badge() for _ in range(expected)]
    pile, lock, latencies = iter(badges), threading.Lock(), list[float]()
    deadline = time.perf_counter() + options.seconds
    booked = [0]

    def work() -> None:
        client = _client(settings, school)
        while time.perf_counter() < deadline:
            with lock:
                group = [badge for _, badge in zip(range(size), pile, strict=False)]
            if len(group) < size:
                return
            start = time.perf_counter()
            _post(client, path, group)
            with lock:
                latencies.append(1000 * (time.perf_counter() - start))
                booked[0] += size

    start = time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(options.clients if size == 1 else 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return booked[0] / (time.perf_counter() - start), latencies


def _client(settings: Settings, school: School) -> SchoolClient:
    return SchoolClient(
        settings.public_url,
        "school-system",
        school.client_key,
        clock=lambda: datetime.now(UTC),
        new_id=lambda: str(uuid4()),
    )


def _post(client: SchoolClient, path: str, group: list[Deposit]) -> None:
    if path == DEPOSITS_PATH:
        answers = [client.deposit(group[0])]
    else:
        answers = [item["deposit"] for item in client.deposit_batch(group)["items"]]
    if any(answer["state"] != "credited" for answer in answers):
        raise SystemExit("a deposit was not credited")


def _print(lines: list[Line], commits: float, checks: float) -> None:
    cores = len(os.sched_getaffinity(0))
    table = Table(title=f"Deposits through HTTP, {cores} cores, load and server together", title_justify="left")
    for heading in ("", "deposits/s", "to raw commits", "to Ed25519 checks", "median ms", "99 % ms"):
        table.add_column(heading, justify="left" if not heading else "right")
    table.add_row("raw: one row, one durable commit", f"{commits:,.0f}", "1", "", "", "")
    table.add_row("raw: Ed25519 signatures checked", f"{checks:,.0f}", "", "1", "", "")
    for line in lines:
        ordered = sorted(line.latencies)
        middle, tail = statistics.median(ordered), ordered[int(0.99 * (len(ordered) - 1))]
        ratios = f"{line.rate / commits:.2f}", f"{line.rate / checks:.3f}"
        table.add_row(line.what, f"{line.rate:,.0f}", *ratios, f"{middle:,.0f}", f"{tail:,.0f}")
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
