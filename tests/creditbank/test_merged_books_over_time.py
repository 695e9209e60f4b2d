"""Two books of one person became one: what was decided in either is counted, told and decided anew once."""

from dataclasses import replace

from creditbank.impact_run import ImpactRun
from creditbank.lookups import Lookups
from creditbank.quotes import Quotes
from creditbank.recognising import Recognising
from creditbank.reevaluation import Reevaluation
from creditbank.replay_of_record import ReplayOfRecord
from creditbank.store import rows, rules
from tests.bank_world import ANNA, World
from tests.creditbank.recognised_learners import STRICTER, decided, learner, publish, standing, stricter_pack


def merged(world: World) -> tuple[rows.Recognition, rows.Recognition]:
    """The decisions of two books, of which the first was merged into the second."""
    school = world.school()
    world.publish_pack()
    source, target = decided(world, school, 2), decided(world, school, 3)
    world.bank.merge(source.book_id, target.book_id, ANNA.client_id)
    return source, target


def test_a_draft_is_tried_on_the_union_and_not_on_its_parts(world: World) -> None:
    merged(world)
    found = ImpactRun(world.bank).run(stricter_pack())
    assert (found["decisions"], found["outcomes"]) == (1, 5)
    assert [(row["loses"], row["same"], row["credits_lost"]) for row in found["programmes"]] == [(1, 0, "6")]


def test_a_decision_of_a_merged_book_stands_no_more(world: World) -> None:
    source, target = merged(world)
    assert world.bank.run(lambda tx: rules.standing_recognitions(tx, source.book_id)) == []
    (now,) = world.bank.run(lambda tx: rules.standing_recognitions(tx, target.book_id))
    assert now.replaces == target.recognition_id
    assert ReplayOfRecord(world.bank).run().agreed == 3


def test_the_past_is_decided_anew_once_for_one_person(world: World) -> None:
    source, _ = merged(world)
    publish(world, stricter_pack())
    report = Reevaluation(world.bank).run("kr-acbs", STRICTER)
    assert (report.learners, report.changed, report.unchanged) == (1, 1, 0)
    assert len(Reevaluation(world.bank).notices(source.book_id)) == 1
    assert world.bank.audit().clean


def test_what_a_learner_was_told_before_a_merger_is_still_hers_to_read(world: World) -> None:
    school = world.school()
    world.publish_pack()
    source, target = decided(world, school, 2), decided(world, school, 3)
    revoked = standing(world, source.book_id).credential_id
    world.bank.set_status(school, revoked, "revocation", value=True, reason="fraud")
    world.bank.merge(source.book_id, target.book_id, ANNA.client_id)
    for book in (source.book_id, target.book_id):
        (notice,) = Reevaluation(world.bank).notices(book)
        assert notice.row.before_id == source.recognition_id


def test_a_decision_of_a_merged_book_names_the_one_on_the_union(world: World) -> None:
    school = world.school()
    world.publish_pack()
    old = decided(world, school, 2)
    source = Recognising(world.bank).recognise(old.book_id, world.request())
    other = Recognising(world.bank).recognise(old.book_id, world.request("associate-2"))
    target = decided(world, school, 3)
    world.bank.merge(source.book_id, target.book_id, ANNA.client_id)
    union = {row.programme: row.recognition_id for row in standing_in(world, target)}
    lookups = Lookups(world.bank)
    assert lookups.recognition(ANNA, old.recognition_id)[1] == source.recognition_id
    assert lookups.recognition(ANNA, source.recognition_id)[1] == union["bachelor"]
    assert lookups.recognition(ANNA, target.recognition_id)[1] == union["bachelor"]
    assert lookups.recognition(ANNA, other.recognition_id)[1] == union["associate-2"]
    Recognising(world.bank).recognise(target.book_id, world.request())
    assert lookups.recognition(ANNA, source.recognition_id)[1] == union["bachelor"]


def standing_in(world: World, row: rows.Recognition) -> list[rows.Recognition]:
    return list(world.bank.run(lambda tx: rules.standing_recognitions(tx, row.book_id)))


def test_a_promise_that_was_kept_in_one_book_is_kept_on_the_union(world: World) -> None:
    school = world.school()
    world.publish_pack()
    promised = learner(world, school, 5)
    quote = Quotes(world.bank).quote(world.request(), [], promised)
    Recognising(world.bank).recognise(promised, Quotes(world.bank).honoured(world.request(), quote.token, promised))
    publish(world, stricter_pack())
    other = learner(world, school, 1)
    Recognising(world.bank).recognise(other, replace(world.request(), pack_version=STRICTER))
    assert world.bank.merge(promised, other, ANNA.client_id).conflicts == ()
    (union,) = world.bank.run(lambda tx: rules.standing_recognitions(tx, other))
    assert (union.pack_version, union.result["totals"]["counted"]) == (world.request().pack_version, "18")
    assert Reevaluation(world.bank).run("kr-acbs", STRICTER).changed == 0
