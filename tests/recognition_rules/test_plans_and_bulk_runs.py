"""What is worked out once for a pack, and what is left out where nobody reads it, changes nothing that is decided."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_rules import cases
from recognition_rules.award import Award
from recognition_rules.canonical import canonical
from recognition_rules.credits import Credits
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.pack import Pack, parse
from recognition_rules.packs import builtin, builtin_ids
from recognition_rules.recognise import recognise
from recognition_rules.recognition import Recognition
from recognition_rules.stages import plan
from recognition_rules.units_pack import parse as parse_units

LEVELS, UNITS = parse_levels(builtin("levels")), parse_units(builtin("units"))
SHIPPED = {name: parse(builtin(name)) for name in builtin_ids("rules")}
ACBS = SHIPPED["kr-acbs"]
TITLES = ("통계학", "통계학 Ⅱ", "경영학개론", "경영학원론", "회계원리", "논리학")
AMOUNTS = (Fraction(2), Fraction(3), Fraction(20), Fraction(9, 2))
SOURCES = ("accredited-course", "accredited-course", "part-time", "former-university", "certificate", None)

AWARDS = st.builds(
    Award,
    id=st.text("abcdef", min_size=1, max_size=3),
    issuer=st.sampled_from(["north", "south"]),
    amount=st.builds(Credits, st.sampled_from(AMOUNTS), st.just("kr-credit")),
    title=st.sampled_from(TITLES).map(lambda title: {"ko": title}),
    source=st.sampled_from(SOURCES),
    course_class=st.sampled_from([*ACBS.classes, None]),
    score=st.sampled_from([None, Fraction(59), Fraction(80)]),
    attendance=st.sampled_from([None, Fraction(3, 4), Fraction(1)]),
    ended_on=st.sampled_from([None, *(date(2024, 6, 20) + timedelta(days=183 * n) for n in range(3))]),
    issuer_accredited=st.sampled_from([True, True, None, False]),
    revoked=st.sampled_from([False, False, False, True]),
    facts=st.sampled_from([{}, {"obtained_by": "exam"}, {"obtained_by": "degree"}]),
)
SETS = st.lists(AWARDS, max_size=12, unique_by=lambda award: award.id)


def decided(found: Recognition) -> dict[str, Any]:
    """All of a recognition but how it is told: steps and counterfactuals."""
    body = replace(found, steps=()).to_json()
    told: list[Mapping[str, Any]] = body.pop("decisions")  # type: ignore[assignment]  # as `to_json` writes it
    body["decisions"] = [{**each, "steps": [], "counterfactual": None} for each in told]
    return {**body, "id": ""}


def results(pack: str) -> Iterator[Recognition | None]:
    for each in cases.run_cases(SHIPPED[pack], builtin(pack, "cases.toml"), levels=LEVELS):
        yield each.recognition


@pytest.fixture
def nothing_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans that leave nothing out: every condition is asked of every award."""
    monkeypatch.setattr(plan, "settled", lambda condition, award: None)
    for pack in SHIPPED.values():
        monkeypatch.setattr(plan, "MAX_PLANS", 0)
        pack.plans.clear()


@pytest.mark.parametrize("pack", SHIPPED)
def test_a_bulk_run_decides_what_is_told_elsewhere(pack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = list(results(pack))
    monkeypatch.setattr(cases, "recognise", partial(recognise, trace=False))
    for one, other in zip(told, results(pack), strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert other.steps == ()
            assert decided(one) == decided(other)


@pytest.mark.parametrize("pack", SHIPPED)
def test_a_plan_changes_no_byte(pack: str, request: pytest.FixtureRequest) -> None:
    planned = list(results(pack))
    request.getfixturevalue("nothing_settled")
    for one, other in zip(planned, results(pack), strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert canonical(one.to_json()) == canonical(other.to_json())


@settings(max_examples=60, deadline=None)
@given(awards=SETS, items=st.sampled_from(["in-order", "best"]))
def test_any_awards_are_decided_alike(awards: list[Award], items: Any) -> None:
    policy = replace(ACBS.choose, items=items)
    run = partial(recognise, awards, "bachelor", ACBS, policy, date(2026, 9, 1), units=UNITS)
    assert decided(run()) == decided(run(trace=False))


def test_a_plan_is_made_once_for_a_programme_and_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    pack: Pack = parse(builtin("kr-acbs"))
    day = date(2026, 9, 1)
    once = plan.plan_of(pack, "bachelor", day, telling=True)
    assert plan.plan_of(pack, "bachelor", day, telling=True) is once
    assert plan.plan_of(pack, "bachelor", day, telling=False) is not once
    monkeypatch.setattr(plan, "MAX_PLANS", 2)
    plan.plan_of(pack, "associate-2", day, telling=True)
    assert list(pack.plans) == [("associate-2", day, True)]


def test_only_so_many_profiles_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "MAX_PROFILES", 3)
    pack = parse(builtin("kr-acbs"))
    made = plan.plan_of(pack, "bachelor", date(2026, 9, 1), telling=False)
    for course_class in pack.classes:
        award = Award(
            id="a", issuer="north", amount=Credits(Fraction(3), "kr-credit"), title={}, course_class=course_class
        )
        assert made.profile(award) is made.profile(award)
        assert len(made.profiles) <= 3
