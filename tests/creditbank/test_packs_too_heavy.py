"""Packs that are work: what a check costs grows with their length and no faster, and what cannot be done is refused."""

import time

import pytest

from creditbank.errors import Refused
from creditbank.office import builtin_levels, builtin_units
from creditbank.pack_check import MAX_CASES, check
from tests.api.small_packs import TERMS, cases, pack
from tests.bank_world import World

REPEATED = """
[[case]]
id = "c{number}"
title = {{ en = "Many" }}
source = "S0"
on = 2026-09-01
programme = "degree"
each = {{ source = "accredited-course", class = "major-elective", credits = 3, score = 80{each} }}
awards = [{{ id = "A", ended = 2026-06-20{one} }}]
expect = {{ status = "granted" }}
"""


def rules(number: int) -> str:
    """So many rules of eligibility."""
    return "".join(
        f'[[eligibility]]\nid = "e{n}"\ntitle = {{ en = "E{n}" }}\nwhen = {{ issuer = ["i{n}"] }}\n'
        f"require = {{ score_at_least = 60 }}\n{TERMS}\n"
        for n in range(number)
    )


@pytest.mark.parametrize("times", [10**9, 10**15])
@pytest.mark.parametrize("where", ["each", "one"])
def test_an_award_repeated_a_thousand_million_times_is_refused(world: World, times: int, where: str) -> None:
    said = {"each": "", "one": "", where: f", repeat = {times}"}
    with pytest.raises(Refused, match="too_many_awards"):
        check(world.bank.office, pack(), REPEATED.format(number=0, **said))


def test_many_awards_in_many_cases_are_counted_together(world: World) -> None:
    told = "".join(REPEATED.format(number=n, each="", one=", repeat = 100") for n in range(201))
    with pytest.raises(Refused, match="too_many_awards"):
        check(world.bank.office, pack(), told)


@pytest.mark.parametrize("head", ["[[case]]", "[[ case ]]", '[["case"]]'])
def test_cases_are_counted_however_they_are_written(world: World, head: str) -> None:
    told = "".join(cases("short", f"c{n}").replace("[[case]]", head) for n in range(MAX_CASES + 1))
    with pytest.raises(Refused, match="too_many_cases"):
        check(world.bank.office, pack(), told)


def test_a_repeat_beyond_reason_is_told_with_its_line(world: World) -> None:
    found = check(world.bank.office, pack(), REPEATED.format(number=0, each="", one=", repeat = 1001"))
    assert [each["sentence"] for each in found.errors] == ["An award is repeated at most 1000 times."]
    assert found.errors[0]["line"]


@pytest.mark.parametrize("nested", ["not", "all"])
@pytest.mark.parametrize("depth", [40, 20_000])
def test_what_nests_too_deep_is_refused_in_a_sentence(world: World, nested: str, depth: int) -> None:
    opening = "{ not = " if nested == "not" else "{ all = ["
    closing = " }" if nested == "not" else "] }"
    where = opening * depth + '{ source = ["accredited-course"] }' + closing * depth
    found = check(world.bank.office, pack(extra=f'[[set]]\nid = "deep"\nwhere = {where}\n'), None)
    assert found.pack is None
    assert "deep" in found.errors[0]["sentence"]


def cost(number: int) -> float:
    from creditbank.pack_check import _checked, _Tables

    start = time.process_time()
    assert _checked(pack(extra=rules(number)), "", _Tables(builtin_units(), builtin_levels())).sound
    return time.process_time() - start


def test_four_times_the_rules_are_not_sixteen_times_the_work() -> None:
    cost(50)
    small, large = cost(400), cost(1_600)
    assert large < 8 * small + 1
