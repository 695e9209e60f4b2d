"""Steps 10, 11 and 13: decisions, totals, entitlements and the status, from what the stages have written down."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from recognition_rules.amount_text import total
from recognition_rules.decision import Decision, DecisionStatus, Reason
from recognition_rules.programme import leaves
from recognition_rules.recognition import Recognition, RequirementResult, Status
from recognition_rules.request import Request
from recognition_rules.stages.exits import exit_results
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.measure import measures
from recognition_rules.stages.milestones import entitlements
from recognition_rules.stages.obligate import obligations
from recognition_rules.stages.requirements import Audit, shortfall
from recognition_rules.truth import Truth


def conclude(request: Request, frame: Frame, candidates: Sequence[Candidate], audit: Audit, method: str) -> Recognition:
    """The recognition: requirements are read first, so that their steps stand in the trace."""
    truth, requirements = audit.results()
    decisions = tuple(map(_decision, candidates))
    totals = _totals(decisions)
    opened = tuple(entitlements(request.held, frame, candidates, audit, totals["counted"]))
    exits = tuple(exit_results(request.held, frame, candidates)) if frame.pack.exits else ()
    missing = shortfall(frame.version.require, {each.id: each.shortfall for each in requirements})
    owed, sums = obligations(candidates, frame), measures(candidates, frame)
    values = {"shortfall": missing, "counted": totals["counted"]}
    return Recognition(
        pack=frame.pack.identity(),
        inputs=request.inputs(),
        status=_status(truth, requirements, frame, granted=request.granted),
        unit=frame.pack.unit,
        totals=totals,
        requirements=requirements,
        decisions=decisions,
        entitlements=opened,
        objectives=tuple((name, values[name]) for name in request.policy.objectives if name in values),
        method=method,
        steps=tuple(frame.trace.steps),
        obligations=owed,
        measures=sums,
        exits=exits,
    )


def _decision(candidate: Candidate) -> Decision:
    amount = candidate.price.amount
    reasons = _reasons(candidate)
    return Decision(
        award=candidate.award.id,
        status=_decision_status(candidate),
        source_amount=candidate.award.amount,
        amount=amount,
        counted=candidate.counted,
        conditional=candidate.conditional,
        slot=candidate.slot,
        course_class=candidate.award.course_class,
        reasons=reasons,
        counterfactual=candidate.proposal,
        steps=tuple(candidate.steps),
        repairs=tuple(edit for edit in candidate.edits if edit is not None),
    )


def _decision_status(candidate: Candidate) -> DecisionStatus:
    if candidate.against:
        return "not_counted"
    if candidate.unknown:
        return "undetermined"
    return "counted" if candidate.counted == candidate.price.amount else "partly"


def _reasons(candidate: Candidate) -> tuple[Reason, ...]:
    """The first reason of an award that does not count carries what no other reason carries."""
    if candidate.is_open:
        return (*candidate.charged, *candidate.notes)
    first, *others = (*candidate.against, *candidate.unknown)
    carried = total(reason.amount for reason in others)
    return (replace(first, amount=candidate.price.amount - carried if carried else candidate.price.amount), *others)


def _totals(decisions: Sequence[Decision]) -> dict[str, Fraction]:
    submitted, counted = total(each.amount for each in decisions), total(each.counted for each in decisions)
    conditional = total(each.conditional for each in decisions)
    undetermined = total(each.amount for each in decisions if each.status == "undetermined")
    return {
        "submitted": submitted,
        "counted": counted,
        "conditional": conditional,
        "not_counted": submitted - counted - conditional - undetermined,
        "undetermined": undetermined,
    }


def _status(truth: Truth, requirements: tuple[RequirementResult, ...], frame: Frame, *, granted: bool) -> Status:
    if truth is Truth.YES:
        return "granted"
    if granted:
        return "at_risk"
    barred = {leaf.id for leaf in leaves(frame.version.require) if leaf.learner is not None}
    if truth is Truth.NO and any(each.id in barred and each.satisfied == "no" for each in requirements):
        return "refused"
    return "undetermined" if truth is Truth.UNKNOWN else "short"
