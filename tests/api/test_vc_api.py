"""The VC API's verifier in a test run: the shapes that the public suites of W3C and CCG send, and what they expect."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from credentials import data_integrity, presentation_signing
from credentials.keys import PrivateKey
from credentials.suite_contexts import suite_contexts
from creditbank.vc_api_verifier import example_keys
from tests.api.suite_world import PLAIN, V2, Suite, codes, open_suite

WALLET = PrivateKey.from_bytes("EdDSA", bytes([7]) * 32)
HOLDER = WALLET.public_key.did_key()
HOLDER_KEY = f"{HOLDER}#{WALLET.public_key.multibase()}"
EXAMPLE_KEY = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"


@pytest.fixture(scope="module")
def suite() -> Suite:
    return open_suite()


@pytest.fixture(scope="module")
def names(suite: Suite) -> list[str]:
    return list(suite.run.issuers)


def presented(credentials: list[Any], **facts: Any) -> dict[str, Any]:
    document = presentation_signing.presentation(credentials, holder=HOLDER)
    how = {"challenge": "c-1", "domain": "bank.example", **facts}
    return presentation_signing.sign(
        document,
        WALLET,
        verification_method=HOLDER_KEY,
        created=datetime.now(UTC),
        contexts=suite_contexts(),
        **how,
    )


def test_every_local_issuer_is_verified(suite: Suite, names: list[str]) -> None:
    assert {"eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019-p384", "vc-jwt-es256"} <= set(names)
    for name in (name for name in names if name != "ecdsa-sd-2023"):
        answer = suite.verify(suite.issued(name=name))
        assert (answer.status_code, answer.json()["verified"]) == (200, True), (name, answer.text)


def test_a_credential_is_given_back_only_where_that_is_asked_for(suite: Suite) -> None:
    credential = suite.issued()
    assert suite.verify(credential, returnCredential=True).json()["credential"] == credential
    assert "credential" not in suite.verify(credential).json()


SPOILT: dict[str, tuple[Any, str]] = {
    "another name": (lambda c: c["credentialSubject"].update(name="Mallory"), "bad_signature"),
    "an undefined word added": (lambda c: c["credentialSubject"].update(undefined="x"), "data_loss_detected"),
    "an undefined type added": (lambda c: c["type"].append("Undefined"), "relative_iri"),
    "no context": (lambda c: c.pop("@context"), "context_not_allowed"),
    "a context that is no array": (lambda c: c.update({"@context": V2}), "context_not_allowed"),
    "a number for a context": (lambda c: c["@context"].append(4), "context_not_allowed"),
    "an unknown context": (lambda c: c["@context"].append("https://evil.example/c"), "context_not_allowed"),
    "no type": (lambda c: c.pop("type"), "malformed_credential"),
    "no issuer": (lambda c: c.pop("issuer"), "malformed_credential"),
    "no subject": (lambda c: c.pop("credentialSubject"), "malformed_credential"),
    "no proof": (lambda c: c.pop("proof"), "no_proof"),
    "a proof without type": (lambda c: c["proof"].pop("type"), "unsupported_cryptosuite"),
    "a proof without key": (lambda c: c["proof"].pop("verificationMethod"), "unknown_key"),
    "a proof without value": (lambda c: c["proof"].pop("proofValue"), "malformed_proof"),
    "a proof without purpose": (lambda c: c["proof"].pop("proofPurpose"), "proof_purpose_mismatch"),
    "another purpose": (lambda c: c["proof"].update(proofPurpose="authentication"), "proof_purpose_mismatch"),
    "another suite": (lambda c: c["proof"].update(cryptosuite="eddsa-2999"), "unsupported_cryptosuite"),
    "another issuer": (lambda c: c.update(issuer=HOLDER), "bad_signature"),
}


@pytest.mark.parametrize(("spoil", "code"), SPOILT.values(), ids=SPOILT.keys())
def test_what_does_not_verify_is_refused_with_problem_details(suite: Suite, spoil: Any, code: str) -> None:
    credential = deepcopy(suite.issued())
    spoil(credential)
    answer = suite.verify(credential)
    assert answer.status_code == 422
    body = answer.json()
    assert body["verified"] is False
    assert codes(answer)[0] == code, answer.text
    for detail in body["problemDetails"]:
        assert detail["title"] and detail["detail"] and detail["type"].partition(":")[0] in ("https", "urn")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("bad_signature", "https://w3id.org/security#PROOF_VERIFICATION_ERROR"),
        ("data_loss_detected", "https://w3id.org/security#DATA_LOSS_DETECTION_ERROR"),
        ("malformed_credential", "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"),
    ],
)
def test_a_problem_has_its_specifications_own_type(suite: Suite, code: str, kind: str) -> None:
    spoil = next(spoil for spoil, found in SPOILT.values() if found == code)
    credential = deepcopy(suite.issued())
    spoil(credential)
    assert suite.verify(credential).json()["problemDetails"][0]["type"] == kind


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"credential": PLAIN},
        {"verifiableCredential": None},
        {"verifiableCredential": [PLAIN]},
        {"verifiableCredential": '{"@context": []}'},
        {"verifiableCredential": PLAIN, "options": 5},
    ],
)
def test_a_request_of_another_shape_is_refused_likewise(suite: Suite, body: Any) -> None:
    answer = suite.client.post("/credentials/verify", json=body)
    assert answer.status_code == 400, answer.text
    assert codes(answer) == ["invalid_request"]


def test_a_body_that_is_no_strict_json_is_a_parsing_error(suite: Suite) -> None:
    twice = b'{"verifiableCredential": {"id": "a", "id": "b"}}'
    answer = suite.client.post("/credentials/verify", content=twice, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["problemDetails"][0]["type"].endswith("#PARSING_ERROR")
    other = suite.client.post("/credentials/verify", content=b"x", headers={"Content-Type": "text/plain"})
    assert (other.status_code, other.json()["problemDetails"][0]["type"]) == (
        415,
        "urn:creditbank:problem:unsupported_media_type",
    )


def test_a_presentation_is_verified_with_all_inside(suite: Suite) -> None:
    credentials = [suite.issued(), suite.issued(name="vc-jwt-eddsa")]
    answer = suite.present(presented(credentials), challenge="c-1", domain="bank.example")
    assert (answer.status_code, answer.json()["verified"]) == (200, True), answer.text
    shown = suite.present(presented(credentials), challenge="c-1", domain="bank.example", returnPresentation=True)
    assert shown.json()["verifiablePresentation"]["holder"] == HOLDER


@pytest.mark.parametrize(
    ("options", "code", "kind"),
    [
        ({"challenge": "c-2", "domain": "bank.example"}, "challenge_mismatch", "INVALID_CHALLENGE_ERROR"),
        ({"domain": "bank.example"}, "challenge_missing", "INVALID_CHALLENGE_ERROR"),
        ({"challenge": "c-1", "domain": "other.example"}, "domain_mismatch", "INVALID_DOMAIN_ERROR"),
        ({"challenge": "c-1"}, "domain_mismatch", "INVALID_DOMAIN_ERROR"),
    ],
)
def test_a_presentation_made_for_another_occasion_is_refused(
    suite: Suite, options: dict[str, Any], code: str, kind: str
) -> None:
    answer = suite.present(presented([suite.issued()]), **options)
    assert answer.status_code == 422
    assert codes(answer)[0] == code
    assert answer.json()["problemDetails"][0]["type"].endswith(f"#{kind}")


def test_a_presentation_is_no_better_than_the_credentials_inside(suite: Suite) -> None:
    forged = deepcopy(suite.issued())
    forged["credentialSubject"]["name"] = "Mallory"
    answer = suite.present(presented([suite.issued(), forged]), challenge="c-1", domain="bank.example")
    assert answer.status_code == 422
    assert {"credential_not_valid", "bad_signature"} <= set(codes(answer))


@pytest.mark.parametrize(
    "presentation",
    [{}, {"type": ["NonconformingDocument"]}, {"@context": [V2], "type": ["VerifiablePresentation"]}],
)
def test_what_is_no_presentation_is_refused(suite: Suite, presentation: dict[str, Any]) -> None:
    assert suite.present(presentation, challenge="c-1").status_code == 422


def test_a_witness_may_sign_beside_the_issuer_and_every_proof_must_hold(suite: Suite) -> None:
    """Data Integrity 1.0, 4.5: here all proofs count, while an Open Badge needs one."""
    how: dict[str, Any] = {"cryptosuite": "eddsa-rdfc-2022", "verification_method": HOLDER_KEY}
    both = data_integrity.sign(suite.issued(), WALLET, created=datetime.now(UTC), **how)
    assert suite.verify(both).status_code == 200
    both["proof"][1]["created"] = "2020-01-01T00:00:00Z"
    assert codes(suite.verify(both))[0] == "bad_signature"


def test_the_examples_of_the_specifications_are_their_issuers_and_nobody_elses(suite: Suite) -> None:
    keys = example_keys("https://vc.example/issuers/5678")
    assert EXAMPLE_KEY in {key.key.did_key() for key in keys.values()}
    assert example_keys("https://vc.example/issuers/5679") == {}
    how: dict[str, Any] = {"cryptosuite": "eddsa-rdfc-2022", "verification_method": HOLDER_KEY}
    claimed = {**PLAIN, "issuer": "https://vc.example/issuers/5678"}
    signed = data_integrity.sign(claimed, WALLET, created=datetime.now(UTC) - timedelta(days=1), **how)
    assert codes(suite.verify(signed))[0] == "controller_mismatch"
