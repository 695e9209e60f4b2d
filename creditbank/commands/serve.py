"""`creditbank serve`: the service over HTTP."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from creditbank.commands.terminal import DONE, err, out
from creditbank.errors import Refused
from creditbank.opening import open_bank, prepare_database
from creditbank.postgres import running
from creditbank.settings import Settings

_KEEP_ALIVE_SECONDS = 15
_GRACE_SECONDS = 30
_MOST_CONNECTIONS = 1_000
FACTORY = "api.serve:build"
TEST_RUN_FACTORY = "api.vc_api:build"
BANNER = """\
TEST RUN of the VC API: this service signs whatever it is sent, with keys that were made a moment ago and
that nobody may trust. It has no bank behind it. Never let it be reached as if it were one.
Its issuers: {url}/issuers"""


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.", show_default=False)] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes.", show_default=False)] = None,
    tls_cert: Annotated[
        Path | None, typer.Option(help="Certificate chain (PEM), for https.", show_default=False)
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key (PEM).", show_default=False)] = None,
    vc_api_test_issuer: Annotated[
        bool,
        typer.Option("--vc-api-test-issuer", help="No bank: a run of the public VC API suites, with local issuers."),
    ] = False,
) -> None:
    """Serve the API. With the embedded database it also makes the tables; one of your own needs `db migrate` first."""
    asked = {"host": host, "port": port, "workers": workers, "tls_cert": tls_cert, "tls_key": tls_key}
    chosen = {name: value for name, value in asked.items() if value is not None}
    settings = Settings().model_copy(update=chosen)
    if vc_api_test_issuer:
        serve_test_run(settings)
    else:
        serve_with(settings)


def serve_test_run(settings: Settings) -> None:
    """Serve a run of the public VC API suites: no database, no vault, one process, keys that end with it.

    Raises Refused `test_run_beside_bank` where the settings name a database: what signs for anybody keeps away from it;
    `tls_key_missing`.
    """
    if settings.database_url or settings.admin_database_url:
        raise Refused("test_run_beside_bank", "A test run has no database; unset CREDITBANK_DATABASE_URL to start it.")
    _check_tls(settings)
    if "public_url" not in settings.model_fields_set:
        settings = settings.model_copy(update={"public_url": _own_url(settings)})
    os.environ["CREDITBANK_PUBLIC_URL"] = settings.public_url
    err.print(BANNER.format(url=settings.public_url), style="bold red", markup=False, soft_wrap=True)
    _run(TEST_RUN_FACTORY, settings.model_copy(update={"workers": 1}))


def serve_with(settings: Settings) -> None:
    """Serve until a signal says stop. The worker processes read the same settings from the environment.

    Raises Refused `tls_key_missing`, and what `open_bank` raises.
    """
    _check_tls(settings)
    os.environ.update(_environment(settings))
    # After its own clean end uvicorn repeats the signal; without a handler that would leave PostgreSQL behind.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(DONE))
    with _database(settings):
        with open_bank(settings) as bank:  # what keeps the bank shut is said once, here, and not by every worker
            vkey = bank.publisher.vault.log_verifier(bank.publisher.origin).vkey
            out.print(f"The log's public key: {vkey}", soft_wrap=True, markup=False)
        out.print(f"{_own_url(settings)}/docs", style="bold")
        _run(FACTORY, settings)


def _run(factory: str, settings: Settings) -> None:
    """Serve what the factory builds; over https where there is a certificate."""
    uvicorn.run(
        factory,
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        limit_concurrency=_MOST_CONNECTIONS,
        server_header=False,
        log_level="warning",
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
    )


def _check_tls(settings: Settings) -> None:
    if (settings.tls_cert is None) != (settings.tls_key is None):
        raise Refused("tls_key_missing", "For https both are needed, the certificate and its key.")


def _own_url(settings: Settings) -> str:
    """Where this process listens, in its own words."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{'https' if settings.tls_cert else 'http'}://{host}:{settings.port}"


@contextmanager
def _database(settings: Settings) -> Iterator[None]:
    """Hold the embedded server while workers come and go, and make its tables."""
    if not settings.embedded:
        yield
        return
    with running(settings.data_dir):
        prepare_database(settings)
        yield


def _environment(settings: Settings) -> dict[str, str]:
    chosen = ("data_dir", "key_dir", "checkpoint_dir", "public_url", "host", "port", "workers", "database_url")
    values = {name: getattr(settings, name) for name in chosen}
    return {f"CREDITBANK_{name.upper()}": "" if value is None else str(value) for name, value in values.items()}
