"""A signed badge goes in: credited, held, refused, replaced; and what a refusal leaves behind, which is nothing."""

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from credentials.keys import Algorithm
from credentials.read import read
from creditbank.errors import Conflict, Refused
from creditbank.identity import PlainIdentifier
from creditbank.log.receipt import Receipt
from creditbank.recognising import Recognising
from issuers.errors import RegistryError
from recognition_rules.credits import from_grains
from tests.bank_world import World, open_world


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(database_url, tmp_path) as opened:
        yield opened


def test_a_deposit_is_credited_logged_and_proved(world: World) -> None:
    school = world.school()
    outcome = world.deposit(school)
    assert (outcome.state, outcome.version, outcome.repeated) == ("credited", 1, False)
    held = world.bank.statement(outcome.book_id, world.now.date()).held()
    assert [(b.unit, from_grains(b.grains)) for b in held] == [("kr-credit", Fraction(3))]
    proof = world.bank.receipt_of(str(outcome.deposit_id))
    assert proof.entry is not None
    Receipt.parse(proof.receipt.encode()).check(proof.entry, world.bank.publisher.trusted)
    assert world.bank.audit().clean


@pytest.mark.parametrize("form", ["vc-jwt", "eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_every_form_of_signature_is_credited(world: World, form: str) -> None:
    assert world.deposit(world.school(), form).state == "credited"


def test_one_person_keeps_one_book(world: World) -> None:
    school, other = world.school(), world.school("seoul", "higher")
    assert world.deposit(school).book_id == world.deposit(other).book_id


def test_the_same_deposit_again_is_the_same_deposit(world: World) -> None:
    school = world.school()
    posted = world.issue(school)
    first, again = world.bank.deposit(posted), world.bank.deposit(posted)
    assert (again.deposit_id, again.repeated) == (first.deposit_id, True)
    assert world.counts()["entries"] == 1


def test_two_of_one_group_that_are_the_same_are_booked_once(world: World) -> None:
    posted = world.issue(world.school())
    results = world.bank.deposit_many([world.bank.prepare(posted), world.bank.prepare(posted)])
    assert len({result.deposit_id for result in results}) == 1
    assert world.counts()["entries"] == 1


def test_other_content_under_the_same_identity_is_refused_unless_newer(world: World) -> None:
    signer = world.own_signer()
    document = signer.document(credits=Fraction(5))
    first = world.bank.deposit(signer.post(signer.sign(document)))
    before = world.counts()
    changed = signer.document(credits=Fraction(50), credential_id=document["id"])
    with pytest.raises(Conflict, match="already_recorded"):
        world.bank.deposit(signer.post(signer.sign({**changed, "validFrom": document["validFrom"]})))
    assert world.counts() == before
    newer = signer.document(
        credits=Fraction(4), credential_id=document["id"], valid_from=world.now - timedelta(minutes=1)
    )
    second = world.bank.deposit(signer.post(signer.sign(newer)))
    assert (second.version, second.replaced) == (2, first.deposit_id)
    assert world.bank.stored(first.deposit_id).state == "superseded"
    held = world.bank.statement(second.book_id, world.now.date()).held()
    assert [from_grains(balance.grains) for balance in held] == [Fraction(4)]
    assert world.bank.audit().clean


def test_without_accreditation_it_is_held_then_promoted(world: World) -> None:
    school = world.school("newcomer", accredited=False)
    outcome = world.deposit(school)
    assert (outcome.state, outcome.reason) == ("held", "issuer_not_accredited")
    assert world.counts() == {"entries": 0, "postings": 0, "leaves": 3}  # registration, key, and the held deposit
    world.accredit("newcomer", ("kr-credit",))
    assert world.bank.stored(outcome.deposit_id).state == "credited"
    assert world.counts()["entries"] == 1
    assert world.bank.audit().clean


def test_a_tampered_credential_is_refused_and_leaves_nothing(world: World) -> None:
    signer = world.own_signer()
    head, _payload, signature = signer.sign(signer.document()).split(".")
    other = signer.sign(signer.document(credits=Fraction(60))).split(".")[1]
    before = world.counts()
    with pytest.raises(Refused) as refusal:
        world.bank.deposit(signer.post(f"{head}.{other}.{signature}"))
    assert refusal.value.code == "bad_signature"
    assert world.counts() == before


def test_revocation_takes_the_credits_back(world: World) -> None:
    school = world.school()
    posted = world.issue(school)
    outcome = world.bank.deposit(posted)
    credential_id = world.bank.verify(posted.data).verification.claims.credential_id
    stored = world.bank.set_status(school, credential_id, "revocation", value=True, reason="fraud")
    assert stored.state == "revoked"
    assert [b.grains for b in world.bank.statement(outcome.book_id, world.now.date()).held()] == [0]
    verified = world.bank.verify(posted.data).verification
    assert (verified.verdict, verified.code) == ("invalid", "revoked")
    assert world.bank.audit().clean


def test_suspension_can_be_lifted(world: World) -> None:
    school = world.school()
    posted = world.issue(school, suspendable=True)
    outcome = world.bank.deposit(posted)
    credential_id = world.bank.verify(posted.data).verification.claims.credential_id
    world.bank.set_status(school, credential_id, "suspension", value=True, reason="inquiry")
    assert world.bank.verify(posted.data).verification.code == "suspended"
    stored = world.bank.set_status(school, credential_id, "suspension", value=False, reason="cleared")
    assert stored.state == "credited"
    assert [from_grains(b.grains) for b in world.bank.statement(outcome.book_id, world.now.date()).held()] == [3]
    assert world.bank.audit().clean


def test_recognition_is_booked_explained_and_made_anew_after_a_revocation(world: World) -> None:
    school = world.school()
    posted = [world.issue(school, course_class="major-elective") for _ in range(4)]
    outcomes = [world.bank.deposit(item) for item in posted]
    world.publish_pack()
    first = Recognising(world.bank).recognise(outcomes[0].book_id, world.request())
    assert first.result["totals"]["counted"] == "12"
    credential_id = world.bank.verify(posted[0].data).verification.claims.credential_id
    world.bank.set_status(school, credential_id, "revocation", value=True, reason="fraud")
    decisions = world.learners.recognitions(outcomes[0].book_id)
    assert [row.result["totals"]["counted"] for row in decisions] == ["12", "9"]
    assert decisions[1].replaces == first.recognition_id
    reasons = {d["award"]: [r["code"] for r in d["reasons"]] for d in decisions[1].result["decisions"]}
    assert reasons[str(outcomes[0].deposit_id)] == ["REVOKED"]
    balances = {
        b.account: from_grains(b.grains) for b in world.bank.statement(outcomes[0].book_id, world.now.date()).balances
    }
    assert balances["programme:kr-acbs/bachelor"] == 9
    assert world.bank.audit().clean


def test_conversion_goes_through_the_exchange_in_four_legs(world: World) -> None:
    signer = world.own_signer()
    outcome = world.bank.deposit(
        signer.post(signer.sign(signer.document(credits=Fraction(6), source_type="accredited-course")))
    )
    world.publish_pack()
    row = Recognising(world.bank).recognise(outcome.book_id, world.request())
    assert row.entry_id is not None, [d["reasons"] for d in row.result["decisions"]]
    lines = [
        line for line in world.bank.statement(outcome.book_id, world.now.date()).lines if line.entry == row.entry_id
    ]
    assert [(line.account, line.unit) for line in lines] == [
        ("exchange:ects", "ects"),
        ("exchange:kr-credit", "kr-credit"),
        ("learner", "ects"),
        ("programme:kr-acbs/bachelor", "kr-credit"),
    ]


def test_a_held_deposit_is_promoted_into_the_book_of_the_identifier_it_came_with(world: World) -> None:
    """The badge names the learner by a salted hash; the e-mail address that it came with must not be forgotten."""
    address = PlainIdentifier("emailAddress", "Soonja.Kim@example.org")
    newcomer, known = world.school("newcomer", accredited=False), world.school("known")
    badges = [
        world.bank.issue(newcomer, "newcomer", world.outcome(subject_id=None), "vc-jwt", [address]) for _ in range(2)
    ]
    held = [world.bank.deposit(badge) for badge in badges]
    assert [outcome.state for outcome in held] == ["held", "held"]
    earlier = world.bank.deposit(world.bank.issue(known, "known", world.outcome(subject_id=None), "vc-jwt", [address]))
    world.accredit("newcomer", ("kr-credit",))
    books = {world.bank.stored(outcome.deposit_id).book_id for outcome in held}
    assert books == {earlier.book_id}
    assert world.bank.audit().clean


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
def test_a_hosted_key_of_either_kind_issues_and_revokes(world: World, algorithm: Algorithm) -> None:
    """An ES256 key signs VC-JWTs and its status lists; Data Integrity with Ed25519 needs an Ed25519 key."""
    school = world.school("own", hosted=algorithm)
    posted = world.issue(school)
    assert read(posted.data).jws.header["alg"] == algorithm  # type: ignore[union-attr]
    outcome = world.bank.deposit(posted)
    assert outcome.state == "credited"
    credential_id = world.bank.verify(posted.data).verification.claims.credential_id  # type: ignore[union-attr]
    assert credential_id is not None
    world.bank.set_status(school, credential_id, "revocation", value=True, reason="fraud")
    assert world.bank.verify(posted.data).verification.code == "revoked"
    if algorithm == "ES256":
        with pytest.raises(RegistryError, match="no key that may sign"):
            world.issue(school, "eddsa-jcs-2022")
    assert world.bank.audit().clean
