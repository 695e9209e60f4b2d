"""Which courses of the target are satisfied, and what was recorded for them: two answers, not one.

A course may be satisfied although its units are short, and a match may leave a surplus that goes elsewhere.
"""

from collections.abc import Sequence

from recognition_rules.amount_text import total
from recognition_rules.recognition import CourseResult
from recognition_rules.rules.courses import Course
from recognition_rules.stages.frame import Candidate
from recognition_rules.stages.leaf_readings import satisfies


def course_results(candidates: Sequence[Candidate]) -> tuple[CourseResult, ...]:
    """Every course for which an award stands, in the order of the awards."""
    found: dict[str, tuple[Course, list[Candidate]]] = {}
    for each in candidates:
        if each.course is not None:
            found.setdefault(each.course.id, (each.course, []))[1].append(each)
    return tuple(_result(course, parts) for course, parts in found.values())


def _result(course: Course, parts: Sequence[Candidate]) -> CourseResult:
    standing = [each for each in parts if each.is_open and satisfies(each)]
    waived = bool(standing) and all(each.kind is not None and each.kind.waives for each in standing)
    open_ = any(each.on_condition and each.is_open for each in parts) or any(each.may_still_count for each in parts)
    return CourseResult(
        id=course.id,
        satisfied="yes" if standing else "undetermined" if open_ else "no",
        credits=course.credits,
        recorded=total(each.counted for each in parts),
        conditional=total(each.conditional for each in parts),
        waived=waived,
        awards=tuple((each.award.id, each.granted) for each in parts if each.is_open),
    )
