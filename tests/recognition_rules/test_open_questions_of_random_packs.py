"""What is decided while questions are open holds however they are settled: random packs, every way of settling them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

import pytest

from recognition_rules.award import Award
from recognition_rules.pack import Pack, parse
from recognition_rules.recognition import Recognition
from tests.recognition_rules.conftest import TERMS
from tests.recognition_rules.random_pack_text import award_of, text_of
from tests.recognition_rules.random_packs import DAYS, Drawing, draw
from tests.recognition_rules.trace_checker import complaints

Make = Callable[..., Any]
Answers = Mapping[str, str]
SEEDS = range(16)

RULES = f"""
[[eligibility]]
id = "gate"
title = {{ en = "Gate" }}
require = {{ fact = {{ name = "good", among = [true] }} }}
{TERMS}
[[limit]]
id = "online"
title = {{ en = "Online" }}
where = {{ fact = {{ name = "online", among = [true] }} }}
at_most = 5
{TERMS}
[[milestone]]
id = "six"
title = {{ en = "Six" }}
at_least = 6
{TERMS}
"""


AMONG_OTHERS = f"""
[[compatibility]]
id = "band"
title = {{ en = "Band" }}
where = {{ source = ["exam"] }}
same = "fact:band"
keep = "largest"
{TERMS}
[[limit]]
id = "beside"
title = {{ en = "Beside a course" }}
at_most = 4
where = {{ all = [{{ source = ["exam"] }}, {{ exists_same_period = {{ calendar = "year", source = ["course"] }} }}] }}
{TERMS}
"""


def pack_of(drawing: Drawing, seed: int) -> Pack:
    """Every second one has rules by which awards matter to one another before the choice, too."""
    return parse(text_of(drawing) + RULES + AMONG_OTHERS * (seed % 2))


def opened(drawing: Drawing, seed: int, most: int, *, days: bool = False) -> tuple[list[Award], list[tuple[str, str]]]:
    """The awards, of which some leave a question open: their gate, a limit, or their day."""
    chance = Random(seed)
    awards = [replace(award_of(each), facts=_known(chance)) for each in drawing.awards]
    kinds = ("good", "online", "ended_on") if days else ("good", "good", "online")
    questions = [(award.id, chance.choice(kinds)) for award in chance.sample(awards, min(most, len(awards)))]
    return [_asked(each, dict(questions)) for each in awards], questions


def _known(chance: Random) -> dict[str, bool | str]:
    return {"good": True, "online": chance.random() < 0.5, "band": chance.choice("AB")}


def _asked(award: Award, questions: Answers) -> Award:
    name = questions.get(award.id)
    if name == "ended_on":
        return replace(award, ended_on=None)
    return replace(award, facts={key: value for key, value in award.facts.items() if key != name})


def settlements(awards: Sequence[Award], questions: Sequence[tuple[str, str]]) -> Iterator[list[Award]]:
    ways = product(*((DAYS if name == "ended_on" else (True, False)) for _, name in questions))
    for way in ways:
        told = {award: (name, value) for (award, name), value in zip(questions, way, strict=True)}
        yield [_settled(each, told.get(each.id)) for each in awards]


def _settled(award: Award, told: tuple[str, Any] | None) -> Award:
    if told is None:
        return award
    name, value = told
    return replace(award, ended_on=value) if name == "ended_on" else replace(award, facts={**award.facts, name: value})


def answers(found: Recognition) -> dict[str, str]:
    told = {f"requirement {each.id}": each.satisfied for each in found.requirements}
    words = {"open": "yes", "not_open": "no", "undetermined": "undetermined"}
    told |= {f"milestone {each.id}": words[each.status] for each in found.entitlements}
    return told | {"status": {"granted": "yes", "short": "no"}.get(found.status, found.status)}


@pytest.mark.parametrize("items", ["in-order", "best"])
@pytest.mark.parametrize(("most", "days"), [(2, False), (3, False), (5, False), (2, True)])
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_decided_holds_however_it_is_settled(
    seed: int, most: int, days: bool, items: str, decide: Make
) -> None:
    drawing = draw(seed, most=6)
    if items == "in-order" and any(cap.share_of == "counted" for cap in drawing.caps):
        pytest.skip("a share of what counts cannot be walked in order")
    pack = pack_of(drawing, seed)
    policy = replace(pack.choose, items=items)
    awards, questions = opened(drawing, seed, most, days=days)
    found = decide(awards, pack, policy=policy)
    assert complaints(found.to_json()) == []
    silent = decide(awards, pack, policy=policy, trace=False)
    assert answers(silent) == answers(found)
    settled = [answers(decide(each, pack, policy=policy, trace=False)) for each in settlements(awards, questions)]
    for name, told in answers(found).items():
        outcomes = {each[name] for each in settled}
        assert told == "undetermined" or outcomes == {told}, (name, told, outcomes)
