"""A test run of the VC API as a suite's client sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from api.vc_api import create_suite_app
from creditbank.vc_api_run import SuiteRun, suite_run

BASE = "https://suite.example"
V2 = "https://www.w3.org/ns/credentials/v2"
V1 = "https://www.w3.org/2018/credentials/v1"
PLAIN: dict[str, Any] = {
    "@context": [V2],
    "type": ["VerifiableCredential"],
    "issuer": "did:example:whoever",
    "credentialSubject": {"id": "did:example:alice", "name": "Alice"},
}
OLD: dict[str, Any] = {**PLAIN, "@context": [V1], "credentialSubject": {"id": "did:example:alice"}}
"""Of version 1.1, which has no word for the status that is given to others."""


@dataclass
class Suite:
    """The application over one run, and what suites say to it."""

    run: SuiteRun
    client: TestClient

    def issue(self, credential: Mapping[str, Any] = PLAIN, name: str | None = None, **options: Any) -> Response:
        path = f"/issuers/{name}/credentials/issue" if name else "/credentials/issue"
        return self.client.post(path, json={"credential": dict(credential), "options": options})

    def issued(self, credential: Mapping[str, Any] = PLAIN, name: str | None = None, **options: Any) -> dict[str, Any]:
        answer = self.issue(credential, name, **options)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()["verifiableCredential"]
        return found

    def verify(self, credential: Any, **options: Any) -> Response:
        return self.client.post("/credentials/verify", json={"verifiableCredential": credential, "options": options})

    def present(self, presentation: Any, **options: Any) -> Response:
        body = {"verifiablePresentation": presentation, "options": options}
        return self.client.post("/presentations/verify", json=body)


def open_suite() -> Suite:
    run = suite_run(BASE)
    return Suite(run, TestClient(create_suite_app(run, 4_194_304), raise_server_exceptions=False))


def codes(answer: Response) -> list[str]:
    return [detail["code"] for detail in answer.json()["problemDetails"]]
