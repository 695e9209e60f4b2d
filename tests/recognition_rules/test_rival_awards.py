"""Two awards that could stand for one course: the one that counts has it, whoever was put to it first."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from recognition_rules.award import Award
from recognition_rules.policy import Policy
from tests.recognition_rules.trace_checker import complaints

Make = Callable[..., Any]

COURSES = "".join(
    f'[[course]]\nid = "{name}"\ntitle = {{ en = "{name}" }}\ncredits = {size}\nclass = "major"\n'
    for name, size in (("a", 3), ("b", 3), ("c", 2))
)
BY_FACT = (
    '[[match]]\nid = "m"\ncode = "MATCH"\ntitle = { en = "m" }\nby = "fact:course"\notherwise = "refused"\nTERMS\n'
)
CAP = '[[limit]]\nid = "cap"\ncode = "CAP"\ntitle = { en = "cap" }\nwhere = { source = ["exam"] }\nat_most = 4\nTERMS\n'
EARLY, LATE = date(2024, 6, 20), date(2025, 6, 20)


@pytest.fixture
def stand(make_award: Make) -> Callable[..., Award]:
    """An award of 3 credits for a course, by examination unless told otherwise."""

    def make(name: str, course: str, **more: Any) -> Award:
        award: Award = make_award(name, "3", **{"source": "exam", "facts": {"course": course}, **more})
        return award

    return make


def test_an_award_without_room_does_not_keep_its_course_from_another(
    make_pack: Make, stand: Make, decide: Make
) -> None:
    """What is beyond a cap is studied afterwards, and that counts."""
    pack = make_pack(COURSES + BY_FACT + CAP)
    awards = [stand("x", "a", ended_on=EARLY), stand("y", "b", ended_on=EARLY)]
    studied = stand("z", "b", source="course", ended_on=LATE)
    for given in ([*awards, studied], [studied, *awards]):
        found = decide(given, pack)
        assert found.totals["counted"] == 6
        assert [each.code for each in found.decision("y").reasons] == ["LIMIT_TOTAL"]
        assert found.decision("z").status == "counted"
        assert {each.id: each.satisfied for each in found.courses} == {"a": "yes", "b": "yes"}


def test_where_it_has_room_the_other_is_the_duplicate(make_pack: Make, stand: Make, decide: Make) -> None:
    pack = make_pack(COURSES + BY_FACT + CAP)
    found = decide([stand("y", "b", ended_on=EARLY), stand("z", "b", source="course", ended_on=LATE)], pack)
    [reason] = found.decision("z").reasons
    assert (reason.code, reason.label, dict(reason.facts)) == ("DUPLICATE_OF", "MATCH", {"with": ["y"], "course": "b"})
    assert found.totals["counted"] == 3
    assert found.decision("z").counterfactual is not None


def test_best_leaves_the_capped_room_to_what_has_no_other(make_pack: Make, stand: Make, decide: Make) -> None:
    """In order x and y go before; chosen best, z takes b and leaves the cap to the course that only x has."""
    pack = make_pack(COURSES + BY_FACT + CAP)
    awards = [stand("x", "b", ended_on=EARLY), stand("y", "a", ended_on=LATE), stand("z", "b", source="course")]
    best = Policy("best", "best", ("ended_on", "award_id"), ("shortfall", "counted", "canonical"))
    assert decide(awards, pack).totals["counted"] == 3
    found = decide(awards, pack, policy=best)
    assert found.totals["counted"] == 6
    assert (found.decision("x").reasons[0].code, found.decision("x").reasons[0].facts["with"]) == (
        "DUPLICATE_OF",
        ["z"],
    )


EXAM = """
[[kind]]
id = "waits"
title = { en = "waits" }
credits_now = 0
condition = { passed_exam_of = "target" }
TERMS
"""


@pytest.mark.parametrize(("passed", "first"), [(True, "counted"), (False, "not_counted"), (None, "conditional")])
def test_a_failed_examination_frees_the_course(
    make_pack: Make, stand: Make, decide: Make, passed: bool | None, first: str
) -> None:
    waits = BY_FACT.replace('by = "fact:course"', 'by = "fact:course"\nwhere = { source = ["exam"] }\nkind = "waits"')
    plain = BY_FACT.replace('id = "m"', 'id = "n"').replace(
        'by = "fact:course"', 'by = "fact:course"\nwhere = { source = ["course"] }'
    )
    learner = {} if passed is None else {"passed_exam:a": passed}
    awards = [stand("x", "a", ended_on=EARLY), stand("z", "a", source="course", ended_on=LATE)]
    found = decide(awards, make_pack(COURSES + waits + plain + EXAM), learner=learner)
    assert found.decision("x").status == first
    assert found.decision("z").status == ("counted" if passed is False else "not_counted")


def test_a_course_passed_before_leaves_the_other_courses_to_the_certificate(
    make_pack: Make, make_award: Make, stand: Make, decide: Make
) -> None:
    pair = 'from = [{ certificate = "x" }]\nto = ["a", "b", "c"]'
    three = f'[[match]]\nid = "three"\ntitle = {{ en = "three" }}\n{pair}\nTERMS\n'
    certificate = make_award("k", "1", facts={"certificate": "x"}, ended_on=LATE)
    found = decide([certificate, stand("s", "b", ended_on=EARLY)], make_pack(COURSES + three + BY_FACT))
    assert (found.decision("s").counted, found.decision("k").counted, found.totals["counted"]) == (3, 5, 8)


def test_what_leaves_a_surplus_stays_a_duplicate_whole(make_pack: Make, make_award: Make, decide: Make) -> None:
    """The surplus of an award counts on its own, so it must not count where the award only repeats a course."""
    surplus = BY_FACT.replace('otherwise = "refused"', 'surplus_to = { class = "free" }\notherwise = "refused"')
    awards = [make_award(name, "4", facts={"course": "a"}) for name in "xy"]
    found = decide(awards, make_pack(COURSES + surplus))
    assert (found.totals["counted"], found.decision("y").counted) == (4, 0)
    assert complaints(found.to_json()) == []
    assert found.decision("y").reasons[0].code == "DUPLICATE_OF"
