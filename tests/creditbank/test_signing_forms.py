"""Issued in every form: signed with a key that fits, deposited, credited, read again, looked at again, revoked."""

import json
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from credentials.data_integrity import derive
from credentials.dates import timestamp
from credentials.errors import LimitExceeded
from credentials.keys import PrivateKey
from credentials.read import read
from credentials.sd_jwt_issue import present
from credentials.status_entry import StatusEntry
from creditbank.caller import Caller
from creditbank.errors import Conflict, Refused
from creditbank.intake import Posted
from creditbank.store import status
from issuers.client import CredentialSigner, shown_whole
from issuers.errors import BankError, RegistryError
from issuers.signing_forms import FORMS
from recognition_rules.credits import from_grains
from tests.bank_world import ANNA, World, open_world

CASES = [(name, algorithm) for name, form in FORMS.items() for algorithm in form.algorithms]


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(database_url, tmp_path) as opened:
        yield opened


def ending(world: World, **facts: Any) -> dict[str, Any]:
    """An outcome with an end of validity, which every form can bear."""
    return {"valid_until": world.now + timedelta(days=365), **facts}


def credits_of(world: World, book: Any) -> list[Fraction]:
    return [from_grains(one.grains) for one in world.bank.statement(book, world.now.date()).held()]


@pytest.mark.parametrize(("form", "algorithm"), CASES)
def test_a_badge_in_every_form_goes_its_whole_way(world: World, form: str, algorithm: str) -> None:
    school = world.school(hosted=algorithm)
    posted = world.issue(school, form, **ending(world))
    outcome = world.bank.deposit(posted)
    assert (outcome.state, credits_of(world, outcome.book_id)) == ("credited", [3])
    assert world.bank.document(outcome.deposit_id) == posted.kept
    again = world.bank.deposit(posted)
    assert (again.deposit_id, again.repeated) == (outcome.deposit_id, True)
    claims = world.bank.verify(posted.data, posted.media_type).verification.claims
    assert claims is not None
    assert [entry.purpose for entry in claims.status_entries] == ["revocation"]
    world.bank.set_status(school, claims.credential_id, "revocation", value=True, reason="fraud")
    assert world.bank.verify(posted.data).verification.code == "revoked"
    assert credits_of(world, outcome.book_id) == [0]
    assert world.bank.audit().clean


@pytest.mark.parametrize("form", FORMS)
def test_a_badge_held_and_a_badge_suspended_are_looked_at_again_in_every_form(world: World, form: str) -> None:
    """From what is kept, which with ecdsa-sd-2023 is the base proof that no counter takes."""
    school = world.school("newcomer", hosted=FORMS[form].algorithms[0], accredited=False)
    posted = world.issue(school, form, suspendable=True, **ending(world))
    outcome = world.bank.deposit(posted)
    assert outcome.state == "held"
    world.accredit("newcomer", ("kr-credit",))
    claims = world.bank.verify(posted.data).verification.claims
    assert claims is not None and world.bank.stored(outcome.deposit_id).state == "credited"
    world.bank.set_status(school, claims.credential_id, "suspension", value=True, reason="inquiry")
    assert world.bank.verify(posted.data).verification.code == "suspended"
    stored = world.bank.set_status(school, claims.credential_id, "suspension", value=False, reason="cleared")
    assert stored.state == "credited"


def test_one_status_is_one_object_and_two_are_an_array(world: World) -> None:
    """The JSON Schema of Open Badges 3.0 knows an object there, no array."""
    school = world.school()
    one, two = (
        read(world.issue(school, suspendable=wanted).data).document["credentialStatus"] for wanted in (False, True)
    )
    assert (one["type"], one["statusPurpose"]) == ("BitstringStatusListEntry", "revocation")
    assert [entry["statusPurpose"] for entry in two] == ["revocation", "suspension"]


def test_what_has_no_place_for_suspension_is_not_suspended(world: World) -> None:
    school = world.school()
    posted = world.issue(school)
    world.bank.deposit(posted)
    claims = world.bank.verify(posted.data).verification.claims
    assert claims is not None
    before = world.counts()
    for value in (True, False):
        with pytest.raises(Conflict, match="not_suspendable"):
            world.bank.set_status(school, claims.credential_id, "suspension", value=value, reason="inquiry")
    assert world.counts() == before


@pytest.mark.parametrize(
    ("form", "hosted", "needed"),
    [
        ("eddsa-jcs-2022", "ES256", "EdDSA"),
        ("ecdsa-rdfc-2019", "EdDSA", "ES256 or ES384"),
        ("ecdsa-sd-2023", "ES384", "ES256"),
    ],
)
def test_a_form_that_no_key_fits_is_refused_with_what_it_needs(
    world: World, form: str, hosted: str, needed: str
) -> None:
    school = world.school(hosted=hosted)
    with pytest.raises(RegistryError, match=f"needs {needed}") as refusal:
        world.issue(school, form, **ending(world))
    assert refusal.value.code == "no_fitting_key"
    world.administration.create_key(ANNA, "hanbit", needed.split(" ")[0], world.now - timedelta(days=1))
    assert world.bank.deposit(world.issue(school, form, **ending(world))).state == "credited"


def test_a_badge_to_be_shown_in_part_needs_an_end_and_no_status_place_is_lost(world: World) -> None:
    school = world.school(hosted="ES256")
    with pytest.raises(Refused, match="valid_until_needed"):
        world.issue(school, "ecdsa-sd-2023")
    with pytest.raises(Refused, match="form_unknown"):
        world.issue(school, "bbs-2023")
    with pytest.raises(LimitExceeded):
        world.issue(school, "sd-jwt", description={"en": "x" * 70_000})
    assert world.bank.run(status.list_ids) == []


def base_of(world: World, school: Caller) -> tuple[Posted, dict[str, Any]]:
    posted = world.issue(school, "ecdsa-sd-2023", **ending(world))
    assert posted.kept is not None
    return posted, json.loads(posted.kept)


def test_the_learner_gets_the_base_proof_and_shows_parts_that_can_be_relied_on(world: World) -> None:
    school = world.school(hosted="ES256")
    posted, base = base_of(world, school)
    outcome = world.bank.deposit(posted)
    assert world.bank.verify(posted.kept or b"").verification.code == "base_proof"
    for pointers in ([], ["/credentialSubject/creditsEarned"], ["/credentialSubject/result/0"]):
        part = json.dumps(derive(base, pointers)).encode()
        found = world.bank.verify(part).verification
        assert (found.verdict, found.code) == ("valid", None)
        assert found.claims is not None and found.claims.achievement.unit == "kr-credit"
        handed_in = world.bank.deposit(Posted(part, None, school))
        assert (handed_in.deposit_id, handed_in.repeated) == (outcome.deposit_id, True), "the same content"
    shown = json.loads(posted.data)
    assert {name: value for name, value in shown.items() if name != "proof"} == {
        name: value for name, value in base.items() if name != "proof"
    }
    assert shown["validUntil"] == timestamp(world.now + timedelta(days=365))


def test_the_learner_of_an_sd_jwt_holds_back_what_is_hers_and_nothing_else(world: World) -> None:
    school = world.school()
    posted = world.issue(school, "sd-jwt")
    world.bank.deposit(posted)
    token = posted.data.decode()
    shown = [f"/credentialSubject/{name}" for name in ("id", "achievement", "creditsEarned")]
    part = present(token, shown=shown)
    found = world.bank.verify(part.encode(), "application/vc+sd-jwt").verification
    assert (found.verdict, found.code) == ("valid", None)
    assert found.claims is not None
    assert (found.claims.credits_earned, found.claims.results) == (3, ())
    bare = read(present(token, shown=[]).encode()).document
    assert {"id", "issuer", "validFrom", "credentialStatus", "name"} <= bare.keys()
    assert world.bank.verify(present(token, shown=[]).encode()).verification.verdict == "indeterminate"


@pytest.mark.parametrize(("form", "algorithm"), CASES)
def test_a_school_signs_in_every_form_with_its_own_key(world: World, form: str, algorithm: Any) -> None:
    key = PrivateKey.generate(algorithm)
    school = world.school("own", accredited=True)
    row = world.administration.register_key(ANNA, "own", key.public_key, world.now - timedelta(days=9))
    signer = CredentialSigner(row.key_id.partition("#")[0], {"en": "Own"}, key)
    at = world.now - timedelta(minutes=1)
    facts = {"credential_id": "urn:uuid:0f4e9d2c-5a0e-4a39-9f44-6a1c1d3c7a11", "valid_from": at, "form": form}
    entries = [StatusEntry("revocation", "https://own.example/status", 7)] if FORMS[form].needs_end else []
    issued = signer.sign(world.outcome(**ending(world)), **facts, status_entries=entries)
    if form == "ecdsa-sd-2023":
        with pytest.raises(Refused, match="base_proof"):
            world.bank.deposit(Posted(issued.encode(), None, school))
        with pytest.raises(BankError, match="end of validity"):
            signer.sign(world.outcome(), **facts)
        with pytest.raises(BankError, match="a status that can revoke"):
            signer.sign(world.outcome(**ending(world)), **facts)
    outcome = world.bank.deposit(Posted(shown_whole(issued).encode(), None, school))
    expected = ("held", "status_unavailable") if entries else ("credited", "verified")
    assert (outcome.state, outcome.reason) == expected, "in a test others' status lists cannot be fetched"
