"""The subject of an Open Badge: who achieved what, with which credits and results (OB 3.0, `AchievementSubject`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from credentials.achievement import (
    ATTENDANCE,
    LEARNING_HOURS,
    LETTER_GRADE,
    PERCENT,
    Achievement,
    IdentityObject,
    Result,
    achievement,
    identity,
    number_of,
    result,
    value_of,
)
from credentials.dates import optional_day
from credentials.errors import MalformedCredential
from credentials.members import Object, credits_amount, objects, single, text, texts, wrong
from credentials.stated_results import NONE_STATED, StatedResults, stated_results


@dataclass(frozen=True, slots=True)
class AchievementSubject:
    """Who achieved what. `score` is out of 100, `attendance` a share between 0 and 1, `hours` are hours of learning;
    `stated` are the named facts and the learning outcomes.
    """

    id: str | None
    identifiers: tuple[IdentityObject, ...]
    achievement: Achievement
    credits_earned: Fraction | None
    results: tuple[Result, ...]
    activity_start: date | None
    activity_end: date | None
    score: Fraction | None
    attendance: Fraction | None
    hours: Fraction | None
    grade: str | None
    stated: StatedResults = NONE_STATED


def achievement_subject(document: Mapping[str, Any]) -> AchievementSubject:
    """The typed view of an Open Badge's `credentialSubject`.

    Raises MalformedCredential: `cardinality` for more than one subject, achievement, amount or result of a kind;
    `credits_out_of_range`; `out_of_range` for a date or share no calendar or hundred has; `malformed_credential`.
    """
    source = single(document, "credentialSubject")
    if source is None or "AchievementSubject" not in texts(source, "type"):
        raise wrong("credentialSubject", "is not an AchievementSubject")
    achieved = single(source, "achievement")
    if achieved is None:
        raise wrong("achievement", "is missing")
    return _checked(_subject(source, achievement(achieved)))


def _subject(source: Object, achieved: Achievement) -> AchievementSubject:
    results = tuple(result(item, achieved.result_types or {}) for item in objects(source, "result"))
    attendance = number_of(results, ATTENDANCE)
    return AchievementSubject(
        id=text(source, "id"),
        identifiers=tuple(map(identity, objects(source, "identifier"))),
        achievement=achieved,
        credits_earned=credits_amount(source, "creditsEarned"),
        results=results,
        activity_start=optional_day(source, "activityStartDate"),
        activity_end=optional_day(source, "activityEndDate"),
        score=number_of(results, PERCENT),
        attendance=None if attendance is None else attendance / 100,
        hours=number_of(results, LEARNING_HOURS),
        grade=value_of(results, LETTER_GRADE),
        stated=stated_results(results, achieved.described),
    )


def _checked(found: AchievementSubject) -> AchievementSubject:
    if not found.id and not found.identifiers:
        raise wrong("credentialSubject", "names neither an id nor an identifier")
    if found.activity_start and found.activity_end and found.activity_start > found.activity_end:
        raise wrong("activityEndDate", "is before the activity's start")
    if found.score is not None and found.score > 100:
        raise MalformedCredential("out_of_range")
    if found.attendance is not None and found.attendance > 1:
        raise MalformedCredential("out_of_range")
    return found
