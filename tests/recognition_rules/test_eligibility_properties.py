"""Whatever the order of the list, with or without a trace, the same is decided, and the parts add up."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_rules.award import Award, Grade, Use
from recognition_rules.credits import Credits
from recognition_rules.judgement import Judgement
from recognition_rules.pack import Pack
from tests.recognition_rules.gates import MEMBERS, SCHEMES, gate

Make = Callable[..., Any]

RULES = (
    SCHEMES
    + MEMBERS
    + gate('{ no_earlier = { same = "achievement", within = { months = 6 } } }').replace('"gate"', '"wait"')
    + gate('{ any = [{ issuer = { self_or = "consortium" } }, { judged = { question = "fit", is = true } }] }')
    + """
[[validity]]
id = "life"
title = { en = "Life" }
limits = [{ years = 3 }, { carried = "valid_for" }]
evidence = { grade_at_least = { scheme = "us-letter", value = "A" } }
TERMS
[[compatibility]]
id = "band"
title = { en = "Band" }
same = "area"
keep = "largest"
TERMS
"""
)

DAYS = st.integers(0, 2400).map(lambda n: date.fromordinal(date(2020, 1, 1).toordinal() + n))
LIVES = st.sampled_from([{}, {"valid_for": "18 months"}, {"valid_for": "long"}])


@st.composite
def awards(draw: st.DrawFn) -> list[Award]:
    """Up to six awards that agree in this and that."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        day = draw(DAYS)
        grade = draw(st.sampled_from([None, "A", "B", "F", "P"]))
        award = Award(
            id=f"a{number}",
            issuer=draw(st.sampled_from(["home", "school", "college"])),
            amount=Credits(Fraction(draw(st.integers(1, 12)), 2), "kr-credit"),
            title={"en": f"Course {number}"},
            source="course",
            course_class="major",
            area=draw(st.sampled_from([None, "x", "y"])),
            achievement=draw(st.sampled_from([None, "k", "l"])),
            grade=None if grade is None else Grade("us-letter", grade),
            ended_on=day,
            awarded_on=draw(st.sampled_from([None, day])),
            facts=draw(LIVES),
        )
        found.append(award)
    return found


JUDGEMENTS = st.lists(
    st.builds(
        lambda award, answer, day: Judgement(question="fit", award=award, answer=answer, signer="dean", signed_on=day),
        st.sampled_from(["a0", "a1"]), st.booleans(), DAYS,
    ),
    max_size=3,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    submitted=awards(),
    judgements=JUDGEMENTS,
    institution=st.sampled_from([None, "home"]),
    taken=st.sampled_from([None, "1/2", "3"]),
    data=st.data(),
)
def test_the_order_of_the_list_and_the_trace_change_nothing(
    make_pack: Make,
    decide: Make,
    submitted: list[Award],
    judgements: list[Judgement],
    institution: str | None,
    taken: str | None,
    data: st.DataObject,
) -> None:
    pack: Pack = make_pack(RULES)
    used = [] if taken is None else [Use("a0", by="earlier", amount=Fraction(taken))]
    told = {"judgements": judgements, "institution": institution, "used": used}
    found = decide(submitted, pack, **told)
    assert decide(data.draw(st.permutations(submitted)), pack, **told).id == found.id
    silent = decide(submitted, pack, trace=False, **told)
    assert [each.reasons for each in silent.decisions] == [each.reasons for each in found.decisions]
    for decision in found.decisions:
        parts = sum((reason.amount for reason in decision.reasons), Fraction(0))
        assert decision.amount == decision.counted + decision.conditional + parts
