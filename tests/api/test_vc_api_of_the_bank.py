"""The bank behind the VC API's verifier: its registry decides, and what nobody accredited is never verified."""

import json
from datetime import timedelta
from typing import Any

import pytest

from credentials import presentation_signing
from credentials.keys import PrivateKey
from tests.api.http_world import Http, outcome
from tests.api.suite_world import OLD, PLAIN, codes, open_suite

WALLET = PrivateKey.from_bytes("EdDSA", bytes([9]) * 32)
HOLDER = WALLET.public_key.did_key()


@pytest.fixture
def badge(http: Http) -> dict[str, Any]:
    """A badge that an accredited school has had issued here."""
    made = http.school().made("/v1/credentials", {**outcome(), "format": "eddsa-rdfc-2022"})
    found: dict[str, Any] = json.loads(made["credential"])
    return found


def verified(http: Http, credential: Any) -> Any:
    return http.client.post("/credentials/verify", json={"verifiableCredential": credential})


def presented(http: Http, *credentials: Any) -> Any:
    signed = presentation_signing.sign(
        presentation_signing.presentation(credentials, holder=HOLDER),
        WALLET,
        verification_method=f"{HOLDER}#{WALLET.public_key.multibase()}",
        created=http.now - timedelta(minutes=1),
        challenge="c-1",
        domain="bank.example",
    )
    options = {"challenge": "c-1", "domain": "bank.example"}
    return http.client.post("/presentations/verify", json={"verifiablePresentation": signed, "options": options})


def test_a_badge_of_an_accredited_school_is_verified(http: Http, badge: dict[str, Any]) -> None:
    answer = verified(http, badge)
    assert (answer.status_code, answer.json()["verified"]) == (200, True), answer.text
    badge["name"] = {"en": "Another"} if isinstance(badge.get("name"), dict) else "Another"
    assert codes(verified(http, badge))[0] == "bad_signature"


def test_a_good_signature_by_nobody_in_particular_is_not_verified(http: Http) -> None:
    """I22; the credential of a test run is such a one."""
    answer = verified(http, open_suite().issued(OLD))
    assert answer.status_code == 422
    assert answer.json()["verified"] is False


def test_contexts_of_the_suites_are_unknown_to_the_bank(http: Http) -> None:
    context = [*PLAIN["@context"], "https://www.w3.org/ns/credentials/examples/v2"]
    assert codes(verified(http, open_suite().issued({**PLAIN, "@context": context})))[0] == "context_not_allowed"


def test_a_presentation_is_verified_with_what_the_bank_knows(http: Http, badge: dict[str, Any]) -> None:
    answer = presented(http, badge)
    assert answer.status_code == 200, answer.text
    assert "holder_not_subject" in codes(answer)
    stranger = presented(http, badge, open_suite().issued(OLD))
    assert (stranger.status_code, stranger.json()["verified"]) == (422, False)


def test_a_presentation_of_very_many_credentials_is_not_begun(http: Http) -> None:
    one = open_suite().issued(OLD)
    many = presentation_signing.presentation([{**one, "id": f"urn:uuid:{n}"} for n in range(21)], holder=HOLDER)
    answer = http.client.post("/presentations/verify", json={"verifiablePresentation": many})
    assert codes(answer) == ["too_complex"]


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("*/*", "application/vc"),
        ("application/vc, application/json", "application/vc"),
        ("application/ld+json, application/json", "application/ld+json"),
        ("application/json;q=0.9", "application/json"),
        ("text/html", "application/vc"),
    ],
)
def test_a_status_list_goes_by_the_name_that_its_reader_knows(
    http: Http, badge: dict[str, Any], accept: str, form: str
) -> None:
    """Clients that read JSON only where the type says so ask for it; the bytes are the same."""
    entries = badge["credentialStatus"]
    entry = entries[0] if isinstance(entries, list) else entries
    answer = http.client.get(entry["statusListCredential"], headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"], answer.headers["vary"]) == (200, form, "Accept")
    assert answer.json()["issuer"] == badge["issuer"]["id"]
