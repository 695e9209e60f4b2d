"""Duplicates by other keys than titles: one achievement, one certificate of one day, under however many ids."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from recognition_rules.errors import PackInvalid
from recognition_rules.pack import Pack

Make = Callable[..., Any]
BLOCKS = 'blocks = "counted"\n'
KEEPS = 'keeps = { class = "major", at_most = 1 }\nothers_become = "free"\n'
DAY, NEXT = date(2024, 5, 1), date(2024, 5, 2)


def twins(key: str) -> str:
    return f'[[equivalence]]\nid = "twins"\ntitle = {{ en = "T" }}\nkind = "exclusive"\n{BLOCKS}key = {key}\nTERMS\n'


def code(value: str | int | None) -> dict[str, Any]:
    return {"certificate": value} if value is not None else {}


# the key, the two awards, whether the second is a duplicate
PAIRS: dict[str, tuple[str, dict[str, Any], dict[str, Any], bool]] = {
    "one achievement": ('"achievement"', {"achievement": "urn:a"}, {"achievement": "urn:a"}, True),
    "two": ('"achievement"', {"achievement": "urn:a"}, {"achievement": "urn:b"}, False),
    "none that is named": ('"achievement"', {}, {}, False),
    "one code": ('"fact:certificate"', {"facts": code("x")}, {"facts": code("x")}, True),
    "two codes": ('"fact:certificate"', {"facts": code("x")}, {"facts": code("y")}, False),
    "no code": ('"fact:certificate"', {}, {}, False),
    "one code of one day": ('["fact:certificate", "awarded_on"]', {"facts": code("x"), "awarded_on": DAY},
                            {"facts": code("x"), "awarded_on": DAY}, True),
    "of two days": ('["fact:certificate", "awarded_on"]', {"facts": code("x"), "awarded_on": DAY},
                    {"facts": code("x"), "awarded_on": NEXT}, False),
    "of one day and one that is not known": ('["fact:certificate", "awarded_on"]',
                                             {"facts": code("x"), "awarded_on": DAY}, {"facts": code("x")}, False),
    "one day alone": ('"ended_on"', {"ended_on": DAY}, {"ended_on": DAY}, True),
}  # fmt: skip


@pytest.mark.parametrize("story", PAIRS)
@pytest.mark.parametrize("items", ["in-order", "best"])
def test_awards_that_are_equal_in_all_of_the_key_count_once(
    make_pack: Make, make_award: Make, decide: Make, story: str, items: str
) -> None:
    key, one, other, twice = PAIRS[story]
    pack = replace_items(make_pack(twins(key)), items)
    found = decide([make_award("a", **one), make_award("b", **other)], pack)
    assert [reason.code for reason in found.decision("b").reasons] == (["DUPLICATE_OF"] if twice else [])
    assert found.decision("a").status == "counted"


def replace_items(pack: Pack, items: Any) -> Pack:
    return replace(pack, choose=replace(pack.choose, items=items))


def test_beside_substitutes_such_a_key_is_no_title(make_pack: Make, make_award: Make, decide: Make) -> None:
    substitutes = (
        '[[equivalence]]\nid = "sub"\ntitle = { en = "S" }\nkind = "substitute"\nkey = "title-family"\n'
        f"{KEEPS}TERMS\n"
    )
    pack = make_pack(twins('["fact:certificate", "ended_on"]') + substitutes)
    same = {"facts": code("x"), "title": {"ko": "논리학"}}
    found = decide([make_award("a", **same), make_award("b", **same)], pack)
    assert found.decision("b").reasons[0].code == "DUPLICATE_OF"


BROKEN = ['"fact:"', '["fact:a", "issuer"]', '"mood"', "[]", '["fact:a + b"]']


@pytest.mark.parametrize("key", BROKEN)
def test_what_cannot_be_a_key_is_refused(make_pack: Make, key: str) -> None:
    with pytest.raises(PackInvalid):
        make_pack(twins(key))
    with pytest.raises(PackInvalid):
        make_pack(twins('"fact:certificate"').replace("exclusive", "substitute").replace(BLOCKS, KEEPS))
