"""The past decides the same: decisions of record made again, in the bank and offline, byte for byte."""

import json
import zlib
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import psycopg
import pytest

from creditbank.errors import NotFound, Refused
from creditbank.recognising import Recognising
from creditbank.replay import Bundle, read_bundle, replay, result_digest
from creditbank.replay_inputs import Inputs, unpacked
from creditbank.replay_of_record import ReplayOfRecord
from creditbank.store import deposits, rows
from recognition_rules.award import Use
from tests.bank_world import World


def decided(world: World, courses: int = 3) -> rows.Recognition:
    """A learner of some courses, and the decision on them."""
    school = world.school()
    world.publish_pack()
    book = [world.deposit(school).book_id for _ in range(courses)][-1]
    return Recognising(world.bank).recognise(book, world.request())


def test_a_decision_travels_as_one_file_and_is_made_again_without_the_bank(world: World) -> None:
    row = decided(world)
    document = json.dumps(ReplayOfRecord(world.bank).bundle(row.recognition_id).to_json()).encode()
    answer = replay(read_bundle(document))
    assert answer.agrees
    assert answer.recorded == answer.found == result_digest(row.result)


def test_the_awards_are_those_of_then_though_one_was_revoked_since(world: World) -> None:
    school = world.school()
    world.publish_pack()
    book = [world.deposit(school).book_id for _ in range(2)][-1]
    row = Recognising(world.bank).recognise(book, world.request())
    assert row.result["totals"]["counted"] == "6"
    first = world.bank.run(lambda tx: deposits.in_books(tx, [book]))[0]
    world.bank.set_status(school, first.credential_id, "revocation", value=True, reason="fraud")
    report = ReplayOfRecord(world.bank).run()
    assert (report.agreed, report.differing) == (2, {})


def test_a_tampered_result_is_told_with_the_place(world: World) -> None:
    bundle = ReplayOfRecord(world.bank).bundle(decided(world).recognition_id)
    changed = json.loads(json.dumps(bundle.to_json()))
    changed["recognition"]["totals"]["counted"] = "90"
    answer = replay(Bundle.from_json(changed))
    assert not answer.agrees
    assert answer.differences == (
        "the recorded result is not the one that was sealed",
        'totals.counted: "90" recorded, "9" found',
    )


def test_other_awards_do_not_pass_for_those_of_then(world: World) -> None:
    changed = json.loads(json.dumps(ReplayOfRecord(world.bank).bundle(decided(world).recognition_id).to_json()))
    changed["inputs"]["awards"][0]["score"] = "91"
    answer = replay(Bundle.from_json(changed))
    assert any(place.startswith("inputs.digest:") for place in answer.differences)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"type": "RecognitionBundle", "version": 1}', b"[" * 100_000])
def test_what_is_no_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="bundle_malformed"):
        read_bundle(data)


def test_a_decision_that_there_is_not_has_no_bundle(world: World) -> None:
    with pytest.raises(NotFound, match="recognition_not_found"):
        ReplayOfRecord(world.bank).bundle(UUID(int=1))


def test_every_decision_since_a_day_is_made_again_in_two_processes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One a page, so that several pages go to several processes."""
    monkeypatch.setattr("creditbank.replay_of_record.PAGE", 1)
    row = decided(world)
    for _ in range(3):
        Recognising(world.bank).recognise(row.book_id, world.request())
    seen: list[tuple[int, int]] = []
    report = ReplayOfRecord(world.bank).run(jobs_at_once=2, progress=lambda done, total: seen.append((done, total)))
    assert (report.agreed, report.differing) == (4, {})
    assert seen[-1] == (4, 4)
    tomorrow = world.now + timedelta(days=2)
    assert ReplayOfRecord(world.bank).run(tomorrow).done == 0


def test_a_stopped_run_goes_on_where_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("creditbank.replay_of_record.PAGE", 1)
    monkeypatch.setattr("creditbank.replay_of_record.SAVED_EVERY", 1)
    row = decided(world)
    for _ in range(3):
        Recognising(world.bank).recognise(row.book_id, world.request())
    again: list[int] = []

    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ReplayOfRecord(world.bank).run(jobs_at_once=1, progress=stop)
    report = ReplayOfRecord(world.bank).run(jobs_at_once=1, progress=lambda done, _total: again.append(done))
    assert report.agreed == 4
    assert again == [3, 4], "the first two were not made a third time"


def test_a_decision_from_before_inputs_were_kept_is_made_again_from_the_events(
    world: World, admin_database_url: str
) -> None:
    school = world.school()
    world.publish_pack()
    book = [world.deposit(school).book_id for _ in range(3)][-1]
    row = Recognising(world.bank).recognise(book, world.request())
    world.deposit(school)  # came later, and was not looked at
    with psycopg.connect(admin_database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE bank.recognition_input DISABLE TRIGGER ALL")
        connection.execute("DELETE FROM bank.recognition_input")
        connection.execute("ALTER TABLE bank.recognition_input ENABLE TRIGGER ALL")
    assert replay(ReplayOfRecord(world.bank).bundle(row.recognition_id)).agrees
    assert ReplayOfRecord(world.bank).run().agreed == 1


def test_a_row_changed_behind_the_banks_back_is_told(world: World, admin_database_url: str) -> None:
    row = decided(world)
    with psycopg.connect(admin_database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE bank.recognition DISABLE TRIGGER ALL")
        connection.execute("""UPDATE bank.recognition SET result = jsonb_set(result, '{status}', '"granted"')""")
        connection.execute("ALTER TABLE bank.recognition ENABLE TRIGGER ALL")
    report = ReplayOfRecord(world.bank).run()
    assert report.differing == {
        str(row.recognition_id): [
            "the recorded result is not the one that was sealed",
            'status: "granted" recorded, "short" found',
        ]
    }


def test_inputs_come_back_as_they_went(world: World) -> None:
    """Whatever order they had; a use of a part of an award, too."""
    row = decided(world)
    awards = ReplayOfRecord(world.bank).bundle(row.recognition_id).inputs.awards
    uses = (
        Use(awards[0].id, "r2", "degree", Fraction(20, 3), "bachelor"),
        Use(awards[0].id, "r1", "admission"),
    )
    inputs = Inputs(awards, uses)
    back = unpacked(Inputs(awards[::-1], uses[::-1]).packed())
    assert set(back.used) == set(uses)
    assert back.packed() == inputs.packed()
    for broken in (
        b"",
        b"x",
        inputs.packed()[:-9],
        zlib.compress(b"[]"),
        zlib.compress(b'{"awards": [], "used": [1]}'),
    ):
        with pytest.raises(Refused, match="inputs_malformed"):
            unpacked(broken)
