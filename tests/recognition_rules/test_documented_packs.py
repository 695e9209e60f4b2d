"""What the documentation shows a registrar is read as it stands, and its case holds."""

import json
import re
from pathlib import Path

import pytest

from recognition_rules.award import Award
from recognition_rules.cases import run_cases
from recognition_rules.pack import parse

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: str, language: str = "toml") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (DOCS / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)


PACK, CASES = (next(each for each in blocks("rule-packs.md") if name in each) for name in ("[sources]", "[[case]]"))


def test_the_small_pack_is_sound_and_its_case_holds() -> None:
    assert [result.differences for result in run_cases(parse(PACK), CASES)] == [()]


@pytest.mark.parametrize("number", range(len(blocks("rules/words-and-cases.md"))))
def test_each_block_about_names_lists_and_twins_is_read_as_it_stands(number: int) -> None:
    block = blocks("rules/words-and-cases.md")[number]
    assert parse(f"{PACK}\n{block}").digest != parse(PACK).digest


def test_an_award_is_read_from_the_documented_form() -> None:
    (form,) = blocks("rules/words-and-cases.md", "json")
    awards = [Award.from_json(each) for each in json.loads(form)]
    assert [each.id for each in awards] == ["a1"]
