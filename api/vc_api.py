"""The application of a test run: the VC API with local issuers, beside no bank at all.

It opens no database and no vault. What it signs is worth nothing to anybody: the keys are made here and end with it.
"""

from fastapi import FastAPI
from starlette.middleware import Middleware

from api import problems
from api.app import VERSION
from api.middleware import BodyLimit, Faults, RequestIdentity
from api.routes import identifiers, vc_api, vc_api_issuer
from creditbank.settings import Settings
from creditbank.vc_api_run import SuiteRun, suite_run


def create_suite_app(run: SuiteRun, max_body_bytes: int) -> FastAPI:
    """The application over one run."""
    app = FastAPI(
        title="Credit bank: a test run of the VC API",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(RequestIdentity),
            Middleware(Faults, on_fault=problems.on_fault),
            Middleware(BodyLimit, limit=max_body_bytes),
        ],
    )
    app.state.suite_run = run
    app.state.examiner = run.verifier
    app.state.resolver = run.resolver
    problems.install(app)
    for router in (vc_api.router, vc_api_issuer.router, identifiers.router):
        app.include_router(router)
    return app


def build() -> FastAPI:
    """A new run by the environment's settings, of which it reads only the public URL and the limit of a body."""
    settings = Settings()
    return create_suite_app(suite_run(settings.public_url), settings.max_body_bytes)
