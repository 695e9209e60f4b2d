"""Asked again, done once (L01, L02, L05), and acknowledged only when committed (trap 3)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.api.http_world import Http, Speaker, outcome, refused
from tests.bank_world import open_world


def without_receipt(deposit: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in deposit.items() if name != "receipt"}


def test_the_same_post_64_times_in_parallel_is_one_deposit(http: Http) -> None:
    """L01."""
    signer = http.world.own_signer()
    school = http.speaker(http.register("own-sis", "issuer", issuer="selfsigner"))
    body = {"credential": signer.sign(signer.document())}
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: school.post("/v1/deposits", body, key="k-1"), range(64)))
    assert sorted(answer.status_code for answer in answers) == [200] * 63 + [201]
    assert len({str(without_receipt(answer.json())) for answer in answers}) == 1
    assert http.world.counts()["entries"] == 1


def test_the_same_issuing_8_times_in_parallel_is_one_credential(http: Http) -> None:
    school = http.school()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: school.post("/v1/credentials", outcome(), key="issue-1"), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["credential"] for answer in answers}) == 1
    assert http.world.counts()["entries"] == 1


def test_the_same_key_for_another_body_is_refused(http: Http) -> None:
    """L02."""
    school = http.school()
    school.made("/v1/credentials", outcome(), key="k-1")
    before = http.world.counts()
    refused(school.post("/v1/credentials", outcome(credits="9"), key="k-1"), 422, "idempotency_key_reused")
    refused(school.post("/v1/issuers/hanbit/keys", {"algorithm": "ES256"}, key="k-1"), 422, "idempotency_key_reused")
    assert http.world.counts() == before


def test_a_refused_deposit_leaves_its_key_free(http: Http) -> None:
    """L04: the corrected request may use the same key."""
    signer = http.world.own_signer()
    school = http.speaker(http.register("own-sis", "issuer", issuer="selfsigner"))
    token = signer.sign(signer.document())
    refused(school.post("/v1/deposits", {"credential": token[:-6] + "AAAAAA"}, key="k-1"), 422, "bad_signature")
    assert school.post("/v1/deposits", {"credential": token}, key="k-1").status_code == 201


def test_two_clients_may_use_the_same_key(http: Http) -> None:
    first, second = http.school("hanbit"), http.school("seoul")
    assert (
        first.made("/v1/credentials", outcome(), key="k")["deposit"]["deposit_id"]
        != (second.made("/v1/credentials", outcome(), key="k")["deposit"]["deposit_id"])
    )


def test_the_same_credential_under_new_keys_and_wrappings_is_the_same_deposit(http: Http) -> None:
    """L05; trap 14: padding makes no new credential, and is refused."""
    school = http.school()
    issued = school.made("/v1/credentials", outcome(), key="a")
    again = school.post("/v1/deposits", {"credential": issued["credential"]}, key="b")
    assert (again.status_code, again.json()["deposit_id"]) == (200, issued["deposit"]["deposit_id"])
    raw = school.send("/v1/deposits", issued["credential"].encode(), "application/vc+jwt")
    assert raw.status_code == 200
    refused(school.post("/v1/deposits", {"credential": issued["credential"] + "=="}), 422, "malformed_jws")
    assert http.world.counts()["entries"] == 1


def test_other_content_under_the_same_identity_is_refused(http: Http) -> None:
    signer = http.world.own_signer()
    school = http.speaker(http.register("own-sis", "issuer", issuer="selfsigner"))
    document = signer.document()
    school.made("/v1/deposits", {"credential": signer.sign(document)})
    document["credentialSubject"]["creditsEarned"] = 300
    refused(school.post("/v1/deposits", {"credential": signer.sign(document)}), 409, "already_recorded")


@pytest.mark.parametrize("key", ["k-keys", None])
def test_a_key_pair_is_made_once_under_one_key(http: Http, key: str | None) -> None:
    school = http.school()
    first, second = (school.post("/v1/issuers/hanbit/keys", {"algorithm": "ES256"}, key=key) for _ in range(2))
    assert (first.json() == second.json()) is (key is not None)
    assert (second.headers.get("idempotent-replayed") == "true") is (key is not None)
    assert len(school.seen("/v1/issuers/hanbit/keys")["items"]) == (2 if key else 3)


def test_a_decision_is_made_once_under_one_key(http: Http) -> None:
    pack, version = http.world.publish_pack()
    deposit = http.school().made("/v1/credentials", outcome())["deposit"]
    wallet = http.learner(deposit["learner"])
    asked = {"learner": deposit["learner"], "pack_id": pack, "pack_version": version, "programme": "bachelor"}
    first, second = (wallet.post("/v1/recognitions", asked, key="decide") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert len(wallet.seen(f"/v1/learners/{deposit['learner']}/recognitions")["items"]) == 1


def test_a_key_has_a_form(http: Http, subtests: pytest.Subtests) -> None:
    school = http.school()
    for key in ("", " ", "with space", "é", "k" * 201):
        with subtests.test(key):
            headers = {**school.headers(), "Idempotency-Key": key.encode("latin-1")}
            answer = http.client.post("/v1/credentials", json=outcome(), headers=headers)
            refused(answer, 400, "malformed_idempotency_key")


def test_what_was_acknowledged_is_seen_by_another_connection(http: Http, database_url: str, tmp_path: Any) -> None:
    """Trap 3: the answer goes out after the commit, so whoever looks elsewhere finds the entry and its leaf."""
    school: Speaker = http.school()
    deposit = school.made("/v1/credentials", outcome())["deposit"]
    with open_world(database_url, tmp_path) as other:
        assert str(other.bank.stored(deposit["deposit_id"]).deposit_id) == deposit["deposit_id"]
        assert other.bank.receipt_of(deposit["deposit_id"]).receipt.index == deposit["leaf_index"]
