"""Step 8, best: the selection that is proven best by the policy's objectives, and why each award is in it or not.

The walk in order comes first: mostly it is the best already, and then nothing else is to be told. Otherwise what it
wrote down is taken back, the best is found, and each award is told against what is full in the end.
"""

from collections.abc import Iterable, Sequence

from recognition_rules.allocation.model import NOTHING, Method, Solution, Taking
from recognition_rules.allocation.solve import solve
from recognition_rules.amount_text import same
from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.input_errors import PolicyInvalid
from recognition_rules.policy import unknown_name
from recognition_rules.stages.before import Before
from recognition_rules.stages.choice import Walk, in_order, walk
from recognition_rules.stages.contest import limits_share_what_counts, more_is_never_worse
from recognition_rules.stages.drafts import Told
from recognition_rules.stages.equivalence import Twins
from recognition_rules.stages.exits import seat
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.limits import Limits
from recognition_rules.stages.posing import Posed, Posing, Shown
from recognition_rules.stages.requirements import Audit
from recognition_rules.stages.settling import Settling


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
    before = Before(offered, frame)
    if limits_share_what_counts(frame):
        rooms = _rooms(offered, frame, used, None)
        posed = _posed(offered, frame, rooms)
        return _chosen(posed, solve(posed.problem), before, _rooms(offered, frame, used, rooms))
    walked = walk(offered, frame, used)
    seat(offered, frame, Audit(frame, offered))
    if _all_in(offered, frame, walked):
        return walked.limits, "in-order-proved"
    shown = {each.key: Shown.of(each, walked.twins) for each in offered}
    left = before.undo()
    asked = Limits(frame) if frame.trace.telling else walked.limits  # what is first asked here is told of later
    posed = _posed(offered, frame, Walk(asked, _twins(offered, frame, used, walked)))
    solution = solve(posed.problem, posed.as_walked(shown))
    if solution.method == "in-order-proved" and not left.refuses(lambda award: bool(asked.hits(award)[1])):
        before.forget_steps()
        left.put_back()
        return walked.limits, solution.method
    return _chosen(posed, solution, before, _rooms(offered, frame, used, walked))


def _chosen(posed: Posed, solution: Solution, before: Before, rooms: Walk) -> tuple[Limits, Method]:
    """Writes down what has been found to be best; `rooms` are those in which only what was used earlier stands."""
    before.forget_steps()
    offered, frame = before.offered, before.frame
    objectives: list[Json] = [each.to_json() for each in posed.reached(solution.costs)] if frame.trace.telling else []
    frame.trace.add("choose", solution.method, inputs={"objectives": objectives})
    _settle(posed, solution.taken, offered, rooms)
    seat(offered, frame, Audit(frame, offered))
    return rooms.limits, solution.method


def _all_in(offered: Sequence[Candidate], frame: Frame, walked: Walk) -> bool:
    """Whether everything counts in full, in its own class, and more could never be worse: then nothing is better."""
    if walked.twins.came_as or any(each.against or each.unknown for each in offered):
        return False
    return all(same(each.granted, each.offered) for each in offered) and more_is_never_worse(frame)


def _twins(offered: Sequence[Candidate], frame: Frame, used: Iterable[Award], known: Walk | None) -> Twins:
    """Who holds each class before the choice."""
    twins = Twins(frame) if known is None else Twins(frame, comparing=known.twins.comparing)
    twins.enter_used(used)
    twins.reserve(offered)
    return twins


def _rooms(offered: Sequence[Candidate], frame: Frame, used: Iterable[Award], known: Walk | None) -> Walk:
    """Rooms and twins in which only what was used earlier stands. What is `known` of awards is not asked again, unless
    the trace is to tell of it."""
    if known is None or frame.trace.telling:
        return Walk(Limits(frame), _twins(offered, frame, used, None))
    known.limits.clear()
    return Walk(known.limits, _twins(offered, frame, used, known))


def _posed(offered: Sequence[Candidate], frame: Frame, rooms: Walk) -> Posed:
    """The problem of those awards that neither a twin outside the choice nor an open question keeps out of it.

    What counts only together with one that is kept out is kept out with it. Nothing of this is told: the bounds of
    limits are told by the walk, or in the end.
    """
    barred = [each for each in offered if rooms.twins.is_barred(each)] if rooms.twins.held else []
    out = {each.key for each in barred} | {each.key for each in offered if rooms.limits.hits(each.award)[1]}
    alone = {each.together for each in offered if each.key in out} - {None}
    free = [each for each in offered if each.key not in out and each.together not in alone]
    return Posing(frame, free, rooms.limits, rooms.twins).posed()


def _settle(posed: Posed, taken: Sequence[Taking], offered: Sequence[Candidate], rooms: Walk) -> None:
    selected: dict[str, Told | None] = {each.key: None for each in posed.candidates}
    selected |= posed.told_of_settled()
    for each, item, tells, taking in zip(posed.candidates, posed.problem.items, posed.told, taken, strict=False):
        if taking != NOTHING:
            chosen = next(option for option in item.options if option.taking == taking)
            selected[each.key] = tells[chosen.number]
    Settling(offered, selected, rooms).settle()
