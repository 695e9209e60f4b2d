"""What waits for the day of enrolment: awards whose worth it tells, and those that may be twins by it."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from recognition_rules.award import Award
from recognition_rules.canonical import Json
from recognition_rules.normalisers import equivalence_key
from recognition_rules.pack import Equivalence, Pack
from recognition_rules.rules.enrolment import FACT, ways
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.pricing import Price, price
from recognition_rules.truth import Edit, Finding, Truth
from recognition_rules.units import UnitTable

_FACTS: dict[str, Json] = {"fact": FACT, "of": "learner"}
MISSING = Finding("FACT_MISSING", {"fact": FACT}, Edit("supply", _FACTS))


def worths(awards: Sequence[Award], frame: Frame, units: UnitTable) -> list[Price]:
    """What each award is worth; unknown where the terms of the day of enrolment say so and it is not known."""
    programme, situation, packs = frame.programme.id, frame.situation, ways(frame.pack)
    found = [price(award, frame.pack, programme, units, situation) for award in awards]
    return (
        [_worth(award, known, frame, units, packs) for award, known in zip(awards, found, strict=True)]
        if packs
        else found
    )


def _worth(award: Award, found: Price, frame: Frame, units: UnitTable, packs: Iterable[Pack]) -> Price:
    programme, situation = frame.programme.id, frame.situation
    others = [price(award, each, programme, units, situation) for each in packs]
    if all(_told(each) == _told(found) for each in others):
        return found
    rule = next((each.rule for each in others if each.rule is not None), None)
    high, zero = max(each.high for each in others), Fraction(0)
    return Price(zero, high, zero, Truth.UNKNOWN, MISSING, rule, None, {"fact": FACT}, "")


def _told(found: Price) -> tuple[object, ...]:
    return found.amount, found.high, found.rounded, found.truth


def await_enrolment(candidates: Sequence[Candidate], frame: Frame) -> None:
    """Holds the awards of which the day of enrolment tells whether they are twins, or stand for one another."""
    for rule in frame.pack.equivalences:
        if rule.head.waits and rule.head.concerns(frame.programme.id):
            for candidate in _compared(candidates, rule, frame):
                _hold(candidate, rule, frame)


def _hold(candidate: Candidate, rule: Equivalence, frame: Frame) -> None:
    candidate.hold(Truth.UNKNOWN, (MISSING,), rule.head.label, rule.head.id)
    step = frame.trace.add("equivalent", "unknown", award=candidate.award.id, rule=rule.head.id, inputs={"fact": FACT})
    candidate.steps.append(step)


def _compared(candidates: Sequence[Candidate], rule: Equivalence, frame: Frame) -> Iterator[Candidate]:
    """The awards that could be left out or moved; in order the first of a class never is."""
    found: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        key = equivalence_key(candidate.award, rule.key)
        if key is not None and _is_compared(candidate, rule, frame):
            found.setdefault(key, []).append(candidate)
    for members in found.values():
        used = [each for each in members if each.award.id in frame.used]
        kept = max(rule.at_most - len(used), 0) if frame.policy.items == "in-order" else 0
        others = [each for each in members if each.is_open]
        if len(members) > rule.at_most:
            yield from others[kept:]


def _is_compared(candidate: Candidate, rule: Equivalence, frame: Frame) -> bool:
    """Open awards, those with an open question, and, for twins across the learner's life, used ones."""
    if candidate.against and not (candidate.award.id in frame.used and rule.across == "learner"):
        return False
    keeps = rule.keeps_class is None or candidate.award.course_class in (rule.keeps_class, None)
    return keeps and frame.situation.truth(rule.where, candidate.award) is not Truth.NO
