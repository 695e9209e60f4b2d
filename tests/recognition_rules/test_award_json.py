"""An award read from JSON is strict about names and kinds, and names the field that is wrong."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from recognition_rules.award import Award, Grade, LearningOutcome
from recognition_rules.canonical import canonical
from recognition_rules.input_errors import AwardMalformed
from recognition_rules.levels import Level

Make = Callable[..., Any]


def test_every_field_survives(make_award: Make) -> None:
    award = make_award(
        "a",
        "20/3",
        "ects",
        provider_root="group",
        achievement="https://example.org/a",
        hours=Fraction(200),
        country="FI",
        area="arts",
        level=Level("ncrf", Fraction("5.5")),
        grade=Grade("kr-letter", "A+"),
        score=Fraction("79.5"),
        attendance=Fraction("0.7999"),
        started_on=date(2025, 3, 1),
        awarded_on=date(2025, 6, 30),
        received_on=date(2025, 7, 1),
        sequence=7,
        issuer_accredited=True,
        revoked=True,
        outcomes=(LearningOutcome("1", Fraction(50)), LearningOutcome("2", None, passed=True)),
        facts={"certificate": "welder", "year": 2024, "registered": True},
    )
    assert Award.from_json(award.to_json()) == award
    assert award.to_json()["amount"] == {"amount": "20/3", "unit": "ects"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", 7),
        ("id", None),
        ("amount", {"amount": 3, "unit": "ects"}),
        ("amount", {"amount": "3.0e1", "unit": "ects"}),
        ("amount", {"amount": "-3", "unit": "ects"}),
        ("amount", {"amount": "3"}),
        ("amount", {"amount": "3", "unit": "ECTS credits"}),
        ("title", {"not a tag!": "x"}),
        ("title", {"ko": "\ud800"}),
        ("score", "101"),
        ("score", 60),
        ("attendance", "80"),
        ("ended_on", "2025-02-30"),
        ("ended_on", "0001-01-01"),
        ("sequence", True),
        ("sequence", 2**53),
        ("revoked", "yes"),
        ("level", {"framework": "eqf", "value": 6}),
        ("outcomes", {"id": "1"}),
        ("facts", {"x": 1.5}),
        ("facts", {"x": [1]}),
        ("facts", {"사실": "x"}),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(make_award: Make, field: str, value: object) -> None:
    form = {**make_award("a").to_json(), field: value}
    with pytest.raises(AwardMalformed) as refusal:
        Award.from_json(form)
    assert refusal.value.facts["field"] == field


def test_an_unknown_field_is_refused(make_award: Make) -> None:
    with pytest.raises(AwardMalformed):
        Award.from_json({**make_award("a").to_json(), "colour": "red"})


def test_a_lone_surrogate_never_reaches_the_canonical_bytes() -> None:
    with pytest.raises(ValueError):
        canonical({"a": "\ud800"})
