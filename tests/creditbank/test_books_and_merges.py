"""One person, several books: who may tie identifiers, what is held as ambiguous, and what a merge keeps."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import pytest

from creditbank.errors import Conflict, NeedsApproval, NotFound
from creditbank.identity import PlainIdentifier
from creditbank.recognising import Recognising
from creditbank.store.transaction import run
from tests.bank_world import ANNA, BORIS, OwnSigner, World, open_world
from tests.creditbank.persons import Person, deposit, held, state


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
def signer(world: World) -> OwnSigner:
    return world.own_signer()


def test_an_institution_without_accreditation_ties_nobodys_identifiers(world: World, signer: OwnSigner) -> None:
    """Anybody can sign and name anybody: a stranger's badge leads a victim's address to no book of his."""
    victim, stranger = Person(), world.own_signer("stranger", ())
    forged = deposit(stranger, {**victim.by_email(), "subject_id": Person().did})
    assert state(world, forged.deposit_id) == ("held", "issuer_not_accredited")
    with pytest.raises(NotFound):
        world.learners.find(victim.plain_email)
    hers = deposit(signer, victim.by_email())
    assert hers.book_id != forged.book_id
    assert world.learners.find(victim.plain_email).book == hers.book_id


def test_an_ambiguous_subject_is_held_and_promoted_after_the_merge(world: World, signer: OwnSigner) -> None:
    person = Person()
    by_did, by_email = deposit(signer, person.by_did()), deposit(signer, person.by_email())
    both = deposit(signer, person.by_both(), credits=Fraction(2))
    assert state(world, both.deposit_id) == ("held", "subject_ambiguous")
    assert len({by_did.book_id, by_email.book_id, both.book_id}) == 3
    world.bank.merge(by_email.book_id, by_did.book_id, "anna")
    assert state(world, both.deposit_id) == ("credited", "promoted")
    assert world.bank.stored(both.deposit_id).book_id == by_did.book_id
    assert held(world, by_did.book_id) == {"ects": Fraction(12)}
    assert held(world, both.book_id) == {}
    assert world.bank.audit().clean


def test_a_merge_keeps_days_ids_and_lets_identifiers_lead_on(world: World, signer: OwnSigner) -> None:
    person, early = Person(), date(2025, 1, 10)
    one = deposit(signer, person.by_did(), activity_start=None, activity_end=early)
    two = deposit(signer, person.by_email())
    assert world.bank.merge(one.book_id, two.book_id, "anna").moved == 1
    assert world.bank.stored(one.deposit_id).book_id == two.book_id
    opening = next(line for line in world.bank.statement(two.book_id, world.now.date()).lines if line.kind == "opening")
    assert (opening.effective_on, opening.award) == (early, one.deposit_id)
    assert held(world, two.book_id) == {"ects": Fraction(10)}
    assert held(world, one.book_id) == {"ects": Fraction(10)}, "the old book's address leads on"
    assert deposit(signer, person.by_did()).book_id == two.book_id
    both = deposit(signer, person.by_both())
    assert (both.state, both.book_id) == ("credited", two.book_id)
    assert world.learners.find(PlainIdentifier("did", person.did)).book == two.book_id
    assert world.learners.add_identifiers(two.book_id, [PlainIdentifier("did", person.did)]).book == two.book_id
    assert world.bank.audit().clean


def test_three_books_merge_in_a_chain(world: World, signer: OwnSigner) -> None:
    persons = [Person() for _ in range(3)]
    first, second, third = (deposit(signer, person.by_did()) for person in persons)
    world.bank.merge(first.book_id, second.book_id, "anna")
    world.bank.merge(second.book_id, third.book_id, "boris")
    assert [world.bank.stored(d.deposit_id).book_id for d in (first, second, third)] == [third.book_id] * 3
    assert held(world, third.book_id) == {"ects": Fraction(15)}
    learner = world.learners.learner(first.book_id)
    assert (learner.book, len(learner.merged), len(learner.identifiers)) == (third.book_id, 2, 3)
    assert len(world.learners.record(first.book_id)) == 3
    assert {event["state"] for event in world.learners.history(third.book_id)} == {"credited", "moved"}
    assert deposit(signer, persons[0].by_did()).book_id == third.book_id
    assert world.bank.audit().clean


def test_a_revocation_after_merges_settles_the_institutions_account(world: World) -> None:
    """Through two merges back to the award: over all books nothing is left of it on any account."""
    school = world.school()
    posted = world.issue(school, **Person().by_did())
    first = world.bank.deposit(posted)
    second, third = (world.deposit(school, **Person().by_did()) for _ in range(2))
    world.bank.merge(first.book_id, second.book_id, "anna")
    world.bank.merge(second.book_id, third.book_id, "anna")
    claims = world.bank.verify(posted.data).verification.claims
    assert claims is not None
    world.bank.set_status(school, claims.credential_id, "revocation", value=True, reason="fraud")
    left = "SELECT account, sum(grains) AS n FROM bank.posting WHERE award_id = :award GROUP BY book_id, account"
    rows = world.bank.run(lambda tx: run(tx, left, award=first.deposit_id))
    assert len(rows) >= 6 and {row.n for row in rows} == {0}
    assert held(world, third.book_id) == {"kr-credit": Fraction(6)}
    assert world.bank.audit().findings == ()


@pytest.mark.parametrize("purpose", ["revocation", "suspension"])
def test_a_revocation_reaches_the_credits_where_they_are_now(world: World, purpose: str) -> None:
    school, person = world.school(), Person()
    one, two = (world.issue(school, suspendable=True, **who) for who in (person.by_did(), person.by_email()))
    first, second = world.bank.deposit(one), world.bank.deposit(two)
    world.bank.merge(first.book_id, second.book_id, "anna")
    claims = world.bank.verify(one.data).verification.claims
    assert claims is not None
    stored = world.bank.set_status(school, claims.credential_id, purpose, value=True, reason="inquiry")
    assert (stored.book_id, stored.state) == (second.book_id, {"revocation": "revoked"}.get(purpose, "suspended"))
    assert held(world, second.book_id) == {"kr-credit": Fraction(3)}
    if purpose == "suspension":
        world.bank.set_status(school, claims.credential_id, purpose, value=False, reason="cleared")
        assert held(world, second.book_id) == {"kr-credit": Fraction(6)}
    assert world.bank.audit().clean


def test_what_was_held_before_a_merge_is_promoted_after_it(world: World, signer: OwnSigner) -> None:
    person, newcomer = Person(), world.own_signer("newcomer", ())
    waiting = deposit(newcomer, person.by_did())
    other = deposit(signer, person.by_email())
    world.bank.merge(waiting.book_id, other.book_id, "anna")
    assert state(world, waiting.deposit_id)[0] == "held"
    world.accredit("newcomer", ("ects",))
    assert state(world, waiting.deposit_id) == ("credited", "promoted")
    assert held(world, other.book_id) == {"ects": Fraction(10)}
    assert world.bank.audit().clean


def test_two_held_deposits_of_one_person_meet_in_one_book(world: World) -> None:
    person, newcomer = Person(), world.own_signer("newcomer", ())
    first, second = deposit(newcomer, person.by_did()), deposit(newcomer, person.by_did())
    assert first.book_id != second.book_id, "nobody's word ties them yet"
    world.accredit("newcomer", ("ects",))
    found = world.learners.find(PlainIdentifier("did", person.did)).book
    assert {world.bank.stored(d.deposit_id).book_id for d in (first, second)} == {found}
    assert held(world, found) == {"ects": Fraction(10)}
    assert world.bank.audit().clean


def test_a_book_is_merged_once_and_not_into_itself(world: World, signer: OwnSigner) -> None:
    one, two, three = (deposit(signer, Person().by_did()).book_id for _ in range(3))
    world.bank.merge(one, two, "anna")
    for source, target, code in [(one, three, "book_sealed"), (three, one, "book_sealed"), (three, three, "same_book")]:
        with pytest.raises(Conflict, match=code):
            world.bank.merge(source, target, "anna")
    with pytest.raises(NotFound):
        world.bank.merge(three, UUID(int=0), "anna")


def test_a_merge_runs_caps_again_and_what_it_costs_needs_a_second_person(world: World) -> None:
    """The Korean pack counts one course once: apart each book's copy counted, together only one does (I17)."""
    school = world.school()
    world.publish_pack()
    books = []
    for person in (Person(), Person()):
        course = {
            "name": {"ko": "회계원리", "en": "Accounting"},
            "achievement_id": "https://hanbit.example/courses/same",
        }
        outcome = world.deposit(school, **course, **person.by_did())
        decision = Recognising(world.bank).recognise(outcome.book_id, world.request())
        assert decision.result["totals"]["counted"] == "3"
        books.append(outcome.book_id)
    before = world.counts()
    source, target = books
    with pytest.raises(NeedsApproval) as cost:
        world.bank.merge(source, target, ANNA.client_id)
    assert cost.value.code == "merge_conflict"
    assert [conflict["credits_lost"] for conflict in cost.value.facts["conflicts"]] == ["3"]  # type: ignore[attr-defined]
    with pytest.raises(NeedsApproval):
        world.bank.merge(source, target, ANNA.client_id)
    assert world.counts() == before, "a proposal books nothing"
    outcome = world.bank.merge(source, target, BORIS.client_id)
    merged = world.learners.learner(target).merged
    assert [(m.requested_by, m.approved_by) for m in merged] == [(ANNA.client_id, BORIS.client_id)]
    assert len(outcome.conflicts) == 1
    assert held(world, target) == {"kr-credit": Fraction(3)}, "what no longer counts is the learner's again"
    decisions = world.learners.recognitions(target)
    assert [d.result["totals"]["counted"] for d in decisions] == ["3", "3", "3"], "nothing is lost from the record"
    assert world.bank.audit().clean


def test_a_merge_without_loss_carries_the_decision_over(world: World) -> None:
    school = world.school()
    world.publish_pack()
    source = world.deposit(school, **Person().by_did()).book_id
    target = world.deposit(school, **Person().by_did()).book_id
    first = Recognising(world.bank).recognise(source, world.request())
    assert world.bank.merge(source, target, "anna").conflicts == ()
    decisions = world.learners.recognitions(target)
    assert [d.result["totals"]["counted"] for d in decisions] == ["3", "6"]
    assert decisions[0].recognition_id == first.recognition_id
    again = Recognising(world.bank).recognise(target, world.request())
    assert (again.replaces, again.result["totals"]["counted"]) == (decisions[1].recognition_id, "6")
    assert world.bank.audit().clean
