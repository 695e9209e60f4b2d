"""Decision tables: one row for each question, none in silence, and rows that overlap are refused by line."""

import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.errors import PackInvalid
from recognition_rules.levels import Level, LevelTable
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.packs import builtin
from recognition_rules.rules.tables import cell_kind

Make = Callable[..., Any]

TABLE = """
[[table]]
id = "grid"
title = {{ en = "Grid" }}
{columns}
rows = [
{rows}
]
TERMS
"""


def table(columns: str, *rows: str) -> str:
    return TABLE.format(columns=columns, rows=",\n".join(rows))


BANDS = table(
    'keys = ["source"]\nbetween = ["score"]\ngives = ["class", "fact:band"]',
    '{ id = "high", source = "course", score_from = 80, class = "major", "fact:band" = "A" }',
    '{ id = "low", source = "course", score_from = 60, score_below = 80, class = "free", "fact:band" = "B" }',
)


@pytest.fixture(scope="module")
def levels() -> LevelTable:
    return parse_levels(builtin("levels"))


@pytest.mark.parametrize(
    ("score", "course_class"), [("100", "major"), ("80", "major"), ("799/10", "free"), ("60", "free")]
)
def test_an_interval_holds_its_start_and_not_its_open_end(
    make_pack: Make, make_award: Make, decide: Make, score: str, course_class: str
) -> None:
    found = decide([make_award("a", score=Fraction(score))], make_pack(BANDS))
    assert found.decision("a").course_class == course_class


def test_no_row_is_undetermined_and_named(make_pack: Make, make_award: Make, decide: Make) -> None:
    decision = decide([make_award("a", score=Fraction(59))], make_pack(BANDS)).decision("a")
    assert decision.status == "undetermined"
    assert decision.reasons[0].code == "UNCLASSIFIED"
    assert decision.reasons[0].facts == {"table": "grid", "looked_up": {"source": "course", "score": "59"}}


@pytest.mark.parametrize(("otherwise", "status"), [("refused", "not_counted"), ("as-stated", "counted")])
def test_what_becomes_of_the_rest_is_declared(
    make_pack: Make, make_award: Make, decide: Make, otherwise: str, status: str
) -> None:
    pack = make_pack(BANDS.replace("rows = [", f'otherwise = "{otherwise}"\nrows = ['))
    assert decide([make_award("a", score=Fraction(59))], pack).decision("a").status == status


def test_a_value_that_is_missing_is_unknown_where_it_matters(make_pack: Make, make_award: Make, decide: Make) -> None:
    decision = decide([make_award("a")], make_pack(BANDS)).decision("a")
    assert decision.status == "undetermined"
    assert decision.reasons[0].facts["fact"] == "score"
    same = BANDS.replace('"free", "fact:band" = "B"', '"major", "fact:band" = "A"')
    assert decide([make_award("a")], make_pack(same)).decision("a").status == "undetermined"
    covering = same.replace("score_from = 60, ", "")
    assert decide([make_award("a")], make_pack(covering)).decision("a").status == "undetermined"


def test_an_empty_cell_fits_everything_and_then_nothing_needs_to_be_known(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    rows = table('keys = ["area", "source"]\ngives = ["class"]', '{ area = "", source = "course", class = "free" }')
    assert decide([make_award("a")], make_pack(rows)).decision("a").course_class == "free"


def test_the_trace_names_the_row(make_pack: Make, make_award: Make, decide: Make) -> None:
    found = decide([make_award("a", score=Fraction(70))], make_pack(BANDS))
    step = next(each for each in found.steps if each.rule == "grid")
    assert (step.stage, step.result, step.inputs["row"]) == ("classify", "classified", "low")
    assert step.inputs["answers"] == {"class": "free", "fact:band": "B"}
    assert step.terms is not None and step.terms.source == "S0"


def test_one_of_several_values(make_pack: Make, make_award: Make, decide: Make) -> None:
    rows = table(
        'any_of = ["area"]\ngives = ["class"]',
        '{ area = "arts | music", class = "free" }',
        '{ area = "maths", class = "major" }',
    )
    for area, expected in (("arts", "free"), ("music", "free"), ("maths", "major")):
        assert decide([make_award("a", area=area)], make_pack(rows)).decision("a").course_class == expected


def test_a_level_in_another_framework_is_looked_up_by_its_map(
    make_pack: Make, make_award: Make, decide: Make, levels: LevelTable
) -> None:
    rows = table(
        'between = ["level"]\nframework = "eqf"\ngives = ["class"]',
        '{ level_from = 6, level_until = 6, class = "free" }',
        '{ level_from = 7, class = "major" }',
    )
    for level, expected in ((Level("scqf", Fraction(9)), "free"), (Level("eqf", Fraction(7)), "major")):
        found = decide([make_award("a", level=level)], make_pack(rows), levels=levels)
        assert found.decision("a").course_class == expected
    unmapped = decide([make_award("a", level=Level("elsewhere", Fraction(9)))], make_pack(rows), levels=levels)
    assert unmapped.decision("a").reasons[0].facts["fact"] == "level"


def test_the_first_row_wins_only_where_that_is_said(make_pack: Make, make_award: Make, decide: Make) -> None:
    rows = ('{ id = "own", issuer = "school", class = "major" }', '{ id = "rest", class = "free" }')
    columns = 'keys = ["issuer"]\ngives = ["class"]'
    with pytest.raises(PackInvalid, match=r"'own' and 'rest' \(lines 48 and 49\).*first_match = true") as caught:
        make_pack(table(columns, *rows))
    assert caught.value.problem_code == "rows_overlap"
    pack = make_pack(table(columns + "\nfirst_match = true", *rows))
    assert decide([make_award("a")], pack).decision("a").course_class == "major"
    assert decide([make_award("a", issuer="other")], pack).decision("a").course_class == "free"


OVERLAPS = {
    "the same key": (
        'keys = ["source"]',
        '{ source = "course", class = "free" }',
        '{ source = "course", class = "major" }',
    ),
    "intervals that share a point": (
        'between = ["score"]',
        "{ score_until = 60, class = 'free' }",
        "{ score_from = 60, class = 'major' }",
    ),
    "a value in two sets": (
        'any_of = ["area"]',
        "{ area = 'a | b', class = 'free' }",
        "{ area = 'b | c', class = 'major' }",
    ),
    "cells that are empty crosswise": (
        'keys = ["area", "issuer"]',
        "{ area = 'a', class = 'free' }",
        "{ issuer = 'i', class = 'major' }",
    ),
    "days that share one": (
        'between = ["ended_on"]',
        "{ ended_on_until = 2026-01-31, class = 'free' }",
        "{ ended_on_from = 2026-01-31, class = 'major' }",
    ),
}


@pytest.mark.parametrize("overlap", OVERLAPS)
def test_two_rows_for_one_award_are_refused(make_pack: Make, overlap: str) -> None:
    columns, *rows = OVERLAPS[overlap]
    with pytest.raises(PackInvalid, match="fit the same award"):
        make_pack(table(columns + '\ngives = ["class"]', *rows))


BROKEN = {
    "a column that is not known": (
        'keys = ["colour"]',
        "{ colour = 'red', class = 'free' }",
        "'colour' cannot be looked up",
    ),
    "an answer that is not known": (
        'keys = ["area"]',
        "{ area = 'a', class = 'bogus' }",
        "'bogus' is not one of: free, major",
    ),
    "a row without an answer": ('keys = ["area"]', "{ area = 'a' }", "A row answers at least one of: class"),
    "a cell that no column has": (
        'keys = ["area"]',
        "{ area = 'a', class = 'free', klass = 'x' }",
        "'klass' is not known here",
    ),
    "an interval with nothing in it": (
        'between = ["score"]',
        "{ score_from = 70, score_until = 60, class = 'free' }",
        "Nothing lies between",
    ),
    "two ends": ('between = ["score"]', "{ score_until = 70, score_below = 70, class = 'free' }", "not both"),
    "a fact that only the engine writes": (
        'keys = ["fact:target.course"]',
        "{ class = 'free' }",
        "cannot be looked up",
    ),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_mistake_is_told_in_a_sentence(make_pack: Make, mistake: str) -> None:
    columns, row, sentence = BROKEN[mistake]
    with pytest.raises(PackInvalid, match=sentence):
        make_pack(table(columns + '\ngives = ["class"]', row))


def test_tables_are_asked_in_the_order_in_which_they_need_each_other(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    by_area = table('keys = ["area"]\ngives = ["class"]', '{ area = "arts", class = "free" }')
    areas = table('keys = ["issuer"]\ngives = ["area"]', '{ issuer = "school", area = "arts" }').replace(
        '"grid"', '"areas"'
    )
    for rules in (by_area + areas, areas + by_area):
        assert decide([make_award("a")], make_pack(rules)).decision("a").course_class == "free"
    circle = table('keys = ["area"]\ngives = ["source"]', '{ area = "arts", source = "exam" }')
    back = table('keys = ["source"]\ngives = ["area"]', '{ source = "exam", area = "arts" }').replace(
        '"grid"', '"back"'
    )
    with pytest.raises(PackInvalid, match="in a circle"):
        make_pack(circle + back)


def test_two_tables_that_disagree_leave_it_open(make_pack: Make, make_award: Make, decide: Make) -> None:
    one = table('keys = ["issuer"]\ngives = ["class"]', '{ issuer = "school", class = "free" }')
    two = table('keys = ["source"]\ngives = ["class"]', '{ source = "course", class = "major" }').replace(
        '"grid"', '"two"'
    )
    decision = decide([make_award("a")], make_pack(one + two)).decision("a")
    assert (decision.status, decision.reasons[0].facts["table"]) == ("undetermined", ["grid", "two"])


def test_five_thousand_rows_are_read_in_a_second_and_found_in_microseconds(make_pack: Make) -> None:
    rows = [
        f'{{ issuer = "s{n // 5}", "fact:code" = "C{n % 5}", score_from = 50, class = "free" }}' for n in range(5000)
    ]
    begun = time.process_time()
    pack = make_pack(table('keys = ["issuer", "fact:code"]\nbetween = ["score"]\ngives = ["class"]', *rows))
    read = time.process_time() - begun
    index = pack.tables[0].index
    begun = time.process_time()
    found = [index.find((f"s{n}", "C3"), (Fraction(60),), disjoint=True) for n in range(1000)]
    looked_up = time.process_time() - begun
    assert [row.number for row in found if row] == [5 * n + 4 for n in range(1000)]
    # Twice what is asked for, since many run on one machine.
    assert read < 2
    assert looked_up < 0.1


def test_a_sheet_is_told_what_its_columns_hold() -> None:
    kinds = {
        "issuer": "text",
        "score_from": "number",
        "ended_on_until": "day",
        "credits": "number",
        "fact:code": "text",
    }
    assert {column: cell_kind(column) for column in kinds} == kinds
