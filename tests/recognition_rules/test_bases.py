"""What a share is a share of: the programme, the exit award, the source, what is registered, what counted."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.award import Award
from recognition_rules.errors import PackInvalid
from recognition_rules.input_errors import PolicyInvalid, UnknownExitAward
from recognition_rules.policy import Policy
from tests.recognition_rules import requirement_packs as packs

Make = Callable[..., Any]
OWN = 'where = { source = ["own"] }'


def limit(rest: str, more: str = "") -> str:
    return f'[[limit]]\nid = "cap"\ncode = "CAP"\ntitle = {{ en = "Cap" }}\n{rest}\nTERMS\n{more}'


def exits(**totals: int) -> str:
    return "".join(
        f'[[exit]]\nid = "{name}"\ntitle = {{ en = "{name}" }}\ntotal = {total}\nTERMS\n[exit.require]\n'
        f'all = [{{ test = "{name}-total", title = {{ en = "Total" }}, at_least = {total} }}]\n'
        for name, total in totals.items()
    )


@pytest.fixture
def some(make_award: Make) -> Callable[..., list[Award]]:
    """So many awards of a source, each of some credits."""

    def build(count: int, source: str, credits_: str = "3", **fields: Any) -> list[Award]:
        return [make_award(f"{source}{n}", credits_, "us-semester", source=source, **fields) for n in range(count)]

    return build


@pytest.mark.parametrize(
    ("total", "own", "needed", "satisfied"),
    [(120, 30, "30", "yes"), (136, 30, "34", "no"), (136, 34, "34", "yes"), (138, 34, "69/2", "no")],
)
def test_a_quarter_is_of_this_programme_and_never_rounded(
    make_pack: Make, some: Make, decide: Make, total: int, own: int, needed: str, satisfied: str
) -> None:
    """R41: 30 hours were a quarter until degrees grew to 136."""
    tree = packs.test("residency", f'{OWN}, at_least = {{ share = "25%", of = "programme.total" }}')
    pack = make_pack("", packs.programme(tree, f"total = {total}"), packs.HEAD)
    found = decide(some(own, "own", "1"), pack)
    residency = found.requirement("residency")
    assert (str(residency.needed), residency.satisfied) == (needed, satisfied)
    step = next(step for step in found.steps if step.rule == "residency")
    assert step.arithmetic is not None and step.arithmetic.startswith(f"0.25 × {total} = ")
    assert step.result == ("satisfied" if satisfied == "yes" else "MIN_SHARE")


RESIDENCY = 'where = { all = [{ issuer = "self" }, { not = { excluded_from = ["residency"] } }] }, '
RESIDENCY += 'at_least = { share = "25%", of = "programme.total" }'
EXAMS = (
    '[[outcome]]\nid = "exams"\ntitle = { en = "Exams" }\nwhere = { source = ["exam"] }\n'
    'excluded_from = ["residency"]\nTERMS\n'
)


@pytest.mark.parametrize(("courses", "exams", "satisfied"), [(10, 0, "yes"), (9, 1, "no"), (9, 30, "no")])
def test_an_examination_of_the_own_institution_is_no_residency(
    make_pack: Make, some: Make, decide: Make, courses: int, exams: int, satisfied: str
) -> None:
    """R41 with R47: own credits, of which those of examinations are excluded from residency."""
    pack = make_pack(EXAMS, packs.programme(packs.test("residency", RESIDENCY)), packs.HEAD)
    awards = some(courses, "own", issuer="here") + some(exams, "exam", issuer="here") + some(20, "transfer")
    assert decide(awards, pack, institution="here").requirement("residency").satisfied == satisfied


def test_whose_own_credits_are_is_not_known_without_the_institution(make_pack: Make, some: Make, decide: Make) -> None:
    pack = make_pack(EXAMS, packs.programme(packs.test("residency", RESIDENCY)), packs.HEAD)
    assert decide(some(10, "own", issuer="here"), pack).requirement("residency").satisfied == "undetermined"


@pytest.mark.parametrize(("own", "satisfied"), [(12, "yes"), (9, "no")])
def test_half_of_the_business_credits_are_own(
    make_pack: Make, some: Make, decide: Make, own: int, satisfied: str
) -> None:
    """R42: of the business credits that counted, not of all credits."""
    rest = 'at_least = { share = "50%", of = "counted", where = { class = ["business"] } }'
    tree = packs.test("business", f'where = {{ source = ["own"], class = ["business"] }}, {rest}')
    pack = make_pack("", packs.programme(tree), packs.HEAD)
    awards = some(own // 3, "own", course_class="business") + some(4, "transfer", course_class="business")
    found = decide(awards + some(9, "rpl", course_class="free"), pack)
    assert found.requirement("business").satisfied == satisfied


def test_a_share_of_what_counted_hangs_on_what_may_still_count(make_pack: Make, some: Make, decide: Make) -> None:
    gate = '[[eligibility]]\nid = "mark"\ntitle = { en = "Mark" }\nwhen = { source = ["transfer"] }\nTERMS\n'
    gate += "[eligibility.require]\nscore_at_least = 50\n"
    tree = packs.test("half", f'{OWN}, at_least = {{ share = "50%", of = "counted" }}')
    pack = make_pack(gate, packs.programme(tree), packs.HEAD)
    assert decide(some(4, "own"), pack).requirement("half").satisfied == "yes"
    open_ = some(4, "own") + some(5, "transfer")
    assert decide(open_, pack).requirement("half").satisfied == "undetermined", "5 of them could be 15 to 12"
    harmless = some(4, "own") + some(4, "transfer")
    assert decide(harmless, pack).requirement("half").satisfied == "yes"


@pytest.mark.parametrize(("courses", "online"), [(5, 2), (6, 2), (7, 2), (8, 3), (10, 4)])
def test_forty_percent_of_the_courses_of_a_semester_are_online(
    make_pack: Make, some: Make, decide: Make, courses: int, online: int
) -> None:
    """R15: 6 courses give 2.4, so 2; the base is the number of courses registered, online ones among them."""
    cap = limit(
        'where = { source = ["online"] }\nmeasure = "courses"\nat_most = { share = "40%", of = "registered" }\n'
        'round = "floor"\nper = { calendar = "semester" }'
    )
    pack = make_pack(cap, packs.programme(packs.TOTAL), packs.HEAD)
    every = some(courses - courses // 2, "own") + some(courses // 2, "online")
    elsewhere = some(30, "transfer", ended_on=date(2025, 12, 1))
    found = decide(every + elsewhere, pack)
    counted = [each.award for each in found.decisions if each.award.startswith("online") and each.counted]
    assert len(counted) == min(online, courses // 2)
    if courses // 2 > online:
        refused = next(each for each in found.decisions if each.status == "not_counted")
        assert (refused.reasons[0].code, refused.reasons[0].facts["limit"]) == ("LIMIT_COUNT", str(online))


RPL = limit('where = { source = ["rpl"] }\nat_most = { share = "2/3", of = "exit_award.total" }')
LADDER = exits(certificate=60, diploma=120, master=180)


@pytest.mark.parametrize(("exit_award", "counted"), [("certificate", 40), ("diploma", 80), ("master", 120)])
def test_two_thirds_are_of_the_exit_award_that_is_chosen(
    make_pack: Make, some: Make, decide: Make, exit_award: str, counted: int
) -> None:
    """R37: 40 of 60, 80 of 120, 120 of 180; who changes the exit award gets another answer."""
    pack = make_pack(RPL + LADDER, packs.programme(packs.TOTAL, "total = 180"), packs.HEAD)
    found = decide(some(18, "rpl", "10"), pack, exit_award=exit_award)
    assert found.totals["counted"] == counted
    assert [step.arithmetic for step in found.steps if step.stage == "limits"] == [
        f"2/3 × {counted * 3 // 2} = {counted}"
    ]


def test_an_exit_award_that_nobody_has_chosen_leaves_it_open(make_pack: Make, some: Make, decide: Make) -> None:
    pack = make_pack(RPL + LADDER, packs.programme(packs.TOTAL, "total = 180"), packs.HEAD)
    found = decide(some(5, "rpl", "10"), pack)
    assert {each.status for each in found.decisions} == {"undetermined"}
    assert found.decision("rpl0").reasons[0].facts == {"fact": "exit_award"}
    assert decide(some(4, "rpl", "10"), pack).totals["counted"] == 40, "it fits whatever is chosen"


BY_AWARD = limit(
    'where = { source = ["rpl"] }\n'
    'table = { key = "exit_award", degree = 120, certificate = 30, diploma = 60, master = 60 }'
)


@pytest.mark.parametrize(("exit_award", "counted"), [("certificate", 30), ("diploma", 60), ("degree", 120)])
def test_a_table_by_exit_award_bounds_what_is_sought(
    make_pack: Make, some: Make, decide: Make, exit_award: str, counted: int
) -> None:
    pack = make_pack(BY_AWARD + LADDER, packs.programme(packs.TOTAL, "total = 180"), packs.HEAD)
    assert decide(some(13, "rpl", "10"), pack, exit_award=exit_award).totals["counted"] == counted


def test_a_table_by_exit_award_stays_open_only_where_the_choice_matters(
    make_pack: Make, some: Make, decide: Make
) -> None:
    pack = make_pack(BY_AWARD + LADDER, packs.programme(packs.TOTAL, "total = 180"), packs.HEAD)
    assert decide(some(3, "rpl", "10"), pack).totals["counted"] == 30, "it fits whatever is chosen"
    found = decide(some(4, "rpl", "10"), pack)
    assert found.decision("rpl0").reasons[0].facts == {"fact": "exit_award"}
    alone = make_pack(
        BY_AWARD.replace("certificate = 30, diploma = 60, master = 60", "otherwise = 1"),
        packs.programme(packs.TOTAL, "total = 180"),
        packs.HEAD,
    )
    assert decide(some(13, "rpl", "10"), alone).totals["counted"] == 120, "there is nothing to choose"


def test_an_exit_award_that_there_is_not_is_an_error(make_pack: Make, decide: Make) -> None:
    pack = make_pack(LADDER, packs.programme(packs.TOTAL), packs.HEAD)
    with pytest.raises(UnknownExitAward) as error:
        decide([], pack, exit_award="doctor")
    assert error.value.facts["known"] == "certificate, diploma, master"


STATUS = "where = { fact = { name = \"source_status\", among = ['incomplete'] } }\n"
INCOMPLETE = limit(STATUS + 'at_most = { share = "50%", of = "source.total" }\nper = { key = "fact:qualification" }')


def test_half_of_an_incomplete_qualification_counts_by_its_own_total(make_pack: Make, some: Make, decide: Make) -> None:
    """R43: a diploma of 240 that was left brings 120 at most, another of 60 brings 30; the completed one is free."""
    pack = make_pack(INCOMPLETE, packs.programme(packs.TOTAL), packs.HEAD)
    left = {"source_status": "incomplete", "qualification": "d1", "source_total": 240}
    other = {**left, "qualification": "d2", "source_total": "60"}
    done = {"source_status": "complete", "qualification": "d3"}
    awards = some(13, "transfer", "10", facts=left) + some(4, "rpl", "10", facts=other)
    found = decide(awards + some(20, "own", "10", facts=done), pack)
    by_source = {
        name: sum(each.counted for each in found.decisions if each.award.startswith(name))
        for name in ("transfer", "rpl", "own")
    }
    assert by_source == {"transfer": 120, "rpl": 30, "own": 200}


def test_a_source_that_does_not_say_its_total_or_says_two_leaves_it_open(
    make_pack: Make, some: Make, decide: Make
) -> None:
    pack = make_pack(INCOMPLETE, packs.programme(packs.TOTAL), packs.HEAD)
    left = {"source_status": "incomplete", "qualification": "d1"}
    silent = decide(some(1, "transfer", facts=left), pack)
    assert silent.decision("transfer0").reasons[0].facts == {"fact": "source_total"}
    two = some(1, "transfer", facts={**left, "source_total": 240}) + some(1, "rpl", facts={**left, "source_total": 60})
    assert decide(two, pack).totals["undetermined"] == 6


def test_course_and_exam_share_one_cap_in_each_area(make_pack: Make, some: Make, decide: Make) -> None:
    """R48: at most 10 of each area, whichever way they were earned; with a reason and a code of its own."""
    cap = limit('where = { source = ["transfer", "exam"] }\nat_most = 10\nper = { key = "area" }')
    pack = make_pack(cap, packs.programme(packs.TOTAL), packs.HEAD)
    awards = some(2, "transfer", "4", area="arts") + some(2, "exam", "4", area="arts") + some(2, "own", area="arts")
    found = decide(awards + some(2, "rpl", area="maths"), pack)
    assert found.decision("exam0").status == "counted"
    assert found.decision("transfer1").reasons[0].code == "LIMIT_AREA"
    assert found.totals["counted"] == 8 + 6 + 6


TABLES = [
    ('table = { key = "area", arts = 3, otherwise = 6 }\nper = { key = "area" }', 3 + 6),
    ('table = { key = "area", arts = 3 }\nper = { key = "area" }', 3 + 12),
    ('table = { key = "class", free = 0 }\nper = { key = "class" }', 12),
    ('table = { key = "fact:status", part = 3 }\nper = { key = "fact:status" }', 3 + 12),
    ('table = { key = "award", degree = 15 }', 15),
    ('table = { key = "award", of = "programme.total", degree = "10%" }', 12),
    ('at_most = 3\nper = { calendar = "semester", key = "area" }', 3 + 3 + 3),
    ('at_most = 6\nper = { calendar = "semester", date = "awarded_on" }', 6 + 6),
]


@pytest.mark.parametrize(("rest", "counted"), TABLES)
def test_bounds_stand_in_tables_and_hold_in_each_group(
    make_pack: Make, some: Make, decide: Make, rest: str, counted: int
) -> None:
    pack = make_pack(limit(rest), packs.programme(packs.TOTAL), packs.HEAD)
    arts = some(4, "own", area="arts", course_class="free", facts={"status": "part"}, awarded_on=date(2025, 10, 1))
    maths = some(2, "exam", area="maths", facts={"status": "full"}, awarded_on=date(2025, 6, 1))
    later = some(
        2, "rpl", area="maths", facts={"status": "full"}, ended_on=date(2025, 12, 1), awarded_on=date(2025, 6, 1)
    )
    assert decide(arts + maths + later, pack).totals["counted"] == counted


def test_the_day_of_enrolment_may_pick_the_terms_of_a_limit(make_pack: Make, some: Make, decide: Make) -> None:
    cap = """[[limit]]
id = "cap"
title = { en = "Cap" }
selector = "enrolment"
at_most = 3
terms = [
  { until = 2019-12-31, value = 6, legal_basis = "old", source = "S0", confirmed = true },
  { from = 2020-01-01, value = 9, legal_basis = "new", source = "S0", confirmed = true },
]
"""
    pack = make_pack(cap, packs.programme(packs.TOTAL), packs.HEAD)
    old = decide(some(4, "own"), pack, learner={"enrolled_on": date(2019, 12, 31)})
    assert old.totals["counted"] == 6
    assert decide(some(4, "own"), pack, learner={"enrolled_on": date(2020, 1, 1)}).totals["counted"] == 9
    unknown = decide(some(4, "own"), pack)
    assert unknown.decision("own0").reasons[0].facts == {"fact": "enrolled_on"}


COUNTED = 'where = { source = ["online"] }\nat_most = { share = "20%", of = "counted" }'


def test_a_limit_on_a_share_of_what_counts_needs_the_best_choice(make_pack: Make, some: Make, decide: Make) -> None:
    with pytest.raises(PackInvalid, match="best"):
        make_pack(limit(COUNTED), packs.programme(packs.TOTAL), packs.HEAD)
    pack = make_pack(limit(COUNTED), packs.programme(packs.TOTAL), packs.BEST)
    found = decide(some(8, "own") + some(4, "online"), pack)
    assert found.totals["counted"] == Fraction(30), "6 of 30 are a fifth"
    in_order = Policy("in-order", "best", ("award_id",), ("shortfall", "counted", "canonical"))
    with pytest.raises(PolicyInvalid):
        decide(some(1, "own"), pack, policy=in_order)


BROKEN = [
    ('table = { key = "area", arts = 3 }', "per"),
    ('table = { key = "award", master = 3 }', "programme 'master'"),
    ('table = { key = "exit_award", doctor = 3 }', "exit award 'doctor'"),
    ('table = { key = "source", radio = 3 }\nper = { key = "source" }', "source 'radio'"),
    ('table = { key = "award" }', "at least one programme"),
    ('at_most = { share = "50%", of = "source.total" }', "qualification"),
    ('at_most = { share = "50%", of = "programme.minor" }', "one of"),
    ('at_most = { share = "50%", of = "programme.total", where = { source = ["own"] } }', "total of its own"),
    ('at_most = 3\nper = { date = "ended_on" }', "calendar"),
    ('at_most = 3\nround = "up"', "one of"),
    ('at_most = 3\nreason = "EXPIRED"', "one of"),
]


@pytest.mark.parametrize(("rest", "word"), BROKEN)
def test_a_limit_that_cannot_be_read_is_refused_with_a_sentence(make_pack: Make, rest: str, word: str) -> None:
    with pytest.raises(PackInvalid, match=word):
        make_pack(limit(rest), packs.programme(packs.TOTAL), packs.HEAD)


OTHER = """
[[programme]]
id = "without-a-total"
title = { en = "No total" }
TERMS
require.all = [{ slot = "rest", title = { en = "Rest" }, rest = true }]
"""


def test_a_limit_kept_to_some_programmes_needs_a_base_of_those_only(make_pack: Make, some: Make, decide: Make) -> None:
    tree = packs.programme(packs.test("total", "at_least = 20"), "total = 20")
    share = 'where = { source = ["own"] }\nat_most = { share = "30%", of = "programme.total" }'
    kept = make_pack(limit(f'{share}\nprogrammes = ["degree"]'), tree + OTHER, packs.HEAD)
    assert decide(some(3, "own"), kept).totals["counted"] == 6
    with pytest.raises(PackInvalid, match="'of' must be one of"):
        make_pack(limit(share), tree + OTHER, packs.HEAD)
