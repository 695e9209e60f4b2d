"""Group R of the catalogue of attacks, as far as it concerns packs and decisions; the bank's part is elsewhere."""

import time
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.award import Use
from recognition_rules.errors import PackInvalid
from recognition_rules.levels import Level
from recognition_rules.pack import parse
from recognition_rules.packs import builtin
from recognition_rules.units_pack import parse as parse_units
from tests.recognition_rules.gates import answer, gate

Make = Callable[..., Any]

ESCAPE = "().__class__.__base__.__subclasses__()"
PATTERN = "(a+)+$"
HOSTILE = {
    "R01, a key": f'{{ "{ESCAPE}" = true }}',
    "R01, a threshold": f'{{ score_at_least = "{ESCAPE}" }}',
    "R01, an expression": '{ expression = "score >= 60" }',
    "R02, a power": '{ score_at_least = "9**9**9" }',
    "R02, a repetition": """{ score_at_least = "'a'*10**9" }""",
    "R02, nested": "{ not = " * 5000 + "{ passed = true }" + " }" * 5000,
    "R02, parentheses": f'{{ score_at_least = "{"(" * 5000}1{")" * 5000}" }}',
    "R04, a pattern": f'{{ title_matches = "{PATTERN}" }}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_r01_r02_r04_nothing_is_computed_from_text(pack_text: Make, name: str) -> None:
    started = time.process_time()
    with pytest.raises(PackInvalid) as refused:
        parse(pack_text(gate(HOSTILE[name])), name="hostile.toml")
    assert refused.value.line is not None or "nests too deep" in refused.value.problem
    assert refused.value.file == "hostile.toml"
    assert time.process_time() - started < 2


def test_r04_a_pattern_among_values_is_only_a_text(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(gate(f'{{ issuer = ["{PATTERN}"] }}'))
    started = time.process_time()
    assert answer(decide([make_award("a", issuer="a" * 30 + "!")], pack)) == ["not_counted", "SOURCE_NOT_ELIGIBLE"]
    assert answer(decide([make_award("a", issuer=PATTERN)], pack)) == ["counted"]
    assert time.process_time() - started < 1


def test_r05_ratios_that_mint_in_a_circle_are_refused() -> None:
    text = builtin("units")
    pair = 'between = ["us-semester", "kr-credit"]\n[[ratio.terms]]\namounts = [1, 1]'
    assert pair in text
    with pytest.raises(PackInvalid) as refused:
        parse_units(text.replace(pair, pair.replace("[1, 1]", "[1, 2]")))
    assert refused.value.problem_code == "amplifying_cycle"


def test_r05_an_outcome_is_consumed_once(make_pack: Make, make_award: Make, decide: Make) -> None:
    found = decide([make_award("a", "3")], make_pack(), used=[Use("a", by="first", amount=Fraction(3))])
    assert answer(found) == ["not_counted", "ALREADY_REDEEMED"]


CAP = """
[[limit]]
id = "course"
title = { en = "3 for one achievement" }
per = { key = "achievement" }
at_most = 3
TERMS
"""


@pytest.mark.parametrize("pieces", [["3"], ["1", "1", "1"], ["3", "3", "3"], ["1/2"] * 8])
def test_r07_a_limit_is_on_the_achievement_not_on_the_document(
    make_pack: Make, make_award: Make, decide: Make, pieces: list[str]
) -> None:
    awards = [make_award(f"a{n}", each, achievement="urn:course") for n, each in enumerate(pieces)]
    assert decide(awards, make_pack(CAP)).totals["counted"] == 3


ROUNDED = """
[[rounding]]
id = "round"
title = { en = "Halves up" }
point = "bucket"
by = "achievement"
mode = "half-up"
increment = 1
acknowledge = "the board"
TERMS
"""


def test_r07_rounding_gains_nothing_by_splitting(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(ROUNDED)
    whole = decide([make_award("a", "3/2", achievement="urn:course")], pack)
    split = decide([make_award(f"a{n}", "1/2", achievement="urn:course") for n in range(3)], pack)
    assert whole.totals["counted"] == split.totals["counted"] == 2


def test_r08_a_thousand_conversions_are_the_conversion_of_the_sum(
    make_pack: Make, make_award: Make, decide: Make
) -> None:
    ratio = '[[ratio]]\nid = "r"\ntitle = { en = "R" }\nfrom = "us-quarter"\nfactor = "2/3"\nTERMS\n'
    pack = make_pack(ratio)
    pieces = [make_award(f"a{n:04d}", "2/5", unit="us-quarter") for n in range(1000)]
    whole = decide([make_award("a", "400", unit="us-quarter")], pack)
    assert decide(pieces, pack).totals["counted"] == whole.totals["counted"] == Fraction(800, 3)


def test_r08_what_rounds_up_needs_somebody_who_answers_for_it(make_pack: Make) -> None:
    with pytest.raises(PackInvalid):
        make_pack(ROUNDED.replace('acknowledge = "the board"\n', ""))


LEVEL = '{ level_at_least = { framework = "eqf", value = 5 } }'


def test_r13_what_is_missing_is_asked_for_never_zero(make_pack: Make, make_award: Make, decide: Make) -> None:
    pack = make_pack(gate(LEVEL))
    assert answer(decide([make_award("a")], pack))[0] == "undetermined"
    assert answer(decide([make_award("a", level=Level("eqf", Fraction(10)))], pack))[0] == "counted"
    assert answer(decide([make_award("a", level=Level("rqf", Fraction(10)))], pack))[0] == "undetermined"


@pytest.mark.parametrize(("value", "among"), [("10", "10"), (10, '"10"'), (True, "1"), (1, "true"), (0, "false")])
def test_r13_a_fact_of_another_kind_is_another_value(
    make_pack: Make, make_award: Make, decide: Make, value: object, among: str
) -> None:
    pack = make_pack(gate(f'{{ fact = {{ name = "n", among = [{among}] }} }}'))
    assert answer(decide([make_award("a", facts={"n": value})], pack)) == ["not_counted", "SOURCE_NOT_ELIGIBLE"]


@pytest.mark.parametrize("value", ['"5"', "5.0", "true"])
def test_r13_a_level_is_a_number(pack_text: Make, value: str) -> None:
    if value == '"5"':
        assert parse(pack_text(gate(LEVEL.replace("value = 5", 'value = "5"'))))  # an exact text is a number
        return
    with pytest.raises(PackInvalid):
        parse(pack_text(gate(LEVEL.replace("value = 5", f"value = {value}"))))


def test_r14_a_tenth_and_two_tenths_are_three_tenths(make_pack: Make, make_award: Make, decide: Make) -> None:
    limit = '[[limit]]\nid = "l"\ntitle = { en = "L" }\nat_most = "3/10"\nTERMS\n'
    found = decide([make_award("a", "0.1"), make_award("b", "0.2")], make_pack(limit))
    assert found.totals["counted"] == Fraction(3, 10)
    with pytest.raises(PackInvalid):
        make_pack(limit.replace('"3/10"', "0.3"))


LIFE = '[[validity]]\nid = "v"\ntitle = { en = "V" }\nlimits = [{ years = 1 }]\nstarts = "ended_on"\nTERMS\n'


@pytest.mark.parametrize(("on", "status"), [(date(2025, 2, 28), "counted"), (date(2025, 3, 1), "not_counted")])
def test_r16_a_life_from_the_leap_day_ends_on_a_day_that_is_given(
    make_pack: Make, make_award: Make, decide: Make, on: date, status: str
) -> None:
    found = decide([make_award("a", ended_on=date(2024, 2, 29))], make_pack(LIFE), on=on)
    assert answer(found)[0] == status
    assert found.to_json() == decide([make_award("a", ended_on=date(2024, 2, 29))], make_pack(LIFE), on=on).to_json()


def test_r17_used_and_expired_on_one_day_is_used(make_pack: Make, make_award: Make, decide: Make) -> None:
    """The last day is good until it is over; whoever asks after the use finds nothing left, expired or not."""
    award, last = make_award("a", ended_on=date(2025, 6, 20)), date(2026, 6, 20)
    assert answer(decide([award], make_pack(LIFE), on=last)) == ["counted"]
    used = [Use("a", by="first", amount=Fraction(3))]
    assert answer(decide([award], make_pack(LIFE), on=last, used=used)) == ["not_counted", "ALREADY_REDEEMED"]
    assert answer(decide([award], make_pack(LIFE), on=date(2026, 6, 21)))[0] == "not_counted"
