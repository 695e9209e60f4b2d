"""Levels: sets instead of guesses, no inverse, and three answers to a minimum."""

from datetime import date
from fractions import Fraction
from importlib.resources import files

import pytest

from recognition_rules.errors import LevelMalformed, LevelsDiffer, PackInvalid
from recognition_rules.levels import Level
from recognition_rules.levels_pack import parse
from recognition_rules.truth import Truth

PACK = (files("recognition_rules") / "packs/levels/pack.toml").read_text("utf-8")
TABLE = parse(PACK)


def level(text: str) -> Level:
    return Level.parse(*text.split())


MAPPED = [
    ("scqf 9", "eqf", ["6"]),
    ("scqf 10", "eqf", ["6"]),
    ("eqf 6", "scqf", ["9", "10"]),
    ("aqf 8", "eqf", ["6", "7"]),
    ("ncrf 5.5", "eqf", ["6"]),
    ("ncrf 4.5", "eqf", ["5"]),
    ("eqf 5", "ncrf", ["4.5", "5"]),
    ("hkqf 5", "eqf", ["6"]),
    ("mqf 4", "eqf", ["5"]),
    ("isced 7", "eqf", ["7"]),
    ("nzqcf 9", "eqf", ["7"]),
    ("rqf 6", "rqf", ["6"]),
    # Not declared is not known: no chain over EQF, and nothing below the seed table.
    ("hkqf 5", "scqf", []),
    ("eqf 4", "scqf", []),
    ("rqf 6", "moon", []),
]


@pytest.mark.parametrize(("source", "framework", "values"), MAPPED)
def test_a_level_maps_to_a_set(source: str, framework: str, values: list[str]) -> None:
    assert list(TABLE.mapped(level(source), framework)) == [Level.parse(framework, value) for value in values]


MINIMA = [
    ("scqf 9", "eqf 6", Truth.YES, None),
    ("scqf 9", "eqf 7", Truth.NO, "LEVEL_BELOW"),
    ("eqf 6", "scqf 9", Truth.YES, None),
    ("eqf 6", "scqf 10", Truth.UNKNOWN, "LEVEL_STRADDLES"),
    ("aqf 8", "eqf 7", Truth.UNKNOWN, "LEVEL_STRADDLES"),
    ("aqf 8", "eqf 6", Truth.YES, None),
    ("hkqf 5", "scqf 9", Truth.UNKNOWN, "FACT_MISSING"),
    ("ncrf 4.5", "ncrf 5", Truth.NO, "LEVEL_BELOW"),
    ("ncrf 5.5", "ncrf 5.5", Truth.YES, None),
    ("eqf 8", "eqf 6", Truth.YES, None),
]


@pytest.mark.parametrize(("held", "asked", "truth", "reason"), MINIMA)
def test_a_minimum_is_met_failed_or_a_matter_of_judgement(
    held: str, asked: str, truth: Truth, reason: str | None
) -> None:
    answer = TABLE.meets(level(held), level(asked))
    assert (answer.truth, answer.reason) == (truth, reason)
    assert asked in answer.arithmetic or answer.reason == "FACT_MISSING"


def test_the_answer_shows_the_map_it_rests_on_and_that_nobody_confirmed_it() -> None:
    answer = TABLE.meets(level("eqf 6"), level("scqf 10"))
    assert answer.arithmetic == "eqf 6 is scqf 9 or scqf 10, at least scqf 10 is asked"
    assert answer.provenance is not None
    assert (answer.provenance.confirmed, answer.provenance.source) == (False, "R58, S48")


def test_going_there_and_back_gives_a_set_that_holds_the_start_but_not_the_start_alone() -> None:
    there = TABLE.mapped(level("scqf 9"), "eqf")
    assert [str(back) for each in there for back in TABLE.mapped(each, "scqf")] == ["scqf 9", "scqf 10"]


def test_text_is_not_a_number_and_numbers_are_exact() -> None:
    for wrong in ("10", 10.0, True, None):
        with pytest.raises(TypeError):
            Level("scqf", wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        assert Level("scqf", Fraction(10)) < "10"  # type: ignore[operator]
    assert Level.parse("scqf", "10") == Level("scqf", Fraction(10))
    assert Level.parse("scqf", "9") < Level.parse("scqf", "10")


@pytest.mark.parametrize("text", ["", "5.25", "-1", "21", "six", "1/3", " 6", "6.0.0"])
def test_what_is_no_level_is_refused(text: str) -> None:
    with pytest.raises(LevelMalformed) as refusal:
        Level.parse("eqf", text)
    assert refusal.value.code == "level_malformed"


def test_levels_of_two_frameworks_do_not_compare() -> None:
    with pytest.raises(LevelsDiffer):
        assert level("eqf 6") <= level("rqf 6")


def test_a_map_holds_between_its_days_only() -> None:
    dated = PACK.replace('are_levels_of = "eqf"\n', 'are_levels_of = "eqf"\nfrom = 2020-01-01\n')
    table = parse(dated)
    assert table.mapped(level("scqf 9"), "eqf", date(2019, 12, 31)) == ()
    assert table.mapped(level("scqf 9"), "eqf", date(2020, 1, 1)) == (level("eqf 6"),)


BROKEN = [
    ('"9" = ["6"]', '"9" = []', "list of levels", "pack_invalid"),
    ('"9" = ["6"]', '"9.5" = ["6"]', "a level of scqf", "unknown_level"),
    ('"9" = ["6"]', '"9" = ["9"]', "a level of eqf", "unknown_level"),
    ('"9" = ["6"]', '"9" = ["8"]', "higher level maps to a lower", "falling_map"),
    ('"9" = ["6"]', '"9" = [6]', "a level of eqf", "unknown_level"),
    ('levels_of = "scqf"', 'levels_of = "sqcf"', "must be a framework", "unknown_framework"),
    ("highest = 12", "highest = 120", "at most 20", "pack_invalid"),
    ('id = "scqf"', 'id = "eqf"', "twice", "duplicate_id"),
    ('are_levels_of = "isced"', 'are_levels_of = "rqf"', "already", "duplicate_id"),
    ('step = "1/2"', 'stop = "1/2"', "the key stop is not known", "unknown_key"),
]


@pytest.mark.parametrize(("good", "bad", "words", "code"), BROKEN)
def test_a_broken_pack_is_refused_at_its_line(good: str, bad: str, words: str, code: str) -> None:
    assert good in PACK
    with pytest.raises(PackInvalid, match=words) as refusal:
        parse(PACK.replace(good, bad, 1))
    assert refusal.value.problem_code == code
    assert refusal.value.line is not None
