"""Group R of the catalogue, as far as it takes the whole bank: R10, R11, R16."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from creditbank.errors import Conflict, Forbidden, NeedsApproval, NotFound, Refused
from creditbank.recognising import Recognising
from creditbank.replay import replay
from creditbank.rule_packs import Proposal
from creditbank.transactions.recognition_request import RecognitionRequest
from tests.api.small_packs import pack
from tests.bank_world import ANNA, BORIS, World, open_world


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(database_url, tmp_path) as opened:
        yield opened


def test_r10_a_day_in_the_past_is_said_by_both(world: World) -> None:
    yesterday = world.now.date() - timedelta(days=1)
    with pytest.raises(Refused, match="retroactive_not_said"):
        world.rule_packs.propose(ANNA, Proposal(pack(), in_force_from=yesterday))
    world.rule_packs.propose(ANNA, Proposal(pack(), in_force_from=yesterday, retroactive=True))
    with pytest.raises(NeedsApproval, match="retroactive_not_agreed"):
        world.rule_packs.approve(BORIS, "example", "1")
    with pytest.raises(Conflict, match="second_person_needed"):
        world.rule_packs.approve(ANNA, "example", "1", retroactive=True)
    assert world.rule_packs.approve(BORIS, "example", "1", retroactive=True).published_at == world.now


def test_r10_the_database_holds_it_too(world: World, database_url: str) -> None:
    """Whoever goes around the program: a day before its proposal, unsaid, is no row."""
    statement = (
        "INSERT INTO bank.rule_pack (pack_id, version, digest, content, proposed_by, proposed_at, in_force_from) "
        "VALUES ('x', '1', 'd', 'c', 'anna', now(), current_date - 2)"
    )
    with psycopg.connect(database_url, autocommit=True) as connection:
        with pytest.raises(errors.CheckViolation, match="rule_pack_retroactive_check"):
            connection.execute(statement)
        world.rule_packs.propose(ANNA, Proposal(pack()))
        for change in ("content = 'other'", "in_force_from = '2001-01-01'", "digest = 'd'", "scope = 'hanbit'"):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(f"UPDATE bank.rule_pack SET {change}")  # type: ignore[arg-type]


def test_r11_an_institution_writes_rules_for_itself_alone(world: World) -> None:
    hanbit, seoul = world.school("hanbit"), world.school("seoul")
    learner = world.deposit(seoul).book_id
    second = type(hanbit)("hanbit-second", "issuer", hanbit.scopes, issuer_id="hanbit")
    for foreign in (
        Proposal(pack("seoul-rules")),
        Proposal(pack("kr-acbs")),
        Proposal(pack("hanbit-x"), scope="seoul"),
    ):
        with pytest.raises(Forbidden, match="pack_out_of_scope"):
            world.rule_packs.propose(hanbit, foreign)
    assert world.rule_packs.propose(hanbit, Proposal(pack("hanbit-x"))).scope == "hanbit"
    with pytest.raises(NotFound, match="rule_pack_not_found"):
        world.rule_packs.pack(seoul, "hanbit-x", "1")
    with pytest.raises(NotFound, match="rule_pack_not_found"):
        world.rule_packs.approve(seoul, "hanbit-x", "1")
    with pytest.raises(Forbidden, match="pack_of_another"):
        world.rule_packs.propose(ANNA, Proposal(pack("hanbit-x", version="2")))
    world.rule_packs.approve(second, "hanbit-x", "1")
    with pytest.raises(Forbidden, match="pack_out_of_scope"):
        world.rule_packs.withdraw(seoul, "hanbit-x", "1")
    asked = RecognitionRequest("hanbit-x", "1", "degree", world.now.date())
    before = world.counts()
    with pytest.raises(Forbidden, match="pack_out_of_scope"):
        Recognising(world.bank).recognise(learner, RecognitionRequest(**{**_members(asked), "institution": "seoul"}))
    assert world.counts() == before
    assert Recognising(world.bank).recognise(learner, asked).request["institution"] == "hanbit"


def test_r11_the_database_holds_it_too(world: World, database_url: str) -> None:
    hanbit = world.school("hanbit")
    learner = world.deposit(world.school("seoul")).book_id
    world.rule_packs.propose(hanbit, Proposal(pack("hanbit-x")))
    world.rule_packs.approve(BORIS, "hanbit-x", "1")
    foreign_rules = (
        "INSERT INTO bank.recognition (book_id, recognition_id, programme, pack_id, pack_version, decided_on, request, "
        "result) VALUES (%s, gen_random_uuid(), 'degree', 'hanbit-x', '1', current_date, %s, '{}')"
    )
    foreign_pack = (
        "INSERT INTO bank.rule_pack (pack_id, version, digest, content, proposed_by, proposed_at, scope) "
        "VALUES ('hanbit-x', '2', 'd', 'c', 'seoul-system', now(), %s)"
    )
    with psycopg.connect(database_url, autocommit=True) as connection:
        for request in ('{"institution": "seoul"}', "{}"):
            with pytest.raises(errors.CheckViolation, match="another institution"):
                connection.execute(foreign_rules, [learner, request])
        for scope in ("seoul", None):
            with pytest.raises(errors.CheckViolation, match="another body"):
                connection.execute(foreign_pack, [scope])
        connection.execute(foreign_rules, [learner, '{"institution": "hanbit"}'])


@pytest.mark.parametrize(
    ("instant", "in_force"),
    [
        (datetime(2028, 2, 28, 23, 59, 59, 999_999, UTC), False),
        (datetime(2028, 2, 29, 0, 0, 0, 0, UTC), True),
        (datetime(2028, 3, 26, 1, 30, tzinfo=UTC), True),  # clocks change in much of Europe in this hour
    ],
)
def test_r16_the_day_of_a_decision_is_an_input(world: World, instant: datetime, *, in_force: bool) -> None:
    """The bank's day is UTC's, taken once, kept with the decision, and used when it is made again."""
    day = date(2028, 2, 29)
    school = world.school()
    book = world.deposit(school).book_id
    world.rule_packs.propose(ANNA, Proposal(pack(), in_force_from=day))
    world.rule_packs.approve(BORIS, "example", "1")
    world.now = instant
    desk = Recognising(world.bank)
    asked = RecognitionRequest("example", "1", "degree", world.bank.office.today())
    if not in_force:
        with pytest.raises(Refused, match="pack_not_in_force"):
            desk.recognise(book, asked)
        return
    row = desk.recognise(book, asked)
    assert row.request["on"] == instant.date().isoformat() == row.decided_on.isoformat()
    world.now = instant + timedelta(days=400)
    assert replay(desk.bundle(row.recognition_id)).agrees


def _members(asked: RecognitionRequest) -> dict[str, object]:
    return {name: getattr(asked, name) for name in asked.__dataclass_fields__}
