"""`/1.0/identifiers/{did}`: results, documents, and the registered error for each kind of identifier that is none."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.api.http_world import Http
from tests.api.suite_world import Suite, open_suite

DID = "did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b"
METHOD = f"{DID}#{DID.removeprefix('did:key:')}"
RESULT = 'application/ld+json;profile="https://w3id.org/did-resolution"'
PATH = "/1.0/identifiers/"


@pytest.fixture(scope="module")
def suite() -> Suite:
    return open_suite()


def resolved(suite: Suite, did: str, query: str = "", accept: str = RESULT) -> tuple[int, dict[str, Any]]:
    answer = suite.client.get(f"{PATH}{quote(did, safe='')}{query}", headers={"Accept": accept})
    found: dict[str, Any] = answer.json()
    return answer.status_code, found


def test_a_did_key_resolves_to_its_document(suite: Suite) -> None:
    status, found = resolved(suite, DID)
    assert status == 200
    assert found.keys() == {"@context", "didDocument", "didDocumentMetadata", "didResolutionMetadata"}
    assert found["didDocument"]["id"] == DID
    assert found["didDocument"]["assertionMethod"]


def test_the_document_alone_is_given_where_that_is_asked_for(suite: Suite) -> None:
    for kind in ("application/did+json", "application/did+ld+json", "application/did"):
        answer = suite.client.get(PATH + DID, headers={"Accept": kind})
        assert answer.headers["content-type"] == kind
        assert answer.json()["id"] == DID
    assert "didDocument" in suite.client.get(PATH + DID).json()


def test_a_did_url_gives_the_verification_method(suite: Suite) -> None:
    status, found = resolved(suite, METHOD)
    assert (status, found["didDocument"]["id"], found["didDocument"]["controller"]) == (200, METHOD, DID)
    assert "didDereferencingMetadata" in found


FAULTS: dict[str, tuple[str, str, int, str]] = {
    "no DID": (f"not{DID}", "", 400, "invalidDid"),
    "another method": (DID.replace("key", "experimental", 1), "", 501, "methodNotSupported"),
    "a version that is none": (DID.replace("key:", "key:-4:"), "", 400, "invalidDid"),
    "another base": (DID.replace("key:z", "key:"), "", 400, "invalidDid"),
    "characters that are none": ("did:key:@", "", 400, "invalidDid"),
    "a key of another length": ("did:key:zTjsVPtY", "", 400, "invalidPublicKeyLength"),
    "a path of bad characters": (f"{DID}/^bar^/?query=`#z6Mk", "", 400, "invalidDidUrl"),
    "a format that nobody knows": (DID, "?publicKeyFormat=unknown", 400, "unsupportedPublicKeyType"),
    "an experimental format": (METHOD, "?publicKeyFormat=Ed25519VerificationKey2018", 400, "invalidPublicKeyType"),
    "a host that is not asked": ("did:web:elsewhere.example", "", 404, "notFound"),
    "a host with a port": ("did:web:localhost%3A8443", "", 404, "notFound"),
}


@pytest.mark.parametrize(("did", "query", "status", "error"), FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_has_its_registered_name(suite: Suite, did: str, query: str, status: int, error: str) -> None:
    answered, found = resolved(suite, did, query)
    metadata = found.get("didDereferencingMetadata") or found["didResolutionMetadata"]
    assert (answered, metadata["error"]) == (status, error)
    assert found["didDocument"] == {}


def test_a_did_may_stand_in_the_path_as_it_is(suite: Suite) -> None:
    """did:web has a percent-encoded port of its own, which one decoding too many would destroy."""
    answer = suite.client.get(f"{PATH}did:web:localhost%3A8443")
    assert answer.json()["didResolutionMetadata"]["error"] == "notFound"
    answer = suite.client.get(f"{PATH}{DID}%23{DID.removeprefix('did:key:')}")
    assert answer.json()["didDocument"]["controller"] == DID


def test_the_bank_resolves_what_it_publishes_without_asking_anybody(http: Http) -> None:
    http.world.school("hanbit")
    did = "did:web:bank.example:issuers:hanbit"
    found = http.client.get(PATH + did).json()["didDocument"]
    assert found == http.client.get("/issuers/hanbit/did.json").json()
    for other in ("did:web:bank.example:issuers:nobody", "did:web:elsewhere.example"):
        assert http.client.get(PATH + other).status_code in (404, 502)
