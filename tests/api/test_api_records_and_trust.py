"""Learner records at the counter, the trust registry's public question, and newer versions on request."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from credentials.comprehensive_learner_record import clr
from credentials.vc_jwt import to_vc_jwt
from issuers.did import check_did
from tests.api.http_world import Http, Speaker, open_http, refused
from tests.bank_world import ANNA, OwnSigner


@pytest.fixture
def signer(http: Http) -> OwnSigner:
    return http.world.own_signer()


@pytest.fixture
def system(http: Http, signer: OwnSigner) -> Speaker:
    return http.speaker(http.register("own-sis", "issuer", issuer="selfsigner"))


def record(signer: OwnSigner, *parts: Any) -> str:
    world = signer.world
    assert signer.caller.issuer_id is not None
    issuer = world.administration.issuer(signer.caller.issuer_id)
    document = clr(
        parts, issuer_id=issuer.did, issuer_name=issuer.name, credential_id=f"urn:uuid:record-{len(parts)}",
        name="Transcript", valid_from=world.now - timedelta(minutes=1), subject_id=world.wallet.public_key.did_key(),
    )  # fmt: skip
    return to_vc_jwt(document, signer.key, key_id=signer.key_id)


def test_a_learner_record_is_answered_part_by_part(http: Http, signer: OwnSigner, system: Speaker) -> None:
    good = [signer.sign(signer.document()) for _ in range(2)]
    whole = record(signer, *good)
    answer = system.send("/v1/deposits", whole.encode(), "application/vc+jwt", key="clr-1")
    assert answer.status_code == 207, answer.text
    items = answer.json()["items"]
    assert [one["status"] for one in items] == [201, 201]
    assert {one["deposit"]["state"] for one in items} == {"credited"}
    again = system.send("/v1/deposits", whole.encode(), "application/vc+jwt", key="clr-1").json()["items"]
    assert [one["status"] for one in again] == [200, 200]
    assert [one["deposit"]["deposit_id"] for one in again] == [one["deposit"]["deposit_id"] for one in items]
    alone = system.send("/v1/deposits", good[0].encode(), "application/vc+jwt")
    assert alone.json()["deposit_id"] == items[0]["deposit"]["deposit_id"]
    assert http.world.counts()["entries"] == 2


def test_a_record_that_was_cut_off_on_the_way_is_completed_by_its_repetition(
    http: Http, signer: OwnSigner, system: Speaker
) -> None:
    """A crash after the first part leaves that deposit whole; the record handed in again books only the rest."""
    good = [signer.sign(signer.document()) for _ in range(2)]
    system.send("/v1/deposits", good[0].encode(), "application/vc+jwt")
    items = system.send("/v1/deposits", record(signer, *good).encode(), "application/vc+jwt").json()["items"]
    assert [one["status"] for one in items] == [200, 201]
    assert http.world.counts()["entries"] == 2


def test_every_institution_in_a_record_is_shown_by_its_registered_name(http: Http, signer: OwnSigner) -> None:
    other = http.world.own_signer("far")
    stranger = {**other.document(), "issuer": {**other.document()["issuer"], "name": "World Academy"}}
    whole = record(signer, signer.sign(signer.document()), other.sign(stranger))
    answer = http.client.post("/v1/verify", content=whole, headers={"Content-Type": "application/vc+jwt"}).json()
    shown = [part["report"]["certificate"]["issuer"] for part in answer["report"]["parts"]]
    names = [http.world.administration.issuer(one).name["en"] for one in ("selfsigner", "far")]
    assert [(one["registered"], one["name"]) for one in shown] == [(True, name) for name in names]
    assert shown[1]["claimed_name"] == "World Academy"


def test_one_part_that_is_refused_leaves_the_others(http: Http, signer: OwnSigner, system: Speaker) -> None:
    good, bad = (signer.sign(signer.document()) for _ in range(2))
    answer = system.send("/v1/deposits", record(signer, good, bad[:-6] + "AAAAAA").encode(), "application/vc+jwt")
    items = answer.json()["items"]
    assert [one["status"] for one in items] == [201, 422]
    assert items[1]["problem"]["code"] == "bad_signature"


def test_a_forged_record_deposits_nothing(http: Http, signer: OwnSigner, system: Speaker) -> None:
    whole = record(signer, signer.sign(signer.document()))
    forged = whole[:-6] + "AAAAAA"
    before = http.world.counts()
    refused(system.send("/v1/deposits", forged.encode(), "application/vc+jwt"), 422, "bad_signature")
    assert http.world.counts() == before


def test_a_record_inside_a_batch_is_refused_for_itself(signer: OwnSigner, system: Speaker) -> None:
    items = [
        {"credential": record(signer, signer.sign(signer.document()))},
        {"credential": signer.sign(signer.document())},
    ]
    found = system.made("/v1/deposits/batch", {"items": items})["items"]
    assert [one["status"] for one in found] == [422, 201]
    assert found[0]["problem"]["code"] == "no_achievement"


# ── who may award what ───────────────────────────────────────────────────────────────────────────────────────────────

ASK = "/v1/accreditations/answer"


@pytest.fixture
def registry(http: Http) -> Http:
    world = http.world
    world.school(accredited=False)
    world.accredit(
        "hanbit", ("kr-credit",), levels=[["eqf", "5"]], valid_from=world.now.date() - timedelta(days=30),
        valid_until=world.now.date() + timedelta(days=30),
    )  # fmt: skip
    return http


def ask(http: Http, **question: Any) -> dict[str, Any]:
    answer = http.client.get(ASK, params=question)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_anybody_may_ask_and_sees_the_evidence(registry: Http) -> None:
    level = {"level_framework": "eqf", "level_value": "5"}
    for name in ("hanbit", "did:web:bank.example:issuers:hanbit"):
        found = ask(registry, issuer=name, unit="kr-credit", **level)
        assert (found["accredited"], found["issuer_id"], found["reasons"]) == (True, "hanbit", [])
        assert (found["evidence"]["authority"], found["evidence"]["units"]) == ("NILE", ["kr-credit"])
    assert ask(registry, issuer="hanbit", **level)["accredited"] is True


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"unit": "ects", "level_framework": "eqf", "level_value": "5"}, "unit_not_accredited"),
        ({"unit": "kr-credit", "level_framework": "eqf", "level_value": "7"}, "level_not_accredited"),
        ({"unit": "kr-credit"}, "level_not_accredited"),
    ],
)
def test_a_no_says_why(registry: Http, question: dict[str, str], code: str) -> None:
    found = ask(registry, issuer="hanbit", **question)
    assert found["accredited"] is False
    assert code in [reason["code"] for reason in found["reasons"]]
    assert all(reason["message"].endswith(".") for reason in found["reasons"])
    assert found["evidence"]["authority"] == "NILE"


@pytest.mark.parametrize(("days", "answer"), [(-31, False), (-30, True), (30, True), (31, False)])
def test_the_day_counts_first_and_last_included(registry: Http, days: int, answer: bool) -> None:
    day = registry.world.now.date() + timedelta(days=days)
    level = {"level_framework": "eqf", "level_value": "5"}
    assert ask(registry, issuer="hanbit", on=day.isoformat(), **level)["accredited"] is answer


def test_what_cannot_be_asked(registry: Http) -> None:
    refused(registry.client.get(ASK, params={"issuer": "nobody"}), 404, "issuer_not_found")
    refused(registry.client.get(ASK, params={"issuer": "hanbit", "level_framework": "eqf"}), 422, "level_incomplete")
    refused(registry.client.get(ASK, params={"issuer": "hanbit", "on": "yesterday"}), 422, "invalid_request")


def test_a_proposal_is_no_accreditation(http: Http) -> None:
    http.world.school("new", accredited=False)
    found = ask(http, issuer="new", unit="ects")
    assert (found["accredited"], found["evidence"]) == (False, None)
    assert [reason["code"] for reason in found["reasons"]] == ["no_accreditation"]


# ── issuers by the address of their profile; newer versions ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("https://old.example/issuer", 201),
        ("https://127.0.0.1/issuer", 422),
        ("https://old.example/issuer?x=1", 422),
        ("http://old.example/issuer", 422),
        ("https://user@old.example/issuer", 422),
        ("https://OLD.example/issuer", 422),
    ],
)
def test_an_institution_may_be_known_by_its_profile(http: Http, name: str, status: int) -> None:
    body = {"id": "old", "did": name, "kind": "higher", "name": {"en": "Old"}, "country": "FI"}
    assert http.administrator().post("/v1/issuers", body).status_code == status


def test_nobody_is_asked_for_newer_versions_unless_the_settings_say_so(http: Http, signer: OwnSigner) -> None:
    token = signer.sign(signer.document()).encode()
    headers = {"Content-Type": "application/vc+jwt"}
    refused(http.client.post("/v1/refresh", content=token, headers=headers), 422, "refresh_off")


@pytest.fixture
def refreshing(database_url: str, tmp_path: Path) -> Iterator[Http]:
    with open_http(database_url, tmp_path, allow_refresh=True) as opened:
        yield opened


def test_without_a_service_a_credential_stays_as_it_is(refreshing: Http) -> None:
    signer = refreshing.world.own_signer()
    token = signer.sign(signer.document()).encode()
    answer = refreshing.client.post("/v1/refresh", content=token, headers={"Content-Type": "application/vc+jwt"})
    assert answer.json() == {"refreshed": False, "credential": None}


def test_a_did_jwk_can_be_registered(http: Http) -> None:
    from credentials.canonical import jcs
    from credentials.multibase import base64url_encode

    key = http.world.wallet.public_key
    did = f"did:jwk:{base64url_encode(jcs({k: v for k, v in key.jwk().items() if k not in ('alg', 'use')}))}"
    check_did(did)
    body = {"id": "jwk", "did": did, "kind": "higher", "name": {"en": "J"}, "country": "FI"}
    assert http.administrator().post("/v1/issuers", body).status_code == 201
    assert http.world.administration.register_key(ANNA, "jwk", key, http.world.now).thumbprint == key.thumbprint()
