"""Somebody with a superuser's rights changes rows behind the bank's back; the audit names what was changed."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from creditbank.ledger.entry import Entry, Posting
from creditbank.log.checkpoint import Checkpoint
from creditbank.recognising import Recognising
from creditbank.store import Database
from creditbank.transactions import auditing
from recognition_rules.credits import GRAINS_PER_CREDIT
from tests.bank_world import World, open_world
from tests.store.books_at_hand import BookAtHand

CREDIT = GRAINS_PER_CREDIT


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """Four badges, one of them revoked, a recognition; enough leaves for a stored subtree."""
    with open_world(database_url, tmp_path) as opened:
        school = opened.school()
        posted = [opened.issue(school) for _ in range(4)]
        outcomes = [opened.bank.deposit(item) for item in posted]
        opened.publish_pack()
        Recognising(opened.bank).recognise(outcomes[0].book_id, opened.request())
        claims = opened.bank.verify(posted[0].data).verification.claims
        assert claims is not None
        opened.bank.set_status(school, claims.credential_id, "revocation", value=True, reason="fraud")
        yield opened


@pytest.fixture
def intruder(admin_database_url: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A superuser for whom no trigger fires."""
    with psycopg.connect(admin_database_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


Intruder = psycopg.Connection[tuple[Any, ...]]
AN_ENTRY = "(SELECT entry_id FROM bank.entry WHERE kind = 'award' ORDER BY posted_at LIMIT 1)"

TAMPERED = {
    "an amount": (
        f"UPDATE bank.posting SET grains = grains + 1 WHERE leg = 1 AND entry_id = {AN_ENTRY}",
        "sum to zero",
    ),
    "a balanced amount": (
        f"UPDATE bank.posting SET grains = grains * 2 WHERE entry_id = {AN_ENTRY}",
        "its legs are not those it was sealed with",
    ),
    "whose credits": (
        f"UPDATE bank.posting SET account = 'issuer:other' WHERE account = 'issuer:hanbit' AND entry_id = {AN_ENTRY}",
        "its legs are not those it was sealed with",
    ),
    "when it was earned": (
        f"UPDATE bank.entry SET effective_on = '2001-01-01' WHERE entry_id = {AN_ENTRY}",
        "is not in the books as it was logged",
    ),
    "a score": (
        "UPDATE bank.deposit_event SET award = jsonb_set(award, '{score}', '\"100\"') WHERE award IS NOT NULL",
        "the facts of its award are not those that were credited",
    ),
    "why": (f"UPDATE bank.entry SET reason = 'gift' WHERE entry_id = {AN_ENTRY}", "as it was logged"),
    "a posting taken out": (f"DELETE FROM bank.posting WHERE leg = 2 AND entry_id = {AN_ENTRY}", "at least two legs"),
    "an entry taken out": (f"DELETE FROM bank.entry WHERE entry_id = {AN_ENTRY}", "belongs to no entry"),
    "an entry and its legs taken out": (
        f"WITH e AS (DELETE FROM bank.entry WHERE entry_id = {AN_ENTRY} RETURNING entry_id) "
        "DELETE FROM bank.posting WHERE entry_id IN (SELECT entry_id FROM e)",
        "is not in the books as it was logged",
    ),
    "a reversal turned on another": (
        "UPDATE bank.entry SET reverses = (SELECT entry_id FROM bank.entry WHERE kind = 'award' "
        "ORDER BY posted_at DESC LIMIT 1) WHERE entry_id = "
        "(SELECT entry_id FROM bank.entry WHERE kind = 'reversal' ORDER BY posted_at LIMIT 1)",
        "does not mirror",
    ),
    "credits lost between merged books": (
        "UPDATE bank.posting SET account = 'merge:nowhere' WHERE account LIKE 'issuer:%'",
        "did not arrive where it was carried to",
    ),
    "an overdrawn award": (
        "UPDATE bank.posting SET account = 'elsewhere' WHERE account = 'learner' AND grains > 0",
        "is overdrawn",
    ),
    "a release taken out": ("DELETE FROM bank.use_release", "is used twice"),
    "an opening taken out": (
        "DELETE FROM bank.leaf_opening WHERE leaf_index = 3",
        "leaf 3: it has no opening, and the erasure journal does not say why",
    ),
    "an erasure that was not done": (
        "INSERT INTO bank.erasure (leaf_index, reason) VALUES (3, 'request')",
        "leaf 3: the erasure journal says that it was erased",
    ),
    "an opening rewritten": (
        "UPDATE bank.leaf_opening SET content = '{}' WHERE leaf_index = 3",
        "leaf 3: its opening is not what was committed to",
    ),
    "an opening that is no JSON": (
        "UPDATE bank.leaf_opening SET content = 'x' WHERE leaf_index = 3",
        "leaf 3: its opening is not what was committed to",
    ),
    "a commitment": (
        "UPDATE bank.leaf SET commitment = sha256('x') WHERE leaf_index = 3",
        "leaf 3: its hash is not that of its commitment",
    ),
    "a hash": (
        "UPDATE bank.leaf SET hash = sha256('x') WHERE leaf_index = 3",
        "the published checkpoint has another root",
    ),
    "a leaf in the midst": ("DELETE FROM bank.leaf WHERE leaf_index = 3", "leaf 3 is missing"),
    "the last leaf": (
        "DELETE FROM bank.leaf WHERE leaf_index = (SELECT max(leaf_index) FROM bank.leaf)",
        "the published checkpoint has more leaves than the log",
    ),
    "the first leaf": ("DELETE FROM bank.leaf WHERE leaf_index = 0", "leaf 0 is missing"),
    "the head": ("UPDATE bank.head SET size = 0, frontier = '{}'", "the log's head is not the head of its leaves"),
    "a deposit's leaf": (
        "UPDATE bank.leaf SET subject = 'x' WHERE subject = (SELECT deposit_id::text FROM bank.deposit LIMIT 1)",
        "deposit ",
    ),
    "a stored hash": (
        "INSERT INTO bank.subtree (level, position, hash) VALUES (8, 0, sha256('x'))",
        "the stored hashes of the tree are not those of its leaves",
    ),
}


class Undone(Exception):
    """Leaves a transaction without a trace."""


def findings_after(database: Database, published: Checkpoint, statement: str) -> tuple[str, ...]:
    """What the audit says of rows changed by this statement, which is then undone."""
    found: tuple[str, ...] = ()
    with contextlib.suppress(Undone), database.transaction() as tx:
        tx.connection().execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        tx.connection().execute(text("SET LOCAL session_replication_role = replica"))
        tx.connection().execute(text(statement))
        found = auditing.recompute(tx, published, lambda _what, _done: None).findings
        raise Undone
    return found


def test_what_was_changed_is_named(world: World, admin_database_url: str) -> None:
    """Each change on its own, in a bank that is otherwise as it was."""
    latest = world.bank.publisher.latest()
    assert latest is not None
    database = Database(admin_database_url)
    found = {what: findings_after(database, latest.checkpoint, sql) for what, (sql, _) in TAMPERED.items()}
    database.close()
    missed = {
        what: found[what] for what, (_, name) in TAMPERED.items() if not any(name in each for each in found[what])
    }
    assert missed == {}
    assert world.bank.audit().clean


def test_an_amount_changed_with_its_seal_is_still_not_what_was_logged(world: World, intruder: Intruder) -> None:
    """The intruder knows the bank's code and seals his own legs: the log remembers the true ones."""
    row = intruder.execute(f"SELECT book_id, entry_id FROM bank.entry WHERE entry_id = {AN_ENTRY}").fetchone()
    assert row is not None
    book, entry = row
    intruder.execute("UPDATE bank.posting SET grains = grains * 20 WHERE entry_id = %s", [entry])
    legs = intruder.execute("SELECT account, unit, grains, award_id FROM bank.posting WHERE entry_id = %s", [entry])
    postings = tuple(Posting(*leg) for leg in sorted(legs.fetchall(), key=lambda leg: leg[2] > 0))
    today = world.now.date()
    sealed = Entry(book, entry, "award", today, postings, "deposit").legs_hash()
    intruder.execute("UPDATE bank.entry SET legs_hash = %s WHERE entry_id = %s", [sealed, entry])
    findings = world.bank.audit().findings
    assert f"entry {entry} is not in the books as it was logged" in [each.split(": ")[-1] for each in findings]


def test_an_entry_smuggled_in_is_not_in_the_log(world: World, database_url: str) -> None:
    """Whole, balanced and sealed, written by the service's own role: nobody but the log gives it away."""
    with psycopg.connect(database_url) as connection:
        BookAtHand(connection).awarded(100 * CREDIT)
    findings = world.bank.audit().findings
    assert [finding.split(" ", 2)[0::2] for finding in findings] == [
        ["deposit", "is not in the log"],
        ["entry", "is not in the log"],
    ]


@pytest.mark.parametrize("kind", ["deposit", "entry", "registry"])
def test_what_was_erased_by_the_journal_is_reported_as_erased(world: World, intruder: Intruder, kind: str) -> None:
    """A person forgotten: the opening is gone, the journal says why, and every root still stands (G01)."""
    where = {
        "deposit": "l.subject = (SELECT deposit_id::text FROM bank.deposit ORDER BY received_at LIMIT 1)",
        "entry": "l.subject = (SELECT entry_id::text FROM bank.entry WHERE kind = 'recognition' ORDER BY 1 LIMIT 1)",
        "registry": "l.leaf_index = 0",
    }[kind]
    before = world.bank.audit()
    intruder.execute(
        "WITH gone AS (DELETE FROM bank.leaf_opening o USING bank.leaf l WHERE l.leaf_index = o.leaf_index "
        f"AND {where} RETURNING o.leaf_index) INSERT INTO bank.erasure (leaf_index, reason) "
        "SELECT leaf_index, 'request' FROM gone".encode()
    )
    after = world.bank.audit()
    assert after.findings == ()
    assert (after.erased, after.opened, after.root) == (1, before.opened - 1, before.root)


def test_batches_do_not_hide_a_gap(world: World, intruder: Intruder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "BATCH", 2)
    assert world.bank.audit().clean
    intruder.execute("DELETE FROM bank.leaf WHERE leaf_index IN (2, 3, 4)")
    findings = world.bank.audit().findings
    assert [f"leaf {index} is missing" in findings for index in (1, 2, 3, 4, 5)] == [False, True, True, True, False]


def test_the_audit_is_clean_while_the_bank_goes_on(world: World) -> None:
    """It reads one instant: what is booked meanwhile is neither missed in the log nor ahead of it."""
    school = world.school("busy", units=("ects",))
    done = threading.Event()

    def deposits() -> None:
        while not done.is_set():
            world.deposit(school, unit="ects")

    thread = threading.Thread(target=deposits)
    thread.start()
    reports = [world.bank.audit() for _ in range(12)]
    done.set()
    thread.join()
    assert [report.findings for report in reports] == [()] * 12
    assert reports[-1].entries > reports[0].entries
