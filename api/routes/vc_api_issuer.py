"""The VC API's issuer (VCALM 1.0, 3.2), of a test run only: the application of a bank does not have these routes."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from api.accepted import JSON_CREDENTIAL, named
from api.schemas.vc_api import (
    CredentialToDerive,
    CredentialToIssue,
    IssuedCredential,
    IssueOptions,
    StatusUpdate,
)
from api.vc_api_answers import VcApiRoute
from credentials import data_integrity
from credentials.errors import UnsupportedFormat
from creditbank.errors import NotFound
from creditbank.vc_api_issuer import DEFAULT, LocalIssuer
from creditbank.vc_api_issuer import Request as IssueRequest
from creditbank.vc_api_run import SuiteRun

router = APIRouter(route_class=VcApiRoute, tags=["VC API test run"])
CREATED = 201
JWT = "vc+jwt"


async def _run(request: Request) -> SuiteRun:
    run: SuiteRun = request.app.state.suite_run
    return run


Run = Annotated[SuiteRun, Depends(_run)]


@router.get("/issuers", operation_id="vcApiIssuers", summary="The local issuers")
def issuers(run: Run) -> list[dict[str, Any]]:
    """Each with its DID, where it issues, and the suites' tags and key types: what a suite's configuration needs."""
    return [_described(run, issuer) for issuer in run.issuers.values()]


@router.post(
    "/credentials/issue", status_code=CREATED, operation_id="vcApiIssueCredential", summary="Issue a credential"
)
def issue(given: CredentialToIssue, run: Run) -> IssuedCredential:
    """By the issuer that the options ask for, else by the one whose DID the credential names."""
    return _issued(given, _chosen(given, run))


@router.post(
    "/issuers/{name}/credentials/issue",
    status_code=CREATED,
    operation_id="vcApiIssueCredentialBy",
    summary="Issue a credential by one issuer",
)
def issue_by(name: str, given: CredentialToIssue, run: Run) -> IssuedCredential:
    """By the local issuer of this name."""
    return _issued(given, _named(name, run))


@router.post(
    "/credentials/derive",
    status_code=CREATED,
    operation_id="vcApiDeriveCredential",
    summary="Disclose a part of a credential",
)
def derive(given: CredentialToDerive, run: Run) -> IssuedCredential:
    """From a base proof of `ecdsa-sd-2023`, a credential that shows only what was chosen and what must stay."""
    pointers = given.options.selective_pointers
    derived = data_integrity.derive(given.credential, pointers, contexts=run.contexts)
    return IssuedCredential(verifiableCredential=derived)


@router.post("/credentials/status", operation_id="vcApiUpdateStatus", summary="Set the status of a credential")
def set_status(given: StatusUpdate, run: Run) -> dict[str, Any]:
    """Of one that was issued here. The list shows it at once."""
    run.status.set(given.credential_id, given.credential_status.purpose, value=given.status)
    return {}


@router.get("/status/{key}/{purpose}", operation_id="vcApiStatusList", summary="A status list")
def status_list(key: str, purpose: str, request: Request, run: Run) -> Response:
    """Signed now, by the issuer of the credentials in it."""
    media_type = named(request.headers.get("accept", ""), JSON_CREDENTIAL)
    return JSONResponse(run.status.signed(f"{key}/{purpose}", _now()), media_type=media_type)


def _issued(given: CredentialToIssue, issuer: LocalIssuer) -> IssuedCredential:
    options = given.options
    new_id = options.credential_id or f"urn:uuid:{uuid4()}"
    pointers = tuple(options.mandatory_pointers)
    request = IssueRequest(given.credential, _now(), new_id, pointers, options.status_purpose)
    return IssuedCredential(verifiableCredential=issuer.issue(request))


def _chosen(given: CredentialToIssue, run: SuiteRun) -> LocalIssuer:
    """The one asked for by suite; among several, or where nothing is asked, the one that the credential names."""
    claimed = given.credential.get("issuer")
    did = claimed.get("id") if isinstance(claimed, dict) else claimed
    fitting = [issuer for issuer in run.issuers.values() if _fits(issuer, given.options)]
    if not fitting:
        raise UnsupportedFormat("unsupported_cryptosuite", supported=", ".join(run.issuers))
    own = [issuer for issuer in fitting if issuer.did == did]
    return (own or fitting)[0]


def _fits(issuer: LocalIssuer, options: IssueOptions) -> bool:
    suite = issuer.securing.cryptosuite
    if options.cryptosuite is not None:
        return suite == options.cryptosuite
    if options.type in (JWT, "JWT"):
        return suite is None
    return options.type in (None, "DataIntegrityProof")


def _named(name: str, run: SuiteRun) -> LocalIssuer:
    if name not in run.issuers:
        raise NotFound("issuer")
    return run.issuers[name]


def _described(run: SuiteRun, issuer: LocalIssuer) -> dict[str, Any]:
    securing = issuer.securing
    tags = ["vc-api", "vc2.0", "BitstringStatusList", "Revocation", securing.cryptosuite or "EnvelopingProof"]
    return {
        "name": securing.name,
        "id": issuer.did,
        "endpoint": f"{run.base_url}/issuers/{securing.name}/credentials/issue",
        "tags": tags,
        "supportedEcdsaKeyTypes": list(securing.key_types),
        "default": securing.name == DEFAULT,
    }


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
