"""Awards that could stand for the same course: the choice settles which of them counts for it, as it does for twins.

Without this an award that finds no room, or fails its examination, would keep the course from one that could count.
"""

from collections.abc import Sequence

from recognition_rules.award import Award
from recognition_rules.conditions.compound import Everything
from recognition_rules.conditions.targets import COURSE
from recognition_rules.pack import Equivalence
from recognition_rules.stages.frame import Frame
from recognition_rules.stages.pairing import Pairing

BY_COURSE = "course"
"""What such an exclusive class is told apart by, in the place of an equivalence's key."""


def compete(frame: Frame, course: str, pairings: Sequence[Pairing]) -> None:
    """Puts single awards that could stand for a course, the one that holds it first, into one exclusive class."""
    rivals = frame.rivals.setdefault(course, {})
    for each in pairings:
        rivals.setdefault(each.awards[0].award.id, _rule(each))


def rivalry(frame: Frame, award: Award) -> tuple[Equivalence, tuple[str, str]] | None:
    """The exclusive class of the course that the award stands for, where somebody else could stand for it too."""
    course = award.facts.get(COURSE)
    rule = frame.rivals.get(str(course), {}).get(award.id) if frame.rivals else None
    return None if rule is None else (rule, (BY_COURSE, str(course)))


def _rule(found: Pairing) -> Equivalence:
    """At most one counts: the first in order, or under best the one that is better for the learner."""
    return Equivalence(
        head=found.head,
        where=Everything(),
        kind="exclusive",
        key=BY_COURSE,
        blocks="counted",
        across="recognition",
        keeps_class=None,
        at_most=1,
        others_become=None,
    )
