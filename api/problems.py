"""The one table from errors to HTTP: RFC 9457 problems, OAuth's errors, and every refusing status code there is."""

import logging
import traceback
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import compile_path

import issuers.errors as issuer_errors
import recognition_rules.input_errors as rule_input_errors
from api import errors, invalid
from api.middleware import REQUEST_ID
from api.schemas.common import shown
from credentials import errors as credential_errors
from creditbank import errors as bank_errors
from creditbank.log import errors as log_errors
from creditbank.once import AnsweredBefore
from issuers.errors import TokenError
from recognition_rules import errors as rule_errors

MEDIA_TYPE = "application/problem+json"
TYPES = "urn:creditbank:problem:"
INTERNAL = 500
GONE = 410
"""The answer of an Open Badges 2.0 assertion that was revoked: a document of its own, no problem."""
logger = logging.getLogger("creditbank.api")

ROOTS: tuple[type[Exception], ...] = (
    bank_errors.BankError, credential_errors.CredentialError, issuer_errors.IssuerError, rule_errors.RuleError,
    errors.RequestError,
)  # fmt: skip

FAMILIES: Mapping[type[Exception], int] = {
    bank_errors.BankError: INTERNAL,  # a root is never raised itself: a test asks that each family stands here
    issuer_errors.IssuerError: INTERNAL,
    bank_errors.NotFound: 404,
    bank_errors.Conflict: 409,
    bank_errors.Refused: 422,
    bank_errors.Forbidden: 403,
    bank_errors.NeedsApproval: 409,
    bank_errors.Unavailable: 503,
    bank_errors.SelfCheckFailed: 503,
    bank_errors.LedgerError: INTERNAL,
    log_errors.LogError: INTERNAL,
    log_errors.MalformedTile: 404,
    log_errors.LogForked: 503,
    credential_errors.CredentialError: 422,
    issuer_errors.RegistryError: 422,
    issuer_errors.DidError: 422,
    issuer_errors.FetchError: 502,
    issuer_errors.CustodyError: INTERNAL,
    issuer_errors.BankError: 502,
    TokenError: 401,
    rule_errors.RuleError: 422,
    rule_input_errors.OptimumNotProven: 503,
    errors.BodyRefused: 400,
    errors.ValueRefused: 422,
    errors.BodyTooLarge: 413,
    errors.MediaTypeRefused: 415,
    errors.NotAuthenticated: 401,
}
"""The status of a family of errors; the nearest family of an error's class counts."""

CODES: Mapping[tuple[type[Exception], str], int] = {
    (bank_errors.Conflict, "idempotency_key_reused"): 422,
    (bank_errors.Conflict, "issuer_needed"): 422,
    (bank_errors.Refused, "subject_mismatch"): 403,
    (bank_errors.LedgerError, "out_of_range"): 422,
    (bank_errors.LedgerError, "too_many_legs"): 422,
    (credential_errors.LimitExceeded, "too_large"): 413,
    (issuer_errors.RegistryError, "unknown_key"): 404,
    (issuer_errors.RegistryError, "no_active_key"): 409,
    (issuer_errors.RegistryError, "no_fitting_key"): 409,
    (issuer_errors.RegistryError, "key_id_taken"): 409,
    (issuer_errors.RegistryError, "key_already_registered"): 409,
    (issuer_errors.RegistryError, "key_already_retired"): 409,
    (issuer_errors.RegistryError, "key_compromised"): 409,
    (issuer_errors.RegistryError, "compromise_narrowed"): 409,
    (issuer_errors.RegistryError, "accreditation_already_withdrawn"): 409,
    (TokenError, "insufficient_scope"): 403,
    (errors.ValueRefused, "malformed_cursor"): 400,
    (errors.ValueRefused, "malformed_idempotency_key"): 400,
}
"""Where one code of a family says something else than the family."""

HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 400: "malformed_request"}
HTTP_SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
    413: "The body is longer than this service reads.",
    400: "The request could not be read.",
}
NOT_VERIFIED, MALFORMED = 422, 400
"""The VC API's: what does not verify, and a request that is not of its shape."""
RESOLUTION_FAULTS = {"notFound": 404, "methodNotSupported": 501, "invalidDidDocument": 502}
RESOLUTION_OTHERWISE = 400
"""DID resolution's, by the error's registered name."""
OAUTH_CODES = {"invalid_client": 401}
OAUTH_OTHERWISE = 400
DEFAULT_RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem (RFC 9457); `code` is stable.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


class Problem(BaseModel):
    """A problem (RFC 9457). `code` is stable and for machines, `detail` is for people."""

    model_config = shown(
        {
            "type": "urn:creditbank:problem:already_recorded",
            "title": "Already recorded",
            "status": 409,
            "detail": "This credential is on record with other content that is not older.",
            "code": "already_recorded",
            "instance": "urn:creditbank:request:6f9f0d0e-3d6c-4d5e-9c1b-0d7a5e3f2b11",
            "facts": {},
        }
    )

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    facts: dict[str, Any] = {}
    errors: list[dict[str, str]] = []


def status_of(error: Exception) -> int:
    """The status for an error, by its code or its family. Raises KeyError for a class that nobody has placed."""
    code = getattr(error, "code", "")
    for family in type(error).__mro__:
        if (family, code) in CODES:
            return CODES[family, code]
        if family in FAMILIES:
            return FAMILIES[family]
    raise KeyError(type(error).__name__)


def as_problem(error: Exception, request_id: str) -> dict[str, Any]:
    """An error of any package as a problem document."""
    status = status_of(error)
    if status == INTERNAL:
        return internal(request_id)
    code, message = getattr(error, "code", "error"), getattr(error, "message", "")
    return document(status, code, message, request_id, _plain(getattr(error, "facts", {})))


def document(
    status: int, code: str, detail: str, request_id: str, facts: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A problem document: what kind it is, in stable words, and which request it answers."""
    return {
        "type": f"{TYPES}{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        "instance": f"urn:creditbank:request:{request_id}",
        "facts": dict(facts or {}),
    }


def internal(request_id: str) -> dict[str, Any]:
    """What is said of a fault of our own: nothing but where to ask."""
    return document(INTERNAL, "internal_error", "Something went wrong here; nothing was booked.", request_id)


def install(app: FastAPI) -> None:
    """Answer every error of every package, and the framework's own, as a problem."""
    for root in ROOTS:
        app.add_exception_handler(root, _on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(AnsweredBefore, _on_answered)


def problem_response(problem: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """A problem document as a response."""
    return JSONResponse(problem, problem["status"], headers, media_type=MEDIA_TYPE)


def on_fault(scope_id: str, error: Exception) -> dict[str, Any]:
    """Log a fault by its kind and place, without the message, which may hold somebody's data; then the problem."""
    place = "".join(traceback.format_tb(error.__traceback__))
    logger.error("request %s: %s\n%s", scope_id, type(error).__name__, place)
    return internal(scope_id)


def oauth_error(code: str, description: str) -> Response:
    """An error of the token endpoint (RFC 6749, section 5.2)."""
    status = OAUTH_CODES.get(code, OAUTH_OTHERWISE)
    challenge = {"WWW-Authenticate": 'Bearer realm="creditbank"'} if code in OAUTH_CODES else None
    return JSONResponse({"error": code, "error_description": description}, status, challenge)


async def _on_error(request: Request, error: Exception) -> Response:
    request_id = request.scope.get(REQUEST_ID, "")
    if status_of(error) == INTERNAL:
        return problem_response(on_fault(request_id, error))
    problem = as_problem(error, request_id)
    return problem_response(problem, _headers(error, problem))


def _headers(error: Exception, problem: Mapping[str, Any]) -> dict[str, str]:
    """RFC 6750, section 3, for whoever is not known or may not; when to try again, for whoever came at a bad time."""
    if problem["status"] == 401:
        known = "" if problem["code"] == "token_missing" else f', error="invalid_token", error_description="{error}"'
        return {"WWW-Authenticate": f'Bearer realm="creditbank"{known}'}
    if problem["code"] == "insufficient_scope":
        scope = problem["facts"].get("scope", "")
        return {"WWW-Authenticate": f'Bearer realm="creditbank", error="insufficient_scope", scope="{scope}"'}
    return {"Retry-After": "1"} if problem["status"] == 503 else {}


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problem = document(
        422, "invalid_request", "A value in the request is not as it must be.", request.scope.get(REQUEST_ID, "")
    )
    return problem_response({**problem, "errors": invalid.described(error.errors())})


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, status = HTTP_CODES.get(error.status_code, "http_error"), error.status_code
    sentence = HTTP_SENTENCES.get(status, "The request was refused.")
    problem = document(status, code, sentence, request.scope.get(REQUEST_ID, ""))
    headers = _allowed(request, error.headers) if status == 405 else error.headers
    return problem_response(problem, headers)


def _allowed(request: Request, otherwise: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """Every method that the address takes (RFC 9110, section 15.5.6); the framework names those of one route only."""
    found = [
        method.upper()
        for template, operations in request.app.openapi()["paths"].items()
        if compile_path(template)[0].fullmatch(request.url.path)
        for method in operations
    ]
    return {"Allow": ", ".join(sorted(set(found)))} if found else otherwise


async def _on_answered(_request: Request, error: Exception) -> Response:
    assert isinstance(error, AnsweredBefore)
    return JSONResponse(error.answer["body"], error.answer["status"], {"Idempotent-Replayed": "true"})


def _plain(facts: Any) -> Any:
    """Facts of any kind as JSON: mappings, lists and plain values stay, all else becomes text."""
    if isinstance(facts, Mapping):
        return {str(name): _plain(value) for name, value in facts.items()}
    if isinstance(facts, list | tuple | set | frozenset):
        return [_plain(value) for value in facts]
    return facts if facts is None or isinstance(facts, str | int | bool) else str(facts)
