"""The page about the shipped packs names each of them with the number of its cases, and every rule of the catalogue."""

import re
import tomllib
from pathlib import Path

import pytest

from recognition_rules.packs import builtin, builtin_ids, kind_of

TEXT = (Path(__file__).parents[2] / "docs/rules/packs.md").read_text("utf-8")
LISTED = {name: (form, cases) for name, form, cases in re.findall(r"\| `([^`]+)` \| [^|]+ \| (\w+) \| (\S+) \|", TEXT)}
CATALOGUE = {f"R{number:02}" for number in range(1, 59)} | {f"R{name}" for name in ("11b", "18b", "28b", "28c")}
CATALOGUE |= {f"R{name}" for name in ("37b", "40b", "42b")}


def test_every_pack_is_listed() -> None:
    assert sorted(LISTED) == sorted(builtin_ids())


@pytest.mark.parametrize("pack", sorted(LISTED))
def test_its_form_and_the_number_of_its_cases_are_true(pack: str) -> None:
    try:
        cases = str(len(tomllib.loads(builtin(pack, "cases.toml"))["case"]))
    except FileNotFoundError:
        cases = "–"
    assert LISTED[pack] == (kind_of(pack), cases)


def test_every_rule_of_the_catalogue_has_its_place() -> None:
    named: set[str] = set()
    for cell in re.findall(r"^\| (R[^|]+) \|", TEXT, re.MULTILINE):
        for part in cell.split(", "):
            first, _, last = part.partition("–")
            numbers = range(int(first[1:3]), int(last[1:3]) + 1) if last else ()
            named |= {f"R{number:02}" for number in numbers} or {first}
    assert named == CATALOGUE
