"""Verification for anybody, in sentences: the report, its language, its receipt; and the bundle to do it offline."""

import json
from datetime import timedelta
from typing import Any

import pytest

from credentials.baking import bake_png
from credentials.checks import Outcome
from credentials.jws import read_compact
from credentials.keys import PublicKey
from credentials.pdf_attachment import MAX_PDF_BYTES
from creditbank.offline.judging import Judge
from creditbank.trust_bundle import read_bundle
from creditbank.trust_export import TrustBundles
from creditbank.verification_receipt import check_receipt, read_receipt
from tests.api.http_world import Http, outcome, refused
from tests.credential_samples import png


def issued(http: Http, **facts: Any) -> dict[str, Any]:
    """A badge of an accredited school, deposited."""
    made: dict[str, Any] = http.school().made("/v1/credentials", outcome(**facts))
    return made


def verified(http: Http, credential: Any, query: str = "", language: str | None = None) -> dict[str, Any]:
    headers = {"Accept-Language": language} if language else {}
    answer = http.client.post(f"/v1/verify{query}", json={"credential": credential}, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def statement_key(http: Http) -> PublicKey:
    """The bank's key for statements, as anybody finds it."""
    keys = http.client.get("/.well-known/jwks.json").json()["keys"]
    thumbprint = http.world.bank.office.vault.statement_key.public_key.thumbprint()
    return PublicKey.from_jwk(next(key for key in keys if key["kid"] == thumbprint))


def test_the_answer_has_a_report_in_the_language_asked_for(http: Http) -> None:
    credential = issued(http)["credential"]
    plain = verified(http, credential)
    assert (plain["verdict"], plain["report"]["verdict"], plain["receipt"]) == ("valid", "valid", None)
    assert plain["report"]["headline"] == "This certificate is genuine and in force."
    assert plain["report"]["certificate"]["issuer"]["name"] == "Hanbit"
    assert plain["report"]["certificate"]["credits"] == "3"
    assert {check["name"] for check in plain["report"]["checks"]} >= {
        "signature",
        "accreditation",
        "record",
        "inclusion",
    }
    answer = http.client.post(
        "/v1/verify", json={"credential": credential}, headers={"Accept-Language": "ko-KR, en;q=0.5"}
    )
    assert (answer.headers["content-language"], answer.headers["vary"]) == ("ko", "Accept-Language")
    assert answer.json()["report"]["certificate"]["title"] == "데이터베이스"
    assert verified(http, credential, language="tlh")["report"]["language"] == "en"
    assert [check["name"] for check in plain["checks"]] == [check["name"] for check in plain["report"]["checks"]]


def test_of_a_forgery_nothing_is_told_but_that(http: Http) -> None:
    token = issued(http)["credential"]
    head, body, signature = token.split(".")
    found = verified(http, f"{head}.{body}.{signature[:-4]}AAAA")
    assert (found["verdict"], found["code"]) == ("invalid", "bad_signature")
    assert found["claimed_issuer"] is found["registered_issuer"] is found["secured"] is found["record"] is None
    assert [check["name"] for check in found["report"]["checks"]] == ["signature"]
    for word in ("Hanbit", "hanbit", "Databases", "데이터베이스", "mina"):
        assert word not in json.dumps(found, ensure_ascii=False)
    junk = verified(http, "eyJhbGciOiJub25lIn0.e30.", language="hi")
    assert junk["report"]["checks"][0]["name"] == "form"
    assert junk["report"]["headline"].startswith("इस प्रमाणपत्र पर भरोसा न करें।")


def test_a_receipt_states_what_was_found_and_checks_offline(http: Http) -> None:
    credential = issued(http)["credential"]
    found = verified(http, credential, "?receipt=true")
    receipt = read_receipt(found["receipt"], statement_key(http))
    check_receipt(receipt, credential.encode(), found["report"])
    assert (receipt.iss, receipt.verdict, receipt.verified_at) == (
        "https://bank.example", "valid", found["report"]["verified_at"],
    )  # fmt: skip
    assert receipt.material.checkpoint == http.client.get("/checkpoint").text
    assert len(receipt.material.status_lists) == 1
    assert len(receipt.material.keys) == 1
    assert "mina" not in json.dumps(read_compact(found["receipt"]).payload)


def test_a_receipt_opens_no_door(http: Http) -> None:
    """S25: neither a credential nor a token, though the bank itself signed it."""
    school = http.school("other")
    receipt = verified(http, "junk", "?receipt=true")["receipt"]
    assert verified(http, receipt)["code"] == "wrong_type"
    refused(school.post("/v1/deposits", {"credential": receipt}), 422, "wrong_type")
    answer = http.client.get("/v1/deposits", headers={"Authorization": f"Bearer {receipt}"})
    assert answer.status_code == 401


def test_a_bundle_verifies_offline_what_the_bank_issued(http: Http) -> None:
    credential = issued(http)["credential"].encode()
    answer = http.client.get("/v1/trust-bundle")
    assert answer.headers["content-type"] == "application/json"
    trust = read_bundle(answer.content, statement_key(http).thumbprint())
    judge = Judge(trust)
    found = judge.verification(credential, None, http.now)
    assert (found.verdict, found.code) == ("valid", None)
    assert found.check("status").outcome is Outcome.PASSED
    assert judge.verification(credential, None, http.now + timedelta(days=2)).code == "status_stale"
    assert judge.verification(credential, None, http.now + timedelta(days=40)).verdict == "indeterminate"


def test_a_bundle_holds_public_data_alone_and_follows_the_registry(http: Http) -> None:
    school = http.school()
    made = school.made("/v1/credentials", outcome())
    before = http.client.get("/v1/trust-bundle").text
    for secret in ("mina", "sealed", "private", "proposed_by", made["deposit"]["learner"], made["credential_id"]):
        assert secret not in before
    assert http.client.get("/v1/trust-bundle").text == before  # at hand for five minutes
    http.world.school("second", accredited=False)
    after = read_bundle(http.client.get("/v1/trust-bundle").content).contents
    assert [issuer.id for issuer in after.issuers] == ["hanbit", "second"]
    assert after.issuers[1].accreditations == []


def test_a_revocation_is_in_the_next_bundle(http: Http) -> None:
    school = http.school()
    made = school.made("/v1/credentials", outcome())
    school.made(f"/v1/credentials/{made['credential_id']}/revocation", {"reason": "Issued in error."})
    bundle = read_bundle(TrustBundles(http.world.bank).export())
    found = Judge(bundle).verification(made["credential"].encode(), None, http.now)
    assert (found.verdict, found.code) == ("invalid", "revoked")


@pytest.mark.parametrize("form", ["vc-jwt", "eddsa-jcs-2022", "eddsa-rdfc-2022"])
def test_the_bank_and_the_bundle_agree(http: Http, form: str) -> None:
    credential = issued(http, format=form)["credential"]
    text = credential if isinstance(credential, str) else json.dumps(credential)
    offline = Judge(read_bundle(http.client.get("/v1/trust-bundle").content)).verification(
        text.encode(), None, http.now
    )
    assert offline.verdict == verified(http, credential)["verdict"] == "valid"


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "application/octet-stream"}])
def test_a_file_of_no_stated_type_is_known_by_its_content(http: Http, headers: dict[str, str]) -> None:
    token = issued(http)["credential"].encode()
    for data in (token, bake_png(png(), token.decode())):
        answer = http.client.post("/v1/verify", content=data, headers=headers)
        assert (answer.status_code, answer.json().get("verdict")) == (200, "valid")
    assert http.client.post("/v1/verify", content=b"\x00\x01", headers=headers).json()["code"] == "malformed_json"


def test_a_presentation_is_told_where_to_go(http: Http) -> None:
    shown = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"]}
    answer = http.client.post("/v1/verify", json=shown).json()
    assert (answer["verdict"], answer["code"]) == ("invalid", "unsupported_format")
    assert "/presentations/verify" in answer["report"]["checks"][0]["details"]["message"]


def test_a_pdf_document_may_be_as_long_as_one_is_read(http: Http) -> None:
    headers = {"Content-Type": "application/pdf"}
    long = b"%PDF-1.7\n" + bytes(MAX_PDF_BYTES - 9)
    assert http.client.post("/v1/verify", content=long, headers=headers).json()["code"] == "malformed_pdf"
    refused(http.client.post("/v1/verify", content=long + b"\n", headers=headers), 413, "too_large")
    refused(http.client.post("/v1/verify", content=long, headers={"Content-Type": "image/png"}), 413, "too_large")
