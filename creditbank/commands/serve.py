"""`creditbank serve`: the service over HTTP."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
import uvicorn

from creditbank.commands.terminal import DONE, out
from creditbank.opening import open_bank, prepare_database
from creditbank.postgres import running
from creditbank.settings import Settings

_KEEP_ALIVE_SECONDS = 15
_GRACE_SECONDS = 30
_MOST_CONNECTIONS = 1_000
FACTORY = "api.serve:build"


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.", show_default=False)] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes.", show_default=False)] = None,
) -> None:
    """Serve the API. With the embedded database it also makes the tables; one of your own needs `db migrate` first."""
    asked = {"host": host, "port": port, "workers": workers}
    chosen = {name: value for name, value in asked.items() if value is not None}
    serve_with(Settings().model_copy(update=chosen))


def serve_with(settings: Settings) -> None:
    """Serve until a signal says stop. The worker processes read the same settings from the environment."""
    os.environ.update(_environment(settings))
    # After its own clean end uvicorn repeats the signal; without a handler that would leave PostgreSQL behind.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(DONE))
    with _database(settings):
        with open_bank(settings) as bank:  # what keeps the bank shut is said once, here, and not by every worker
            vkey = bank.publisher.vault.log_verifier(bank.publisher.origin).vkey
            out.print(f"The log's public key: {vkey}", soft_wrap=True, markup=False)
        out.print(f"http://{settings.host}:{settings.port}/docs", style="bold")
        uvicorn.run(
            FACTORY,
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_GRACE_SECONDS,
            limit_concurrency=_MOST_CONNECTIONS,
            server_header=False,
            log_level="warning",
        )


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
