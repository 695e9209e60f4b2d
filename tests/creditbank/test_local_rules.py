"""An institution departs from the bank's rules, as far as these allow, and its decisions rest on the departures."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from creditbank.errors import BankError, Forbidden, Refused
from creditbank.quote_token import read_quote
from creditbank.quotes import Quotes
from creditbank.recognising import Recognising
from creditbank.replay_of_record import ReplayOfRecord
from creditbank.rule_packs import Proposal
from creditbank.store import rows, rules
from creditbank.transactions.recognition_request import RecognitionRequest
from recognition_rules.errors import PackInvalid
from recognition_rules.pack import parse
from tests.bank_world import ANNA, BORIS, World
from tests.creditbank.nested_packs import learner, nested_pack, offer

CAP = """
[[limit]]
id = "cap"
title = { en = "At most three credits" }
programmes = ["certificate"]
at_most = 3
[[limit.terms]]
from = 2020-01-01
authority = "law"
overridable = "looser"
highest = 6
legal_basis = "example"
source = "S0"
confirmed = true
"""
SIX = """
[pack]
id = "hanbit-nested"
version = "1"
title = { en = "Nested awards at Hanbit" }
[[reference]]
id = "L1"
title = "Hanbit's statutes"
standing = "confirmed"
[[override]]
id = "six-here"
title = { en = "Six credits at Hanbit" }
of = "cap"
[[override.terms]]
from = 2020-01-01
value = 6
authority = "institution"
legal_basis = "statutes"
source = "L1"
confirmed = true
"""
BASE = ("nested", "1")


def local(world: World, text: str = SIX, base: tuple[str, str] = BASE, **more: Any) -> Proposal:
    """Departures that hold from the past on, and are said to."""
    return Proposal(text, scope="hanbit", base=base, **{"retroactive": True, **more})


def publish(world: World, proposal: Proposal) -> rows.RulePack:
    row = world.rule_packs.propose(ANNA, proposal)
    return world.rule_packs.approve(BORIS, row.pack_id, row.version, retroactive=proposal.retroactive)


def asked(world: World, institution: str | None = None, programme: str = "certificate") -> RecognitionRequest:
    return RecognitionRequest("nested", "1", programme, world.now.date(), institution=institution)


def decide(world: World, book: UUID, request: RecognitionRequest) -> rows.Recognition:
    return Recognising(world.bank).recognise(book, request)


def counted(row: rows.Recognition) -> str:
    return str(row.result["totals"]["counted"])


@pytest.fixture
def book(world: World) -> UUID:
    """A learner with two courses of three credits, under rules that let three count unless an institution is looser."""
    school = world.school()
    offer(world, nested_pack(extra=CAP))
    return learner(world, school, 3, 3)


def test_the_institution_s_departures_decide_there_and_nowhere_else(world: World, book: UUID) -> None:
    row = publish(world, local(world))
    assert (row.base_id, row.base_version, row.scope) == ("nested", "1", "hanbit")
    assert counted(decide(world, book, asked(world))) == "3"
    here = decide(world, book, asked(world, "hanbit"))
    assert (here.pack_id, here.pack_version, counted(here)) == ("hanbit-nested", "1", "6")
    assert here.result["pack"]["digest"] == row.digest == parse(row.content).digest
    assert counted(decide(world, book, asked(world, "elsewhere"))) == "3"
    assert world.bank.audit().findings == ()
    assert ReplayOfRecord(world.bank).run(fresh=True).differing == {}


def test_it_is_the_same_programme_so_one_decision_takes_the_other_s_place(world: World, book: UUID) -> None:
    publish(world, local(world))
    first = decide(world, book, asked(world))
    second = decide(world, book, asked(world, "hanbit"))
    assert second.replaces == first.recognition_id
    assert decide(world, book, asked(world)).replaces == second.recognition_id


def test_the_trace_shows_both_figures(world: World, book: UUID) -> None:
    publish(world, local(world))
    steps = decide(world, book, asked(world, "hanbit")).result["steps"]
    assert any("six-here" in str(step) and "cap" in str(step) for step in steps)


def test_a_departure_that_is_not_allowed_is_refused_at_its_line(world: World, book: UUID) -> None:
    with pytest.raises(PackInvalid) as refused:
        world.rule_packs.propose(ANNA, local(world, SIX.replace("value = 6", "value = 7")))
    assert refused.value.problem_code == "override_not_allowed"
    assert (refused.value.file, refused.value.line) == (
        "local.toml",
        SIX[: SIX.index("[[override.terms]]")].count("\n") + 1,
    )


BAD = {
    "authority": (SIX.replace('"institution"', '"law"'), "own authority"),
    "institutions": (SIX.replace('of = "cap"', 'of = "cap"\ninstitutions = ["seoul"]'), "at hanbit alone"),
    "another table": (SIX + "\n[[limit]]\nid = 'x'\n", "'limit' is the bank's"),
    "unit": (SIX.replace('version = "1"', 'version = "1"\nunit = "ects"'), "said by the pack"),
    "nothing": (SIX[: SIX.index("[[override]]")], "at least one"),
    "unknown rule": (SIX.replace('of = "cap"', 'of = "nothing"'), "no rule of this pack"),
}


@pytest.mark.parametrize("name", BAD)
def test_local_rules_hold_departures_and_nothing_else(world: World, book: UUID, name: str) -> None:
    text, told = BAD[name]
    with pytest.raises(PackInvalid, match=told) as refused:
        world.rule_packs.propose(ANNA, local(world, text))
    assert refused.value.file == "local.toml"


def test_what_holds_for_days_that_are_past_is_said_to(world: World, book: UUID) -> None:
    with pytest.raises(Refused, match="published_term_changed"):
        world.rule_packs.propose(ANNA, local(world, retroactive=False))
    start = (world.now.date() + timedelta(days=1)).isoformat()
    later = SIX.replace("from = 2020-01-01", f"from = {start}")
    row = publish(world, local(world, later, retroactive=False))
    assert counted(decide(world, book, asked(world, "hanbit"))) == "3", "not before its day"
    world.now += timedelta(days=1)
    assert counted(decide(world, book, asked(world, "hanbit"))) == "6"
    assert row.base_id == "nested"


def test_over_a_newer_version_of_the_bank_s_rules_they_are_proposed_anew(world: World, book: UUID) -> None:
    publish(world, local(world))
    offer(world, nested_pack(extra=CAP).replace('version = "1"', 'version = "2"'))
    newer = replace(asked(world, "hanbit"), pack_version="2")
    assert counted(decide(world, book, newer)) == "3", "nobody has said that the departure holds over it"
    publish(world, local(world, SIX.replace('version = "1"', 'version = "2"'), ("nested", "2"), retroactive=False))
    row = decide(world, book, newer)
    assert (row.pack_version, counted(row)) == ("2", "6")
    assert decide(world, book, asked(world, "hanbit")).pack_version == "1"


def test_only_published_rules_of_the_bank_are_departed_from(world: World, book: UUID) -> None:
    world.rule_packs.propose(ANNA, Proposal(nested_pack(extra=CAP, pack_id="draft")))
    publish(world, local(world))
    for base in (("draft", "1"), ("hanbit-nested", "1")):
        text = SIX.replace("hanbit-nested", "hanbit-other")
        with pytest.raises(Refused, match="base_not_published"):
            world.rule_packs.propose(ANNA, local(world, text, base))
    with pytest.raises(BankError, match="rule_pack_not_found"):
        world.rule_packs.propose(ANNA, local(world, base=("nothing", "1")))
    with pytest.raises(Refused, match="scope_needed"):
        world.rule_packs.propose(ANNA, Proposal(SIX, base=BASE, retroactive=True))
    with pytest.raises(Forbidden, match="pack_out_of_scope"):
        world.rule_packs.propose(ANNA, local(world, SIX.replace("hanbit-nested", "nested-here")))


def test_all_versions_of_local_rules_depart_from_one_pack(world: World, book: UUID) -> None:
    publish(world, local(world))
    offer(world, nested_pack(extra=CAP, pack_id="other"))
    with pytest.raises(Forbidden, match="pack_of_another"):
        text = SIX.replace('version = "1"', 'version = "9"')
        world.rule_packs.propose(ANNA, local(world, text, ("other", "1"), retroactive=False))


def test_departures_are_in_force_no_earlier_than_what_they_depart_from(world: World, book: UUID) -> None:
    day = world.now.date() + timedelta(days=30)
    text = nested_pack(extra=CAP).replace('version = "1"', 'version = "2"')
    world.rule_packs.propose(ANNA, Proposal(text, in_force_from=day))
    world.rule_packs.approve(BORIS, "nested", "2")
    for first in (None, day - timedelta(days=1)):
        with pytest.raises(Refused, match="base_not_in_force"):
            world.rule_packs.propose(ANNA, local(world, base=("nested", "2"), in_force_from=first, retroactive=False))
    assert world.rule_packs.propose(ANNA, local(world, base=("nested", "2"), in_force_from=day)).in_force_from == day


def test_a_quote_names_the_departures_and_is_kept_under_them(world: World, book: UUID) -> None:
    publish(world, local(world))
    quote = Quotes(world.bank).quote(asked(world, "hanbit"), [], book)
    promise = read_quote(quote.token, world.bank.office.vault.quote_key.public_key).claims.promise
    assert (promise.pack.id, promise.institution) == ("hanbit-nested", "hanbit")
    for request in (asked(world, "hanbit"), asked(world)):
        kept = decide(world, book, Quotes(world.bank).honoured(request, quote.token, book))
        assert (kept.pack_id, counted(kept)) == ("hanbit-nested", "6")
    with pytest.raises(Refused, match="quote_for_another"):
        Quotes(world.bank).honoured(asked(world, "elsewhere"), quote.token, book)


def test_a_quote_of_before_the_departures_is_kept_without_them(world: World, book: UUID) -> None:
    quote = Quotes(world.bank).quote(asked(world, "hanbit"), [], book)
    publish(world, local(world))
    kept = decide(world, book, Quotes(world.bank).honoured(asked(world, "hanbit"), quote.token, book))
    assert (kept.pack_id, counted(kept)) == ("nested", "3")


def test_a_revocation_decides_anew_under_the_departures(world: World, book: UUID) -> None:
    publish(world, local(world))
    first = decide(world, book, asked(world, "hanbit"))
    credential = world.learners.record(book)[0].credential_id
    world.bank.set_status(ANNA, credential, "revocation", value=True, reason="fraud")
    (last,) = [row for row in world.learners.recognitions(book) if row.replaces == first.recognition_id]
    assert (last.pack_id, counted(last)) == ("hanbit-nested", "3")
    assert world.bank.audit().findings == ()


def test_two_books_of_one_programme_become_one_decision_though_one_departs(world: World, book: UUID) -> None:
    publish(world, local(world))
    other = learner(world, world.school("seoul"), 3)
    decide(world, book, asked(world))
    decide(world, other, asked(world, "hanbit"))
    world.bank.merge(book, other, ANNA.client_id)
    (last,) = world.bank.run(lambda tx: rules.standing_recognitions(tx, other))
    assert (last.pack_id, counted(last)) == ("hanbit-nested", "6")
    assert world.bank.audit().findings == ()
    balances = world.bank.statement(other, world.now.date()).balances
    assert [each for each in balances if each.account == "again" and each.grains] == []


def test_an_institution_proposes_its_own_and_no_other_s(world: World, book: UUID) -> None:
    hanbit = world.school("seoul")
    with pytest.raises(Forbidden, match="pack_out_of_scope"):
        world.rule_packs.propose(hanbit, local(world))
    text = SIX.replace("hanbit-nested", "seoul-nested")
    row = world.rule_packs.propose(hanbit, replace(local(world, text), scope=None))
    assert (row.scope, row.findings) == ("seoul", [])
    assert row.base_id == "nested"
