"""Steps 10, 11 and 13: decisions, totals, entitlements and the status, from what the stages have written down."""

from collections.abc import Sequence

from recognition_rules.amount_text import as_fraction
from recognition_rules.programme import Requirement
from recognition_rules.recognition import Recognition, Status
from recognition_rules.request import Request
from recognition_rules.stages.attainable import attainable, barred
from recognition_rules.stages.course_results import course_results
from recognition_rules.stages.decide import decisions, totals
from recognition_rules.stages.exits import exit_results
from recognition_rules.stages.frame import Candidate, Frame
from recognition_rules.stages.goals import reached
from recognition_rules.stages.measure import measures
from recognition_rules.stages.milestones import entitlements
from recognition_rules.stages.obligate import obligations
from recognition_rules.stages.requirements import Audit, shortfall
from recognition_rules.truth import Truth


def conclude(request: Request, frame: Frame, candidates: Sequence[Candidate], audit: Audit, method: str) -> Recognition:
    """The recognition: requirements are read first, so that their steps stand in the trace."""
    truth, requirements = audit.results()
    summed = totals(candidates, frame.rounded.total if frame.rounded else None)
    opened = tuple(entitlements(request.held, frame, candidates, audit, summed["counted"]))
    exits = tuple(exit_results(request.held, frame, candidates)) if frame.pack.exits else ()
    tree = attainable(frame.version.require, frame.situation)
    missing = as_fraction(shortfall(tree, {each.id: each.lacking for each in requirements}))
    owed, sums = obligations(candidates, frame), measures(candidates, frame)
    return Recognition(
        pack=frame.pack.identity(),
        inputs=request.inputs(),
        status=_status(truth, tree, frame, granted=request.granted),
        unit=frame.pack.unit,
        totals=summed,
        requirements=requirements,
        decisions=decisions(candidates),
        entitlements=opened,
        objectives=reached(frame, candidates, missing, granted=truth is Truth.YES),
        method=method,
        steps=tuple(frame.trace.steps),
        obligations=owed,
        measures=sums,
        exits=exits,
        courses=course_results(candidates) if frame.pack.courses else (),
    )


def _status(truth: Truth, tree: Requirement, frame: Frame, *, granted: bool) -> Status:
    if truth is Truth.YES:
        return "granted"
    if granted:
        return "at_risk"
    if truth is Truth.NO and tree is not frame.version.require and barred(frame.version.require, frame.situation):
        return "refused"
    return "undetermined" if truth is Truth.UNKNOWN else "short"
