"""After the choice: which requirements hold however the open questions are settled, and which do not.

An award with an open question takes no room. Were it to count, another might find none, so what is met without it may
not be, and what is short may be met. Where a few such awards compete with others, every way of answering is tried by
an ordinary run; where there are more, or an answer has no form to try, the awards in doubt are read as ones that may
still count. A requirement keeps its answer where all agree; otherwise it is undetermined and names what is missing.
The decisions about awards stay those of the walk.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from recognition_rules.amount_text import total
from recognition_rules.award import Award
from recognition_rules.input_errors import OptimumNotProven
from recognition_rules.policy import Policy
from recognition_rules.programme import Leaf, Requirement, slots
from recognition_rules.stages.bounds import Unsettled
from recognition_rules.stages.exits import exit_results, seat
from recognition_rules.stages.frame import Candidate, Doubt, Frame, Trace
from recognition_rules.stages.in_doubt import doubted_copies, in_doubt
from recognition_rules.stages.leaf_readings import LeafReader, Reading
from recognition_rules.stages.milestones import entitlements
from recognition_rules.stages.needs import Needed, needed
from recognition_rules.stages.requirements import Audit
from recognition_rules.stages.rounding import round_buckets
from recognition_rules.stages.shapes import is_pending, loses_its_class
from recognition_rules.stages.stakes import Stakes
from recognition_rules.stages.worlds import Chosen, Settled
from recognition_rules.truth import Truth

FEW = 3
"""Awards whose questions are answered one by one: at most 2³ ways."""

Heard = Mapping[int, Truth]
Again = Callable[[Settled], Chosen]


@dataclass(frozen=True, slots=True)
class _World:
    """One way of answering, and what every requirement and milestone is read as then."""

    settled: Settled
    heard: Heard


def doubts(chosen: Chosen, again: Again) -> Mapping[int, Doubt]:
    """By the identity of each requirement and milestone, what open questions leave of it where that is not its
    ordinary reading."""
    stakes = Stakes(chosen)
    contested = stakes.contested()
    if not contested:
        return {}
    now = _plainly(chosen)
    if _is_settled(chosen, stakes, now):
        return {}
    few = len({each.award.id for each in contested if _ways(each, chosen, stakes)}) <= FEW
    worlds = list(_answered(chosen, stakes, contested, again, FEW if few else 0))
    found = {node: _common([world.heard[node] for world in worlds]) for node in now}
    return {
        node: Doubt(truth, _named(node, truth, worlds, contested))
        for node, truth in found.items()
        if truth is not now[node]
    }


def _is_settled(chosen: Chosen, stakes: Stakes, now: Heard) -> bool:
    """Whether what is decided would be, whichever of the awards in doubt counted, and no award could tell the rest.

    Where awards stand for courses another answer may change what they are worth, so every one is tried.
    """
    if chosen.frame.pack.courses:
        return False
    decided = {node for node, truth in now.items() if truth is not Truth.UNKNOWN}
    without = _read(chosen.frame, [replace(each) for each in chosen.candidates if not is_pending(each)])
    if any(without[node] is not Truth.UNKNOWN for node in now.keys() - decided):
        return False
    doubted = _cautiously(chosen, stakes)
    return all(doubted[node] is now[node] for node in decided)


def _answered(
    chosen: Chosen, stakes: Stakes, contested: Sequence[Candidate], again: Again, left: int
) -> Iterator[_World]:
    """Every way of answering the questions about the contested awards, one award after the other."""
    ways = next(filter(None, (_ways(each, chosen, stakes) for each in contested)), None) if left else None
    worlds = None if ways is None else _run(ways, again)
    if worlds is None:
        yield _World(chosen.settled, _cautiously(chosen, stakes) if contested else _plainly(chosen))
        return
    for world in worlds:
        further = Stakes(world)
        yield from _answered(world, further, further.contested(), again, left - 1)


def _run(ways: Sequence[Settled], again: Again) -> list[Chosen] | None:
    """The choice under each answer; None where the best cannot be proven under one of them."""
    try:
        return [again(each) for each in ways]
    except OptimumNotProven:
        return None


def _ways(candidate: Candidate, chosen: Chosen, stakes: Stakes) -> tuple[Settled, ...]:
    """The answers that can be tried for an award: it counts or not, a limit contains it or not; none where its amount,
    its place or its class is open."""
    award, settled = candidate.award, chosen.settled
    if not _has_form(candidate, chosen):
        return ()
    if award.id in chosen.waiting and award.id not in settled.counting:
        return tuple(settled.with_award(award.id, counts=counts) for counts in (True, False))
    single = sum(each.award.id == award.id for each in chosen.candidates) == 1
    for limit, _ in stakes.limits.hits(award)[1]:
        if single and not isinstance(stakes.limits.bounds.place(limit, award), Unsettled):
            return tuple(settled.with_limit(award.id, limit.head.id, contains=each) for each in (True, False))
    return ()


def _has_form(candidate: Candidate, chosen: Chosen) -> bool:
    """Whether it is known what the award would be, did it count."""
    if loses_its_class(candidate, chosen.frame) or not _is_placed(candidate.award, chosen.frame.policy):
        return False
    return all(reason.facts.get("fact") != "programme_of_use" for reason in candidate.unknown)


def _is_placed(award: Award, policy: Policy) -> bool:
    return all(key == "award_id" or getattr(award, key) is not None for key in policy.order)


def _plainly(chosen: Chosen) -> Heard:
    return _read(chosen.frame, [replace(each) for each in chosen.candidates])


def _cautiously(chosen: Chosen, stakes: Stakes) -> Heard:
    """Read with every award in doubt as one that may still count."""
    return _read(chosen.frame, doubted_copies(chosen, in_doubt(stakes)), cautious=True)


def _read(frame: Frame, candidates: Sequence[Candidate], *, cautious: bool = False) -> Heard:
    """What every requirement, exit award and milestone is read as; nothing is written down."""
    seen = replace(frame, trace=Trace(telling=False), doubts={}, heard={})
    audit = Cautious(seen, candidates) if cautious else Audit(seen, candidates)
    if cautious:
        seat(candidates, seen, audit)
        seen.rounded = round_buckets(candidates, seen)
    audit.results()
    counted = total(each.counted for each in candidates) if seen.rounded is None else seen.rounded.total
    list(entitlements((), seen, candidates, audit, counted))
    list(exit_results((), seen, candidates))
    assert seen.heard is not None
    return seen.heard


class Cautious(Audit):
    """Reads slots for awards of which some may still count, so that others may sit elsewhere then."""

    def _amount(self, reader: LeafReader, leaf: Leaf, need: Needed) -> Reading:
        found = super()._amount(reader, leaf, need)
        if leaf.kind != "slot" or found.truth is Truth.UNKNOWN:
            return found
        stays = (
            self._stays_met(reader, leaf, need) if found.truth is Truth.YES else self._stays_short(reader, leaf, need)
        )
        return found if stays else replace(found, truth=Truth.UNKNOWN)

    def _stays_short(self, reader: LeafReader, leaf: Leaf, need: Needed) -> bool:
        """Whether the slot would be short, did everybody sit in it that may."""
        if any(each.surplus_to == leaf.id for each in self._slots()):
            return False
        may_sit = (each for each in self.candidates if self._may_sit(each, leaf) and (each.counted or each.unknown))
        return total(_brings(each, leaf, reader) for each in may_sit) < need.least

    def _stays_met(self, reader: LeafReader, leaf: Leaf, need: Needed) -> bool:
        """Whether the slot is filled by awards that can sit nowhere else, or nothing at all is short."""
        alone = (each for each in self.candidates if each.slot == leaf.id and self._sits_only_there(each))
        if total(_brings(each, leaf, reader) for each in alone) >= need.most:
            return True
        return not _has_choice(self.frame.version.require) and all(
            super(Cautious, self)._amount(reader, each, needed(each, self.frame, self.candidates)).truth is Truth.YES
            for each in self._slots()
        )

    def _sits_only_there(self, candidate: Candidate) -> bool:
        return sum(self._may_sit(candidate, each) for each in self._slots() if not each.rest) == 1

    def _may_sit(self, candidate: Candidate, leaf: Leaf) -> bool:
        return self.frame.situation.truth(leaf.where, candidate.award) is not Truth.NO

    def _slots(self) -> Sequence[Leaf]:
        return slots(self.frame.version.require)


def _brings(candidate: Candidate, leaf: Leaf, reader: LeafReader) -> Fraction:
    if not candidate.counted:
        return reader.brings(candidate, leaf)
    return candidate.counted if leaf.measure == "credits" else Fraction(1)


def _has_choice(requirement: Requirement) -> bool:
    """Whether some group need not have all of its parts."""
    if isinstance(requirement, Leaf):
        return False
    return requirement.at_least < len(requirement.parts) or any(map(_has_choice, requirement.parts))


def _common(truths: Sequence[Truth]) -> Truth:
    """What all agree on."""
    return truths[0] if len(set(truths)) == 1 else Truth.UNKNOWN


def _named(
    node: int, truth: Truth, worlds: Sequence[_World], contested: Sequence[Candidate]
) -> Mapping[str, Sequence[str]]:
    """The awards whose answers decide, each with what is missing; all that compete where none does alone."""
    if truth is not Truth.UNKNOWN:
        return {}
    deciding = [each for each in contested if _decides(each.award.id, node, worlds)]
    return {each.award.id: _missing(each) for each in deciding or contested}


def _decides(award: str, node: int, worlds: Sequence[_World]) -> bool:
    """Whether the node is read otherwise under one answer about the award than under another."""
    found: dict[object, set[Truth]] = {}
    for world in worlds:
        found.setdefault(world.settled.about(award), set()).add(world.heard[node])
    return len(set(map(frozenset, found.values()))) > 1


def _missing(candidate: Candidate) -> tuple[str, ...]:
    """The facts and questions that are open, or the reason's code where it names none."""
    named = (each.facts.get("fact") or each.facts.get("question") or each.code for each in candidate.unknown)
    return tuple(dict.fromkeys(map(str, named)))
