"""Learner-best over packs of random rules: calendars, schools, shares, twins, stand-ins, pairs, parts, conditions."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.pack import parse
from recognition_rules.recognition import Recognition
from tests.recognition_rules.every_selection import Best
from tests.recognition_rules.random_pack_text import award_of, text_of
from tests.recognition_rules.random_packs import Drawing, draw
from tests.recognition_rules.trace_checker import complaints

Make = Callable[..., Any]
SEEDS = range(40)


def answered(drawing: Drawing, decide: Make, **named: Any) -> Recognition:
    found: Recognition = decide([award_of(each) for each in drawing.awards], parse(text_of(drawing)), **named)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_of_every_selection_is_found(seed: int, decide: Make) -> None:
    drawing = draw(seed)
    found = answered(drawing, decide)
    values, best = Best(drawing).found()
    signs = {"granted": lambda value: 1 - value, "counted": lambda value: -value}
    reached = {each.name: each.value for each in found.objectives}
    assert values == tuple(signs.get(goal.split(":")[0], Fraction)(reached[goal]) for goal in drawing.goals)
    told = [found.decision(each.id) for each in drawing.awards]
    assert tuple(each.counted + each.conditional for each in told) == best.amounts
    assert [(each.course_class, each.slot) for each in told if each.counted] == [
        (best.classes[n], best.seats[n]) for n, each in enumerate(told) if each.counted
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_order_of_awards_or_limits_decides_and_every_number_adds_up(seed: int, decide: Make) -> None:
    drawing = draw(seed, most=6)
    found = answered(drawing, decide)
    assert complaints(found.to_json()) == []
    backwards = [award_of(each) for each in drawing.awards[::-1]]
    assert decide(backwards, parse(text_of(drawing))).to_json() == found.to_json()
    turned = decide(backwards, parse(text_of(drawing, drawing.caps[::-1])))
    kept = [(each.award, each.counted, each.conditional, each.slot) for each in found.decisions]
    assert [(each.award, each.counted, each.conditional, each.slot) for each in turned.decisions] == kept


@pytest.mark.parametrize("seed", SEEDS)
def test_where_plain_order_is_best_the_two_agree_to_the_byte(seed: int, decide: Make) -> None:
    drawing = draw(seed, most=6)
    if any(cap.share_of == "counted" for cap in drawing.caps):
        pytest.skip("a share of what counts cannot be walked in order")
    found = answered(drawing, decide)
    plain = answered(drawing, decide, policy=replace(found.inputs.policy, items="in-order"))
    if [each.value for each in plain.objectives] != [each.value for each in found.objectives]:
        assert found.method != "in-order-proved"
        return
    differ = {"id", "inputs", "method", "objectives"}
    told, walked = ({k: v for k, v in each.to_json().items() if k not in differ} for each in (found, plain))
    assert told == walked
