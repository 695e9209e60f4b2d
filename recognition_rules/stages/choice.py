"""Step 8, in order: each award is offered room along the policy's order; one that finds none does not stop the walk."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter

from recognition_rules.award import Award
from recognition_rules.policy import Policy
from recognition_rules.stages.equivalence import Twins
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.limits import Limits

SortKey = tuple[date | int | str, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk in order has left behind: the room given away, and who holds each class."""

    limits: Limits
    twins: Twins


def in_order(candidates: Sequence[Candidate], policy: Policy) -> list[Candidate]:
    """The awards along the order of the policy, in which they stand already; the courses that one award stands for by
    their names."""
    if all(each.part is None for each in candidates):
        return list(candidates)
    key = order_of(policy)
    return sorted(candidates, key=lambda each: (key(each.award), each.part or ""))


def walk(offered: Sequence[Candidate], frame: Frame, used: Iterable[Award]) -> Walk:
    """Offers room to each award in turn; one that finds none does not stop the walk.

    An award whose class has a holder is refused as a duplicate before any limit is asked, so that it takes up
    nothing. The room of a group is looked up once an award has its final class.
    """
    found = Walk(Limits(frame), Twins(frame))
    found.twins.enter_used(used)
    found.twins.reserve(offered)
    for candidate in offered:
        if candidate.together is None:
            _offer(candidate, found)
        elif candidate is next(each for each in offered if each.together == candidate.together):
            _offer_together([each for each in offered if each.together == candidate.together], found)
    return found


def _offer(candidate: Candidate, found: Walk) -> None:
    if not found.twins.admit(candidate):
        return
    fits = found.limits.offer(candidate)
    if candidate.is_open:
        candidate.grant(fits)
        found.twins.counted(candidate)


def _offer_together(members: Sequence[Candidate], found: Walk) -> None:
    """Offers room to awards of which all or none count, one after the other; where one finds none all give back."""
    for member in members:
        _offer(member, found)
    refused = next((each for each in members if not each.is_open), None)
    if refused is None:
        return
    for member in reversed(members):
        if member.is_open:
            found.limits.take_back(member, member.granted)
            found.twins.take_back(member)
            share_fate(member, refused)


def share_fate(candidate: Candidate, refused: Candidate) -> None:
    """An award that counts only together with another has that one's reason, by name, for a reason."""
    candidate.grant(Fraction(0))
    reasons = refused.against or refused.unknown
    reason = replace(reasons[0], amount=Fraction(0), facts={**reasons[0].facts, "together": refused.award.id})
    (candidate.against if refused.against else candidate.unknown).append(reason)
    candidate.edits.append(None)


def order_of(policy: Policy) -> Callable[[Award], SortKey]:
    """An award's place in the walk: facts of the award, the id by code point last. Only for awards in order."""
    return _place(policy.order)


@lru_cache(maxsize=64)
def _place(order: tuple[str, ...]) -> Callable[[Award], SortKey]:
    if len(order) == 1:
        return lambda award: (award.id,)
    place: Callable[[Award], SortKey] = attrgetter(*("id" if key == "award_id" else key for key in order))
    return place
