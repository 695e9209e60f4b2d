"""Awards that stand for courses of the target: named pairs, what is recorded, and what is left over."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.award import Award
from recognition_rules.errors import PackInvalid
from recognition_rules.judgement import Judgement
from recognition_rules.levels import Level
from recognition_rules.recognition import Recognition
from tests.recognition_rules.conftest import HEAD

Make = Callable[..., Any]


def course(name: str, credits_: object, more: str = "") -> str:
    return f'[[course]]\nid = "{name}"\ntitle = {{ en = "{name}" }}\ncredits = {credits_}\nclass = "major"\n{more}\n'


def match(name: str, body: str) -> str:
    return f'[[match]]\nid = "{name}"\ntitle = {{ en = "{name}" }}\n{body}\nTERMS\n'


COURIER = (
    course("parcels", 3)
    + course("logistics", 3)
    + course("service", 2)
    + match("R51", 'from = [{ certificate = "courier" }]\nto = ["parcels", "logistics", "service"]')
)


def recorded(found: Recognition) -> dict[str, str]:
    return {each.id: f"{each.satisfied} {each.recorded}" for each in found.courses}


def test_one_certificate_stands_for_three_courses(make_pack: Make, make_award: Make, decide: Make) -> None:
    found = decide([make_award("a", "6", facts={"certificate": "courier"})], make_pack(COURIER))
    assert found.decision("a").amount == 8
    assert found.totals["counted"] == 8
    assert recorded(found) == {"parcels": "yes 3", "logistics": "yes 3", "service": "yes 2"}
    parts = found.to_json()["decisions"][0]["parts"]
    assert [(part["course"], part["counted"]) for part in parts] == [
        ("parcels", "3"),
        ("logistics", "3"),
        ("service", "2"),
    ]


def test_an_award_without_an_articulation_has_no_parts(make_pack: Make, make_award: Make, decide: Make) -> None:
    found = decide([make_award("a")], make_pack(COURIER))
    assert "parts" not in found.to_json()["decisions"][0]
    assert "courses" not in found.to_json()
    assert found.totals["counted"] == 3


TWO_FOR_ONE = course("calculus", 4) + match(
    "pair", 'from = [{ achievement = "urn:m1" }, { achievement = "urn:m2" }]\nto = ["calculus"]\notherwise = "refused"'
)


def test_several_awards_together_stand_for_one_course(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(TWO_FOR_ONE)
    both = [make_award("a", "3", achievement="urn:m1"), make_award("b", "2", achievement="urn:m2")]
    found = decide(both, pack)
    assert [found.decision(name).counted for name in "ab"] == [Fraction(12, 5), Fraction(8, 5)]
    assert recorded(found) == {"calculus": "yes 4"}
    alone = decide(both[:1], pack).decision("a")
    assert (alone.status, alone.reasons[0].code) == ("not_counted", "NOT_WHOLE")


def test_a_companion_of_which_something_is_not_known_keeps_both_open(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    awards = [make_award("a", achievement="urn:m1"), make_award("b", achievement="urn:m2", course_class=None)]
    found = decide(awards, make_pack(TWO_FOR_ONE))
    assert [each.status for each in found.decisions] == ["undetermined", "undetermined"]


@pytest.mark.parametrize(
    ("given", "record", "counted", "short"),
    [
        ("4", "target", "3", "0"),
        ("8/3", "target", "3", "0"),
        ("4", "source", "4", "0"),
        ("8/3", "source", "8/3", "1/3"),
        ("4", "minimum", "3", "0"),
        ("8/3", "minimum", "8/3", "1/3"),
    ],
)
def test_whose_credits_are_recorded(
    make_pack: Make, make_award: Make, decide: Make, given: str, record: str, counted: str, short: str
) -> None:
    rules = course("maths", 3) + match(
        "m", f'from = [{{ achievement = "urn:m" }}]\nto = ["maths"]\nrecord = "{record}"'
    )
    found = decide([make_award("a", given, achievement="urn:m")], make_pack(rules))
    assert found.totals["counted"] == Fraction(counted)
    assert (found.courses[0].satisfied, found.courses[0].units_short) == ("yes", Fraction(short))


REQUIRE = 'require = { source_amount_at_least = "target", source_level_at_least = "target" }'


@pytest.mark.parametrize(
    ("given", "level", "status", "code"),
    [
        ("3", "6", "counted", None),
        ("2", "6", "not_counted", "SOURCE_SMALLER"),
        ("3", "5", "not_counted", "LEVEL_BELOW"),
        ("3", None, "undetermined", "FACT_MISSING"),
    ],
)
def test_the_source_is_as_large_and_as_high(
    make_pack: Make, make_award: Make, decide: Make, given: str, level: str | None, status: str, code: str | None
) -> None:
    rules = course("maths", 3, 'level = { framework = "eqf", value = 6 }')
    rules += match("m", f'from = [{{ achievement = "urn:m" }}]\nto = ["maths"]\n{REQUIRE}')
    own = Level("eqf", Fraction(level)) if level else None
    decision = decide([make_award("a", given, achievement="urn:m", level=own)], make_pack(rules)).decision("a")
    assert decision.status == status
    assert [reason.code for reason in decision.reasons] == ([code] if code else [])


def test_what_a_course_leaves_over_goes_where_it_is_said(make_pack: Make, make_award: Make, decide: Make) -> None:
    """R31: 3 semester units are 4.5 of the quarter; for a course of 4 the other half is an elective."""
    ratio = '[[ratio]]\nid = "r"\ntitle = { en = "r" }\nfrom = "us-semester"\nfactor = "3/2"\nTERMS\n'
    rules = ratio + course("maths", 4)
    rules += match("m", 'from = [{ achievement = "urn:m" }]\nto = ["maths"]\nsurplus_to = { class = "free" }')
    found = decide([make_award("a", "3", unit="us-semester", achievement="urn:m")], make_pack(rules))
    decision = found.decision("a")
    assert [(part.course, part.course_class, part.counted) for part in decision.parts] == [
        ("maths", "major", 4),
        (None, "free", Fraction(1, 2)),
    ]
    assert decision.amount == decision.counted == Fraction(9, 2)
    assert recorded(found) == {"maths": "yes 4"}


def test_units_short_are_told_apart_from_a_course_that_is_satisfied(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    """R30, W7: a quarter course of 4 units is 8/3; the course of 3 is satisfied and a third of a unit short."""
    ratio = '[[ratio]]\nid = "r"\ntitle = { en = "r" }\nfrom = "us-quarter"\nfactor = "2/3"\nTERMS\n'
    rules = ratio + course("maths", 3)
    rules += match("m", 'from = [{ achievement = "urn:m" }]\nto = ["maths"]\nrecord = "source"')
    found = decide([make_award("a", "4", unit="us-quarter", achievement="urn:m")], make_pack(rules))
    result = found.to_json()["courses"][0]
    assert (result["satisfied"], result["recorded"], result["units_short"]) == ("yes", "8/3", "1/3")


def test_a_named_pair_beats_the_conversion_of_its_unit(make_pack: Make, make_award: Make, decide: Make) -> None:
    rules = course("maths", 3) + match("m", 'from = [{ achievement = "urn:m" }]\nto = ["maths"]')
    awards = [make_award("a", "20", unit="uk-cats", achievement="urn:m"), make_award("b", "20", unit="uk-cats")]
    found = decide(awards, make_pack(rules))
    assert (found.decision("a").status, found.decision("a").counted) == ("counted", 3)
    assert found.decision("b").reasons[0].code == "UNIT_NOT_CONVERTIBLE"


LADDER = """
[[certificate_ladder]]
id = "x-levels"
title = { en = "Levels" }
same = "certificate"
level = "certificate_level"
order = ["primary", "intermediate", "advanced"]
TERMS
"""


def certificate(make_award: Make, name: str, level: str) -> Award:
    award: Award = make_award(name, facts={"certificate": "welder", "certificate_level": level})
    return award


def test_a_higher_certificate_supersedes_the_lower(make_pack: Make, make_award: Make, decide: Make) -> None:
    rules = (
        LADDER
        + course("welding", 5)
        + match(
            "w",
            'from = [{ certificate = "welder", level = { ladder = "x-levels", at_least = "intermediate" } }]\n'
            'to = ["welding"]',
        )
    )
    found = decide(
        [certificate(make_award, "low", "primary"), certificate(make_award, "high", "advanced")], make_pack(rules)
    )
    assert found.decision("high").counted == 5
    low = found.decision("low").reasons[0]
    assert (low.code, low.rule, low.facts["with"]) == ("DUPLICATE_OF", "x-levels", ["high"])
    alone = decide([certificate(make_award, "low", "primary")], make_pack(rules))
    assert (alone.decision("low").counted, alone.decision("low").parts) == (3, ())


BY_TITLE = course("a1", 3, 'achievements = ["urn:x"]') + course("b1", 3, 'achievements = ["urn:x", "urn:y"]')


def test_awards_are_put_so_that_as_many_courses_as_possible_are_satisfied(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    pack = make_pack(BY_TITLE + match("m", 'by = "achievement"'))
    x, y = make_award("x", achievement="urn:x"), make_award("y", achievement="urn:y")
    for awards in ([x, y], [y, x]):
        assert recorded(decide(awards, pack)) == {"a1": "yes 3", "b1": "yes 3"}
    third = make_award("z", achievement="urn:y")
    found = decide([x, y, third], pack)
    assert (found.decision("z").reasons[0].code, found.decision("z").reasons[0].facts["with"]) == (
        "DUPLICATE_OF",
        ["y"],
    )


def test_a_title_a_table_or_a_person_can_name_the_course(make_pack: Make, make_award: Make, decide: Make) -> None:
    title = make_pack(course("maths-1", 4) + match("m", 'by = "title-core"'))
    assert decide([make_award("a", title={"en": "Maths  1"})], title).decision("a").counted == 4
    rows = '[[table]]\nid = "t"\ntitle = { en = "t" }\nkeys = ["fact:code"]\ngives = ["course", "credits", "record"]\n'
    rows += 'rows = [{ id = "r1", "fact:code" = "M1", course = "maths-1", credits = "7/2", record = "target" }]\n'
    rows += 'otherwise = "as-stated"\nTERMS\n'
    found = decide([make_award("a", facts={"code": "M1"})], make_pack(course("maths-1", 4) + rows))
    assert found.decision("a").counted == Fraction(7, 2)
    assert next(step for step in found.steps if step.stage == "articulate").inputs["row"] == "r1"
    asked = make_pack(course("maths-1", 4) + match("m", 'by = "judgement"\notherwise = "refused"'))
    said = Judgement(
        question="matches", award="a", answer=True, signer="board", signed_on=date(2026, 1, 1), target="maths-1"
    )
    assert decide([make_award("a")], asked, judgements=[said]).decision("a").counted == 4
    assert decide([make_award("a")], asked).decision("a").status == "not_counted"


def test_dated_articulations_end(make_pack: Make, make_award: Make, decide: Make) -> None:
    ended = COURIER.replace(
        "TERMS", 'terms = [{ until = 2026-08-31, legal_basis = "x", source = "S0", confirmed = true }]'
    )
    award = make_award("a", "6", facts={"certificate": "courier"})
    assert decide([award], make_pack(ended), on=date(2026, 8, 31)).totals["counted"] == 8
    assert decide([award], make_pack(ended), on=date(2026, 9, 1)).totals["counted"] == 6


def test_a_learner_cannot_say_what_only_the_engine_says(make_pack: Make, make_award: Make, decide: Make) -> None:
    limit = '[[limit]]\nid = "l"\ntitle = { en = "l" }\nwhere = { course = ["parcels"] }\nat_most = 0\nTERMS\n'
    found = decide([make_award("a", facts={"target.course": "parcels"})], make_pack(COURIER + limit))
    assert found.decision("a").status == "counted"


def test_the_order_of_the_list_changes_nothing(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(TWO_FOR_ONE + COURIER.replace("R51", "R51b"))
    awards = [
        make_award("a", achievement="urn:m1"),
        make_award("b", achievement="urn:m2"),
        make_award("c", facts={"certificate": "courier"}),
        make_award("d", facts={"certificate": "courier"}),
    ]
    assert decide(awards, pack).to_json() == decide(awards[::-1], pack).to_json()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('to = ["parcels"]', "which awards it needs"),
        ('from = [{ }]\nto = ["parcels"]', "Say which award is needed"),
        ('from = [{ code = "x" }]\nto = ["nowhere"]', "'nowhere' is not one of"),
        ('from = [{ code = "x" }]\nby = "achievement"', "Only a named articulation lists its awards"),
        ('by = "guess"', "'by' must be one of"),
        ('from = [{ code = "x" }]\nto = ["parcels"]\nkind = "free"', "'kind' must be one of"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(make_pack: Make, body: str, sentence: str) -> None:
    with pytest.raises(PackInvalid, match=sentence):
        make_pack(course("parcels", 3) + match("m", body))


LIMIT = '[[limit]]\nid = "cap"\ntitle = { en = "cap" }\nwhere = { course = ["calculus"] }\nat_most = LEAST\nTERMS\n'
CAPPED = TWO_FOR_ONE + LIMIT


@pytest.mark.parametrize("items", ["in-order", "best"])
@pytest.mark.parametrize(("room", "counted"), [(4, 4), (3, 0)])
def test_awards_for_one_course_count_together_or_not(
    make_pack: Make, make_award: Make, decide: Make, items: str, room: int, counted: int
) -> None:
    head = HEAD.replace('items = "in-order"', f'items = "{items}"')
    pack = make_pack(CAPPED.replace("LEAST", str(room)), head=head)
    found = decide([make_award("a", "3", achievement="urn:m1"), make_award("b", "2", achievement="urn:m2")], pack)
    assert found.totals["counted"] == counted
    assert found.courses[0].satisfied == ("yes" if counted else "no")


@pytest.mark.parametrize("items", ["in-order", "best"])
def test_the_parts_of_one_award_find_room_one_by_one(
    make_pack: Make, make_award: Make, decide: Make, items: str
) -> None:
    """An award is no duplicate of itself; of 8 credits a cap of 6 leaves two courses."""
    twins = '[[equivalence]]\nid = "t"\ntitle = { en = "t" }\nkind = "exclusive"\nkey = "title-core"\n'
    twins += 'blocks = "counted"\nacross = "learner"\nTERMS\n'
    cap = '[[limit]]\nid = "cap"\ntitle = { en = "cap" }\nat_most = 6\nTERMS\n'
    head = HEAD.replace('items = "in-order"', f'items = "{items}"')
    pack = make_pack(COURIER + twins + cap, head=head)
    award = make_award("a", "6", facts={"certificate": "courier"})
    found = decide([award], pack, verify_counterfactuals=True)
    decision = found.decision("a")
    assert (decision.status, decision.amount) == ("partly", 8)
    assert sorted(part.counted for part in decision.parts) in ([0, 2, 3], [0, 3, 3])
    assert sum(reason.amount for reason in decision.reasons) == 8 - decision.counted
    assert {reason.code for reason in decision.reasons} == {"LIMIT_TOTAL"}
    assert decide([award], pack, trace=False).totals == found.totals
