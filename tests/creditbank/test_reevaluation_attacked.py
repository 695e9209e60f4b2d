"""The past decided anew under attack: two runs at once, killed outright, revocations in between, others deciding."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from creditbank.caller import SCOPES, Caller
from creditbank.errors import BankError, Conflict
from creditbank.recognising import Recognising
from creditbank.reevaluation import Reevaluation, ReevaluationReport
from creditbank.replay_of_record import ReplayOfRecord
from creditbank.rule_packs import Proposal
from creditbank.store import rows, rules
from tests.bank_world import ANNA, BORIS, World
from tests.creditbank.recognised_learners import STRICTER, decided, publish, standing, stricter_pack

HANBIT = Caller("hanbit-system", "issuer", SCOPES["issuer"], issuer_id="hanbit")
COURSES = (4, 2, 5, 1, 6, 3)


def populated(world: World) -> list[rows.Recognition]:
    """Six learners, of whom three lose credits under the stricter version, which is published."""
    school = world.school()
    world.publish_pack()
    made = [decided(world, school, courses) for courses in COURSES]
    publish(world, stricter_pack())
    return made


def now(world: World, book: UUID) -> list[rows.Recognition]:
    return list(world.bank.run(lambda tx: rules.standing_recognitions(tx, book)))


def check(world: World, made: list[rows.Recognition]) -> None:
    """Each learner has one decision that stands, at most nine credits, and one notice if it is another than before."""
    for row, courses in zip(made, COURSES, strict=True):
        (standing_now,) = now(world, row.book_id)
        assert standing_now.result["totals"]["counted"] == str(min(9, 3 * courses))
        changed = standing_now.recognition_id != row.recognition_id
        assert changed == (courses > 3)
        assert len(Reevaluation(world.bank).notices(row.book_id)) == changed
    assert world.bank.audit().clean
    assert ReplayOfRecord(world.bank).run().differing == {}


def test_two_runs_at_once_are_one(world: World) -> None:
    made = populated(world)

    def run(_: int) -> ReevaluationReport | BankError:
        try:
            return Reevaluation(world.bank).run("kr-acbs", STRICTER)
        except BankError as refused:
            return refused

    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(run, range(3)))
    assert {each.code for each in said if isinstance(each, BankError)} <= {"run_under_way"}
    whole = [each for each in said if isinstance(each, ReevaluationReport) and each.changed]
    assert [(each.learners, each.changed, each.unchanged) for each in whole] == [(6, 3, 3)]
    check(world, made)


def test_while_one_goes_on_another_is_refused_and_may_follow(world: World) -> None:
    made = populated(world)

    def again(_done: int, _total: int) -> None:
        with pytest.raises(Conflict, match="run_under_way"):
            Reevaluation(world.bank).run("kr-acbs", STRICTER)

    assert Reevaluation(world.bank).run("kr-acbs", STRICTER, progress=again).changed == 3
    assert Reevaluation(world.bank).run("kr-acbs", STRICTER).changed == 0
    check(world, made)


def kill_at(number: int, done: int, _total: int) -> None:
    if done == number:
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("number", [1, 4])
def test_killed_outright_it_goes_on_and_does_nothing_twice(world: World, number: int) -> None:
    made = populated(world)
    child = os.fork()
    if child == 0:
        try:
            world.bank._database._engine.dispose(close=False)
            Reevaluation(world.bank).run("kr-acbs", STRICTER, progress=lambda *at: kill_at(number, *at))
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    seen: list[tuple[int, int]] = []
    report = Reevaluation(world.bank).run("kr-acbs", STRICTER, progress=lambda *at: seen.append(at))
    assert (report.learners, report.changed, report.unchanged, report.failed) == (6, 3, 3, {})
    assert seen == [(n, 6) for n in range(number + 1, 7)]
    check(world, made)
    assert Reevaluation(world.bank).run("kr-acbs", STRICTER).changed == 0


def test_a_revocation_in_the_middle_is_of_what_stands_then(world: World) -> None:
    made = populated(world)
    revoked = {row.book_id: standing(world, row.book_id).credential_id for row in made}

    def revoke(done: int, _total: int) -> None:
        if done == 3:
            for credential in revoked.values():
                world.bank.set_status(HANBIT, credential, "revocation", value=True, reason="fraud")

    report = Reevaluation(world.bank).run("kr-acbs", STRICTER, progress=revoke)
    assert report.failed == {}
    for row, courses in zip(made, COURSES, strict=True):
        (standing_now,) = now(world, row.book_id)
        assert standing_now.result["totals"]["counted"] == str(min(9, 3 * (courses - 1)))
    assert world.bank.audit().clean
    assert ReplayOfRecord(world.bank).run().differing == {}


def test_revocations_beside_a_run_and_a_run_beside_revocations(world: World) -> None:
    made = populated(world)
    credentials = [standing(world, row.book_id).credential_id for row in made]
    with ThreadPoolExecutor(2) as pool:
        run = pool.submit(Reevaluation(world.bank).run, "kr-acbs", STRICTER)
        for credential in credentials:
            pool.submit(world.bank.set_status, HANBIT, credential, "revocation", value=True, reason="fraud").result()
        assert run.result().failed == {}
    for row, courses in zip(made, COURSES, strict=True):
        (standing_now,) = now(world, row.book_id)
        assert standing_now.result["totals"]["counted"] == str(min(9, 3 * (courses - 1)))
    assert world.bank.audit().clean


def test_decisions_made_meanwhile_are_not_taken_back_nor_lost(world: World) -> None:
    """A learner who asks under the newest version while the run goes on is decided upon once."""
    made = populated(world)

    def ask(done: int, _total: int) -> None:
        if done == 2:
            for row in made:
                Recognising(world.bank).recognise(row.book_id, replace(world.request(), pack_version=STRICTER))

    report = Reevaluation(world.bank).run("kr-acbs", STRICTER, progress=ask)
    assert report.failed == {}
    assert report.learners == 6
    for row, courses in zip(made, COURSES, strict=True):
        (standing_now,) = now(world, row.book_id)
        assert (standing_now.pack_version, standing_now.result["totals"]["counted"]) == (
            STRICTER,
            str(min(9, 3 * courses)),
        )
    assert world.bank.audit().clean


def test_what_cannot_be_decided_anew_holds_up_nobody_else(world: World) -> None:
    school = world.school()
    world.publish_pack()
    made = [decided(world, school, 4) for _ in range(3)]
    publish(world, stricter_pack().replace("bachelor", "baccalaureate"))
    report = Reevaluation(world.bank).run("kr-acbs", STRICTER)
    assert (report.learners, report.changed) == (3, 0)
    assert set(report.failed) == {str(row.book_id) for row in made}
    assert set(report.failed.values()) == {"unknown_programme"}
    assert all(now(world, row.book_id)[0].recognition_id == row.recognition_id for row in made)


def test_a_version_of_a_later_day_leaves_earlier_days(world: World) -> None:
    made = populated(world)
    assert len(made) == 6
    world.now += timedelta(days=400)
    late = stricter_pack("2099.1").replace("at_most = 9", "at_most = 6")
    day = world.now.date() - timedelta(days=10)
    row = world.rule_packs.propose(ANNA, Proposal(late, in_force_from=day, retroactive=True))
    world.rule_packs.approve(BORIS, row.pack_id, row.version, retroactive=True)
    report = Reevaluation(world.bank).run("kr-acbs", "2099.1")
    assert (report.changed, report.unchanged, report.failed) == (0, 6, {})
    with pytest.raises(Conflict):
        world.rule_packs.approve(ANNA, "kr-acbs", "2099.1", retroactive=True)
