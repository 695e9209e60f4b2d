"""Every format that is read can be handed in: what it discloses decides whether it is credited, held or refused."""

import json
import secrets
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from credentials import open_badges_2_issue as badges
from credentials.achievement import IdentityObject
from credentials.comprehensive_learner_record import clr
from credentials.contexts import OPEN_BADGES_EXTENSIONS
from credentials.errors import CredentialError
from credentials.keys import PrivateKey
from credentials.open_badges_2_issue import Publisher
from credentials.sd_jwt_issue import Disclosing, present, to_sd_jwt
from credentials.vc_jwt import to_vc_jwt
from creditbank.errors import BankError, Refused
from creditbank.intake import Posted
from creditbank.store import rows
from creditbank.sweep import Sweep
from tests.bank_world import ANNA, World
from tests.creditbank.foreign_school import ForeignSchool
from tests.creditbank.persons import held, state
from tests.security.foreign_network import ForeignNetwork, page

# ── SD-JWT ───────────────────────────────────────────────────────────────────────────────────────────────────────────

CREDITS = "/credentialSubject/creditsEarned"


def selective(school: ForeignSchool) -> str:
    """A badge whose holder may withhold her credits."""
    document = school.badge(school.entry("r", 1), valid_until=school.world.now + timedelta(days=900))
    disclosing = Disclosing((CREDITS,), lambda: secrets.token_bytes(16))
    return to_sd_jwt(document, school.key, key_id=school.key_id, disclosing=disclosing)


def handed_in(school: ForeignSchool, token: str) -> Posted:
    return Posted(token.encode(), None, school.caller)


def test_an_sd_jwt_that_discloses_all_is_credited(world: World, school: ForeignSchool) -> None:
    outcome = world.bank.deposit(handed_in(school, selective(school)))
    assert state(world, outcome.deposit_id) == ("credited", "verified")
    assert held(world, outcome.book_id) == {"ects": Fraction(3)}


def test_one_that_withholds_its_credits_is_held_until_they_are_shown(world: World, school: ForeignSchool) -> None:
    """One credential, however much of it is shown; the fuller document takes the place of the other."""
    token = selective(school)
    short = present(token, shown=[])
    first = world.bank.deposit(handed_in(school, short))
    assert (first.state, first.reason) == ("held", "credits_not_disclosed")
    again = world.bank.deposit(handed_in(school, short))
    assert (again.deposit_id, again.repeated, again.state) == (first.deposit_id, True, "held")
    full = world.bank.deposit(handed_in(school, token))
    assert (full.deposit_id, full.state, full.repeated) == (first.deposit_id, "credited", False)
    assert held(world, full.book_id) == {"ects": Fraction(3)}
    assert world.bank.document(full.deposit_id) == token.encode()
    after = world.bank.deposit(handed_in(school, short))
    assert (after.repeated, after.state) == (True, "credited")
    assert world.bank.audit().clean


def test_it_is_swept_like_any_other(world: World, school: ForeignSchool) -> None:
    outcome = world.bank.deposit(handed_in(school, selective(school)))
    world.now += timedelta(hours=25)
    school.publish("r", 1)
    assert Sweep(world.bank).run().changed == {"revoked": [outcome.deposit_id]}


def test_a_compromise_takes_back_sd_jwts_too(world: World, school: ForeignSchool) -> None:
    token = selective(school)
    before = world.bank.deposit(handed_in(school, token))
    world.now += timedelta(hours=2)
    _, taken = world.administration.compromise_key(ANNA, "foreign", school.key_id, world.now - timedelta(days=2))
    assert [deposit.deposit_id for deposit in taken] == [before.deposit_id]
    assert held(world, before.book_id) == {}
    assert world.bank.verify(token.encode()).verification.verdict != "valid"


def test_what_was_seen_before_the_compromise_holds_however_little_is_shown(world: World, school: ForeignSchool) -> None:
    """Seen first by what the issuer signed, not by what this presentation of it discloses."""
    token = selective(school)
    outcome = world.bank.deposit(handed_in(school, token))
    received = world.bank.stored(outcome.deposit_id).received_at
    world.now = received + timedelta(hours=3)
    world.administration.compromise_key(ANNA, "foreign", school.key_id, received + timedelta(hours=1))
    for shown in (token, present(token, shown=[])):
        assert "signing_time_unproven" not in codes(world, shown)
    assert state(world, outcome.deposit_id)[0] == "credited"


def codes(world: World, token: str) -> set[str | None]:
    return {check.code for check in world.bank.verify(token.encode()).verification.checks}


# ── Open Badges 2.0 ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def publisher(world: World, network: ForeignNetwork) -> Publisher:
    """A college of the old kind, registered under the address of its profile."""
    made = Publisher(
        id="https://old.example/issuer", name={"en": "Old College"}, url="https://old.example",
        email="badges@old.example", badges="https://old.example/badges/", key_address="https://old.example/key",
        revocation_list="https://old.example/revoked",
    )  # fmt: skip
    row = rows.Issuer(
        issuer_id="old", did=made.id, kind="higher", name={"en": "Old College"}, country="FI", provider_root="old",
        registered_at=world.now,
    )  # fmt: skip
    world.administration.register_issuer(ANNA, row)
    world.accredit("old", ("ects",))
    serve(network, made.id, badges.profile(made))
    return made


def serve(network: ForeignNetwork, url: str, document: Any) -> None:
    body = json.dumps(document).encode()
    network.pages[url.removeprefix("https://old.example")] = page(body, media_type="application/ld+json")


def old_badge(world: World, network: ForeignNetwork, publisher: Publisher, number: int, **how: bool) -> dict[str, Any]:
    outcome = replace(
        world.outcome(unit="ects", subject_id=None), achievement_id=f"https://old.example/classes/{number}",
        identifiers=(IdentityObject.hash_of("mina@example.org", "emailAddress", "pepper"),),
    )  # fmt: skip
    serve(network, outcome.achievement_id, badges.badge_class(outcome, publisher, image="https://old.example/a.png"))
    at = world.now - timedelta(hours=1)
    return badges.assertion(
        outcome, publisher, credential_id=f"https://old.example/badges/{number}", issued_on=at, **how
    )


def test_a_hosted_badge_is_held_and_swept(world: World, network: ForeignNetwork, publisher: Publisher) -> None:
    """It never says how many credits; when its address says that it is revoked, or gone, so does the record."""
    posts = []
    for number in (1, 2):
        made = old_badge(world, network, publisher, number)
        serve(network, made["id"], made)
        posts.append(Posted(json.dumps(made).encode(), None, ANNA))
    one, two = (world.bank.deposit(post) for post in posts)
    assert [state(world, d.deposit_id) for d in (one, two)] == [("held", "credits_not_disclosed")] * 2
    assert Sweep(world.bank).run().changed == {}
    world.now += timedelta(hours=25)
    made = json.loads(posts[0].data)
    serve(network, made["id"], {**made, "revoked": True})
    network.pages["/badges/2"] = page(b"", status="410 Gone")
    report = Sweep(world.bank).run()
    assert {how: sorted(ids) for how, ids in report.changed.items()} == {
        "revoked": sorted([one.deposit_id, two.deposit_id])
    }
    assert world.bank.verify(posts[1].data).verification.code == "revoked"
    assert world.bank.audit().clean


def test_a_signed_badge_is_held_and_swept(world: World, network: ForeignNetwork, publisher: Publisher) -> None:
    key = PrivateKey.generate("ES256")
    serve(network, "https://old.example/key", badges.cryptographic_key(publisher, key.public_key))
    serve(network, "https://old.example/revoked", badges.revocation_list(publisher, []))
    token = badges.sign(old_badge(world, network, publisher, 7, signed=True), key)
    outcome = world.bank.deposit(Posted(token.encode(), None, ANNA))
    assert state(world, outcome.deposit_id) == ("held", "credits_not_disclosed")
    world.now += timedelta(hours=25)
    serve(network, "https://old.example/revoked", badges.revocation_list(publisher, ["https://old.example/badges/7"]))
    assert Sweep(world.bank).run().changed == {"revoked": [outcome.deposit_id]}


def test_nothing_is_asked_for_an_old_badge_that_is_broken(
    world: World, network: ForeignNetwork, publisher: Publisher
) -> None:
    made = {**old_badge(world, network, publisher, 3), "recipient": None}
    network.dialled.clear()
    with pytest.raises((BankError, CredentialError)):
        world.bank.deposit(Posted(json.dumps(made).encode(), None, ANNA))
    assert network.dialled == []


# ── learner records ──────────────────────────────────────────────────────────────────────────────────────────────────


def record(school: ForeignSchool, *parts: Any, **facts: Any) -> bytes:
    """A signed learner record of these credentials."""
    document = clr(
        parts, issuer_id=school.did, issuer_name={"en": "Far University"}, credential_id="urn:uuid:a-record",
        name="Transcript", valid_from=school.world.now - timedelta(minutes=5),
        subject_id=school.world.wallet.public_key.did_key(),
    )  # fmt: skip
    return to_vc_jwt({**document, **facts}, school.key, key_id=school.key_id).encode()


def signed(school: ForeignSchool, **facts: Any) -> str:
    return to_vc_jwt(school.badge(**facts), school.key, key_id=school.key_id)


def test_a_learner_record_is_as_many_deposits_as_it_holds(world: World, school: ForeignSchool) -> None:
    rival = ForeignSchool(world, school.network, host="rival.example", issuer_id="rival").register()
    whole = Posted(record(school, signed(school), signed(rival)), None, school.caller, idempotency_key="k")
    parts = world.bank.prepare_parts(whole)
    assert parts is not None
    outcomes = [world.bank.deposit(part) for part in parts]
    assert [outcome.state for outcome in outcomes] == ["credited", "credited"]
    assert held(world, outcomes[0].book_id) == {"ects": Fraction(6)}
    again = [world.bank.deposit(part) for part in world.bank.prepare_parts(whole) or ()]
    assert [(one.deposit_id, one.repeated) for one in again] == [(one.deposit_id, True) for one in outcomes]
    with pytest.raises(Refused, match="no_achievement"):
        world.bank.prepare(whole)


def test_a_record_that_nobody_signed_is_refused_with_all_that_is_in_it(world: World, school: ForeignSchool) -> None:
    forger = replace(school, key=PrivateKey.generate("EdDSA"))
    document = clr(
        [signed(school)], issuer_id=school.did, issuer_name={"en": "Far"}, credential_id="urn:uuid:b", name="T",
        valid_from=world.now, subject_id=world.wallet.public_key.did_key(),
    )  # fmt: skip
    token = to_vc_jwt(document, forger.key, key_id=school.key_id).encode()
    with pytest.raises(Refused, match="bad_signature"):
        world.bank.prepare_parts(Posted(token, None, school.caller))


def test_what_is_no_record_has_no_parts(world: World, school: ForeignSchool) -> None:
    assert world.bank.prepare_parts(Posted(signed(school).encode(), None, school.caller)) is None


# ── who it is from ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("claimed", "code"),
    [("Far University", None), ("  far   UNIVERSITY ", None), ("Harvard University", "name_differs")],
)
def test_the_name_is_the_registrys(world: World, school: ForeignSchool, claimed: str, code: str | None) -> None:
    made = school.badge()
    token = to_vc_jwt({**made, "issuer": {**made["issuer"], "name": claimed}}, school.key, key_id=school.key_id)
    verification = world.bank.verify(token.encode()).verification
    assert (verification.check("issuer_name").code, verification.verdict) == (code, "valid")


def test_a_newer_version_is_asked_for_once_and_only_of_the_same_issuer(world: World, school: ForeignSchool) -> None:
    service = {"id": f"https://{school.host}/new", "type": "1EdTechCredentialRefresh"}
    made = school.badge()
    old = {**made, "@context": [*made["@context"], OPEN_BADGES_EXTENSIONS], "refreshService": service}
    newer = {**old, "validFrom": world.now.isoformat().replace("+00:00", "Z")}
    token = to_vc_jwt(old, school.key, key_id=school.key_id).encode()
    assert world.bank.refreshed(token) == token, "nothing there: it stays as it is"
    fresh = to_vc_jwt(newer, school.key, key_id=school.key_id).encode()
    school.network.pages["/new"] = page(fresh, media_type="application/vc+jwt")
    school.network.dialled.clear()
    assert world.bank.refreshed(token) == fresh
    assert len(school.network.dialled) == 1, "once, and not on for what came back"
    other = to_vc_jwt({**newer, "id": "https://school.example/other"}, school.key, key_id=school.key_id).encode()
    for answer in (other, fresh[:-4] + b"AAAA", b"{}"):
        school.network.pages["/new"] = page(answer, media_type="application/vc+jwt")
        assert world.bank.refreshed(token) == token
