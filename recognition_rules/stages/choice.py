"""Step 8, in order: each eligible award is offered room; one that finds none does not stop the walk."""

from collections.abc import Iterable, Sequence
from datetime import date

from recognition_rules.award import Award
from recognition_rules.policy import Policy
from recognition_rules.stages.equivalence import Twins
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.limits import Limits

SortKey = tuple[date | int | str, ...]


def choose(candidates: Sequence[Candidate], frame: Frame, used: Iterable[Award]) -> Limits:
    """Walks the eligible awards along the policy's order; answers the limits with the room given away.

    An award whose class has a holder is refused as a duplicate before any limit is asked, so that it takes up
    nothing. The room of a group is looked up once an award has its final class.
    """
    twins, limits = Twins(frame), Limits(frame)
    twins.enter_used(used)
    for candidate in sorted(candidates, key=lambda each: order_key(each.award, frame.policy)):
        if not twins.refuse_duplicate(candidate):
            _offer(candidate, twins, limits)
    return limits


def _offer(candidate: Candidate, twins: Twins, limits: Limits) -> None:
    twins.move_substitute(candidate)
    fits = limits.offer(candidate)
    if candidate.is_open:
        candidate.counted = fits
        twins.counted(candidate)


def order_key(award: Award, policy: Policy) -> SortKey:
    """The award's place in the walk: facts of the award, the id by code point last. Only for awards in order."""
    return tuple(award.id if key == "award_id" else getattr(award, key) for key in policy.order)
