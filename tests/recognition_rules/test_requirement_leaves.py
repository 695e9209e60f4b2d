"""The leaves of a tree: minima at a level (R34), lists of subjects and courses, surplus of slots, counts; all codes."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.award import Award
from recognition_rules.errors import PackInvalid
from recognition_rules.levels import Level
from recognition_rules.recognition import Recognition
from tests.recognition_rules import requirement_packs as packs

Make = Callable[..., Any]


@pytest.fixture
def course(make_award: Make) -> Callable[..., Award]:
    def build(name: str, credits_: str, level: int | None = None, **fields: Any) -> Award:
        told = None if level is None else Level("rqf", Fraction(level))
        award: Award = make_award(name, credits_, "us-semester", **{"source": "own", "level": told, **fields})
        return award

    return build


@pytest.fixture
def audit(make_pack: Make, decide: Make) -> Callable[..., Recognition]:
    """The awards against a tree of these lines."""

    def run(awards: list[Award], *lines: str, rules: str = "", **named: Any) -> Recognition:
        pack = make_pack(rules, packs.programme("".join(lines), "total = 120, level = 90"), packs.HEAD)
        found: Recognition = decide(awards, pack, **named)
        return found

    return run


def codes(found: Recognition) -> dict[str | None, str]:
    return {step.rule: step.result for step in found.steps if step.stage == "requirements"}


LEVEL_6 = '{ level_at_least = { framework = "rqf", value = 6 } }'
TAUGHT = f'{{ all = [{LEVEL_6}, {{ fact = {{ name = "taught", among = [true] }} }}] }}'
HONOURS = (
    packs.test("total", "at_least = 120"),
    packs.test("level-6", f"where = {LEVEL_6}, at_least = 90"),
    packs.test("taught", f"where = {TAUGHT}, at_least = 30"),
)


@pytest.mark.parametrize(
    ("five", "six", "seven", "code"),
    [(30, 90, 0, "satisfied"), (31, 89, 0, "SHORT_LEVEL"), (30, 0, 90, "satisfied"), (30, 60, 30, "satisfied")],
)
def test_a_minimum_at_level_stands_inside_the_total_and_a_higher_level_fills_it(
    course: Make, audit: Make, five: int, six: int, seven: int, code: str
) -> None:
    """R34: 120 in all, 90 of them at level 6, 30 of those taught; three tests over the same credits."""
    taught = {"facts": {"taught": True}}
    awards = [course("five", str(five), 5, **taught), course("six", str(six), 6, **taught)]
    found = audit([*awards, course("seven", str(seven), 7, **taught)], *HONOURS)
    assert codes(found)["level-6"] == code
    assert found.requirement("total").have == 120


def test_a_minimum_inside_the_minimum_names_the_level_too(course: Make, audit: Make) -> None:
    project = course("project", "120", 6, facts={"taught": False})
    found = audit([project], *HONOURS)
    assert (codes(found)["taught"], found.requirement("taught").shortfall) == ("SHORT_LEVEL", 30)


def test_an_unknown_level_leaves_the_minimum_open(course: Make, audit: Make) -> None:
    found = audit([course("a", "120", facts={"taught": True})], *HONOURS)
    assert found.requirement("level-6").satisfied == "undetermined"


SUBJECTS = '[{ en = "Statistics" }, { en = "Law" }, { en = "Ethics" }]'


@pytest.mark.parametrize(
    ("asked", "titles", "satisfied", "have"),
    [
        (f"all_of = {SUBJECTS}", ["Statistics", "Law", "Ethics"], "yes", 3),
        (f"all_of = {SUBJECTS}", ["Statistics", "Law", "Law"], "no", 2),
        (f"subjects = {SUBJECTS}, at_least = 2", ["STATISTICS", "Law"], "yes", 2),
        (f"subjects = {SUBJECTS}, at_least = 2", ["Statistics", "History"], "no", 1),
    ],
)
def test_subjects_may_be_named_in_the_pack(
    course: Make, audit: Make, asked: str, titles: list[str], satisfied: str, have: int
) -> None:
    """R07: two credits are enough where the subject is what matters."""
    awards = [course(str(n), "2", title={"en": title}) for n, title in enumerate(titles)]
    found = audit(awards, packs.test("subjects", asked))
    result = found.requirement("subjects")
    assert (result.satisfied, result.have) == (satisfied, have)
    if satisfied == "no":
        step = next(step for step in found.steps if step.rule == "subjects")
        assert step.result == "MISSING_SUBJECT"
        assert "Ethics" in str(step.inputs["lacking"])


def test_a_count_asks_for_awards(course: Make, audit: Make) -> None:
    three = packs.test("count", 'where = { class = ["major"] }, measure = "items", at_least = 3')
    found = audit([course("a", "30"), course("b", "1")], three)
    assert (codes(found)["count"], found.requirement("count").shortfall) == ("SHORT_ITEMS", 1)


SURPLUS = (
    packs.slot("major", 'where = { class = ["major"] }, at_least = 4, surplus_to = "electives"'),
    packs.slot("electives", 'where = { class = ["free"] }, at_least = 2'),
)


@pytest.mark.parametrize(
    ("major", "free", "have", "satisfied"),
    [("9/2", "1", "3/2", "no"), ("9/2", "3/2", "2", "yes"), ("4", "2", "2", "yes"), ("7/2", "2", "2", "yes")],
)
def test_what_a_slot_has_too_much_goes_where_it_is_told(
    course: Make, audit: Make, major: str, free: str, have: str, satisfied: str
) -> None:
    """R31: 4.5 units against a course of 4: satisfied, and the half goes to electives."""
    found = audit([course("m", major), course("f", free, course_class="free")], *SURPLUS)
    result = found.requirement("electives")
    assert (str(result.have), result.satisfied) == (have, satisfied)


def test_without_such_a_word_surplus_counts_in_the_total_only(course: Make, audit: Make) -> None:
    plain = (SURPLUS[0].replace(', surplus_to = "electives"', ""), SURPLUS[1], packs.test("total", "at_least = 6"))
    found = audit([course("m", "6")], *plain)
    assert (found.requirement("electives").have, found.requirement("major").surplus) == (0, 2)
    assert found.requirement("total").satisfied == "yes"


def test_slots_are_filled_with_the_onward_surplus_in_mind(course: Make, audit: Make) -> None:
    """One course may sit in either slot: it belongs where its surplus is of use."""
    both = (
        packs.slot("a", 'where = { class = ["major", "free"] }, at_least = 2, surplus_to = "b"'),
        packs.slot("b", 'where = { class = ["free"] }, at_least = 4'),
    )
    found = audit([course("x", "6", course_class="free")], *both)
    assert found.status == "granted"
    chain = (*both, packs.slot("c", 'where = { class = ["business"] }, at_least = 1'))
    onward = (chain[0], chain[1].replace("at_least = 4", 'at_least = 4, surplus_to = "c"'), chain[2])
    assert audit([course("x", "7", course_class="free")], *onward).status == "granted"


def test_what_is_switched_off_is_not_asked(course: Make, audit: Make) -> None:
    off = packs.test("thesis", 'where = { class = ["business"] }, at_least = 20, enabled = false')
    found = audit([course("a", "3")], packs.test("total", "at_least = 3"), off)
    assert (found.status, [each.id for each in found.requirements]) == ("granted", ["total"])


CODES = [
    ('at_least = { share = "50%", of = "programme.total" }', "MIN_SHARE"),
    ('at_least = { ref = "programme.total" }', "SHORT_CREDITS"),
    ('at_least = { ref = "programme.level" }, where = ' + LEVEL_6, "SHORT_LEVEL"),
    ('learner = { fact = "enrolled", is = true }', "TITLE_BLOCKED"),
    ("at_least = 4", "SHORT_CREDITS"),
]


@pytest.mark.parametrize(("rest", "code"), CODES)
def test_what_is_short_has_a_code_of_its_own(course: Make, audit: Make, rest: str, code: str) -> None:
    found = audit([course("a", "3", 6)], packs.test("it", rest), learner={"enrolled": False})
    assert codes(found)["it"] == code


def test_diplomas_of_hong_kong_ask_for_60_and_a_failed_module_brings_nothing(course: Make, audit: Make) -> None:
    """W14: 48 of 60 is no diploma; grades above a pass change nothing."""
    gate = '[[eligibility]]\nid = "pass"\ntitle = { en = "Pass" }\nTERMS\n[eligibility.require]\nscore_at_least = 50\n'
    modules = [course(str(n), "12", score=Fraction(score)) for n, score in enumerate([90, 50, 70, 60, 49])]
    sixty = packs.test("diploma", "at_least = 60")
    failed = audit(modules, sixty, rules=gate)
    assert (failed.totals["counted"], failed.requirement("diploma").shortfall) == (48, 12)
    passed = [*modules[:4], course("4", "12", score=Fraction(50))]
    assert audit(passed, sixty, rules=gate).status == "granted"


TARGETS = """
[[course]]
id = "english-3"
title = { en = "English 3" }
credits = 3
[[course]]
id = "maths-1"
title = { en = "Mathematics 1" }
credits = 4
[[match]]
id = "m1"
title = { en = "English" }
from = [{ achievement = "a-english" }]
to = ["english-3"]
record = "source"
TERMS
"""


def test_courses_of_the_target_are_asked_for_by_name(course: Make, audit: Make) -> None:
    """R31: the content is satisfied while units are short."""
    asked = packs.test("core", 'courses = ["english-3", "maths-1"], at_least = 1')
    both = packs.test("both", 'courses = ["english-3", "maths-1"]')
    found = audit([course("a", "8/3", achievement="a-english")], asked, both, rules=TARGETS)
    assert (found.requirement("core").satisfied, found.requirement("both").satisfied) == ("yes", "no")
    assert next(step for step in found.steps if step.rule == "both").inputs["lacking"] == ["maths-1"]


@pytest.mark.parametrize(
    ("more", "parts"), [("total = 60", "level = 30"), ("", "total = 60, level = 30"), ("total = 60", "x = 1")]
)
def test_the_total_of_a_programme_may_stand_by_itself(
    make_pack: Make, course: Make, decide: Make, more: str, parts: str
) -> None:
    pack = make_pack("", packs.programme(packs.TOTAL, parts, more), packs.HEAD)
    assert decide([course("a", "60")], pack).status == "granted"
    with pytest.raises(PackInvalid, match="twice"):
        make_pack("", packs.programme(packs.TOTAL, "total = 60", "total = 60"), packs.HEAD)


BROKEN = [
    (packs.slot("s", "where = { class = ['major'] }, at_least = 3, surplus_to = 'none'"), "surplus"),
    (packs.slot("s", "where = { class = ['major'] }, at_least = 3, surplus_to = 's'"), "leads back"),
    (packs.slot("s", "where = { class = ['major'] }, all_of = 'syllabus:required'"), "asked by a test"),
    (packs.test("t", "all_of = []"), "at least one subject"),
    (packs.test("t", f"subjects = {SUBJECTS}, at_least = 4"), "between 1"),
    (packs.test("t", f"subjects = {SUBJECTS}, courses = ['c']"), "one thing"),
    (packs.test("t", "courses = ['nowhere']"), "nowhere"),
    (packs.test("t", 'at_least = { share = "50%", of = "source.total" }'), "one of"),
    (packs.test("t", "at_least = 3, enabled = false"), "switched on"),
    (packs.test("t", "at_least = 3, window = { last = 60 }"), "straddling"),
    (packs.test("t", "at_least = 3, measure = 'hours'"), "one of"),
]


@pytest.mark.parametrize(("line", "word"), BROKEN)
def test_a_leaf_that_cannot_be_read_is_refused_with_a_sentence(make_pack: Make, line: str, word: str) -> None:
    with pytest.raises(PackInvalid, match=word):
        make_pack("", packs.programme(line), packs.HEAD)
