"""Minimum grants: what must be given at least, and which rules that beats (R45)."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.errors import PackInvalid
from tests.recognition_rules.trace_checker import complaints

Make = Callable[..., Any]

GATE = '[[eligibility]]\nid = "score"\ntitle = { en = "score" }\nrequire = { score_at_least = 60 }\nTERMS\n'
CAP = '[[limit]]\nid = "cap"\ncode = "CAP"\ntitle = { en = "cap" }\nat_most = 4\nTERMS\n'
TWINS = (
    '[[equivalence]]\nid = "twins"\ntitle = { en = "twins" }\nkind = "exclusive"\nkey = "title-core"\n'
    'blocks = "counted"\nacross = "learner"\nTERMS\n'
)


def floor(body: str) -> str:
    return f'[[floor]]\nid = "minimum"\ntitle = {{ en = "Minimum" }}\nwhere = {{ source = ["exam"] }}\n{body}\nTERMS\n'


@pytest.mark.parametrize(("given", "counted"), [("2", 3), ("3", 3), ("4", 4)])
def test_at_least_so_much_is_granted(make_pack: Make, make_award: Make, decide: Make, given: str, counted: int) -> None:
    found = decide([make_award("a", given, source="exam"), make_award("b", "2")], make_pack(floor("at_least = 3")))
    assert (found.decision("a").counted, found.decision("b").counted) == (counted, 2)


@pytest.mark.parametrize(
    ("fact", "status", "counted"),
    [
        (3, "counted", 3),
        ("5/2", "counted", Fraction(5, 2)),
        (1, "counted", 2),
        (None, "undetermined", 0),
        (True, "undetermined", 0),
    ],
)
def test_each_award_may_name_its_own_minimum(
    make_pack: Make, make_award: Make, decide: Make, fact: Any, status: str, counted: Fraction
) -> None:
    """R45: an official list says how much each examination is worth at least."""
    pack = make_pack(floor('at_least = { fact = "listed_minimum" }'))
    facts = {} if fact is None else {"listed_minimum": fact}
    found = decide([make_award("a", "2", source="exam", facts=facts), make_award("b", "2")], pack)
    decision = found.decision("a")
    assert (decision.status, decision.counted, found.decision("b").counted) == (status, counted, 2)
    if status == "undetermined":
        assert [(each.code, each.facts["fact"]) for each in decision.reasons] == [("FACT_MISSING", "listed_minimum")]


COURSES = "".join(
    f'[[course]]\nid = "{name}"\ntitle = {{ en = "{name}" }}\ncredits = {size}\nclass = "{kind}"\n'
    for name, size, kind in (("law", 1, "major"), ("ethics", 2, "free"))
)
MATCH = '[[match]]\nid = "both"\ntitle = { en = "both" }\nfrom = [{ issuer = "school" }]\nTERMS\n'


@pytest.mark.parametrize(
    ("to", "minimum", "parts"),
    [
        ('["law"]', 1, ["1"]),
        ('["law"]', 4, ["4"]),
        ('["law", "ethics"]', 3, ["1", "2"]),
        ('["law", "ethics"]', 4, ["4/3", "8/3"]),
        ('["law", "ethics"]', 6, ["2", "4"]),
    ],
)
def test_an_award_in_parts_is_granted_its_minimum_in_all(
    to: str, minimum: int, parts: list[str], make_pack: Make, make_award: Make, decide: Make
) -> None:
    rules = COURSES + MATCH.replace("TERMS", f"to = {to}\nTERMS") + floor(f"at_least = {minimum}")
    found = decide([make_award("a", "1", source="exam")], make_pack(rules))
    assert [part["counted"] for part in found.to_json()["decisions"][0]["parts"]] == parts
    assert complaints(found.to_json()) == []
    raised = [step.arithmetic for step in found.steps if step.rule == "minimum"]
    assert len(raised) == (0 if minimum in (1, 3) else len(parts))


def test_a_part_that_the_minimum_is_not_about_keeps_what_it_records(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    rules = COURSES + MATCH.replace("TERMS", 'to = ["law", "ethics"]\nTERMS')
    rules += floor("at_least = 5").replace('where = { source = ["exam"] }', 'where = { class = ["major"] }')
    found = decide([make_award("a", "1", source="exam")], make_pack(rules))
    assert [part["counted"] for part in found.to_json()["decisions"][0]["parts"]] == ["3", "2"]


def test_a_part_whose_course_is_taken_gets_nothing_of_the_minimum(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    other = (
        '[[match]]\nid = "own"\ntitle = { en = "own" }\nfrom = [{ issuer = "first" }]\nto = ["law", "ethics"]\nTERMS\n'
    )
    rules = COURSES + other + MATCH.replace("TERMS", 'to = ["law"]\nTERMS') + floor("at_least = 5")
    awards = [make_award("a", "1", source="course", issuer="first"), make_award("b", "1", source="exam")]
    found = decide(awards, make_pack(rules))
    assert (found.decision("a").counted, found.decision("b").status) == (3, "not_counted")


@pytest.mark.parametrize(("least", "status"), [(1, "undetermined"), (2, "undetermined"), (4, "counted")])
def test_what_may_be_more_than_the_minimum_stays_open(
    least: int, status: str, make_pack: Make, make_award: Make, decide: Make
) -> None:
    """Sixty hours are 3 or 4 credits, as long as it is not known whether they were taught."""
    ratios = "".join(
        f'[[ratio]]\nid = "r{n}"\ntitle = {{ en = "ratio" }}\nfrom = "hour"\nfactor = "1/{n}"\n'
        f'where = {{ fact = {{ name = "taught", among = [{word}] }} }}\nTERMS\n'
        for n, word in ((15, "true"), (20, "false"))
    )
    found = decide(
        [make_award("a", "60", unit="hour", source="exam")], make_pack(ratios + floor(f"at_least = {least}"))
    )
    assert found.decision("a").status == status


def test_the_trace_tells_what_was_raised(make_pack: Make, make_award: Make, decide: Make) -> None:
    found = decide([make_award("a", "2", source="exam")], make_pack(floor("at_least = 3")))
    step = next(each for each in found.steps if each.rule == "minimum")
    assert (step.result, step.arithmetic) == ("raised", "at least 3 instead of 2")


def test_a_minimum_holds_where_a_unit_cannot_be_converted(make_pack: Make, make_award: Make, decide: Make) -> None:
    award = make_award("a", "2", unit="us-ceu", source="exam")
    assert decide([award], make_pack(floor("at_least = 3"))).decision("a").counted == 3


def test_it_beats_the_gate_it_names_and_no_other(make_pack: Make, make_award: Make, decide: Make) -> None:
    other = GATE.replace('"score"', '"grade"').replace("score_at_least = 60", "attendance_at_least = '80%'")
    pack = make_pack(GATE + other + floor('beats = ["score"]'))
    good = {"source": "exam", "score": Fraction(50)}
    assert decide([make_award("a", attendance=Fraction(1), **good)], pack).decision("a").status == "counted"
    absent = decide([make_award("a", attendance=Fraction(1, 2), **good)], pack).decision("a")
    assert [each.rule for each in absent.reasons] == ["grade"]
    course = decide([make_award("a", score=Fraction(50), attendance=Fraction(1))], pack).decision("a")
    assert [each.rule for each in course.reasons] == ["score"]


def test_it_beats_a_cap_only_where_it_says_so(make_pack: Make, make_award: Make, decide: Make) -> None:
    awards = [make_award(name, source="exam") for name in "ab"]
    assert decide(awards, make_pack(CAP + floor("at_least = 1"))).totals["counted"] == 3
    assert decide(awards, make_pack(CAP + floor('beats = ["cap"]'))).totals["counted"] == 6


def test_a_duplicate_is_never_granted(make_pack: Make, make_award: Make, decide: Make) -> None:
    awards = [make_award(name, source="exam", title={"en": "Same"}) for name in "ab"]
    found = decide(awards, make_pack(CAP + TWINS + floor('at_least = 3\nbeats = ["cap"]\nunless = "duplicate"')))
    assert found.decision("b").reasons[0].code == "DUPLICATE_OF"
    with pytest.raises(PackInvalid, match="'twins' is no \\[\\[eligibility\\]\\] or \\[\\[limit\\]\\]"):
        make_pack(TWINS + floor('beats = ["twins"]'))


def test_a_minimum_says_something(make_pack: Make) -> None:
    with pytest.raises(PackInvalid, match="says how much"):
        make_pack(floor(""))
