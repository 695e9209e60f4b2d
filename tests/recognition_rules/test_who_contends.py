"""Who is chosen among: only awards that get in each other's way; and what a short way of choosing must agree with."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_rules.allocation.few import best_of_few
from recognition_rules.allocation.model import Cost, Item, Option, Problem, costs_of
from recognition_rules.allocation.rooms import Room
from recognition_rules.allocation.skyline import undominated
from recognition_rules.award import Award
from recognition_rules.pack import parse
from recognition_rules.packs import builtin
from recognition_rules.policy import Policy
from recognition_rules.recognition import Recognition
from recognition_rules.stages import best as choosing
from recognition_rules.stages.posing import Posed
from tests.recognition_rules.korean_awards import PACK, course, courses, decided
from tests.recognition_rules.test_allocation_solver import best, problem

Make = Callable[..., Any]
BEST = replace(PACK.choose, items="best")


@pytest.fixture
def posed(monkeypatch: pytest.MonkeyPatch) -> list[Posed]:
    """The problems that are posed while a test decides."""
    found: list[Posed] = []
    pose = choosing._posed

    def posing(*told: Any) -> Posed:
        found.append(pose(*told))
        return found[-1]

    monkeypatch.setattr(choosing, "_posed", posing)
    return found


def chosen(awards: list[Award], policy: Policy = BEST, **told: Any) -> Recognition:
    return decided(awards, pack=replace(told.pop("pack", PACK), choose=policy), **told)


def contending(found: list[Posed]) -> list[set[str]]:
    return [{each.key for each in one.candidates} for one in found]


ELSEWHERE = [*courses("X", 5, "2023-06-20"), course("Y", "2026-12-15")]


def test_only_the_semester_that_is_too_full_is_chosen_among(posed: list[Posed]) -> None:
    eight, ninth = courses("A", 8, "2025-06-20"), course("B", "2025-06-21", 2)
    chosen([*ELSEWHERE, *eight])
    assert contending(posed) == []
    found = chosen([*ELSEWHERE, *eight, ninth])
    assert contending(posed) == [{*(each.id for each in eight), "B"}]
    assert found.totals["counted"] == 24 + 18


def test_only_twins_are_chosen_among_and_titles_that_merely_resemble_each_other_are_not(posed: list[Posed]) -> None:
    first, second = course("T1", "2025-06-20", title="통계학"), course("T2", "2025-12-20", title="통계학")
    chosen([*ELSEWHERE, first, course("T3", "2025-12-20", title="통계학 실습")])
    assert contending(posed) == []
    found = chosen([*ELSEWHERE, first, second])
    assert contending(posed) == [{"T1", "T2"}]
    assert (found.method, found.decision("T2").reasons[0].code) == ("in-order-proved", "DUPLICATE_OF")


def test_two_of_a_family_contend_for_the_required_place_and_a_third_subject_does_not(posed: list[Posed]) -> None:
    family = [course(f"R{n}", "2025-06-20", title=t, course_class="major-required") for n, t in enumerate(FAMILY)]
    chosen([*ELSEWHERE, family[0], course("Z", "2025-06-20", title="회계원리", course_class="major-required")])
    assert contending(posed) == []
    chosen([*ELSEWHERE, *family])
    assert contending(posed) == [{"R0", "R1"}]


FAMILY = ("경영학개론", "경영학원론")


@pytest.mark.parametrize("objectives", [("shortfall", "least-used", "canonical"), ("least-used", "canonical")])
def test_where_more_may_be_worse_everybody_is_chosen_among(posed: list[Posed], objectives: tuple[str, ...]) -> None:
    awards = [*ELSEWHERE, *courses("A", 9, "2025-06-20")]
    found = chosen(awards, replace(BEST, objectives=objectives))
    assert contending(posed) == [{each.id for each in awards}]
    assert found.totals["counted"] == (0 if objectives[0] == "least-used" else 24 + 18)


def test_a_need_that_is_a_share_of_what_counts_lets_nobody_stand_apart(posed: list[Posed]) -> None:
    share = 'at_least = { share = "25%", of = "counted" }'
    text = builtin("kr-acbs").replace('on = "anchored", at_least = 18', f'on = "anchored", {share}')
    awards = [*ELSEWHERE, *courses("A", 9, "2025-06-20")]
    chosen(awards, pack=parse(text))
    assert contending(posed) == [{each.id for each in awards}]


def test_what_stands_apart_is_in_the_objectives_that_are_told(posed: list[Posed]) -> None:
    awards = [*ELSEWHERE, course("B", "2025-06-19", 2), *courses("A", 8, "2025-06-20")]
    found = chosen(awards)
    told = next(step for step in found.steps if step.stage == "choose" and step.award is None)
    assert found.method == "dynamic"
    assert len(posed[0].settled) == len(ELSEWHERE)
    assert told.inputs["objectives"] == [each.to_json() for each in found.objectives]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_looking_at_a_few_selections_finds_what_all_of_them_say(seed: int) -> None:
    posed = problem(seed)
    found = best_of_few(posed, 400)
    if found is None:
        assert len(list(product(*((*item.options, None) for item in posed.items)))) > 400
    else:
        shown = tuple((each.amount, each.variant) if each else (-1, 0) for each in found)
        assert (shown, costs_of(posed, found)) == best(posed)


def test_one_selection_more_than_a_few_is_left_to_a_search_and_so_is_what_nothing_allows() -> None:
    three = tuple(Item((Option(1, takes=((0, 1),), costs=((0, -1),)),)) for _ in range(3))
    twins = Problem(three[:2], (1,), (), (Cost(added=0),))
    assert best_of_few(twins) == (three[0].options[0], None)
    assert best_of_few(replace(twins, items=three), 7) is None
    assert best_of_few(replace(twins, bounds=(-1,))) is None


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_an_entry_is_left_out_only_where_another_outdoes_it_in_everything(seed: int) -> None:
    source = Random(seed)
    kinds = ("row", "leaf", source.choice(("row", "leaf")), "row")
    rooms = {(kind, n): Room(kind, 3, high=3, shift=2 * n, mask=3) for n, kind in enumerate(kinds)}
    weights = source.sample(range(200), 60)
    table = {source.randrange(4**4): weight for weight in weights}
    found = undominated(table, rooms)

    def leaves_no_less(one: int, other: int) -> bool:
        used = ((room.read(one), room.read(other), kind) for (kind, _), room in rooms.items())
        return all(mine <= its if kind == "row" else mine >= its for mine, its, kind in used)

    wanted = {
        entry: weight
        for entry, weight in table.items()
        if not any(leaves_no_less(each, entry) and its < weight for each, its in table.items())
    }
    assert found == wanted


def test_what_keeps_a_place_or_leaves_it_is_never_taken_for_outdone() -> None:
    rooms = {(kind, 0): Room(kind, 1, high=1, shift=n, mask=1) for n, kind in enumerate(("row", "keeps", "moves"))}
    table = {0b000: 1, 0b010: 2, 0b111: 3}
    assert undominated(table, rooms) == table
