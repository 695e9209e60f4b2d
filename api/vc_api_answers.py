"""What the VC API answers: verifications with their problem details, and refusals as problems that list themselves."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse, Response

from api import problems
from api.door import StrictRoute
from api.middleware import REQUEST_ID
from credentials.checks import Check, Outcome, Verification
from credentials.errors import CredentialError

OK: Final = 200
_DATA_MODEL: Final = "https://www.w3.org/TR/vc-data-model#"
_SECURITY: Final = "https://w3id.org/security#"
_STATUS_LIST: Final = "https://www.w3.org/ns/credentials/status-list#"

_BY_CODE: Final[Mapping[str, str]] = {
    "malformed_json": f"{_DATA_MODEL}PARSING_ERROR",
    "duplicate_json_key": f"{_DATA_MODEL}PARSING_ERROR",
    "malformed_number": f"{_DATA_MODEL}PARSING_ERROR",
    "data_loss_detected": f"{_SECURITY}DATA_LOSS_DETECTION_ERROR",
    "domain_mismatch": f"{_SECURITY}INVALID_DOMAIN_ERROR",
    "challenge_mismatch": f"{_SECURITY}INVALID_CHALLENGE_ERROR",
    "challenge_missing": f"{_SECURITY}INVALID_CHALLENGE_ERROR",
    "status_unavailable": f"{_STATUS_LIST}STATUS_RETRIEVAL_ERROR",
    "range_error": f"{_STATUS_LIST}STATUS_LIST_LENGTH_ERROR",
}
_BY_CHECK: Final[Mapping[str, str]] = {
    **dict.fromkeys(("form", "shape", "contexts", "identifiers"), f"{_DATA_MODEL}MALFORMED_VALUE_ERROR"),
    **dict.fromkeys(
        ("proof", "key", "signature", "coverage", "proof_time", "key_validity", "issuer_binding", "required_signers"),
        f"{_SECURITY}PROOF_VERIFICATION_ERROR",
    ),
    "status": f"{_STATUS_LIST}STATUS_VERIFICATION_ERROR",
}
_OWN: Final = frozenset({"revoked", "suspended", "expired", "not_yet_valid", "test_credential"})
_TROUBLE: Final = (Outcome.FAILED, Outcome.COULD_NOT_BE_CHECKED)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class VcApiRoute(StrictRoute):
    """A route whose refusals are problems (RFC 9457) that also stand in `problemDetails`, where this API has them."""

    def get_route_handler(self) -> Handler:
        """The door's handler, its refusals answered here."""
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError:
                sentence = "A member of the request is missing or of the wrong type."
                return _refusal(
                    problems.document(problems.MALFORMED, "invalid_request", sentence, _request_id(request))
                )
            except problems.ROOTS as error:
                if problems.status_of(error) == problems.INTERNAL:
                    raise
                about = "form" if isinstance(error, CredentialError) else "request"
                return _refusal(problems.as_problem(error, _request_id(request)), about)

        return answered


def verified(found: Verification, shown: Mapping[str, Any]) -> Response:
    """200 where the verdict is `valid`, else a refusal; what went wrong is in problem details. `shown` is added."""
    body = {"verified": found.verdict == "valid", **shown, "problemDetails": problem_details(found)}
    return JSONResponse(body, OK if body["verified"] else problems.NOT_VERIFIED)


def unreadable(error: CredentialError) -> Verification:
    """Bytes that are no credential at all are as little verified as any."""
    return Verification().with_check(Check.from_error("form", error))


def problem_details(found: Verification) -> list[dict[str, str]]:
    """What failed, what could not be checked, and the warnings, in the order of the checks."""
    ordered = (*_TROUBLE, Outcome.WARNING)
    wrong = [check for outcome in ordered for check in found.checks if check.outcome is outcome]
    inner = [detail for part in found.parts for detail in problem_details(part.verification)]
    return [_detail(check) for check in wrong if check.code != "not_reached"] + inner


def _detail(check: Check) -> dict[str, str]:
    code = check.code or check.name
    return {"type": _type(check.name, code), "title": _title(code), "detail": check.message, "code": code}


def _type(name: str, code: str) -> str:
    """The specification's own type of problem where it has one."""
    own = f"{problems.TYPES}{code}"
    return own if code in _OWN else _BY_CODE.get(code) or _BY_CHECK.get(name, own)


def _title(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _refusal(problem: Mapping[str, Any], about: str = "request") -> Response:
    code = str(problem["code"])
    own = {"type": _type(about, code), "title": problem["title"], "detail": problem["detail"], "code": code}
    return problems.problem_response({**problem, "problemDetails": [own]})


def _request_id(request: Request) -> str:
    return str(request.scope.get(REQUEST_ID, ""))
