"""Leaving on the way: certificate, diploma, bachelor, honours of India's framework (R17), and what they ask for."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.award import Award, Use
from recognition_rules.errors import PackInvalid
from recognition_rules.explain import explain
from recognition_rules.levels import Level
from recognition_rules.pack import Pack
from tests.recognition_rules import requirement_packs as packs

Make = Callable[..., Any]

NCRF = [("ug-certificate", 40, "4.5"), ("ug-diploma", 80, "5"), ("bachelor", 120, "5.5"), ("honours", 160, "6")]
SKILL = (
    '{ test = "skill", title = { en = "Skill course" }, where = { class = ["business"] }, at_least = 4, '
    "enabled = SWITCH },"
)


def ncrf(switch: str = "false") -> str:
    """The four exits: the total, of which 40 at the level of the last year; the skill course where it is on."""
    return "".join(
        f'[[exit]]\nid = "{name}"\ntitle = {{ en = "{name}" }}\ntotal = {total}\nTERMS\n[exit.require]\nall = [\n'
        f'  {{ test = "{name}-total", title = {{ en = "Total" }}, at_least = {{ ref = "exit_award.total" }} }},\n'
        f'  {{ test = "{name}-level", title = {{ en = "At level" }}, at_least = 40, '
        f'where = {{ level_at_least = {{ framework = "in-ncrf", value = "{level}" }} }} }},\n'
        f"  {SKILL.replace('SWITCH', switch).replace('skill', name + '-skill')}\n]\n"
        for name, total, level in NCRF
    )


@pytest.fixture
def pack(make_pack: Make) -> Callable[..., Pack]:
    def build(switch: str = "false", rules: str = "") -> Pack:
        made: Pack = make_pack(rules + ncrf(switch), packs.programme(packs.TOTAL, "total = 160"), packs.HEAD)
        return made

    return build


@pytest.fixture
def year(make_award: Make) -> Callable[..., list[Award]]:
    """A year of study: one award for its credits at its level."""

    def build(number: int, credits_: str = "40", **fields: Any) -> list[Award]:
        told = {"source": "own", "level": Level("in-ncrf", Fraction(8 + number, 2)), **fields}
        return [make_award(f"y{number}", credits_, "us-semester", **told)]

    return build


def statuses(found: Any) -> dict[str, str]:
    return {each.id: each.status for each in found.exits}


def test_each_year_opens_the_next_exit(pack: Make, year: Make, decide: Make) -> None:
    awards = year(1) + year(2)
    found = decide(awards, pack())
    assert statuses(found) == {
        "ug-certificate": "open",
        "ug-diploma": "open",
        "bachelor": "not_open",
        "honours": "not_open",
    }
    assert statuses(decide(awards + year(3) + year(4), pack()))["honours"] == "open"


def test_38_credits_open_nothing_and_are_2_short(pack: Make, year: Make, decide: Make) -> None:
    found = decide(year(1, "38"), pack(), exit_award="ug-certificate")
    assert found.status == "short"
    assert found.requirement("ug-certificate-total").shortfall == 2
    assert found.objectives[0].value == 4, "2 in all, 2 at the level"


def test_the_exit_that_is_sought_sets_the_requirements(pack: Make, year: Make, decide: Make) -> None:
    found = decide(year(1) + year(2), pack(), exit_award="ug-diploma")
    assert found.status == "granted"
    assert [each.id for each in found.requirements] == ["ug-diploma-total", "ug-diploma-level"]
    assert [each.sought for each in found.exits] == [False, True, False, False]
    assert decide(year(1) + year(2), pack(), exit_award="degree").status == "short", "the programme asks for 160"


def test_80_credits_of_the_first_level_are_no_diploma(pack: Make, year: Make, decide: Make) -> None:
    found = decide(year(1, "80"), pack(), exit_award="ug-diploma")
    assert (found.status, found.requirement("ug-diploma-level").have) == ("short", 0)
    assert next(step.result for step in found.steps if step.rule == "ug-diploma-level") == "SHORT_LEVEL"


def test_a_condition_that_nobody_confirmed_is_off_until_it_is_switched_on(pack: Make, year: Make, decide: Make) -> None:
    assert decide(year(1), pack(), exit_award="ug-certificate").status == "granted"
    strict = decide(year(1), pack("true"), exit_award="ug-certificate")
    assert (strict.status, strict.requirement("ug-certificate-skill").shortfall) == ("short", 4)


def test_what_an_earlier_exit_debited_does_not_open_the_next(pack: Make, year: Make, decide: Make) -> None:
    """R16: the certificate took the first year; without an exception of the rule of use it is gone."""
    used = [Use("y1", "certificate-2024")]
    found = decide(year(1) + year(2), pack(), used=used)
    assert statuses(found)["ug-diploma"] == "not_open"
    assert found.decision("y1").reasons[0].code == "ALREADY_REDEEMED"


def test_an_exit_that_was_held_may_be_lost(pack: Make, year: Make, decide: Make) -> None:
    found = decide(year(1, revoked=True), pack(), held=["ug-certificate"])
    assert statuses(found)["ug-certificate"] == "lost"
    assert [step.result for step in found.steps if step.rule == "ug-certificate"] == ["AWARD_AT_RISK"]


def test_exits_and_points_are_told_in_sentences(pack: Make, year: Make, decide: Make) -> None:
    points = '[[measure]]\nid = "points"\ntitle = { en = "Points" }\nweights = [{ level = "in-ncrf" }]\nTERMS\n'
    rules = pack(rules=points)
    told = explain(decide(year(1), rules), pack=rules)
    assert "✓ ug-certificate (40): may be awarded" in told
    assert "Points: 180" in told
    unknown = explain(decide(year(1, level=None), rules), pack=rules)
    assert "? ug-certificate (40): not yet decided" in unknown
    assert "Points: cannot be told yet, because of y1" in unknown


def test_an_unknown_level_leaves_an_exit_open(pack: Make, year: Make, decide: Make) -> None:
    assert statuses(decide(year(1, level=None), pack()))["ug-certificate"] == "undetermined"


def test_each_exit_seats_the_same_credits_anew(make_pack: Make, make_award: Make, decide: Make) -> None:
    """Slots of an exit that is not sought are filled for it alone: the programme's own places stay as they are."""
    seats = packs.slot("core", 'where = { class = ["major"] }, at_least = 9') + packs.slot("rest", "rest = true")
    leave = (
        '[[exit]]\nid = "leave"\ntitle = { en = "Leave" }\ntotal = 9\nTERMS\n[exit.require]\nall = [\n'
        + packs.slot("small", 'where = { class = ["major"] }, at_least = 3')
        + packs.slot("wide", 'where = { class = ["major", "free"] }, at_least = 6')
        + "]\n"
    )
    pack = make_pack(leave, packs.programme(seats), packs.HEAD)
    found = decide([make_award(name, "3", "us-semester", source="own") for name in "abc"], pack)
    assert found.exits[0].status == "open"
    assert {each.slot for each in found.decisions} == {"core"}
    assert found.status == "granted"


def test_exits_stand_in_the_answer_only_where_a_pack_has_them(pack: Make, make_pack: Make, decide: Make) -> None:
    assert "exits" not in decide([], make_pack()).to_json()
    shown = decide([], pack()).to_json()["exits"]
    assert [each["id"] for each in shown] == [name for name, _, _ in NCRF]
    assert set(shown[0]) == {"id", "status", "total", "sought", "requirements"}


@pytest.mark.parametrize(
    ("exit_", "word"),
    [
        ('id = "a"\ntitle = { en = "A" }\nTERMS\n', "total"),
        ('id = "a"\ntitle = { en = "A" }\ntotal = 40\nTERMS\n', "require"),
        ('id = "a"\ntitle = { en = "A" }\ntotal = 40\nprogrammes = ["master"]\nTERMS\n[exit.require]\n'
         'all = [{ test = "t", title = { en = "T" }, at_least = 40 }]\n', "programme 'master'"),
        ('id = "a"\ntitle = { en = "A" }\ntotal = 40\nTERMS\n[exit.require]\n'
         'all = [{ test = "t", title = { en = "T" }, at_least = { ref = "programme.total" } }]\n', "one of"),
    ],
)  # fmt: skip
def test_an_exit_that_cannot_be_read_is_refused(make_pack: Make, exit_: str, word: str) -> None:
    with pytest.raises(PackInvalid, match=word):
        make_pack(f"[[exit]]\n{exit_}", packs.programme(packs.TOTAL), packs.HEAD)
