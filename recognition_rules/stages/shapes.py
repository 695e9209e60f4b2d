"""What an award may be in the choice: its classes of twins and substitutes, and the forms a rule may give it."""

from collections.abc import Iterator

from recognition_rules.award import Award
from recognition_rules.normalisers import equivalence_key
from recognition_rules.pack import Equivalence
from recognition_rules.stages.equivalence import Class
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.rivals import rivalry
from recognition_rules.truth import Truth

_CHOSEN = ("LIMIT_", "NOT_NEEDED", "DUPLICATE_OF")


def is_pending(candidate: Candidate) -> bool:
    """Whether it is not known of the award whether it may count; that it found no room is no answer to that."""
    return bool(candidate.unknown) and all(each.code.startswith(_CHOSEN) for each in candidate.against)


def forms(candidate: Candidate, frame: Frame) -> list[Award]:
    """The award in each class in which it may count: where a substitute moves, as it came and moved."""
    came = as_it_came(candidate)
    found = {came.course_class: came, candidate.award.course_class: candidate.award}
    for rule in _comparing(came, frame, "substitute"):
        if came.course_class == rule.keeps_class and rule.others_become not in found:
            found[rule.others_become] = came.changed(course_class=rule.others_become)
    return list(found.values())


def as_it_came(candidate: Candidate) -> Award:
    """The award before a substitute rule moved it."""
    moved = next((each for each in candidate.notes if each.code == "SUBSTITUTE_OF"), None)
    return candidate.award if moved is None else candidate.award.changed(course_class=str(moved.facts["from"]))


def classes(candidate: Candidate, frame: Frame, kind: str | None = None) -> Iterator[Class]:
    """The classes of twins (exclusive) and substitutes that the award belongs to, or may belong to."""
    award = as_it_came(candidate)
    for rule in _comparing(award, frame, kind):
        key = equivalence_key(award, rule.key)
        if key is not None:
            yield rule.head.id, key
    rival = rivalry(frame, award)
    if rival is not None and kind != "substitute":
        yield rival[1]


def _comparing(award: Award, frame: Frame, kind: str | None) -> Iterator[Equivalence]:
    """The rules of a kind that compare the award, or may."""
    lifted = frame.lifted.get(award.id, frozenset())
    for rule in frame.plan.equivalences:
        asked = rule.head.id not in lifted and kind in (None, rule.kind)
        if asked and frame.situation.truth(rule.where, award) is not Truth.NO:
            yield rule


def loses_its_class(candidate: Candidate, frame: Frame) -> bool:
    """Whether a table has not answered yet what the award is."""
    tables = {each.head.id for each in frame.pack.tables}
    return bool(tables) and any(reason.rule in tables for reason in candidate.unknown)
