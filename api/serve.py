"""From settings to a served application: what a worker process does at start, and undoes at the end."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

from fastapi import FastAPI

from api.app import create_app, services_of
from creditbank.gather import Gatherer
from creditbank.opening import open_bank
from creditbank.settings import Settings


def build(settings: Settings | None = None) -> FastAPI:
    """An open bank behind HTTP, by the environment's settings; closed with the application.

    Raises what `open_bank` raises: a bank that is not as it must be is not served.
    """
    chosen = settings or Settings()
    stack = ExitStack()
    bank = stack.enter_context(open_bank(chosen))
    gatherer = Gatherer(bank, chosen.queue_size)
    stack.callback(gatherer.close)
    app = create_app(services_of(bank, gatherer, chosen))
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(served: FastAPI) -> AsyncIterator[None]:
        with stack:
            async with inner(served):
                yield

    app.router.lifespan_context = lifespan
    return app
