"""The choice among eight to twelve items, as learners have them: every selection tried, whichever way it is proven."""

from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_rules.allocation.elimination import eliminate
from recognition_rules.allocation.model import Cost, Item, Option, Pick, Problem, Tree, costs_of, is_allowed
from recognition_rules.allocation.relaxation import Relaxation
from recognition_rules.allocation.solve import Effort, solve, taken_of
from tests.recognition_rules.test_allocation_solver import best, walk

AMOUNTS = (3, 3, 3, 3, 2, 4)


def learner(seed: int, size: int) -> Problem:
    """Courses in semesters within years, at two schools; some needs are just met, or just missed."""
    source = Random(seed)
    semesters = source.randint(1, 4)
    years, half = (semesters + 1) // 2, size * 3 // semesters
    items = tuple(_course(source, semesters, years) for _ in range(size))
    trees: list[Tree] = [0, 1, 2, Pick(1, (3, 0))] if source.random() < 0.3 else [0, 1, 2]
    costs = [Cost(trees=(Pick(len(trees), tuple(trees)),)), Cost(added=0)]
    semester, year = source.randint(half - 3, half + 2), source.randint(2 * half - 6, 2 * half)
    return Problem(
        items=items,
        bounds=(
            *[max(semester, 0)] * semesters,
            *[max(year, 0)] * years,
            source.randint(size, 3 * size),
            3 * size // 2,
        ),
        needs=(source.randint(0, 2 * size), source.randint(0, size), source.randint(size, 3 * size), 5),
        costs=tuple(costs if source.random() < 0.8 else costs[::-1]),
    )


def _course(source: Random, semesters: int, years: int) -> Item:
    amount, semester, leaf = source.choice(AMOUNTS), source.randrange(semesters), source.randrange(4)
    year, school = semesters + semester // 2, semesters + years + source.randrange(2)
    takes = ((semester, amount), (year, amount), (school, amount))
    own = ((leaf, amount),) if leaf != 2 else ()
    return Item((Option(amount, takes=takes, brings=(*own, (2, amount)), costs=((0, -amount),)),))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**9), size=st.integers(8, 10))
def test_whatever_effort_is_allowed_the_canonical_best_of_ten_is_found(seed: int, size: int) -> None:
    posed = learner(seed, size)
    wanted, walked = best(posed), walk(posed)
    for effort in (Effort(), Effort(max_states=60), Effort(max_states=0)):
        for hint in (walked, None):
            found = solve(posed, hint, effort)
            assert (found.taken, found.costs) == wanted
            assert (found.method == "in-order-proved") <= (found.taken == taken_of(hint or posed_in_full(posed)))


def posed_in_full(posed: Problem) -> list[Option | None]:
    return [item.options[0] for item in posed.items]


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_the_canonical_best_of_twelve_is_found(seed: int) -> None:
    posed = learner(seed, 12)
    found = solve(posed, walk(posed))
    assert (found.taken, found.costs) == best(posed)


@pytest.mark.parametrize("amounts", list(product((2, 3), repeat=3)))
def test_eight_items_in_two_rows_that_cross_are_settled_alike_for_every_pair_of_bounds(
    amounts: tuple[int, int, int],
) -> None:
    """All bounds there are: eight items of given sizes, half of them in each row, two in both."""
    sizes = [amounts[number % 3] for number in range(8)]
    for bounds in product(range(0, 13, 2), repeat=2):
        items = []
        for number, size in enumerate(sizes):
            rows = (0,) if number < 3 else (0, 1) if number < 5 else (1,)
            takes, brings = tuple((row, size) for row in rows), ((number % 2, size),)
            items.append(Item((Option(size, takes=takes, brings=brings, costs=((0, -size),)),)))
        posed = Problem(tuple(items), bounds, (7, 4), (Cost(trees=(0, 1)), Cost(added=0)))
        found = solve(posed, walk(posed))
        assert (found.taken, found.costs) == best(posed)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9), hinted=st.integers(0, 2**8 - 1))
def test_no_hint_misleads(seed: int, hinted: int) -> None:
    """Whatever selection tells what may be left out, what comes of it in the end is the canonical best."""
    posed = learner(seed, 8)
    hint = [item.options[0] if hinted >> number & 1 else None for number, item in enumerate(posed.items)]
    relaxation = Relaxation(posed, hint)
    for _ in range(len(posed.bounds) + 8):
        found = eliminate(relaxation.relaxed(), 10**6)
        assert found is not None
        selection = [item.options[0] if option else None for item, option in zip(posed.items, found, strict=True)]
        if not relaxation.watch_mistaken(selection):
            break
    assert is_allowed(posed, selection)
    assert (taken_of(selection), costs_of(posed, selection)) == best(posed)
