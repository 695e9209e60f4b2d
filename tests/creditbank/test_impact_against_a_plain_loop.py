"""The numbers of an impact run, against every learner decided again one by one once the draft is in force."""

import os
import signal
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from creditbank.impact_run import ImpactRun, Population
from creditbank.recognising import Recognising
from tests.bank_world import World
from tests.creditbank.recognised_learners import STRICTER, decided, publish, stricter_pack

COURSES = (1, 3, 4, 8, 9, 12)


def test_who_gains_and_loses_is_what_a_plain_loop_finds(world: World) -> None:
    school = world.school()
    world.publish_pack()
    before = [decided(world, school, courses) for courses in COURSES]
    told = ImpactRun(world.bank).run(stricter_pack())
    publish(world, stricter_pack())
    question = replace(world.request(), pack_version=STRICTER)
    after = [Recognising(world.bank).recognise(row.book_id, question) for row in before]
    changes = [
        Fraction(new.result["totals"]["counted"]) - Fraction(old.result["totals"]["counted"])
        for old, new in zip(before, after, strict=True)
    ]
    (row,) = told["programmes"]
    assert (row["gains"], row["loses"]) == (sum(each > 0 for each in changes), sum(each < 0 for each in changes))
    assert Fraction(row["credits_lost"]) == -sum(each for each in changes if each < 0)
    assert (row["same"], row["decisions"]) == (sum(each == 0 for each in changes), len(changes))
    codes = Counter(
        reason["code"]
        for old, new in zip(before, after, strict=True)
        for was, now in zip(old.result["decisions"], new.result["decisions"], strict=True)
        for reason in now["reasons"]
        if reason["rule"] not in {each["rule"] for each in was["reasons"]}
    )
    assert Counter({each["code"]: each["awards"] for each in told["reasons"] if each["way"] == "appears"}) == codes


def die_at_the_fifth(done: int, _total: int) -> None:
    if done == 5:
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_run_killed_outright_goes_on_and_finds_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("creditbank.impact_run.PAGE", 1)
    monkeypatch.setattr("creditbank.impact_run.SAVED_EVERY", 2)
    school = world.school()
    world.publish_pack()
    for courses in COURSES:
        decided(world, school, courses)
    whole = ImpactRun(world.bank).run(stricter_pack(), jobs_at_once=1)
    child = os.fork()
    if child == 0:
        try:
            world.bank._database._engine.dispose(close=False)
            ImpactRun(world.bank).run(stricter_pack(), jobs_at_once=1, progress=die_at_the_fifth)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    seen: list[tuple[int, int]] = []
    rest = ImpactRun(world.bank).run(stricter_pack(), jobs_at_once=1, progress=lambda *at: seen.append(at))
    assert rest == whole
    assert seen == [(5, 6), (6, 6)]


def test_the_sums_of_yesterday_are_not_added_to_those_of_today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("creditbank.impact_run.PAGE", 1)
    monkeypatch.setattr("creditbank.impact_run.SAVED_EVERY", 1)
    school = world.school()
    world.publish_pack()
    for courses in (1, 2):
        decided(world, school, courses)
    whom = Population("bachelor", books=True, facts={"high_school_graduate": True})

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ImpactRun(world.bank).run(stricter_pack(), whom, jobs_at_once=1, progress=stop)
    world.now += timedelta(days=1)
    seen: list[int] = []
    ImpactRun(world.bank).run(stricter_pack(), whom, jobs_at_once=1, progress=lambda done, _: seen.append(done))
    assert seen == [1, 2]
