"""`released = "never"`: an award that is annulled keeps its credits used, for everybody but its own programme."""

from uuid import UUID

import pytest

from creditbank.reevaluation import Reevaluation
from creditbank.rule_packs import Proposal
from creditbank.store import ledger
from recognition_rules.credits import from_grains
from tests.bank_world import ANNA, BORIS, World
from tests.creditbank.nested_packs import counted, decide, learner, nested_pack, offer
from tests.creditbank.recognised_learners import standing
from tests.creditbank.test_uses_and_exceptions import on_account, whole_and_replayable

NEVER = 'released = "never"'
NEEDS_SIX = 'require.all = [{ test = "total", title = { en = "Total" }, at_least = 6 }]'
LEAST = 'require.all = [{ test = "total", title = { en = "Total" }, at_least = 3 }]'


def needing_six(use: str) -> str:
    return nested_pack(use).replace(LEAST, NEEDS_SIX)


def annulled(world: World, use: str) -> UUID:
    """A learner of two courses whose certificate, which took both, was annulled: one of them was revoked."""
    school = world.school()
    offer(world, needing_six(use))
    book = learner(world, school, 3, 3)
    assert decide(world, book, "certificate").result["status"] == "granted"
    revoked = standing(world, book).credential_id
    world.bank.set_status(school, revoked, "revocation", value=True, reason="fraud")
    return book


def in_use(world: World, book: UUID) -> dict[str | None, str]:
    found = world.bank.run(lambda tx: ledger.standing_uses(tx, book))
    return {row.programme: str(from_grains(row.grains or 0)) for row in found}


@pytest.mark.parametrize(("use", "left"), [("", "3"), (NEVER, "3")])
def test_what_takes_its_place_uses_on_in_the_same_programme(world: World, use: str, left: str) -> None:
    book = annulled(world, use)
    assert in_use(world, book) == {"certificate": left}
    assert counted(decide(world, book, "certificate")) == left
    whole_and_replayable(world)


STRICT = """
[[eligibility]]
id = "nearly-perfect"
title = { en = "A mark of 95" }
programmes = ["certificate"]
require = { score_at_least = 95 }
"""
TERMS = 'terms = [{ from = 2020-01-01, legal_basis = "example", source = "S0", confirmed = true }]'


def emptied(world: World, use: str) -> UUID:
    """A learner whose certificate was granted, then annulled by a rule for the past that does not count her course."""
    school = world.school()
    offer(world, nested_pack(use))
    book = learner(world, school, 3)
    assert decide(world, book, "certificate").result["status"] == "granted"
    text = nested_pack(use, STRICT + TERMS).replace('version = "1"', 'version = "2"')
    world.rule_packs.propose(ANNA, Proposal(text, in_force_from=None, retroactive=True))
    world.rule_packs.approve(BORIS, "nested", "2", retroactive=True)
    assert Reevaluation(world.bank).run("nested", "2").changed == 1
    return book


def test_annulled_credits_are_free_where_the_pack_says_nothing(world: World) -> None:
    book = emptied(world, "")
    assert in_use(world, book) == {}
    assert counted(decide(world, book, "diploma")) == "3"
    whole_and_replayable(world)


def test_annulled_credits_stay_used_where_nothing_is_released(world: World) -> None:
    book = emptied(world, NEVER)
    assert in_use(world, book) == {"certificate": "3"}
    second = decide(world, book, "diploma")
    assert counted(second) == "0"
    assert [why["code"] for why in second.result["decisions"][0]["reasons"]] == ["ALREADY_REDEEMED"]
    assert on_account(world, book, "learner") == 3, "they are hers, and used for this purpose"
    whole_and_replayable(world)


def test_the_programme_that_used_them_may_count_them_again(world: World) -> None:
    book = emptied(world, NEVER)
    assert counted(decide(world, book, "certificate")) == "3"
    assert counted(decide(world, book, "diploma")) == "0"
    assert in_use(world, book) == {"certificate": "3"}
    for _ in range(2):
        assert counted(decide(world, book, "certificate")) == "3"
    whole_and_replayable(world)


def test_a_decision_that_fell_short_made_no_award_and_frees_its_credits(world: World) -> None:
    school = world.school()
    offer(world, needing_six(NEVER))
    book = learner(world, school, 3)
    assert decide(world, book, "certificate").result["status"] == "short"
    text = (
        needing_six(NEVER)
        .replace('version = "1"', 'version = "2"')
        .replace("[[programme]]", STRICT + TERMS + "\n[[programme]]", 1)
    )
    world.rule_packs.propose(ANNA, Proposal(text, retroactive=True))
    world.rule_packs.approve(BORIS, "nested", "2", retroactive=True)
    Reevaluation(world.bank).run("nested", "2")
    assert in_use(world, book) == {}
    assert counted(decide(world, book, "diploma")) == "3"


def test_a_merger_carries_what_stays_used(world: World) -> None:
    book = emptied(world, NEVER)
    other = learner(world, world.school("seoul"), 3)
    world.bank.merge(book, other, ANNA.client_id)
    assert counted(decide(world, other, "diploma")) == "3", "only the other book's course"
    assert counted(decide(world, other, "certificate")) == "3"
    whole_and_replayable(world)
