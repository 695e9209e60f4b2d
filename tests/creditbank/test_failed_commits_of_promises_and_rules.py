"""A commit that the database loses leaves no quote, draft or approval; nobody is told of one; it can be repeated."""

from collections.abc import Callable
from uuid import UUID

import pytest

from creditbank.errors import Unavailable
from creditbank.rule_packs import Proposal
from recognition_rules.packs import builtin
from tests.bank_world import ANNA, BORIS, World
from tests.creditbank.nested_packs import nested_pack, offer
from tests.creditbank.recognised_learners import learner
from tests.creditbank.test_local_rules import CAP, local
from tests.creditbank.test_quotes_promised import quoted
from tests.security.attacks import everything
from tests.security.test_trap_03_07_08_commits import commits_that_fail


@pytest.fixture
def book(world: World) -> UUID:
    school = world.school()
    offer(world, nested_pack(extra=CAP))
    world.publish_pack()
    return learner(world, school, 3)


def asks(world: World, book: UUID) -> Callable[[], object]:
    return lambda: quoted(world, book)


def proposes_departures(world: World, _book: UUID) -> Callable[[], object]:
    return lambda: world.rule_packs.propose(ANNA, local(world))


def approves_departures(world: World, _book: UUID) -> Callable[[], object]:
    row = world.rule_packs.propose(ANNA, local(world))
    return lambda: world.rule_packs.approve(BORIS, row.pack_id, row.version, retroactive=True)


def approves_grades(world: World, _book: UUID) -> Callable[[], object]:
    text = builtin("ects-grades").replace('id = "ects-grades"', 'id = "own-grades"', 1)
    row = world.rule_packs.propose(ANNA, Proposal(text))
    return lambda: world.rule_packs.approve(BORIS, row.pack_id, row.version)


@pytest.mark.parametrize("way", [asks, proposes_departures, approves_departures, approves_grades])
def test_a_commit_that_fails_leaves_nothing_and_is_repeated(
    world: World, book: UUID, admin_database_url: str, way: Callable[[World, UUID], Callable[[], object]]
) -> None:
    act = way(world, book)
    before = everything(world)
    with (
        commits_that_fail(world, admin_database_url) as ended,
        pytest.raises(Unavailable, match="database_unavailable"),
    ):
        act()
    assert ended
    world.bank._database.close()  # connections that the server ended
    assert everything(world) == before
    act()
    assert everything(world) != before
    assert world.bank.audit().clean
