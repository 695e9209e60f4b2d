"""What a grade is at another institution: the question, and the answer with its sums."""

from typing import Any, Literal

from pydantic import Field

from api.schemas.common import Day, Line, Name, Wire, shown
from api.schemas.validations import RuleReason

_QUESTION: dict[str, Any] = {
    "pack": "ects-grades",
    "grade": "1.7",
    "source": "elbe-university",
    "target": "arno-university",
    "field": "0613",
    "cycle": "first",
    "on": "2026-09-01",
    "overlap": "majority",
}


class GradeConversionRequest(Wire):
    """A grade, where it was given, who asks, and the reference group (field of ISCED-F 2013, and cycle)."""

    model_config = shown(_QUESTION)

    pack: Name = Field(description="A pack of grade tables.")
    grade: Line
    source: Name = Field(description="The institution that gave it.")
    target: Name = Field(description="The institution that asks.")
    field: Name = Field(description="ISCED-F 2013: two to four digits.")
    cycle: Literal["short", "first", "second", "third"]
    on: Day | None = Field(default=None, description="The day; today if left out.")
    overlap: Literal["min", "mid", "max", "majority"] | None = Field(
        default=None, description="Which of several grades; as the pack says if left out."
    )


class GradeCandidate(Wire):
    """A grade that the range overlaps, and by how many percentage points."""

    grade: str
    overlap: str


class GradeConversionResult(Wire):
    """`converted`, `not_passing` or `undetermined`, with the sums to do again by hand, or every reason."""

    model_config = shown(
        {
            "status": "converted",
            "grade": "28",
            "candidates": [{"grade": "29", "overlap": "7.5"}, {"grade": "28", "overlap": "12.5"}],
            "reasons": [],
            "arithmetic": ["arno-061-first: 28 covers 32.5 % to 45 %; 45 − 32.5 = 12.5 in common"],
            "policy": {"overlap": "majority", "tie": "lower"},
            "tables": [None, None],
            "warnings": [{"en": "Example data: …"}],
            "pack": {"id": "ects-grades", "version": "2026.1", "digest": "sha256:…"},
        }
    )

    status: Literal["converted", "not_passing", "undetermined"]
    grade: str | None
    candidates: list[GradeCandidate]
    reasons: list[RuleReason]
    arithmetic: list[str]
    policy: dict[str, str]
    tables: list[dict[str, Any] | None]
    warnings: list[dict[str, str]]
    pack: dict[str, str]
