"""A replay of all decisions while packs are published and decisions made: whatever it meets, it can make again."""

from dataclasses import replace

import pytest

from creditbank.recognising import Recognising
from creditbank.replay_of_record import ReplayOfRecord
from tests.bank_world import World
from tests.creditbank.recognised_learners import STRICTER, decided, publish, same_pack


def test_a_pack_published_during_the_run_is_read_when_it_is_met(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("creditbank.replay_of_record.PAGE", 1)
    school = world.school()
    world.publish_pack()
    books = sorted(decided(world, school, 1).book_id for _ in range(6))

    def publish_meanwhile(done: int, _total: int) -> None:
        if done == 1:
            publish(world, same_pack(), retroactive=False)
            Recognising(world.bank).recognise(books[-1], replace(world.request(), pack_version=STRICTER))

    report = ReplayOfRecord(world.bank).run(jobs_at_once=1, progress=publish_meanwhile)
    assert (report.agreed, report.differing) == (7, {})
