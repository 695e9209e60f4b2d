"""Decisions made again long after: newer tables ship, rules change, books merge, appeals end, runs are killed."""

import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from creditbank import impact
from creditbank.errors import NeedsApproval
from creditbank.impact_run import ImpactRun
from creditbank.judging import Judging
from creditbank.office import builtin_levels, builtin_units
from creditbank.recognising import Recognising
from creditbank.replay import replay
from creditbank.replay_of_record import ReplayOfRecord
from creditbank.store import recognition_inputs
from creditbank.transactions.judgements import NewJudgement
from recognition_rules.award import Award
from recognition_rules.input_errors import OptimumNotProven
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.packs import builtin
from recognition_rules.units_pack import parse as parse_units
from tests.bank_world import ANNA, BORIS, World
from tests.creditbank.recognised_learners import STRICTER, decided, publish, standing, stricter_pack


def newer(text: str) -> str:
    """The next version of a table that the program ships."""
    found = text.replace('version = "2026.1"', 'version = "2031.1"')
    assert found != text
    return found


def ship_newer_tables(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program is brought up to date: other units, other levels."""
    units, levels = newer(builtin("units")), newer(builtin("levels"))
    units = units.replace("hours = 28", "hours = 29")
    tables = parse_units(units), parse_levels(levels)
    assert tables[0].digest != builtin_units().digest
    assert tables[1].digest != builtin_levels().digest
    shipped = {tables[0].digest: ("units", units), tables[1].digest: ("levels", levels)}
    for module in ("replay_inputs", "replay_of_record", "impact_run"):
        monkeypatch.setattr(f"creditbank.{module}.shipped", lambda: shipped)
    world.bank.office = replace(world.bank.office, units=tables[0], levels=tables[1])


def test_newer_units_and_levels_leave_the_past(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    school = world.school()
    world.publish_pack()
    old = decided(world, school, 3)
    ship_newer_tables(world, monkeypatch)
    new = decided(world, school, 2)
    report = ReplayOfRecord(world.bank).run()
    assert (report.agreed, report.differing) == (2, {})
    bundles = [ReplayOfRecord(world.bank).bundle(row.recognition_id) for row in (old, new)]
    assert [replay(each).agrees for each in bundles] == [True, True]
    assert bundles[0].units != bundles[1].units
    assert not replay(replace(bundles[0], units=bundles[1].units)).agrees
    assert len(world.bank.run(recognition_inputs.tables)) == 4


def test_whatever_happens_every_decision_comes_out_as_it_was(world: World) -> None:
    """Revoked, judged again, decided under the next version, merged, judged once more: all of it is made again."""
    school = world.school()
    world.publish_pack()
    first, second = decided(world, school, 4), decided(world, school, 3)
    judging = Judging(world.bank)
    for answer in (True, False):
        judging.judge(ANNA, first.book_id, NewJudgement("overlap", answer))
        Recognising(world.bank).recognise(first.book_id, world.request())
    credential = standing(world, first.book_id).credential_id
    world.bank.set_status(school, credential, "revocation", value=True, reason="fraud")
    publish(world, stricter_pack())
    Recognising(world.bank).recognise(first.book_id, replace(world.request(), pack_version=STRICTER))
    with pytest.raises(NeedsApproval, match="merge_conflict"):
        world.bank.merge(first.book_id, second.book_id, ANNA.client_id)
    world.bank.merge(first.book_id, second.book_id, BORIS.client_id)
    judging.judge(ANNA, second.book_id, NewJudgement("overlap", True))
    Recognising(world.bank).recognise(second.book_id, world.request())
    report = ReplayOfRecord(world.bank).run()
    assert (report.agreed, report.differing) == (8, {})
    for made in (first, second):
        assert replay(ReplayOfRecord(world.bank).bundle(made.recognition_id)).agrees


def kill_at(number: int, done: int, _total: int) -> None:
    if done == number:
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_replay_killed_outright_goes_on_and_counts_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("creditbank.replay_of_record.PAGE", 1)
    monkeypatch.setattr("creditbank.replay_of_record.SAVED_EVERY", 2)
    school = world.school()
    world.publish_pack()
    for courses in (1, 2, 3, 1, 2, 3):
        decided(world, school, courses)
    child = os.fork()
    if child == 0:
        try:
            world.bank._database._engine.dispose(close=False)
            ReplayOfRecord(world.bank).run(jobs_at_once=1, progress=lambda *at: kill_at(5, *at))
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    seen: list[tuple[int, int]] = []
    report = ReplayOfRecord(world.bank).run(jobs_at_once=1, progress=lambda *at: seen.append(at))
    assert (report.agreed, report.differing) == (6, {})
    assert seen == [(5, 6), (6, 6)]


def test_those_whose_best_choice_is_not_proven_are_counted_apart(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An impact run tells how many, and goes on with the others."""
    school = world.school()
    world.publish_pack()
    for courses in (4, 2, 6):
        decided(world, school, courses)
    decide = impact.apply

    def unproven(tables: Any, pack: Any, request: Any, awards: Sequence[Award], *rest: Any, **more: Any) -> Any:
        if len(awards) == 6:
            raise OptimumNotProven(within="an effort of 1")
        return decide(tables, pack, request, awards, *rest, **more)

    monkeypatch.setattr(impact, "apply", unproven)
    found = ImpactRun(world.bank).run(stricter_pack(), jobs_at_once=1)
    assert found["not_decidable"] == {"optimum_not_proven": 1}
    assert [(row["decisions"], row["loses"], row["same"]) for row in found["programmes"]] == [(2, 1, 1)]
