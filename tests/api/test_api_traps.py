"""The traps at the head of the security catalogue, through HTTP: refused with a code, and nothing booked or fetched.

The bank's fetcher fails the test if a refusal causes an outbound request (it would show as an internal error).
"""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from credentials.baking import bake_png, bake_svg
from credentials.data_integrity import sign
from credentials.keys import PrivateKey
from tests.api.http_world import Http, Speaker, outcome, refused
from tests.bank_world import OwnSigner
from tests.credential_samples import png


@pytest.fixture
def signer(http: Http) -> OwnSigner:
    return http.world.own_signer()


@pytest.fixture
def school(http: Http, signer: OwnSigner) -> Speaker:
    return http.speaker(http.register("own-sis", "issuer", issuer="selfsigner"))


@contextmanager
def nothing_booked(http: Http) -> Iterator[None]:
    before = http.world.counts()
    yield
    assert http.world.counts() == before


def both_refuse(http: Http, school: Speaker, credential: Any, code: str, status: int = 422) -> None:
    """Refused at the counter with a code, and invalid at verification with the same."""
    with nothing_booked(http):
        refused(school.post("/v1/deposits", {"credential": credential}), status, code)
        verdict = http.client.post("/v1/verify", json={"credential": credential}).json()
        assert (verdict["verdict"], verdict["code"]) == ("invalid", code)


def status_entry(url: str, index: str = "1") -> dict[str, str]:
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": index,
        "statusListCredential": url,
    }


def test_trap_1_a_subject_with_a_space_is_signed_by_nobody_and_accepted_from_nobody(
    http: Http, school: Speaker, signer: OwnSigner
) -> None:
    spaced = http.world.wallet.public_key.did_key() + " "
    hosted = http.school()
    with nothing_booked(http):
        refused(hosted.post("/v1/credentials", outcome(learner={"id": spaced})), 422, "invalid_request")
    document = signer.document()
    document["credentialSubject"]["id"] = spaced
    both_refuse(http, school, json.dumps({**document, "proof": {"type": "DataIntegrityProof"}}), "malformed_iri")


def test_trap_1_what_no_context_defines_is_not_covered_by_a_signature(http: Http, school: Speaker) -> None:
    hosted = http.school()
    issued = json.loads(hosted.made("/v1/credentials", outcome(format="eddsa-rdfc-2022"))["credential"])
    issued["credentialSubject"]["admin"] = True
    both_refuse(http, school, json.dumps(issued), "data_loss_detected")
    replaced = {**issued, "@context": [*issued["@context"], {"creditsEarned": "@index"}]}
    both_refuse(http, school, json.dumps(replaced), "context_not_allowed")


def test_trap_2_a_raw_newline_in_an_iri_hides_nothing(http: Http, school: Speaker, signer: OwnSigner) -> None:
    document = signer.document()
    document["credentialSubject"]["id"] = "did:key:z6Mk\n"
    both_refuse(http, school, {**document, "proof": {"type": "DataIntegrityProof"}}, "malformed_iri")


def test_a_forged_and_a_tampered_credential(http: Http, school: Speaker, signer: OwnSigner) -> None:
    token = signer.sign(signer.document())
    header, payload, signature = token.split(".")
    both_refuse(http, school, f"{header}.{payload}.{'A' * len(signature)}", "bad_signature")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["credentialSubject"]["creditsEarned"] = 300
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    both_refuse(http, school, f"{header}.{changed}.{signature}", "bad_signature")


def test_trap_4_a_public_key_is_no_secret_and_none_is_no_algorithm(
    http: Http, school: Speaker, signer: OwnSigner
) -> None:
    _, payload, signature = signer.sign(signer.document()).split(".")
    for algorithm in ("none", "HS256", "None"):
        header = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "kid": signer.key_id}).encode()).decode()
        both_refuse(http, school, f"{header.rstrip('=')}.{payload}.{signature}", "alg_not_allowed")


def test_an_issuer_that_nobody_knows_is_never_valid_and_earns_nothing(http: Http, school: Speaker) -> None:
    """I22: a valid signature by nobody in particular."""
    key = PrivateKey.generate("EdDSA")
    stranger = OwnSigner(
        http.world, http.world.school("known"), key, f"{key.public_key.did_key()}#{key.public_key.multibase()}"
    )
    document = stranger.document()
    document["issuer"] = {"id": key.public_key.did_key(), "type": ["Profile"], "name": "Nobody"}
    secured = sign(document, key, cryptosuite="eddsa-jcs-2022", verification_method=stranger.key_id, created=http.now)
    verdict = http.client.post("/v1/verify", json=secured).json()
    assert (verdict["verdict"], verdict["code"]) == ("indeterminate", "untrusted_issuer")
    deposit = school.made("/v1/deposits", {"credential": secured})
    assert (deposit["state"], deposit["reason"]) == ("held", "issuer_unknown")


def test_trap_9_no_index_reads_somebody_elses_bit(http: Http, school: Speaker, signer: OwnSigner) -> None:
    for index in ("-1", "-128", "1.0", "٣"):
        document = signer.document()
        document["credentialStatus"] = status_entry("https://bank.example/status/0", index)
        both_refuse(http, school, signer.sign(document), "range_error")


def test_trap_10_two_badges_in_one_image(http: Http, school: Speaker, signer: OwnSigner) -> None:
    first, second = (signer.sign(signer.document()) for _ in range(2))
    baked = bake_png(png(), first)
    chunk = bake_png(png(), second)
    start = baked.index(b"iTXt") - 4
    length = int.from_bytes(chunk[chunk.index(b"iTXt") - 4 : chunk.index(b"iTXt")]) + 12
    other = chunk[chunk.index(b"iTXt") - 4 :][:length]
    doubled = baked[:start] + other + baked[start:]
    with nothing_booked(http):
        refused(school.send("/v1/deposits", doubled, "image/png"), 422, "duplicate_badge")


COSTLY = [
    (b'{"@context":' + b'{"a":' * 300 + b"1" + b"}" * 300 + b"}", "too_deep"),
    (b"[" * 20_000, "too_deep"),
]


def test_trap_11_what_is_costly_is_refused_cheaply(http: Http, school: Speaker) -> None:
    headers = {"Content-Type": "application/vc+ld+json"}
    for body, code in COSTLY:
        began = time.process_time()
        refused(school.send("/v1/deposits", body, headers["Content-Type"]), 422, code)
        verdict = http.client.post("/v1/verify", content=body, headers=headers).json()
        assert (verdict["verdict"], verdict["code"]) == ("invalid", code)
        assert time.process_time() - began < 1


def test_trap_12_nobody_approves_by_naming_it(http: Http) -> None:
    desk = http.administrator()
    http.world.school(accredited=False)
    body = {"authority": "NILE", "units": ["ects"], "valid_from": "2020-01-01", "approved_by": "boris"}
    with nothing_booked(http):
        refused(desk.post("/v1/issuers/hanbit/accreditations", body), 422, "invalid_request")


def test_trap_13_a_credential_with_a_member_twice(http: Http, school: Speaker) -> None:
    issued = http.school().made("/v1/credentials", outcome(format="eddsa-jcs-2022"))["credential"]
    twice = issued.replace('"creditsEarned":3', '"creditsEarned":3,"\\u0063reditsEarned":300')
    assert twice != issued
    both_refuse(http, school, twice, "duplicate_json_key")
    both_refuse(http, school, issued.replace('"creditsEarned":3', '"creditsEarned":NaN'), "malformed_number")


HOSTS = ("127.0.0.1", "localhost%3A8080", "169.254.169.254", "good.example%40evil.example", "evil.example")


def test_trap_15_no_identifier_makes_the_bank_call_anybody(
    http: Http, school: Speaker, signer: OwnSigner, subtests: pytest.Subtests
) -> None:
    """None of these is on the list of hosts: no name is resolved, no connection made; the fetcher would fail here."""
    for host in HOSTS:
        document = signer.document()
        document["issuer"] = {"id": f"did:web:{host}", "type": ["Profile"], "name": "X"}
        document["credentialStatus"] = status_entry(f"https://{host}/status")
        token = signer.sign(document)
        with subtests.test(host), nothing_booked(http):
            answer = school.post("/v1/deposits", {"credential": token})
            assert answer.status_code == 422, answer.text
            assert http.client.post("/v1/verify", json={"credential": token}).json()["verdict"] != "valid"


def test_a_status_that_cannot_be_had_is_held_and_never_valid(http: Http, school: Speaker, signer: OwnSigner) -> None:
    """T01, T19."""
    document = signer.document()
    document["credentialStatus"] = status_entry("https://unreachable.example/status")
    token = signer.sign(document)
    deposit = school.made("/v1/deposits", {"credential": token})
    assert (deposit["state"], deposit["reason"]) == ("held", "status_unavailable")
    verdict = http.client.post("/v1/verify", json={"credential": token}).json()
    assert (verdict["verdict"], verdict["code"]) == ("indeterminate", "status_unavailable")


def test_images_with_traps_are_refused(http: Http, school: Speaker, signer: OwnSigner) -> None:
    """D10: a DTD; D07: a broken image."""
    token = signer.sign(signer.document())
    baked = bake_svg(b'<svg xmlns="http://www.w3.org/2000/svg"/>', token)
    start = baked.index(b"<svg")
    with nothing_booked(http):
        doctype = b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        refused(school.send("/v1/deposits", doctype + baked[start:], "image/svg+xml"), 422, "dtd_forbidden")
        refused(school.send("/v1/deposits", bake_png(png(), token)[:-20], "image/png"), 422, "malformed_png")


NO_CREDENTIALS = (b"{}", b"[]", b"null", b'"x"', b"x.y.z", b"eyJ", b"\x89PNG\r\n\x1a\n", b"<svg", b"<", b"\x00\xff")


def test_whatever_is_no_credential_is_invalid_and_no_fault(http: Http, subtests: pytest.Subtests) -> None:
    for body in NO_CREDENTIALS:
        for media_type in ("application/vc+ld+json", "application/vc+jwt", "text/plain", "image/png", "image/svg+xml"):
            with subtests.test(f"{media_type} {body!r}"):
                answer = http.client.post("/v1/verify", content=body, headers={"Content-Type": media_type})
                assert (answer.status_code, answer.json()["verdict"]) == (200, "invalid")
