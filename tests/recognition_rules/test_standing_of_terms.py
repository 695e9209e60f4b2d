"""What the shipped packs claim of their terms: confirmed only where a good source was read, memory never applied."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from recognition_rules.authoring.lint_draft import walk
from recognition_rules.packs import builtin, builtin_ids, kind_of

Term = tuple[str, Mapping[str, Any], bool]
OFF_WITHIN = {("us-transfer", "graduate")}
"""Programmes from memory, which cannot be switched off: the one test of theirs is."""
WITH_REFERENCES = [pack for pack in builtin_ids() if kind_of(pack) not in ("units", "levels")]


def terms_of(pack: Mapping[str, Any]) -> Iterator[Term]:
    """Every entry of terms: whose it is, the entry, and whether it is applied."""
    values = {each["id"]: each["value"] for each in pack.get("parameter", [])}
    for _, table in walk(pack):
        switch = table.get("enabled", True)
        applied = values[switch["parameter"]] if isinstance(switch, dict) else switch
        listed = table.get("terms", table.get("edition", []))
        for entry in listed if isinstance(listed, list) else []:
            yield str(table.get("id", table.get("test"))), entry, applied and pack["pack"].get("unconfirmed") != "off"


def standings(pack: Mapping[str, Any], entry: Mapping[str, Any]) -> set[str]:
    known = {each["id"]: each["standing"] for each in pack["reference"]}
    return {known[key.strip()] for key in entry["source"].split(",")}


@pytest.mark.parametrize("name", WITH_REFERENCES)
def test_confirmed_is_only_what_a_good_source_says(name: str) -> None:
    pack = tomllib.loads(builtin(name))
    claimed = [(rule, standings(pack, entry)) for rule, entry, _ in terms_of(pack) if entry["confirmed"]]
    assert [rule for rule, found in claimed if "confirmed" not in found or "memory" in found] == []


@pytest.mark.parametrize("name", WITH_REFERENCES)
def test_what_is_from_memory_is_off(name: str) -> None:
    pack = tomllib.loads(builtin(name))
    on = [rule for rule, entry, applied in terms_of(pack) if applied and standings(pack, entry) == {"memory"}]
    assert [rule for rule in on if (name, rule) not in OFF_WITHIN] == []


@pytest.mark.parametrize("name", builtin_ids("units") + builtin_ids("levels"))
def test_the_tables_claim_nothing_from_memory_or_of_the_banks_own(name: str) -> None:
    for _, table in walk(tomllib.loads(builtin(name))):
        if table.get("confirmed") is True:
            assert table["basis"] != "bank-policy"
            assert not {"m", "U2", "U3", "R58"} & {key.strip() for key in table["source"].split(",")}
