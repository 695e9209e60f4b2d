"""A forger at the sweep: lists of others, of another address, by another name, and addresses that lead inside."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from credentials import open_badges_2_issue as badges
from credentials.achievement import IdentityObject
from credentials.keys import PrivateKey
from credentials.open_badges_2_issue import Publisher
from creditbank.intake import Posted
from creditbank.store import foreign_status, rows
from creditbank.sweep import Sweep
from tests.bank_world import ANNA, World, open_world
from tests.creditbank.foreign_school import ForeignSchool
from tests.creditbank.persons import held, state
from tests.security.attacks import differences, everything
from tests.security.foreign_network import ForeignNetwork, page

OLD = "https://old.example"


@pytest.fixture
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_world(database_url, tmp_path_factory.mktemp("bank")) as opened:
        yield opened


def test_a_list_by_another_issuer_is_neither_believed_nor_remembered(world: World, school: ForeignSchool) -> None:
    """Who held the host for a day must not make the issuer's own list look like one that was rolled back."""
    outcome = school.deposit(school.entry("r", 1))
    rival = ForeignSchool(world, school.network, host="rival.example", issuer_id="rival").register()
    world.now += timedelta(hours=25)
    rival.publish("x", *range(100), id=school.list_url("r"))
    school.network.pages["/status/r"] = school.network.pages.pop("/status/x")
    report = Sweep(world.bank).run()
    assert (report.changed, report.failed) == ({}, {school.list_url("r"): "status_list_issuer_mismatch"})
    _honest_again(world, school, outcome.deposit_id)


def test_another_list_of_the_same_issuer_is_not_remembered_either(world: World, school: ForeignSchool) -> None:
    outcome = school.deposit(school.entry("r", 1))
    world.now += timedelta(hours=25)
    school.publish("other", *range(100))
    school.network.pages["/status/r"] = school.network.pages.pop("/status/other")
    report = Sweep(world.bank).run()
    assert (report.changed, report.failed) == ({}, {school.list_url("r"): "status_unverified"})
    _honest_again(world, school, outcome.deposit_id)


def _honest_again(world: World, school: ForeignSchool, deposit_id: Any) -> None:
    world.now += timedelta(hours=25)
    school.publish("r")
    assert Sweep(world.bank).run().alerts == []
    assert world.bank.run(foreign_status.alerts) == []
    assert state(world, deposit_id)[0] == "credited"
    assert world.bank.verify(school.post(school.badge(school.entry("r", 2))).data).verification.verdict == "valid"


def test_a_reversal_is_booked_once_however_often_it_is_swept(world: World, school: ForeignSchool) -> None:
    outcome = school.deposit(school.entry("r", 1))
    world.now += timedelta(hours=25)
    school.publish("r", 1)
    assert Sweep(world.bank).run().changed == {"revoked": [outcome.deposit_id]}
    before = everything(world)
    for _ in range(3):
        assert Sweep(world.bank).run(all_lists=True).changed == {}
    assert differences(before, everything(world)).keys() <= {"access_log"}
    assert held(world, outcome.book_id) == {}
    assert world.bank.audit().clean


@pytest.mark.parametrize(
    "address",
    [
        "data:application/vc;base64,e30=", "file:///etc/passwd", "http://school.example/status/r", "ftp://a.example/l",
        "https://127.0.0.1/l", "https://[::1]/l", "https://169.254.169.254/latest", "https://2130706433/l",
        "https://localhost/l", "https://school.example@evil.example/l", "https://0x7f.1/l", "urn:uuid:1",
    ],
)  # fmt: skip
def test_a_list_at_such_an_address_is_asked_of_nobody(world: World, school: ForeignSchool, address: str) -> None:
    made = school.badge(school.entry("r", 1))
    made["credentialStatus"] = {**made["credentialStatus"], "id": f"{address}#1", "statusListCredential": address}
    posted = school.post(made)
    school.network.dialled.clear()
    school.network.asked.clear()
    answer = world.bank.verify(posted.data).verification
    assert answer.verdict != "valid"
    assert (school.network.dialled, [host for host in school.network.asked if host != "localhost"]) == ([], [])
    assert answer.code in ("status_unavailable", "malformed_iri", "malformed_credential")


@pytest.fixture
def publisher(world: World, network: ForeignNetwork) -> Publisher:
    made = Publisher(
        id=f"{OLD}/issuer", name={"en": "Old College"}, url=OLD, badges=f"{OLD}/badges/", key_address=f"{OLD}/key",
        revocation_list=f"{OLD}/revoked",
    )  # fmt: skip
    row = rows.Issuer(issuer_id="old", did=made.id, kind="higher", name={"en": "Old College"}, country="FI",
                      provider_root="old", registered_at=world.now)  # fmt: skip
    world.administration.register_issuer(ANNA, row)
    world.accredit("old", ("ects",))
    serve(network, made.id, badges.profile(made))
    return made


def serve(network: ForeignNetwork, url: str, document: Any) -> None:
    network.pages[url.removeprefix(OLD)] = page(json.dumps(document).encode(), media_type="application/json")


@pytest.mark.parametrize(
    "listed",
    [
        {"u-7": "was an error"},
        {"https://old.example/badges/7": "was an error"},
        {"id": f"{OLD}/revoked", "issuer": f"{OLD}/issuer", "revokedAssertions": [{"uid": "u-7"}]},
        {"id": f"{OLD}/revoked", "issuer": f"{OLD}/issuer", "revokedAssertions": ["https://old.example/badges/7"]},
    ],
)
def test_an_old_badge_is_withdrawn_by_either_of_its_names(
    world: World, network: ForeignNetwork, publisher: Publisher, listed: Any
) -> None:
    """Lists of version 1.x name the `uid`, and are objects of uids and reasons."""
    key = PrivateKey.generate("ES256")
    serve(network, f"{OLD}/key", badges.cryptographic_key(publisher, key.public_key))
    serve(network, f"{OLD}/revoked", badges.revocation_list(publisher, []))
    learner = IdentityObject.hash_of("mina@example.org", "emailAddress", "pepper")
    outcome = replace(
        world.outcome(unit="ects", subject_id=None), achievement_id=f"{OLD}/class", identifiers=(learner,)
    )
    serve(network, f"{OLD}/class", badges.badge_class(outcome, publisher, image=f"{OLD}/a.png"))
    made = badges.assertion(outcome, publisher, credential_id=f"{OLD}/badges/7",
                            issued_on=world.now - timedelta(hours=1), signed=True)  # fmt: skip
    deposit = world.bank.deposit(Posted(badges.sign({**made, "uid": "u-7"}, key).encode(), None, ANNA))
    assert deposit.state == "held"
    assert Sweep(world.bank).run().changed == {}
    world.now += timedelta(hours=25)
    serve(network, f"{OLD}/revoked", listed)
    assert Sweep(world.bank).run().changed == {"revoked": [deposit.deposit_id]}
