"""Which programmes one more award can never worsen, and why the others are none of them."""

from collections.abc import Callable
from typing import Any

import pytest

from recognition_rules.monotone import is_monotone
from recognition_rules.pack import Pack
from tests.recognition_rules import requirement_packs as packs

Make = Callable[..., Any]

CAP = '[[limit]]\nid = "cap"\ntitle = { en = "Cap" }\nREST\nTERMS\n'
TWIN = '[[equivalence]]\nid = "twin"\ntitle = { en = "Twin" }\n'
TWIN += 'kind = "exclusive"\nkey = "title-core"\nblocks = "BY"\nTERMS\n'
GATE = '[[eligibility]]\nid = "gate"\ntitle = { en = "Gate" }\nTERMS\n[eligibility.require]\nREST\n'
HALF = packs.test("half", 'at_least = { share = "50%", of = "counted" }, where = { source = ["own"] }')
LAST = packs.test("last", 'at_least = 3, window = { last = 6, by = ["ended_on", "award_id"], straddling = "whole" }')
PEERS = 'where = { exists_same_period = { calendar = "semester", source = ["own"] } }'


@pytest.fixture
def reasons(make_pack: Make) -> Callable[..., str]:
    def ask(rules: str = "", tree: str = packs.TOTAL, head: str = packs.BEST) -> str:
        pack: Pack = make_pack(rules, packs.programme(tree), head)
        return " ".join(is_monotone(pack, pack.programmes["degree"]))

    return ask


@pytest.mark.parametrize(
    "rules",
    [
        "",
        CAP.replace("REST", "at_most = 3"),
        CAP.replace("REST", 'at_most = { share = "50%", of = "registered" }'),
        TWIN.replace("BY", "counted"),
        GATE.replace("REST", "score_at_least = 50"),
    ],
)
def test_limits_and_duplicates_under_the_best_choice_never_worsen(reasons: Make, rules: str) -> None:
    assert reasons(rules) == ""


@pytest.mark.parametrize(
    ("rules", "tree", "head", "word"),
    [
        ("", packs.TOTAL, packs.HEAD, "in order"),
        (TWIN.replace("BY", "eligible"), packs.TOTAL, packs.BEST, "'twin'"),
        (CAP.replace("REST", PEERS + "\nat_most = 3"), packs.TOTAL, packs.BEST, "'cap'"),
        (CAP.replace("REST", 'at_most = { share = "1/2", of = "exit_award.total" }'), packs.TOTAL, packs.BEST, "'cap'"),
        ("", packs.TOTAL + HALF, packs.BEST, "'half'"),
        ("", packs.TOTAL + LAST, packs.BEST, "'last'"),
        ("", packs.test("p", PEERS + ", at_least = 3"), packs.BEST, "'p'"),
    ],
)
def test_what_may_worsen_is_named(reasons: Make, rules: str, tree: str, head: str, word: str) -> None:
    assert word in reasons(rules, tree, head)


def test_a_history_is_a_reason(reasons: Make) -> None:
    history = GATE.replace("REST", 'no_earlier = { same = "title-core", where = { score_at_least = 50 } }')
    assert "'gate'" in reasons(history)
