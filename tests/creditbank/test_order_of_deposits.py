"""A pack that offers room in the order of deposits gets that order from the bank, and replay keeps it."""

from dataclasses import replace
from datetime import timedelta

from creditbank.recognising import Recognising
from creditbank.replay import replay
from recognition_rules.packs import builtin
from tests.bank_world import World
from tests.creditbank.recognised_learners import SHIPPED, STRICTER, learner, publish


def by_deposit() -> str:
    """The Korean pack with nine credits a semester, offered in the order in which the credits came."""
    text = builtin("kr-acbs").replace(f'version = "{SHIPPED}"', f'version = "{STRICTER}"')
    return text.replace("at_most = 24", "at_most = 9").replace(
        'order = ["ended_on", "award_id"]', 'order = ["received_on", "sequence", "award_id"]'
    )


def test_of_credits_of_one_day_the_first_deposited_find_room(world: World) -> None:
    school = world.school()
    world.publish_pack()
    publish(world, by_deposit())
    book = learner(world, school, 5)
    world.now += timedelta(seconds=1)
    request = replace(world.request(), pack_version=STRICTER)
    row = Recognising(world.bank).recognise(book, request)
    statuses = [decision["status"] for decision in row.result["decisions"]]
    assert statuses == ["counted"] * 3 + ["not_counted"] * 2
    bundle = Recognising(world.bank).bundle(row.recognition_id)
    assert sorted(award.sequence or 0 for award in bundle.inputs.awards) == [1, 2, 3, 4, 5]
    assert replay(bundle).agrees


def test_a_pack_that_orders_by_days_is_given_no_sequence(world: World) -> None:
    school = world.school()
    world.publish_pack()
    book = learner(world, school, 2)
    row = Recognising(world.bank).recognise(book, world.request())
    bundle = Recognising(world.bank).bundle(row.recognition_id)
    assert {award.sequence for award in bundle.inputs.awards} == {None}
