"""Unknown is neither yes nor no: whatever is decided while facts are missing stays so, however they are settled."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_rules.award import Award
from recognition_rules.credits import Credits
from recognition_rules.pack import Pack

Make = Callable[..., Any]
Facts = dict[str, bool | int | str]

NAMES = ("f1", "f2")
ATOMS = [
    '{ fact = { name = "f1", among = [true] } }',
    '{ fact = { name = "f2", among = [true] } }',
    "{ score_at_least = 60 }",
    '{ source = ["course"] }',
    '{ no_other = { same = "achievement", where = { fact = { name = "f1", among = [false] } } } }',
    '{ has_other = { same = "achievement", where = { fact = { name = "f2", among = [true] } } } }',
]
SETTLED: list[Facts] = [{}, {"f1": True}, {"f1": False}, {"f2": True}, {"f1": False, "f2": True}]

conditions = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"{{ all = [{', '.join(parts)}] }}"),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"{{ any = [{', '.join(parts)}] }}"),
        inner.map(lambda part: f"{{ not = {part} }}"),
    ),
    max_leaves=5,
)
awards = st.lists(
    st.tuples(st.sampled_from(SETTLED), st.sampled_from([None, 59, 60]), st.sampled_from(["urn:1", "urn:2"])),
    min_size=1,
    max_size=3,
)


def award(number: int, facts: Facts, score: int | None, achievement: str) -> Award:
    return Award(
        id=f"a{number}",
        issuer="school",
        amount=Credits(Fraction(3), "kr-credit"),
        title={"ko": f"{number}번 과목"},
        source="course",
        course_class="major",
        ended_on=date(2025, 6, 20),
        achievement=achievement,
        score=None if score is None else Fraction(score),
        facts=facts,
    )


def settlements(facts: Facts, score: int | None) -> list[tuple[Facts, int]]:
    """Every way in which what is missing may turn out."""
    ways = product(*([facts[name]] if name in facts else [True, False] for name in NAMES))
    scores = [59, 60] if score is None else [score]
    return [(dict(zip(NAMES, way, strict=True)), each) for way in ways for each in scores]


@settings(max_examples=60, deadline=None)
@given(conditions, awards)
def test_what_is_decided_stays_so_however_the_unknown_is_settled(
    make_pack: Make, decide: Make, condition: str, given_awards: list[tuple[Facts, int | None, str]]
) -> None:
    rule = f'[[eligibility]]\nid = "gate"\ntitle = {{ en = "Gate" }}\nrequire = {condition}\nTERMS\n'
    pack: Pack = make_pack(rule, PROGRAMME)
    open_answer = decide([award(n, *each) for n, each in enumerate(given_awards)], pack)
    ways = product(*(settlements(facts, score) for facts, score, _ in given_awards))
    for way in list(ways)[:64]:
        known = [award(n, facts, score, given_awards[n][2]) for n, (facts, score) in enumerate(way)]
        settled = decide(known, pack)
        for decision in open_answer.decisions:
            if decision.status != "undetermined":
                assert settled.decision(decision.award).status == decision.status, way
        wanted = open_answer.requirement("total").satisfied
        assert wanted == "undetermined" or settled.requirement("total").satisfied == wanted, way
        assert not any(decision.status == "undetermined" for decision in settled.decisions)


PROGRAMME = """
[[programme]]
id = "degree"
title = { en = "Degree" }
TERMS
require.all = [{ test = "total", title = { en = "Total" }, at_least = 6 }]
"""
