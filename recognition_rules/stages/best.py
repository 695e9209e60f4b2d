"""Step 8, best: the selection that is proven best by the policy's objectives, and why each award is in it or not.

The walk in order comes first: mostly it is the best already, and then nothing else is to be told. Otherwise what it
wrote down is taken back, the best is found, and each award is told against what is full in the end.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from recognition_rules.allocation.model import NOTHING, Method, Taking
from recognition_rules.allocation.solve import solve
from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.input_errors import PolicyInvalid
from recognition_rules.policy import unknown_name
from recognition_rules.programme import leaves
from recognition_rules.stages.choice import Walk, in_order, walk
from recognition_rules.stages.drafts import Told
from recognition_rules.stages.equivalence import Twins
from recognition_rules.stages.exits import seat
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.limits import Limits
from recognition_rules.stages.posing import Posed, Posing, Shown
from recognition_rules.stages.requirements import Audit
from recognition_rules.stages.settling import Settling

_MORE_IS_BETTER = frozenset({"granted", "shortfall", "counted"})


def choose(candidates: Sequence[Candidate], frame: Frame, used: Sequence[Award]) -> tuple[Limits, Method | None]:
    """Chooses among the open awards as the policy says; answers the limits with the room given away, and the proof
    where the choice is proven best. Those that count best already sit in their slots."""
    offered = in_order(candidates, frame.policy)
    if frame.policy.items == "in-order":
        return walk(offered, frame, used).limits, None
    return choose_best(offered, frame, used)


def choose_best(offered: Sequence[Candidate], frame: Frame, used: Sequence[Award]) -> tuple[Limits, Method]:
    """Writes the best selection into the candidates, which stand in order; answers the room given away and the proof.

    Raises `OptimumNotProven`, and `PolicyInvalid` where an objective names what the pack does not have.
    """
    unknown = unknown_name(frame.policy, {*frame.pack.classes, *frame.pack.sets})
    if unknown is not None:
        raise PolicyInvalid(problem=f"there is no class and no set '{unknown}' to count")
    before = _Before(offered, frame)
    walked = None if _limits_share_what_counts(frame) else walk(offered, frame, used)
    if walked is not None:
        seat(offered, frame, Audit(frame, offered))
        if _all_in(offered, frame, walked):
            return walked.limits, "in-order-proved"
    shown = None if walked is None else {each.key: Shown.of(each, walked.twins) for each in offered}
    before.undo()
    rooms = _rooms(offered, frame, used, walked)
    posed = _posed(offered, frame, rooms)
    solution = solve(posed.problem, None if shown is None else posed.as_walked(shown))
    before.undo()
    if shown is not None and solution.method == "in-order-proved":
        return _walked_again(offered, frame, used), solution.method
    objectives: list[Json] = [each.to_json() for each in posed.reached(solution.costs)] if frame.trace.telling else []
    frame.trace.add("choose", solution.method, inputs={"objectives": objectives})
    found = _rooms(offered, frame, used, rooms)
    _settle(posed, solution.taken, offered, found)
    seat(offered, frame, Audit(frame, offered))
    return found.limits, solution.method


def _walked_again(offered: Sequence[Candidate], frame: Frame, used: Iterable[Award]) -> Limits:
    """The walk in order, which turned out to be best."""
    found = walk(offered, frame, used)
    seat(offered, frame, Audit(frame, offered))
    return found.limits


def _limits_share_what_counts(frame: Frame) -> bool:
    """Whether the room of a limit is known only when all is chosen, so that nobody can walk in order."""
    programme = frame.programme.id
    return any(each.bound.share_of == "counted" and each.head.concerns(programme) for each in frame.pack.limits)


def _all_in(offered: Sequence[Candidate], frame: Frame, walked: Walk) -> bool:
    """Whether everything counts in full, in its own class, and more could never be worse: then nothing is better."""
    if walked.twins.came_as or not {kind for kind, _ in frame.policy.goals()} <= _MORE_IS_BETTER:
        return False
    if any(not each.is_open or each.granted != each.offered for each in offered):
        return False
    return all(leaf.need.share_of != "counted" for leaf in leaves(frame.version.require))


class _Before:
    """The open awards as they were before the walk, which writes into them."""

    def __init__(self, offered: Sequence[Candidate], frame: Frame) -> None:
        self._offered, self._trace = offered, frame.trace
        self._steps = len(frame.trace.steps)
        self._marks = [
            (each.award, len(each.charged), len(each.notes), len(each.edits), len(each.steps)) for each in offered
        ]

    def undo(self) -> None:
        """Takes back what has been written into them and into the trace."""
        del self._trace.steps[self._steps :]
        for each, (award, charged, notes, edits, steps) in zip(self._offered, self._marks, strict=True):
            each.award, each.slot = award, None
            each.grant(_ZERO)
            each.against.clear()
            each.unknown.clear()
            for told, length in ((each.charged, charged), (each.notes, notes), (each.steps, steps)):
                del told[length:]
            del each.edits[edits:]


_ZERO = Fraction(0)


def _rooms(offered: Sequence[Candidate], frame: Frame, used: Iterable[Award], known: Walk | None) -> Walk:
    """Rooms and twins in which only what was used earlier stands. What is `known` of awards is not asked again, unless
    the trace is to tell of it."""
    if known is None or frame.trace.telling:
        found = Walk(Limits(frame), Twins(frame))
    else:
        known.limits.clear()
        found = Walk(known.limits, Twins(frame, comparing=known.twins.comparing))
    found.twins.enter_used(used)
    found.twins.reserve(offered)
    return found


def _posed(offered: Sequence[Candidate], frame: Frame, rooms: Walk) -> Posed:
    """The problem of those awards that neither a twin outside the choice nor an open question keeps out of it.

    What counts only together with one that is kept out is kept out with it. Nothing of this is told: the bounds of
    limits are told by the walk, or in the end.
    """
    out = {each.key for each in offered if rooms.twins.is_barred(each) or rooms.limits.hits(each.award)[1]}
    alone = {each.together for each in offered if each.key in out} - {None}
    free = [each for each in offered if each.key not in out and each.together not in alone]
    return Posing(frame, free, rooms.limits, rooms.twins).posed()


def _settle(posed: Posed, taken: Sequence[Taking], offered: Sequence[Candidate], rooms: Walk) -> None:
    selected: dict[str, Told | None] = {each.key: None for each in posed.candidates}
    for each, item, tells, taking in zip(posed.candidates, posed.problem.items, posed.told, taken, strict=False):
        if taking != NOTHING:
            chosen = next(option for option in item.options if option.taking == taking)
            selected[each.key] = tells[chosen.number]
    Settling(offered, selected, rooms).settle()
