"""The VC API's verifier (VCALM 1.0, 3.3): a credential or a presentation, with everything it holds, in one answer."""

from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Request, Response

from api.door import canonical_bytes
from api.schemas.vc_api import CredentialToVerify, PresentationToVerify, VerifyResult
from api.vc_api_answers import VcApiRoute, unreadable, verified
from credentials.checks import Verification
from credentials.errors import CredentialError

router = APIRouter(route_class=VcApiRoute, tags=["VC API"])
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": VerifyResult, "description": "Every check passed."},
    "default": {"model": VerifyResult, "description": "It does not verify; why is in problemDetails."},
}


class Examiner(Protocol):
    """Who verifies: the bank by its registry, or the local verifier of a test run."""

    def credential(self, data: bytes) -> Verification:
        """Every check of a credential. Raises CredentialError where the bytes are none."""

    def presentation(self, data: bytes, challenge: str | None, domain: str | None) -> Verification:
        """Every check of a presentation and of all inside it. Raises CredentialError where the bytes are none."""


async def _examiner(request: Request) -> Examiner:
    examiner: Examiner = request.app.state.examiner
    return examiner


Asked = Annotated[Examiner, Depends(_examiner)]


@router.post(
    "/credentials/verify",
    operation_id="vcApiVerifyCredential",
    summary="Verify a credential",
    response_class=Response,
    responses=_ANSWERS,
)
def verify_credential(given: CredentialToVerify, examiner: Asked) -> Response:
    """Every check is made, whatever `options.checks` asks for. Nothing is kept."""
    shown = {"credential": given.credential} if given.options.return_credential else {}
    try:
        found = examiner.credential(canonical_bytes(given.credential))
    except CredentialError as error:
        found = unreadable(error)
    return verified(found, shown)


@router.post(
    "/presentations/verify",
    operation_id="vcApiVerifyPresentation",
    summary="Verify a presentation",
    response_class=Response,
    responses=_ANSWERS,
)
def verify_presentation(given: PresentationToVerify, examiner: Asked) -> Response:
    """The presentation's own proof, challenge and domain, and every credential inside it. Nothing is kept."""
    options = given.options
    shown = {"verifiablePresentation": given.presentation} if options.return_presentation else {}
    try:
        found = examiner.presentation(canonical_bytes(given.presentation), options.challenge, options.domain)
    except CredentialError as error:
        found = unreadable(error)
    return verified(found, shown)
