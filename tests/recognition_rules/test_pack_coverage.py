"""Coverage: which kinds of outcomes no rule of a pack matches."""

from datetime import date

import pytest

from recognition_rules.authoring.coverage import OutcomeType, coverage
from recognition_rules.authoring.outcome_rows import read_outcome_types
from recognition_rules.errors import PackInvalid
from recognition_rules.pack import Pack
from recognition_rules.units import UnitTable

ON = date(2026, 9, 1)


def test_what_the_pack_does_not_know_is_a_gap_and_what_falls_short_is_none(kr_acbs: Pack, units: UnitTable) -> None:
    types = [
        OutcomeType("kr-credit", "accredited-course", "major-elective", outcomes=900),
        OutcomeType("kr-credit", "certificate", "general", outcomes=80),
        OutcomeType("kr-credit", "bootcamp", "general", outcomes=7, learners=5),
        OutcomeType("ects", "accredited-course", "liberal", outcomes=3),
        OutcomeType("hours", "accredited-course", "liberal", outcomes=40),
    ]
    gaps = coverage(kr_acbs, types, on=ON, units=units)
    assert [(gap.type.unit, gap.type.source) for gap in gaps][:2] == [
        ("hours", "accredited-course"), ("kr-credit", "bootcamp"),
    ]  # fmt: skip
    assert gaps[1].reasons["bachelor"] == ("SOURCE_NOT_ELIGIBLE",)
    assert gaps[1].to_json()["type"]["learners"] == 5  # type: ignore[index, call-overload]


CSV = "source,class,outcomes,learners,level,framework\nbootcamp,general,3,2,6,eqf\nbootcamp,general,4,1,6,eqf\n"


def test_outcomes_of_a_file_are_added_up_by_type() -> None:
    (found,) = read_outcome_types(CSV.encode(), file="o.csv", unit="kr-credit")
    assert (found.source, found.unit, found.outcomes, found.learners) == ("bootcamp", "kr-credit", 7, 3)
    assert found.level is not None
    assert found.level.framework == "eqf"
    json = b'{"outcomes": [{"source": "bootcamp", "outcomes": 2}, {"source": "bootcamp", "unit": "ects"}]}'
    assert [each.unit for each in read_outcome_types(json, file="o.json", unit="kr-credit")] == ["kr-credit", "ects"]


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("source,colour\nx,red\n", 2, "'colour' is not known"),
        ("source,outcomes\nx,1\ny,many\n", 3, "cannot be read"),
        ("source,ended_on\nx,yesterday\n", 2, "2026-09-01"),
        ('{"rows": []}', 1, "outcomes"),
    ],
)
def test_a_file_of_outcomes_that_cannot_be_read_says_where(text: str, line: int, word: str) -> None:
    with pytest.raises(PackInvalid, match=word) as refusal:
        read_outcome_types(text.encode(), file="o.json" if text.startswith("{") else "o.csv", unit="ects")
    assert refusal.value.line == line
