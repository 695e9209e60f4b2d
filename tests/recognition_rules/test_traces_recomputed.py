"""Every number of every shipped case is recomputed from the recognition's JSON alone."""

from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from typing import Any, Literal

import pytest

from recognition_rules.cases import run_cases
from recognition_rules.pack import parse
from tests.recognition_rules.conftest import HEAD
from tests.recognition_rules.trace_checker import complaints

Make = Callable[..., Any]

PACKS = sorted(
    each.name
    for each in files("recognition_rules.packs").iterdir()
    if (each / "cases.toml").is_file() and "[[programme]]" in (each / "pack.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", PACKS)
def test_every_number_of_every_case_can_be_recomputed(name: str) -> None:
    place = files("recognition_rules.packs") / name
    pack = parse((place / "pack.toml").read_text(encoding="utf-8"))
    results = run_cases(pack, (place / "cases.toml").read_text(encoding="utf-8"))
    found = [(each.id, each.recognition) for each in results if each.recognition is not None]
    assert found
    assert [(case, sentence) for case, each in found for sentence in complaints(each.to_json())] == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("decisions", 0, "counted"), "2"),
        (("totals", "counted"), "7"),
        (("requirements", 0, "shortfall"), "1"),
        (("requirements", 0, "satisfied"), "yes"),
        (("steps", -1, "arithmetic"), "60 < 6"),
    ],
)
def test_the_checker_sees_one_number_that_was_changed(
    place: tuple[str | int, ...], value: str, make_pack: Make, make_award: Make, decide: Make
) -> None:
    told = decide([make_award("a"), make_award("b")], make_pack()).to_json()
    assert complaints(told) == []
    at = told
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    assert complaints(told)


LATE = """
[[limit]]
id = "one"
title = { en = "One" }
measure = "items"
at_most = 1
TERMS
[[limit]]
id = "another"
title = { en = "Another" }
where = { source = ["course"] }
measure = "items"
at_most = 1
TERMS
"""


@pytest.mark.parametrize("items", ["in-order", "best"])
def test_what_is_cut_down_to_nothing_asks_no_further_limit(
    items: Literal["in-order", "best"], make_pack: Make, make_award: Make, decide: Make
) -> None:
    head = HEAD.replace("[sources]", 'split = [{ step = 1, where = { source = ["course"] } }]\n[sources]')
    pack = make_pack(LATE, head=head)
    found = decide([make_award("a"), make_award("b")], pack, policy=replace(pack.choose, items=items))
    assert [each.counted for each in found.decisions] == [3, 0]
    assert complaints(found.to_json()) == []
