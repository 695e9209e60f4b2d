"""A revocation is booked whatever happens to the decisions that rested on it; and differences tell of all results."""

from fractions import Fraction
from typing import Any

import pytest

from creditbank.appealing import Appealing, Objection
from creditbank.errors import Conflict
from creditbank.recognising import Recognising
from creditbank.reevaluation import Reevaluation
from creditbank.reevaluation_difference import NOTHING, difference, is_material, sentences
from creditbank.replay_of_record import ReplayOfRecord
from creditbank.store import rules
from creditbank.transactions import recognitions
from recognition_rules.credits import from_grains
from recognition_rules.input_errors import OptimumNotProven
from tests.bank_world import ANNA, World
from tests.creditbank.recognised_learners import decided, standing


def give_up(*_arguments: Any, **_options: Any) -> Any:
    """The rules as they are where no best choice can be proven within the effort allowed."""
    raise OptimumNotProven(within="the effort allowed")


def test_what_cannot_be_decided_anew_is_withdrawn_and_the_credential_is_revoked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = world.school()
    world.publish_pack()
    row = decided(world, school, 3)
    revoked = standing(world, row.book_id)
    with monkeypatch.context() as patched:
        patched.setattr(recognitions, "apply", give_up)
        world.bank.set_status(school, revoked.credential_id, "revocation", value=True, reason="fraud")
    assert world.bank.stored(revoked.deposit_id).state == "revoked"
    assert world.bank.run(lambda tx: rules.standing_recognitions(tx, row.book_id)) == []
    held = {each.unit: from_grains(each.grains) for each in world.bank.statement(row.book_id, world.now.date()).held()}
    assert held == {"kr-credit": Fraction(6)}, "what was not revoked is the learner's again"
    (notice,) = Reevaluation(world.bank).notices(row.book_id)
    told = notice.to_json()
    assert (told["before"], told["after"], told["cause"]) == (str(row.recognition_id), None, "revoked")
    assert told["alternative"]["error"] == "optimum_not_proven"
    assert told["sentences"][:2] == [
        "0 Korean credits count now instead of 9: 9 less.",
        "The outcome was “not yet complete” and is now “withdrawn”.",
    ]
    assert world.bank.audit().findings == ()


def test_a_withdrawn_decision_is_not_appealed_but_asked_for_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    school = world.school()
    world.publish_pack()
    row = decided(world, school, 3)
    with monkeypatch.context() as patched:
        patched.setattr(recognitions, "apply", give_up)
        credential = standing(world, row.book_id).credential_id
        world.bank.set_status(school, credential, "revocation", value=True, reason="fraud")
    with pytest.raises(Conflict, match="replaced"):
        Appealing(world.bank).open(ANNA, Objection(row.recognition_id, 1, "Why?"))
    again = Recognising(world.bank).recognise(row.book_id, world.request())
    assert (again.result["totals"]["counted"], again.replaces) == ("6", None)
    assert ReplayOfRecord(world.bank).run().differing == {}


def test_a_decision_that_only_looked_at_the_award_stands(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    school = world.school()
    world.publish_pack()
    row = decided(world, school, 9)
    left_out = next(found["award"] for found in row.result["decisions"] if found["status"] == "not_counted")
    stored = world.bank.stored(type(row.book_id)(left_out))
    with monkeypatch.context() as patched:
        patched.setattr(recognitions, "apply", give_up)
        world.bank.set_status(school, stored.credential_id, "revocation", value=True, reason="fraud")
    (now,) = world.bank.run(lambda tx: rules.standing_recognitions(tx, row.book_id))
    assert now.recognition_id == row.recognition_id
    assert Reevaluation(world.bank).notices(row.book_id) == []


OWED = {
    **NOTHING,
    "unit": "us-semester",
    "obligations": [["fill-1", "no", "3"]],
    "measures": [["points", "180"]],
    "exits": [["certificate", "open"]],
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"obligations": []},
            "Obligation “fill-1”: 3 US semester credits (owed) before, 0 US semester credits (not there) now.",
        ),
        (
            {"obligations": [["fill-1", "yes", "3"]]},
            "Obligation “fill-1”: 3 US semester credits (owed) before, 3 US semester credits (done) now.",
        ),
        ({"measures": [["points", "200"]]}, "“points”: 180 before, 200 now."),
        ({"measures": [["points", None]]}, "“points”: 180 before, not decided now."),
        ({"exits": [["certificate", "lost"]]}, "Exit award “certificate”: open before, lost now."),
    ],
)
def test_obligations_measures_and_exits_are_told(change: dict[str, Any], told: str) -> None:
    found = difference(OWED, {**OWED, **change})
    assert is_material(found)
    assert sentences(found)[1:] == [told]
    for language in ("zh", "ko", "hi"):
        assert len(sentences(found, language)) == 2


def test_of_an_outcome_kept_long_ago_nothing_is_said_that_it_does_not_tell() -> None:
    old = {name: value for name, value in OWED.items() if name not in ("obligations", "measures", "exits")}
    assert not is_material(difference(old, OWED))
    assert not is_material(difference(OWED, OWED))
