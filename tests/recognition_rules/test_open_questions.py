"""Unknown is neither granted nor refused: an open question about one award may decide what another's credits meet."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.explain import explain
from recognition_rules.recognition import Recognition
from tests.recognition_rules.conftest import HEAD
from tests.recognition_rules.trace_checker import complaints

Make = Callable[..., Any]

GATE = """
[[eligibility]]
id = "passed"
title = { en = "Passed" }
require = { score_at_least = 60 }
TERMS
"""

YEAR = """
[[limit]]
id = "year-6"
title = { en = "Six credits a year" }
at_most = 6
per = { calendar = "year", date = "ended_on" }
TERMS
"""


def programme(*leaves: str) -> str:
    tree = ", ".join(leaves)
    return f'[[programme]]\nid = "degree"\ntitle = {{ en = "Degree" }}\nTERMS\nrequire.all = [{tree}]\n'


def needs(name: str, least: int, where: str = "") -> str:
    return f'{{ test = "{name}", title = {{ en = "{name}" }}, at_least = {least}{where} }}'


MAJOR = needs("major", 3, ', where = { class = ["major"] }')
TOTAL = needs("total", 6)


@pytest.fixture
def course(make_award: Make) -> Make:
    """A passed course of 3 credits that ended on the given day of June 2025."""

    def course(name: str, day: int, amount: str = "3", **fields: Any) -> Any:
        told = {"score": Fraction(80), "ended_on": date(2025, 6, day), **fields}
        return make_award(name, amount, **told)

    return course


def told(found: Recognition) -> dict[str, str]:
    assert complaints(found.to_json()) == []
    return {each.id: each.satisfied for each in found.requirements} | {"status": found.status}


def open_at(found: Recognition, requirement: str) -> Any:
    """What the step of a requirement names as open."""
    steps = [each for each in found.steps if each.stage == "requirements" and each.rule == requirement]
    return steps[-1].inputs.get("open")


def test_an_open_award_that_could_take_the_room_of_another_leaves_what_that_one_meets_undecided(
    make_pack: Make, decide: Make, course: Make
) -> None:
    pack = make_pack(GATE + YEAR, programme(MAJOR, TOTAL))
    awards = [course("a", 1, course_class="free"), course("b", 2, score=None, course_class="free"), course("c", 3)]
    found = decide(awards, pack)
    assert told(found) == {"major": "undetermined", "total": "yes", "status": "undetermined"}
    assert open_at(found, "major") == {"b": ["score"]}
    assert [(each.award, each.status) for each in found.decisions] == [
        ("a", "counted"), ("b", "undetermined"), ("c", "counted"),
    ]  # fmt: skip
    failed, passed = (
        decide([awards[0], replace(awards[1], score=Fraction(score)), awards[2]], pack) for score in (0, 60)
    )
    assert (failed.status, passed.status) == ("granted", "short")


def test_where_it_would_meet_what_the_other_one_meets_nothing_is_in_doubt(
    make_pack: Make, decide: Make, course: Make
) -> None:
    pack = make_pack(GATE + YEAR, programme(MAJOR, TOTAL))
    found = decide([course("a", 1, course_class="free"), course("b", 2, score=None), course("c", 3)], pack)
    assert told(found) == {"major": "yes", "total": "yes", "status": "granted"}
    assert open_at(found, "major") is None


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"ended_on": date(2025, 6, 4)}, "those before it have their room already"),
        ({"ended_on": date(2024, 6, 4)}, "another year has room of its own"),
    ],
)
def test_an_open_award_that_could_displace_nobody_leaves_all_decided(
    changes: dict[str, Any], because: str, make_pack: Make, decide: Make, course: Make
) -> None:
    pack = make_pack(GATE + YEAR, programme(MAJOR, TOTAL))
    last = course("b", 2, score=None, course_class="free", **changes)
    assert told(decide([course("a", 1, course_class="free"), course("c", 3), last], pack))["status"] == "granted", (
        because
    )


def test_what_is_surely_short_stays_short(make_pack: Make, decide: Make, course: Make) -> None:
    pack = make_pack(GATE + YEAR, programme(needs("total", 7)))
    found = decide([course("a", 1), course("b", 2, score=None), course("c", 3)], pack)
    assert told(found) == {"total": "no", "status": "short"}


def test_what_is_short_may_be_met_once_an_open_award_displaces_another(
    make_pack: Make, decide: Make, course: Make
) -> None:
    """b would push out the large c, and so make room for the major d."""
    pack = make_pack(GATE + YEAR, programme(MAJOR))
    awards = [course("b", 2, "1", score=None, course_class="free"), course("c", 3, "6", course_class="free")]
    found = decide([*awards, course("d", 4, "3")], pack)
    assert told(found) == {"major": "undetermined", "status": "undetermined"}
    assert decide([replace(awards[0], score=Fraction(60)), awards[1], course("d", 4)], pack).status == "granted"


def test_a_limit_that_may_contain_an_award_may_have_its_room_used_by_it(
    make_pack: Make, decide: Make, course: Make
) -> None:
    online = '[[limit]]\nid = "online-3"\ntitle = { en = "Online" }\nat_most = 3\nTERMS\n'
    online += 'where = { fact = { name = "online", among = [true] } }\n'
    pack = make_pack(online, programme(MAJOR))
    first = course("b", 2, course_class="free")
    found = decide([first, course("c", 3, facts={"online": True})], pack)
    assert told(found) == {"major": "undetermined", "status": "undetermined"}
    assert open_at(found, "major") == {"b": ["online"]}
    assert told(decide([first, course("c", 3, facts={"online": False})], pack))["status"] == "granted"


@pytest.mark.parametrize(("blocks", "status"), [("eligible", "undetermined"), ("counted", "undetermined")])
@pytest.mark.parametrize("items", ["in-order", "best"])
def test_an_open_twin_may_keep_the_other_out(
    blocks: str, status: str, items: str, make_pack: Make, decide: Make, course: Make
) -> None:
    twins = '[[equivalence]]\nid = "twins"\ntitle = { en = "Twins" }\nkind = "exclusive"\nkey = "achievement"\n'
    pack = make_pack(GATE + twins + f'blocks = "{blocks}"\nTERMS\n', programme(MAJOR), HEAD.replace("in-order", items))
    twin = course("b", 1, score=None, course_class="free", achievement="urn:x")
    found = decide([twin, course("c", 3, achievement="urn:x")], pack)
    expected = "granted" if (items, blocks) == ("best", "counted") else status
    assert told(found)["status"] == expected
    assert told(decide([twin, course("c", 3, achievement="urn:y")], pack))["status"] == "granted"


def test_of_many_open_awards_those_that_compete_are_named(make_pack: Make, decide: Make, course: Make) -> None:
    pack = make_pack(GATE + YEAR, programme(MAJOR))
    others = [course(f"b{n}", n, "1", score=None, course_class="free") for n in range(1, 6)]
    elsewhere = course("e", 1, score=None, ended_on=date(2023, 6, 1))
    found = decide([*others, elsewhere, course("c", 20, "3")], pack)
    assert told(found)["major"] == "undetermined"
    assert open_at(found, "major") == {each.id: ["score"] for each in others}
    assert told(decide([*others[:3], elsewhere, course("c", 20, "3")], pack))["major"] == "yes"


@pytest.mark.parametrize(("lacking", "unit"), [("ended_on", "kr-credit"), ("amount", "hour")])
def test_an_award_of_unknown_place_or_size_may_take_all_it_could(
    lacking: str, unit: str, make_pack: Make, decide: Make, course: Make
) -> None:
    """Here no answer can be tried: whoever competes with it is in doubt."""
    conversion = '[[ratio]]\nid = "hours"\ntitle = { en = "Hours" }\nfrom = "hour"\nfactor = "1/15"\nTERMS\n'
    conversion += 'where = { fact = { name = "taught", among = [true] } }\n'
    total = YEAR.replace("per = {", "# per = {")
    pack = make_pack(conversion + total, programme(MAJOR))
    size = {"amount": "60" if unit == "hour" else "4"}
    first = course("b", 1, size["amount"], unit=unit, course_class="free")
    first = replace(first, ended_on=None) if lacking == "ended_on" else first
    assert told(decide([first, course("c", 3, "3")], pack))["major"] == "undetermined"
    assert told(decide([first, course("c", 3, "3")], make_pack(conversion, programme(MAJOR))))["major"] == "yes"


def test_milestones_and_exits_are_in_doubt_as_the_requirements_are(make_pack: Make, decide: Make, course: Make) -> None:
    way = '[[exit]]\nid = "certificate"\ntitle = { en = "Certificate" }\nprogrammes = ["degree"]\ntotal = 4\nTERMS\n'
    way += f"[exit.require]\nall = [{needs('four', 4)}]\n"
    opens = '[[milestone]]\nid = "five"\ntitle = { en = "Five" }\nat_least = 5\nTERMS\n'
    pack = make_pack(GATE + YEAR + way + opens, programme(TOTAL))
    found = decide([course("b", 1, "3", score=None), course("c", 3, "6")], pack)
    assert told(found) == {"total": "undetermined", "status": "undetermined"}
    assert {each.id: each.status for each in found.exits} == {"certificate": "undetermined"}
    assert {each.id: each.status for each in found.entitlements} == {"five": "undetermined"}
    held = decide([course("b", 1, "3", score=None), course("c", 3, "6")], pack, held=["certificate", "five"])
    assert [each.status for each in (*held.exits, *held.entitlements)] == ["undetermined", "undetermined"]


def test_an_open_award_may_tip_which_group_counts(make_pack: Make, decide: Make, course: Make) -> None:
    rule = '[[compatibility]]\nid = "one-band"\ntitle = { en = "One band" }\nsame = "fact:band"\nkeep = "largest"\n'
    pack = make_pack(GATE + rule + "TERMS\n", programme(TOTAL))
    old = [course("a", 1, "6", facts={"band": "A"}), course("b", 2, "5", facts={"band": "B"})]
    found = decide([*old, course("c", 3, "2", score=None, facts={"band": "B"})], pack)
    assert told(found)["total"] == "yes"
    small = decide([*old, course("c", 3, "2", score=None, facts={"band": "B"})], make_pack(
        GATE + rule + "TERMS\n", programme(needs("band-a", 6, ', where = { fact = { name = "band", among = ["A"] } }'))
    ))  # fmt: skip
    assert told(small)["band-a"] == "undetermined"


def test_under_best_an_open_award_may_change_what_is_best_to_choose(
    make_pack: Make, decide: Make, course: Make
) -> None:
    """Of a major and a free award one has room; with another major, no matter in which year, the free one is better."""
    both = programme(MAJOR, needs("free", 3, ', where = { class = ["free"] }'))
    one = YEAR.replace("at_most = 6", "at_most = 3")
    pack = make_pack(GATE + one, both, HEAD.replace("in-order", "best"))
    awards = [course("a", 1), course("b", 2, course_class="free")]
    later = course("c", 1, score=None, ended_on=date(2024, 6, 1))
    assert told(decide(awards, pack))["status"] == "short"
    assert told(decide([*awards, later], pack)) == {
        "major": "yes", "free": "undetermined", "status": "undetermined",
    }  # fmt: skip


@pytest.mark.parametrize(("measure", "told"), [("credits", None), ("items", "items"), ("courses", "courses")])
def test_a_step_of_a_limit_says_what_it_counts_where_that_is_no_credits(
    measure: str, told: str | None, make_pack: Make, decide: Make, course: Make
) -> None:
    pack = make_pack(YEAR.replace("TERMS", f'measure = "{measure}"\nTERMS'))
    step = next(each for each in decide([course("a", 1)], pack).steps if each.rule == "year-6")
    assert step.inputs.get("measure") == told


def test_bulk_runs_and_any_order_of_the_awards_say_the_same(make_pack: Make, decide: Make, course: Make) -> None:
    pack = make_pack(GATE + YEAR, programme(MAJOR, TOTAL))
    awards = [course("a", 1, course_class="free"), course("b", 2, score=None, course_class="free"), course("c", 3)]
    found = decide(awards, pack)
    assert decide(awards[::-1], pack).to_json() == found.to_json()
    silent = decide(awards, pack, trace=False)
    assert (silent.status, silent.requirements) == (found.status, found.requirements)


def test_what_a_table_has_yet_to_answer_may_be_any_of_its_answers(make_pack: Make, decide: Make, course: Make) -> None:
    """The award calls itself a free one; the table may find a major."""
    table = '[[table]]\nid = "grid"\ntitle = { en = "Grid" }\nkeys = ["fact:code"]\ngives = ["class"]\nTERMS\n'
    table += (
        'rows = [{ id = "r1", "fact:code" = "M", class = "major" }, { id = "r2", "fact:code" = "F", class = "free" }]\n'
    )
    pack = make_pack(table, programme(MAJOR))
    found = decide([course("a", 1, course_class="free")], pack)
    assert told(found) == {"major": "undetermined", "status": "undetermined"}
    settled = [decide([course("a", 1, course_class="free", facts={"code": code})], pack).status for code in "MF"]
    assert settled == ["granted", "short"]


@pytest.mark.parametrize(("items", "status"), [("in-order", "not_counted"), ("best", "undetermined")])
def test_an_award_with_an_open_limit_is_not_refused_for_want_of_room_that_best_could_give_it(
    items: str, status: str, make_pack: Make, decide: Make, course: Make
) -> None:
    online = '[[limit]]\nid = "online-2"\ntitle = { en = "Online" }\nat_most = 2\nTERMS\n'
    online += 'where = { fact = { name = "online", among = [true] } }\n'
    one = YEAR.replace("at_most = 6", "at_most = 3")
    pack = make_pack(online + one, programme(MAJOR), HEAD.replace("in-order", items))
    first = course("a", 1, course_class="free", facts={"online": False})
    found = decide([first, course("b", 2)], pack)
    assert found.decision("b").status == status
    assert told(found)["status"] == ("short" if items == "in-order" else "undetermined")
    settled = decide([first, course("b", 2, facts={"online": False})], pack)
    assert settled.status == ("short" if items == "in-order" else "granted")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "? major: 3 of 3, not yet decided: it depends on b번 과목 (score)"),
        ("ko", "? major: 3 중 3, 미정; 다음에 달려 있음: b번 과목 (점수)"),
    ],
)
def test_the_reader_is_told_on_which_award_and_fact_a_requirement_hangs(
    language: str, line: str, make_pack: Make, decide: Make, course: Make
) -> None:
    pack = make_pack(GATE + YEAR, programme(MAJOR, TOTAL))
    awards = [course("a", 1, course_class="free"), course("b", 2, score=None, course_class="free"), course("c", 3)]
    assert line in explain(decide(awards, pack), language, pack=pack, awards=awards)
