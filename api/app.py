"""The application: the bank's use cases over HTTP, each behind the door, each answer with its headers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware

from api import documentation, problems
from api.auth import Callers
from api.middleware import BodyLimit, Faults, RequestIdentity
from api.routes import (
    achievements,
    appeals,
    badges,
    clients,
    credentials,
    deposits,
    grades,
    identifiers,
    issuers,
    judgements,
    keys,
    learners,
    log,
    oauth,
    over_time,
    public,
    quotes,
    recognitions,
    refresh,
    rule_packs,
    trust,
    trust_registry,
    validations,
    vc_api,
    verify,
)
from api.services import Services
from api.vc_api_bank import BankExaminer
from creditbank.administration import Administration
from creditbank.bank import Bank
from creditbank.gather import Gatherer
from creditbank.learners import Learners
from creditbank.lookups import Lookups
from creditbank.quotes import Quotes
from creditbank.rule_packs import RulePacks
from creditbank.settings import Settings
from creditbank.trust_export import TrustBundles

VERSION = "0.1.0"
V1 = (
    trust_registry,
    issuers,
    keys,
    achievements,
    clients,
    credentials,
    badges,
    deposits,
    learners,
    recognitions,
    quotes,
    judgements,
    appeals,
    over_time,
    rule_packs,
    verify,
    validations,
    grades,
    refresh,
    trust,
    log,
)


def services_of(bank: Bank, gatherer: Gatherer, settings: Settings) -> Services:
    """The use cases over one bank."""
    lookups, quotes, trust = Lookups(bank), Quotes(bank), TrustBundles(bank)
    return Services(
        bank, Administration(bank), RulePacks(bank), Learners(bank), gatherer, lookups, quotes, settings, trust
    )


def create_app(services: Services) -> FastAPI:
    """The application over these use cases. It owns none of them: whoever made them closes them."""
    app = FastAPI(
        title="Credit bank",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        lifespan=_lifespan,
        middleware=[
            Middleware(RequestIdentity),
            Middleware(Faults, on_fault=problems.on_fault),
            Middleware(BodyLimit, limit=services.settings.max_body_bytes),
        ],
    )
    app.state.services = services
    app.state.callers = Callers(services)
    app.state.examiner = BankExaminer(services)
    app.state.resolver = app.state.examiner.resolver
    problems.install(app)
    documentation.install(app)
    _mount(app)
    return app


def _mount(app: FastAPI) -> None:
    v1 = APIRouter(prefix="/v1")
    for module in V1:
        v1.include_router(module.router)
    v1.include_router(keys.public_router, include_in_schema=False)
    app.include_router(v1)
    for router in (
        vc_api.router, identifiers.router, oauth.router, keys.public_router, log.public_router, public.router,
        badges.public_router, public.health_router, documentation.router,
    ):  # fmt: skip
        app.include_router(router)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """As many threads as there are connections for: a request that would wait for one waits in line instead."""
    services: Services = app.state.services
    current_default_thread_limiter().total_tokens = max(2, 2 * services.settings.pool_size - 1)
    yield
