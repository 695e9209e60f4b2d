"""Trap 5: caps and single use hold however many ask at once; the learner's book is locked before anything is read."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from fractions import Fraction
from threading import Barrier
from typing import Any, TypeVar
from uuid import UUID

import psycopg
import pytest

from creditbank.errors import BankError
from creditbank.recognising import Recognising
from creditbank.store import rows
from creditbank.store.rows import Recognition
from creditbank.transactions import promotion, registry
from recognition_rules.credits import from_grains
from tests.bank_world import World

T = TypeVar("T")
PROGRAMMES = ("bachelor", "associate-2", "associate-3", "bachelor", "associate-2", "bachelor")
SEMESTER_CAP = 24


def at_once(*tasks: Callable[[], T]) -> list[T | Exception]:
    """Every task in a thread of its own, all let go together."""
    start = Barrier(len(tasks))

    def go(task: Callable[[], T]) -> T | Exception:
        start.wait()
        try:
            return task()
        except BankError as error:
            return error

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(go, tasks))


@pytest.fixture
def learner(world: World) -> UUID:
    """A book with twelve courses of three credits, all of one semester: 36 credits, of which 24 may count."""
    school = world.school()
    outcomes = [world.deposit(school) for _ in range(12)]
    world.publish_pack()
    return outcomes[0].book_id


def counted(world: World, book: UUID) -> Fraction:
    """What stands in all programmes of the book, by the ledger."""
    balances = world.bank.statement(book, date(2999, 1, 1)).balances
    return sum((from_grains(b.grains) for b in balances if b.account.startswith("programme:")), Fraction(0))


def standing_uses(admin_url: str) -> list[tuple[UUID, int]]:
    """Each award with the number of its uses that are not released."""
    with psycopg.connect(admin_url) as connection:
        return connection.execute(
            "SELECT award_id, count(*) FROM bank.use LEFT JOIN bank.use_release r"
            " USING (book_id, award_id, purpose, nth) WHERE r.nth IS NULL GROUP BY award_id"
        ).fetchall()


def test_trap_5_a_cap_holds_for_one_programme_asked_for_many_times_at_once(world: World, learner: UUID) -> None:
    rows = at_once(*[lambda: Recognising(world.bank).recognise(learner, world.request())] * 8)
    assert all(isinstance(row, Recognition) for row in rows), rows
    assert counted(world, learner) == SEMESTER_CAP
    standing = [row for row in world.learners.recognitions(learner) if row.replaces is None]
    assert len(standing) == 1  # each of the others replaced one, in a chain
    assert len({row.replaces for row in world.learners.recognitions(learner)}) == 8
    assert world.bank.audit().clean


def test_trap_5_no_award_is_used_twice_by_programmes_that_ask_at_once(
    world: World, learner: UUID, admin_database_url: str
) -> None:
    rows = at_once(*[lambda p=p: Recognising(world.bank).recognise(learner, world.request(p)) for p in PROGRAMMES])  # type: ignore[misc]
    assert all(isinstance(row, Recognition) for row in rows), rows
    uses = standing_uses(admin_database_url)
    assert [number for _, number in uses] == [1] * len(uses)
    assert counted(world, learner) == 3 * len(uses) <= 36
    assert world.bank.audit().clean


def test_trap_5_deposits_and_recognitions_at_once_never_pass_the_cap(world: World, learner: UUID) -> None:
    school = world.school("seoul", "higher")
    posted = [world.issue(school) for _ in range(6)]
    deposits: Sequence[Callable[[], Any]] = [lambda p=p: world.bank.deposit(p) for p in posted]  # type: ignore[misc]
    recognitions: Sequence[Callable[[], Any]] = [
        lambda: Recognising(world.bank).recognise(learner, world.request())
    ] * 6
    done = at_once(*deposits, *recognitions)
    assert not [result for result in done if isinstance(result, Exception)]
    assert counted(world, learner) == SEMESTER_CAP
    assert world.bank.audit().clean


def test_trap_5_a_credential_handed_in_by_many_at_once_is_booked_once(world: World) -> None:
    posted = world.issue(world.school())
    outcomes = at_once(*[lambda: world.bank.deposit(posted)] * 12)
    assert len({outcome.deposit_id for outcome in outcomes}) == 1  # type: ignore[union-attr]
    assert [outcome.repeated for outcome in outcomes].count(False) == 1  # type: ignore[union-attr]
    assert world.counts()["entries"] == 1


def test_trap_5_two_issues_of_one_credential_at_once_leave_one_alive(world: World) -> None:
    """Equally new, with other credits: one is booked, the other refused, whoever comes first."""
    signer = world.own_signer()
    first = signer.document(credits=Fraction(5))
    second = signer.document(credits=Fraction(50), credential_id=first["id"])
    second["validFrom"] = first["validFrom"]
    posts = [signer.post(signer.sign(document)) for document in (first, second) * 3]
    results = at_once(*[lambda p=p: world.bank.deposit(p) for p in posts])  # type: ignore[misc]
    refused = [result for result in results if isinstance(result, Exception)]
    assert {getattr(error, "code", "") for error in refused} == {"already_recorded"}
    assert len(refused) == 3
    assert world.counts()["entries"] == 1


def test_trap_5_revocation_and_recognition_at_once_never_leave_revoked_credits_counted(
    world: World, learner: UUID
) -> None:
    school = world.school("seoul", "higher")
    posted = [world.issue(school, activity_start=date(2025, 3, 2), activity_end=date(2025, 6, 20)) for _ in range(4)]
    for item in posted:
        world.bank.deposit(item)
    claims = [world.bank.verify(item.data).verification.claims for item in posted]
    ids = [claim.credential_id for claim in claims if claim]
    revoke: Sequence[Callable[[], Any]] = [
        lambda i=i: world.bank.set_status(school, i, "revocation", value=True, reason="fraud")  # type: ignore[misc]
        for i in ids
    ]
    done = at_once(*revoke, *[lambda: Recognising(world.bank).recognise(learner, world.request())] * 4)
    assert not [result for result in done if isinstance(result, Exception)]
    assert counted(world, learner) == SEMESTER_CAP  # of 2026; nothing of the revoked courses of 2025
    assert world.bank.audit().clean


def test_trap_5_a_suspension_between_looking_and_crediting_is_not_overlooked(world: World) -> None:
    """A held badge is found good, then suspended, and only then does the crediting get its turn."""
    school = world.school("newcomer", accredited=False)
    posted = world.issue(school, suspendable=True)
    outcome = world.bank.deposit(posted)
    claims = world.bank.verify(posted.data).verification.claims
    assert claims is not None
    add_approved_accreditation(world, "newcomer")
    found_good = world.bank.prepare(posted)
    assert found_good.claim.award is not None
    world.bank.set_status(school, claims.credential_id, "suspension", value=True, reason="inquiry")
    office = world.bank.office
    stored = world.bank.change(lambda tx: promotion.promote(tx, office, outcome.deposit_id, found_good))
    assert stored.state == "suspended"
    assert world.counts()["entries"] == 0
    stored = world.bank.set_status(school, claims.credential_id, "suspension", value=False, reason="cleared")
    assert stored.state == "credited"
    assert world.bank.audit().clean


def add_approved_accreditation(world: World, issuer_id: str) -> None:
    """As `World.accredit` does, without looking again at what is held."""
    bank = world.bank
    row = rows.Accreditation(
        accreditation_id=bank.office.new_id(), issuer_id=issuer_id, authority="NILE", units=["kr-credit"],
        valid_from=date(2015, 1, 1), proposed_by="anna", proposed_at=world.now,
    )  # fmt: skip
    bank.change(lambda tx: registry.propose_accreditation(tx, bank.office, row))
    bank.change(lambda tx: registry.approve_accreditation(tx, bank.office, row.accreditation_id, "boris"))
