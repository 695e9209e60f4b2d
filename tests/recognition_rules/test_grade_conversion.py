"""Grades by distribution: ranges from the top, overlaps by a declared policy, and what dirty tables may not do."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_rules.errors import PackInvalid
from recognition_rules.grading.cases import GradeCaseResult, run_grade_cases
from recognition_rules.grading.conversion import GradeConversion, GradeQuestion, convert_grade
from recognition_rules.grading.reader import parse
from recognition_rules.grading.tables import OVERLAPS, GradePack, GradePolicy
from recognition_rules.packs import builtin

NAME = "ects-grades"
EXAMPLE = parse(builtin(NAME), name=f"{NAME}/pack.toml")
RESULTS = run_grade_cases(EXAMPLE, builtin(NAME, "cases.toml"))
ON = date(2026, 9, 1)


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: result.id)
def test_every_case_of_the_pack_holds(result: GradeCaseResult) -> None:
    assert result.passed, result.differences


def distribution(name: str, grades: str, shares: str, more: str = "") -> str:
    return f"""
[[scale]]
id = "{name}"
title = {{ en = "{name}" }}
grades = {grades}
failing = ["F"]
[[table]]
id = "{name}"
title = {{ en = "{name}" }}
institution = "{name}"
scale = "{name}"
field = "061"
cycle = "first"
years = [2023, 2025]
{shares}
{more}
terms = [{{ legal_basis = "grade table", source = "S", confirmed = true }}]
"""


def pack_of(ours: str, theirs: str, policy: str = "") -> GradePack:
    head = '[pack]\nid = "g"\nversion = "1"\ntitle = { en = "g" }\n[policy]\n' + policy
    reference = '\n[[reference]]\nid = "S"\ntitle = "published"\nstanding = "confirmed"\n'
    return parse(head + reference + ours + theirs, name="g/pack.toml")


def between(ours: str, theirs: str, policy: str = "") -> GradePack:
    """Two institutions, `here` with the grades A to C and `there` with 1 to 4."""
    mine = distribution("here", '["A", "B", "C"]', ours)
    return pack_of(mine, distribution("there", '["1", "2", "3", "4"]', theirs), policy)


def ask(pack: GradePack, grade: str, source: str = "here", target: str = "there", **changes: str) -> GradeConversion:
    policy = replace(pack.policy, **changes) if changes else None  # type: ignore[arg-type]
    return convert_grade(pack, GradeQuestion(grade, source, target, "0613", "first", ON), policy)


COUNTS = "counts = { A = 10, B = 60, C = 30 }"
HUNDRED = 'percentages = { "1" = 10, "2" = 30, "3" = 30, "4" = 30 }'


@pytest.mark.parametrize(
    ("overlap", "tie", "grade"),
    [
        ("max", "lower", "2"),
        ("min", "lower", "3"),
        ("mid", "lower", "3"),  # the middle of 10 to 70 is 40, where 2 ends and 3 begins
        ("mid", "higher", "2"),
        ("majority", "lower", "3"),  # 2 and 3 have 30 of it each
        ("majority", "higher", "2"),
    ],
)
def test_a_range_over_two_grades_goes_where_the_policy_says(overlap: str, tie: str, grade: str) -> None:
    found = ask(between(COUNTS, HUNDRED), "B", overlap=overlap, tie=tie)
    assert [(each.grade, each.overlap) for each in found.candidates] == [("2", 30), ("3", 30)]
    assert found.grade == grade


def test_a_tie_at_the_middle_says_so() -> None:
    found = ask(between(COUNTS, HUNDRED), "B", overlap="mid", tie="higher")
    assert (
        found.arithmetic[-1]
        == "mid: (10 + 70) ÷ 2 = 40 from the top lies between 2 and 3, the higher grade is declared: 2"
    )


def test_a_grain_more_than_half_decides_without_the_tie() -> None:
    longer = 'percentages = { "1" = 10, "2" = 30, "3" = "30.01", "4" = "29.99" }'
    found = ask(between("counts = { A = 1000, B = 6001, C = 2999 }", longer), "B", tie="higher")
    assert (found.grade, found.candidates[-1].overlap) == ("3", Fraction(3001, 100))


def test_exact_thirds_do_not_spill_over_their_border() -> None:
    thirds = "counts = { A = 1, B = 1, C = 1 }"
    sixths = 'counts = { "1" = 2, "2" = 2, "3" = 1, "4" = 1 }'
    pack = between(thirds, sixths)
    answers = [ask(pack, grade, overlap="max").candidates for grade in "ABC"]
    assert [[each.grade for each in found] for found in answers] == [["1"], ["2"], ["3", "4"]]


@pytest.mark.parametrize(
    ("percentages", "grade", "candidates"),
    [
        ('{ "1" = 10, "2" = 30, "3" = 30, "4" = "29.9" }', "C", ["4"]),  # 99.9: what lies beyond is the last grade's
        ('{ "1" = 10, "2" = 30, "3" = 59, "4" = "0.5" }', "C", ["3", "4"]),  # 99.5: on the edge of the tolerance
        ('{ "1" = 10, "2" = 30, "3" = 30, "4" = "30.5" }', "C", ["4"]),  # 100.5
        ('{ "1" = 10, "2" = 30, "3" = "59.7", "4" = 0 }', "C", ["3"]),  # the last grade is the last that was given
    ],
)
def test_sums_near_a_hundred_are_taken_as_they_are(percentages: str, grade: str, candidates: list[str]) -> None:
    found = ask(between(COUNTS, f"percentages = {percentages}"), grade)
    assert [each.grade for each in found.candidates] == candidates
    assert sum(each.overlap for each in found.candidates) == 30, "nothing is stretched, nothing is lost"


def test_a_range_wholly_beyond_the_end_is_the_last_grade() -> None:
    tiny_tail = "counts = { A = 5000, B = 4996, C = 4 }"  # C from 99.96 to 100
    found = ask(between(tiny_tail, 'percentages = { "1" = 10, "2" = 30, "3" = 30, "4" = "29.9" }'), "C")
    assert (found.grade, found.candidates[0].overlap) == ("4", Fraction(1, 25))


def test_a_grade_is_read_whatever_its_dash_and_blanks() -> None:
    scale = distribution("here", '["A", "A-", "B"]', 'counts = { "A" = 10, "A-" = 30, "B" = 60 }')
    pack = pack_of(scale, distribution("there", '["1", "2", "3", "4"]', HUNDRED))
    for written in ("A-", " A− ", "A–", "Ａ-"):
        assert ask(pack, written).grade == "2", written
    assert ask(pack, "a-").status == "undetermined", "small and capital letters may be two grades"


@pytest.mark.parametrize(
    ("grade", "status", "code", "fact"),
    [
        ("F", "not_passing", "THRESHOLD_GRADE", None),
        ("Z", "undetermined", "FACT_MISSING", "grade"),
        ("", "undetermined", "FACT_MISSING", "grade"),
        ("B", "undetermined", "FACT_MISSING", "share of the grade"),
    ],
)
def test_what_no_table_can_say_is_named(grade: str, status: str, code: str, fact: str | None) -> None:
    found = ask(between("counts = { A = 40, C = 60 }", HUNDRED), grade)
    assert (found.status, found.grade, found.reasons[0].code) == (status, None, code)
    assert found.reasons[0].facts.get("fact") == fact


def test_a_grade_nobody_was_given_stands_at_a_point_where_that_is_declared() -> None:
    pack = between("counts = { A = 40, C = 60 }", HUNDRED)
    found = ask(pack, "B", empty_step="point")
    assert (found.grade, found.candidates[0].overlap) == ("3", 0), "at 40 exactly, the lower of the two grades begins"


@pytest.mark.parametrize(("minimum", "status"), [(100, "converted"), (101, "undetermined")])
def test_a_cohort_is_large_enough_from_the_declared_number_on(minimum: int, status: str) -> None:
    pack = between(COUNTS, f"{HUNDRED}\ncohort = 500", f"minimum_cohort = {minimum}")
    assert ask(pack, "A").status == status


def test_percentages_of_an_unknown_number_of_grades_are_no_basis_where_a_minimum_is_declared() -> None:
    found = ask(between(COUNTS, HUNDRED, "minimum_cohort = 10"), "A")
    assert [(each.code, each.facts["fact"]) for each in found.reasons] == [("FACT_MISSING", "cohort")]


def test_everything_that_stands_in_the_way_is_named_at_once() -> None:
    found = ask(between(COUNTS, HUNDRED, "minimum_cohort = 200"), "Z")
    assert [each.code for each in found.reasons] == ["COHORT_TOO_SMALL", "FACT_MISSING", "FACT_MISSING"]


def test_the_answer_can_be_done_again_by_hand() -> None:
    told = ask(between(COUNTS, HUNDRED), "B").to_json()
    assert told["arithmetic"] == [
        "here: B goes from (10) × 100 ÷ 100 = 10 % to (10 + 60) × 100 ÷ 100 = 70 %",
        "there: 2 covers 10 % to 40 %; 40 − 10 = 30 in common",
        "there: 3 covers 40 % to 70 %; 70 − 40 = 30 in common",
        "majority: the largest overlap is 30; 2 and 3 are level, the lower grade is declared: 3",
    ]
    assert told["tables"][0]["terms"]["source"] == "S"  # type: ignore[index,call-overload]


def test_there_and_back_need_not_lead_back() -> None:
    pack = between("counts = { A = 10, B = 60, C = 30 }", 'counts = { "1" = 5, "2" = 30, "3" = 5, "4" = 60 }')
    there = ask(pack, "B").grade
    back = ask(pack, str(there), "there", "here").grade
    assert (there, back) == ("4", "C")


def test_example_data_say_so_in_every_answer() -> None:
    found = convert_grade(EXAMPLE, GradeQuestion("1.0", "elbe-university", "arno-university", "0613", "first", ON))
    assert "made up" in found.warnings[0]["en"]
    old = GradeQuestion("A", "ects-fixed-scale", "ects-fixed-scale", "0613", "first", date(2009, 12, 31))
    warned = convert_grade(EXAMPLE, old, replace(EXAMPLE.policy, max_age=None))
    assert warned.grade == "A"
    assert "given up" in warned.warnings[1]["en"]


BROKEN = [
    ('"4" = 30 }', '"4" = "29.4" }', "add up to 99.4", "grade_table_sum"),
    ('"4" = 30 }', '"4" = "30.6" }', "add up to 100.6", "grade_table_sum"),
    ('"4" = 30 }', '"4" = 30, "F" = 0 }', "does not pass", "failing_grade"),
    ('"4" = 30 }', '"4" = 30, "5" = 0 }', "no grade of the scale there: 1, 2, 3, 4", "unknown_grade"),
    ('"4" = 30 }', '"4" = 30.0 }', "not exact", "pack_invalid"),
    ("C = 30 }", 'C = "30" }', "whole number", "pack_invalid"),
    ("A = 10, B = 60, C = 30", "A = 0", "says nothing", "pack_invalid"),
    ("counts = {", "cuonts = {", "either counts", "pack_invalid"),
    ("years = [2023, 2025]", "years = [2025, 2025]", "2 or 3 years", "pack_invalid"),
    ("years = [2023, 2025]", "years = [2022, 2025]", "2 or 3 years", "pack_invalid"),
    ('field = "061"', 'field = "06.1"', "ISCED-F", "pack_invalid"),
    ('cycle = "first"', 'cycle = "bachelor"', "must be one of: short", "pack_invalid"),
    ('failing = ["F"]', 'failing = ["A"]', "either passes or does not", "pack_invalid"),
    ('institution = "there"', 'institution = "here"', "same reference group", "terms_gap_or_overlap"),
    ("[policy]", '[policy]\noverlap = "best"', "must be one of: min", "pack_invalid"),
    ("[policy]", "[policy]\ntolerence = 1", "'tolerence' is not known here", "unknown_key"),
    ('source = "S"', 'source = "T"', "must name a", "pack_invalid"),
]


@pytest.mark.parametrize(("good", "bad", "words", "code"), BROKEN)
def test_a_broken_table_is_refused_at_its_line(good: str, bad: str, words: str, code: str) -> None:
    mine = distribution("here", '["A", "B", "C"]', COUNTS)
    text = mine + distribution("there", '["1", "2", "3", "4"]', HUNDRED)
    head = '[pack]\nid = "g"\nversion = "1"\ntitle = { en = "g" }\n[policy]\n'
    reference = '[[reference]]\nid = "S"\ntitle = "published"\nstanding = "confirmed"\n'
    whole = head + reference + text
    assert good in whole
    with pytest.raises(PackInvalid, match=words) as refusal:
        parse(whole.replace(good, bad, 1), name="g/pack.toml")
    assert refusal.value.problem_code == code
    assert refusal.value.line is not None


def test_the_fixed_ects_scale_needs_a_warning() -> None:
    fixed = distribution("here", '["A", "B", "C", "D", "E"]', "counts = { A = 2, B = 5, C = 6, D = 5, E = 2 }")
    there = distribution("there", '["1", "2", "3", "4"]', HUNDRED)
    with pytest.raises(PackInvalid, match="given up in 2009") as refusal:
        pack_of(fixed, there)
    assert refusal.value.problem_code == "obsolete_scale"
    assert pack_of(fixed.replace("terms =", 'warning = { en = "old" }\nterms ='), there).tables[0].warning


numbers = st.lists(st.integers(0, 50), min_size=4, max_size=4).filter(any)


@given(numbers, numbers, st.sampled_from(OVERLAPS))
@settings(max_examples=60, deadline=None)
def test_a_better_grade_never_becomes_a_worse_one(ours: list[int], theirs: list[int], overlap: str) -> None:
    tables = [", ".join(f'"{grade}" = {n}' for grade, n in enumerate(counts, 1)) for counts in (ours, theirs)]
    mine, other = (
        distribution(name, '["1", "2", "3", "4"]', f"counts = {{ {table} }}")
        for name, table in zip(("here", "there"), tables, strict=True)
    )
    pack = pack_of(mine, other, f'overlap = "{overlap}"')
    found = [ask(pack, grade) for grade in "1234"]
    given_ = [each for each in found if each.grade is not None]
    assert len(given_) == sum(1 for n in ours if n), "every grade that was given has an answer"
    assert [each.grade for each in given_] == sorted(str(each.grade) for each in given_)
    wholes = [sum(candidate.overlap for candidate in each.candidates) for each in given_]
    assert sum(wholes) == 100, "every percentage point lies in exactly one pair of grades"


def test_the_defaults_are_those_of_the_documentation() -> None:
    policy = GradePolicy()
    assert (policy.overlap, policy.tie, policy.empty_step, policy.unconfirmed) == (
        "majority", "lower", "undetermined", "off",
    )  # fmt: skip
    assert (policy.tolerance, policy.minimum_cohort, policy.max_age) == (Fraction(1, 2), 0, None)
