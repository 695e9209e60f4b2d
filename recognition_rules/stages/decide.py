"""Step 13: what became of each award, put together from its parts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from recognition_rules.amount_text import as_fraction, same, total, whole
from recognition_rules.decision import Decision, DecisionStatus, Part, Reason
from recognition_rules.stages.course_parts import SURPLUS
from recognition_rules.stages.frame import Candidate


def decisions(candidates: Sequence[Candidate]) -> tuple[Decision, ...]:
    """One decision for each award, in the order in which they were offered room."""
    if all(each.part is None for each in candidates):
        return tuple(map(_whole, candidates))
    grouped: dict[str, list[Candidate]] = {}
    for each in candidates:
        grouped.setdefault(each.award.id, []).append(each)
    return tuple(_decision(parts) for parts in grouped.values())


def status_of(candidate: Candidate) -> DecisionStatus:
    """What became of one candidate."""
    if candidate.against:
        return "not_counted"
    if candidate.unknown:
        return "undetermined"
    if candidate.kind is not None and candidate.kind.waives:
        return "waived"
    if candidate.on_condition:
        return "conditional"
    if candidate.counted is candidate.price.amount or same(candidate.counted, candidate.price.amount):
        return "counted"
    return "partly" if candidate.counted else "not_counted"


def reasons_of(candidate: Candidate) -> tuple[Reason, ...]:
    """The first reason of an award that does not count carries what no other reason carries."""
    if not candidate.against and not candidate.unknown:
        return (*candidate.charged, *candidate.notes) if candidate.charged or candidate.notes else ()
    first, *others = (*candidate.against, *candidate.unknown)
    carried = total(reason.amount for reason in others)
    return (replace(first, amount=candidate.price.amount - carried if carried else candidate.price.amount), *others)


def _whole(candidate: Candidate) -> Decision:
    """The decision about an award that is one candidate."""
    award, price = candidate.award, candidate.price
    return Decision(
        award.id,
        status_of(candidate),
        award.amount,
        price.amount,
        candidate.counted,
        candidate.conditional,
        candidate.slot,
        award.course_class,
        reasons_of(candidate),
        candidate.proposal,
        tuple(candidate.steps),
        candidate.outcome,
        tuple([edit for edit in candidate.edits if edit is not None]) if candidate.edits else (),
    )


def _decision(parts: Sequence[Candidate]) -> Decision:
    first = parts[0]
    several = len(parts) > 1
    slots, classes = {each.slot for each in parts}, {each.award.course_class for each in parts}
    steps = sorted({step for each in parts for step in each.steps}) if several else first.steps
    return Decision(
        award=first.award.id,
        status=_status(parts),
        source_amount=first.award.amount,
        amount=total(each.price.amount for each in parts) if several else first.price.amount,
        counted=total(each.counted for each in parts) if several else first.counted,
        conditional=total(each.conditional for each in parts) if several else first.conditional,
        slot=first.slot if len(slots) == 1 else None,
        course_class=first.award.course_class if len(classes) == 1 else None,
        reasons=tuple(_reasons(parts)),
        counterfactual=next((each.proposal for each in parts if each.proposal is not None), None),
        steps=tuple(steps),
        outcome=first.outcome,
        repairs=tuple(edit for each in parts for edit in each.edits if edit is not None),
        parts=tuple(map(_part, parts)) if first.part is not None else (),
    )


def _status(parts: Sequence[Candidate]) -> DecisionStatus:
    """What the parts have in common; of several that differ, what is best of it."""
    found = {status_of(each) for each in parts}
    if len(found) == 1:
        return found.pop()
    if "counted" in found or "partly" in found:
        return "partly"
    best: tuple[DecisionStatus, ...] = ("conditional", "waived", "undetermined")
    return next(each for each in best if each in found)


def _reasons(parts: Sequence[Candidate]) -> Iterator[Reason]:
    """Every part's reasons; of several parts each names its course."""
    for each in parts:
        for reason in reasons_of(each):
            if len(parts) == 1:
                yield reason
            else:
                yield replace(reason, facts={**reason.facts, "course": _course(each)})


def _course(candidate: Candidate) -> str | None:
    return None if candidate.part == SURPLUS else candidate.part


def _part(candidate: Candidate) -> Part:
    return Part(
        course=_course(candidate),
        status=status_of(candidate),
        amount=candidate.price.amount,
        counted=candidate.counted,
        conditional=candidate.conditional,
        slot=candidate.slot,
        course_class=candidate.award.course_class,
        outcome=candidate.outcome,
    )


def totals(candidates: Sequence[Candidate], rounded: Fraction | None) -> dict[str, Fraction]:
    """What was submitted and what became of it; `rounded` is what the counted credits come to where a pack rounds.

    submitted = counted + conditional + not_counted + undetermined, and rounded_away where there is such a rule.
    """
    submitted = total([each.price.amount for each in candidates])
    counted = as_fraction(sum([each.size for each in candidates]))
    conditional = total([each.conditional for each in candidates if each.on_condition])
    undetermined = total([each.price.amount for each in candidates if each.unknown and not each.against])
    found = {
        "submitted": submitted,
        "counted": counted if rounded is None else rounded,
        "conditional": conditional,
        "not_counted": as_fraction(whole(submitted) - whole(counted) - whole(conditional) - whole(undetermined)),
        "undetermined": undetermined,
    }
    return found if rounded is None else {**found, "rounded_away": counted - rounded}
