"""OpenAPI 3.1, and a page that shows it: served from here, with nothing from anywhere else."""

from importlib.resources import files
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.problems import DEFAULT_RESPONSES, Problem
from api.schemas.deposits import NewDeposit
from api.schemas.rule_packs import NewRulePack, PackText
from creditbank.errors import NotFound

router = APIRouter(include_in_schema=False)
DESCRIPTION = """\
A credit bank: institutions sign Open Badges 3.0, the bank verifies them, books their credits exactly, logs every entry
in a transparency log, and recognises them under published rules.

Errors are problems (RFC 9457) with a stable `code`. Credits are text, exact: `3`, `4.5`, `20/3`. A POST under an
`Idempotency-Key` is done once; asked again it gives the same answer. Lists go on with `next` as `cursor`. What is not
yours does not exist for you (404)."""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Credit bank API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="docs/swagger-ui.css"><link rel="icon" href="docs/favicon-32x32.png"></head>
<body><div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script><script src="docs/start.js"></script></body></html>
"""
_START = """SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis]});
"""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_FILES = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "application/javascript",
    "favicon-32x32.png": "image/png",
}
_KEPT = {"Cache-Control": "public, max-age=86400"}
_EXTRA: tuple[type[BaseModel], ...] = (Problem, NewDeposit, NewRulePack, PackText)


@router.get("/docs")
async def page() -> Response:
    """The documentation, for people."""
    return Response(_PAGE, headers={"Content-Security-Policy": _POLICY}, media_type="text/html")


@router.get("/docs/start.js")
async def start() -> Response:
    """What starts the page; a file, so that the page needs no script of its own."""
    return Response(_START, headers=_KEPT, media_type="application/javascript")


@router.get("/docs/{name}")
def resource(name: str) -> Response:
    """A file of the page, from the installed package."""
    if name not in _FILES:
        raise NotFound("page")
    content = (files("fastapi_swagger.resources") / name).read_bytes()
    return Response(content, headers=_KEPT, media_type=_FILES[name])


def install(app: FastAPI) -> None:
    """Let the application describe itself, once: with problems instead of the framework's own errors."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = described(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document."""
    document = get_openapi(
        title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes, openapi_version="3.1.0"
    )
    schemas = document["components"]["schemas"]
    _, extra = models_json_schema(
        [(model, "validation") for model in _EXTRA], ref_template="#/components/schemas/{model}"
    )
    schemas.update(extra["$defs"])
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            own = operation["responses"].get("default", {}).get("content", {})
            problem = DEFAULT_RESPONSES["default"]
            operation["responses"]["default"] = {**problem, "content": {**problem["content"], **own}}
    return document
