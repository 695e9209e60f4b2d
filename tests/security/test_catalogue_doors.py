"""Rows of the catalogue at other doors: keys, requests, tokens, presentations, batches; and what is not there."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from credentials import presentation_signing
from credentials.keys import PrivateKey
from tests.api.http_world import Speaker, outcome, refused
from tests.security.attacks import everything
from tests.security.catalogue import Scene
from tests.security.catalogue_json import Request, bodies, json_routes, requests
from tests.security.forgeries import SMALL_ORDER, b64, modulus, rsa_jwk
from tests.security.status_world import entry

PROJECT = Path(__file__).parents[2]
WALLET = PrivateKey.from_bytes("EdDSA", bytes([9]) * 32)
HOLDER = WALLET.public_key.did_key()
KEYS: dict[str, tuple[dict[str, Any], str]] = {
    "S04 a shared secret": ({"kty": "oct", "k": b64(b"s" * 32)}, "key_type_not_allowed"),
    "S05 with its private part": ({**WALLET.public_key.jwk(), "d": b64(bytes([9]) * 32)}, "private_key_published"),
    "S07 RSA of 1024 bits": (rsa_jwk(modulus(1024)), "weak_key"),
    "S07 RSA with exponent 3": (rsa_jwk(2**2047 + 1, 3), "weak_key"),
    "S07 RSA with an even modulus": (rsa_jwk(2**2048), "weak_key"),
    "S07 RSA of 16384 bits": ({"kty": "RSA", "n": b64(b"\xff" * 700), "e": "AQAB"}, "weak_key"),
    "S08 the identity point": ({"kty": "OKP", "crv": "Ed25519", "x": b64(bytes.fromhex(SMALL_ORDER[0]))},
                               "small_order_key"),
}  # fmt: skip


@contextmanager
def nothing_happens(scene: Scene) -> Iterator[None]:
    """No row and no leaf is written, and nobody is asked."""
    before = everything(scene.world)
    scene.network.asked.clear()
    yield
    assert everything(scene.world) == before
    assert (scene.network.asked, scene.network.dialled) == ([], [])


@pytest.fixture
def desk(scene: Scene) -> Speaker:
    if "desk" not in scene.http.keys:
        scene.http.register("desk", "administrator")
    return scene.http.speaker("desk")


@pytest.mark.parametrize(("jwk", "code"), KEYS.values(), ids=KEYS.keys())
def test_such_a_key_is_registered_for_nobody(scene: Scene, desk: Speaker, jwk: dict[str, Any], code: str) -> None:
    client = {"id": "c", "name": "C", "role": "employer", "scopes": ["quotes:write"], "public_jwk": jwk}
    with nothing_happens(scene):
        refused(scene.counter.post("/v1/issuers/seoul/keys", {"public_jwk": jwk}), 422, code)
        refused(desk.post("/v1/clients", client), 422, code)


@pytest.mark.parametrize("request_", list(requests()), ids=str)
def test_no_outcome_is_signed_from_such_a_request(scene: Scene, request_: Request) -> None:
    with nothing_happens(scene):
        answer = scene.counter.send("/v1/credentials", request_.body.encode(), "application/json")
        problem = refused(answer, request_.status, request_.code or answer.json()["code"])
    assert problem["code"] in (request_.code, "invalid_request", "out_of_range", "credits_out_of_range")
    assert "99999" not in answer.text


@pytest.mark.parametrize(("body", "kind", "status", "code"), bodies().values(), ids=bodies().keys())
def test_no_route_reads_such_a_body(
    scene: Scene, desk: Speaker, body: bytes, kind: str, status: int, code: str
) -> None:
    routes = json_routes(scene.http.app.openapi())
    assert len(routes) > 15
    with nothing_happens(scene):
        for path, _ in routes:
            answer = desk.send(path.replace("{", "").replace("}", ""), body, kind)
            assert answer.status_code == status, (path, answer.text)
            assert code in answer.text, (path, answer.text)


def test_s25_a_credential_opens_no_door(scene: Scene) -> None:
    badge = scene.signer.sign(scene.signer.document())
    for typ in ("JWT", "at+jwt"):
        token = badge if typ == "JWT" else scene.signed(scene.signer.document(), typ=typ)
        answer = scene.http.client.get("/v1/deposits", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401


@pytest.mark.parametrize("tail", [" ", "\t", "\u00a0", "\n", "\u200b"])
def test_p02_nothing_is_signed_for_a_subject_that_would_vanish(scene: Scene, tail: str) -> None:
    with nothing_happens(scene):
        answer = scene.counter.post("/v1/credentials", outcome(learner={"id": HOLDER + tail}))
        assert answer.status_code == 422
    assert HOLDER not in answer.text


def presented(scene: Scene, **occasion: str) -> dict[str, Any]:
    """A genuine badge in a presentation that a wallet has signed for an occasion."""
    document = presentation_signing.presentation([scene.signer.sign(scene.signer.document())], holder=HOLDER)
    method = f"{HOLDER}#{WALLET.public_key.multibase()}"
    at = scene.world.now - timedelta(minutes=1)
    made: dict[str, Any] = presentation_signing.sign(
        document, WALLET, verification_method=method, created=at, **occasion
    )
    return made


OCCASION = {"challenge": "c-1", "domain": "bank.example"}
OCCASIONS: dict[str, tuple[dict[str, str], dict[str, str], str]] = {
    "P20 another challenge": (OCCASION, {**OCCASION, "challenge": "c-2"}, "challenge_mismatch"),
    "P20 another domain": (OCCASION, {**OCCASION, "domain": "evil.example"}, "domain_mismatch"),
    "T22 no challenge": (OCCASION, {}, "challenge_missing"),
    "T22 a constant": ({**OCCASION, "challenge": "meaningless"}, OCCASION, "challenge_mismatch"),
}


@pytest.mark.parametrize(("made_for", "asked_for", "code"), OCCASIONS.values(), ids=OCCASIONS.keys())
def test_p20_t22_a_presentation_for_another_occasion(
    scene: Scene, made_for: dict[str, str], asked_for: dict[str, str], code: str
) -> None:
    with nothing_happens(scene):
        body = {"verifiablePresentation": presented(scene, **made_for), "options": asked_for}
        answer = scene.http.client.post("/presentations/verify", json=body)
    assert (answer.status_code, answer.json()["verified"]) == (422, False), answer.text
    assert code in json.dumps(answer.json()["problemDetails"]), answer.text


def test_p38_no_newer_version_is_asked_for(scene: Scene) -> None:
    """Off by default, whatever the credential says."""
    with nothing_happens(scene):
        token = scene.signer.sign(scene.signer.document()).encode()
        refused(scene.counter.send("/v1/refresh", token, "text/plain"), 422, "refresh_off")


def test_t19_what_could_not_be_checked_is_not_verified(scene: Scene) -> None:
    """For an employer's program that looks at one member only."""
    badge = scene.seoul.badge(entry("nowhere")).decode()
    envelope = {"@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential"}
    given = {**envelope, "id": f"data:application/vc+jwt,{badge}"}
    answer = scene.http.client.post("/credentials/verify", json={"verifiableCredential": given})
    assert (answer.status_code, answer.json()["verified"]) == (422, False), answer.text
    assert "status_unavailable" in answer.text


def test_i13_nobody_registers_somebody_elses_identifier(scene: Scene, desk: Speaker) -> None:
    """Neither one that this bank serves, nor one that another institution came with."""
    body = {"id": "second", "kind": "higher", "name": {"en": "Second"}, "country": "FI"}
    desk.made("/v1/issuers", {**body, "id": "far", "did": "did:web:far.example"})
    with nothing_happens(scene):
        served = scene.signer.document()["issuer"]["id"]
        refused(desk.post("/v1/issuers", {**body, "did": served}), 422, "did_of_another")
        refused(desk.post("/v1/issuers", {**body, "did": "did:web:far.example"}), 409, "issuer_exists")
        refused(scene.counter.post("/v1/issuers", body), 403, "insufficient_scope")


def test_i23_each_item_of_a_batch_is_checked_itself(scene: Scene) -> None:
    """A different item is bad in each of six batches, and it alone is refused, at its own place."""
    size = 6
    for bad in range(size):
        tokens = [scene.signer.sign(scene.signer.document()) for _ in range(size)]
        tokens[bad] = tokens[bad][:-8] + "AAAAAAAA"
        before = everything(scene.world)
        made = scene.counter.made("/v1/deposits/batch", {"items": [{"credential": token} for token in tokens]})
        assert [item["status"] for item in made["items"]] == [422 if at == bad else 201 for at in range(size)]
        assert made["items"][bad]["problem"]["code"] in ("bad_signature", "malformed_jws")
        assert everything(scene.world)["bank.deposit"] - before["bank.deposit"] == size - 1


def test_d11_nothing_that_is_answered_runs_in_a_browser(scene: Scene) -> None:
    """Every answer forbids every kind of content, also those about a drawing with a script; pictures are redrawn."""
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
    headers = {"Content-Type": "image/svg+xml"}
    for answer in (
        scene.http.client.post("/v1/verify", content=drawing, headers=headers),
        scene.counter.send("/v1/deposits", drawing, "image/svg+xml"),
        scene.http.client.get("/health/live"),
    ):
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "alert" not in answer.text


def test_d16_only_the_forms_of_a_pack_write_tables() -> None:
    """Whoever adds another export that a spreadsheet would open has to think of formulas."""
    found = [
        str(path.relative_to(PROJECT))
        for package in ("api", "creditbank", "credentials", "issuers", "recognition_rules")
        for path in sorted((PROJECT / package).rglob("*.py"))
        if any(word in path.read_text("utf-8") for word in ("csv.writer", "DictWriter", "openpyxl", "xlsxwriter"))
    ]
    assert found == [f"recognition_rules/authoring/{form}_form.py" for form in ("csv", "xlsx")]
