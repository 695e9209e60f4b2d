"""What was published stays what it was: the audit holds each version against its leaf in the log."""

import json
from datetime import timedelta

import psycopg
import pytest

from creditbank.errors import Conflict
from creditbank.rule_packs import Proposal
from creditbank.store import Database
from creditbank.transactions.auditing_packs import audit_packs
from tests.bank_world import ANNA, BORIS, World
from tests.creditbank.recognised_learners import STRICTER, publish, stricter_pack


def changed(url: str, assignment: str) -> None:
    """A row changed by whoever owns the database, past every trigger."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE bank.rule_pack DISABLE TRIGGER ALL")
        connection.execute(f"UPDATE bank.rule_pack SET {assignment} WHERE version = '{STRICTER}'")


@pytest.mark.parametrize(
    ("assignment", "told"),
    [
        ("content = replace(content, 'at_most = 9', 'at_most = 10')", "the text is not the one of its digest"),
        ("digest = 'sha256:' || repeat('0', 64)", "digest is not what was logged"),
        ("approved_by = 'carla'", "by is not what was logged"),
        ("in_force_from = '2020-01-01'", "in_force_from is not what was logged"),
        ("retroactive = false", "retroactive is not what was logged"),
    ],
)
def test_a_version_changed_behind_the_banks_back_is_found(
    world: World, admin_database_url: str, assignment: str, told: str
) -> None:
    world.publish_pack()
    publish(world, stricter_pack())
    assert world.bank.audit().clean
    changed(admin_database_url, assignment)
    assert f"pack:kr-acbs@{STRICTER}: {told}" in world.bank.audit().findings


def test_a_draft_that_is_called_published_has_no_leaf(world: World, admin_database_url: str) -> None:
    world.publish_pack()
    world.now += timedelta(seconds=1)
    world.rule_packs.propose(ANNA, Proposal(stricter_pack(), retroactive=True))
    changed(admin_database_url, "approved_by = 'boris', published_at = now()")
    assert world.bank.audit().findings == (f"pack:kr-acbs@{STRICTER}: published without a leaf",)


def test_each_published_version_has_its_receipt(world: World) -> None:
    world.publish_pack()
    row = publish(world, stricter_pack())
    for version in (world.request().pack_version, STRICTER):
        entry = json.loads(world.bank.receipt_of(f"pack:kr-acbs@{version}").entry or b"")
        assert (entry["type"], entry["version"]) == ("rule_publication", version)
    assert entry["digest"] == row.digest
    assert entry["by"] == BORIS.client_id


def test_a_number_once_taken_stays_taken(world: World) -> None:
    """By a draft, by one withdrawn, by another body of the same number."""
    world.publish_pack()
    world.rule_packs.propose(ANNA, Proposal(stricter_pack(), retroactive=True))
    world.rule_packs.withdraw(ANNA, "kr-acbs", STRICTER)
    with pytest.raises(Conflict, match="pack_version_exists"):
        world.rule_packs.propose(
            BORIS, Proposal(stricter_pack().replace("at_most = 9", "at_most = 8"), retroactive=True)
        )
    with pytest.raises(Conflict, match="pack_withdrawn"):
        world.rule_packs.approve(BORIS, "kr-acbs", STRICTER, retroactive=True)


def test_the_auditor_may_read_what_it_takes(world: World, auditor_database_url: str) -> None:
    world.publish_pack()
    auditor = Database(auditor_database_url)
    try:
        with auditor.transaction() as tx:
            assert list(audit_packs(tx)) == []
    finally:
        auditor.close()
