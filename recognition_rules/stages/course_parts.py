"""What an award brings to each course it stands for: one candidate for each, with what is recorded there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from recognition_rules.amount_text import text_of_amount
from recognition_rules.award import Award, FactValue
from recognition_rules.canonical import Json
from recognition_rules.conditions.targets import COMPULSORY, COURSE
from recognition_rules.rules.courses import Course
from recognition_rules.stages.frame import Candidate, Direction, Frame
from recognition_rules.stages.pairing import Pairing
from recognition_rules.stages.pricing import Price
from recognition_rules.truth import Edit, Finding, Truth

SURPLUS = "+surplus"
"""The part of an award that is beyond what its courses record."""

_ZERO = Fraction(0)


def parts_of(found: Pairing, frame: Frame, taken: Mapping[str, Sequence[str]]) -> list[Candidate]:
    """A candidate for each award and course, and for what is left over; a course that is taken is a duplicate.

    Several awards share what is recorded in proportion to their worth, and count for a course together or not.
    """
    parts: list[Candidate] = []
    for candidate, share in zip(found.awards, _shares(found), strict=True):
        for course in found.courses:
            parts.append(_part(found, candidate, course, share, frame))
            if course.id in taken:
                _duplicate(parts[-1], found, taken[course.id])
        surplus = _surplus(found) * share
        if surplus > 0:
            parts.append(_left_over(found, candidate, surplus))
    return parts


def _shares(found: Pairing) -> list[Fraction]:
    source, number = found.source, len(found.awards)
    if source is None or source == 0:
        return [Fraction(1, number)] * number
    return [each.worth / source for each in found.awards]


def _part(found: Pairing, candidate: Candidate, course: Course, share: Fraction, frame: Frame) -> Candidate:
    amount = _recorded(found, course) * share
    part = _copy(candidate, course.id, _award(candidate.award, course), _price(found, candidate, amount))
    part.course = course
    _direct(part, found)
    if len(found.awards) > 1:
        part.together = f"{found.head.id}:{course.id}:{found.awards[0].award.id}"
    if frame.trace.telling:
        step = frame.trace.add(
            "articulate",
            "matched",
            award=candidate.award.id,
            rule=found.head.id,
            terms=found.terms,
            inputs=_inputs(found, course),
            arithmetic=_words(found, course, amount),
        )
        part.steps.append(step)
    return part


def _copy(candidate: Candidate, name: str, award: Award, price: Price) -> Candidate:
    """The candidate as it is so far, under a name of its own; what is found later concerns the part alone."""
    return replace(
        candidate,
        award=award,
        price=price,
        part=name,
        against=list(candidate.against),
        unknown=list(candidate.unknown),
        charged=list(candidate.charged),
        notes=list(candidate.notes),
        edits=list(candidate.edits),
        steps=list(candidate.steps),
        directions=dict(candidate.directions),
    )


def _recorded(found: Pairing, course: Course) -> Fraction:
    """What all awards together are recorded with for one course."""
    credits_ = found.target * _weight(found, course)
    source = found.source
    if found.record == "target" or source is None:
        return credits_
    whole = source if found.record == "source" else min(source, found.target)
    return whole * _weight(found, course)


def _weight(found: Pairing, course: Course) -> Fraction:
    together = sum((each.credits for each in found.courses), _ZERO)
    return course.credits / together if together else Fraction(1, len(found.courses))


def _surplus(found: Pairing) -> Fraction:
    source = found.source
    if found.surplus_to is None or found.record == "source" or source is None:
        return _ZERO
    return max(source - found.target, _ZERO)


def _price(found: Pairing, candidate: Candidate, amount: Fraction) -> Price:
    """What is recorded is fixed by the articulation, unless it rests on a worth that is not known."""
    if found.needs_source and candidate.price.truth is not Truth.YES:
        return replace(candidate.price, rounded=_ZERO)
    return Price(amount, amount, _ZERO, Truth.YES, None, None, None, {}, "")


def _award(award: Award, course: Course) -> Award:
    """The award in the place of the course: what the course says of itself replaces what the award says."""
    facts: dict[str, FactValue] = {**award.facts, COURSE: course.id}
    if course.compulsory is not None:
        facts[COMPULSORY] = "true" if course.compulsory else "false"
    if course.component is not None:
        facts["component"] = course.component
    return replace(
        award,
        course_class=course.course_class or award.course_class,
        area=course.area or award.area,
        level=course.level or award.level,
        facts=facts,
    )


def _left_over(found: Pairing, candidate: Candidate, surplus: Fraction) -> Candidate:
    award = replace(candidate.award, course_class=found.surplus_to)
    part = _copy(candidate, SURPLUS, award, Price(surplus, surplus, _ZERO, Truth.YES, None, None, None, {}, ""))
    _direct(part, found)
    return part


def _direct(part: Candidate, found: Pairing) -> None:
    """The kind that an articulation names beats the one that a table gives."""
    if found.kind is not None:
        part.directions["kind"] = Direction(found.kind, found.head, found.terms, found.row or found.head.id)


def _duplicate(part: Candidate, found: Pairing, holders: Sequence[str]) -> None:
    facts: dict[str, Json] = {"with": list(holders), "course": part.part}
    finding = Finding("DUPLICATE_OF", facts, Edit("give_up", {"award": holders[0]}))
    part.hold(Truth.NO, (finding,), found.head.label, found.head.id)


def _inputs(found: Pairing, course: Course) -> dict[str, Json]:
    source = found.source
    return {
        "course": course.id,
        "record": found.record,
        "row": found.row,
        "source": None if source is None else text_of_amount(source),
        "target": text_of_amount(found.target),
        "awards": [each.award.id for each in found.awards],
    }


def _words(found: Pairing, course: Course, amount: Fraction) -> str:
    source = "?" if found.source is None else text_of_amount(found.source)
    target, shown = text_of_amount(found.target), text_of_amount(amount)
    rule = {"target": f"the target's {target}", "source": f"the source's {source}"}
    recorded = rule.get(found.record, f"the smaller of {source} and {target}")
    return f"{source} for {target}: {recorded}, of it {shown} for {course.id}"
