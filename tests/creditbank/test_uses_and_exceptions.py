"""Credits count once, save where a pack's named exception says so: a rest, dual and nested awards, other purposes."""

from fractions import Fraction
from uuid import UUID

import psycopg
import pytest

from creditbank.errors import Conflict
from creditbank.replay_of_record import ReplayOfRecord
from creditbank.store import ledger, rules
from creditbank.store.ledger import StandingUse
from creditbank.transactions.recognition_request import RecognitionRequest
from recognition_rules.credits import from_grains
from tests.bank_world import World
from tests.creditbank.nested_packs import HALF, UPGRADE, counted, decide, exception, learner, nested_pack, offer
from tests.creditbank.recognised_learners import standing


def uses(world: World, book: UUID) -> list[StandingUse]:
    return world.bank.run(lambda tx: ledger.standing_uses(tx, book))


def on_account(world: World, book: UUID, account: str) -> Fraction:
    balances = world.bank.statement(book, world.now.date()).balances
    return sum((from_grains(each.grains) for each in balances if each.account == account), Fraction(0))


def whole_and_replayable(world: World) -> None:
    """The books are whole, and every decision is made again as it stands."""
    assert world.bank.audit().findings == ()
    assert ReplayOfRecord(world.bank).run(fresh=True).differing == {}


def test_without_an_exception_credits_count_once(world: World) -> None:
    school = world.school()
    offer(world, nested_pack())
    book = learner(world, school, 6)
    assert counted(decide(world, book, "certificate")) == "6"
    second = decide(world, book, "diploma")
    assert counted(second) == "0"
    assert [why["code"] for why in second.result["decisions"][0]["reasons"]] == ["ALREADY_REDEEMED"]
    assert on_account(world, book, "again") == 0
    whole_and_replayable(world)


def test_what_one_programme_left_of_an_award_counts_in_another(world: World) -> None:
    school = world.school()
    offer(world, nested_pack(extra=HALF))
    book = learner(world, school, 6)
    assert counted(decide(world, book, "certificate")) == "4"
    assert counted(decide(world, book, "diploma")) == "2"
    assert [(each.programme, each.grains and from_grains(each.grains), each.beside) for each in uses(world, book)] == [
        ("certificate", 4, None),
        ("diploma", 2, "surplus"),
    ]
    assert (on_account(world, book, "learner"), on_account(world, book, "again")) == (0, 0)
    assert counted(decide(world, book, "diploma")) == "2", "asked again it finds the same rest"
    whole_and_replayable(world)


def test_where_an_award_is_used_as_a_whole_no_rest_is_left(world: World) -> None:
    school = world.school()
    offer(world, nested_pack('surplus = "by-award"', HALF))
    book = learner(world, school, 6)
    assert counted(decide(world, book, "certificate")) == "4"
    assert counted(decide(world, book, "diploma")) == "0"


def test_a_diploma_takes_in_the_certificate_on_the_way_and_the_books_say_so(world: World) -> None:
    school = world.school()
    offer(world, nested_pack(UPGRADE))
    book = learner(world, school, 6)
    decide(world, book, "certificate")
    assert counted(decide(world, book, "diploma")) == "6"
    assert [(each.programme, each.beside) for each in uses(world, book)] == [
        ("certificate", None),
        ("diploma", "upgrade"),
    ]
    assert on_account(world, book, "again") == -6, "counted again by the exception, and visible for ever"
    assert on_account(world, book, "programme:nested/certificate") == 6
    whole_and_replayable(world)


def test_the_other_way_round_nothing_is_freed(world: World) -> None:
    school = world.school()
    offer(world, nested_pack(UPGRADE))
    book = learner(world, school, 6)
    assert counted(decide(world, book, "diploma")) == "6"
    assert counted(decide(world, book, "certificate")) == "0"
    assert on_account(world, book, "again") == 0


def test_the_certificate_stays_when_it_is_decided_anew_after_the_diploma(world: World) -> None:
    """The lower award was there first: the later use, which had its leave beside it, does not turn against it."""
    school = world.school()
    offer(world, nested_pack(UPGRADE))
    book = learner(world, school, 6)
    decide(world, book, "certificate")
    decide(world, book, "diploma")
    for _ in range(2):
        assert counted(decide(world, book, "certificate")) == "6"
        assert counted(decide(world, book, "diploma")) == "6"
    whole_and_replayable(world)


def test_a_revocation_takes_both_down_and_leaves_both_what_is_left(world: World) -> None:
    school = world.school()
    offer(world, nested_pack(UPGRADE))
    book = learner(world, school, 6, 3)
    decide(world, book, "certificate")
    decide(world, book, "diploma")
    decide(world, book, "certificate")
    revoked = standing(world, book)
    world.bank.set_status(school, revoked.credential_id, "revocation", value=True, reason="fraud")
    rest = from_grains(ledger_total(world, book))
    now = world.bank.run(lambda tx: rules.standing_recognitions(tx, book))
    assert {row.programme: counted(row) for row in now} == {"certificate": str(rest), "diploma": str(rest)}
    whole_and_replayable(world)


def ledger_total(world: World, book: UUID) -> int:
    """What institutions have credited in the book and not taken back, in grains."""
    balances = world.bank.statement(book, world.now.date()).balances
    return -sum(each.grains for each in balances if each.account.startswith("issuer:"))


def test_dual_awards_count_in_both_and_a_third_programme_gets_nothing(world: World) -> None:
    school = world.school()
    dual = exception("dual-award", 'programmes = ["certificate", "diploma"]')
    offer(world, nested_pack(dual, names=("certificate", "diploma", "degree")))
    book = learner(world, school, 6)
    totals = [counted(decide(world, book, name)) for name in ("diploma", "certificate", "degree")]
    assert totals == ["6", "6", "0"]
    assert on_account(world, book, "again") == -6
    whole_and_replayable(world)


def test_a_programme_of_another_pack_is_no_step_of_this_packs_ladder(world: World) -> None:
    """Both packs have a programme `certificate`; the ladder means its own."""
    school = world.school()
    offer(world, nested_pack(UPGRADE))
    offer(world, nested_pack(pack_id="elsewhere"))
    book = learner(world, school, 6)
    assert counted(decide(world, book, "certificate", "elsewhere")) == "6"
    assert counted(decide(world, book, "diploma")) == "0"


def test_a_partners_programme_is_named_with_its_pack(world: World) -> None:
    school = world.school()
    dual = exception("dual-award", 'programmes = ["certificate", "diploma"]\npartners = ["elsewhere/certificate"]')
    offer(world, nested_pack(dual))
    offer(world, nested_pack(pack_id="elsewhere"))
    book = learner(world, school, 6)
    assert counted(decide(world, book, "certificate", "elsewhere")) == "6"
    assert counted(decide(world, book, "diploma")) == "6"
    whole_and_replayable(world)


def test_admission_and_a_degree_are_two_purposes(world: World) -> None:
    """What opened the door counts inside too, where the pack says that only degrees stand in the way."""
    school = world.school()
    offer(world, nested_pack('purpose = "admission"', pack_id="door"))
    offer(world, nested_pack('purpose = "degree"\nblocked_by = ["degree"]'))
    book = learner(world, school, 6)
    assert counted(decide(world, book, "certificate", "door")) == "6"
    assert counted(decide(world, book, "diploma")) == "6"
    assert {(each.purpose, each.programme) for each in uses(world, book)} == {
        ("admission", "certificate"),
        ("degree", "diploma"),
    }
    assert on_account(world, book, "again") == -6
    whole_and_replayable(world)


def test_a_pack_may_say_that_an_admission_uses_credits_up(world: World) -> None:
    school = world.school()
    offer(world, nested_pack('purpose = "admission"', pack_id="door"))
    offer(world, nested_pack('purpose = "degree"\nblocked_by = ["degree", "admission"]'))
    book = learner(world, school, 6)
    decide(world, book, "certificate", "door")
    assert counted(decide(world, book, "diploma")) == "0"


def test_a_quote_sees_uses_as_a_decision_does(world: World) -> None:
    from creditbank.quotes import Quotes

    school = world.school()
    offer(world, nested_pack(UPGRADE))
    book = learner(world, school, 6)
    decide(world, book, "diploma")
    request = RecognitionRequest("nested", "1", "certificate", world.now.date())
    assert Quotes(world.bank).quote(request, [], book).recognition["totals"]["counted"] == "0"
    own = RecognitionRequest("nested", "1", "diploma", world.now.date())
    assert Quotes(world.bank).quote(own, [], book).recognition["totals"]["counted"] == "6"


def test_the_database_refuses_a_second_use_without_leave_and_counting_again_without_a_use(
    world: World, admin_database_url: str
) -> None:
    school = world.school()
    offer(world, nested_pack())
    book = learner(world, school, 6, 6)
    used = uses(world, book) or [decide(world, book, "certificate"), *uses(world, book)][1:]
    with pytest.raises(Conflict, match="already_used"):
        world.bank.run(lambda tx: ledger.add_uses(tx, book, [used[0].award], "degree", used[0].reference, {}))
    with psycopg.connect(admin_database_url) as connection:
        found = connection.execute("SELECT count(*) FROM bank.use WHERE book_id = %s", [book]).fetchone()
    assert found == (len(used),)
