"""What was decided is decided anew when something changes, and the learner's record says what that changed."""

from datetime import timedelta
from fractions import Fraction

import pytest

from creditbank.errors import Conflict, Forbidden, NotFound, Refused
from creditbank.recognising import Recognising
from creditbank.reevaluation import Reevaluation
from creditbank.reevaluation_difference import difference, is_material, sentences
from creditbank.replay_of_record import ReplayOfRecord
from creditbank.rule_packs import Proposal
from creditbank.store import rows, rules
from tests.bank_world import ANNA, BORIS, World
from tests.creditbank.recognised_learners import (
    SHIPPED,
    STRICTER,
    decided,
    publish,
    same_pack,
    standing,
    stricter_pack,
)


def now_standing(world: World, row: rows.Recognition) -> rows.Recognition:
    return world.bank.run(lambda tx: rules.standing_recognitions(tx, row.book_id))[0]


def test_a_revocation_is_told_before_and_after_in_numbers_and_words(world: World) -> None:
    school = world.school()
    world.publish_pack()
    row = decided(world, school, 3)
    revoked = standing(world, row.book_id)
    world.bank.set_status(school, revoked.credential_id, "revocation", value=True, reason="fraud")
    (notice,) = Reevaluation(world.bank).notices(row.book_id)
    told = notice.to_json()
    assert (told["cause"], told["reference"]) == ("revoked", str(revoked.deposit_id))
    assert (told["before"], told["after"]) == (
        str(row.recognition_id),
        str(now_standing(world, row).recognition_id),
    )
    assert told["difference"]["counted"] == {"before": "9", "after": "6", "change": "-3"}
    assert [award["award"] for award in told["difference"]["awards"]] == [str(revoked.deposit_id)]
    assert told["sentences"][0] == "6 Korean credits count now instead of 9: 3 less."
    assert told["alternative"] is None, "the version that governed is the newest"


@pytest.mark.parametrize("language", ["en", "zh", "ko", "hi", "fr"])
def test_the_words_are_in_the_learners_language(world: World, language: str) -> None:
    school = world.school()
    world.publish_pack()
    row = decided(world, school, 2)
    world.bank.set_status(school, standing(world, row.book_id).credential_id, "revocation", value=True, reason="fraud")
    told = Reevaluation(world.bank).notices(row.book_id, language)[0].to_json()["sentences"]
    assert "3" in told[0]
    assert ("count now" in told[0]) is (language in ("en", "fr"))
    titles = [award.title for award in ReplayOfRecord(world.bank).bundle(row.recognition_id).inputs.awards]
    said = {title.get(language, title["en"]) for title in titles}
    assert any(title in line for title in said for line in told), "an award is called by its title"
    assert str(standing(world, row.book_id).deposit_id) not in "".join(told)


def test_it_is_decided_under_the_version_that_governed_with_the_newest_beside_it(world: World) -> None:
    school = world.school()
    world.publish_pack()
    row = decided(world, school, 6)
    publish(world, stricter_pack())
    world.bank.set_status(school, standing(world, row.book_id).credential_id, "revocation", value=True, reason="fraud")
    after = now_standing(world, row)
    assert (after.pack_version, after.result["totals"]["counted"]) == (SHIPPED, "15")
    beside = Reevaluation(world.bank).notices(row.book_id)[0].to_json()["alternative"]
    assert beside["pack_version"] == STRICTER
    assert beside["outcome"]["counted"] == "9"
    assert beside["difference"]["counted"] == {"before": "18", "after": "9", "change": "-9"}


def test_a_corrected_credential_is_decided_upon_at_once(world: World) -> None:
    """A reissue with four credits in place of three: nobody has to ask again."""
    signer = world.own_signer(units=("kr-credit",))
    world.publish_pack()
    first = signer.document(unit="kr-credit")
    book = world.bank.deposit(signer.post(signer.sign(first))).book_id
    row = Recognising(world.bank).recognise(book, world.request())
    assert row.result["totals"]["counted"] == "3"
    mended = signer.document(
        unit="kr-credit", credits=Fraction(4), credential_id=first["id"], valid_from=world.now - timedelta(minutes=5)
    )
    replaced = world.bank.deposit(signer.post(signer.sign(mended))).replaced
    assert now_standing(world, row).result["totals"]["counted"] == "4"
    (notice,) = Reevaluation(world.bank).notices(book)
    assert (notice.row.cause, notice.row.reference) == ("superseded", str(replaced))
    assert notice.row.difference["counted"]["change"] == "1"


def test_what_is_reinstated_counts_again(world: World) -> None:
    school = world.school()
    world.publish_pack()
    posted = world.issue(school, suspendable=True)
    book = world.bank.deposit(posted).book_id
    row = Recognising(world.bank).recognise(book, world.request())
    credential = standing(world, book).credential_id
    world.bank.set_status(school, credential, "suspension", value=True, reason="complaint")
    assert now_standing(world, row).result["totals"]["counted"] == "0"
    world.bank.set_status(school, credential, "suspension", value=False, reason="cleared")
    assert now_standing(world, row).result["totals"]["counted"] == "3"
    causes = [notice.row.cause for notice in Reevaluation(world.bank).notices(book)]
    assert causes == ["reinstated", "suspended"]


def test_revoking_what_did_not_count_frees_what_it_stood_in_the_way_of(world: World) -> None:
    """The decision did not use it, and it is decided anew only where that changes anything."""
    school = world.school()
    world.publish_pack()
    row = decided(world, school, 9)
    left_out = next(found["award"] for found in row.result["decisions"] if found["status"] == "not_counted")
    stored = world.bank.stored(type(row.book_id)(left_out))
    world.bank.set_status(school, stored.credential_id, "revocation", value=True, reason="fraud")
    assert now_standing(world, row).recognition_id == row.recognition_id
    assert Reevaluation(world.bank).notices(row.book_id) == []


def test_a_retroactive_rule_reverses_and_books_anew_and_edits_nothing(world: World) -> None:
    school = world.school()
    world.publish_pack()
    over, under = decided(world, school, 4), decided(world, school, 2)
    publish(world, stricter_pack())
    seen: list[tuple[int, int]] = []
    report = Reevaluation(world.bank).run("kr-acbs", STRICTER, progress=lambda done, total: seen.append((done, total)))
    assert (report.learners, report.changed, report.unchanged, report.failed) == (2, 1, 1, {})
    assert seen == [(1, 2), (2, 2)]
    after = now_standing(world, over)
    assert (after.pack_version, after.result["totals"]["counted"], after.replaces) == (
        STRICTER,
        "9",
        over.recognition_id,
    )
    assert now_standing(world, under).pack_version == SHIPPED
    (notice,) = Reevaluation(world.bank).notices(over.book_id)
    assert (notice.row.cause, notice.row.reference) == ("retroactive_rule", f"kr-acbs@{STRICTER}")
    alternative = notice.to_json()["alternative"]
    assert (alternative["pack_version"], alternative["outcome"]["counted"]) == (SHIPPED, "12")
    report_of_audit = world.bank.audit()
    assert report_of_audit.clean
    assert report_of_audit.entries == 6 + 2 + 2, "six awards, two decisions, one reversal, one decision anew"
    assert ReplayOfRecord(world.bank).run().differing == {}


def test_it_takes_two_people(world: World) -> None:
    world.publish_pack()
    use_case = Reevaluation(world.bank)
    publish(world, same_pack(), retroactive=False)
    with pytest.raises(Refused, match="retroaction_not_approved"):
        use_case.run("kr-acbs", STRICTER)
    use_case.propose(ANNA, "kr-acbs", STRICTER, "too high")
    with pytest.raises(Refused, match="retroaction_not_approved"):
        use_case.run("kr-acbs", STRICTER)
    with pytest.raises(Conflict, match="second_person_needed"):
        use_case.approve(ANNA, "kr-acbs", STRICTER)
    with pytest.raises(Conflict, match="retroaction_exists"):
        use_case.propose(BORIS, "kr-acbs", STRICTER, "too high")
    assert use_case.approve(BORIS, "kr-acbs", STRICTER).approved_by == "boris"
    with pytest.raises(Conflict, match="already_approved"):
        use_case.approve(BORIS, "kr-acbs", STRICTER)
    assert use_case.run("kr-acbs", STRICTER).learners == 0


def test_only_administrators_order_and_only_what_is_published(world: World) -> None:
    use_case = Reevaluation(world.bank)
    school = world.school()
    with pytest.raises(Forbidden):
        use_case.propose(school, "kr-acbs", STRICTER, "mine")
    with pytest.raises(NotFound, match="rule_pack_not_found"):
        use_case.propose(ANNA, "kr-acbs", STRICTER, "none such")
    world.rule_packs.propose(ANNA, Proposal(stricter_pack()))
    with pytest.raises(Refused, match="pack_not_published"):
        use_case.propose(ANNA, "kr-acbs", STRICTER, "a draft")
    with pytest.raises(NotFound, match="retroaction_not_found"):
        use_case.approve(BORIS, "kr-acbs", STRICTER)


def test_a_run_that_was_stopped_goes_on_behind_the_last_learner(world: World) -> None:
    school = world.school()
    world.publish_pack()
    for _ in range(3):
        decided(world, school, 4)
    publish(world, stricter_pack())
    first = Reevaluation(world.bank).run("kr-acbs", STRICTER, most=1)
    assert (first.learners, first.changed) == (1, 1)
    again: list[tuple[int, int]] = []
    whole = Reevaluation(world.bank).run("kr-acbs", STRICTER, progress=lambda *at: again.append(at))
    assert (whole.learners, whole.changed) == (3, 3)
    assert again == [(2, 3), (3, 3)]


def test_nothing_changed_is_nothing_to_tell() -> None:
    outcome = {"status": "short", "unit": "ects", "counted": "5", "awards": [["a", "counted", "5", []]],
               "requirements": [["total", "no", "175"]], "entitlements": [["exam", "open"]]}  # fmt: skip
    same = difference(outcome, dict(outcome))
    assert not is_material(same)
    assert sentences(same) == ["As many credits count as before: 5 ECTS credits."]
    lost = difference(outcome, {**outcome, "entitlements": [["exam", "lost"]]})
    assert is_material(lost)
    assert sentences(lost)[1] == "Entitlement “exam”: open before, lost now."
    other_reason = difference(outcome, {**outcome, "awards": [["a", "counted", "5", [["DUPLICATE_OF", "R08"]]]]})
    assert not is_material(other_reason)
