"""A version that waits for its second person, while days go by and others are published, is looked at again."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace

import pytest

from creditbank.errors import Conflict, Refused
from creditbank.rule_packs import Proposal
from creditbank.store import Transaction, rows, rules
from tests.api.small_packs import pack
from tests.bank_world import ANNA, BORIS, World

LIMIT = """
[[limit]]
id = "cap"
code = "CAP"
title = {{ en = "Cap" }}
where = {{ class = ["major-elective"] }}
at_most = 30
terms = [{terms}]
"""
SAID = 'legal_basis = "example", source = "S0", confirmed = true'


def capped(version: str, first: date | None = None, value: int = 20, base: int = 30) -> str:
    """A pack with a limit of thirty, and of another figure from a day on."""
    if first is None:
        terms = f"{{ {SAID} }}"
    else:
        until = first - timedelta(days=1)
        terms = f"{{ until = {until}, {SAID} }}, {{ from = {first}, value = {value}, {SAID} }}"
    return pack(version=version, extra=LIMIT.format(terms=terms).replace("at_most = 30", f"at_most = {base}"))


def first_published(world: World) -> None:
    """The version that is in force to begin with."""
    world.rule_packs.propose(ANNA, Proposal(capped("1")))
    world.rule_packs.approve(BORIS, "example", "1")
    world.now += timedelta(seconds=1)


def test_terms_whose_day_has_passed_meanwhile_are_terms_of_the_past(world: World) -> None:
    today = world.now.date()
    first_published(world)
    world.rule_packs.propose(ANNA, Proposal(capped("2", today + timedelta(days=5))))
    world.now += timedelta(days=10)
    with pytest.raises(Refused, match="published_term_changed"):
        world.rule_packs.approve(BORIS, "example", "2")


def test_it_is_compared_with_what_is_published_now_and_not_with_what_was_then(world: World) -> None:
    """Both were written over the first version; the second was published, and decided for a month."""
    today = world.now.date()
    first_published(world)
    world.rule_packs.propose(ANNA, Proposal(capped("2", today + timedelta(days=1), 20)))
    world.rule_packs.propose(ANNA, Proposal(capped("3", today + timedelta(days=60), 25)))
    world.rule_packs.approve(BORIS, "example", "2")
    world.now += timedelta(days=30)
    with pytest.raises(Refused, match="published_term_changed"):
        world.rule_packs.approve(BORIS, "example", "3")


def test_what_still_reaches_no_past_is_approved_late(world: World) -> None:
    today = world.now.date()
    first_published(world)
    world.rule_packs.propose(ANNA, Proposal(capped("2", today + timedelta(days=15))))
    world.now += timedelta(days=10)
    assert world.rule_packs.approve(BORIS, "example", "2").approved_by == BORIS.client_id


def test_of_two_approved_at_once_the_second_looks_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both were compared with the first version before either was published."""
    today = world.now.date()
    first_published(world)
    for version, days in (("2", 1), ("3", 2)):
        world.rule_packs.propose(ANNA, Proposal(capped(version, today + timedelta(days=days))))
    together = Barrier(2)
    found = rules.newest_published

    def read_together(tx: Transaction, pack_id: str, on: date | None = None) -> rows.RulePack | None:
        newest = found(tx, pack_id, on)
        with suppress(BrokenBarrierError):
            together.wait(timeout=5)
        return newest

    monkeypatch.setattr("creditbank.rule_packs.rules", SimpleNamespace(newest_published=read_together))
    with ThreadPoolExecutor(2) as pool:
        said = [pool.submit(world.rule_packs.approve, BORIS, "example", version) for version in ("2", "3")]
        errors = [each.exception() for each in said]
    assert sorted(type(each).__name__ for each in errors) == ["Conflict", "NoneType"]
    assert [each.code for each in errors if isinstance(each, Conflict)] == ["published_meanwhile"]
