"""The shipped units pack answers its cases, and a pack with a mistake is refused with file, line and a sentence."""

import re
import tomllib
from fractions import Fraction
from importlib.resources import files

import pytest

from recognition_rules.convert import convert
from recognition_rules.credits import parse_amount
from recognition_rules.errors import PackInvalid, RuleError
from recognition_rules.interval import between
from recognition_rules.reading import strict_toml
from recognition_rules.units_lint import disagreements
from recognition_rules.units_pack import parse

FOLDER = files("recognition_rules") / "packs/units"
PACK = (FOLDER / "pack.toml").read_text("utf-8")
CASES = tomllib.loads((FOLDER / "cases.toml").read_text("utf-8"))["case"]
TABLE = parse(PACK)


@pytest.mark.parametrize("case", [case for case in CASES if "refused" not in case], ids=lambda case: case["title"])
def test_the_pack_converts_as_its_cases_say(case: dict[str, str]) -> None:
    result = convert(Fraction(case["amount"]), case["from"], case["to"], TABLE, country=case.get("country"))
    low, high = case.get("low", case.get("is", "")), case.get("high", case.get("is", ""))
    assert result.method == case["method"]
    assert result.amount == between(parse_amount(low), parse_amount(high))
    assert result.arithmetic == case.get("arithmetic", result.arithmetic)


@pytest.mark.parametrize("case", [case for case in CASES if "refused" in case], ids=lambda case: case["title"])
def test_the_pack_refuses_as_its_cases_say(case: dict[str, str]) -> None:
    with pytest.raises(RuleError) as refusal:
        convert(Fraction(case["amount"]), case["from"], case["to"], TABLE)
    assert refusal.value.code == case["refused"]


def test_the_pack_holds_the_twelve_units_with_names_in_four_languages() -> None:
    assert set(TABLE.units) == {
        "ects", "uk-cats", "scqf", "hk-qf", "nz-nzqcf", "za-nqf", "my-mqa", "in-ncrf",
        "us-semester", "us-quarter", "us-ceu", "kr-credit",
    }  # fmt: skip
    assert all({"en", "ko", "zh", "hi"} <= set(unit.name) for unit in TABLE.units.values())


def test_every_source_key_is_explained() -> None:
    known = (FOLDER / "SOURCES.md").read_text("utf-8")
    table = {key for row in known.splitlines() if row.startswith("| ") for key in row.split("|")[1].split(",")}
    used = {key for text in re.findall(r'^source = "([^"]+)"', PACK, re.MULTILINE) for key in text.split(",")}
    assert {key.strip() for key in used} <= {key.strip() for key in table}


def test_nothing_from_memory_or_from_the_bank_claims_to_be_confirmed() -> None:
    terms = [term for unit in TABLE.units.values() for term in (*unit.terms, *sum(unit.countries.values(), ()))]
    provenances = [term.provenance for term in terms]
    provenances += [term.provenance for ratio in TABLE.ratios.values() for term in ratio.terms]
    doubtful = [each for each in provenances if each.basis == "bank-policy" or each.source in ("m", "U2", "U3")]
    assert doubtful
    assert not any(each.confirmed for each in doubtful)


def test_ratios_that_disagree_with_hours_are_listed_and_not_refused() -> None:
    found = {ratio.id for ratio, _, _ in disagreements(TABLE)}
    assert "ratio:uk-cats:ects" in found
    assert "ratio:us-quarter:us-semester" not in found


def test_the_digest_is_of_the_content_and_not_of_comments_or_spacing() -> None:
    respaced = "# a comment\n\n" + PACK.replace("hours = 10\n", "hours   =   10   # ten\n")
    assert parse(respaced).digest == TABLE.digest
    assert parse(PACK.replace("hours = 40\n", "hours = 41\n")).digest != TABLE.digest
    assert re.fullmatch("sha256:[0-9a-f]{64}", TABLE.digest)


HEAD = """[pack]
id = "units"
version = "1"
title = { en = "Units" }
"""
STANDING = 'source = "x"\nconfirmed = false\nbasis = "convention"\n'


def unit(name: str, terms: str = "hours = 10", more: str = "") -> str:
    head = f'[[unit]]\nid = "{name}"\nname = {{ en = "{name}" }}\nkind = "credit"\n'
    return f"{head}{more}[[unit.terms]]\n{terms}\n{STANDING}"


def ratio(one: str, other: str, amounts: str, more: str = "") -> str:
    return f'[[ratio]]\nbetween = ["{one}", "{other}"]\n[[ratio.terms]]\namounts = {amounts}\n{STANDING}{more}'


ABC = HEAD + unit("a") + unit("b") + unit("c")
AMPLIFYING = ABC + ratio("a", "b", "[2, 1]") + ratio("b", "c", "[1, 1]") + ratio("c", "a", "[1, 3]")

BROKEN = [
    ("a decimal point", HEAD + unit("a", "hours = 4.5"), "is not exact", "pack_invalid", 10),
    ("infinity", HEAD + unit("a", "hours = inf"), "is not exact", "pack_invalid", 10),
    ("a huge exponent", HEAD + unit("a", "hours = 1e999999999"), "is not exact", "pack_invalid", 10),
    ("not TOML", HEAD + "[[unit\n", "not TOML", "pack_invalid", 5),
    ("a date with a time", HEAD + unit("a", "hours = 1\nfrom = 2020-01-01T00:00:00Z"), "without a time",
     "pack_invalid", 11),
    ("no hours", HEAD + unit("a", "hours = 0"), "above zero", "pack_invalid", 5),
    ("a backward range", HEAD + unit("a", "hours = { low = 30, high = 25 }"), "below the high end", "pack_invalid", 5),
    ("half a range", HEAD + unit("a", "hours = { low = 30 }"), "written", "pack_invalid", 5),
    ("an unknown key", HEAD + unit("a", more='colour = "red"\n'), "the key colour is not known", "unknown_key", 5),
    ("a bad id", HEAD + unit("A B"), "lower-case", "pack_invalid", 5),
    ("a unit twice", HEAD + unit("a") + unit("a"), "defined twice", "duplicate_id", 14),
    ("an end before its start", HEAD + unit("a", "hours = 1\nfrom = 2020-01-02\nuntil = 2020-01-01"),
     "before it begins", "terms_gap_or_overlap", 5),
    ("a ratio to nowhere", HEAD + unit("a") + ratio("a", "z", "[1, 2]"), "two credit units", "unknown_unit", 14),
    ("a ratio to itself", HEAD + unit("a") + ratio("a", "a", "[1, 2]"), "two different units", "pack_invalid", 14),
    ("a ratio twice", ABC + ratio("a", "b", "[1, 2]") + ratio("b", "a", "[2, 1]"), "already", "duplicate_id", 39),
    ("a ratio of one number", ABC + ratio("a", "b", "[1]"), "two values", "pack_invalid", 32),
    ("a circle that mints", AMPLIFYING, "change the amount", "amplifying_cycle", 46),
    ("no head", unit("a"), r"one \[pack\] table", "pack_invalid", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words", "code", "line"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_a_mistake_is_refused_with_its_place(text: str, words: str, code: str, line: int | None) -> None:
    with pytest.raises(PackInvalid, match=words) as refusal:
        parse(text, name="my-pack.toml")
    assert (refusal.value.problem_code, refusal.value.line) == (code, line)
    assert str(refusal.value).startswith("my-pack.toml")


def test_a_circle_is_found_on_any_day_on_which_it_closes() -> None:
    first = "until = 2019-12-31\n[[ratio.terms]]\nfrom = 2020-01-01\namounts = [1, 2]\n" + STANDING
    steady = ABC + ratio("b", "c", "[1, 1]") + ratio("c", "a", "[1, 2]")
    assert parse(steady + ratio("a", "b", "[2, 1]")).ratios
    with pytest.raises(PackInvalid) as refusal:
        parse(steady + ratio("a", "b", "[2, 1]", first))
    assert refusal.value.problem_code == "amplifying_cycle"


def test_terms_with_a_gap_between_them_are_refused() -> None:
    gap = "until = 2019-12-31\n[[ratio.terms]]\nfrom = 2020-01-02\namounts = [2, 1]\n" + STANDING
    with pytest.raises(PackInvalid, match="day after") as refusal:
        parse(ABC + ratio("a", "b", "[2, 1]", gap))
    assert refusal.value.problem_code == "terms_gap_or_overlap"


def test_an_honest_circle_of_ratios_is_accepted() -> None:
    table = parse(ABC + ratio("a", "b", "[2, 1]") + ratio("b", "c", "[1, 3]") + ratio("c", "a", "[3, 2]"))
    assert len(table.ratios) == 6


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = 1" + "0" * 5000, "a = 9007199254740992", "a = 07:32:00"])
def test_hostile_toml_is_refused_as_a_pack_and_not_as_a_crash(text: str) -> None:
    with pytest.raises(PackInvalid):
        strict_toml.loads(text)


def test_a_file_beyond_a_million_characters_is_not_read() -> None:
    with pytest.raises(PackInvalid, match="million"):
        strict_toml.loads("#" * 1_000_001)
