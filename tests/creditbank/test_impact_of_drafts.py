"""A draft pack tried on everybody: who gains, who loses, by how much, and by which rule."""

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creditbank.errors import Refused
from creditbank.impact import NOTHING, Case, Tally, classes
from creditbank.impact_run import ImpactRun, Population
from creditbank.reevaluation_difference import difference, is_material
from recognition_rules.errors import PackInvalid
from recognition_rules.packs import builtin
from tests.bank_world import World
from tests.creditbank.recognised_learners import STRICTER, decided, learner, stricter_pack


def populated(world: World) -> None:
    """Three learners with decisions: four, two and six courses of one semester."""
    school = world.school()
    world.publish_pack()
    for courses in (4, 2, 6):
        decided(world, school, courses)


def test_a_stricter_limit_is_told_with_who_loses_and_by_which_rule(world: World) -> None:
    populated(world)
    found = ImpactRun(world.bank).run(stricter_pack())
    assert (found["decisions"], found["outcomes"], found["not_decidable"]) == (3, 12, {})
    assert found["programmes"] == [
        {
            "programme": "bachelor",
            "decisions": 3,
            "gains": 0,
            "loses": 2,
            "otherwise": 0,
            "same": 1,
            "credits_gained": "0",
            "credits_lost": "12",
        }
    ]
    assert {"code": "LIMIT_PERIOD", "rule": "R03-semester", "way": "appears", "awards": 4} in found["reasons"]
    spread = {row["credits"]: row["learners"] for row in found["distribution"]}
    assert {name: n for name, n in spread.items() if n} == {"- 0 to 3": 1, "- 6 to 15": 1, "0": 1}
    assert [each["change"] for each in found["examples"]] == ["-9", "-3"]


def test_nobody_is_named(world: World) -> None:
    school = world.school()
    world.publish_pack()
    row = decided(world, school, 4)
    told = json.dumps(ImpactRun(world.bank).run(stricter_pack()))
    assert str(row.book_id) not in told
    assert str(row.recognition_id) not in told
    assert all(found["award"] not in told for found in row.result["decisions"])
    assert '"learner": "L-' in told


def test_the_pack_as_it_is_changes_nothing(world: World) -> None:
    populated(world)
    found = ImpactRun(world.bank).run(builtin("kr-acbs"))
    assert [(row["same"], row["decisions"]) for row in found["programmes"]] == [(3, 3)]
    assert (found["reasons"], found["examples"], found["status_changes"]) == ([], [], [])


def test_trying_books_nothing(world: World) -> None:
    populated(world)
    before = world.counts()
    ImpactRun(world.bank).run(stricter_pack())
    assert world.counts() == before


def test_a_programme_that_the_draft_drops_is_not_decidable(world: World) -> None:
    populated(world)
    found = ImpactRun(world.bank).run(stricter_pack().replace("bachelor", "baccalaureate"))
    assert found["not_decidable"] == {"unknown_programme": 3}


def test_every_book_can_be_asked_for_a_programme(world: World) -> None:
    """Also those who never asked; before is what the version in force would say."""
    school = world.school()
    world.publish_pack()
    learner(world, school, 5)
    decided(world, school, 1)
    whom = Population("bachelor", books=True, facts={"high_school_graduate": True})
    found = ImpactRun(world.bank).run(stricter_pack(), whom)
    (row,) = found["programmes"]
    assert (row["decisions"], row["loses"], row["same"], row["credits_lost"]) == (2, 1, 1, "6")
    with pytest.raises(Refused, match="programme_needed"):
        ImpactRun(world.bank).run(stricter_pack(), Population(books=True))


def test_two_processes_and_one_find_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("creditbank.impact_run.PAGE", 1)
    populated(world)
    school_two = ImpactRun(world.bank).run(stricter_pack(), jobs_at_once=2)
    assert school_two == ImpactRun(world.bank).run(stricter_pack(), jobs_at_once=1)


def test_a_stopped_run_goes_on_with_the_sums_it_had(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("creditbank.impact_run.PAGE", 1)
    monkeypatch.setattr("creditbank.impact_run.SAVED_EVERY", 1)
    populated(world)
    whole = ImpactRun(world.bank).run(stricter_pack())

    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ImpactRun(world.bank).run(stricter_pack(), jobs_at_once=1, progress=stop)
    seen: list[tuple[int, int]] = []
    rest = ImpactRun(world.bank).run(stricter_pack(), jobs_at_once=1, progress=lambda *at: seen.append(at))
    assert rest == whole
    assert seen == [(3, 3)]
    with pytest.raises(KeyboardInterrupt):
        ImpactRun(world.bank).run(stricter_pack(), jobs_at_once=1, progress=stop)
    again: list[tuple[int, int]] = []
    ImpactRun(world.bank).run(stricter_pack(), fresh=True, jobs_at_once=1, progress=lambda *at: again.append(at))
    assert again == [(1, 3), (2, 3), (3, 3)]


def test_a_broken_draft_is_refused_before_anybody_is_looked_at(world: World) -> None:
    with pytest.raises(PackInvalid):
        ImpactRun(world.bank).run("[pack]\n")
    assert STRICTER in stricter_pack()


CHANGES = st.fractions(min_value=-100, max_value=100, max_denominator=6)


def tally_of(changes: list[Fraction]) -> Tally:
    found = Tally()
    for number, change in enumerate(changes):
        before: dict[str, Any] = {**NOTHING, "counted": "100"}
        after = {**NOTHING, "counted": str(100 + change)}
        changed = difference(before, after)
        found.count(f"book-{number}-{change}", "p", changed, is_material(changed) or change != 0)
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(CHANGES, max_size=12), st.lists(CHANGES, max_size=12))
def test_tallies_add_up_however_the_population_is_cut(left: list[Fraction], right: list[Fraction]) -> None:
    one, other = tally_of(left), tally_of(right)
    back = tally_of(right)
    back.add(tally_of(left))
    one.add(other)
    assert one == back
    assert Tally.from_json(json.loads(json.dumps(one.to_json()))) == one
    assert sum(one.distribution.values()) == len(left) + len(right) == one.total
    assert {key[0] for key in one.distribution} <= set(classes())
    gained = sum((change for change in (*left, *right) if change > 0), Fraction(0))
    assert one.credits.get(("p", "gains"), Fraction(0)) == gained


def test_a_case_travels_between_processes() -> None:
    import pickle

    case = Case("b", "{}", b"x", "{}")
    assert pickle.loads(pickle.dumps(case)) == case
