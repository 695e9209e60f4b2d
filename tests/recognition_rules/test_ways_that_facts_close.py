"""Two ways to a degree, told apart by a fact about the learner: a way that is closed neither refuses nor is cheap."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import pytest

Make = Callable[..., Any]

TWO_WAYS = """
[[programme]]
id = "degree"
title = { en = "Degree" }
TERMS
[programme.require]
all = [
  { test = "total", title = { en = "Total" }, at_least = 30 },
  { id = "way", title = { en = "The way" }, any = [
    { id = "long", title = { en = "The long way" }, all = [
      { test = "long-route", title = { en = "Two years before" }, learner = { fact = "route", is = "long" } },
      { test = "long-major", title = { en = "24 of the major" }, where = { class = ["major"] }, at_least = 24 },
    ] },
    { id = "short", title = { en = "The short way" }, all = [
      { test = "short-route", title = { en = "Three years before" }, learner = { fact = "route", is = "short" } },
      { test = "short-major", title = { en = "12 of the major" }, where = { class = ["major"] }, at_least = 12 },
    ] },
  ] },
]
"""


@pytest.mark.parametrize("items", ["in-order", "best"])
@pytest.mark.parametrize(
    ("route", "major", "free", "status", "shortfall"),
    [
        ("long", 24, 6, "granted", 0),
        ("long", 24, 5, "short", 1),  # the closed way is no reason to refuse
        ("long", 12, 18, "short", 12),  # nor is it one fact away
        ("short", 12, 18, "granted", 0),
        ("short", 11, 19, "short", 1),
        ("other", 24, 6, "refused", 1),  # no way is open, whatever is earned
        ("other", 24, 5, "refused", 2),
        (None, 24, 5, "short", 2),
        (None, 24, 6, "undetermined", 1),  # the route is a fact that is missing
    ],
)
def test_the_cheapest_way_is_one_that_is_open(
    items: Literal["in-order", "best"],
    route: str | None,
    major: int,
    free: int,
    status: str,
    shortfall: int,
    make_pack: Make,
    make_award: Make,
    decide: Make,
) -> None:
    pack = make_pack(programme=TWO_WAYS)
    awards = [make_award("a", str(major)), make_award("b", str(free), course_class="free")]
    policy = replace(pack.choose, items=items)
    found = decide(awards, pack, learner={"route": route} if route else {}, policy=policy)
    assert found.status == status
    assert {each.name: each.value for each in found.objectives}["shortfall"] == shortfall
