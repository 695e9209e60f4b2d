"""Exercises after rules of other countries, written from the documentation alone, with cases computed by hand.

Every case is also turned over: told and untold, its awards in another order and handed in twice, in every language, and
with one fact less at a time, which may open a question but never answers it.
"""

import random
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from recognition_rules import cases
from recognition_rules.authoring.forms import read_files
from recognition_rules.authoring.lint import lint
from recognition_rules.award import Award
from recognition_rules.explain import explain
from recognition_rules.levels_pack import parse as parse_levels
from recognition_rules.pack import parse
from recognition_rules.packs import builtin
from recognition_rules.recognise import recognise
from recognition_rules.recognition import Recognition
from recognition_rules.units_pack import parse as parse_units
from tests.recognition_rules.trace_checker import complaints

WORLD = Path(__file__).parent / "world"
PACKS = sorted(each.name for each in WORLD.iterdir())
LEVELS, UNITS = parse_levels(builtin("levels")), parse_units(builtin("units"))
LANGUAGES = ("en", "ko", "zh-Hans", "hi")


class Asked:
    """The recognitions that a pack's cases ask for, so that they can be asked for again in another way."""

    def __init__(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        monkeypatch.setattr(cases, "recognise", self._noted)
        text = (WORLD / name / "pack.toml").read_text("utf-8")
        written = (WORLD / name / "cases.toml").read_text("utf-8")
        self.results = cases.run_cases(parse(text, name=f"{name}/pack.toml"), written, levels=LEVELS)

    def _noted(self, *given: Any, **named: Any) -> Recognition:
        self.asked.append((given, named))
        return recognise(*given, **named)

    def again(self) -> Iterator[tuple[tuple[Any, ...], dict[str, Any], Recognition]]:
        found = (each.recognition for each in self.results if each.recognition is not None)
        for (given, named), first in zip(self.asked, found, strict=True):
            yield given, named, first


@pytest.fixture
def asked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(request.param, monkeypatch)


every_pack = pytest.mark.parametrize("asked", PACKS, indirect=True)


@pytest.mark.parametrize("name", PACKS)
def test_lint_has_no_error(name: str) -> None:
    document = read_files({"pack.toml": (WORLD / name / "pack.toml").read_bytes()})
    found = lint(document, on=date(2026, 10, 1), units=UNITS, levels=LEVELS)
    assert [each for each in found if each.severity == "error"] == []


@every_pack
def test_what_was_computed_by_hand_holds(asked: Asked) -> None:
    assert [(each.id, each.differences) for each in asked.results if not each.passed] == []


@every_pack
def test_every_number_can_be_recomputed(asked: Asked) -> None:
    assert [line for _, _, found in asked.again() for line in complaints(found.to_json())] == []


@every_pack
def test_neither_order_nor_handing_in_twice_changes_a_byte(asked: Asked) -> None:
    for (awards, *rest), named, found in asked.again():
        shuffled = [*awards, *awards[:2]]
        random.Random(1).shuffle(shuffled)
        assert recognise(shuffled, *rest, **named).to_json() == found.to_json()


@every_pack
def test_what_is_not_told_is_decided_alike(asked: Asked) -> None:
    for given, named, found in asked.again():
        untold = recognise(*given, **named, trace=False)
        assert (untold.status, untold.totals) == (found.status, found.totals)
        assert [_decided(each) for each in untold.decisions] == [_decided(each) for each in found.decisions]


def _decided(decision: Any) -> tuple[Any, ...]:
    codes = [reason.code for reason in decision.reasons]
    return decision.award, decision.status, decision.amount, decision.counted, decision.slot, codes


@every_pack
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_told_without_a_hole(asked: Asked, language: str) -> None:
    for (awards, _, pack, *_), _, found in asked.again():
        lines = explain(found, language, pack=pack, awards=awards)
        assert not [line for line in lines if {"{", "}"} & set(line) or "None" in line or "  " in line.strip()]


@every_pack
def test_a_fact_less_opens_a_question_and_answers_none(asked: Asked) -> None:
    for (awards, *rest), named, found in asked.again():
        for number, award in enumerate(awards):
            for name, less in _less(award):
                again = recognise([*awards[:number], less, *awards[number + 1 :]], *rest, **named, trace=False)
                before, after = found.decision(award.id).status, again.decision(award.id).status
                assert (before, after) not in REFUSED, f"{award.id} without its {name}"
                assert found.status == "granted" or again.status != "granted", f"granted without {name} of {award.id}"


REFUSED = {(before, "not_counted") for before in ("counted", "partly", "conditional", "undetermined")}


def _less(award: Award) -> Iterator[tuple[str, Award]]:
    """The award with one thing less that it says of itself; that a right to an
    examination runs out is declared, and what nobody names stands for no course."""
    kept = {"id", "issuer", "amount", "title", "outcomes", "revoked", "facts"}
    for field in fields(award):
        if field.name not in kept and getattr(award, field.name) is not None:
            yield field.name, replace(award, **{field.name: None})
    for fact in award.facts.keys() - {"exam_passed", "code", "certificate"}:
        yield fact, replace(award, facts={name: value for name, value in award.facts.items() if name != fact})
