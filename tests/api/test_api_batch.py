"""Many deposits in one request: each stands for itself, and a batch cut short can be sent again (L25, L26)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from issuers.client import Deposit, SchoolClient
from tests.api.http_world import Http, open_http, outcome, refused
from tests.bank_world import PUBLIC_URL, OwnSigner


@pytest.fixture
def signer(http: Http) -> OwnSigner:
    return http.world.own_signer()


def test_one_that_is_refused_leaves_the_others_as_they_are(http: Http, signer: OwnSigner) -> None:
    school = http.speaker(http.register("own-sis", "issuer", issuer="selfsigner"))
    tokens = [signer.sign(signer.document()) for _ in range(4)]
    tokens[2] = tokens[2][:-6] + "AAAAAA"
    items = [{"credential": token} for token in tokens] + [{"credential": "{}"}, {"credential_base64": "!"}, {}]
    body = {"items": items}
    found = school.made("/v1/deposits/batch", body)["items"]
    assert [one["status"] for one in found] == [201, 201, 422, 201, 422, 422, 422]
    codes = [one["problem"]["code"] for one in found if one["problem"]]
    assert codes[0] == "bad_signature"
    assert codes[2:] == ["malformed_base64", "one_credential"]
    assert len({one["deposit"]["leaf_index"] for one in found if one["deposit"]}) == 3
    again = school.made("/v1/deposits/batch", body)["items"]
    assert [one["status"] for one in again] == [200, 200, 422, 200, 422, 422, 422]
    assert http.world.counts()["entries"] == 3


def test_a_batch_under_a_key_is_done_once(http: Http, signer: OwnSigner) -> None:
    school = http.speaker(http.register("own-sis", "issuer", issuer="selfsigner"))
    body = {"items": [{"credential": signer.sign(signer.document())} for _ in range(3)]}
    first, again = (school.post("/v1/deposits/batch", body, key="batch-1").json()["items"] for _ in range(2))
    assert [one["status"] for one in first] == [201] * 3
    assert [one["status"] for one in again] == [200] * 3
    ids = [[one["deposit"]["deposit_id"] for one in some] for some in (first, again)]
    assert ids[0] == ids[1]
    other = {"items": [{"credential": signer.sign(signer.document())} for _ in range(3)]}
    refused_items = school.made("/v1/deposits/batch", other, key="batch-1")["items"]
    assert {one["problem"]["code"] for one in refused_items} == {"idempotency_key_reused"}


def test_the_same_credential_twice_in_one_batch_is_one_deposit(http: Http, signer: OwnSigner) -> None:
    """I23: each item is looked at by itself, also where two are alike."""
    school = http.speaker(http.register("own-sis", "issuer", issuer="selfsigner"))
    token = signer.sign(signer.document())
    found = school.made("/v1/deposits/batch", {"items": [{"credential": token}, {"credential": token}]})["items"]
    assert sorted(one["status"] for one in found) == [200, 201]


@pytest.fixture
def small(database_url: str, tmp_path: Path) -> Iterator[Http]:
    with open_http(database_url, tmp_path, max_batch_items=2) as opened:
        yield opened


def test_a_batch_has_a_limit(small: Http) -> None:
    school = small.school()
    items = [{"credential": "x"}] * 3
    problem = refused(school.post("/v1/deposits/batch", {"items": items}), 422, "too_many_items")
    assert problem["facts"] == {"limit": 2}
    refused(school.post("/v1/deposits/batch", {"items": []}), 422, "invalid_request")


def test_the_school_client_speaks_this_api(http: Http, signer: OwnSigner) -> None:
    """What a school installs: its client gets tokens, deposits, sends batches, and has outcomes signed."""
    http.register("own-sis", "issuer", issuer="selfsigner")
    ids = iter(f"id-{number}" for number in range(100))
    school = SchoolClient(
        PUBLIC_URL, "own-sis", http.keys["own-sis"], clock=lambda: http.now, new_id=lambda: next(ids),
        http=http.client, waits=(),
    )  # type: ignore[arg-type]  # fmt: skip
    one = Deposit(signer.sign(signer.document()).encode(), [("did", http.world.wallet.public_key.did_key())])
    first, again = school.deposit(one), school.deposit(one)
    assert (first["state"], first["deposit_id"]) == ("credited", again["deposit_id"])
    batch = school.deposit_batch([Deposit(signer.sign(signer.document()).encode()) for _ in range(2)])
    assert [item["status"] for item in batch["items"]] == [201, 201]
    issued = school.issue(outcome(unit="ects"), "issue-1")
    assert issued["deposit"]["state"] == "credited"
