"""Held, suspended, revoked, promoted: each change says what stands now, and one stuck credential stops no other."""

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from credentials.achievement import IdentityObject
from creditbank.caller import Caller
from creditbank.errors import Conflict, NotFound, Refused
from creditbank.identity import PlainIdentifier
from creditbank.intake import Posted
from creditbank.store.transaction import run
from tests.bank_world import ANNA, World, open_world
from tests.creditbank.persons import Person, deposit, held, state


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(database_url, tmp_path) as opened:
        yield opened


def credential_id(world: World, posted: Posted) -> str:
    claims = world.bank.verify(posted.data).verification.claims
    assert claims is not None
    return claims.credential_id


def suspended(world: World, school: Caller) -> tuple[Posted, str]:
    """A deposited badge that was suspended, and its id."""
    posted = world.issue(school, suspendable=True)
    world.bank.deposit(posted)
    credential = credential_id(world, posted)
    world.bank.set_status(school, credential, "suspension", value=True, reason="inquiry")
    return posted, credential


def test_a_lifted_suspension_without_accreditation_is_held_for_that(world: World) -> None:
    """Withdrawn meanwhile, from before the day it was earned: neither suspended nor credited."""
    school = world.school(accredited=False)
    row = world.accredit("hanbit", ("kr-credit",))
    _, credential = suspended(world, school)
    world.administration.withdraw_accreditation(ANNA, row.accreditation_id, row.valid_from)
    stored = world.bank.set_status(school, credential, "suspension", value=False, reason="cleared")
    assert (stored.state, stored.reason) == ("held", "issuer_not_accredited")
    assert held(world, stored.book_id) == {}
    world.accredit("hanbit", ("kr-credit",))
    assert state(world, stored.deposit_id) == ("credited", "promoted")
    assert world.bank.audit().clean


def test_a_suspension_lifted_after_a_revocation_revives_nothing(world: World) -> None:
    school = world.school()
    posted, credential = suspended(world, school)
    world.bank.set_status(school, credential, "revocation", value=True, reason="fraud")
    stored = world.bank.set_status(school, credential, "suspension", value=False, reason="cleared")
    assert stored.state == "revoked"
    assert world.bank.verify(posted.data).verification.code == "revoked"
    assert held(world, stored.book_id) == {}


@pytest.mark.parametrize(
    ("purpose", "value", "code"),
    [("suspension", True, "status_unchanged"), ("revocation", False, "revocation_is_final")],
)
def test_a_status_that_would_not_change_is_refused(world: World, purpose: str, value: bool, code: str) -> None:
    school = world.school()
    _, credential = suspended(world, school)
    before = world.counts()
    with pytest.raises(Conflict, match=code):
        world.bank.set_status(school, credential, purpose, value=value, reason="again")
    assert world.counts() == before


def test_an_institution_cannot_touch_another_ones_credential(world: World) -> None:
    school, other = world.school(), world.school("other", "higher")
    posted = world.issue(school)
    world.bank.deposit(posted)
    with pytest.raises(NotFound):
        world.bank.set_status(other, credential_id(world, posted), "revocation", value=True, reason="envy")
    assert world.bank.verify(posted.data).verification.verdict == "valid"


def test_what_is_held_can_be_revoked_and_is_not_promoted_any_more(world: World) -> None:
    school = world.school(accredited=False)
    posted, other = world.issue(school), world.issue(school)
    first, second = world.bank.deposit(posted), world.bank.deposit(other)
    stored = world.bank.set_status(school, credential_id(world, posted), "revocation", value=True, reason="error")
    assert stored.state == "revoked"
    world.accredit("hanbit", ("kr-credit",))
    assert [state(world, d.deposit_id)[0] for d in (first, second)] == ["revoked", "credited"]
    assert world.bank.audit().clean


def test_one_that_cannot_be_looked_at_keeps_back_no_other(world: World) -> None:
    """Of three held deposits one has expired and one was erased; the accreditation still credits the third."""
    newcomer = world.own_signer("newcomer", ())
    soon = world.now + timedelta(minutes=5)
    expired = deposit(newcomer, Person().by_did(), valid_until=soon)
    erased, sound = deposit(newcomer, Person().by_did()), deposit(newcomer, Person().by_did())
    forget = "DELETE FROM bank.document WHERE deposit_id = :deposit"
    world.bank.run(lambda tx: run(tx, forget, deposit=erased.deposit_id))
    world.now = soon + timedelta(minutes=1)
    world.accredit("newcomer", ("ects",))
    assert [state(world, d.deposit_id)[0] for d in (expired, erased, sound)] == ["held", "held", "credited"]
    with pytest.raises(NotFound, match="document_not_found"):
        world.bank.promote(erased.deposit_id)
    with pytest.raises(Refused, match="expired"):
        world.bank.promote(expired.deposit_id)


def test_held_for_one_reason_then_for_another(world: World) -> None:
    """Ambiguous and not accredited: when the one is settled, the record says that it waits for the other."""
    person, signer, newcomer = Person(), world.own_signer(), world.own_signer("newcomer", ())
    one, two = deposit(signer, person.by_did()), deposit(signer, person.by_email())
    both = deposit(newcomer, person.by_both())
    assert state(world, both.deposit_id) == ("held", "subject_ambiguous")
    world.bank.merge(one.book_id, two.book_id, "anna")
    assert state(world, both.deposit_id) == ("held", "issuer_not_accredited")
    world.accredit("newcomer", ("ects",))
    assert state(world, both.deposit_id) == ("credited", "promoted")
    assert held(world, two.book_id) == {"ects": Fraction(15)}
    assert world.bank.audit().clean


def test_a_promotion_of_what_is_credited_changes_nothing(world: World) -> None:
    outcome = world.deposit(world.school())
    before = world.counts()
    assert world.bank.promote(outcome.deposit_id).state == "credited"
    assert world.counts() == before


def test_a_refused_request_keeps_no_key(world: World) -> None:
    """The corrected request may use the same Idempotency-Key; an accepted one keeps it for good (L01, L02, L04)."""
    signer = world.own_signer()
    first = signer.document()
    world.bank.deposit(signer.post(signer.sign(first)))
    clash = {**signer.document(credential_id=first["id"]), "validFrom": first["validFrom"]}

    def ask(document: dict[str, object]) -> Posted:
        return Posted(signer.sign(document).encode(), None, signer.caller, idempotency_key="k")

    with pytest.raises(Conflict, match="already_recorded"):
        world.bank.deposit(ask(clash))
    good = ask(signer.document())
    outcome = world.bank.deposit(good)
    again = world.bank.deposit(good)
    assert (again.deposit_id, again.repeated, again.leaf_index) == (outcome.deposit_id, True, outcome.leaf_index)
    with pytest.raises(Conflict, match="idempotency_key_reused"):
        world.bank.deposit(ask(signer.document()))


def test_a_plain_identifier_is_believed_only_if_the_credential_confirms_it(world: World) -> None:
    """Else a depositor could tie somebody else's address to his own book (I14, I16)."""
    signer, person, stranger = world.own_signer(), Person(), Person()
    hashed = IdentityObject.hash_of(person.email, "emailAddress", "salt")
    token = signer.sign(signer.document(subject_id=person.did, identifiers=[hashed]))
    anybody = Caller("anybody", "learner", frozenset({"deposits:write"}))
    with pytest.raises(Refused, match="subject_mismatch"):
        world.bank.deposit(signer.post(token, stranger.plain_email, caller=anybody))
    outcome = world.bank.deposit(signer.post(token, person.plain_email, caller=anybody))
    assert world.learners.find(person.plain_email).book == outcome.book_id
    assert world.learners.find(PlainIdentifier("emailAddress", person.email.upper())).book == outcome.book_id


def test_a_student_number_means_one_person_only_within_its_institution(world: World) -> None:
    one, two = world.own_signer(), world.own_signer("other")
    number = IdentityObject("2026-0001", "studentIdentifier", hashed=False)
    facts = {"subject_id": None, "identifiers": [number]}
    first, second, third = deposit(one, facts), deposit(two, facts), deposit(one, facts)
    assert first.book_id == third.book_id != second.book_id


def test_credits_to_be_earned_are_held_until_the_day(world: World) -> None:
    """A day ahead may be today in another time zone; more is a promise, not an award."""
    signer, person = world.own_signer(), Person()
    today, tomorrow, later = (
        deposit(signer, person.by_did(), activity_start=None, activity_end=world.now.date() + timedelta(days=days))
        for days in (0, 1, 2)
    )
    assert [today.state, tomorrow.state, later.state] == ["credited", "credited", "held"]
    assert later.reason == "not_yet_earned"
    assert world.bank.promote(later.deposit_id).state == "held"
    world.now += timedelta(days=1)
    assert world.bank.promote(later.deposit_id).state == "credited"
    assert world.bank.audit().clean
