"""Appeals under attack: judged by who decided since, after a merger, about steps that are not there."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest

from credentials.keys import PrivateKey
from creditbank.appealing import Appealing, Objection, View
from creditbank.caller import SCOPES, Caller
from creditbank.errors import Conflict, Forbidden, NotFound
from creditbank.recognising import Recognising
from creditbank.replay_of_record import ReplayOfRecord
from creditbank.store import rows, rules
from creditbank.transactions.appeals import Case
from tests.bank_world import ANNA, World
from tests.creditbank.recognised_learners import learner, publish, same_pack, standing

WORDS = "I did finish high school."


def reviewer(world: World, name: str) -> Caller:
    """An administrator who may review."""
    row = rows.Client(
        client_id=name,
        name=name,
        role="administrator",
        public_jwk=PrivateKey.generate("EdDSA").public_key.jwk(),
        scopes=sorted(SCOPES["administrator"]),
        registered_at=world.now,
    )
    world.administration.register_client(ANNA, row)
    return Caller(name, "administrator", SCOPES["administrator"])


@dataclass
class Dispute:
    """A learner who objects to the first step of a decision, and three people of the bank."""

    world: World
    row: rows.Recognition
    wallet: Caller
    clerk: Caller
    first: Caller
    second: Caller

    @property
    def appealing(self) -> Appealing:
        return Appealing(self.world.bank)

    def opened(self, step: int = 0) -> UUID:
        return self.appealing.open(self.wallet, Objection(self.row.recognition_id, step, WORDS)).appeal.appeal_id

    def proposed(self) -> UUID:
        appeal = self.opened()
        self.appealing.assign(self.clerk, appeal, self.first.client_id)
        self.appealing.propose(self.first, appeal, View(True, "So it is.", {"high_school_graduate": True}))
        return appeal

    def agreed(self, appeal: UUID) -> Case:
        return self.appealing.agree(self.second, appeal, "I agree.")

    def decided_by(self, caller: Caller) -> rows.Recognition:
        request = replace(self.world.request(learner={}), by=caller.client_id)
        return Recognising(self.world.bank).recognise(self.row.book_id, request)

    def standing(self, book: UUID) -> list[rows.Recognition]:
        return list(self.world.bank.run(lambda tx: rules.standing_recognitions(tx, book)))


@pytest.fixture
def dispute(world: World) -> Dispute:
    school = world.school()
    world.publish_pack()
    book = learner(world, school, 2)
    clerk, first, second = (reviewer(world, name) for name in ("clerk", "first", "second"))
    request = replace(world.request(learner={}), by="clerk")
    row = Recognising(world.bank).recognise(book, request)
    wallet = Caller("wallet", "learner", SCOPES["learner"], book_id=book)
    return Dispute(world, row, wallet, clerk, first, second)


def test_every_step_of_the_trace_bears_the_number_that_names_it(dispute: Dispute) -> None:
    assert [step["n"] for step in dispute.row.result["steps"]] == list(range(len(dispute.row.result["steps"])))
    appeal = dispute.opened(7)
    assert dispute.appealing.case(dispute.wallet, appeal).step["n"] == 7


@pytest.mark.parametrize("step", [-1, 10_000])
def test_a_step_that_is_not_there_is_not_found(dispute: Dispute, step: int) -> None:
    with pytest.raises(NotFound, match="step_not_found"):
        dispute.opened(step)


def test_who_decided_again_meanwhile_does_not_judge(dispute: Dispute) -> None:
    """The second reviewer made the decision that stands now; the appeal was about the one before."""
    appeal = dispute.proposed()
    dispute.decided_by(dispute.second)
    with pytest.raises(Forbidden, match="reviewer_involved"):
        dispute.agreed(appeal)


def test_who_was_assigned_and_then_decided_gives_no_view(dispute: Dispute) -> None:
    appeal = dispute.opened()
    dispute.appealing.assign(dispute.clerk, appeal, dispute.first.client_id)
    dispute.decided_by(dispute.first)
    with pytest.raises(Forbidden, match="reviewer_involved"):
        dispute.appealing.propose(dispute.first, appeal, View(False, "No."))


def test_upheld_after_it_was_replaced_it_takes_the_place_of_what_stands(dispute: Dispute) -> None:
    appeal = dispute.proposed()
    now = dispute.decided_by(dispute.clerk)
    ended = dispute.agreed(appeal)
    (row,) = dispute.standing(dispute.row.book_id)
    assert (str(row.recognition_id), row.replaces) == (ended.events[-1].facts["recognition"], now.recognition_id)
    assert row.request["learner"] == {"high_school_graduate": True}
    assert dispute.world.bank.audit().clean
    assert ReplayOfRecord(dispute.world.bank).run().differing == {}


def test_upheld_after_a_revocation_it_is_asked_of_what_is_left(dispute: Dispute) -> None:
    appeal = dispute.proposed()
    school = Caller("s", "issuer", SCOPES["issuer"], issuer_id="hanbit")
    credential = standing(dispute.world, dispute.row.book_id).credential_id
    dispute.world.bank.set_status(school, credential, "revocation", value=True, reason="fraud")
    dispute.agreed(appeal)
    (row,) = dispute.standing(dispute.row.book_id)
    assert row.result["totals"]["counted"] == "3"
    assert dispute.world.bank.audit().clean


def test_a_merger_in_the_middle_leaves_the_appeal_to_be_ended(dispute: Dispute) -> None:
    appeal = dispute.proposed()
    school = Caller("s", "issuer", SCOPES["issuer"], issuer_id="hanbit")
    other = learner(dispute.world, school, 1)
    dispute.world.bank.merge(dispute.row.book_id, other, ANNA.client_id)
    dispute.agreed(appeal)
    (row,) = dispute.standing(other)
    assert row.result["totals"]["counted"] == "9"
    assert row.request["learner"] == {"high_school_graduate": True}
    assert dispute.world.bank.audit().clean


def test_what_a_merger_replaced_is_not_appealed(dispute: Dispute) -> None:
    school = Caller("s", "issuer", SCOPES["issuer"], issuer_id="hanbit")
    other = learner(dispute.world, school, 1)
    dispute.world.bank.merge(dispute.row.book_id, other, ANNA.client_id)
    wallet = replace(dispute.wallet, book_id=other)
    with pytest.raises(Conflict, match="replaced"):
        dispute.appealing.open(wallet, Objection(dispute.row.recognition_id, 0, WORDS))


def test_a_later_rule_decides_no_appeal(dispute: Dispute) -> None:
    appeal = dispute.proposed()
    publish(dispute.world, same_pack(), retroactive=False)
    dispute.world.now += timedelta(days=3)
    dispute.agreed(appeal)
    (row,) = dispute.standing(dispute.row.book_id)
    assert (row.pack_version, row.decided_on) == (dispute.row.pack_version, dispute.row.decided_on)


def test_of_two_steps_both_upheld_both_are_mended(dispute: Dispute) -> None:
    first = dispute.proposed()
    second = dispute.opened(1)
    dispute.appealing.assign(dispute.clerk, second, dispute.first.client_id)
    dispute.appealing.propose(dispute.first, second, View(True, "And this.", {"transferred": True}))
    dispute.agreed(first)
    dispute.appealing.agree(reviewer(dispute.world, "fourth"), second, "Both.")
    (row,) = dispute.standing(dispute.row.book_id)
    assert row.request["learner"] == {"high_school_graduate": True, "transferred": True}


def test_of_two_second_reviewers_at_once_one_ends_it(dispute: Dispute) -> None:
    appeal = dispute.proposed()
    dispute.agreed(appeal)
    with pytest.raises(Conflict, match="appeal_state"):
        dispute.appealing.agree(reviewer(dispute.world, "fourth"), appeal, "I agree, too.")
    assert len(dispute.standing(dispute.row.book_id)) == 1
