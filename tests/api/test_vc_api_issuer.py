"""The VC API's issuer in a test run: its own name, its own status lists, and no credential that could not verify."""

from typing import Any

import pytest

from credentials.keys import PublicKey
from tests.api.suite_world import BASE, OLD, PLAIN, V2, Suite, codes, open_suite

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
LISTED = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}


@pytest.fixture(scope="module")
def suite() -> Suite:
    return open_suite()


def test_it_issues_in_its_own_name_with_an_id_a_status_and_a_proof(suite: Suite) -> None:
    credential = suite.issued()
    assert credential["issuer"] == suite.run.issuers["eddsa-rdfc-2022"].did
    assert credential["id"].startswith("urn:uuid:")
    assert credential["credentialStatus"]["type"] == "BitstringStatusListEntry"
    assert credential["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
    assert credential["credentialSubject"] == PLAIN["credentialSubject"]


def test_whatever_issuer_is_named_nothing_is_signed_in_that_name(suite: Suite) -> None:
    """I19: who signs for strangers signs for nobody else."""
    for issuer in ("did:web:hanbit.ac.kr", {"id": "https://hanbit.ac.kr", "name": "Hanbit"}):
        found = suite.issued({**PLAIN, "issuer": issuer})["issuer"]
        assert (found["id"] if isinstance(found, dict) else found) == suite.run.issuers["eddsa-rdfc-2022"].did


def test_an_old_credential_gets_what_its_version_needs(suite: Suite) -> None:
    credential = suite.issued(OLD)
    assert credential["@context"][1] == "https://w3id.org/security/data-integrity/v2"
    assert "issuanceDate" in credential and "credentialStatus" not in credential
    assert suite.verify(credential).status_code == 200


@pytest.mark.parametrize("context", [[V2, EXAMPLES], [V2, {"Boat": "https://boats.example/#Boat"}]])
def test_contexts_of_the_suites_are_known_here(suite: Suite, context: list[Any]) -> None:
    credential = suite.issued({**PLAIN, "@context": context})
    assert credential["@context"] == context
    assert suite.verify(credential).status_code == 200


REFUSED: dict[str, Any] = {
    "no context": {"@context": None},
    "a number for a context": {"@context": 4},
    "a context that is no address": {"@context": [V2, "https ://not-a-url"]},
    "no base context": {"@context": [EXAMPLES, V2]},
    "a number for a type": {"type": 4},
    "no type": {"type": []},
    "a null for a type": {"type": None},
    "no issuer": {"issuer": None},
    "an issuer that is no address": {"issuer": "somebody"},
    "an issuer without an id": {"issuer": {"id": None}},
    "an issuer in an array": {"issuer": []},
    "no subject": {"credentialSubject": None},
    "an empty subject": {"credentialSubject": {}},
    "a subject that is an id": {"credentialSubject": "did:example:alice"},
    "no subjects": {"credentialSubject": []},
    "an id that is none": {"id": "not a url"},
    "an id that is a list": {"id": ["urn:uuid:1"]},
    "an undefined word": {"credentialSubject": {"id": "did:example:a", "undefined": 1}},
    "a status without type": {"credentialStatus": {"id": "urn:uuid:1"}},
    "an end before the start": {"validFrom": "2026-01-02T00:00:00Z", "validUntil": "2026-01-01T00:00:00Z"},
    "a digest that is wrong": {"relatedResource": {"id": V2, "digestSRI": "sha256-" + "A" * 43 + "="}},
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED.keys())
def test_it_signs_nothing_that_is_no_credential(suite: Suite, change: dict[str, Any]) -> None:
    answer = suite.issue({name: value for name, value in {**PLAIN, **change}.items() if value is not None})
    assert answer.status_code == 422, answer.text
    assert len(codes(answer)) == 1
    assert answer.json()["code"] == codes(answer)[0]


@pytest.mark.parametrize("body", [{}, {"verifiableCredential": PLAIN}, {"credential": []}, {"credential": None}])
def test_a_request_of_another_shape_is_refused(suite: Suite, body: Any) -> None:
    answer = suite.client.post("/credentials/issue", json=body)
    assert (answer.status_code, codes(answer)) == (400, ["invalid_request"])


def test_each_way_of_securing_has_an_issuer_of_its_own_key(suite: Suite) -> None:
    listed = suite.client.get("/issuers").json()
    assert len({one["id"] for one in listed}) == len(listed) == len(suite.run.issuers)
    for one in listed:
        assert one["endpoint"] == f"{BASE}/issuers/{one['name']}/credentials/issue"
        kind = {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384"}[one["supportedEcdsaKeyTypes"][0]]
        assert PublicKey.from_did_key(one["id"]).algorithm == kind


def test_one_address_issues_by_every_suite_that_is_asked_for(suite: Suite) -> None:
    assert suite.issued(cryptosuite="ecdsa-jcs-2019")["proof"]["cryptosuite"] == "ecdsa-jcs-2019"
    wanted = suite.run.issuers["ecdsa-rdfc-2019-p384"].did
    assert suite.issued({**PLAIN, "issuer": wanted}, cryptosuite="ecdsa-rdfc-2019")["issuer"] == wanted
    assert suite.issued({**PLAIN, "issuer": wanted})["issuer"] == wanted
    assert suite.issued(type="vc+jwt")["id"].startswith("data:application/vc+jwt,eyJ")
    assert codes(suite.issue(cryptosuite="bbs-2023")) == ["unsupported_cryptosuite"]
    assert codes(suite.issue(type="Ed25519Signature2020")) == ["unsupported_cryptosuite"]
    assert suite.issue(name="nobody").status_code == 404


def test_a_jwt_is_issued_in_its_envelope(suite: Suite) -> None:
    """VC Data Model 2.0, 4.12.1."""
    envelope = suite.issued(name="vc-jwt-es256")
    assert envelope["type"] == "EnvelopedVerifiableCredential"
    for spoilt in ({"@context": []}, {"type": "VerifiableCredential"}, {"id": envelope["id"].partition(",")[2]}):
        assert suite.verify({**envelope, **spoilt}).status_code == 422


def test_part_of_a_credential_is_disclosed(suite: Suite) -> None:
    secret = {"id": "did:example:alice", "name": "Alice", "description": "Likes boats"}
    credential = suite.issued(
        {**PLAIN, "credentialSubject": secret}, "ecdsa-sd-2023", mandatoryPointers=["/issuer", "/credentialStatus"]
    )
    body = {"verifiableCredential": credential, "options": {"selectivePointers": ["/credentialSubject/name"]}}
    answer = suite.client.post("/credentials/derive", json=body)
    assert answer.status_code == 201, answer.text
    derived = answer.json()["verifiableCredential"]
    assert derived["credentialSubject"] == {"id": "did:example:alice", "name": "Alice"}
    assert suite.verify(derived).status_code == 200
    derived["credentialSubject"]["name"] = "Mallory"
    assert suite.verify(derived).status_code == 422


def test_what_cannot_be_derived_is_refused(suite: Suite) -> None:
    plain = suite.issued()
    answer = suite.client.post("/credentials/derive", json={"verifiableCredential": plain})
    assert answer.status_code == 422
    assert suite.client.post("/credentials/derive", json={}).status_code == 400


@pytest.mark.parametrize("name", ["eddsa-rdfc-2022", "ecdsa-jcs-2019-p384", "vc-jwt-es256"])
def test_a_status_is_set_and_cleared(suite: Suite, name: str) -> None:
    credential_id = f"urn:uuid:{name}"
    credential = suite.issued({**PLAIN, "id": credential_id}, name)
    update = {"credentialId": credential_id, "credentialStatus": LISTED}
    assert suite.client.post("/credentials/status", json={**update, "status": True}).status_code == 200
    refused = suite.verify(credential)
    assert (refused.status_code, codes(refused)[0]) == (422, "revoked")
    assert refused.json()["problemDetails"][0]["type"] == "urn:creditbank:problem:revoked"
    assert suite.client.post("/credentials/status", json={**update, "status": False}).status_code == 200
    assert suite.verify(credential).status_code == 200


def test_a_suspension_is_asked_for_by_its_purpose(suite: Suite) -> None:
    credential = suite.issued({**PLAIN, "id": "urn:uuid:s"}, statusPurpose="suspension")
    entry = {"type": "BitstringStatusListEntry", "statusPurpose": "suspension"}
    suite.client.post("/credentials/status", json={"credentialId": "urn:uuid:s", "credentialStatus": entry})
    assert codes(suite.verify(credential))[0] == "suspended"
    assert suite.issue(statusPurpose="gossip").status_code == 404


def test_nobodys_status_is_set(suite: Suite) -> None:
    update = {"credentialId": "urn:uuid:unknown", "credentialStatus": LISTED}
    assert suite.client.post("/credentials/status", json=update).status_code == 404
    assert suite.client.post("/credentials/status", json={"credentialId": "x"}).status_code == 400


def test_the_status_list_is_a_credential_of_the_same_issuer(suite: Suite) -> None:
    credential = suite.issued()
    path = credential["credentialStatus"]["statusListCredential"].removeprefix(BASE)
    for accept, kind in (("application/ld+json, */*", "application/ld+json"), ("*/*", "application/vc")):
        answer = suite.client.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    found = answer.json()
    assert (found["id"], found["issuer"]) == (f"{BASE}{path}", credential["issuer"])
    assert suite.verify(found).status_code == 200
    assert suite.client.get("/status/z6Mk/revocation").status_code == 404


def test_places_in_a_status_list_say_nothing_about_the_order_of_issuing(suite: Suite) -> None:
    places = [int(suite.issued()["credentialStatus"]["statusListIndex"]) for _ in range(8)]
    assert len(set(places)) == 8
    assert places != sorted(places)
