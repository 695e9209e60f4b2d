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


STATED = r'source = "([^"]+)"(?:, |\n)confirmed'
"""A source beside the standing of what was read in it; tables have a column of that name."""


def test_every_pack_is_listed() -> None:
    assert sorted(LISTED) == sorted(builtin_ids())


@pytest.mark.parametrize("pack", sorted(LISTED))
def test_its_form_and_the_number_of_its_cases_are_true(pack: str) -> None:
    try:
        cases = str(len(tomllib.loads(builtin(pack, "cases.toml"))["case"]))
    except FileNotFoundError:
        cases = "–"
    assert LISTED[pack] == (kind_of(pack), cases)


ROWS = {
    row[0]: row[1:] for row in re.findall(r"^\| (R\S+) \| ([^|]+) \| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", TEXT, re.M)
}


def test_every_rule_of_the_catalogue_has_its_place() -> None:
    assert set(ROWS) == CATALOGUE
    assert len(re.findall(r"^\| R", TEXT, re.M)) == len(CATALOGUE)


@pytest.mark.parametrize("rule", sorted(CATALOGUE))
def test_its_pack_has_the_cases_that_show_it_on_both_sides(rule: str) -> None:
    _, pack, within, beyond = ROWS[rule]
    there = {case["id"] for case in tomllib.loads(builtin(pack, "cases.toml"))["case"]}
    for cell in (within, beyond):
        named = set(re.findall(r"`([^`]+)`", cell))
        assert named
        assert named <= there, sorted(named - there)


@pytest.mark.parametrize("pack", builtin_ids())
def test_its_terms_name_sources_that_its_own_page_explains(pack: str) -> None:
    page = builtin(pack, "SOURCES.md")
    explained = {
        key.strip() for row in page.splitlines() if row.startswith("| ") for key in row.split("|")[1].split(",")
    }
    used = {key.strip() for each in re.findall(STATED, builtin(pack)) for key in each.split(",")}
    assert used
    assert used <= explained, sorted(used - explained)
