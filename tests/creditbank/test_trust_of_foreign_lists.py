"""A bundle can hold the status lists of other institutions, so that what they revoked is known without a network."""

from datetime import timedelta

import pytest

from credentials.checks import Verification
from creditbank.offline.judging import Judge
from creditbank.sweep import Sweep
from creditbank.trust_bundle import read_bundle
from creditbank.trust_export import TrustBundles
from tests.bank_world import World
from tests.creditbank.foreign_school import ForeignSchool
from tests.security.foreign_network import ForeignNetwork


@pytest.fixture
def school(world: World) -> ForeignSchool:
    network = ForeignNetwork()
    network.serve_to(world)
    made = ForeignSchool(world, network).register()
    made.publish("r", 8)
    return made


def offline(world: World, data: bytes, *, foreign: bool) -> Verification:
    bundle = TrustBundles(world.bank).export(foreign=foreign)
    return Judge(read_bundle(bundle)).verification(data, None, world.now)


def test_with_the_lists_of_others_a_revocation_is_told_offline(world: World, school: ForeignSchool) -> None:
    school.deposit(school.entry("r", 7))
    Sweep(world.bank).run()
    world.now += timedelta(minutes=1)
    good, revoked = (school.post(school.badge(school.entry("r", index))).data for index in (7, 8))
    assert offline(world, good, foreign=False).code == "status_unavailable"
    assert offline(world, good, foreign=True).verdict == "valid"
    assert offline(world, revoked, foreign=True).code == "revoked"


def test_one_that_cannot_be_had_is_left_out(world: World, school: ForeignSchool) -> None:
    school.deposit(school.entry("r", 7))
    Sweep(world.bank).run()
    world.now += timedelta(hours=25)
    school.withdraw("r")
    contents = read_bundle(TrustBundles(world.bank).export(foreign=True)).contents
    assert [one.url for one in contents.status_lists if school.host in one.url] == []


def test_nobody_is_asked_for_a_list_that_no_sweep_has_seen(world: World, school: ForeignSchool) -> None:
    school.deposit(school.entry("r", 7))
    before = len(school.network.dialled)
    TrustBundles(world.bank).export(foreign=True)
    assert len(school.network.dialled) == before
