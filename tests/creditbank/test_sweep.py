"""What other institutions revoke after a deposit is found out and booked; nothing that they cannot prove is."""

import zlib
from datetime import timedelta
from fractions import Fraction

import pytest

from credentials.contexts import OPEN_BADGES_EXTENSIONS
from credentials.jws import sign_compact
from credentials.keys import PrivateKey
from credentials.multibase import base64url_encode
from creditbank.errors import Refused
from creditbank.intake import Posted
from creditbank.store import foreign_status
from creditbank.sweep import Sweep, SweepReport
from creditbank.transactions import standing
from tests.bank_world import World
from tests.creditbank.foreign_school import ForeignSchool
from tests.creditbank.persons import held, state
from tests.security.foreign_network import ForeignNetwork, page


@pytest.fixture
def school(world: World, network: ForeignNetwork) -> ForeignSchool:
    made = ForeignSchool(world, network).register()
    made.publish("r")
    made.publish("s", purpose="suspension")
    return made


def later(world: World, hours: int = 25) -> None:
    world.now += timedelta(hours=hours)


def sweep(world: World, **how: bool | int) -> SweepReport:
    return Sweep(world.bank).run(**how)  # type: ignore[arg-type]


def test_a_revocation_is_booked_once_and_for_all_deposits_on_the_list(world: World, school: ForeignSchool) -> None:
    one, two, three = (school.deposit(school.entry("r", index)) for index in (7, 8, 9))
    assert held(world, one.book_id) == {"ects": Fraction(9)}
    assert sweep(world).changed == {}
    later(world)
    school.publish("r", 7, 9)
    before = len(school.network.dialled)
    report = sweep(world)
    assert report.changed == {"revoked": sorted([one.deposit_id, three.deposit_id])}
    assert (report.lists, report.failed, report.looked_at) == (1, {}, 2)
    assert len(school.network.dialled) == before + 1, "one list, one question"
    assert state(world, one.deposit_id) == ("revoked", "revoked_by_issuer")
    assert state(world, two.deposit_id) == ("credited", "verified")
    assert held(world, one.book_id) == {"ects": Fraction(3)}
    assert world.bank.audit().clean
    later(world)
    again = sweep(world)
    assert (again.changed, again.looked_at) == ({}, 0)


def test_a_suspension_is_booked_and_lifted(world: World, school: ForeignSchool) -> None:
    outcome = school.deposit(school.entry("r", 1), school.entry("s", 2, "suspension"))
    later(world)
    school.publish("r")
    school.publish("s", 2, purpose="suspension")
    assert sweep(world).changed == {"suspended": [outcome.deposit_id]}
    assert held(world, outcome.book_id) == {}
    later(world)
    school.publish("s", purpose="suspension")
    assert sweep(world).changed == {"credited": [outcome.deposit_id]}
    assert held(world, outcome.book_id) == {"ects": Fraction(3)}
    assert world.bank.audit().clean


def test_what_is_suspended_can_be_revoked(world: World, school: ForeignSchool) -> None:
    outcome = school.deposit(school.entry("r", 1), school.entry("s", 2, "suspension"))
    later(world)
    school.publish("s", 2, purpose="suspension")
    sweep(world)
    later(world)
    school.publish("r", 1)
    assert sweep(world).changed == {"revoked": [outcome.deposit_id]}
    assert world.bank.audit().clean


def test_a_revocation_that_is_taken_back_raises_an_alert_and_is_not_believed(
    world: World, school: ForeignSchool
) -> None:
    """T13: for the deposit, and for a credential on the same list that the bank sees for the first time."""
    outcome = school.deposit(school.entry("r", 1))
    other = school.post(school.badge(school.entry("r", 2)))
    later(world)
    school.publish("r", 1, 2)
    assert sweep(world).alerts == []
    later(world)
    school.publish("r")
    assert sweep(world).alerts == [school.list_url("r")]
    assert state(world, outcome.deposit_id)[0] == "revoked"
    assert world.bank.verify(other.data).verification.code == "status_regression"
    with pytest.raises(Refused, match="status_regression"):
        world.bank.deposit(other)
    later(world)
    assert sweep(world).alerts == [], "the same list is an alert once"
    [alert] = world.bank.run(foreign_status.alerts)
    assert (alert.code, alert.facts) == ("status_regression", {"taken_back": 2})


@pytest.mark.parametrize(
    ("name", "code"),
    [("missing", "unexpected_status"), ("forged", "status_unverified"), ("stale", "status_stale")],
)
def test_a_list_that_cannot_be_believed_changes_nothing(
    world: World, school: ForeignSchool, name: str, code: str
) -> None:
    outcome = school.deposit(school.entry("r", 1))
    later(world)
    if name == "missing":
        school.withdraw("r")
    elif name == "forged":
        school.publish("r", 1, key=PrivateKey.generate("EdDSA"))
    else:
        school.publish("r", 1, validUntil=(world.now - timedelta(minutes=1)).isoformat())
    report = sweep(world)
    assert (report.failed, report.changed) == ({school.list_url("r"): code}, {})
    assert state(world, outcome.deposit_id)[0] == "credited"
    assert sweep(world).done == 0, "it is asked again later, not at once"
    later(world, 2)
    school.publish("r", 1)
    assert sweep(world).changed == {"revoked": [outcome.deposit_id]}


def test_the_list_of_another_issuer_withdraws_nothing(world: World, school: ForeignSchool) -> None:
    """Whoever holds the host may serve a list that he signed himself; it is not the credential's issuer's."""
    outcome = school.deposit(school.entry("r", 1))
    rival = ForeignSchool(world, school.network, host="rival.example", issuer_id="rival").register()
    later(world)
    rival.publish("x", 1, id=school.list_url("r"))
    school.network.pages["/status/r"] = school.network.pages.pop("/status/x")
    assert sweep(world).changed == {}
    assert state(world, outcome.deposit_id)[0] == "credited"


def test_a_deposit_held_for_want_of_a_list_is_credited_once_it_is_there(world: World, school: ForeignSchool) -> None:
    school.withdraw("r")
    outcome = school.deposit(school.entry("r", 1))
    assert state(world, outcome.deposit_id) == ("held", "status_unavailable")
    later(world)
    school.publish("r")
    assert sweep(world).changed == {"credited": [outcome.deposit_id]}
    assert state(world, outcome.deposit_id) == ("credited", "promoted")


def test_nobody_is_asked_for_the_sake_of_a_stranger(world: World, network: ForeignNetwork) -> None:
    stranger = ForeignSchool(world, network).register(accredited=False)
    stranger.publish("r")
    outcome = stranger.deposit(stranger.entry("r", 1))
    assert outcome.state == "held"
    network.dialled.clear()
    later(world)
    assert sweep(world).done == 0
    assert network.dialled == []


def test_the_bank_never_asks_itself(world: World, school: ForeignSchool) -> None:
    world.deposit(world.school())
    school.network.dialled.clear()
    sweep(world)
    assert school.network.dialled == []


class Killed(BaseException):
    """As if the process had died here."""


def test_killed_in_the_middle_it_goes_on_where_it_was(
    world: World, school: ForeignSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = [f"l{number}" for number in range(5)]
    for name in lists:
        school.publish(name)
    deposits = {name: [school.deposit(school.entry(name, index)) for index in (1, 2)] for name in lists}
    sweep(world)
    later(world)
    for name in lists:
        school.publish(name, 1, 2)
    booked = iter(range(100))
    withdraw = standing.withdraw_foreign

    def dies_at_the_fifth(*arguments: object) -> object:
        if next(booked) == 5:
            raise Killed
        return withdraw(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("creditbank.sweep_list.withdraw_foreign", dies_at_the_fifth)
    with pytest.raises(Killed):
        sweep(world)
    monkeypatch.undo()
    everyone = [one.deposit_id for made in deposits.values() for one in made]
    assert [state(world, one)[0] for one in everyone].count("revoked") == 5
    assert world.bank.audit().clean
    school.network.dialled.clear()
    report = sweep(world)
    assert sum(map(len, report.changed.values())) == 5
    assert len(school.network.dialled) == 3, "two lists were done before; the third is asked once more"
    assert {state(world, one)[0] for one in everyone} == {"revoked"}
    assert world.bank.audit().clean


def test_it_can_be_told_to_do_a_little_at_a_time(world: World, school: ForeignSchool) -> None:
    for name in ("a", "b", "c"):
        school.publish(name)
        school.deposit(school.entry(name, 1))
    assert [sweep(world, most=2).done, sweep(world, most=2).done, sweep(world, most=2).done] == [2, 1, 0]
    assert sweep(world, all_lists=True).done == 3


def test_a_list_says_itself_how_soon_to_come_back(world: World, school: ForeignSchool) -> None:
    school.publish("quick", credentialSubject=_with_ttl(school))
    school.deposit(school.entry("quick", 1))
    sweep(world)
    world.now += timedelta(minutes=14)
    assert sweep(world).done == 0
    world.now += timedelta(minutes=17)
    assert sweep(world).done == 1


def _with_ttl(school: ForeignSchool) -> dict[str, object]:
    import json

    school.publish("template")
    body = school.network.pages.pop("/status/template").partition(b"\r\n\r\n")[2]
    return {**json.loads(body)["credentialSubject"], "id": school.list_url("quick") + "#list", "ttl": 1_800_000}


def test_a_1edtech_revocation_list_from_the_issuers_own_site(world: World, school: ForeignSchool) -> None:
    url = f"https://{school.host}/revoked"
    school.serve("/revoked", {"id": url, "issuer": school.did, "revokedCredential": []}, "application/json")
    made = school.badge()
    contexts = [*made["@context"], OPEN_BADGES_EXTENSIONS]
    badge = {**made, "@context": contexts, "credentialStatus": {"id": url, "type": "1EdTechRevocationList"}}
    outcome = world.bank.deposit(school.post(badge))
    assert outcome.state == "credited"
    later(world)
    revoked = [{"id": badge["id"], "revoked": True}]
    school.serve("/revoked", {"id": url, "issuer": school.did, "revokedCredential": revoked}, "application/json")
    assert sweep(world).changed == {"revoked": [outcome.deposit_id]}
    later(world)
    school.serve("/revoked", {"id": url, "issuer": school.did, "revokedCredential": []}, "application/json")
    assert sweep(world).alerts == [url]
    assert state(world, outcome.deposit_id)[0] == "revoked"


def test_the_token_status_list_of_a_wallets_credential(world: World, school: ForeignSchool) -> None:
    """A value may be suspended, reinstated and revoked; what is revoked stays so, and the list raises an alert."""
    url = f"https://{school.host}/statuslists/1"

    def publish(values: int, key: PrivateKey | None = None) -> None:
        listed = {"bits": 2, "lst": base64url_encode(zlib.compress(bytes([values])))}
        said = {"sub": url, "iat": int(world.now.timestamp()), "status_list": listed}
        token = sign_compact(said, key or school.key, {"typ": "statuslist+jwt", "kid": school.key_id})
        school.network.pages["/statuslists/1"] = page(token.encode(), media_type="application/statuslist+jwt")

    publish(0b00)
    claims = {**school.badge(), "status": {"status_list": {"idx": 1, "uri": url}}}
    token = sign_compact(claims, school.key, {"typ": "vc+jwt", "kid": school.key_id})
    outcome = world.bank.deposit(Posted(token.encode(), "application/vc+jwt", school.caller))
    assert outcome.state == "credited"
    later(world)
    publish(0b01_00, PrivateKey.generate("EdDSA"))
    assert (sweep(world).changed, state(world, outcome.deposit_id)[0]) == ({}, "credited")
    for values, became in ((0b10_00, "suspended"), (0b00, "credited"), (0b01_00, "revoked")):
        later(world)
        publish(values)
        assert sweep(world).changed == {became: [outcome.deposit_id]}
    later(world)
    publish(0b00)
    assert sweep(world).alerts == [url]
    assert state(world, outcome.deposit_id)[0] == "revoked"
    assert world.bank.audit().clean
