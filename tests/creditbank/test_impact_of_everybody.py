"""A draft tried on every learner of the bank: what stands is what is in force, and progress ends where it said."""

from datetime import timedelta

from creditbank.impact_run import ImpactRun, Population
from creditbank.rule_packs import Proposal
from recognition_rules.packs import builtin
from tests.bank_world import ANNA, BORIS, World
from tests.creditbank.recognised_learners import decided, learner, standing, stricter_pack

EVERYBODY = Population("bachelor", books=True, facts={"high_school_graduate": True})


def test_what_is_only_scheduled_does_not_stand_for_before(world: World) -> None:
    school = world.school()
    world.publish_pack()
    learner(world, school, 5)
    world.now += timedelta(seconds=1)
    day = world.now.date() + timedelta(days=30)
    row = world.rule_packs.propose(ANNA, Proposal(stricter_pack(), in_force_from=day, retroactive=True))
    world.rule_packs.approve(BORIS, row.pack_id, row.version, retroactive=True)
    found = ImpactRun(world.bank).run(builtin("kr-acbs"), EVERYBODY)
    assert [(row["same"], row["gains"], row["loses"]) for row in found["programmes"]] == [(1, 0, 0)]
    world.now += timedelta(days=30)
    found = ImpactRun(world.bank).run(builtin("kr-acbs"), EVERYBODY)
    assert [(row["same"], row["gains"], row["credits_gained"]) for row in found["programmes"]] == [(0, 1, "6")]


def test_progress_ends_where_it_said_it_would(world: World) -> None:
    school = world.school()
    world.publish_pack()
    learner(world, school, 1)
    row = decided(world, school, 1)
    revoked = standing(world, row.book_id).credential_id
    world.bank.set_status(school, revoked, "revocation", value=True, reason="fraud")
    seen: list[tuple[int, int]] = []
    ImpactRun(world.bank).run(stricter_pack(), EVERYBODY, progress=lambda *at: seen.append(at))
    assert seen == [(1, 1)]
